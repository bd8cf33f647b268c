"""Templates that would run too long, print too much or nest too deeply."""

import copy
import time
from contextlib import suppress
from typing import Any

import pytest

from appsync_resolvers import (
    Context,
    EarlyReturn,
    EvaluationError,
    Interrupted,
    TemplateRejected,
)
from appsync_resolvers.vtl import compile_template, limits, render

pytestmark = pytest.mark.ours("no template may stop or fill the process")

NESTED = (
    "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])"
    "%s#end#end#end{}"
)
LONG = [
    NESTED % "#set($x = $a)",
    NESTED % "$util.qr($ctx.stash.put('k', $a))",
    NESTED % "$util.isNull($b)",
    "#define($loop)#foreach($a in [1..1000])$x#end#end#set($x = $loop)$loop",
    '#set($x = "#foreach($i in [1..1000])#foreach($j in [1..1000])$i$j#end#end")$x',
    (
        "#set($l = [])#foreach($i in [1..1000])$util.qr($l.add($i))#end"
        "#foreach($a in $l)#foreach($b in $l)#if($l.contains(-1))x#end#end#end{}"
    ),
    "$util.matches('(a+)+b', $ctx.args.t){}",
    "#if($ctx.args.t.matches('(a|a)*b'))x#end{}",
    "$ctx.args.t.replaceAll('(.*)*x', 'y')",
    "#foreach($i in $ctx.args.t.split('(a|aa)+b'))$i#end",
]
ENORMOUS = [
    "#set($s = 'aaaaaaaaaa')" + '#set($s = "$s$s")' * 40 + '"$s"',
    "#set($s = 'aaaaaaaaaa')#foreach($i in [1..100])#set($s = \"$s$s\")#end{}",
    "#set($s = 'aaaaaaaaaa')#foreach($i in [1..100])#set($s = $s + $s)#end{}",
    "#set($x = [1..2000000000])$x",
    "#set($a = [1])" + "#set($a = [$a, $a])" * 40 + "$util.toJson($a)",
    "#set($a = [1])#foreach($i in [1..60])#set($a = [$a, $a])#end$util.toJson($a)",
    "#set($a = [1])#foreach($i in [1..60])#set($a = [$a, $a])#end$a",
    (
        "#set($a = [1])#foreach($i in [1..60])#set($a = {'x': $a, 'y': $a})#end"
        '{"a": $util.toJson($a)}'
    ),
    "#set($x = 99999)#foreach($i in [1..100])#set($x = $x * $x)#end$x",
    "#set($l = [1])" + "$util.qr($l.addAll($l))" * 40 + "{}",
    "#set($s = $ctx.args.t.repeat(100000))#set($s = $s.replace('a', $s))$s",
    "$ctx.args.t.format('%999999999d', 1)",
    "#set($s = $ctx.args.t.repeat(1000))#foreach($i in [1..1000])$s#end",
    "#set($s = $ctx.args.t.repeat(10000))" + "$s" * 100,
    "#foreach($i in [1..1000])$util.toJson($ctx.args.big)#end",
    "#set($s = $ctx.args.t.repeat(100000))$util.escapeJavaScript($s.replace('a', '/'))",
    (
        "#set($s = $ctx.args.t.repeat(50000))#set($l = [])"
        "#foreach($i in [1..1000])$util.qr($l.add($s.concat('x')))#end{}"
    ),
]
LOOPED = [
    "#set($m = {})$util.qr($m.put('m', $m))$util.toJson($m)",
    "#set($l = [])$util.qr($l.add($l))$l.hashCode()",
    "#set($m = {})#set($n = {'m': $m})$util.qr($m.put('n', $n))$m",
    (
        "#set($a = [])$util.qr($a.add($a))#set($b = [])$util.qr($b.add($b))"
        "#if($a == $b)x#end"
    ),
]


def _context() -> Context:
    big = [{"a": number} for number in range(5000)]
    return Context({"l": [0], "t": "a" * 50, "big": big})


