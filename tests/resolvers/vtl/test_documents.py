"""A value that is built at once is the one that rendering and reading would give."""

import copy
import json
import random
from typing import Any

import pytest

from appsync_resolvers import Context, EarlyReturn, EvaluationError, Interrupted
from appsync_resolvers.vtl import TemplateHandler, compile_template

pytestmark = pytest.mark.ours("a shortcut must not be seen from outside")

Outcome = tuple[str, Any]

VALUES: list[Any] = [
    *("x", 'a"b', "c\\d", "n\n", "", "5", "true", '{"a":1}', "[1,2]", '1, "b": 2'),
    *("é😀", "null", " ", '{"a":1,"a":2}', None, 5, -3, 2.5, 1e20, True, False),
    *([], {}, [1, "q"], {"k": "v"}, {"k": [{"z": None}]}),
]
REFERENCES = (
    *("$ctx.args.a", "$!ctx.args.b", "${ctx.args.c}", "$x", "$nope", "$!nope"),
    *("$util.toJson($ctx.args.a)", "$util.toJson($ctx.args.b)", "$util.toJson($x)"),
    *("$ctx.args.a.k", "$util.defaultIfNull($ctx.args.a, 5)", "$util.time.nowISO8601"),
    *("$util.toJson($util.parseJson($ctx.args.a))", "$ctx.args.l[0]"),
)
SPACES = ("", " ", "\n  ", "\n#set($x = $ctx.args.b)\n", "#set($x = 1)", "## note\n")
SOURCES = ("[1..3]", "$ctx.args.l", "$ctx.args.a", "['p','q']", "$ctx.args.entrySet()")
ITEMS = ("$i", '"n-$i"', "$util.toJson($i)", '{"i":$i,"c":"$foreach.count"}')
CONDITIONS = ("$ctx.args.a", "$x", "$ctx.args.b == 5", "true", "!$ctx.args.a")
BEGINNINGS = (
    "",
    "#set($m = {})\n",
    "#set($m = {})#set($x = $ctx.args.a)\n",
    "#if($ctx.args.a)#set($x = 'yes')#end\n",
    "#if($ctx.args.b == 5)$util.error('five')#end\n",
    "#if($ctx.args.c == 5)#return({'early': $ctx.args.a})#end\n",
)


