"""A listener in a thread of its own, around a tiny API and a tiny application."""

import asyncio
import base64
import json
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from websockets.sync.client import ClientConnection, connect

from appsync_emulator.background import Background
from appsync_emulator.realtime import refusals
from appsync_emulator.realtime.deliveries import Publication
from appsync_emulator.realtime.handshake import Handshake
from appsync_emulator.realtime.hub import Hub
from appsync_emulator.realtime.protocol import Start
from appsync_emulator.realtime.refusals import Denied
from appsync_emulator.realtime.subscription import Outbox, Subscription
from appsync_emulator.server.apis import Apis
from appsync_emulator.server.listener import Listener
from appsync_emulator.server.sockets import bind

T = TypeVar("T")
NewLoop = Callable[[], asyncio.AbstractEventLoop]

PATIENCE = 10.0
KEY = "da2-key"
CREDENTIALS = {"host": "localhost", "x-api-key": KEY}
ACK = {"type": "connection_ack", "payload": {"connectionTimeoutMs": 300000}}


def project(tree: Any) -> bytes:
    return json.dumps({"data": {"onMessage": tree}}).encode()


class FakeApi:
    """Lets the API key in; knows one field; `slow` things wait for `gate`."""

    def __init__(self) -> None:
        self.hub = Hub({"send": ("onMessage",)})
        self.gate = asyncio.Event()
        self.waiting = threading.Event()
        self.cancelled = threading.Event()
        self.handshakes: list[Handshake] = []

    async def authenticate(
        self, handshake: Handshake, credentials: Mapping[str, str]
    ) -> None:
        self.handshakes.append(handshake)
        match credentials.get("x-api-key"):
            case "slow":
                await self.wait()
            case "broken":
                raise RuntimeError("broken")
            case key if key != KEY:
                raise Denied

    async def subscribe(
        self, start: Start, handshake: Handshake, outbox: Outbox
    ) -> Subscription:
        assert handshake in self.handshakes
        if "slow" in start.query:
            await self.wait()
        if "broken" in start.query:
            raise RuntimeError("broken")
        if not start.query.startswith("subscription"):
            raise refusals.unsupported("query")
        arguments = start.variables or {}
        return Subscription(
            start.id,
            "onMessage",
            arguments,
            project,
            outbox,
            revoked_by=lambda payload: bool(payload == arguments),
        )

    async def wait(self) -> None:
        self.waiting.set()
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise


