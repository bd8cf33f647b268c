"""POSTs that are answered straight from their connection, without ASGI."""

from collections.abc import Coroutine
from typing import Any, Protocol

from appsync_emulator.server.exchange import BODY_LIMIT, Answer, Headers, Respond


class Connection(Protocol):
    """What a cycle needs of its connection."""

    def send(self, answer: Answer, *, close: bool) -> None:
        """Write an answer, in one go, and go on or end the connection."""
        ...

    def on_response_complete(self) -> None:
        """Go on with the next request."""
        ...

    def answer_later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` as a task that the server waits for when it ends."""
        ...


class _Nobody:
    """Stands for the event that wakes an ASGI application, where there is none."""

    def set(self) -> None:
        """Do nothing."""


class DirectCycle:
    """One POST and its answer, in the place of uvicorn's cycle.

    Args:
        connection: that it came on.
        respond: what answers it.
        headers: of the request.
        peer: address of the client, None when the transport has none.
        keep_alive: whether the connection goes on after the answer.

    Attributes:
        response_complete: whether it is answered.
        disconnected: whether the client is gone.
        message_event: what uvicorn sets when the connection is lost.
    """

    __slots__ = (
        "_connection",
        "_headers",
        "_parts",
        "_peer",
        "_respond",
        "_size",
        "disconnected",
        "keep_alive",
        "response_complete",
    )

    message_event = _Nobody()

    def __init__(
        self,
        connection: Connection,
        respond: Respond,
        headers: Headers,
        peer: str | None = None,
        *,
        keep_alive: bool,
    ) -> None:
        self._connection = connection
        self._respond = respond
        self._headers = headers
        self._peer = peer
        self._parts: list[bytes] = []
        self._size = 0
        self.keep_alive = keep_alive
        self.response_complete = False
        self.disconnected = False

    def take(self, part: bytes) -> None:
        """Take a part of the body; of what is beyond the limit, nothing is kept."""
        if self._size <= BODY_LIMIT:
            self._size += len(part)
            self._parts.append(part)

    def answer(self) -> None:
        """Answer, now that the body is complete."""
        answered = self._respond(self._headers, b"".join(self._parts), self._peer)
        if isinstance(answered, Answer):
            self._send(answered)
        else:
            self._connection.answer_later(self._wait(answered))

    async def _wait(self, answer: Coroutine[Any, Any, Answer]) -> None:
        self._send(await answer)

    def _send(self, answer: Answer) -> None:
        self.response_complete = True
        if not self.disconnected:
            self._connection.send(answer, close=not self.keep_alive)
            self._connection.on_response_complete()
