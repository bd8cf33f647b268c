"""Templates that mean harm, each followed by a good one.

Nothing may crash, hang, give a wrong value or be seen by what is evaluated afterwards.
"""

import copy
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import (
    Context,
    EarlyReturn,
    EvaluationError,
    Interrupted,
    TemplateRejected,
)
from appsync_resolvers.vtl import TemplateHandler, compile_template, limits

pytestmark = [
    pytest.mark.ours("templates are not trusted to be finished"),
    pytest.mark.timeout(60),
]

HOSTILE = {
    part.split(" => ", 1)[0]: part.split(" => ", 1)[1].split("\n", 1)
    for part in Path(__file__)
    .with_name("hostile.vtl")
    .read_text("utf-8")
    .split("\n%%%% ")[1:]
}
"""By name: what has to come of it, and the template."""
SIZE = 64_000
"""Templates have at most 64 KB (developer guide, quotas)."""
SOURCES = {
    "brackets": "#set($x = " + "(" * SIZE + ")",
    "lists": "#set($x = " + "[" * 30_000 + "]" * 30_000 + ")",
    "maps": "#set($x = " + '{"a":' * 10_000 + "1" + "}" * 10_000 + ")",
    "operators": "#set($x = " + " + ".join(["$x"] * 12_000) + ")",
    "negations": "#if(" + "!" * SIZE + "true)#end",
    "calls": "#set($x = " + "$a.b(" * 10_000 + ")" * 10_000 + ")",
    "conditions": "#if(true)" * 5_000 + "#end" * 5_000,
    "alternatives": "#if($a)" + "#elseif($a)x" * 5_000 + "#end",
    "loops": "#foreach($i in [1])" * 2_500 + "#end" * 2_500,
    "definitions": "#define($a)" * 4_000 + "#end" * 4_000,
    "strings": '#set($x = "' * 5_000,
    "interpolations": '"$a$b$c ' * 8_000,
    "steps": "$a" + ".b" * 30_000,
    "indexes": "$a" + "[0]" * 20_000,
    "open braces": "${" * 30_000,
    "open directives": "#if(" * 15_000,
    "comments": "#*" * 30_000,
    "unparsed": "#[[" * 20_000,
    "escapes": "\\" * SIZE + "$x",
    "digits": "#set($x = " + "9" * SIZE + ")$x",
    "names": "#set($" + "x" * SIZE + " = 1)",
    "references": "$x$!y${z}" * 7_000,
    "literals": "#set($x = [" + "1, " * 20_000 + "1])",
    "document": '{"a": ' * 5_000 + "$x" + "}" * 5_000,
    "control characters": "".join(map(chr, range(32))) * 1_000,
    "lone surrogates": "\ud800$x\udfff#set($y = '\ud800')" * 1_000,
}
GOOD = """#set($items = [])
#foreach($n in $ctx.args.list)
  #set($twice = $n * 2)
  #if($n < 2)$util.qr($items.add({"id": "$n", "twice": $twice}))#end
#end
#set($seen = $util.defaultIfNull($ctx.stash.seen, 0))
#set($ctx.stash.seen = $seen + 1)
{
  "n": $util.dynamodb.toDynamoDBJson($ctx.args.n),
  "items": $util.toJson($items),
  "text": "$ctx.args.word.replaceAll("[ab]", "x")",
  "sum": #set($sum = $ctx.args.n + 2147483647)$sum,
  "time": $util.time.nowISO8601().length()
}"""
RIGHT = {
    "n": {"N": 5},
    "items": [{"id": "0", "twice": 0}, {"id": "1", "twice": 2}],
    "text": "xxc",
    "sum": 2147483652,
    "time": 24,
}
LATE = "evaluated for too long"
ANSWERS = (EvaluationError, EarlyReturn, TemplateRejected)


@pytest.fixture(scope="module")
def good() -> TemplateHandler:
    return compile_template(GOOD)


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for the tests of the full limit."""
    monkeypatch.setattr(limits, "PATIENT_SECONDS", 0.5)


def _context() -> Context:
    text = "x" * 200_000
    return Context(
        {
            "n": 5,
            "list": list(range(30)),
            "text": text,
            "a": "a" * 60,
            "word": "abc",
            "emoji": "😀",
        }
    )


def _state(context: Context) -> Any:
    return copy.deepcopy((context.arguments, context.stash))


def _outcome(handler: TemplateHandler) -> Any:
    """Evaluate as the emulator does: in line for a moment, then patiently."""
    context = _context()
    before = _state(context)
    try:
        try:
            return handler(context)
        except Interrupted:
            assert _state(context) == before
            assert context.effects is None
            return handler.patiently(context)
    finally:
        with suppress(RecursionError):
            json.dumps((context.stash, context.arguments), allow_nan=False)


def _assert_unharmed(good: TemplateHandler) -> None:
    for handler in (good, compile_template(GOOD)):
        context = _context()
        assert handler(context) == RIGHT
        assert handler.patiently(context) == RIGHT
        assert context.stash == {"seen": 2}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_harmed(good: TemplateHandler, name: str) -> None:
    """On a busy machine any of them may take too long instead."""
    expected, template = HOSTILE[name]
    try:
        outcome = json.dumps(_outcome(compile_template(template)))
    except ANSWERS as error:
        outcome = str(getattr(error, "message", error))
    assert outcome == expected or re.search(f"{expected}|{LATE}", outcome)
    _assert_unharmed(good)


@pytest.mark.parametrize("name", SOURCES)
def test_a_hostile_source_is_answered(good: TemplateHandler, name: str) -> None:
    with suppress(*ANSWERS):
        _outcome(compile_template(SOURCES[name]))
    _assert_unharmed(good)


def test_a_storm_of_templates_leaves_no_trace(good: TemplateHandler) -> None:
    for _, template in list(HOSTILE.values())[:40]:
        with suppress(*ANSWERS, Interrupted):
            compile_template(template)(_context())
    _assert_unharmed(good)
