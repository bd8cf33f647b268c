"""Time, passed in so that tests need not wait for it."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """The time that keys, retries and expiry see."""

    def now(self) -> float:
        """Give the time as epoch seconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of this clock."""
        ...


class RealClock:
    """The machine's clock, optionally sped up for waiting.

    Args:
        scale: `sleep(60)` takes `60 / scale` seconds; `now` is not scaled.
    """

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale

    def now(self) -> float:
        """Give the time as epoch seconds."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds / scale` seconds."""
        await asyncio.sleep(seconds / self.scale)


class MovableClock:
    """The machine's clock, which can be moved ahead; for tests with running servers."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._sleepers: set[tuple[float, asyncio.Event]] = set()

    def now(self) -> float:
        """Give the time as epoch seconds."""
        return time.time() + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Wait until `seconds` have passed, or the clock was moved over them."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        entry = (self.now() + seconds, woken)
        self._sleepers.add(entry)
        timer = asyncio.get_running_loop().call_later(seconds, woken.set)
        try:
            await woken.wait()
        finally:
            timer.cancel()
            self._sleepers.discard(entry)

    def advance(self, seconds: float) -> None:
        """Move the clock and wake whoever's time has come; on the event loop."""
        self._ahead += seconds
        now = self.now()
        for due, woken in self._sleepers:
            if due <= now:
                woken.set()

    def reset(self) -> None:
        """Show the machine's time again."""
        self._ahead = 0.0


class ManualClock:
    """A clock that stands still until it is moved; for tests.

    Args:
        now: epoch seconds at which it starts.
    """

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self._now = now
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def now(self) -> float:
        """Give the time as epoch seconds."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was moved by `seconds`."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        self._sleepers.append((self._now + seconds, woken))
        await woken.wait()

    def advance(self, seconds: float) -> None:
        """Move the clock and wake whoever's time has come."""
        self._now += seconds
        due = [event for at, event in self._sleepers if at <= self._now]
        self._sleepers = [entry for entry in self._sleepers if entry[0] > self._now]
        for event in due:
            event.set()

    @property
    def sleeping(self) -> int:
        """How many are waiting for this clock."""
        return len(self._sleepers)
