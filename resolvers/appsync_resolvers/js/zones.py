"""Time zone tables for the runtime, which has no zone data of its own.

A table lists the moments a region's offset changed: [[from second, offset in seconds,
abbreviation], …], with a first entry for everything before. It is made when a resolver
first names the region.
"""

from datetime import UTC, datetime, tzinfo
from functools import cache

import orjson

_FIRST = int(datetime(1800, 1, 1, tzinfo=UTC).timestamp())
_LAST = int(datetime(2150, 1, 1, tzinfo=UTC).timestamp())
_STEP = 28 * 86400  # no region kept an offset for less


@cache
def zone_table(name: str) -> str:
    """Give the table of a region as JSON, `null` for a region nobody knows."""
    from zoneinfo import (  # noqa: PLC0415 (few resolvers name a region)
        ZoneInfo,
        ZoneInfoNotFoundError,
    )

    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "null"
    return orjson.dumps(_changes(zone)).decode()


def _changes(zone: tzinfo) -> list[tuple[int, int, str]]:
    at = datetime.fromtimestamp
    moment = _FIRST
    offset = at(moment, zone).utcoffset()
    changes = [_entry(zone, moment, start=-(2**53))]
    while moment < _LAST:
        following = moment + _STEP
        if at(following, zone).utcoffset() != offset:
            while following - moment > 1:
                middle = (moment + following) // 2
                if at(middle, zone).utcoffset() == offset:
                    moment = middle
                else:
                    following = middle
            offset = at(following, zone).utcoffset()
            changes.append(_entry(zone, following, start=following))
        moment = following
    return changes


def _entry(zone: tzinfo, moment: int, *, start: int) -> tuple[int, int, str]:
    local = datetime.fromtimestamp(moment, zone)
    offset = local.utcoffset()
    seconds = 0 if offset is None else round(offset.total_seconds())
    return start, seconds, local.tzname() or ""
