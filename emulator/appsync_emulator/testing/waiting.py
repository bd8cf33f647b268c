"""Waiting until nothing is left to do, and telling what is."""

import asyncio
from collections.abc import Callable, Mapping

from appsync_emulator.clock import MovableClock
from appsync_emulator.emulator import Emulator
from appsync_emulator.lambdas.async_queue import RETRY
from appsync_emulator.testing.failures import WaitFailed
from appsync_emulator.testing.queues import Queues
from appsync_emulator.testing.texts import seconds_text

LOOK = 0.02
"""Seconds between two looks at what is left, should nothing tell of a change."""


class Idle:
    """Waits for background work.

    Args:
        emulator: whose.
        clock: its clock.
        queues: its queues.
        names: of functions, to show.
        timeline: tells what happened, and what is under way.
    """

    def __init__(
        self,
        emulator: Emulator,
        clock: MovableClock,
        queues: Queues,
        names: Mapping[str, str],
        timeline: Callable[[], str],
    ) -> None:
        self._names = names
        self._emulator = emulator
        self._clock = clock
        self._timeline = timeline
        self._queues = queues
        self._queued: dict[str, int] = {}

    async def wait(self, limit: float, *, advance: bool) -> None:
        """Wait until no background work is left, counting what work starts.

        Args:
            limit: seconds.
            advance: move the clock to the next retry whenever nothing else is left.

        Raises:
            WaitFailed: there is still work, or nothing but retries that are due later.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + limit
        while await self._left():
            if self._only_retries():
                due = min(item.due for item in self._emulator.lambdas.sleeping)
                wait = max(due - self._clock.now(), 0.0)
                if advance:
                    self._clock.advance(wait + 0.001)
                elif loop.time() + wait > end:
                    raise self._failed("Nothing is left but what is due later.")
            if loop.time() > end:
                raise self._failed(f"There is still work after {seconds_text(limit)}.")
            await self._change()

    async def _left(self) -> bool:
        if self._emulator.lambdas.active or self._emulator.background.names:
            self._queued = {}
            return True
        # What a function has sent to a queue is work, too, as soon as one reads it.
        self._queued = await self._queues.waiting()
        return bool(self._queued)

    def _only_retries(self) -> bool:
        lambdas = self._emulator.lambdas
        if not lambdas.active:
            return False
        if lambdas.active != len(lambdas.sleeping):
            return False
        return all(name.startswith(RETRY) for name in self._emulator.background.names)

    async def _change(self) -> None:
        """Wait until everything is done, or a moment."""
        if self._queued:
            await asyncio.sleep(LOOK)
            return
        try:
            async with asyncio.timeout(LOOK):
                await self._emulator.idle()
        except TimeoutError:
            return

    def work(self) -> list[str]:
        """Say what is under way, in lines."""
        lambdas = self._emulator.lambdas
        shown = self._names
        lines = [f"function {shown[name]} is running" for name in lambdas.running]
        for item in lambdas.sleeping:
            wait = seconds_text(max(item.due - self._clock.now(), 0.0))
            lines.append(
                f"function {shown[item.function.name]} is tried again in {wait} "
                f"(attempt {item.attempts + 1}, request {item.event.request_id}): "
                f"appsync.clock.advance(…) moves the time, and "
                "appsync.idle(advance=True) does it as often as needed"
            )
        lines += [
            f"queue {name} holds {count} messages; one that failed comes back when "
            "its visibility time-out is over"
            for name, count in self._queued.items()
        ]
        lines += [
            f"task: {name}"
            for name in self._emulator.background.names
            if not name.startswith((RETRY, "run ", "start "))  # told above
        ]
        return lines

    def _failed(self, why: str) -> WaitFailed:
        first = f"Waited in vain for the end of all work. {why}"
        return WaitFailed(f"{first}\n{self._timeline()}")
