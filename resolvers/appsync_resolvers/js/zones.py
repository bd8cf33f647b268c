"""Time zone tables for the runtime, which has no zone data of its own.

A table lists the moments a region's offset changed: [[from second, offset in seconds,
abbreviation], …], with a first entry for everything before. It is made when a resolver
first names the region.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson

_FIRST_YEAR = 1900
_LAST_YEAR = 2100
_STEP = timedelta(days=28)  # no region kept an offset for less
_Entry = tuple[int, str]


@cache
def zone_table(name: str) -> str:
    """Give the table of a region as JSON, `null` for a region nobody knows."""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "null"
    return orjson.dumps(_changes(zone)).decode()


def _changes(zone: ZoneInfo) -> list[tuple[int, int, str]]:
    moment = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC)
    end = datetime(_LAST_YEAR, 1, 1, tzinfo=UTC)
    entry = _entry(zone, moment)
    changes = [(-(2**53), *entry)]
    while moment < end:
        following = moment + _STEP
        later = _entry(zone, following)
        if later != entry:
            changes.append((_first(zone, moment, following, entry), *later))
            entry = later
        moment = following
    return changes


def _first(zone: ZoneInfo, low: datetime, high: datetime, before: _Entry) -> int:
    """Find the second between two moments at which an entry ends."""
    start, stop = int(low.timestamp()), int(high.timestamp())
    while stop - start > 1:
        middle = (start + stop) // 2
        if _entry(zone, datetime.fromtimestamp(middle, UTC)) == before:
            start = middle
        else:
            stop = middle
    return stop


def _entry(zone: ZoneInfo, moment: datetime) -> _Entry:
    local = moment.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    return round(offset.total_seconds()), local.tzname() or ""
