"""One port for HTTP, HTTPS, ws and wss: the first byte tells which.

Clients like Amplify JS (v6) dial `wss://` even for an `http://localhost` endpoint
(amplify-category-api #2221), so a plain port could not serve them. TLS begins with the
byte 0x16, which no HTTP request does.
"""

import asyncio
import errno
import logging
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Any

from appsync_emulator.background import Background
from appsync_emulator.errors import EmulatorError
from appsync_emulator.realtime.handshake import Handshake, chosen_protocol
from appsync_emulator.realtime.protocol import GOING_AWAY, MAX_MESSAGE
from appsync_emulator.server.exchange import Answer, FindPost, failure
from appsync_emulator.server.faulty import Alter
from appsync_emulator.server.http_config import make_config
from appsync_emulator.server.http_protocol import HttpProtocol, HttpState
from appsync_emulator.server.realtime import FindApi, RealtimeSession
from appsync_emulator.server.websocket import WebSocket

log = logging.getLogger(__name__)

FIRST_BYTE_TIME = 10.0
"""Seconds a client has to send anything, and then again to finish a TLS handshake."""

MAX_SILENT = 1024
"""Connections that may stay silent at a time; one more ends the oldest of them."""

_TLS = b"\x16"
_BATCH = 128
_NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_PAUSE = 1.0
_SHUTDOWN_TIME = 2.0
_NOT_FOUND = b"com.amazon.coral.service.http#HttpNotFoundException"

MakeContext = Callable[[], ssl.SSLContext]


