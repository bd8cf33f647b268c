"""HTTP/2 without TLS and without negotiation, for clients that begin so.

AWS's SDK for JavaScript talks to Bedrock in HTTP/2 whatever the endpoint is, and for
`http://` that means prior knowledge (RFC 9113, section 3.3): its first bytes are the
preface. Everything else is served over HTTP/1.1.
"""

import asyncio
import logging
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from uvicorn.config import Config

if TYPE_CHECKING:
    from appsync_emulator.server.http_protocol import HttpState

log = logging.getLogger(__name__)
# At our level `debug` it would tell of every header it packs.
logging.getLogger("hpack").setLevel(logging.WARNING)

PREFACE = b"PRI * HTTP/2.0\r\n"
"""How such a connection begins, as far as it cannot be HTTP/1."""

MAX_STREAMS = 100
"""Requests of one connection that are answered at once."""

IDLE = 60.0
"""Seconds without a byte from a client that waits for no answer."""

HOP_BY_HOP = {b"connection", b"keep-alive", b"transfer-encoding", b"upgrade"}
"""Headers that HTTP/2 does not have."""

Message = MutableMapping[str, Any]


class Http2Protocol(asyncio.Protocol):
    """One connection.

    Args:
        config: has the application.
        state: shared by all connections of the listener.
        transport: whose connection began with the preface.
    """

    def __init__(
        self, config: Config, state: "HttpState", transport: asyncio.Transport
    ) -> None:
        # Takes 25 ms, for the few who talk so.
        from h2.config import H2Configuration  # noqa: PLC0415
        from h2.connection import H2Connection  # noqa: PLC0415
        from h2.settings import SettingCodes, Settings  # noqa: PLC0415

        self.app = config.loaded_app
        self.state = state
        self.transport = transport
        self.loop = asyncio.get_running_loop()
        about = H2Configuration(client_side=False, header_encoding=None)
        self.connection: H2Connection = H2Connection(about)
        self.connection.local_settings = Settings(
            client=False,
            initial_values={SettingCodes.MAX_CONCURRENT_STREAMS: MAX_STREAMS},
        )
        self.streams: dict[int, Stream] = {}
        self.writable = asyncio.Event()
        self.writable.set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False
        self._seen = self.loop.time()
        self._idle = self.loop.call_later(IDLE, self._look_back)
        self.connection.initiate_connection()
        self.flush()

    def data_received(self, data: bytes) -> None:
        """Take bytes from the transport."""
        from h2.exceptions import ProtocolError  # noqa: PLC0415 -- as above

        self._seen = self.loop.time()
        try:
            for event in self.connection.receive_data(data):
                self._take(event)
        except ProtocolError as error:
            log.debug("not HTTP/2: %s", error)
            self._over()
            return
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- asyncio's
        """End."""
        self._idle.cancel()
        self._over()
        self.state.connections.discard(self)
        self.state.closed()

    def pause_writing(self) -> None:
        """Wait with the answers: the client reads too slowly.

        Nor is it read from, since much of what it can say is answered at once.
        """
        self.writable.clear()
        if not self.transport.is_closing():
            self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on with the answers, and the requests."""
        self.writable.set()
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def shutdown(self) -> None:
        """Take no more requests, and close once all are answered."""
        self._closing = True
        self._close_if_done()

    def flush(self) -> None:
        """Write what there is to write."""
        data = self.connection.data_to_send()
        if data and not self.transport.is_closing():
            self.transport.write(data)

    def end(self, stream: "Stream") -> None:
        """Forget a stream whose application is done."""
        self.streams.pop(stream.id, None)
        self._close_if_done()

    def _take(self, event: Any) -> None:
        kind = type(event).__name__
        stream = self.streams.get(getattr(event, "stream_id", None) or 0)
        if kind == "RequestReceived":
            self._begin(event.stream_id, event.headers)
        elif kind == "WindowUpdated":
            for waiting in [stream] if stream else self.streams.values():
                waiting.window.set()
        elif kind == "RemoteSettingsChanged":
            for waiting in self.streams.values():
                waiting.window.set()
        elif kind == "ConnectionTerminated":
            self._over()
        elif stream is None:
            if kind == "DataReceived":  # of a request that is answered already
                self.connection.acknowledge_received_data(
                    event.flow_controlled_length, event.stream_id
                )
        elif kind == "DataReceived":
            stream.feed(event.data, event.flow_controlled_length)
        elif kind == "StreamEnded":
            stream.feed_end()
        elif kind == "StreamReset":
            stream.disconnect()

    def _begin(self, number: int, headers: list[tuple[bytes, bytes]]) -> None:
        if self._closing or len(self._tasks) >= MAX_STREAMS:
            from h2.errors import ErrorCodes  # noqa: PLC0415 -- as above

            self.connection.reset_stream(number, ErrorCodes.REFUSED_STREAM)
            return
        stream = Stream(self, number, headers)
        self.streams[number] = stream
        task = self.state.background.start(stream.run(), "request")
        for tasks in (self._tasks, self.state.tasks):
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    def _close_if_done(self) -> None:
        if self._closing and not self.streams and not self.transport.is_closing():
            self.connection.close_connection()
            self._over()

    def _over(self) -> None:
        """Close; from here on nothing may be said any more."""
        self.flush()
        self.transport.close()
        self.writable.set()
        for stream in self.streams.values():
            stream.disconnect()
        self.streams.clear()

    def _look_back(self) -> None:
        waits = any(stream.received for stream in self.streams.values())
        left = self._seen + IDLE - self.loop.time()
        if waits or left > 0:
            self._idle = self.loop.call_later(
                left if left > 0 else IDLE, self._look_back
            )
        else:
            self.connection.close_connection()
            self._over()


class Stream:
    """One request and its answer.

    Attributes:
        received: whether the request is here in full.
        window: set when more may be sent than before.
    """

    def __init__(
        self, protocol: Http2Protocol, number: int, headers: list[tuple[bytes, bytes]]
    ) -> None:
        self.id = number
        self.received = False
        self.window = asyncio.Event()
        self._protocol = protocol
        self._headers = headers
        self._body: list[tuple[bytes, int]] = []
        self._news = asyncio.Event()
        self._gone = False
        self._complete = False
        self._started = False
        self._told = False

    def feed(self, data: bytes, size: int) -> None:
        """Take a part of the body; `size` goes back to the client once it is read."""
        self._body.append((data, size))
        self._news.set()

    def feed_end(self) -> None:
        """Take the end of the request."""
        self.received = True
        self._news.set()

    def disconnect(self) -> None:
        """Note that nobody waits for the answer any more."""
        self._gone = True
        self._news.set()
        self.window.set()

    async def run(self) -> None:
        """Let the application answer."""
        try:
            await self._protocol.app(self._scope(), self._receive, self._send)
        except Exception:
            log.exception("a request failed")
            if not self._started:
                await self._fail()
        finally:
            self._break_off()
            self._protocol.end(self)

    async def _fail(self) -> None:
        start = {"type": "http.response.start", "status": 500, "headers": []}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": b""})

    def _break_off(self) -> None:
        """End a stream whose answer is not complete, or whose request is not."""
        from h2.errors import ErrorCodes  # noqa: PLC0415 -- as above

        if self._gone or (self._complete and self.received):
            return
        self._gone = True
        code = ErrorCodes.NO_ERROR if self._complete else ErrorCodes.INTERNAL_ERROR
        self._protocol.connection.reset_stream(self.id, code)
        self._protocol.flush()

    def _scope(self) -> dict[str, Any]:
        pseudo = {name: value for name, value in self._headers if name[:1] == b":"}
        path, _, query = pseudo.get(b":path", b"/").partition(b"?")
        transport = self._protocol.transport
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "2",
            "method": pseudo.get(b":method", b"GET").decode("latin-1"),
            "scheme": "http",
            "path": unquote(path.decode("latin-1")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [
                (b"host", pseudo.get(b":authority", b"")),
                *((name, value) for name, value in self._headers if name[:1] != b":"),
            ],
            "client": _address(transport, "peername"),
            "server": _address(transport, "sockname"),
        }

    async def _receive(self) -> Message:
        while not (self._body or self.received or self._gone):
            self._news.clear()
            await self._news.wait()
        if self._body:
            data = b"".join(part for part, _ in self._body)
            size = sum(size for _, size in self._body)
            self._body.clear()
            if not self._gone:
                self._protocol.connection.acknowledge_received_data(size, self.id)
                self._protocol.flush()
            more = not self.received
            self._told = not more
            return {"type": "http.request", "body": data, "more_body": more}
        if self.received and not self._told:
            self._told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        while not (self._gone or self._complete):
            self._news.clear()
            await self._news.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self._gone or self._complete:
            return
        connection = self._protocol.connection
        if message["type"] == "http.response.start":
            self._started = True
            self._protocol.state.refresh_date()
            headers = [
                (b":status", str(message["status"]).encode()),
                (b"date", self._protocol.state.date),
                *(
                    (name.lower(), value)
                    for name, value in message.get("headers", ())
                    if name.lower() not in HOP_BY_HOP
                ),
            ]
            connection.send_headers(self.id, headers)
        else:
            body = memoryview(message.get("body", b""))
            last = not message.get("more_body", False)
            await self._send_body(body, last=last)
        self._protocol.flush()

    async def _send_body(self, body: memoryview, *, last: bool) -> None:
        connection = self._protocol.connection
        while len(body):
            room = await self._room()
            if self._gone:
                return
            connection.send_data(self.id, bytes(body[:room]))
            body = body[room:]
            self._protocol.flush()
        if last:
            connection.end_stream(self.id)
            self._complete = True
            self._news.set()

    async def _room(self) -> int:
        """Wait until something may be sent; gives how many bytes."""
        connection = self._protocol.connection
        while not self._gone:
            await self._protocol.writable.wait()
            if self._gone:
                break
            self.window.clear()
            room = min(
                connection.local_flow_control_window(self.id),
                connection.max_outbound_frame_size,
            )
            if room > 0:
                return room
            await self.window.wait()
        return 0


def _address(transport: asyncio.Transport, name: str) -> tuple[str, int] | None:
    address = transport.get_extra_info(name)
    return (str(address[0]), int(address[1])) if isinstance(address, tuple) else None
