"""Java's values where they meet JSON: how they are written, copied and kept."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from appsync_resolvers import Context, EarlyReturn, EvaluationError
from appsync_resolvers.vtl import compile_template, render
from appsync_resolvers.vtl.json_write import plain, plain_tree, to_exact_json, to_json
from appsync_resolvers.vtl.values.objects import Array, Char, KeySet, View

pytestmark = pytest.mark.aws_doc("Jackson's and Java's documentation")

Evaluate = Callable[..., Any]

JAVA = "#set($s = 'text')#set($huge = 99999999999999999999)#set($m = {'a': 1, 'b': 2})"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("$s.charAt(0)", '"t"'),
        ("$s.split('')", '["t","e","x","t"]'),
        ("$s.getBytes()", '"dGV4dA=="'),
        ("$s.toCharArray()", '"text"'),
        ("$m.keySet()", '["a","b"]'),
        ("$m.values()", "[1,2]"),
        ("$m.entrySet()", '[{"a":1},{"b":2}]'),
        ("$m.entrySet().iterator().next()", '{"a":1}'),
        ("{1: 2, 2.5: {true: [$s.charAt(0)]}}", '{"1":2,"2.5":{"true":["t"]}}'),
        ("$huge", "99999999999999999999"),
        ("$huge.class", '"java.math.BigInteger"'),
        ("$util", "{}"),
        ("$m.nope", "null"),
    ],
)
def test_values_are_written_as_json(
    show: Evaluate, evaluate: Evaluate, value: str, text: str
) -> None:
    template = f"{JAVA}#set($v = {value})#if($util.isNull($v))null#{{else}}"
    written = template + "$util.toJson($v)#end"
    assert show(written) == text
    assert evaluate(written) == json.loads(text)
    kept = Context({})
    compile_template(f"{JAVA}#set($v = {value})$util.qr($ctx.stash.put('v', $v)){{}}")(
        kept
    )
    assert kept.stash == {"v": json.loads(text)}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e7, "1.0E7"),
        (1.5, "1.5"),
        (-0.0, "-0.0"),
        (1e-5, "1.0E-5"),
        (float("nan"), '"NaN"'),
        (float("-inf"), '"-Infinity"'),
        ("\x00\x1f\x7f\u2028é\ud800", '"\\u0000\\u001F\x7f\u2028é\ud800"'),
        ('"\\/\b\f\n\r\t', '"\\"\\\\/\\b\\f\\n\\r\\t"'),
        ([], "[]"),
        ({}, "{}"),
        ({None: 1}, '{"":1}'),
        ([None, True, 10**20], "[null,true,100000000000000000000]"),
        (Char("x"), '"x"'),
        (Array([1, -1], "B"), '"Af8="'),
        (Array(["a", None], "Ljava.lang.String;"), '["a",null]'),
    ],
)
def test_json_is_spelled_as_jackson_spells_it(value: Any, text: str) -> None:
    assert to_exact_json(value) == text


@pytest.mark.ours("the fast spelling may differ, its value may not")
@pytest.mark.parametrize(
    "value", [1e7, 1e-5, [10**20], {"a": Char("x")}, {1: 2}, "\ud800"]
)
def test_the_fast_spelling_has_the_same_value(value: Any) -> None:
    assert json.loads(to_json(value)) == json.loads(to_exact_json(value))


@pytest.mark.ours("what leaves a template is JSON")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({1: {2: 3}}, {"1": {"2": 3}}),
        ([{"a": Char("x")}], [{"a": "x"}]),
        (KeySet({"a": 1}), ["a"]),
        ({"deep": [[{None: KeySet({})}]]}, {"deep": [[{"": []}]]}),
    ],
)
@pytest.mark.parametrize("copy", [plain, plain_tree])
def test_copies_are_plain(
    copy: Callable[[Any], Any], value: Any, expected: Any
) -> None:
    copied = copy(value)
    assert copied == expected
    assert json.dumps(copied) == json.dumps(expected)


@pytest.mark.ours(
    "what Java calculates exactly becomes a number that JSON readers give"
)
@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$huge * 1.5", 149999999999999999998.5),
        ("$huge - $huge + 1.5", 1.5),
        ("$huge * 2", 199999999999999999998),
        ("0 - $huge", -99999999999999999999),
        ("9223372036854775807 + 1", 2**63),
        ("0 - 9223372036854775807 - 1", -(2**63)),
        ("9223372036854775807 - 1", 2**63 - 2),
    ],
)
@pytest.mark.parametrize("kept", ["$v", "{'a': [$v]}"])
def test_calculated_numbers_are_plain(expression: str, value: Any, kept: str) -> None:
    context = Context({})
    template = (
        f"{JAVA}#set($v = {expression})$util.qr($ctx.stash.put('v', {kept}))"
        '{"json": $util.toJson($v), "text": $v}'
    )
    given = compile_template(template)(context)
    expected = value if kept == "$v" else {"a": [value]}
    assert given == {"json": value, "text": value}
    assert context.stash == {"v": expected}
    for each in (given["json"], given["text"]):
        assert type(each) is type(value)
    assert json.loads(json.dumps(context.stash)) == context.stash


@pytest.mark.aws_doc("Jackson: what is no JSON number is written as a string")
@pytest.mark.parametrize(
    "template",
    [
        '{"v": $util.toJson($v)}',
        "#set($m = {})$util.qr($m.put('v', $v))$util.toJson($m)",
        "$util.toJson({'v': $v})",
    ],
)
def test_infinity_is_a_string(evaluate: Evaluate, template: str) -> None:
    infinite = "#set($v = $ctx.args.n * 10.0)"
    assert evaluate(infinite + template, {"n": 1e308}) == {"v": "Infinity"}


@pytest.mark.ours("no value may fill the memory")
@pytest.mark.parametrize("write", [to_json, to_exact_json])
def test_json_text_is_limited(write: Callable[[Any], str]) -> None:
    assert len(write("x" * 4_999_998)) == 5_000_000
    for more in ("x" * 4_999_999, ["x" * 3_000_000] * 2):
        with pytest.raises(EvaluationError, match="too large"):
            write(more)


@pytest.mark.ours("no value may fill the memory or the stack")
def test_copies_are_limited() -> None:
    value: Any = [1]
    for _ in range(60):
        value = [value, value]
    with pytest.raises(EvaluationError, match="too large"):
        plain(value)
    endless: list[Any] = []
    endless.append(endless)
    for use in (plain, to_json, to_exact_json):
        with pytest.raises(EvaluationError, match="StackOverflowError"):
            use(endless)


@pytest.mark.ours("every view says what it goes through")
def test_a_view_without_members_of_its_own_is_none() -> None:
    with pytest.raises(NotImplementedError):
        iter(View({}))


ENORMOUS = "#set($v = $ctx.args.n)#foreach($i in [1..900])#set($v = $v * 99)#end"


@pytest.mark.ours("Python prints no more than 4,300 digits")
@pytest.mark.parametrize(
    "template",
    [
        ENORMOUS + "$v",
        ENORMOUS + "$util.toJson($v)",
        ENORMOUS + '{"a": "$v", "b": $v}',
        ENORMOUS.replace("$v * 99", "$v * $v"),
        "$ctx.args.huge",
        '#set($x = "$ctx.args.huge")$x',
        "#set($x = $ctx.args.huge + 1.5)$x",
        "#if($ctx.args.huge > 1.5)#set($x = $ctx.args.huge * 2)$x#end",
    ],
)
def test_enormous_numbers_are_an_error(evaluate: Evaluate, template: str) -> None:
    args = {"n": 10**3000, "huge": 10**5000}
    with pytest.raises(EvaluationError, match="too large"):
        evaluate(template, args)


@pytest.mark.ours("a number that no float can hold has no other form in JSON")
@pytest.mark.parametrize("number", ["9" * 400, "9" * 5000, "1e999", "-1e999"])
def test_enormous_numbers_are_no_json(evaluate: Evaluate, number: str) -> None:
    parsed = "$util.isNull($util.parseJson($ctx.args.digits))"
    assert evaluate(parsed, {"digits": number}) is True
    for template in (f"[{number},]", f'{{"a": {number}}}', "$ctx.args.digits"):
        with pytest.raises(EvaluationError, match=r"^The number .* is too large$"):
            evaluate(template, {"digits": number})


@pytest.mark.aws_doc("Jackson reads whole numbers of any size as BigInteger")
@pytest.mark.parametrize(
    "template",
    [
        "[$n]",
        "[$n,]",
        '{"a": $n}',
        '{"a":$util.toJson($util.parseJson($ctx.args.text))}',
        "#set($x = $util.parseJson($ctx.args.text))$util.toJson({'a': $x})",
        "#set($x = $util.parseJson($ctx.args.text))#return([$x])",
        "#set($x = $n)$util.toJson([$x])",
        "#foreach($x in [$n])[$x]#end",
    ],
)
@pytest.mark.parametrize("number", [2**63, 2**64, -(10**18), -(10**19), 10**25 + 1])
def test_whole_numbers_of_any_size_are_exact(
    evaluate: Evaluate, template: str, number: int
) -> None:
    source = template.replace("$n", str(number))
    try:
        value = evaluate(source, {"text": str(number)})
    except EarlyReturn as early:
        value = early.value
    assert value in ([number], {"a": number})
    assert json.dumps(value) in (f"[{number}]", f'{{"a": {number}}}')


@pytest.mark.ours("a text, a map and a list may be put together in any way")
@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("#set($k = $ctx.args.k)#set($m = {})$util.qr($m.put($k, 1))$m", "{key=1}"),
        ("#set($m = {})$util.qr($m.put($ctx.args.n, 1))$m", "{5=1}"),
        ("#set($m = {})#set($x = $m.put('a', 1))#set($y = $m.put('a', 2))$!x$y", "1"),
        ("#set($l = [])$util.qr($l)$util.qr($ctx.args.n)$util.quiet(5)$l", "[]"),
        ("#set($x = $util.qr(5))[$x]", "[]"),
        ("#set($x = [1, $util.quiet(5)])$x", "[1, ]"),
        ("#set($u = $util)$u.qr(1)$u.toJson([1])$u.defaultIfNull($z, 2)", "[1]2"),
        ('$util.toJson($ctx.args.k.concat("x$ctx.args.n"))', '"keyx5"'),
        ('#set($q = "$z$z$z$z$z$z$z$z$ctx.args.n$z")$q', "$z$z$z$z$z$z$z$z5$z"),
    ],
)
def test_values_are_put_together(show: Evaluate, template: str, text: str) -> None:
    assert show(template, {"k": "key", "n": 5}) == text


@pytest.mark.ours("a template is read in any thread")
def test_rendering_needs_no_context_of_its_own() -> None:
    assert render("plain", Context({})) == "plain"