class Listener:
    """Accepts connections and hands them to HTTP and websocket protocols.

    Args:
        app: the ASGI application for HTTP requests.
        sockets: bound and listening (see `sockets.bind`); owned from now on.
        find_api: finds what a websocket is for.
        find_post: finds what answers a POST directly, see `HttpProtocol`.
        background: owns the tasks of accepting, authenticating and subscribing.
        alter: asked at the beginning of every websocket for what changes its frames.
        tls: gives the TLS context, called at the first TLS connection; None refuses
            TLS.
    """

    def __init__(
        self,
        app: Any,
        sockets: Sequence[socket.socket],
        *,
        find_api: FindApi,
        find_post: FindPost,
        background: Background,
        tls: MakeContext | None = None,
        alter: Callable[[], Alter | None] = lambda: None,
    ) -> None:
        self._alter = alter
        self._sockets = list(sockets)
        self._find_api = find_api
        self._background = background
        self._make_context = tls
        self._context: ssl.SSLContext | None = None
        self._config = make_config(app)
        self._state = HttpState(self._upgrade, self._note_end, find_post, background)
        self._silent: dict[socket.socket, asyncio.TimerHandle] = {}
        self._opening: dict[socket.socket, asyncio.Task[None]] = {}
        self._websockets: set[WebSocket] = set()
        self._pause: asyncio.TimerHandle | None = None
        self._closing = False
        self._ended = asyncio.Event()
        self._distrust_told = False

    @property
    def connections(self) -> int:
        """How many connections there are, of every kind."""
        return (
            len(self._silent)
            + len(self._opening)
            + len(self._state.connections)
            + len(self._websockets)
        )

    def start(self) -> None:
        """Begin to accept, on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._listen()

    async def close(self, grace: float = 5.0) -> None:
        """Stop accepting, end every connection, and give the sockets back.

        Websockets get close code 1001; open HTTP exchanges may finish.

        Args:
            grace: seconds after which the rest is cut off.
        """
        self._closing = True
        self._stop_accepting()
        for accepted in list(self._silent):
            self._forget(accepted)
            accepted.close()
        for websocket in list(self._websockets):
            websocket.close(GOING_AWAY, "the emulator stops")
        for connection in list(self._state.connections):
            connection.shutdown()
        if not await self._wait_ended(grace):
            await self._cut_off()

    def _listen(self) -> None:
        self._pause = None
        for listening in self._sockets:
            self._loop.add_reader(listening, self._accept, listening)

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(_BATCH):
            try:
                accepted, _ = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._accept_later(error)
                return
            accepted.setblocking(False)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._look(accepted)

    def _accept_later(self, error: OSError) -> None:
        """Wait for file descriptors to become free; the backlog keeps clients."""
        if error.errno not in _NO_ROOM:
            log.error("accepting failed: %s", error)
        else:
            log.error(
                "cannot accept a connection: %s (see `ulimit -n`)", error.strerror
            )
        for listening in self._sockets:
            self._loop.remove_reader(listening)
        self._pause = self._loop.call_later(_PAUSE, self._listen)

    def _look(self, accepted: socket.socket) -> None:
        try:
            first = accepted.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            self._wait_for(accepted)
        except OSError:
            accepted.close()
        else:
            if first == _TLS:
                self._open_secure(accepted)
            elif first:
                self._open(accepted, None)
            else:
                accepted.close()

    def _wait_for(self, accepted: socket.socket) -> None:
        if len(self._silent) >= MAX_SILENT:
            oldest = next(iter(self._silent))
            self._forget(oldest)
            oldest.close()
        timer = self._loop.call_later(FIRST_BYTE_TIME, self._give_up, accepted)
        self._silent[accepted] = timer
        self._loop.add_reader(accepted, self._readable, accepted)

    def _readable(self, accepted: socket.socket) -> None:
        self._forget(accepted)
        self._look(accepted)

    def _give_up(self, accepted: socket.socket) -> None:
        self._forget(accepted)
        accepted.close()

    def _forget(self, accepted: socket.socket) -> None:
        self._silent.pop(accepted).cancel()
        self._loop.remove_reader(accepted)

    def _open_secure(self, accepted: socket.socket) -> None:
        try:
            context = self._tls_context()
        except (EmulatorError, OSError) as error:
            log.error("a TLS connection was refused: %s", error)  # noqa: TRY400 -- advice, not a fault
            accepted.close()
        else:
            self._open(accepted, context)

    def _tls_context(self) -> ssl.SSLContext:
        if self._make_context is None:
            raise EmulatorError("E103", "TLS is turned off.")
        if self._context is None:
            self._context = self._make_context()
        return self._context

    def _open(self, accepted: socket.socket, context: ssl.SSLContext | None) -> None:
        work = self._connect(accepted, context)
        self._opening[accepted] = self._background.start(work, "accept")

    async def _connect(
        self, accepted: socket.socket, context: ssl.SSLContext | None
    ) -> None:
        try:
            _, protocol = await self._loop.connect_accepted_socket(
                self._make_protocol,
                accepted,
                ssl=context,
                ssl_handshake_timeout=FIRST_BYTE_TIME if context else None,
                ssl_shutdown_timeout=_SHUTDOWN_TIME if context else None,
            )
        except OSError as error:
            self._tell_distrust(error, secure=context is not None)
        else:
            if self._closing:
                protocol.shutdown()
        finally:
            del self._opening[accepted]
            self._note_end()

    def _make_protocol(self) -> HttpProtocol:
        return HttpProtocol(self._config, self._state, self._loop)

    def _tell_distrust(self, error: OSError, *, secure: bool) -> None:
        """Say once what to do when a client does not know our CA.

        OpenSSL's clients say so by an alert. Node.js checks the certificate itself and
        hangs up, so a reset in the handshake means the same.
        """
        reason = getattr(error, "reason", None) or ""
        distrust = "UNKNOWN_CA" in reason or "CERTIFICATE_UNKNOWN" in reason
        hung_up = secure and isinstance(error, ConnectionError)
        if (distrust or hung_up) and not self._distrust_told:
            self._distrust_told = True
            log.warning(
                "a client refused the emulator's certificate (%s): make it trust the "
                "CA that is printed at start, with NODE_EXTRA_CA_CERTS=<its file> for "
                "Node.js; Amplify needs no trust with an endpoint of HTTP://localhost",
                reason or "it hung up",
            )
        else:
            log.debug("a TLS handshake failed: %r", error)

    def _upgrade(
        self, connection: HttpProtocol, handshake: Handshake, rest: bytes
    ) -> None:
        if self._closing:
            message = "The emulator stops."
            connection.refuse(failure(503, "ServiceUnavailableException", message))
            return
        api = self._find_api(handshake.path, handshake.headers.get("host", ""))
        if api is None:
            # The name is what the service was seen to use (aws-mobile-appsync-sdk-js
            # #768); status and body of a refused upgrade were not recorded.
            body = b'{"__type":"%b"}' % _NOT_FOUND
            connection.refuse(Answer(404, body, [(b"x-amzn-errortype", _NOT_FOUND)]))
            return
        transport = connection.switch(chosen_protocol(handshake))
        name = f"websocket of {handshake.source_ip}"
        websocket = WebSocket(transport, MAX_MESSAGE, name, self._note_websocket_end)
        self._websockets.add(websocket)
        session = RealtimeSession(
            api, handshake, websocket, self._background, self._alter()
        )
        session.begin()
        websocket.open(session, rest)

    def _note_websocket_end(self, websocket: WebSocket) -> None:
        self._websockets.discard(websocket)
        self._note_end()

    def _note_end(self) -> None:
        if self._closing and not self.connections:
            self._ended.set()

    def _stop_accepting(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
        for listening in self._sockets:
            self._loop.remove_reader(listening)
            listening.close()
        self._sockets.clear()

    async def _wait_ended(self, seconds: float) -> bool:
        self._note_end()
        try:
            async with asyncio.timeout(seconds):
                await self._ended.wait()
                while tasks := self._state.tasks:
                    await asyncio.wait(tasks)
        except TimeoutError:
            return False
        return True

    async def _cut_off(self) -> None:
        cut = self.connections + len(self._state.tasks)
        log.warning("%d connections or requests were cut off", cut)
        for task in (*self._opening.values(), *self._state.tasks):
            task.cancel()
        for websocket in list(self._websockets):
            websocket.abort()
        for connection in list(self._state.connections):
            connection.transport.abort()
        await self._wait_ended(_SHUTDOWN_TIME)
        for accepted in self._opening:  # whose task was cancelled before it began
            accepted.close()
