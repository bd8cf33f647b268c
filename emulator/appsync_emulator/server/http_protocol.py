"""HTTP/1.1 by uvicorn's httptools protocol, with upgrades to our own websockets."""

import asyncio
import base64
import binascii
import hashlib
import logging
import time
import uuid
from collections.abc import Callable, Coroutine
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from appsync_emulator.background import Background
from appsync_emulator.realtime.handshake import Handshake
from appsync_emulator.server.exchange import (
    BODY_LIMIT,
    Answer,
    Headers,
    internal_failure,
)

log = logging.getLogger(__name__)


def _is_failure(record: logging.LogRecord) -> bool:
    """Tell a request that failed from one that was cut off when the server ended."""
    error = record.exc_info and record.exc_info[1]
    return not isinstance(error, asyncio.CancelledError)


logging.getLogger("uvicorn.error").addFilter(_is_failure)

HEAD_LIMIT = 256 * 1024
"""Bytes of a request's line and headers. AppSync's limit is not documented; a JSON web
token in a query or subprotocol must fit, and libraries' usual 8 KB do not hold it."""

SILENCE = 20.0
"""Seconds that may pass in the middle of a request without a byte of it."""

KEEP_ALIVE = 75
"""Seconds that an idle connection is kept."""

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3

Answered = Answer | Coroutine[Any, Any, Answer]
"""An answer, or the coroutine that will give it."""

Respond = Callable[[Headers, bytes], Answered]
"""(headers, body) -> the answer to one kind of POST."""

FindPost = Callable[[bytes, Headers], Respond | None]
"""(request target, headers) -> what answers a POST directly, None for the ASGI app."""

Upgrade = Callable[["HttpProtocol", Handshake, bytes], None]
"""Takes an upgrade request, and what the client sent behind it; answers it by
`HttpProtocol.switch` or `HttpProtocol.refuse`."""


def make_config(app: Any) -> Config:
    """Give uvicorn's configuration for `app`, loaded.

    No `server` header, as AppSync has none; for `date` see `HttpState`.
    """
    config = Config(
        app,
        interface="asgi3",
        http=HttpToolsProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
    )
    config.load()
    return config


class HttpState(ServerState):
    """What all connections share.

    Args:
        upgrade: takes upgrade requests.
        closed: called after the end of a connection.
        find_post: finds what answers a POST directly.
        background: owns the tasks of answers that take time.
    """

    def __init__(
        self,
        upgrade: Upgrade,
        closed: Callable[[], None],
        find_post: FindPost,
        background: Background,
    ) -> None:
        super().__init__()
        self.upgrade = upgrade
        self.closed = closed
        self.find_post = find_post
        self.background = background
        self.date = b""
        self._second = 0

    def refresh_date(self) -> None:
        """Set the `date` header of the next responses, at most once a second.

        Requests do this, so that an idle server need not wake up for it.
        """
        second = int(time.time())
        if second != self._second:
            self._second = second
            self.date = formatdate(second, usegmt=True).encode()
            self.default_headers = [(b"date", self.date)]


class DirectCycle:
    """A POST that is answered without ASGI, in the place of uvicorn's cycle.

    Attributes:
        response_complete: whether it is answered.
        disconnected: whether the client is gone.
        keep_alive: whether the connection goes on after the answer.
    """

    def __init__(self, respond: Respond, headers: Headers, *, keep_alive: bool) -> None:
        self.respond = respond
        self.headers = headers
        self.keep_alive = keep_alive
        self.response_complete = False
        self.disconnected = False
        self.more_body = True
        self.parts: list[bytes] = []
        self.size = 0
        self.message_event = _NOBODY_WAITS


class _Event:
    """Stands for the event that wakes an ASGI application, where there is none."""

    def set(self) -> None:
        """Do nothing."""


_NOBODY_WAITS = _Event()


