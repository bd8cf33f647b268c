"""The events of one subscription."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Any, Protocol, Self

from appsync_emulator.testing.connection import Connection
from appsync_emulator.testing.failures import WaitFailed
from appsync_emulator.testing.texts import seconds_text, short
from appsync_emulator.testing.thread import Awaited, LoopThread, running_loop
from appsync_emulator.types import JSON


class Explains(Protocol):
    """Tells what happened while something was waited for."""

    def explain(self, field: str | None = None) -> str:
        """Tell it, in lines; of deliveries above all those for `field`."""
        ...


class Taken(list[JSON], Awaited):
    """Some events in a list."""


class Events:
    """What a subscription delivers: the values of its field, in order.

    `async for event in events`, or `for` in a test that is not asynchronous. Waiting
    for one takes `timeout` seconds at most, and then fails with what happened instead.

    Attributes:
        received: all events so far, also those already iterated over.
        payloads: as they came, `{"data": …}`.
        timeout: seconds.
    """

    def __init__(
        self,
        thread: LoopThread,
        connection: Connection,
        field: str,
        timeout: float,
        explains: Explains,
    ) -> None:
        self.received: list[JSON] = []
        self.payloads: list[dict[str, JSON]] = []
        self.timeout = timeout
        self._thread = thread
        self._connection = connection
        self._field = field
        self._explains = explains
        self._new: deque[JSON] = deque()

    def take_in(self, payload: dict[str, JSON]) -> None:
        """Take the payload of a `data` message; in the emulator's thread."""
        self.payloads.append(payload)
        data = payload.get("data")
        value = next(iter(data.values()), None) if isinstance(data, dict) else None
        self.received.append(value)
        self._new.append(value)

    @property
    def frames(self) -> list[dict[str, Any]]:
        """All messages of the connection, `ka` too."""
        return list(self._connection.frames)

    @property
    def closed(self) -> str:
        """Why the connection is closed; empty while it is open."""
        return self._connection.closed

    def take(self, count: int, timeout: float | None = None) -> Taken:
        """Wait for `count` further events and give them.

        Raises:
            WaitFailed: they did not come in `timeout` seconds.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        work = self._take(count, None, self._limit(timeout))
        taken: Taken = self._thread.do(work, f"events.take({count})")
        return taken

    def until(
        self, is_last: Callable[[Any], object], timeout: float | None = None
    ) -> Taken:
        """Wait for events up to one for which `is_last` holds, and give them all.

        Raises:
            WaitFailed: it did not come in `timeout` seconds.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        work = self._take(None, is_last, self._limit(timeout))
        taken: Taken = self._thread.do(work, "events.until(…)")
        return taken

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        __tracebackhide__ = True  # pytest shows the test's own line
        try:
            return self._new.popleft()
        except IndexError:
            pass
        (found,) = await self._thread.awaited(self._next(), "an event") or (_ENDED,)
        if found is _ENDED:
            raise StopAsyncIteration
        return found

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        __tracebackhide__ = True  # pytest shows the test's own line
        try:
            return self._new.popleft()
        except IndexError:
            pass
        if running_loop() is not None:
            raise TypeError("In an async test write `async for event in events`.")
        (found,) = self._thread.do(self._next(), "an event") or (_ENDED,)
        if found is _ENDED:
            raise StopIteration
        return found

    async def _next(self) -> list[JSON]:
        """Wait for one event; gives nothing when the connection ends."""
        if await self._arrived(1, self.timeout):
            return [self._new.popleft()]
        return []

    async def _take(
        self,
        count: int | None,
        is_last: Callable[[Any], object] | None,
        limit: float,
    ) -> Taken:
        taken = Taken()
        end = monotonic() + limit
        wanted = f"{count} events" if count is not None else "the last event"
        while count is None or len(taken) < count:
            arrived = await self._arrived(1, end - monotonic(), wanted, limit, taken)
            if not arrived:
                raise self._failed(f"{wanted} of {self._field}", taken)
            taken.append(self._new.popleft())
            if is_last is not None and is_last(taken[-1]):
                break
        return taken

    async def _arrived(
        self,
        count: int,
        left: float,
        wanted: str = "an event",
        limit: float | None = None,
        taken: Taken | None = None,
    ) -> bool:
        """Wait for events; tells whether there are, or the connection has ended."""
        try:
            async with asyncio.timeout(left):
                while len(self._new) < count:
                    if self._connection.closed:
                        return False
                    await self._connection.changed()
        except TimeoutError:
            waited = seconds_text(self.timeout if limit is None else limit)
            what = f"{wanted} of {self._field} in {waited}"
            raise self._failed(what, taken or []) from None
        return True

    def _failed(self, what: str, taken: list[JSON]) -> WaitFailed:
        lines = [f"Waited in vain for {what}."]
        if self.closed:
            lines.append(f"The connection is closed: {self.closed}.")
        if taken:
            lines.append(f"{len(taken)} came: {short(taken, 400)}")
        elif self.received:
            lines.append(f"{len(self.received)} came before that.")
        lines.append(self._explains.explain(self._field))
        return WaitFailed("\n".join(lines))

    def _limit(self, timeout: float | None) -> float:
        return self.timeout if timeout is None else timeout


_ENDED = object()


class Subscribing:
    """A subscription that begins with its block and ends with it.

    Args:
        thread: of the emulator.
        connect: subscribes, in the thread.
    """

    def __init__(
        self,
        thread: LoopThread,
        connect: Callable[[], Coroutine[Any, Any, tuple[Events, Connection]]],
    ) -> None:
        self._thread = thread
        self._connect = connect
        self._connection: Connection | None = None

    async def __aenter__(self) -> Events:
        events, self._connection = await self._thread.awaited(
            self._connect(), "subscribe"
        )
        return events

    async def __aexit__(self, *_: object) -> None:
        self._leave()

    def __enter__(self) -> Events:
        if running_loop() is not None:
            raise TypeError("In an async test write `async with appsync.subscribe(…)`.")
        events: Events
        events, self._connection = self._thread.do(self._connect(), "subscribe")
        return events

    def __exit__(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        if self._connection is not None:
            self._thread.call(self._connection.leave)
