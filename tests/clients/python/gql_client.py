"""`gql` as an application uses it, over its AppSync transports."""

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.async_transport import AsyncTransport
from gql.transport.exceptions import (
    TransportError,
    TransportQueryError,
)
from gql.transport.httpx import HTTPXAsyncTransport

from .checks import Unsubscribe, Variables, nothing
from .lines import Lines


class Frames(logging.Handler):
    """Tells the frames that a transport receives, from its log."""

    def __init__(self, lines: Lines) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "<<< %s" and isinstance(record.args, tuple):
            frame = json.loads(str(record.args[0]))
            self._lines.tell("frame", {key: frame.get(key) for key in ("type", "id")})


class GqlClient:
    """A session for calls, and one for subscriptions once there are any.

    Args:
        options: `endpoint`, `realtime`, `http` (the transport for calls) and `ca`.
        key: the API key.
        lasting: whether the realtime session connects again by itself.
        lines: where to tell.
    """

    def __init__(
        self, options: dict[str, Any], key: str, *, lasting: bool, lines: Lines
    ) -> None:
        host = urlsplit(options["endpoint"]).netloc
        self._auth = AppSyncApiKeyAuthentication(host=host, api_key=key)
        self._options = options
        self._lasting = lasting
        self._lines = lines
        self._realtime = Client(transport=self._websockets())
        self._session: AsyncClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def call(self, document: str, variables: Variables) -> None:
        request = GraphQLRequest(document, variable_values=variables)
        try:
            async with Client(transport=self._http()) as session:
                answer = await session.execute(request)
        except TransportQueryError as refused:
            self._lines.tell("refused", refused.errors)
        except TransportError as refused:
            self._lines.tell("refused", str(refused))
        else:
            self._lines.tell("answer", answer)

    async def subscribe(self, document: str, variables: Variables) -> Unsubscribe:
        request = GraphQLRequest(document, variable_values=variables)
        try:
            session = await self._connected()
        except TransportError as failed:
            self._tell_failed(failed)
            return nothing
        listening = self._listen(session, request)
        task = asyncio.create_task(listening)  # noqa: TID251 -- `close` waits for it
        self._tasks.add(task)

        async def unsubscribe() -> None:
            task.cancel()
            await asyncio.wait([task])

        return unsubscribe

    async def lost(self) -> None:
        await self._lines.told("failed")
        # Its session connects again; it is ready when it hears more than the answer.
        await self._lines.told("frame", lambda frame: frame["type"] == "ka", times=2)

    async def close(self) -> None:
        if self._session is not None:
            await self._realtime.close_async()  # type: ignore[no-untyped-call]
            self._lines.tell("closed")
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _listen(
        self, session: AsyncClientSession, request: GraphQLRequest
    ) -> None:
        try:
            async for result in session.subscribe(request):
                self._lines.tell("heard", result["onSay"])
        except TransportQueryError as failed:
            self._lines.tell("failed", failed.errors)
        except TransportError as failed:
            self._tell_failed(failed)

    def _tell_failed(self, failed: TransportError) -> None:
        self._lines.tell("failed", f"{type(failed).__name__}: {failed}")

    async def _connected(self) -> AsyncClientSession:
        if self._session is None:
            self._lines.tell("socket", self._options["realtime"])
            self._session = await self._realtime.connect_async(  # type: ignore[no-untyped-call]
                reconnecting=self._lasting
            )
        return self._session

    def _http(self) -> AsyncTransport:
        url = self._options["endpoint"]
        if self._options["http"] == "aiohttp":
            return AIOHTTPTransport(url=url, auth=self._auth)
        return HTTPXAsyncTransport(url=url, headers=self._auth.get_headers())

    def _websockets(self) -> AppSyncWebsocketsTransport:
        url = self._options["realtime"]
        trust = ssl.create_default_context(cafile=self._options["ca"])
        return AppSyncWebsocketsTransport(
            url=url, auth=self._auth, ssl=trust if url.startswith("wss:") else False
        )


@asynccontextmanager
async def connect(
    options: dict[str, Any], lines: Lines, key: str, *, lasting: bool = False
) -> AsyncIterator[GqlClient]:
    """Give a client until the block ends; what it is refused is told."""
    client = GqlClient(options, key, lasting=lasting, lines=lines)
    try:
        yield client
    finally:
        await client.close()


def spy(lines: Lines) -> None:
    """Tell the frames of all transports; gql tells nobody of a `start_ack`."""
    log = logging.getLogger("gql.transport.common.base")
    log.addHandler(Frames(lines))
    log.setLevel(logging.DEBUG)
    log.propagate = False
