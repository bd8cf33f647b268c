"""The subscriptions of one field, indexed by what they filter on.

Arguments filter events by equality with the top-level fields of what the mutation
returned (AppSync developer guide, real-time data). Kept as an index on values, an event
costs the same with a hundred and with five thousand subscribers; what it costs is its
matches.
"""

from collections.abc import Hashable, Iterator, Mapping

from appsync_emulator.realtime.filterindex import FilterIndex
from appsync_emulator.realtime.subscription import Subscription
from appsync_emulator.realtime.values import hashable
from appsync_emulator.types import JSON

Names = tuple[str, ...]
Values = tuple[Hashable, ...]


class Subscribers:
    """The subscriptions of one field."""

    __slots__ = ("_all", "_filtered", "_index", "_revocable")

    def __init__(self) -> None:
        self._all: dict[Subscription, None] = {}  # in the order of subscribing
        self._index: dict[Names, dict[Values, dict[Subscription, None]]] = {}
        self._filtered = FilterIndex()
        self._revocable = FilterIndex()

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Subscription]:
        return iter(self._all)

    def add(self, subscription: Subscription) -> None:
        """Take a subscription in."""
        self._all[subscription] = None
        if subscription.revoked_by is not None:
            self._revocable.add(subscription.revoked_by, subscription)
        if subscription.accept is not None:
            self._filtered.add(subscription.accept, subscription)
            return
        names, values = _key(subscription.arguments)
        self._index.setdefault(names, {}).setdefault(values, {})[subscription] = None

    def remove(self, subscription: Subscription) -> None:
        """Let a subscription go that was added, leaving nothing behind."""
        del self._all[subscription]
        if subscription.revoked_by is not None:
            self._revocable.remove(subscription.revoked_by, subscription)
        if subscription.accept is not None:
            self._filtered.remove(subscription.accept, subscription)
            return
        names, values = _key(subscription.arguments)
        buckets = self._index[names]
        del buckets[values][subscription]
        if not buckets[values]:
            del buckets[values]
        if not buckets:
            del self._index[names]

    def match(self, tree: JSON) -> list[Subscription]:
        """Find the subscriptions that an event is for.

        A field that the mutation did not select counts as null: it matches an argument
        that is explicitly null, and no other (developer guide, real-time data).
        """
        matched: list[Subscription] = []
        fields = tree if isinstance(tree, dict) else {}
        for names, buckets in self._index.items():
            values = tuple([hashable(fields.get(name)) for name in names])
            matched.extend(buckets.get(values, ()))
        if self._filtered:
            matched.extend(self._filtered.match(tree))
        return matched

    def revoked(self, payload: JSON) -> list[Subscription]:
        """Find the subscriptions that an invalidation ends."""
        return self._revocable.match(payload)


def _key(arguments: Mapping[str, JSON]) -> tuple[Names, Values]:
    names = tuple(sorted(arguments))
    return names, tuple([hashable(arguments[name]) for name in names])
