"""Lambda's queue for asynchronous invocation: at least once, with retries.

Rules from the Lambda developer guide, "How Lambda handles errors and retries with
asynchronous invocation": a failing function is run up to two more times, after one and
after two minutes; throttles and errors of the service are tried again from 1 second up
to every 5 minutes, without counting as attempts; nothing gets older than six hours.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from appsync_emulator.background import Background
from appsync_emulator.clock import Clock
from appsync_emulator.errors import EmulatorError
from appsync_emulator.lambdas.invocation import (
    Attempt,
    Event,
    Invocation,
    InvokeRejected,
    Outcome,
    attempt_of,
    error_text_of,
    throttled,
)
from appsync_emulator.lambdas.pool import Pool
from appsync_emulator.model import LambdaFunction

log = logging.getLogger(__name__)

LONGEST = 10_000
"""How many events may wait or run at once, over all functions."""

LARGEST = 268_435_456
"""How many bytes of payloads these may have together (256 MB)."""

RETRY_WAITS = (60.0, 120.0)
"""Seconds before the second and the third attempt."""

BACK_OFF = (1.0, 300.0)
"""Seconds before the first repetition after a throttle, and the most there are."""

RETRY = "retry"
"""First word of the name of every task that waits for a retry."""

Condition = Literal[
    "Success", "RetriesExhausted", "EventAgeExceeded", "ZeroReservedConcurrency"
]
"""How an event ended, in the words that destinations get."""


@dataclass(frozen=True, slots=True)
class FinishedEvent:
    """The end of an event: what a destination or dead-letter queue would be told.

    Attributes:
        attempts: how many times the function was run.
        outcome: of the last attempt, or the rejection; None when nothing was tried.
    """

    function: LambdaFunction
    event: Event
    condition: Condition
    attempts: int
    outcome: Outcome | None


Finished = Callable[[FinishedEvent], None]
Attempted = Callable[[Attempt], None]


@dataclass(frozen=True, slots=True)
class Policy:
    """How long and how often a function's events are tried.

    Attributes:
        retries: after the first attempt.
        age: seconds.
    """

    retries: int
    age: float


def policy_of(config: Mapping[str, object]) -> Policy:
    """Read `EventInvokeConfig`; Lambda's defaults are 2 retries and 6 hours."""
    retries = config.get("MaximumRetryAttempts")
    age = config.get("MaximumEventAgeInSeconds")
    return Policy(
        2 if retries is None else int(str(retries)),
        21_600.0 if age is None else float(str(age)),
    )


@dataclass(slots=True, eq=False)
class Item:
    """An event in the queue.

    Attributes:
        accepted: seconds of the clock.
        attempts: how many times the function was run to its end so far.
        throttles: how many times it could not be run.
        due: seconds of the clock at which it is tried again, while it waits for that.
    """

    function: LambdaFunction
    pool: Pool
    event: Event
    policy: Policy
    accepted: float
    attempts: int = 0
    throttles: int = 0
    due: float = 0.0


