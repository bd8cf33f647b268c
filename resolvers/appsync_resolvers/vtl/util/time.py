"""`$util.time`."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from time import time as seconds_now
from zoneinfo import ZoneInfo

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.methods.strings import present
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.util.time_format import compile_format, write
from appsync_resolvers.vtl.util.time_parse import Parser, failure, offset_zone
from appsync_resolvers.vtl.values.failure import Thrown

TIME: Table = {}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{0,9}))?)?"
    r"(Z|z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)(?:\[[^\]]*\])?",
    re.ASCII,
)
_AT_UTC = re.compile("^(?:UTC|GMT|UT)(?=[+-])")
_compiled = lru_cache(maxsize=128)(compile_format)


@lru_cache(maxsize=256)
def find_zone(name: str) -> tzinfo | None:
    """Give the zone of an offset or of a region's name, None for an unknown one."""
    zone = offset_zone(_AT_UTC.sub("", name))
    if zone is not None:
        return zone
    if name in ("UTC", "GMT", "UT"):
        return timezone(timedelta(0), name)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _zone(name: str | None) -> tzinfo:
    present(name)
    zone = find_zone(str(name))
    if zone is None:
        what = f"Unknown time-zone ID: {name}"
        raise Thrown(f"java.time.zone.ZoneRulesException: {what}")
    return zone


def _moment(milliseconds: int, zone: tzinfo) -> datetime:
    try:
        return (_EPOCH + timedelta(milliseconds=milliseconds)).astimezone(zone)
    except OverflowError:
        what = "Invalid value for Year"
        raise Thrown(f"java.time.DateTimeException: {what}") from None


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _now() -> int:
    return int(seconds_now() * 1000)


def _iso(milliseconds: int) -> str:
    moment = _moment(milliseconds, UTC).replace(tzinfo=None)
    return f"{moment.isoformat(timespec='milliseconds')}Z"


@method(TIME, "nowISO8601")
def now_iso8601(_context: Context) -> str:
    """Give the time now, such as `2018-02-06T19:01:35.749Z`."""
    return _iso(_now())


@method(TIME, "nowEpochSeconds")
def now_epoch_seconds(_context: Context) -> int:
    """Give the seconds since 1970."""
    return int(seconds_now())


@method(TIME, "nowEpochMilliSeconds")
def now_epoch_milli_seconds(_context: Context) -> int:
    """Give the milliseconds since 1970."""
    return _now()


@method(TIME, "nowFormatted", "s")
@method(TIME, "nowFormatted", "ss")
def now_formatted(context: Context, pattern: str | None, zone: str | None = "Z") -> str:
    """Print the time now with a Java pattern."""
    return epoch_milli_seconds_to_formatted(context, _now(), pattern, zone)


@method(TIME, "epochMilliSecondsToFormatted", "ls")
@method(TIME, "epochMilliSecondsToFormatted", "lss")
def epoch_milli_seconds_to_formatted(
    _context: Context,
    milliseconds: int,
    pattern: str | None,
    zone: str | None = "Z",
) -> str:
    """Print a time with a Java pattern.

    Raises:
        Thrown: the pattern is none, or the zone is unknown.
    """
    present(pattern)
    return write(_compiled(str(pattern)), _moment(milliseconds, _zone(zone)))


@method(TIME, "epochMilliSecondsToISO8601", "l")
def epoch_milli_seconds_to_iso8601(_context: Context, milliseconds: int) -> str:
    """Print a time in UTC with milliseconds."""
    return _iso(milliseconds)


@method(TIME, "epochMilliSecondsToSeconds", "l")
def epoch_milli_seconds_to_seconds(_context: Context, milliseconds: int) -> int:
    """Drop the milliseconds."""
    seconds = abs(milliseconds) // 1000
    return -seconds if milliseconds < 0 else seconds


@method(TIME, "parseFormattedToEpochMilliSeconds", "ss")
@method(TIME, "parseFormattedToEpochMilliSeconds", "sss")
def parse_formatted(
    _context: Context, text: str | None, pattern: str | None, zone: str | None = "Z"
) -> int:
    """Read a time with a Java pattern; the zone counts for a text that names none.

    Raises:
        Thrown: the text does not fit.
    """
    present(text, pattern)
    parser = Parser(str(text), find_zone)
    return _milliseconds(parser.read(_compiled(str(pattern)), _zone(zone)))


@method(TIME, "parseISO8601ToEpochMilliSeconds", "s")
def parse_iso8601(_context: Context, text: str | None) -> int:
    """Read a time in ISO 8601 with an offset.

    Raises:
        Thrown: the text is no such time.
    """
    present(text)
    match = _ISO.fullmatch(str(text))
    zone = offset_zone(match[8].upper()) if match else None
    if match is None or zone is None:
        raise failure(str(text), 0)
    fraction = (match[7] or "").ljust(6, "0")[:6]
    try:
        moment = datetime(
            int(match[1]),
            int(match[2]),
            int(match[3]),
            int(match[4]),
            int(match[5]),
            int(match[6] or 0),
            int(fraction),
            zone,
        )
    except ValueError:
        raise failure(str(text), 0) from None
    return _milliseconds(moment)
