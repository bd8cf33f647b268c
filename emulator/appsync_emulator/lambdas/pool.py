"""The execution environments of one function."""

import asyncio
import logging
import os
from collections import deque

from appsync_emulator.background import Background
from appsync_emulator.errors import EmulatorError
from appsync_emulator.lambdas.invocation import (
    Done,
    Event,
    Outcome,
    stopping,
    throttled,
)
from appsync_emulator.lambdas.runner import Environment, Runner

log = logging.getLogger(__name__)

LONGEST_QUEUE = 1_000
"""How many synchronous requests may wait for an environment of one function. On AWS
that many run at once by default; here they run one after the other."""

KEEP = 300.0
"""Seconds that an idle environment is kept."""

STARTS = max(2, os.cpu_count() or 1)
"""How many environments may start at the same time. In a burst the first ones are warm
and have done most of the work before the machine could have started one for each event,
and meanwhile it would have had no time for anything else."""

PATIENCE = 0.25
"""Seconds after which a start no longer counts as one: it waits for something else than
the machine."""

LOOK = 0.005
"""Seconds between looks for whether another one may start."""


class Pool:
    """Hands events to environments: warm ones first, new ones up to a limit.

    Args:
        name: of the function.
        runner: makes environments.
        limit: how many environments there may be.
        reserved: the function's reserved concurrency, None without one.
        background: owns the closing of environments.
    """

    def __init__(
        self,
        name: str,
        runner: Runner,
        *,
        limit: int,
        reserved: int | None,
        background: Background,
    ) -> None:
        self._name = name
        self._runner = runner
        self._limit = max(limit, 1)
        self.reserved = reserved
        self._background = background
        self._idle: deque[tuple[Environment, float]] = deque()
        self._busy: dict[Environment, int] = {}
        self._closing: set[Environment] = set()
        self._waiting: deque[tuple[Event, Done]] = deque()
        self._generation = 0
        self._reaper: asyncio.TimerHandle | None = None
        self._starts: dict[Environment, float] = {}
        self._looking: asyncio.TimerHandle | None = None
        self._closed = False
        self._told = False

    @property
    def size(self) -> int:
        """How many environments there are, idle ones included."""
        return len(self._idle) + len(self._busy)

    @property
    def busy(self) -> bool:
        """Whether an event is being worked on or waits for an environment."""
        return bool(self._busy or self._waiting)

    def use(self, runner: Runner) -> None:
        """Make environments by another runner from now on."""
        self._runner = runner
        self._retire("is replaced")

    def check(self) -> None:
        """Make sure that the function can run on this machine.

        Raises:
            EmulatorError: it cannot; the message tells its developer why.
        """
        problem = None if self.size else self._runner.problem()
        if problem is not None:
            raise EmulatorError("E020", f"Function {self._name} cannot run. {problem}")

    def submit(self, event: Event, done: Done, *, may_refuse: bool) -> None:
        """Work on `event` as soon as possible, then call `done`.

        Args:
            event: what to work on.
            done: called exactly once, never before this returns.
            may_refuse: a long queue refuses the event.

        Raises:
            InvokeRejected: the function is throttled, or the emulator is stopping.
            EmulatorError: the function cannot run on this machine.
        """
        if self._closed:
            raise stopping()
        running = len(self._busy) + len(self._waiting)
        if self.reserved is not None and running >= self.reserved:
            raise throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
        if self._runner.changed():
            self._retire("has changed")
        environment = None if self._waiting else self._free()
        if environment is not None:
            self._run(environment, event, done)
        elif may_refuse and len(self._waiting) >= LONGEST_QUEUE:
            raise throttled("ConcurrentInvocationLimitExceeded")
        else:
            self._waiting.append((event, done))
            self._wait()

    async def close(self) -> None:
        """End all environments; events that were not done are rejected."""
        self._closed = True
        for timer in (self._reaper, self._looking):
            if timer is not None:
                timer.cancel()
        while self._waiting:
            self._waiting.popleft()[1](stopping())
        open_ones = [environment for environment, _ in self._idle]
        open_ones += [*self._busy, *self._closing]
        self._idle.clear()
        await asyncio.gather(*(environment.close() for environment in open_ones))

    def _free(self) -> Environment | None:
        if self._idle:
            return self._idle.pop()[0]
        if self.size >= self._limit or self._starting() >= STARTS:
            return None
        self.check()
        environment = self._runner.environment()
        if not environment.warm:
            self._starts[environment] = asyncio.get_running_loop().time()
        return environment

    def _starting(self) -> int:
        """Count the environments that are starting, and keep the machine busy."""
        if not self._starts:
            return 0
        since = asyncio.get_running_loop().time() - PATIENCE
        self._starts = {
            environment: began
            for environment, began in self._starts.items()
            if began > since and environment in self._busy and not environment.warm
        }
        return len(self._starts)

    def _look_later(self) -> None:
        if self._looking is None:
            loop = asyncio.get_running_loop()
            self._looking = loop.call_later(LOOK, self._look)

    def _look(self) -> None:
        """Start what had to wait until others had started."""
        self._looking = None
        while self._waiting and (environment := self._free()) is not None:
            self._run(environment, *self._waiting.popleft())
        if self._waiting:
            self._wait()

    def _wait(self) -> None:
        """Look again, unless only the end of an event can help those that wait."""
        if self.size >= self._limit:
            self._tell_of_waiting()
        else:
            self._look_later()

    def _tell_of_waiting(self) -> None:
        """Say once that events take longer than they would on AWS."""
        if self._told:
            return
        self._told = True
        log.warning(
            "Function %s is working on %s events at once, so others wait, which they "
            "would not on AWS. --max-environments allows for more.",
            self._name,
            self._limit,
        )

    def _run(self, environment: Environment, event: Event, done: Done) -> None:
        self._busy[environment] = self._generation

        def finished(outcome: Outcome) -> None:
            self._release(environment)
            done(outcome)

        environment.run(event, finished)

    def _release(self, environment: Environment) -> None:
        generation = self._busy.pop(environment)
        if self._closed:
            return
        if generation != self._generation:
            self._close(environment)
            if self._waiting:
                environment = self._runner.environment()
        if self._waiting:
            self._run(environment, *self._waiting.popleft())
        elif generation == self._generation:
            self._keep(environment)

    def _keep(self, environment: Environment) -> None:
        now = asyncio.get_running_loop().time()
        if environment.warm:
            self._idle.append((environment, now))
        else:  # its process has ended: whoever is warm goes first
            self._idle.appendleft((environment, now))
        if self._reaper is None:
            self._reap_later()

    def _retire(self, how: str) -> None:
        """The code is another: idle environments end now, busy ones when done."""
        self._generation += 1
        log.info("The code of %s %s", self._name, how)
        while self._idle:
            self._close(self._idle.pop()[0])

    def _reap_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._reaper = loop.call_later(KEEP / 5, self._reap)

    def _reap(self) -> None:
        self._reaper = None
        oldest = asyncio.get_running_loop().time() - KEEP
        while self._idle and self._idle[0][1] <= oldest:
            self._close(self._idle.popleft()[0])
        if self._idle:
            self._reap_later()

    def _close(self, environment: Environment) -> None:
        self._closing.add(environment)
        name = f"close an environment of {self._name}"
        task = self._background.start(environment.close(), name)
        task.add_done_callback(lambda _: self._closing.discard(environment))
