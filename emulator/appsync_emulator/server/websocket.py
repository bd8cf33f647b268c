"""One accepted websocket: frames in and out of a transport, and its ways to end."""

import asyncio
import logging
from collections.abc import Callable
from itertools import count
from typing import Protocol

from appsync_emulator.server.wsframes import (
    BINARY,
    CLOSE,
    PING,
    TEXT,
    FrameError,
    FrameReader,
    close_frame,
    pong_frame,
    text_header,
)

log = logging.getLogger(__name__)

OUTBOX_LIMIT = 2 * 1024 * 1024
"""Bytes that may wait for a client that reads too slowly: eight of the largest events.
Above it the client is cut off; it may neither slow a mutation nor eat memory."""

_HIGH_WATER = 256 * 1024
_CLOSE_WAIT = 2.0
"""Seconds a client has to answer a close frame, or to read what is left for it."""

_numbers = count(1)


class Session(Protocol):
    """What happens on a websocket is told to this; nothing of it may raise."""

    def received(self, text: str) -> None:
        """Take a text message."""
        ...

    def received_binary(self) -> None:
        """Take note of a binary message."""
        ...

    def revoke(self, id: str) -> None:  # noqa: A002 -- as `Outbox`
        """End the subscription `id` and close."""
        ...

    def lost(self) -> None:
        """End: the connection is gone; called exactly once."""
        ...


class WebSocket(asyncio.Protocol):
    """A websocket after its upgrade has been answered.

    Args:
        transport: of the connection; this becomes its protocol.
        limit: bytes of a received message.
        name: what it is called in the log; gets a number, for a client may have many.
        closed: called at the very end.
    """

    __slots__ = (
        "_closed",
        "_closing",
        "_crowded",
        "_reader",
        "_session",
        "_timer",
        "_transport",
        "_write",
        "name",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        limit: int,
        name: str,
        closed: Callable[["WebSocket"], None],
    ) -> None:
        self._transport = transport
        self._closed = closed
        self._write = transport.write
        self._reader = FrameReader(limit)
        self.name = f"{name} #{next(_numbers)}"
        self._session: Session | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closing = False
        self._crowded = False
        # Below the high-water mark nothing is looked at while sending; above it the
        # transport says so, and every send looks at the limit.
        transport.set_write_buffer_limits(high=_HIGH_WATER)
        transport.set_protocol(self)

    def open(self, session: Session, rest: bytes) -> None:
        """Begin to read, first of all the `rest` that came with the upgrade."""
        self._session = session
        if rest:
            self.data_received(rest)

    def send(self, *texts: bytes) -> None:
        """Send text messages; without effect once the websocket closes."""
        if not self._closing:
            self._write(b"".join([text_header(len(text)) + text for text in texts]))
            if self._crowded:
                self._check_outbox()

    def deliver(self, head: bytes, tail: bytes) -> None:
        """Send `head` and `tail` as one text message."""
        if not self._closing:
            self._write(text_header(len(head) + len(tail)) + head + tail)
            if self._crowded:
                self._check_outbox()

    def revoke(self, id: str) -> None:  # noqa: A002 -- as `Outbox`
        """End the subscription `id` and close."""
        if self._session is not None:
            self._session.revoke(id)

    def close(self, code: int, reason: str) -> None:
        """Send a close frame, wait a little for the answer, end the connection."""
        if not self._closing:
            self._write(close_frame(code, reason))
            self._limit_end()

    def abort(self) -> None:
        """End the connection at once."""
        self._closing = True
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take bytes from the transport."""
        session = self._session
        if session is None:
            return
        try:
            for message in self._reader.feed(data):
                if message.kind == CLOSE:
                    self._answer_close(message.close_code)
                    return
                if self._closing:
                    continue  # only the answer to our close frame still counts
                if message.kind == TEXT:
                    session.received(message.text)
                elif message.kind == BINARY:
                    session.received_binary()
                elif message.kind == PING:
                    self._pong(message.payload)
        except FrameError as error:
            log.debug("%s: %s", self.name, error)
            self._fail(error)

    def eof_received(self) -> None:
        """Take the client's end of stream: the transport writes the rest and closes."""
        if not self._closing:
            log.debug("%s: the client hung up without a close frame", self.name)
        self._limit_end()

    def pause_writing(self) -> None:
        """Note that the client reads too slowly."""
        self._crowded = True

    def resume_writing(self) -> None:
        """Note that the client has caught up."""
        self._crowded = False

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        if exc is not None and not self._closing:
            log.info("%s: the connection broke: %s", self.name, exc)
        self._closing = True
        if self._timer is not None:
            self._timer.cancel()
        self._reader = FrameReader(0)  # a closed websocket may be remembered for long
        session, self._session = self._session, None
        if session is not None:
            session.lost()
        self._closed(self)

    def _pong(self, payload: bytes) -> None:
        self._write(pong_frame(payload))
        if self._crowded:
            self._check_outbox()

    def _check_outbox(self) -> None:
        waiting = self._transport.get_write_buffer_size()
        if waiting > OUTBOX_LIMIT:
            log.warning(
                "%s: cut off, because it reads too slowly: %d bytes wait for it, "
                "allowed are %d",
                self.name,
                waiting,
                OUTBOX_LIMIT,
            )
            self.abort()

    def _answer_close(self, code: int) -> None:
        if not self._closing:
            self._write(close_frame(code))
        self._finish()

    def _fail(self, error: FrameError) -> None:
        # The stream cannot be followed any further, so no answer is waited for.
        if not self._closing:
            self._write(close_frame(error.code, error.reason))
        self._finish()

    def _finish(self) -> None:
        self._limit_end()
        self._transport.close()

    def _limit_end(self) -> None:
        """Begin the end, and see to it that a client cannot draw it out."""
        self._closing = True
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_CLOSE_WAIT, self.abort)
