"""Date patterns and regular expressions, compared with what Java 17 makes of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError, Interrupted
from appsync_resolvers.vtl import limits
from appsync_resolvers.vtl.regex import Pattern, replace, split
from appsync_resolvers.vtl.util.time import TIME
from appsync_resolvers.vtl.values.failure import Thrown

pytestmark = pytest.mark.aws_doc(
    "devguide: patterns are those of Java 8's DateTimeFormatter and of java.util.regex "
    "(recorded from OpenJDK by recording/record.py)"
)

RECORDED = Path(__file__).parent / "recorded"
WRITE = dict(TIME["epochMilliSecondsToFormatted"])["lss"]
READ = dict(TIME["parseFormattedToEpochMilliSeconds"])["sss"]

BEYOND = "+12018-02-02"
"""Years after 9999, which Python's calendar does not have."""
FORGOTTEN = {"(.??(b|a)*+\\R)|[a&&[^b]]", "\\Qa.\\E*+(a*)*+\\R{2}ab??|^"}
"""Java leaves a group set although the branch with it was given up."""
WORDED_OTHERWISE = ("Unable to obtain", "Illegal Unicode escape", "{99999999999}")
"""Messages that we do not follow to the letter."""


def _cases(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    cases = json.loads((RECORDED / f"{name}.json").read_text())["cases"]
    return [(question, answer) for question, answer in cases]


def _answer(function: Callable[..., Any], *values: Any) -> dict[str, Any]:
    try:
        return {"o": function(*values)}
    except Thrown as error:
        return {"e": str(error)}


def _without_words(answer: dict[str, Any]) -> dict[str, Any]:
    if any(part in answer.get("e", "") for part in WORDED_OTHERWISE):
        return {"e": None}
    return answer


def _find(compiled: Pattern, pattern: str, text: str) -> dict[str, Any]:
    found: list[Any] = []
    for spans in compiled.find_all(text):
        taken = [text[start:end] if start >= 0 else None for start, end in spans]
        found.append([spans[0][0], *taken])
    return {
        "matches": compiled.matches(text),
        "found": found,
        "split": split(pattern, text, 0),
    }


def test_dates_are_written_as_java_writes_them() -> None:
    for question, recorded in _cases("dates"):
        if "write" in question:
            ours = _answer(WRITE, None, *question["write"])
            assert (question, ours) == (question, recorded)


def test_dates_are_read_as_java_reads_them() -> None:
    for question, recorded in _cases("dates"):
        if "read" in question and question["read"][0] != BEYOND:
            ours = _without_words(_answer(READ, None, *question["read"]))
            assert (question, ours) == (question, _without_words(recorded))


def test_patterns_take_what_java_takes() -> None:
    different = []
    for question, recorded in _cases("regexes"):
        pattern, text = question["find"]
        ours = _answer(lambda p, t: _find(Pattern(p), p, t), pattern, text)
        if _without_words(ours) != _without_words(recorded):
            different.append((pattern, recorded, ours))
    assert {pattern for pattern, *_ in different} == FORGOTTEN, different


def test_the_stoppable_matcher_takes_the_same() -> None:
    """The same patterns again, without Python's own engine."""
    for question, recorded in _cases("regexes"):
        pattern, text = question["find"]
        if pattern not in FORGOTTEN and "o" in recorded:
            compiled = Pattern(pattern)
            compiled._python = None
            assert (pattern, _find(compiled, pattern, text)) == (pattern, recorded["o"])


@pytest.mark.ours("no pattern may stop the process")
@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+b", "a" * 60),
        ("(a|a)*b", "a" * 60),
        ("(.*)*x", "y" * 60),
        ("(?=(a+)+b)c", "a" * 60),
        ("(a*)*\\1b", "a" * 60),
        ("(?s).*.*.*.*x", "y" * 3000),
        ("(?:a?){60}b", "a" * 60),
    ],
)
def test_a_pattern_that_explodes_ends(pattern: str, text: str) -> None:
    with pytest.raises(Interrupted), limits.Run(Context({}), patient=False):
        Pattern(pattern).matches(text)


@pytest.mark.ours("no pattern may fill the memory")
@pytest.mark.parametrize(
    "pattern", ["(?:a|b{2,9}){60000}", "((?:ab|c){60000})d", "(((a|b){9}){9999}){9999}"]
)
def test_a_pattern_that_is_too_large_is_an_error(pattern: str) -> None:
    with pytest.raises(EvaluationError, match="too large"):
        Pattern(pattern).matches("a")


@pytest.mark.ours("no pattern may fill the memory")
def test_an_empty_part_repeated_many_times_costs_nothing() -> None:
    assert Pattern("((?:){2000000000}|a)+").matches("aa")


@pytest.mark.ours("no pattern may fill the memory")
@pytest.mark.parametrize("pattern", ["(" * 5000 + ")" * 5000, "[" * 5000 + "]" * 5000])
def test_a_pattern_that_nests_too_deeply_is_an_error(pattern: str) -> None:
    with pytest.raises(Thrown, match="StackOverflowError"):
        Pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "text", "limit", "parts"),
    [
        (",", "a,b,,", 0, ["a", "b"]),
        (",", "a,b,,", -1, ["a", "b", "", ""]),
        (",", "a,b,c", 2, ["a", "b,c"]),
        ("\\s+", "a  b c", 2, ["a", "b c"]),
        ("x", "", 0, [""]),
        (",", ",,", 0, []),
        ("", "ab", 0, ["a", "b"]),
    ],
)
def test_texts_are_split_as_the_javadoc_says(
    pattern: str, text: str, limit: int, parts: list[str]
) -> None:
    assert split(pattern, text, limit) == parts


def test_only_the_first_match_is_replaced_when_asked() -> None:
    assert replace("a", "aaa", "b", once=True) == "baa"


@pytest.mark.ours("texts have a size limit")
def test_a_replacement_that_grows_too_large_is_an_error() -> None:
    with pytest.raises(EvaluationError, match="too large"):
        replace("a", "a" * 4000, "b" * 4000)
