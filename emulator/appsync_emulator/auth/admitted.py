"""Remembers who was let in, for as long as that is good."""

from collections.abc import Hashable
from typing import Generic, TypeVar

LIMIT = 1024

Value = TypeVar("Value")


class Admitted(Generic[Value]):
    """A bounded table whose entries end.

    Args:
        limit: entries at most; the oldest one makes room.
    """

    __slots__ = ("_entries", "_limit")

    def __init__(self, limit: int = LIMIT) -> None:
        self._entries: dict[Hashable, tuple[float, Value]] = {}
        self._limit = limit

    def get(self, key: Hashable, now: float) -> Value | None:
        """Give what is remembered; None when it is not, or no longer good."""
        found = self._entries.get(key)
        if found is None:
            return None
        if found[0] > now:
            return found[1]
        del self._entries[key]
        return None

    def put(self, key: Hashable, value: Value, until: float) -> None:
        """Remember `value` until then."""
        entries = self._entries
        entries.pop(key, None)
        if len(entries) >= self._limit:
            del entries[next(iter(entries))]
        entries[key] = (until, value)