def _state(context: Context) -> Any:
    return copy.deepcopy((context.arguments, context.stash, context.result))


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for the tests of the full limit."""
    monkeypatch.setattr(limits, "PATIENT_SECONDS", 0.3)


@pytest.mark.parametrize("template", LONG)
def test_what_takes_long_is_interrupted_and_then_ended(template: str) -> None:
    handler = compile_template(template)
    context = _context()
    before = _state(context)
    start = time.thread_time()
    with pytest.raises(Interrupted):
        handler(context)
    assert time.thread_time() - start < 1
    assert _state(context) == before
    assert context.effects is None
    with pytest.raises(EvaluationError) as caught:
        handler.patiently(context)
    assert caught.value.error_type == "MappingTemplate"
    assert time.thread_time() - start < 3


@pytest.mark.parametrize("template", ENORMOUS)
def test_what_prints_or_makes_too_much_is_an_error(template: str) -> None:
    handler = compile_template(template)
    for evaluate in (handler, handler.patiently):
        context = _context()
        before = _state(context)
        start = time.thread_time()
        with pytest.raises((EvaluationError, Interrupted)) as caught:
            evaluate(context)
        assert time.thread_time() - start < 3
        if isinstance(caught.value, Interrupted):
            assert evaluate is handler
            assert _state(context) == before


@pytest.mark.parametrize("template", LOOPED)
def test_what_contains_itself_is_an_error(template: str) -> None:
    handler = compile_template(template)
    for evaluate in (handler, handler.patiently):
        with pytest.raises(EvaluationError, match=r"StackOverflowError|JSON"):
            evaluate(_context())


@pytest.mark.aws_observed("the transformed template is limited to 5 MB")
def test_the_output_is_limited() -> None:
    template = "#set($s = $ctx.args.t.repeat(%d))$s"
    context = Context({"t": "a" * 1000})
    assert len(render(template % 5000, context)) == 5_000_000
    with pytest.raises(EvaluationError, match="Transformation too large"):
        render(template % 5300, context)


@pytest.mark.parametrize(
    "template",
    [
        "#set($x = " + "(" * 5000 + "1" + ")" * 5000 + ")",
        "#set($x = " + "[" * 5000 + "]" * 5000 + ")",
        "#if(true)" * 3000 + "x" + "#end" * 3000,
        "#set($x = " + "$a.b(" * 5000 + "1" + ")" * 5000 + ")",
        "#if(" + "!" * 5000 + "true)x#end",
        "#set($x = " + " + ".join(["1"] * 3000) + ")$x",
        "#if(" + " && ".join(["true"] * 5000) + ")x#end",
        "#foreach($i in [1])" * 100 + "$i" + "#end" * 100,
    ],
)
def test_what_nests_too_deeply_is_rejected(template: str) -> None:
    with pytest.raises(TemplateRejected, match=r"Nested|Too many operators"):
        compile_template(template)


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("#if(true)" * 30 + "1" + "#end" * 30, 1),
        ("#foreach($i in [1])" * 20 + "$i" + "#end" * 20, 1),
        ("#set($x = " + "(" * 50 + "1" + ")" * 50 + ")$x", 1),
        ("#if(" + " && ".join(["true"] * 140) + ")1#end", 1),
        ("#if(" + " || ".join(["false"] * 140) + ")1#{else}2#end", 2),
        ("#set($x = " + " + ".join(["1"] * 140) + ")$x", 140),
        ("#if(false)#else" + "#if(true)" * 30 + "1" + "#end" * 31, 1),
        ('"' + "$ctx.args.a" * 200 + '"', "x" * 200),
        ('#define($a)1#end#set($b = "#if(true)$a#end")$b', 1),
    ],
)
def test_what_nests_as_people_write_it_works(template: str, value: Any) -> None:
    assert compile_template(template)(Context({"a": "x"})) == value


@pytest.mark.parametrize(
    "text",
    [
        "#" * 100_000 + "\n",
        "$" * 50_000 + " ",
        "\\" * 50_000 + "x",
        "x" * 1_000_000,
        "#set($x = " + '"' * 9_999 + ")",
        "#*" * 20_000,
        "${" * 5_000,
        "$a." * 5_000,
        "#if" * 5_000,
        "#[[" * 5_000,
        "\ud800 $x",
    ],
)
def test_any_text_is_compiled_or_rejected_soon(text: str) -> None:
    start = time.thread_time()
    with suppress(TemplateRejected, EvaluationError):
        render(text, Context({}))
    assert time.thread_time() - start < 5


CHANGES = (
    "$util.qr($ctx.stash.put('new', 1))$util.qr($ctx.stash.kept.put('x', 1))"
    "$util.qr($ctx.args.l.add(1))#set($ctx.args.l[0] = 5)$util.qr($ctx.args.l.clear())"
    "#set($ctx.args.x = 1)$util.qr($ctx.result.remove('r'))"
    "$util.qr($ctx.prev.result.add(2))"
    "$util.appendError('x')$util.log.info('x')$util.http.addResponseHeader('a', 'b')"
    "$extensions.setSubscriptionFilter({'a': 1})$extensions.invalidateSubscriptions({})"
    "$extensions.setSubscriptionInvalidationFilter({})"
    "$extensions.evictFromApiCache('a', 'b', {})"
    "$util.qr($ctx.stash.keySet().remove('kept'))$util.qr($ctx.args.values().clear())"
    "#foreach($e in $ctx.result.entrySet())$util.qr($e.setValue(5))#end"
)


def _full_context() -> Context:
    context = Context({"l": [3, 1, 2], "m": {"a": 1}})
    context.stash = {"kept": {"a": [1]}}
    context.result = {"r": 1, "s": 2}
    context.prev = [1]
    context.has_prev = True
    return context


@pytest.mark.parametrize("with_effects", [False, True])
def test_an_interrupted_template_has_done_nothing(with_effects: bool) -> None:
    context = _full_context()
    expected = _full_context()
    for each in (context, expected):
        if with_effects:
            first = "$util.appendError('first')$util.http.addResponseHeader('f', 'f'){}"
            compile_template(first)(each)
    parts = [context.arguments, context.stash, context.result, context.prev]
    with pytest.raises(Interrupted):
        compile_template(CHANGES + NESTED % "#set($x = 1)")(context)
    for name in ("arguments", "stash", "result", "prev"):
        assert getattr(context, name) == getattr(expected, name)
    assert [id(part) for part in parts] == [
        id(part)
        for part in (context.arguments, context.stash, context.result, context.prev)
    ]
    assert (context.effects is not None) == with_effects
    if context.effects is not None:
        assert [error.message for error in context.effects.errors] == ["first"]
        assert context.effects.response_headers == {"f": "f"}
        assert context.effects.logs == []
        assert context.effects.invalidations == []
        assert context.effects.cache_evictions == []
        assert context.effects.subscription_filter is None
        assert context.effects.invalidation_filter is None


def test_the_same_changes_stay_when_it_is_not_interrupted() -> None:
    context = _full_context()
    assert compile_template(CHANGES + "{}")(context) == {}
    assert context.arguments == {}
    assert context.stash == {"new": 1}
    assert context.result == {"s": 5}
    assert context.prev == [1, 2]
    assert context.effects is not None
    assert len(context.effects.errors) == 1


@pytest.mark.aws_doc("devguide resolver-mapping-template-changelog: 1,000 iterations")
def test_a_loop_ends_after_1000_rounds() -> None:
    template = "#foreach($i in [1..5000])#set($n = $i)#end$n"
    assert compile_template(template)(Context({})) == 1000
    template = "#foreach($i in $ctx.args.l)#set($n = $i)#end$n"
    assert compile_template(template)(Context({"l": list(range(5000))})) == 999


def test_a_return_may_leave_a_long_loop() -> None:
    template = NESTED % "#if($b == 3)#return($b)#end"
    with pytest.raises(EarlyReturn) as caught:
        compile_template(template)(Context({}))
    assert caught.value.value == 3


def test_a_block_does_not_call_itself_for_ever() -> None:
    assert render("#define($a)[$a]#end$a", Context({})) == "[[$a]]"
