"""util.time beyond the tables that both runtimes share: all years, bad zones."""

from datetime import UTC, datetime
from typing import Any

import pytest

from appsync_resolvers import EvaluationError


@pytest.mark.ours("calendar arithmetic against Python's")
@pytest.mark.parametrize("year", [1, 1600, 1899, 1970, 2000, 2023, 2024, 2100, 9999])
@pytest.mark.parametrize(("month", "day"), [(1, 1), (2, 28), (3, 1), (12, 31)])
def test_dates_of_all_times(js: Any, year: int, month: int, day: int) -> None:
    moment = datetime(year, month, day, 23, 59, 58, tzinfo=UTC)
    text = f"{year:04}-{month:02}-{day:02}T23:59:58Z"
    milliseconds = round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    assert js.value(f"util.time.parseISO8601ToEpochMilliSeconds('{text}')") == (
        milliseconds * 1000
    )
    pattern = "yyyy-MM-dd'T'HH:mm:ssX"
    call = f'util.time.epochMilliSecondsToFormatted({milliseconds}000, "{pattern}")'
    assert js.value(call) == text
    day_of_year = f"util.time.epochMilliSecondsToFormatted({milliseconds}000, 'D')"
    assert js.value(day_of_year) == str(moment.timetuple().tm_yday)


@pytest.mark.ours("java.time's words; AWS's are not published")
@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            "parseISO8601ToEpochMilliSeconds('2018-13-01T00:00:00Z')",
            "Invalid value for MonthOfYear (valid values 1 - 12): 13",
        ),
        (
            "parseFormattedToEpochMilliSeconds('2018-02', 'yyyy-MM')",
            "Unable to obtain LocalDate",
        ),
        (
            "parseFormattedToEpochMilliSeconds('2018-02-02 3', 'yyyy-MM-dd h')",
            "Unable to obtain LocalTime",
        ),
        (
            "nowFormatted('y', '+25:00')",
            "DateTimeException: Zone offset hours not in valid range: value 25",
        ),
        (
            "nowFormatted('y', 'x')",
            "DateTimeException: Invalid ID for ZoneOffset, invalid format: x",
        ),
        ("nowFormatted('y', '!!')", "DateTimeException: Invalid ID for region-based"),
    ],
)
def test_what_cannot_be_done_is_told_at_the_call(
    js: Any, call: str, words: str
) -> None:
    with pytest.raises(EvaluationError) as failed:
        js.value(f"util.time.{call}")
    assert words in failed.value.message
    assert failed.value.message.startswith("code.js:5:8: java.")
    assert failed.value.error_type == "Code"
