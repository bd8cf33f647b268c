"""APPSYNC_JS makes of date patterns and regular expressions what Java makes of them.

The recordings are those that `$util.time` and the strings of VTL are held to.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError, Handler
from appsync_resolvers.js import JsEngine

pytestmark = pytest.mark.aws_doc(
    "devguide: patterns are those of Java's DateTimeFormatter and of java.util.regex "
    "(recorded from OpenJDK by ../vtl/recording/record.py)"
)

RECORDED = Path(__file__).parents[1] / "vtl" / "recorded"

WORDED_SHORTER = "from TemporalAccessor"
"""Java lists what it found so far; we do not."""
NOT_TRANSLATED = {
    "{1}",  # Java repeats nothing once
    "\\Ga",  # the end of the match before
    "\\p{InCyrillic}",  # a block of Unicode
    # JavaScript's reference to a group that took no part matches "", Java's nothing.
    "(?!(a))b\\1",
    "(a)?b\\1",
    "(\\d*[a&&[^b]]*?([^,]+)??)*",  # JavaScript ends a loop at an empty turn
}


@pytest.fixture(scope="module")
def engine() -> Iterator[JsEngine]:
    engine = JsEngine(inline_seconds=5)
    yield engine
    engine.close()


def _cases(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    cases = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))["cases"]
    return [(question, answer) for question, answer in cases]


def _handler(engine: JsEngine, expression: str) -> Handler:
    return engine.load(
        "import { util } from '@aws-appsync/utils';\n"
        f"export function request(ctx) {{ return {expression}; }}\n"
        "export function response(ctx) {}\n"
    ).request


def _answer(handler: Handler, *values: Any) -> dict[str, Any]:
    try:
        return {"o": handler(Context({"a": list(values)}))}
    except EvaluationError as error:
        return {"e": error.message}


def _agrees(ours: dict[str, Any], recorded: dict[str, Any]) -> bool:
    if "o" in recorded:
        return ours == recorded
    words, said = recorded["e"], ours.get("e", "")
    return words.partition(WORDED_SHORTER)[0] in said


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        ("write", "epochMilliSecondsToFormatted"),
        ("read", "parseFormattedToEpochMilliSeconds"),
    ],
)
def test_dates(engine: JsEngine, kind: str, call: str) -> None:
    arguments = "ctx.args.a[0], ctx.args.a[1], ctx.args.a[2]"
    handler = _handler(engine, f"util.time.{call}({arguments})")
    for question, recorded in _cases("dates"):
        if kind in question:
            ours = _answer(handler, *question[kind])
            assert _agrees(ours, recorded), (question, recorded, ours)


def test_whole_texts_match(engine: JsEngine) -> None:
    handler = _handler(engine, "util.matches(ctx.args.a[0], ctx.args.a[1])")
    for question, recorded in _cases("regexes"):
        pattern, text = question["find"]
        if pattern in NOT_TRANSLATED:
            continue
        ours = _answer(handler, pattern, text)
        if "o" in recorded:
            assert (pattern, ours) == (pattern, {"o": recorded["o"]["matches"]})
        else:  # in words of our own
            assert "java.util.regex.PatternSyntaxException" in ours["e"], pattern


def test_occurrences_are_replaced(engine: JsEngine) -> None:
    handler = _handler(engine, "ctx.args.a[1].replaceAll(ctx.args.a[0], '<$0>')")
    for question, recorded in _cases("regexes"):
        pattern, text = question["find"]
        if pattern in NOT_TRANSLATED or "e" in recorded:
            continue
        marked, done = "", 0
        for start, whole, *_ in recorded["o"]["found"]:
            marked += f"{text[done:start]}<{whole}>"
            done = start + len(whole)
        ours = _answer(handler, pattern, text)
        assert (pattern, ours) == (pattern, {"o": marked + text[done:]})


def test_what_is_not_translated_is_named() -> None:
    assert {question["find"][0] for question, _ in _cases("regexes")} >= NOT_TRANSLATED