class Running:
    """A listener that runs until `close`.

    Args:
        new_loop: of asyncio or of uvloop.
        tls: gives the TLS context, None turns TLS off.
        host: what to listen on.
        listening: sockets to use instead.
    """

    def __init__(
        self,
        new_loop: NewLoop,
        tls: Callable[[], ssl.SSLContext] | None = None,
        host: str = "localhost",
        listening: list[socket.socket] | None = None,
    ) -> None:
        self._listening = listening
        self._ready: Future[None] = Future()
        self._tls = tls
        self._host = host
        self.left: list[str] = []
        self._thread = threading.Thread(target=self._run, args=(new_loop,))
        self._thread.start()
        self._ready.result(PATIENCE)

    def close(self, grace: float = 2.0) -> None:
        self.grace = grace
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(PATIENCE)
            assert not self._thread.is_alive()

    def call(self, work: Callable[[], T]) -> T:
        """Call something on the server's loop."""

        async def calling() -> T:
            return work()

        return self.wait(calling())

    def wait(self, work: Awaitable[T]) -> T:
        async def waiting() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(waiting(), self.loop).result(PATIENCE)

    def publish(self, tree: Any) -> Publication:
        (publication,) = self.call(lambda: self.api.hub.publish("send", tree))
        return publication

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait on the server's loop for a condition."""

        async def waiting() -> None:
            while not condition():  # noqa: ASYNC110 -- transports tell nobody
                await asyncio.sleep(0.005)

        self.wait(waiting())

    def connect(self, **options: Any) -> ClientConnection:
        """Connect a websocket with the API key in the query."""
        scheme = options.pop("scheme", "ws")
        path = options.pop("path", f"/graphql?header={encoded()}&payload=e30=")
        subprotocols = options.pop("subprotocols", ["graphql-ws"])
        client: ClientConnection = connect(
            f"{scheme}://localhost:{self.port}{path}",
            subprotocols=subprotocols,
            open_timeout=PATIENCE,
            close_timeout=PATIENCE,
            proxy=None,
            **options,
        )
        return client

    def raw(self) -> socket.socket:
        """Connect a bare socket."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def _run(self, new_loop: NewLoop) -> None:
        try:
            with asyncio.Runner(loop_factory=new_loop) as runner:
                runner.run(self._serve())
        except BaseException as error:  # whatever it is, the test must see it
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self.api = FakeApi()
        self.background = Background()
        sockets = self._listening or bind(self._host, 0)
        self.port: int = sockets[0].getsockname()[1]
        self.listener = Listener(
            self._app,
            sockets,
            find_api=Apis({"abc123": self.api}).find,
            find_post=lambda _url, _headers: None,
            background=self.background,
            tls=self._tls,
        )
        self.listener.start()
        self._ready.set_result(None)
        await self._stop.wait()
        await self.listener.close(self.grace)
        self.left = await self.background.close(grace=0.5)
        assert self.listener.connections == 0

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        more = True
        if scope["path"] == "/wait-first":
            await self.api.wait()
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            more = message["more_body"]
        if scope["path"] == "/wait":
            await self.api.wait()
        answer = {
            "path": scope["path"],
            "scheme": scope["scheme"],
            "body": len(body),
            "longest": max((len(value) for _, value in scope["headers"]), default=0),
        }
        text = json.dumps(answer).encode()
        headers = [(b"content-length", str(len(text)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text})


class RawWebSocket:
    """A websocket client that does exactly what it is told."""

    def __init__(self, connection: socket.socket, behind: bytes = b"") -> None:
        self.socket = connection
        self.buffer = b""
        connection.sendall(upgrade() + behind)
        self.head = self.read_until(b"\r\n\r\n")

    def read_until(self, end: bytes) -> bytes:
        while end not in self.buffer:
            self.more()
        head, _, self.buffer = self.buffer.partition(end)
        return head

    def read(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self.more()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def frame(self) -> tuple[int, bytes]:
        first, size = self.read(2)
        if size == 126:
            (size,) = struct.unpack("!H", self.read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self.read(8))
        return first, self.read(size)

    def message(self) -> Any:
        first, payload = self.frame()
        assert first == 0x81
        return json.loads(payload)

    def send(self, first: int, payload: bytes) -> None:
        self.socket.sendall(masked(first, payload))

    def close_code(self) -> int:
        first, payload = self.frame()
        assert first == 0x88
        return int.from_bytes(payload[:2], "big")


def masked(first: int, payload: bytes) -> bytes:
    mask = b"\x37\xfa\x21\x3d"
    size = len(payload)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65536:
        head = bytes((first, 0x80 | 126)) + struct.pack("!H", size)
    else:
        head = bytes((first, 0x80 | 127)) + struct.pack("!Q", size)
    body = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    return head + mask + body


def upgrade(path: str = "", **headers: str) -> bytes:
    """Give the text of an upgrade request; a header set to "" is left out."""
    path = path or f"/graphql?header={encoded()}&payload=e30="
    lines = {
        "host": "localhost",
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": base64.b64encode(b"0123456789abcdef").decode(),
        "sec-websocket-protocol": "graphql-ws",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"GET {path} HTTP/1.1\r\n{text}\r\n".encode()


def encoded(credentials: Mapping[str, str] = CREDENTIALS) -> str:
    return base64.b64encode(json.dumps(credentials).encode()).decode()


def start(
    id_: str = "1", query: str = "subscription { onMessage }", **variables: Any
) -> str:
    data = json.dumps({"query": query, "variables": variables})
    extensions = {"authorization": CREDENTIALS}
    payload = {"data": data, "extensions": extensions}
    return json.dumps({"id": id_, "type": "start", "payload": payload})


def stop(id_: str = "1") -> str:
    return json.dumps({"id": id_, "type": "stop"})


def received(client: ClientConnection) -> Any:
    return json.loads(client.recv(PATIENCE))


def subscribed(client: ClientConnection, id_: str = "1", **variables: Any) -> None:
    client.send(start(id_, **variables))
    assert received(client) == {"id": id_, "type": "start_ack"}
