"""What tests assert: who was invoked, who got which event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

import orjson

from appsync_emulator.lambdas.service import Attempt
from appsync_emulator.realtime.deliveries import Deliveries as Kept
from appsync_emulator.realtime.deliveries import Verdict
from appsync_emulator.testing.texts import short
from appsync_emulator.types import JSON


@dataclass(frozen=True, slots=True)
class Call:
    """An attempt to run a function that has ended.

    Attributes:
        function: logical id of the function's resource, or its name.
        kind: `RequestResponse` or `Event`.
        attempt: from 1; above 1 only for retries of events.
        payload: what the function got.
        outcome: `Success`, `Unhandled`, or the error type of Lambda's rejection.
        error_type: of the function's error object, or as `outcome`; None for a success.
        result: what the function answered, an error object when it failed.
        log: the last 4 KB that it logged.
        duration: seconds.
        at: when it ended, seconds since the epoch.
        request_id: the same for all attempts of an event.
    """

    function: str
    kind: str
    attempt: int
    payload: JSON
    outcome: str
    error_type: str | None
    result: JSON
    log: str
    duration: float
    at: float
    request_id: str

    @property
    def succeeded(self) -> bool:
        """Whether the function came to its end."""
        return self.outcome == "Success"

    def __str__(self) -> str:
        text = f"{self.function} ({self.kind}, attempt {self.attempt}) "
        text += f"{short(self.payload)} -> {self.outcome}"
        return text if self.result is None else f"{text} {short(self.result)}"


class Invocations(list[Call]):
    """Attempts in the order in which they ended."""

    __slots__ = ("_find",)

    def __init__(self, calls: list[Call], find: Callable[[str], str]) -> None:
        super().__init__(calls)
        self._find = find

    def of(self, name: str) -> "Invocations":
        """Give those of one function, by any of its names.

        Raises:
            KeyError: there is no such function.
        """
        wanted = self._find(name)
        return Invocations([one for one in self if one.function == wanted], self._find)

    @property
    def payloads(self) -> list[JSON]:
        """What the functions got."""
        return [one.payload for one in self]

    @property
    def outcomes(self) -> list[str]:
        """How the attempts ended."""
        return [one.outcome for one in self]


def call_of(at: float, attempt: Attempt, names: Mapping[str, str]) -> Call:
    """Make an entry of the log.

    Args:
        at: when it ended.
        attempt: as Lambda told it.
        names: of functions, to show.
    """
    return Call(
        function=names.get(attempt.function, attempt.function),
        kind=attempt.kind,
        attempt=attempt.number,
        payload=_parsed(attempt.payload),
        outcome=attempt.outcome,
        error_type=attempt.error_type,
        result=_parsed(attempt.answer),
        log=attempt.log_tail,
        duration=attempt.duration,
        at=at,
        request_id=attempt.request_id,
    )


def _parsed(text: bytes) -> JSON:
    try:
        return orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return text.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a mutation field's event for one subscription field.

    Attributes:
        mutation: the field that published it.
        field: the subscription field.
        event: keyed by field names; None when it was too large to be kept.
        verdicts: what it was for each subscription.
        at: seconds since the epoch.
    """

    mutation: str
    field: str
    event: JSON
    verdicts: tuple[Verdict, ...]
    at: float

    @property
    def delivered(self) -> list[Verdict]:
        """The subscriptions that got it."""
        return [one for one in self.verdicts if one.delivered]

    @property
    def missed(self) -> list[Verdict]:
        """The subscriptions that did not get it, each with its reason."""
        return [one for one in self.verdicts if not one.delivered]

    def __str__(self) -> str:
        text = f"{self.mutation} -> {self.field} {short(self.event)}: "
        if not self.verdicts:
            return f"{text}nobody was subscribed"
        return text + "; ".join(map(str, self.verdicts))


class Deliveries(list[Delivery]):
    """Events in the order in which they were published."""

    __slots__ = ()

    def of(self, field: str) -> Self:
        """Give those for one subscription field, or of one mutation field."""
        return type(self)(one for one in self if field in (one.field, one.mutation))

    @property
    def events(self) -> list[JSON]:
        """The events themselves."""
        return [one.event for one in self]


def deliveries_of(kept: Kept, since: int) -> Deliveries:
    """Read the log of an API, from behind the publication number `since`."""
    return Deliveries(
        Delivery(
            one.mutation,
            one.field,
            one.value,
            tuple(kept.verdicts(one)),
            one.event.at,
        )
        for one in kept.publications()
        if one.number > since
    )
