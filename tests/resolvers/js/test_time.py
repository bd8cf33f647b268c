"""util.time: patterns of Java's DateTimeFormatter and zones."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from appsync_resolvers import EvaluationError

pytestmark = pytest.mark.aws_doc("devguide time-helpers-in-util-time-js")

MOMENT = 1531345455000  # 2018-07-11T21:44:15Z


def test_now(js: Any) -> None:
    before = datetime.now(UTC).timestamp()
    iso, seconds, milliseconds = js.value(
        "[util.time.nowISO8601(), util.time.nowEpochSeconds(),"
        " util.time.nowEpochMilliSeconds()]"
    )
    after = datetime.now(UTC).timestamp()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", iso)
    assert before - 1 <= datetime.fromisoformat(iso).timestamp() <= after
    assert int(before) <= seconds <= after
    assert before * 1000 - 1 <= milliseconds <= after * 1000


@pytest.mark.parametrize(
    ("zone", "pattern"),
    [
        ("", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0000"),
        (", '+08:00'", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0800"),
        (", 'Australia/Perth'", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0800"),
    ],
)
def test_now_formatted(js: Any, zone: str, pattern: str) -> None:
    text = js.value(f"util.time.nowFormatted('yyyy-MM-dd HH:mm:ssZ'{zone})")
    assert re.fullmatch(pattern, text)


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (
            ("parseFormattedToEpochMilliSeconds("
            "'2018-02-02 01:19:22+0800', 'yyyy-MM-dd HH:mm:ssZ')"),
            1517505562000,
        ),
        (
            ("parseFormattedToEpochMilliSeconds("
            "'2018-02-02 01:19:22', 'yyyy-MM-dd HH:mm:ss', '+08:00')"),
            1517505562000,
        ),
        (
            ("parseFormattedToEpochMilliSeconds("
            "'2018-02-02 01:19:22', 'yyyy-MM-dd HH:mm:ss', 'Australia/Perth')"),
            1517505562000,
        ),
        ("parseISO8601ToEpochMilliSeconds('2018-02-01T17:21:05.180+08:00')",
         1517476865180),
        ("parseISO8601ToEpochMilliSeconds('2018-02-01T09:21:05Z')", 1517476865000),
        ("epochMilliSecondsToSeconds(1517943695750)", 1517943695),
        ("epochMilliSecondsToISO8601(1517943695758)", "2018-02-06T19:01:35.758Z"),
        (
            "epochMilliSecondsToFormatted(1517943695750, 'yyyy-MM-dd HH:mm:ssZ')",
            "2018-02-06 19:01:35+0000",
        ),
        (
            ("epochMilliSecondsToFormatted("
            "1517943695750, 'yyyy-MM-dd HH:mm:ssZ', '+08:00')"),
            "2018-02-07 03:01:35+0800",
        ),
        (
            ("epochMilliSecondsToFormatted("
            "1517943695750, 'yyyy-MM-dd HH:mm:ssZ', 'Australia/Perth')"),
            "2018-02-07 03:01:35+0800",
        ),
    ],
)  # fmt: skip
def test_examples_of_the_guide(js: Any, call: str, value: Any) -> None:
    assert js.value(f"util.time.{call}") == value


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("yyyy-MM-dd[XXX]", "2018-07-11-07:00"),
        ("yyyy-MM-dd'T'HH:mm:ss[XXXXX]", "2018-07-11T14:43:45-07:00:30"),
    ],
)
def test_offsets_with_seconds(js: Any, pattern: str, text: str) -> None:
    call = f'util.time.epochMilliSecondsToFormatted({MOMENT}, "{pattern}", "-07:00:30")'
    assert js.value(call) == text


@pytest.mark.aws_doc("Java 17 API, DateTimeFormatter (run with a JDK, Locale.US)")
@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("yy y yyyyy uuuu", "18 2018 02018 2018"),
        ("M MM MMM MMMM MMMMM", "7 07 Jul July J"),
        ("d dd D DDD", "11 11 192 192"),
        ("E EEEE EEEEE e", "Wed Wednesday W 4"),
        ("h hh H k K a", "9 09 21 21 9 PM"),
        ("m ss SSS S SSSSSS n", "44 15 000 0 000000 0"),
        ("A N", "78255000 78255000000000"),
        ("Q QQ QQQ QQQQ", "3 03 Q3 3rd quarter"),
        ("G GGGG GGGGG", "AD Anno Domini A"),
        ("Z ZZZZ ZZZZZ", "+0000 GMT Z"),
        ("X XX XXX x xx xxx", "Z Z Z +00 +0000 +00:00"),
        ("O OOOO", "GMT GMT"),
        ("VV z", "UTC UTC"),
        ("YYYY-'W'ww W", "2018-W28 2"),
        ("''yyyy'' 'o''clock'", "'2018' o'clock"),
        ("pppd|ppMM F", " 11|07 4"),
        ("yyyy[-MM[-dd]]", "2018-07-11"),
    ],
)
def test_pattern_letters(js: Any, pattern: str, text: str) -> None:
    call = f'util.time.epochMilliSecondsToFormatted({MOMENT}, "{pattern}")'
    assert js.value(call) == text


@pytest.mark.aws_doc("Java 17 API, DateTimeFormatter (run with a JDK, Locale.US)")
@pytest.mark.parametrize(
    ("zone", "text"),
    [
        (
            "America/New_York",
            "2018-07-11 17:44 EDT -0400 -04:00 GMT-4 America/New_York",
        ),
        ("Europe/Madrid", "2018-07-11 23:44 CEST +0200 +02:00 GMT+2 Europe/Madrid"),
        ("Asia/Kolkata", "2018-07-12 03:14 IST +0530 +05:30 GMT+5:30 Asia/Kolkata"),
        ("-03:30", "2018-07-11 18:14 -03:30 -0330 -03:30 GMT-3:30 -03:30"),
    ],
)
def test_zones(js: Any, zone: str, text: str) -> None:
    pattern = "yyyy-MM-dd HH:mm z Z XXX O VV"
    call = f'util.time.epochMilliSecondsToFormatted({MOMENT}, "{pattern}", "{zone}")'
    assert js.value(call) == text


@pytest.mark.ours("the same region on both sides of its clock changes")
@pytest.mark.parametrize(
    ("moment", "offset"),
    [
        ("2018-03-25T00:59:59Z", "+0100"),
        ("2018-03-25T01:00:00Z", "+0200"),
        ("2018-10-28T00:59:59Z", "+0200"),
        ("2018-10-28T01:00:00Z", "+0100"),
        ("1970-01-01T00:00:00Z", "+0100"),
        ("1900-06-01T00:00:00Z", "-0014"),
        ("2100-07-19T00:00:00Z", "+0200"),
    ],
)
def test_daylight_saving(js: Any, moment: str, offset: str) -> None:
    call = f"util.time.parseISO8601ToEpochMilliSeconds('{moment}')"
    text = f"util.time.epochMilliSecondsToFormatted({call}, 'Z', 'Europe/Madrid')"
    assert js.value(text) == offset


@pytest.mark.aws_doc("Java 17 API, ZonedDateTime.ofLocal: gaps and overlaps")
@pytest.mark.parametrize(
    ("local", "iso"),
    [
        ("2018-03-25 01:30", "2018-03-25T00:30:00.000Z"),
        ("2018-03-25 02:30", "2018-03-25T01:30:00.000Z"),
        ("2018-03-25 03:30", "2018-03-25T01:30:00.000Z"),
        ("2018-10-28 02:30", "2018-10-28T00:30:00.000Z"),
        ("2018-10-28 03:30", "2018-10-28T02:30:00.000Z"),
    ],
)
def test_local_times_around_clock_changes(js: Any, local: str, iso: str) -> None:
    call = (
        "util.time.parseFormattedToEpochMilliSeconds("
        f"'{local}', 'yyyy-MM-dd HH:mm', 'Europe/Madrid')"
    )
    assert js.value(f"util.time.epochMilliSecondsToISO8601({call})") == iso


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


@pytest.mark.aws_doc("Java 17 API, DateTimeFormatter (run with a JDK, Locale.US)")
@pytest.mark.parametrize(
    ("text", "pattern", "iso"),
    [
        ("20180211", "yyyyMMdd", "2018-02-11T00:00:00.000Z"),
        ("20180211134507", "yyyyMMddHHmmss", "2018-02-11T13:45:07.000Z"),
        ("11/2/18 1:05 PM", "d/M/yy h:mm a", "2018-02-11T13:05:00.000Z"),
        ("12:05 AM 2018-02-11", "hh:mm a yyyy-MM-dd", "2018-02-11T00:05:00.000Z"),
        ("Sun, 11 Feb 2018", "EEE, dd MMM yyyy", "2018-02-11T00:00:00.000Z"),
        ("11 February 2018", "dd MMMM yyyy", "2018-02-11T00:00:00.000Z"),
        (
            "2018-02-11 01:02:03.456",
            "yyyy-MM-dd HH:mm:ss.SSS",
            "2018-02-11T01:02:03.456Z",
        ),
        ("2018-02-11T01+02", "yyyy-MM-dd'T'HHX", "2018-02-10T23:00:00.000Z"),
        ("2018-02-11T01:00-03:30", "yyyy-MM-dd'T'HH:mmXXX", "2018-02-11T04:30:00.000Z"),
        ("2018-02-11T01Z", "yyyy-MM-dd'T'HHX", "2018-02-11T01:00:00.000Z"),
        ("2018-02-11 01 Europe/Madrid", "yyyy-MM-dd HH VV", "2018-02-11T00:00:00.000Z"),
        ("2018-02-11 GMT+1", "yyyy-MM-dd O", "2018-02-10T23:00:00.000Z"),
        ("2018-042", "yyyy-DDD", "2018-02-11T00:00:00.000Z"),
        ("2018-02-11", "yyyy-MM-dd[ HH:mm]", "2018-02-11T00:00:00.000Z"),
        ("2018-02-11 05:06", "yyyy-MM-dd[ HH:mm]", "2018-02-11T05:06:00.000Z"),
        ("2018-02-31", "yyyy-MM-dd", "2018-02-28T00:00:00.000Z"),
    ],
)
def test_reading_patterns(js: Any, text: str, pattern: str, iso: str) -> None:
    arguments = {"text": text, "pattern": pattern}
    call = (
        "util.time.parseFormattedToEpochMilliSeconds(ctx.args.text, ctx.args.pattern)"
    )
    value = f"util.time.epochMilliSecondsToISO8601({call})"
    assert js.value(value, arguments) == iso


@pytest.mark.aws_doc("the guide's RDS page formats with YYYY-MM-dd HH:mm:ss")
def test_the_week_year_that_samples_use_does_not_fail(js: Any) -> None:
    text = js.value("util.time.nowFormatted('YYYY-MM-dd HH:mm:ss')")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text)


@pytest.mark.ours("java.time's words; AWS's are not published")
@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("parseFormattedToEpochMilliSeconds('x', 'yyyy')",
         "DateTimeParseException: Text 'x' could not be parsed at index 0"),
        ("parseFormattedToEpochMilliSeconds('2018-1', 'yyyy-MM')",
         "Text '2018-1' could not be parsed at index 5"),
        ("parseFormattedToEpochMilliSeconds('2018 rest', 'yyyy')",
         "Text '2018 rest' could not be parsed, unparsed text found at index 4"),
        ("parseISO8601ToEpochMilliSeconds('yesterday')",
         "Text 'yesterday' could not be parsed at index 0"),
        ("parseISO8601ToEpochMilliSeconds('2018-13-01T00:00:00Z')",
         "Invalid value for MonthOfYear"),
        ("nowFormatted('b')", "IllegalArgumentException: Unknown pattern letter: b"),
        ("nowFormatted('ddd')", "Too many pattern letters: d"),
        ("nowFormatted(\"'open\")", "Pattern ends with an incomplete string literal"),
        ("nowFormatted('yyyy]')", "Pattern invalid as it contains ]"),
        ("nowFormatted('{')", "Pattern includes reserved character"),
        ("nowFormatted('y', 'Mars/Phobos')",
         "ZoneRulesException: Unknown time-zone ID: Mars/Phobos"),
        ("nowFormatted('y', '+25:00')", ("DateTimeException: Zone offset hours not"
                                         " in valid range: value 25")),
        (
            "nowFormatted('y', 'x')",
            "DateTimeException: Invalid ID for ZoneOffset, invalid format: x",
        ),
        ("nowFormatted('y', '!!')", "DateTimeException: Invalid ID for region-based"),
        (
            "parseFormattedToEpochMilliSeconds('2018-02-40', 'yyyy-MM-dd')",
            "Invalid value for DayOfMonth (valid values 1 - 28/31): 40",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told(js: Any, call: str, words: str) -> None:
    with pytest.raises(EvaluationError) as failed:
        js.value(f"util.time.{call}")
    assert words in failed.value.message
    assert failed.value.message.startswith("code.js:5:8: java.")
    assert failed.value.error_type == "Code"
