"""The Lambda Runtime API of one execution environment.

A very small HTTP/1.1 server on a loopback port of its own, as each of Lambda's own
sandboxes has one (Lambda developer guide, "Using the Lambda runtime API for custom
runtimes"). Bodies are passed through as bytes. Error answers have the shapes of the
open-source runtime interface emulator.
"""

import asyncio
import base64
import binascii
import contextlib
import socket
from typing import Protocol, cast

import httptools

from appsync_emulator.lambdas.invocation import RESPONSE_LIMIT, Event, error_object
from appsync_emulator.lambdas.parts import STREAM_LIMIT, Parts
from appsync_emulator.lambdas.runtime_answers import (
    ACCEPTED,
    error,
    next_answer,
    plain,
    wrong_state,
)

VERSION = b"/2018-06-01"
INVOCATION = VERSION + b"/runtime/invocation/"
INIT_ERROR = VERSION + b"/runtime/init/error"


class Runtime(Protocol):
    """What the API tells the environment it belongs to."""

    def ready(self) -> None:
        """The process asked for its first event: its initialisation is over."""

    def succeeded(self, body: bytes) -> None:
        """The process answered the event it was given."""

    def failed(self, body: bytes) -> None:
        """The process reported an error object for the event it was given."""

    def answered_too_much(self) -> None:
        """The answer was larger than Lambda passes on."""

    def init_failed(self, body: bytes) -> None:
        """The process reported that it cannot start."""


class RuntimeApi:
    """Serves the Runtime API to the process of one environment.

    Args:
        runtime: told of what the process does; called from the event loop.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()
        self._waiting: _Connection | None = None
        self._unsent: bytes | None = None
        self._active: str | None = None
        self._parts: Parts | None = None
        self._initialised = False
        self.address = ""

    async def listen(self) -> None:
        """Open the port; `address` is then the value of `AWS_LAMBDA_RUNTIME_API`."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self), "127.0.0.1", 0
        )
        host, port = self._server.sockets[0].getsockname()
        self.address = f"{host}:{port}"

    def send(self, event: Event, deadline: float) -> None:
        """Give `event` to the process, now or when it asks for the next one.

        Args:
            event: what to work on.
            deadline: epoch seconds at which the function's time is over.
        """
        self._active = event.request_id
        self._parts = event.parts
        data = next_answer(event, deadline)
        if self._waiting is None:
            self._unsent = data
        else:
            waiting, self._waiting = self._waiting, None
            waiting.deliver(data)

    @property
    def undelivered(self) -> bool:
        """Whether an event still waits for the process to ask for it."""
        return self._unsent is not None

    def forget(self) -> None:
        """Cut off the process that was served so far; the next one starts afresh."""
        self._waiting = self._unsent = self._active = None
        self._initialised = False
        for connection in list(self._connections):
            connection.abort()

    async def close(self) -> None:
        """Close the port and every connection."""
        self.forget()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def connected(self, connection: "_Connection") -> None:
        """Take note of a connection."""
        self._connections.add(connection)

    def disconnected(self, connection: "_Connection") -> None:
        """Take note of the end of a connection."""
        self._connections.discard(connection)
        if self._waiting is connection:
            self._waiting = None

    def polled_by(self, connection: "_Connection") -> bool:
        """Whether `connection` waits for the next event."""
        return self._waiting is connection

    def stream_of(self, url: bytes) -> Parts | None:
        """Give where the response that is posted to `url` is streamed to, if it is."""
        if self._parts is None or self._active is None:
            return None
        expected = b"%b%b/response" % (INVOCATION, self._active.encode())
        return self._parts if url == expected else None

    def answer(self, connection: "_Connection", request: "_Request") -> bytes | None:
        """Act on a request.

        Returns:
            The whole answer; None when it follows later (the long poll).
        """
        url = request.url
        if url.startswith(INVOCATION):
            what = url[len(INVOCATION) :]
            if what == b"next":
                return self._next(connection, request)
            request_id, _, action = what.partition(b"/")
            if action == b"response":
                return self._end(request, request_id, "InvocationResponse")
            if action == b"error":
                return self._end(request, request_id, "InvocationErrorResponse")
        elif url == INIT_ERROR:
            return self._init_error(request)
        return plain(404, b"404 page not found\n")

    def _next(self, connection: "_Connection", request: "_Request") -> bytes | None:
        if request.method != b"GET":
            return plain(405, b"")
        if self._active is not None and self._unsent is None:
            return wrong_state("Running", "Ready")
        self._waiting = connection
        if not self._initialised:
            self._initialised = True
            self._runtime.ready()
        elif self._unsent is not None:
            data, self._unsent, self._waiting = self._unsent, None, None
            return data
        return None

    def _end(self, request: "_Request", request_id: bytes, state: str) -> bytes:
        if request.method != b"POST":
            return plain(405, b"")
        if self._active is None or request_id.decode("latin-1") != self._active:
            return error(400, "InvalidRequestID", "Invalid request ID")
        if self._unsent is not None:
            return wrong_state("Ready", state)
        self._active = None
        if request.size > request.limit:
            self._runtime.answered_too_much()
            message = f"Exceeded maximum allowed payload size ({request.limit} bytes)."
            return error(413, "RequestEntityTooLarge", message)
        body = b"".join(request.body)
        if state == "InvocationErrorResponse":
            self._runtime.failed(body)
        elif request.broken is not None:
            self._runtime.failed(request.broken)
        else:
            self._runtime.succeeded(body)
        return ACCEPTED

    def _init_error(self, request: "_Request") -> bytes:
        if request.method != b"POST":
            return plain(405, b"")
        if self._initialised:
            return wrong_state("Ready", "InitError")
        self._runtime.init_failed(b"".join(request.body))
        return ACCEPTED


