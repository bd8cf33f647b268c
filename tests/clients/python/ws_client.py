"""`appsync-ws-client` as an application uses it: subscriptions only."""

import asyncio
import json
import logging
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from appsync_ws_client.client import (  # type: ignore[import-untyped]
    GraphQLWebSocketClient,
)

from .checks import Unsubscribe, Variables, nothing
from .lines import Lines

LOG = "appsync_ws_client.client"


class Watched(GraphQLWebSocketClient):  # type: ignore[misc]  # it has no types
    """The client, telling what its user cannot see: it hides `start_ack`.

    Args:
        lines: where to tell.
    """

    def __init__(self, *args: Any, lines: Lines, **options: Any) -> None:
        super().__init__(*args, **options)
        self._lines = lines

    def _on_open(self, ws: Any) -> None:
        self._lines.tell("socket", self.url)
        super()._on_open(ws)

    def _on_message(self, ws: Any, message: str) -> None:
        super()._on_message(ws, message)
        frame = json.loads(message)
        self._lines.tell("frame", {key: frame.get(key) for key in ("type", "id")})


class Errors(logging.Handler):
    """Tells the errors in the client's log, where it puts them instead of raising.

    Those of the connection come several for one loss, and even after `close`.
    """

    def __init__(self, lines: Lines) -> None:
        super().__init__(logging.ERROR)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        lost = message.startswith(("WebSocket error", "Exception details"))
        self._lines.tell("lost" if lost else "failed", message)


class WsClient:
    """The client for subscriptions, the standard library for what it cannot do.

    Args:
        options: `endpoint` and `realtime`.
        key: the API key.
        lasting: whether to let it connect again; it would do so even when closed.
        lines: where to tell.
    """

    def __init__(
        self, options: dict[str, Any], key: str, *, lasting: bool, lines: Lines
    ) -> None:
        self._endpoint = options["endpoint"]
        self._lines = lines
        self._headers = {"host": urlsplit(self._endpoint).netloc, "x-api-key": key}
        self._client = Watched(
            options["realtime"],
            auth_function=lambda: self._headers,
            max_retries=5 if lasting else 0,
            lines=lines,
        )
        self._lasting = lasting
        self._connected = False

    async def call(self, document: str, variables: Variables) -> None:
        await asyncio.to_thread(self._post, document, variables)

    async def subscribe(self, document: str, variables: Variables) -> Unsubscribe:
        if not self._connected:
            self._client.connect()
            self._connected = True

        def hear(payload: dict[str, Any]) -> None:
            self._lines.tell("heard", payload["data"]["onSay"])

        subscribe = partial(self._client.subscribe, acknowledgment_timeout=2)
        try:
            id_ = await asyncio.to_thread(subscribe, document, variables, hear)
            while self._lasting and not await self._is_acknowledged(id_):
                id_ = await asyncio.to_thread(subscribe, document, variables, hear)
        except TimeoutError:
            return nothing  # and it has told that in its log

        async def unsubscribe() -> None:
            self._client.unsubscribe(id_)

        return unsubscribe

    async def _is_acknowledged(self, id_: str) -> bool:
        # A connection that fails and then closes is followed by two new ones; what is
        # sent while the second takes the place of the first is lost.
        expected = {"type": "start_ack", "id": id_}
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                await self._lines.told("frame", lambda frame: frame == expected)
                return True
        return False

    async def lost(self) -> None:
        # It connects again, but what was subscribed to is forgotten.
        await self._lines.told(
            "frame", lambda frame: frame["type"] == "connection_ack", times=2
        )

    def close(self) -> None:
        self._client.max_retries = 0
        self._client.close()

    def _post(self, document: str, variables: Variables) -> None:
        body = json.dumps({"query": document, "variables": variables}).encode()
        headers = {**self._headers, "content-type": "application/json"}
        request = urllib.request.Request(self._endpoint, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                self._lines.tell("answer", json.load(answer).get("data"))
        except urllib.error.HTTPError as refused:
            self._lines.tell("refused", str(refused))


@asynccontextmanager
async def connect(
    options: dict[str, Any], lines: Lines, key: str, *, lasting: bool = False
) -> AsyncIterator[WsClient]:
    """Give a client until the block ends."""
    client = WsClient(options, key, lasting=lasting, lines=lines)
    try:
        yield client
    finally:
        client.close()


def spy(lines: Lines) -> None:
    """Tell the errors in the log of all clients."""
    log = logging.getLogger(LOG)
    log.addHandler(Errors(lines))
    log.propagate = False
