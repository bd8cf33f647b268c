"""HTTP/1.1 by uvicorn's httptools protocol, with upgrades to our own websockets."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from email.utils import formatdate
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from appsync_emulator.background import Background
from appsync_emulator.realtime.handshake import Handshake
from appsync_emulator.server import upgrades
from appsync_emulator.server.direct import DirectCycle
from appsync_emulator.server.exchange import Answer, FindPost, failure
from appsync_emulator.server.http2 import PREFACE, Http2Protocol

log = logging.getLogger(__name__)


HEAD_LIMIT = 256 * 1024
"""Bytes of a request's line and headers. AppSync's limit is not documented; a JSON web
token in a query or subprotocol must fit, and libraries' usual 8 KB do not hold it."""

SILENCE = 20.0
"""Seconds that may pass in the middle of a request without a byte of it."""

Upgrade = Callable[["HttpProtocol", Handshake, bytes], None]
"""Takes an upgrade request, and what the client sent behind it; answers it by
`HttpProtocol.switch` or `HttpProtocol.refuse`."""


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


class _HeadTooLarge(Exception):
    """The request's line and headers exceed `HEAD_LIMIT`."""


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
        self._read = 0
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
        if not self._seen and data.startswith(PREFACE):
            self._switch_to_http2(data)
            return
        self._seen = self.loop.time()
        self._read = len(data)
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            if isinstance(error.__context__, _HeadTooLarge):
                self.refuse(_head_too_large())
            else:
                log.debug("%s: not HTTP: %s", self.client, error)
                self.refuse(failure(400, "BadRequestException", "This is not HTTP."))
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
        self._check_head()
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
        peer = self.client[0] if self.client else None
        return DirectCycle(self, respond, self.headers, peer, keep_alive=keep_alive)

    def on_body(self, body: bytes) -> None:
        """Take a part of a request's body."""
        if self._direct is None:
            super().on_body(body)
        else:
            self._direct.take(body)

    def on_message_complete(self) -> None:
        """End a request."""
        if self._direct is not None:
            self._in_request = False
            self._direct.answer()
        elif not self._offers_other_protocol:
            self._in_request = False
            super().on_message_complete()

    def send(self, answer: Answer, *, close: bool) -> None:
        """Write an answer, in one go."""
        state = self.server_state
        state.refresh_date()
        self.transport.write(answer.text(state.date, close=close))
        if close:
            self.transport.close()

    def answer_later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run what will answer a request."""
        task = self.server_state.background.start(work, "request")
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

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
        self.transport.write(upgrades.acceptance(key, protocol))
        self._forget_timers()
        self.connections.discard(self)
        self._switched = True
        self.parser = None  # type: ignore[assignment]  # breaks the cycle, as uvicorn does
        return self.transport

    def _switch_to_http2(self, data: bytes) -> None:
        self._forget_timers()
        self.connections.discard(self)
        self._switched = True
        self.parser = None  # type: ignore[assignment]  # as in `switch`
        protocol = Http2Protocol(self.config, self.server_state, self.transport)
        self.connections.add(protocol)  # type: ignore[arg-type]  # it ends like ours
        self.transport.set_protocol(protocol)
        protocol.data_received(data)

    def refuse(self, answer: Answer) -> None:
        """Answer what is not for the application, and close."""
        self._forget_timers()
        if self._answering:  # nothing may come between
            self.transport.close()
        else:
            self.send(answer, close=True)

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
                parser = self.parser
                method, version = parser.get_method(), parser.get_http_version()
                head = upgrades.without_offer(method, self.url, version, self.headers)
                data = head + data
            else:
                return

    def _should_upgrade_to_ws(self) -> bool:
        return True

    def _take_upgrade(self, rest: bytes) -> None:
        if self._answering:
            # An upgrade behind a request that is still being answered: nobody does it.
            self.transport.close()
            return
        source_ip = self.client[0] if self.client else None
        handshake = upgrades.read_handshake(self.url, self.headers, source_ip)
        refusal = upgrades.refusal(self.parser.get_method(), handshake)
        if refusal is None:
            self.server_state.upgrade(self, handshake, rest)
        else:
            self.refuse(refusal)

    def _check_head(self) -> None:
        """Hold a head that is complete to its limit, even one that came in one read.

        Raises:
            _HeadTooLarge: which the parser hands on to `data_received`.
        """
        if self._head_size + self._read > HEAD_LIMIT:  # of that, all may be the body
            size = sum(len(name) + len(value) for name, value in self.headers)
            if size + len(self.url) > HEAD_LIMIT:
                raise _HeadTooLarge

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
                    self.refuse(_head_too_large())
        elif not self._answering:
            self._keep_idle()

    def _fell_silent(self) -> None:
        self._silence = None
        if self.flow.read_paused:  # the application takes its time, not the client
            self._silence = self.loop.call_later(SILENCE, self._fell_silent)
        else:
            message = f"Nothing came for {SILENCE:g} seconds."
            self.refuse(failure(408, "RequestTimeoutException", message))

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


def _head_too_large() -> Answer:
    message = f"The headers may have {HEAD_LIMIT} bytes."
    return failure(431, "RequestHeaderFieldsTooLargeException", message)