class Templates:
    """Makes templates by chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def _choose(self, *choices: str) -> str:
        return self._chance.choice(choices)

    def _space(self) -> str:
        return self._choose(*SPACES) if self._chance.random() < 0.5 else ""

    def _reference(self) -> str:
        return self._choose(*REFERENCES)

    def make(self) -> str:
        """Make a template."""
        end = self._choose("", "\n", " x") if self._chance.random() < 0.1 else "\n"
        return self._choose(*BEGINNINGS) + self._value(0) + end

    def _value(self, depth: int) -> str:
        kinds = [self._literal, self._text, self._reference, self._reference]
        if depth < 4:
            kinds += [self._number, *[lambda: self._map(depth)] * 3]
            kinds += [lambda: self._list(depth), lambda: self._loop(depth)]
            kinds += [lambda: self._choice(depth)]
        return self._chance.choice(kinds)()

    def _literal(self) -> str:
        return self._choose("1", "-2.5", "true", "false", "null", '"s"', '"a\\nb"')

    def _text(self) -> str:
        before = self._choose("", "pre ", 'a\\"b ', "\\u00e9")
        after = self._choose("", " post", self._reference())
        return f'"{before}{self._reference()}{after}"'

    def _number(self) -> str:
        return "${ctx.args.n}" + self._choose(".25", "0", "e2")

    def _map(self, depth: int) -> str:
        members = []
        for _ in range(self._chance.randrange(4)):
            key = self._choose("a", "b", "c", "d", "e", self._reference())
            colon = self._choose(":", " : ")
            value = self._value(depth + 1)
            space = self._space
            members.append(f'{space()}"{key}"{colon}{space()}{value}{space()}')
        comma = self._choose("", "", " ", ",") if members else ""
        return "{" + ",".join(members) + comma + self._space() + "}"

    def _list(self, depth: int) -> str:
        items = [
            self._space() + self._value(depth + 1) + self._space()
            for _ in range(self._chance.randrange(3))
        ]
        return f"[{','.join(items)}]"

    def _loop(self, depth: int) -> str:
        item = self._choose(self._value(depth + 1), *ITEMS)
        comma = self._choose(
            "#if($foreach.hasNext),#end", "#if($foreach.hasNext),#end", ""
        )
        head = f"#foreach($i in {self._choose(*SOURCES)})"
        return f"[{self._space()}{head}{self._space()}{item}{comma}#end{self._space()}]"

    def _choice(self, depth: int) -> str:
        head = f"#if({self._choose(*CONDITIONS)})"
        first, second = self._value(depth + 1), self._value(depth + 1)
        return f"{head}{self._space()}{first}#else {second}{self._space()}#end"

    def arguments(self) -> dict[str, Any]:
        """Make arguments."""
        args = {name: self._chance.choice(VALUES) for name in "abc"}
        args["n"] = self._chance.choice([1, 5, 0, 12])
        args["l"] = self._chance.choice([[1, 2], ["a"], [None], [{"z": 1}], []])
        return copy.deepcopy(args)


def _evaluate(handler: TemplateHandler, context: Context) -> Any:
    try:
        return handler(context)
    except Interrupted:  # on a busy machine
        return handler.patiently(context)


def _outcome(handler: TemplateHandler, args: dict[str, Any]) -> Outcome:
    context = Context(copy.deepcopy(args))
    try:
        value = json.dumps(_evaluate(handler, context))
    except EvaluationError as error:
        return "error", (error.message, error.error_type)
    except EarlyReturn as early:
        value = json.dumps(early.value)
    return value, context.arguments


@pytest.mark.parametrize("part", range(8))
def test_a_built_value_is_the_rendered_and_read_one(part: int) -> None:
    built = 0
    for seed in range(part * 100, part * 100 + 100):
        templates = Templates(seed)
        text = templates.make()
        handler, rendering = compile_template(text), compile_template(text)
        rendering._build = None
        built += handler._build is not None
        for _ in range(3):
            args = templates.arguments()
            expected = _outcome(rendering, args)
            assert (text, args, _outcome(handler, args)) == (text, args, expected)
    assert built > 50


@pytest.mark.parametrize(
    ("template", "args"),
    [
        ('{"a": $ctx.args.a}', {"a": '1, "b": 2'}),
        ('{"a": $ctx.args.a}', {"a": "{}}"}),
        ('{"$ctx.args.a": 1, "x": 2}', {"a": "x"}),
        ('{"$ctx.args.a": 1, "x": 2}', {"a": 'y": 1, "z'}),
        ('{"a": "$ctx.args.a"}', {"a": 'x", "b": "y'}),
        ('{"a": "$ctx.args.a"}', {"a": "line\nbreak"}),
        ('{"a": "$ctx.args.a"}', {"a": "\\u0041"}),
        ('{"a": "\\u00$ctx.args.a"}', {"a": "41"}),
        ("$ctx.args.a", {"a": '{"x": 1}'}),
        ("[$ctx.args.a]", {"a": "1,2"}),
        ("-$ctx.args.a", {"a": 5}),
        ("${ctx.args.a}1", {"a": 0}),
        ("${ctx.args.a}.5", {"a": 3}),
        ('{"a": $util.toJson($ctx.args.a)}', {"a": {"x": [1, None]}}),
        ('{"a": $ctx.args.a}', {"a": [1, 2]}),
        ('{"a": $ctx.args.a}', {"a": ["x"]}),
        ("[#foreach($i in $ctx.args.a)$i,#end]", {"a": [1, 2]}),
        ("[#foreach($i in $ctx.args.a)$i#if($foreach.hasNext),#end#end]", {"a": "no"}),
        ('{#foreach($i in $ctx.args.a)"$i": 1,#end}', {"a": ["x", "y"]}),
        ('{#foreach($i in $ctx.args.a)"$i": 1,#end}', {"a": ["x", "x"]}),
        ('{"a": 1, $util.toJson($ctx.args.a): 2}', {"a": "b"}),
        ('{"a": #if($ctx.args.a)1#end}', {"a": True}),
        ('{"a": #if($ctx.args.a)1#end}', {"a": False}),
        ('{#if($ctx.args.a)"a": 1,#end "b": 2}', {"a": True}),
        ('{#if($ctx.args.a)"a": 1,#end "b": 2}', {"a": False}),
        ('{"a": 1 #if($ctx.args.a), "b": 2#end}', {"a": True}),
        ('{"a": 1 #if($ctx.args.a), "a": 2#end}', {"a": True}),
        ('{"a": 1} #if($ctx.args.a) x #end', {"a": True}),
        ('{"a": 1} #if($ctx.args.a) x #end', {"a": False}),
        ("#if($ctx.args.a){}#{else}[]#end", {"a": False}),
    ],
)
def test_holes_may_hold_anything(template: str, args: dict[str, Any]) -> None:
    handler, rendering = compile_template(template), compile_template(template)
    rendering._build = None
    assert _outcome(handler, args) == _outcome(rendering, args)


def test_what_a_document_did_is_undone_before_it_is_rendered_instead() -> None:
    template = (
        '#set($n = 0){"l": [#foreach($i in [1, 2])$util.qr($ctx.args.l.add($i))'
        '$util.appendError("once")$ctx.args.a#if($foreach.hasNext),#end#end]}'
    )
    context = Context({"l": [], "a": "1, 2"})
    assert compile_template(template)(context) == {"l": [1, 2, 1, 2]}
    assert context.arguments["l"] == [1, 2]
    assert len(context.effect().errors) == 2
