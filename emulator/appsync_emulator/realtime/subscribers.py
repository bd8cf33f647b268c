"""The subscriptions of one field, indexed by what they filter on.

Arguments filter events by equality with the top-level fields of what the mutation
returned (AppSync developer guide, real-time data). Kept as an index on values, an event
costs the same with a hundred and with five thousand subscribers; what it costs is its
matches.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from appsync_emulator.realtime.subscription import Accept, Subscription
from appsync_emulator.types import JSON

Names = tuple[str, ...]
Values = tuple[Hashable, ...]
Bucket = dict[Subscription, None]  # keeps the order of subscribing


@dataclass(frozen=True, slots=True)
class Matches:
    """The subscriptions that an event is for.

    Attributes:
        looked_up: per set of argument names in use, the values the event has.
    """

    subscriptions: list[Subscription]
    looked_up: list[tuple[Names, Values]]


class Subscribers:
    """The subscriptions of one field."""

    __slots__ = ("_filtered", "_index", "_revocable", "count")

    def __init__(self) -> None:
        self.count = 0
        self._index: dict[Names, dict[Values, Bucket]] = {}
        self._filtered: Bucket = {}
        self._revocable: Bucket = {}

    def add(self, subscription: Subscription) -> None:
        """Take a subscription in."""
        self.count += 1
        if subscription.revoked_by is not None:
            self._revocable[subscription] = None
        if subscription.accept is not None:
            self._filtered[subscription] = None
            return
        names, values = _key(subscription.arguments)
        self._index.setdefault(names, {}).setdefault(values, {})[subscription] = None

    def remove(self, subscription: Subscription) -> None:
        """Let a subscription go that was added, leaving nothing behind."""
        self.count -= 1
        self._revocable.pop(subscription, None)
        if subscription.accept is not None:
            del self._filtered[subscription]
            return
        names, values = _key(subscription.arguments)
        buckets = self._index[names]
        del buckets[values][subscription]
        if not buckets[values]:
            del buckets[values]
        if not buckets:
            del self._index[names]

    def match(self, tree: JSON) -> Matches:
        """Find the subscriptions for an event.

        A field that the mutation did not select counts as null: it matches an argument
        that is explicitly null, and no other (developer guide, real-time data).
        """
        matched: list[Subscription] = []
        looked_up: list[tuple[Names, Values]] = []
        fields = tree if isinstance(tree, dict) else {}
        for names, buckets in self._index.items():
            values = tuple([_hashable(fields.get(name)) for name in names])
            looked_up.append((names, values))
            matched.extend(buckets.get(values, ()))
        if self._filtered:
            answers: dict[Accept | None, bool] = {None: True}
            for subscription in self._filtered:
                accept = subscription.accept
                if accept is not None and accept not in answers:
                    answers[accept] = accept(tree)
                if answers[accept]:
                    matched.append(subscription)
        return Matches(matched, looked_up)

    def revoked(self, payload: JSON) -> list[Subscription]:
        """Find the subscriptions that an invalidation ends."""
        return [
            subscription
            for subscription in self._revocable
            if subscription.revoked_by is not None and subscription.revoked_by(payload)
        ]


def _key(arguments: Mapping[str, JSON]) -> tuple[Names, Values]:
    names = tuple(sorted(arguments))
    return names, tuple([_hashable(arguments[name]) for name in names])


def _hashable(value: JSON) -> Hashable:
    """Give a stand-in that is equal exactly when the JSON values are.

    Lists and objects are compared as a whole; what AppSync does with them as arguments
    is not documented. `true` is not 1, though Python thinks so.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, list):
        return ("list", *map(_hashable, value))
    if isinstance(value, dict):
        members: Any = ((name, _hashable(member)) for name, member in value.items())
        return ("object", frozenset(members))
    number: Hashable = value
    return number  # 1 and 1.0 are the same
