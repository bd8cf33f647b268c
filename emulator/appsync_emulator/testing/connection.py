"""A realtime client in the emulator's own process: the whole protocol, no socket."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import orjson

from appsync_emulator.background import Background
from appsync_emulator.realtime.handshake import PROTOCOL, Handshake
from appsync_emulator.server.faulty import Alter
from appsync_emulator.server.realtime import RealtimeApi, RealtimeSession
from appsync_emulator.testing.credentials import CONNECT, GRAPHQL, Credentials
from appsync_emulator.testing.failures import SubscriptionRefused
from appsync_emulator.types import JSON

_ID = "1"
_numbers = count(1)


class Connection:
    """A connection with one subscription. Everything of it runs in the emulator's loop.

    Args:
        api: what it is connected to.
        credentials: authorize the connection and the subscription.
        background: owns the session's tasks.
        alter: changes frames on purpose.

    Attributes:
        name: what logs call it.
        frames: all messages from the server.
        closed: why it is closed, empty while it is open.
    """

    def __init__(
        self,
        api: RealtimeApi,
        credentials: Credentials,
        background: Background,
        alter: Alter | None,
    ) -> None:
        self.name = f"appsync.subscribe #{next(_numbers)}"
        self.frames: list[dict[str, Any]] = []
        self.closed = ""
        self._credentials = credentials
        self._on_data: Callable[[dict[str, JSON]], None] = lambda _: None
        self._waiting: list[asyncio.Future[None]] = []
        self._lost = False
        carried = credentials.headers(CONNECT, b"{}")
        headers = {**carried, "sec-websocket-protocol": PROTOCOL}
        handshake = Handshake("/graphql/realtime", "", headers, "127.0.0.1")
        self._session = RealtimeSession(api, handshake, self, background, alter)

    async def open(
        self,
        query: str,
        variables: JSON,
        operation: str | None,
        on_data: Callable[[dict[str, JSON]], None],
    ) -> None:
        """Connect and subscribe.

        Args:
            query: the document.
            variables: its variables, None for none.
            operation: which of its operations, None when there is one.
            on_data: gets the payload of every event.

        Raises:
            SubscriptionRefused: by AppSync.
        """
        self._on_data = on_data
        self._session.begin()
        self._send(type="connection_init")
        ack = await self._answer("connection_ack", "connection_error")
        if ack is None or ack["type"] == "connection_error":
            self._refused(ack)
        data: dict[str, JSON] = {"query": query, "variables": variables or {}}
        if operation is not None:
            data["operationName"] = operation
        text = orjson.dumps(data)
        headers = dict(self._credentials.headers(GRAPHQL, text))
        payload = {"data": text.decode(), "extensions": {"authorization": headers}}
        self._send(type="start", id=_ID, payload=payload)
        answer = await self._answer("start_ack", "error")
        if answer is None or answer["type"] == "error":
            self.leave()
            self._refused(answer)

    def leave(self) -> None:
        """Unsubscribe and disconnect."""
        if not self.closed:
            self._send(type="stop", id=_ID)
            self._end("it was left")

    async def changed(self) -> None:
        """Wait until something arrives, or the end."""
        if self.closed:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future

    # What the session sends.

    def send(self, *texts: bytes) -> None:
        """Take text messages."""
        for text in texts:
            self._take(text)

    def deliver(self, head: bytes, tail: bytes) -> None:
        """Take a text message in two parts."""
        self._take(head + tail)

    def revoke(self, id: str) -> None:  # noqa: A002 -- as `Outbox`
        """End the subscription `id` and close."""
        self._session.revoke(id)

    def close(self, code: int, reason: str) -> None:
        """Take the server's close frame."""
        self._end(f"the server closed it, {code} {reason}")

    def abort(self) -> None:
        """Break."""
        self._end("it broke")

    def _take(self, text: bytes) -> None:
        if self.closed:
            return
        message = orjson.loads(text)
        self.frames.append(message)
        if message["type"] == "data":
            self._on_data(message["payload"])
        self._wake()

    def _end(self, reason: str) -> None:
        if self.closed:
            return
        self.closed = reason
        self._wake()
        # Not in the call in which the session ends it.
        asyncio.get_running_loop().call_soon(self._session.lost)

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def _send(self, **message: Any) -> None:
        self._session.received(orjson.dumps(message).decode())

    async def _answer(self, *types: str) -> dict[str, Any] | None:
        """Wait for a message of one of the types; None when the connection ends."""
        while True:
            for message in self.frames:
                if message["type"] in types:
                    return message
            if self.closed:
                return None
            await self.changed()

    def _refused(self, message: dict[str, Any] | None) -> None:
        if message is None:
            entry = {"errorType": "ConnectionClosed", "message": self.closed}
            raise SubscriptionRefused([entry])
        raise SubscriptionRefused(message["payload"]["errors"])
