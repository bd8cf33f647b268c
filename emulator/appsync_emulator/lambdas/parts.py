"""A streamed response between the process that writes it and whoever reads it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

STREAM_LIMIT = 209_715_200
"""Bytes of a streamed response (Lambda developer guide, quotas)."""

FULL = 1_048_576
"""Bytes that may wait for the caller; beyond them the function waits, too."""


class Source(Protocol):
    """What the pieces come from: a transport of asyncio."""

    def pause_reading(self) -> None:
        """Bring no more pieces."""

    def resume_reading(self) -> None:
        """Bring pieces again."""


class Parts:
    """The pieces of one response: written by the Runtime API, read by the caller.

    Attributes:
        begun: set when there is a piece, or when there will be none.
    """

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self._changed = asyncio.Event()
        self._waiting = bytearray()
        self._paused: Source | None = None
        self._over = False

    def put(self, piece: bytes, source: Source) -> None:
        """Pass on a piece; `source` is stopped while too much waits."""
        if self._over:
            return
        self._waiting += piece
        self.begun.set()
        self._changed.set()
        if len(self._waiting) > FULL and self._paused is None:
            source.pause_reading()
            self._paused = source

    def end(self) -> None:
        """Tell the caller that nothing follows; what waits is still read."""
        self._over = True
        self.begun.set()
        self._changed.set()

    def abandon(self) -> None:
        """The caller has gone: let the function write on into nothing."""
        self._over = True
        self._take()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await self._changed.wait()
            piece = self._take()
            if piece:
                yield piece
            elif self._over:
                return

    def _take(self) -> bytes:
        piece = bytes(self._waiting)
        self._waiting.clear()
        if not self._over:
            self._changed.clear()
        paused, self._paused = self._paused, None
        if paused is not None:
            paused.resume_reading()
        return piece
