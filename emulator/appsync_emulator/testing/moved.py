"""The handles by which a test moves the time and lets things go wrong."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from appsync_emulator.clock import MovableClock
from appsync_emulator.faults import (
    ANY,
    ConnectionFault,
    Fault,
    Faults,
    FunctionFault,
    ModelFault,
    SubscriptionFault,
)
from appsync_emulator.testing.names import find_name
from appsync_emulator.testing.recorder import Recorder
from appsync_emulator.testing.thread import LoopThread


class TestClock:
    """The emulator's time: the machine's, moved ahead as far as the test wants."""

    __test__ = False  # pytest shall not take it for tests

    def __init__(
        self, clock: MovableClock, thread: LoopThread, recorder: Recorder
    ) -> None:
        self._clock = clock
        self._thread = thread
        self._recorder = recorder

    def now(self) -> float:
        """Give the time as epoch seconds."""
        return self._clock.now()

    def advance(self, seconds: float) -> None:
        """Move the time ahead: retries that are due are run, keys expire.

        Raises:
            ValueError: `seconds` is negative.
        """
        if seconds < 0:
            raise ValueError(f"advance({seconds}): time does not go back.")
        self._recorder.note(f"the clock is moved by {seconds:g} s")
        self._thread.call(lambda: self._clock.advance(seconds))


class TestFaults:
    """What goes wrong on purpose, until the test ends.

    Of several faults for one thing the last one counts. They are for what begins later:
    subscriptions, attempts of functions, answers of the model.

    Args:
        faults: those of the emulator.
        thread: of the emulator.
        function: gives a function's own name, or raises KeyError.
        subscription: the same for a subscription field.
    """

    __test__ = False  # pytest shall not take it for tests

    def __init__(
        self,
        faults: Faults,
        thread: LoopThread,
        function: Callable[[str], str],
        subscription: Callable[[str], str],
    ) -> None:
        self._faults = faults
        self._thread = thread
        self._function = function
        self._subscription = subscription

    @property
    def seed(self) -> int:
        """What the dice depend on; another seed gives other faults."""
        return self._faults.seed

    @seed.setter
    def seed(self, seed: int) -> None:
        self._faults.seed = seed

    @property
    def happened(self) -> list[str]:
        """The faults that happened so far."""
        return self._thread.call(lambda: [one.text for one in self._faults.notes])

    def subscription(self, field: str = ANY, **options: Any) -> None:
        """Disturb deliveries: `delay`, `jitter` (seconds), `reorder`, `duplicate`,
        `drop` (parts of the events), `cut_after` (events).
        """  # noqa: D205 -- a list of options is no sentence
        own = field if field == ANY else self._subscription(field)
        self._add(SubscriptionFault, options, own)

    def connection(self, **options: Any) -> None:
        """Disturb connections: `no_ka`, `timeout_ms`."""
        self._add(ConnectionFault, options)

    def function(self, name: str = ANY, **options: Any) -> None:
        """Disturb a function: `cold_start`, `crash_after`, `time_out_after` (seconds),
        `throttle`; `times` is for how many attempts.
        """  # noqa: D205 -- a list of options is no sentence
        own = name if name == ANY else self._function(name)
        self._add(FunctionFault, options, own)

    def model(self, **options: Any) -> None:
        """Disturb the stand-in model: `first_token`, `stall` (seconds), `stall_after`,
        `error_after`, `cut_after` (tokens); `times` is for how many answers.
        """  # noqa: D205 -- a list of options is no sentence
        self._add(ModelFault, options)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._thread.call(lambda: self._faults.clear(self.seed))

    def _add(self, kind: type[Fault], options: dict[str, Any], name: str = ANY) -> None:
        known = {one.name: one.name for one in fields(kind) if one.name != "name"}
        for option in options:
            find_name(option, known, "option")
        fault = kind(name, **options)
        self._thread.call(lambda: self._faults.add(fault))
