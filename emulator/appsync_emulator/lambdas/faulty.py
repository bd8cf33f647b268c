"""Functions that fail on purpose, whatever runs them."""

import asyncio
from collections.abc import Callable

from appsync_emulator.background import Background
from appsync_emulator.faults import Faults, FunctionFault
from appsync_emulator.lambdas.invocation import (
    Done,
    Event,
    Invocation,
    Outcome,
    error_object,
    stopping,
    throttled,
)
from appsync_emulator.lambdas.logs import FunctionLog, OnLine, Usage
from appsync_emulator.lambdas.runner import Environment, Runner
from appsync_emulator.model import LambdaFunction

_NOTHING = FunctionFault()


class FaultyRunner:
    """Makes environments of another runner in which the faults of a run happen.

    Args:
        function: which.
        runner: makes what runs it.
        faults: asked before every event.
        background: owns the end of what was killed.
        on_line: gets Lambda's own lines about a function that was killed.
    """

    def __init__(
        self,
        function: LambdaFunction,
        runner: Runner,
        faults: Faults,
        background: Background,
        on_line: OnLine,
    ) -> None:
        self.function = function
        self.faults = faults
        self.background = background
        self.on_line = on_line
        self._runner = runner

    def problem(self) -> str | None:
        """Tell why the function cannot run here."""
        return self._runner.problem()

    def changed(self) -> bool:
        """Tell whether there is other code than at the last call."""
        return self._runner.changed()

    def environment(self) -> "FaultyEnvironment":
        """Make a further environment."""
        return FaultyEnvironment(self)

    def make(self) -> Environment:
        """Make an environment in which nothing fails on purpose."""
        return self._runner.environment()


class FaultyEnvironment:
    """An environment whose events may be refused, held up, or killed."""

    def __init__(self, runner: FaultyRunner) -> None:
        self._runner = runner
        self._inner = runner.make()
        self._used = False
        self._done: Done | None = None
        self._timers: list[asyncio.TimerHandle] = []

    @property
    def warm(self) -> bool:
        """Whether the next event needs no initialisation."""
        return self._used and self._inner.warm

    def run(self, event: Event, done: Done) -> None:
        """Begin to work on `event`, as far as its fault allows."""
        function = self._runner.function
        names = (function.name, function.origin.resource or function.name)
        fault = self._runner.faults.function(*names) or _NOTHING
        loop = asyncio.get_running_loop()
        if fault.throttle:
            self._note("is throttled")
            rejection = throttled("ConcurrentInvocationLimitExceeded")
            loop.call_soon(done, rejection)
            return
        self._done = done
        wait = 0.0 if self.warm else fault.cold_start
        if wait:
            self._note(f"starts {wait:g} s later")
        self._used = True
        if fault.crash_after is not None:
            self._later(wait + fault.crash_after, self._crash, event)
        if fault.time_out_after is not None:
            self._later(wait + fault.time_out_after, self._time_out, event)
        if 0 in (fault.crash_after, fault.time_out_after):
            return  # a fast function would be faster than the timer
        if wait:
            self._later(wait, self._begin, event)
        else:
            self._begin(event)

    async def close(self) -> None:
        """End it; an event still being worked on is done with a rejection."""
        self._stop_timers()
        await self._inner.close()
        # What was still waiting for its start has nobody else to tell of the end.
        if self._done is not None:
            self._finish(stopping())

    def _begin(self, event: Event) -> None:
        inner = self._inner

        def finished(outcome: Outcome) -> None:
            if self._inner is inner:
                self._finish(outcome)

        inner.run(event, finished)

    def _finish(self, outcome: Outcome) -> None:
        self._stop_timers()
        done, self._done = self._done, None
        if done is not None:
            done(outcome)

    def _crash(self, event: Event) -> None:
        self._note("crashes")
        text = "Runtime exited with error: signal: killed"
        self._kill(event, "Runtime.ExitError", text, "Runtime.ExitError")

    def _time_out(self, event: Event) -> None:
        self._note("is out of time")
        seconds = self._runner.function.timeout
        text = f"Task timed out after {seconds:.2f} seconds"
        self._kill(event, "Sandbox.Timedout", text, "timeout")

    def _kill(self, event: Event, error_type: str, text: str, failure: str) -> None:
        runner = self._runner
        killed, self._inner = self._inner, runner.make()
        self._used = False
        name = f"kill {runner.function.name}"
        runner.background.start(killed.close(), name)
        log = FunctionLog(runner.function.name, runner.on_line)
        log.begin(event.request_id)
        message = f"RequestId: {event.request_id} Error: {text}"
        log.platform(message, failed=True)
        tail = log.end(Usage(0.0, runner.function.memory, None, None, failure))
        payload = error_object(error_type, message)
        self._finish(Invocation(payload, "Unhandled", event.request_id, tail))

    def _later(
        self, seconds: float, call: Callable[[Event], None], event: Event
    ) -> None:
        loop = asyncio.get_running_loop()
        self._timers.append(loop.call_later(seconds, call, event))

    def _stop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _note(self, what: str) -> None:
        self._runner.faults.note(f"function {self._runner.function.name} {what}")
