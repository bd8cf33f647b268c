"""How an answer is spoken: token after token at its time, with its fault."""

from collections.abc import AsyncGenerator
from typing import Protocol

from appsync_emulator.clock import Clock
from appsync_emulator.server.model.reply import Ending, Fault, Reply, ToolUse

Token = tuple[int, ToolUse | None, str]
"""The number of the block, from 0, its tool, and a piece of its text."""

FOREVER = 3600.0
"""Seconds of a stall that has no end of its own; no reader is that patient."""

TOO_MANY = 429


class Failed(Exception):
    """The model does not go on; told in the form of the API.

    Attributes:
        status: of the HTTP response; None for what the API uses for its model's errors.
        message: None for the API's own.
    """

    def __init__(self, status: int | None, message: str | None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Cut(Exception):
    """The connection is to be closed in the middle of the answer."""


class Source(Protocol):
    """Where an answer comes from."""

    async def open(self) -> None:
        """Ask, and wait for whatever can still be told by a status.

        Raises:
            Failed: there will be no answer.
        """
        ...

    def tokens(self) -> AsyncGenerator[Token, None]:
        """Yield the answer as it comes.

        Raises:
            Failed: it breaks off, and the reader can be told.
            Cut: it breaks off.
        """
        ...

    @property
    def ending(self) -> Ending:
        """How it ended; known when all tokens were taken."""
        ...


class Speech:
    """The source of an answer that is known beforehand.

    Args:
        reply: the answer.
        clock: times count from `open`, so that no slow reader makes the pace drift.
    """

    def __init__(self, reply: Reply, clock: Clock) -> None:
        self._reply = reply
        self._clock = clock
        self._start = 0.0
        self._last = 0.0
        self._moments = reply.pace.moments(reply.rhythm)
        total = reply.ending.said
        # A fault that is to come later than the answer is long comes at its end.
        self._fails_at = min(reply.fault.after, total) if reply.fault else -1

    @property
    def ending(self) -> Ending:
        """How it will end."""
        return self._reply.ending

    async def open(self) -> None:
        """Start the time; fail when the fault comes before the first token."""
        self._start = self._clock.now()
        fault = self._reply.fault
        if self._fails_at == 0 and fault and fault.kind in ("error", "throttle"):
            await self._break(fault)

    async def tokens(self) -> AsyncGenerator[Token, None]:
        """Yield each token at its time."""
        number = 0
        for index, block in enumerate(self._reply.blocks):
            tool = block.tool
            for text in block.tokens:
                if number == self._fails_at and self._reply.fault:
                    await self._break(self._reply.fault)
                await self._wait()
                yield index, tool, text
                number += 1
        if number == self._fails_at and self._reply.fault:
            await self._break(self._reply.fault)

    async def _wait(self) -> None:
        due = next(self._moments)
        # No longer than planned, should the machine's clock be set back.
        wait = min(self._start + due - self._clock.now(), due - self._last)
        self._last = due
        if wait > 0:
            await self._clock.sleep(wait)

    async def _break(self, fault: Fault) -> None:
        if fault.kind == "stall":
            before = self._clock.now()
            await self._clock.sleep(FOREVER if fault.seconds is None else fault.seconds)
            if fault.seconds is None:
                raise Cut
            self._start += self._clock.now() - before
            return
        if fault.kind == "throttle":  # such a request is not even begun
            raise Failed(TOO_MANY, fault.message)
        await self._wait()
        if fault.kind == "cut":
            raise Cut
        raise Failed(fault.status, fault.message)