class HttpProtocol(HttpToolsProtocol):
    """One connection, until it ends or becomes a websocket.

    Beyond uvicorn's: bounds for the size and the pauses of a request, requests after an
    upgrade that is not for us (Java's client offers h2c each time), our own websockets,
    and POSTs that are answered without the way through ASGI.
    """

    server_state: HttpState

    def __init__(
        self, config: Config, state: HttpState, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(config, state, {}, loop)
        self._in_head = False
        self._in_request = False
        self._head_size = 0
        self._switched = False
        self._direct: DirectCycle | None = None
        self._seen = 0.0
        self._silence: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's
        """Begin."""
        super().connection_made(transport)
        if self.scheme == "https":  # else the listener has seen the first byte
            self._keep_idle()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        super().connection_lost(exc)
        self._forget_timers()
        self.server_state.closed()

    def data_received(self, data: bytes) -> None:
        """Take bytes from the transport."""
        if self.transport.is_closing():
            return
        self._seen = self.loop.time()
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            log.debug("%s: not HTTP: %s", self.client, error)
            self.refuse(HTTPStatus.BAD_REQUEST)
        if not self._switched and not self.transport.is_closing():
            self._watch(len(data))

    def on_message_begin(self) -> None:
        """Begin a request; uvicorn's part of it waits until it is needed."""
        self.url = b""
        self.expect_100_continue = False
        self.headers = []
        self._direct = None
        self._in_head = self._in_request = True
        self._head_size = 0

    def on_headers_complete(self) -> None:
        """Start the application on a request, unless it is an upgrade."""
        self._in_head = False
        self._direct = self._find_direct()
        if self._direct is not None:
            self.cycle = self._direct  # type: ignore[assignment]  # in uvicorn's place
            return
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        if not self._offers_other_protocol:
            self.server_state.refresh_date()
            super().on_headers_complete()

    def _find_direct(self) -> DirectCycle | None:
        """Give the cycle of a POST that needs no ASGI, None for all other requests."""
        parser = self.parser
        if (
            parser.get_method() != b"POST"
            or self.expect_100_continue
            or self._answering
            or parser.should_upgrade()
            or parser.get_http_version() != "1.1"
        ):
            return None
        respond = self.server_state.find_post(self.url, self.headers)
        if respond is None:
            return None
        keep_alive = bool(parser.should_keep_alive())
        return DirectCycle(respond, self.headers, keep_alive=keep_alive)

    def on_body(self, body: bytes) -> None:
        """Take a part of a request's body."""
        direct = self._direct
        if direct is None:
            super().on_body(body)
            return
        if direct.size <= BODY_LIMIT:  # of what is beyond, nothing need be kept
            direct.size += len(body)
            direct.parts.append(body)

    def on_message_complete(self) -> None:
        """End a request."""
        if self._direct is not None:
            self._in_request = False
            self._answer(self._direct)
        elif not self._offers_other_protocol:
            self._in_request = False
            super().on_message_complete()

    def _answer(self, cycle: DirectCycle) -> None:
        try:
            answered = cycle.respond(cycle.headers, b"".join(cycle.parts))
        except Exception:
            log.exception("a request failed")
            answered = internal_failure()
        if isinstance(answered, Answer):
            self._write_answer(cycle, answered)
        else:
            work = self._answer_later(cycle, answered)
            task = self.server_state.background.start(work, "request")
            self.server_state.tasks.add(task)
            task.add_done_callback(self.server_state.tasks.discard)

    async def _answer_later(
        self, cycle: DirectCycle, answer: Coroutine[Any, Any, Answer]
    ) -> None:
        try:
            done = await answer
        except Exception:
            log.exception("a request failed")
            done = internal_failure()
        self._write_answer(cycle, done)

    def _write_answer(self, cycle: DirectCycle, answer: Answer) -> None:
        cycle.response_complete = True
        if cycle.disconnected:
            return
        state = self.server_state
        state.refresh_date()
        self.transport.write(answer.text(state.date, close=not cycle.keep_alive))
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request of the connection, if it is here already.

        Unlike uvicorn's, this arms no timer each time: one per connection looks back.
        """
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self._seen = self.loop.time()
        self._keep_idle()
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)

    def switch(self, protocol: str | None) -> asyncio.Transport:
        """Accept the upgrade; the transport must get a new protocol right away.

        Args:
            protocol: the subprotocol to choose, None for none.
        """
        key = dict(self.headers)[b"sec-websocket-key"]
        digest = hashlib.sha1(key + _GUID, usedforsecurity=False).digest()
        lines = [
            b"HTTP/1.1 101 Switching Protocols",
            b"upgrade: websocket",
            b"connection: upgrade",
            b"sec-websocket-accept: " + base64.b64encode(digest),
            b"x-amzn-requestid: " + str(uuid.uuid4()).encode(),
        ]
        if protocol is not None:
            lines.append(b"sec-websocket-protocol: " + protocol.encode())
        self.transport.write(b"\r\n".join(lines) + b"\r\n\r\n")
        self._forget_timers()
        self.connections.discard(self)
        self._switched = True
        self.parser = None  # type: ignore[assignment]  # breaks the cycle, as uvicorn does
        return self.transport

    def refuse(
        self, status: HTTPStatus, *headers: tuple[bytes, bytes], body: bytes = b""
    ) -> None:
        """Answer what is not for the application, and close."""
        self.server_state.refresh_date()
        lines = [b"HTTP/1.1 %d %b" % (status, status.phrase.encode())]
        lines += [
            name + b": " + value
            for name, value in (
                *self.server_state.default_headers,
                *headers,
                (b"content-length", b"%d" % len(body)),
                (b"connection", b"close"),
            )
        ]
        if not self._answering:
            self.transport.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        self._forget_timers()
        self.transport.close()

    @property
    def _answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn leaves the None out
        return cycle is not None and not cycle.response_complete

    @property
    def _offers_other_protocol(self) -> bool:
        return bool(self.parser.should_upgrade()) and not self._should_upgrade()

    def _feed(self, data: bytes) -> None:
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]
                if self._should_upgrade():
                    self._take_upgrade(data)
                    return
                data = self._without_offer() + data
            else:
                return

    def _without_offer(self) -> bytes:
        """Give the head of a request again, without its upgrade.

        The parser stops at the body of a request that offers another protocol. Java's
        HttpClient offers h2c with every request; what is not taken up is to be ignored
        (RFC 9110, 7.8).
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            raise httptools.HttpParserInvalidMethodError("CONNECT")
        version = self.parser.get_http_version().encode()
        lines = [method + b" " + self.url + b" HTTP/" + version]
        lines += [
            name + b": " + value for name, value in self.headers if name != b"upgrade"
        ]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def _should_upgrade_to_ws(self) -> bool:
        return True

    def _take_upgrade(self, rest: bytes) -> None:
        if self._answering:
            # An upgrade behind a request that is still being answered: nobody does it.
            self.transport.close()
            return
        headers: dict[str, str] = {}
        for raw_name, raw_value in self.headers:
            name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        url = httptools.parse_url(self.url)
        handshake = Handshake(
            path=unquote((url.path or b"/").decode("latin-1")),
            query=(url.query or b"").decode("latin-1"),
            headers=headers,
            source_ip=self.client[0] if self.client else None,
        )
        if headers.get("sec-websocket-version") != "13":
            self.refuse(HTTPStatus.UPGRADE_REQUIRED, (b"sec-websocket-version", b"13"))
        elif self.scope["method"] != "GET" or not _is_key(headers):
            self.refuse(HTTPStatus.BAD_REQUEST)
        else:
            self.server_state.upgrade(self, handshake, rest)

    def _watch(self, size: int) -> None:
        """Bound what the client has begun and not finished."""
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
        if self._in_request:
            self._silence = self.loop.call_later(SILENCE, self._fell_silent)
            if self._in_head:
                self._head_size += size
                if self._head_size > HEAD_LIMIT:
                    self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif not self._answering:
            self._keep_idle()

    def _fell_silent(self) -> None:
        self._silence = None
        if self.flow.read_paused:  # the application takes its time, not the client
            self._silence = self.loop.call_later(SILENCE, self._fell_silent)
        else:
            self.refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _keep_idle(self) -> None:
        """See to it that an idle connection ends, by one timer that looks back."""
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self._look_back
            )

    def _look_back(self) -> None:
        self.timeout_keep_alive_task = None
        busy = self._in_request or self._answering
        left = self._seen + self.timeout_keep_alive - self.loop.time()
        if busy or left > 0:
            wait = left if left > 0 else self.timeout_keep_alive
            self.timeout_keep_alive_task = self.loop.call_later(wait, self._look_back)
        else:
            self.timeout_keep_alive_handler()

    def _forget_timers(self) -> None:
        self._unset_keepalive_if_required()
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None


def _is_key(headers: dict[str, str]) -> bool:
    try:
        key = base64.b64decode(headers["sec-websocket-key"], validate=True)
    except (KeyError, binascii.Error, ValueError):
        return False
    return len(key) == 16
