"""What became of recent events: who got which, and why others did not.

Keeping an event costs no more than its JSON text; reasons are made when somebody asks.
What is kept is bounded by number and by size, the oldest is forgotten first.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import time
from typing import Literal

import orjson

from appsync_emulator.jsontext import dumps
from appsync_emulator.realtime.filters import Filter
from appsync_emulator.realtime.subscription import Project, Subscription
from appsync_emulator.realtime.values import hashable
from appsync_emulator.types import JSON

KEPT_EVENTS = 1_000
KEPT_BYTES = 8 * 1024 * 1024
"""Bytes of JSON text of the kept events."""

KEPT_LINKS = 100_000
"""Deliveries of the kept events, all together."""

KEPT_ENDED = 1_000
"""Subscriptions that have ended and whose events can still be explained."""

LARGEST_EVENT = 256 * 1024
"""Bytes of JSON text above which only the fact of an event is kept."""

_SHOWN = 80

Kind = Literal[
    "delivered",
    "argument",
    "filter",
    "not_started",
    "dropped",
]
"""`argument`, `filter`: the event is not for the subscriber; `not_started`: it came
before the subscription; `dropped`: it was for the subscriber and could not be sent."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one event was for one subscription.

    Attributes:
        id: the subscription's, unique in its connection.
        client: the connection.
        arguments: what the subscription was started with.
        kind: whether it was delivered, and if not, what decided so.
        reason: in words; empty when it was delivered.
    """

    id: str
    client: str
    arguments: Mapping[str, JSON]
    kind: Kind
    reason: str = ""

    @property
    def delivered(self) -> bool:
        """Whether the event was handed to the connection."""
        return self.kind == "delivered"

    def __str__(self) -> str:
        said = f"not delivered: {self.reason}" if self.reason else "delivered"
        return f"{self.client}, id {self.id}: {said}"


class Event:
    """A completed mutation field.

    Args:
        mutation: name of the field.
        tree: its completed value, keyed by field names.

    Attributes:
        at: seconds since the epoch.
        text: the tree as JSON, empty when it is too large or too deep to be kept.
    """

    __slots__ = ("at", "mutation", "text")

    def __init__(self, mutation: str, tree: JSON) -> None:
        self.at = time()
        self.mutation = mutation
        try:
            text = dumps(tree)
        except ValueError:
            text = b""
        self.text = text if len(text) <= LARGEST_EVENT else b""


class Publication:
    """What an event was for the subscriptions of one field.

    Args:
        event: what was published.
        field: the subscription field.
        subscribed: how many subscriptions the field had.
        matches: those that the event was for.
        faults: why a payload could not be sent, by what makes it; most often empty.

    Attributes:
        number: counts the publications of an API, from 1; given by `Deliveries`.
    """

    __slots__ = ("event", "faults", "field", "matches", "number", "subscribed")

    def __init__(
        self,
        event: Event,
        field: str,
        subscribed: int,
        matches: list[Subscription],
        faults: Mapping[Project, str],
    ) -> None:
        self.event = event
        self.field = field
        self.subscribed = subscribed
        self.matches = matches
        self.faults = faults
        self.number = 0

    @property
    def mutation(self) -> str:
        """The mutation field that published the event."""
        return self.event.mutation

    @property
    def matched(self) -> int:
        """How many subscriptions the event was for."""
        return len(self.matches)

    @property
    def dropped(self) -> int:
        """How many of them got nothing, because the payload was too big or failed."""
        if not self.faults:
            return 0
        return sum(one.project in self.faults for one in self.matches)

    @property
    def value(self) -> JSON:
        """The event, keyed by field names; None when it was too large to be kept."""
        text = self.event.text
        return orjson.loads(text) if text else None

    def explain(self) -> str:
        """Say in one line how many got the event."""
        text = f"{self.mutation} -> {self.field}: "
        text += f"{self.matched} of {self.subscribed} subscriptions match"
        return f"{text}, {self.dropped} dropped" if self.dropped else text


class Deliveries:
    """The recent events of one API.

    Args:
        registered: gives the subscriptions of a field.
    """

    def __init__(self, registered: Callable[[str], Iterable[Subscription]]) -> None:
        self.number = 0
        self._registered = registered
        self._kept: deque[Publication] = deque()
        self._bytes = 0
        self._links = 0
        self._ended: deque[Subscription] = deque(maxlen=KEPT_ENDED)

    def keep(self, publication: Publication) -> None:
        """Remember a publication, and forget the oldest if there is too much."""
        self.number += 1
        publication.number = self.number
        kept = self._kept
        kept.append(publication)
        self._bytes += len(publication.event.text)
        self._links += len(publication.matches)
        while (
            self._bytes > KEPT_BYTES
            or self._links > KEPT_LINKS
            or len(kept) > KEPT_EVENTS
        ):
            oldest = kept.popleft()
            self._bytes -= len(oldest.event.text)
            self._links -= len(oldest.matches)

    def begun(self, subscription: Subscription) -> None:
        """Note that events from now on may be for a subscription."""
        subscription.since, subscription.until = self.number, math.inf

    def ended(self, subscription: Subscription) -> None:
        """Note that later events are not for a subscription."""
        subscription.until = self.number
        self._ended.append(subscription)

    def publications(self, field: str | None = None) -> list[Publication]:
        """Give the events that are still known, the oldest first.

        Args:
            field: a subscription field; None for all of them.
        """
        return [one for one in self._kept if field is None or one.field == field]

    def verdicts(self, publication: Publication) -> list[Verdict]:
        """Say for each subscription of the field whether it got an event, or why not.

        Subscriptions that began after the event are among them, for that is a usual
        reason to miss one; those that had ended before it are not.
        """
        candidates = [
            *(one for one in self._ended if one.field == publication.field),
            *self._registered(publication.field),
        ]
        matches = set(publication.matches)
        known = set(candidates)
        candidates += [one for one in publication.matches if one not in known]
        value = publication.value
        return [
            _verdict(one, publication, value, matched=one in matches)
            for one in candidates
            if one.until >= publication.number
        ]


def _verdict(
    subscription: Subscription,
    publication: Publication,
    value: JSON,
    *,
    matched: bool,
) -> Verdict:
    kind: Kind = "delivered"
    reason = ""
    if matched:
        reason = publication.faults.get(subscription.project, "")
        kind = "dropped" if reason else "delivered"
    elif subscription.since >= publication.number:
        kind, reason = "not_started", "the event came before the subscription"
    else:
        kind, reason = why_not(subscription, value, known=bool(publication.event.text))
    return Verdict(
        subscription.id,
        subscription.outbox.name,
        subscription.arguments,
        kind,
        reason,
    )


def why_not(
    subscription: Subscription, tree: JSON, *, known: bool = True
) -> tuple[Kind, str]:
    """Say why an event is not for a subscription.

    Args:
        subscription: whose filter or arguments do not match.
        tree: the event.
        known: whether the event was kept; else there is nothing to compare.
    """
    accept = subscription.accept
    kind: Kind = "argument" if accept is None else "filter"
    if not known:
        return kind, "the event was too large to be kept"
    if accept is None:
        return kind, "; ".join(_different(subscription.arguments, tree))
    if isinstance(accept, Filter):
        return kind, accept.explain(tree, show)
    return kind, "its filter does not hold"


def _different(arguments: Mapping[str, JSON], tree: JSON) -> Iterable[str]:
    """Say of each argument that keeps an event away what it and the event have."""
    fields = tree if isinstance(tree, dict) else {}
    for name, wanted in arguments.items():
        if hashable(fields.get(name)) == hashable(wanted):
            continue
        if name in fields:
            found = f"the event has {show(fields[name])}"
        else:
            found = "the mutation did not select it"
        yield f"argument {name} is {show(wanted)}: {found}"


def show(value: JSON) -> str:
    """Write a value for people, shortened."""
    text = dumps(value).decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