class _Request:
    """A request as far as it was received."""

    __slots__ = (
        "body", "broken", "head", "method", "parts", "size", "streaming", "trailing",
        "url",
    )  # fmt: skip

    def __init__(self) -> None:
        self.url = b""
        self.head: list[bytes] = []
        """The header lines, without an offer of another protocol."""
        self.method = b""
        self.body: list[bytes] = []
        self.size = 0
        self.streaming = False
        self.parts: Parts | None = None
        """Where the body goes as it comes in; None to keep it."""
        self.trailing = False
        """The headers are complete; what follows the body are trailers."""
        self.broken: bytes | None = None
        """Error object of a streamed response that broke off, from its trailers."""

    @property
    def limit(self) -> int:
        """How many bytes Lambda passes on."""
        return RESPONSE_LIMIT if self.parts is None else STREAM_LIMIT


class _Connection(asyncio.Protocol):
    """One connection of a function's process."""

    def __init__(self, api: RuntimeApi) -> None:
        self._api = api
        self._parser = httptools.HttpRequestParser(self)
        self._out: list[bytes] = []
        self._parsing = False
        self._last = False
        self._request = _Request()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Switch Nagle's algorithm off; asyncio does so only for some sockets."""
        self._transport = cast("asyncio.Transport", transport)
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._api.connected(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Tell the API."""
        self._api.disconnected(self)

    def data_received(self, data: bytes) -> None:
        """Parse, act, and write all answers at once."""
        self._parsing = True
        try:
            self._feed(data)
        except httptools.HttpParserError:
            self._out.append(plain(400, b"400 Bad Request\n"))
            self._last = True
            self._flush()
            return
        finally:
            self._parsing = False
        # A process that already waits for its next event has sent that request without
        # waiting for the answer to the one before: the two answers then go out
        # together, which saves a system call here and a wake-up there.
        if self._out and not self._api.polled_by(self):
            self._flush()

    def _feed(self, data: bytes) -> None:
        while data:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                # Java's HttpClient offers h2c with every request, and the parser stops
                # there; what is not taken up is to be ignored (RFC 9110, 7.8).
                method, request = self._parser.get_method(), self._request
                self._parser = httptools.HttpRequestParser(self)
                first = method + b" " + request.url + b" HTTP/1.1"
                head = b"\r\n".join([first, *request.head]) + b"\r\n\r\n"
                data = head + data[offer.args[0] :]
            else:
                return

    def deliver(self, data: bytes) -> None:
        """Answer the long poll."""
        self._out.append(data)
        if not self._parsing:
            self._flush()

    def abort(self) -> None:
        """Drop the connection at once."""
        self._transport.abort()

    def _flush(self) -> None:
        out, self._out = self._out, []
        if self._transport.is_closing():
            return
        self._transport.write(b"".join(out))
        if self._last:
            self._transport.close()

    # The rest is called by the parser.

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._request = _Request()

    def on_url(self, piece: bytes) -> None:
        """Take a piece of the URL: it may lie across two reads."""
        self._request.url += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        """Look for the headers and trailers that mean something here."""
        lowered = name.lower()
        if not self._request.trailing:
            if lowered != b"upgrade":
                self._request.head.append(name + b": " + value)
            if lowered == b"expect" and value.lower() == b"100-continue":
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            elif lowered == b"lambda-runtime-function-response-mode":
                self._request.streaming = value.lower() == b"streaming"
        elif lowered == b"lambda-runtime-function-error-type":
            if self._request.broken is None:
                self._request.broken = error_object(value.decode("latin-1"), "")
        elif lowered == b"lambda-runtime-function-error-body":
            with contextlib.suppress(binascii.Error):
                self._request.broken = base64.b64decode(value, validate=True)

    def on_headers_complete(self) -> None:
        """Take note that further headers are trailers."""
        self._request.trailing = True
        if self._request.streaming:
            self._request.parts = self._api.stream_of(self._request.url)

    def on_body(self, body: bytes) -> None:
        """Keep what was received, but no more than Lambda passes on."""
        request = self._request
        request.size += len(body)
        if request.parts is not None:
            if request.size <= STREAM_LIMIT:
                request.parts.put(body, self._transport)
        elif request.size <= RESPONSE_LIMIT:
            request.body.append(body)
        else:
            request.body.clear()

    def on_message_complete(self) -> None:
        """Act on the request."""
        if self._parser.should_upgrade():
            return  # it comes again, without the offer
        request = self._request
        request.method = self._parser.get_method()
        self._last = not self._parser.should_keep_alive()
        if self._api.polled_by(self):
            self._last = True  # a request behind the long poll could not be answered
            self._api.disconnected(self)
            self._out.append(plain(400, b"400 Bad Request\n"))
            return
        answer = self._api.answer(self, request)
        if answer is not None:
            self._out.append(answer)
