"""`$util.time`; `test_java_library.py` compares the patterns with Java's."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from appsync_resolvers import EvaluationError

pytestmark = pytest.mark.aws_doc("devguide time-helpers-in-util-time")

Evaluate = Callable[..., Any]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            (
                "parseFormattedToEpochMilliSeconds('2018-02-02 01:19:22+0800', "
                "'yyyy-MM-dd HH:mm:ssZ')"
            ),
            "1517505562000",
        ),
        (
            (
                "parseFormattedToEpochMilliSeconds('2018-02-02 01:19:22', "
                "'yyyy-MM-dd HH:mm:ss', '+08:00')"
            ),
            "1517505562000",
        ),
        (
            (
                "parseFormattedToEpochMilliSeconds('2018-02-02 01:19:22', "
                "'yyyy-MM-dd HH:mm:ss', 'Australia/Perth')"
            ),
            "1517505562000",
        ),
        (
            "parseISO8601ToEpochMilliSeconds('2018-02-01T17:21:05.180+08:00')",
            "1517476865180",
        ),
        ("parseISO8601ToEpochMilliSeconds('2018-02-01T17:21:05Z')", "1517505665000"),
        ("parseISO8601ToEpochMilliSeconds('2018-02-01T17:21z')", "1517505660000"),
        ("epochMilliSecondsToSeconds(1517943695750)", "1517943695"),
        ("epochMilliSecondsToSeconds(-1500)", "-1"),
        ("epochMilliSecondsToISO8601(1517943695758)", "2018-02-06T19:01:35.758Z"),
        ("epochMilliSecondsToISO8601(0)", "1970-01-01T00:00:00.000Z"),
        (
            "epochMilliSecondsToFormatted(1517943695758, 'yyyy-MM-dd HH:mm:ssZ')",
            "2018-02-06 19:01:35+0000",
        ),
        (
            (
                "epochMilliSecondsToFormatted(1517943695758, "
                "'yyyy-MM-dd HH:mm:ssZ', '+08:00')"
            ),
            "2018-02-07 03:01:35+0800",
        ),
        (
            (
                "epochMilliSecondsToFormatted(1531347255000, "
                "'yyyy-MM-dd[XXX]', '-07:00:30')"
            ),
            "2018-07-11-07:00",
        ),
        (
            (
                "epochMilliSecondsToFormatted(1531347285000, "
                "\"yyyy-MM-dd'T'HH:mm:ss[XXXXX]\", '-07:00:30')"
            ),
            "2018-07-11T15:14:15-07:00:30",
        ),
        ("epochMilliSecondsToFormatted(0, 'VV z', 'UTC')", "UTC UTC"),
        ("epochMilliSecondsToFormatted(0, 'VV', 'GMT')", "GMT"),
        ("epochMilliSecondsToFormatted(0, 'VV', 'UTC+8')", "+08:00"),
        ("epochMilliSecondsToFormatted(0, 'z', 'Asia/Tokyo')", "JST"),
        ("epochMilliSecondsToFormatted(0, 'z', '+08:00')", "+08:00"),
    ],
)
def test_times_are_turned_into_each_other(show: Evaluate, call: str, text: str) -> None:
    assert show(f"$util.time.{call}") == text


def test_now_is_now(show: Evaluate) -> None:
    before = int(time.time() * 1000)
    iso = show("$util.time.nowISO8601()")
    seconds = int(show("$util.time.nowEpochSeconds()"))
    milliseconds = int(show("$util.time.nowEpochMilliSeconds()"))
    after = int(time.time() * 1000)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", iso)
    assert before // 1000 <= seconds <= after // 1000
    assert before <= milliseconds <= after
    call = f"$util.time.parseISO8601ToEpochMilliSeconds('{iso}')"
    assert before <= int(show(call)) <= after


@pytest.mark.parametrize(
    ("call", "pattern"),
    [
        (
            "nowFormatted('yyyy-MM-dd HH:mm:ssZ')",
            r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0000",
        ),
        (
            "nowFormatted('yyyy-MM-dd HH:mm:ssZ', '+08:00')",
            r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0800",
        ),
        (
            "nowFormatted('yyyy-MM-dd HH:mm:ssZ', 'Australia/Perth')",
            r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0800",
        ),
        ("nowFormatted('YYYY-MM-dd HH:mm:ss')", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    ],
)
def test_now_is_printed_with_a_pattern(show: Evaluate, call: str, pattern: str) -> None:
    assert re.fullmatch(pattern, show(f"$util.time.{call}"))


@pytest.mark.ours("Java's messages for what is no time")
@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("parseISO8601ToEpochMilliSeconds('2018-02-01')", "DateTimeParseException"),
        ("parseISO8601ToEpochMilliSeconds('2018-02-31T00:00Z')", "could not be parsed"),
        ("parseISO8601ToEpochMilliSeconds('2018-02-01T00:00+99:00')", "index 0"),
        ("parseISO8601ToEpochMilliSeconds($nope)", "NullPointerException"),
        ("parseFormattedToEpochMilliSeconds('x', 'yyyy')", "at index 0"),
        (
            "parseFormattedToEpochMilliSeconds('2018-01-01', 'yyyy-MM-dd', 'No/Where')",
            "No/Where",
        ),
        ("nowFormatted('yyyy', 'Nowhere')", "Unknown time-zone ID: Nowhere"),
        ("nowFormatted('yyyy', '../etc/passwd')", "Unknown time-zone ID"),
        ("nowFormatted('yyyy', '+25:00')", "Unknown time-zone ID: +25:00"),
        ("nowFormatted('bb')", "Unknown pattern letter: b"),
        ("nowFormatted($nope)", "NullPointerException"),
        ("nowFormatted('yyyy', $nope)", "NullPointerException"),
        ("epochMilliSecondsToISO8601(9223372036854775807)", "Invalid value for Year"),
    ],
)
def test_what_is_no_time_is_an_error(
    evaluate: Evaluate, call: str, message: str
) -> None:
    with pytest.raises(EvaluationError, match=re.escape(message)) as caught:
        evaluate(f"$util.time.{call}")
    assert caught.value.error_type == "MappingTemplate"


WIDTHS = [
    *((letter, 1, "Too many pattern letters: ") for letter in "FaW"),
    *((letter, 2, "Too many pattern letters: ") for letter in "dwHhKkms"),
    *((letter, 5, "Too many pattern letters: ") for letter in "GMLQqEecXxZ"),
    *(("D", 3, "Too many pattern letters: D"), ("z", 4, "Too many pattern letters: z")),
    *((letter, 19, "The minimum width must be from 1 to 19") for letter in "uyAnN"),
    ("S", 9, "Minimum width must be from 0 to 9 inclusive but was 10"),
    ("V", 2, "Pattern letter count must be 2: V"),
    ("O", 4, "Pattern letter count must be 1 or 4: O"),
]


@pytest.mark.aws_doc("java.time.format.DateTimeFormatterBuilder.appendPattern")
@pytest.mark.parametrize(("letter", "most", "message"), WIDTHS)
def test_a_letter_stands_no_more_often_than_in_java(
    evaluate: Evaluate, show: Evaluate, letter: str, most: int, message: str
) -> None:
    assert show(f"$util.time.nowFormatted('{letter * most}')")
    with pytest.raises(EvaluationError, match=message):
        evaluate(f"$util.time.nowFormatted('{letter * (most + 1)}')")


@pytest.mark.aws_doc(
    "java.time.format.DateTimeFormatter, pad modifier (run with a JDK)"
)
@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("epochMilliSecondsToFormatted(1531345455000, 'pppppd')", "   11"),
        ("epochMilliSecondsToFormatted(1531345455000, 'ppppMMM')", " Jul"),
        (
            "parseFormattedToEpochMilliSeconds('2018-  7-01', 'yyyy-pppM-dd')",
            "1530403200000",
        ),
    ],
)
def test_fields_are_filled_up(show: Evaluate, call: str, text: str) -> None:
    assert show(f"$util.time.{call}") == text


@pytest.mark.aws_doc(
    "java.time.format.DateTimeFormatter, pad modifier (run with a JDK)"
)
@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("nowFormatted('ppp')", "must be followed by valid pad pattern: ppp"),
        ("nowFormatted('pp-d')", "must be followed by valid pad pattern: pp-d"),
        ("nowFormatted('pyyyy')", "output of 4 characters exceeds pad width of 1"),
        (
            "parseFormattedToEpochMilliSeconds('2018-7-01', 'yyyy-pppM-dd')",
            "'2018-7-01' could not be parsed at index 10",
        ),
        (
            "parseFormattedToEpochMilliSeconds('2018-  x-01', 'yyyy-pppM-dd')",
            "'2018-  x-01' could not be parsed at index 12",
        ),
        (
            "parseFormattedToEpochMilliSeconds('2018-7  -01', 'yyyy-pppM-dd')",
            "'2018-7  -01' could not be parsed at index 10",
        ),
        (
            "parseFormattedToEpochMilliSeconds('2018-07-1', 'yyyy-MM-ppd')",
            "'2018-07-1' could not be parsed at index 8",
        ),
    ],
)
def test_what_cannot_be_filled_up_is_an_error(
    evaluate: Evaluate, call: str, message: str
) -> None:
    with pytest.raises(EvaluationError, match=re.escape(message)):
        evaluate(f"$util.time.{call}")


@pytest.mark.ours("years after 9999 are not supported")
def test_a_year_that_python_does_not_know_is_an_error(evaluate: Evaluate) -> None:
    with pytest.raises(EvaluationError, match="Invalid value for Year"):
        evaluate(
            "$util.time.parseFormattedToEpochMilliSeconds('+12018-01-01', 'yyyy-MM-dd')"
        )


@pytest.mark.ours("half a day's hour says nothing without AM or PM")
def test_twelve_hours_need_their_half(evaluate: Evaluate) -> None:
    with pytest.raises(EvaluationError, match="Unable to obtain a time"):
        evaluate(
            "$util.time.parseFormattedToEpochMilliSeconds("
            "'2018-01-01 03:00', 'yyyy-MM-dd hh:mm')"
        )