class AsyncQueue:
    """Takes events, answers at once, and works on them later.

    Args:
        clock: for retries and ages.
        background: owns what waits for a retry.
        attempted: told of every attempt.
        finished: told of every event that has left the queue.
    """

    def __init__(
        self,
        clock: Clock,
        background: Background,
        *,
        attempted: Attempted,
        finished: Finished,
    ) -> None:
        self._clock = clock
        self._background = background
        self._attempted = attempted
        self._finished = finished
        self._items: set[Item] = set()
        self._sleeping: dict[Item, asyncio.Task[None]] = {}
        self._bytes = 0

    @property
    def running(self) -> list[Item]:
        """What is being worked on or waits for an environment."""
        return [item for item in self._items if item not in self._sleeping]

    @property
    def busy(self) -> bool:
        """Whether anything is being worked on or waits for an environment."""
        return len(self._items) > len(self._sleeping)

    @property
    def sleeping(self) -> list[Item]:
        """What waits for a retry."""
        return list(self._sleeping)

    def __len__(self) -> int:
        return len(self._items)

    def put(self, function: LambdaFunction, pool: Pool, event: Event) -> None:
        """Take an event; it is worked on as soon as the loop comes to it.

        Raises:
            InvokeRejected: the queue is full.
        """
        size = self._bytes + len(event.payload)
        if len(self._items) >= LONGEST or size > LARGEST:
            raise throttled("CallerRateLimitExceeded")
        policy = policy_of(function.async_config)
        item = Item(function, pool, event, policy, self._clock.now())
        self._items.add(item)
        self._bytes = size
        asyncio.get_running_loop().call_soon(self._attempt, item)

    def drop(self) -> None:
        """Forget every event; what becomes of those that run is not told."""
        for task in self._sleeping.values():
            task.cancel()
        self._sleeping.clear()
        self._items.clear()
        self._bytes = 0

    def _attempt(self, item: Item) -> None:
        if item not in self._items:
            return
        if item.pool.reserved == 0:
            # Not worth a retry to Lambda (observed: recordings of reserved concurrency
            # in LocalStack's test suite, condition and count of the destination).
            self._end(item, "ZeroReservedConcurrency", None)
            return
        loop = asyncio.get_running_loop()
        started = loop.time()

        def done(outcome: Outcome) -> None:
            if item in self._items:
                self._attempt_ended(item, outcome, loop.time() - started)

        try:
            item.pool.submit(item.event, done, may_refuse=False)
        except InvokeRejected as rejected:
            done(rejected)
        except EmulatorError as error:
            log.error("%s", error)  # noqa: TRY400 - the message says it all
            done(InvokeRejected("ServiceException", str(error), 500))

    def _attempt_ended(self, item: Item, outcome: Outcome, duration: float) -> None:
        ran = isinstance(outcome, Invocation)
        if ran:
            item.attempts += 1
        number = item.attempts if ran else item.attempts + 1
        self._attempted(
            attempt_of(
                item.function.name,
                item.event,
                outcome,
                kind="Event",
                number=number,
                duration=duration,
            )
        )
        if isinstance(outcome, InvokeRejected):
            first, most = BACK_OFF
            wait = min(first * 2**item.throttles, most)
            item.throttles = min(item.throttles + 1, 16)
            self._retry(item, wait, outcome)
        elif outcome.function_error is None:
            self._end(item, "Success", outcome)
        elif item.attempts > item.policy.retries:
            self._end(item, "RetriesExhausted", outcome)
        else:
            self._retry(item, RETRY_WAITS[min(item.attempts, 2) - 1], outcome)

    def _retry(self, item: Item, wait: float, outcome: Outcome) -> None:
        age = self._clock.now() - item.accepted + wait
        if age > item.policy.age:
            # Lambda gives up at once when the next attempt would be too late (observed:
            # recording of MaximumEventAgeInSeconds in LocalStack's test suite).
            self._end(item, "EventAgeExceeded", outcome)
            return
        log.info(
            "Event %s of function %s goes back to the queue for %g s: %s",
            item.event.request_id,
            item.function.name,
            wait,
            _text(outcome),
        )
        item.due = self._clock.now() + wait
        name = f"{RETRY} {item.event.request_id} of {item.function.name}"
        self._sleeping[item] = self._background.start(self._later(item, wait), name)

    async def _later(self, item: Item, wait: float) -> None:
        await self._clock.sleep(wait)
        del self._sleeping[item]
        self._attempt(item)

    def _end(self, item: Item, condition: Condition, outcome: Outcome | None) -> None:
        self._items.discard(item)
        self._bytes -= len(item.event.payload)
        if condition != "Success":
            log.warning(
                "Event %s of function %s %s after %d attempts (%s): %s",
                item.event.request_id,
                item.function.name,
                _fate(item.function),
                item.attempts,
                condition,
                _text(outcome),
            )
        self._finished(
            FinishedEvent(item.function, item.event, condition, item.attempts, outcome)
        )


def _fate(function: LambdaFunction) -> str:
    """Say what becomes of an event that the function did not succeed with."""
    config = function.async_config
    if (config.get("DestinationConfig") or {}).get("OnFailure"):
        return "goes to the destination for failures"
    if config.get("DeadLetterConfig"):
        return "goes to the dead-letter queue"
    return "is lost"


def _text(outcome: Outcome | None) -> str:
    if outcome is None:
        return "its reserved concurrency is 0"
    if isinstance(outcome, InvokeRejected):
        return str(outcome)
    return error_text_of(outcome.payload)
