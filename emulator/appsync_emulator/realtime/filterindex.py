"""Subscriptions by their filters, so that an event need not ask each of them.

Most filters say `eq` or `in` of some field. Those are found by the values that an event
has there, and only they are asked the rest; equal filters are asked once.
"""

from collections.abc import Hashable

from appsync_emulator.realtime.filters import Filter, Key
from appsync_emulator.realtime.subscription import Accept, Subscription
from appsync_emulator.realtime.values import Path, hashable, value_at
from appsync_emulator.types import JSON

Members = dict[Subscription, None]  # keeps the order of subscribing
Found = dict[Accept, None]


class FilterIndex:
    """Which subscriptions have which filter."""

    __slots__ = ("_asked", "_index", "_members")

    def __init__(self) -> None:
        self._members: dict[Accept, Members] = {}
        self._asked: Found = {}
        self._index: dict[tuple[Path, ...], dict[tuple[Hashable, ...], Found]] = {}

    def __bool__(self) -> bool:
        return bool(self._members)

    def add(self, accept: Accept, subscription: Subscription) -> None:
        """Take a subscription in."""
        members = self._members.get(accept)
        if members is None:
            members = self._members[accept] = {}
            keys = _keys(accept)
            if keys is None:
                self._asked[accept] = None
            for paths, values in keys or ():
                buckets = self._index.setdefault(paths, {})
                buckets.setdefault(values, {})[accept] = None
        members[subscription] = None

    def remove(self, accept: Accept, subscription: Subscription) -> None:
        """Let a subscription go that was added, leaving nothing behind."""
        members = self._members[accept]
        del members[subscription]
        if members:
            return
        del self._members[accept]
        self._asked.pop(accept, None)
        for paths, values in _keys(accept) or ():
            buckets = self._index[paths]
            del buckets[values][accept]
            if not buckets[values]:
                del buckets[values]
            if not buckets:
                del self._index[paths]

    def match(self, tree: JSON) -> list[Subscription]:
        """Find the subscriptions whose filter lets an event pass."""
        found: Found = dict(self._asked)
        for paths, buckets in self._index.items():
            values = tuple([hashable(value_at(path, tree)) for path in paths])
            found.update(buckets.get(values, ()))
        return [
            subscription
            for accept in found
            if accept(tree)
            for subscription in self._members[accept]
        ]


def _keys(accept: Accept) -> tuple[Key, ...] | None:
    return accept.keys if isinstance(accept, Filter) else None
