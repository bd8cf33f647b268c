"""The realtime session of a websocket: carries out what the protocol decides."""

import asyncio
import logging
import math
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol

from appsync_emulator.background import Background
from appsync_emulator.realtime.handshake import Handshake
from appsync_emulator.realtime.hub import Hub
from appsync_emulator.realtime.protocol import (
    Action,
    Actions,
    Authenticate,
    Begin,
    Close,
    End,
    RealtimeProtocol,
    Send,
    Start,
)
from appsync_emulator.realtime.refusals import Denied, StartRejected
from appsync_emulator.realtime.subscription import Outbox, Subscription
from appsync_emulator.server.faulty import Alter

log = logging.getLogger(__name__)

_CONNECT = "connect"  # the key of the authentication among a session's tasks
_INTERNAL = ("InternalFailure", "Internal Failure")
"""For faults of ours; what AppSync says of its own is not recorded."""


class RealtimeApi(Protocol):
    """What a socket needs of an API.

    Both coroutines may be cancelled at any await, and must end by themselves: AppSync
    gives a request 30 seconds.
    """

    @property
    def hub(self) -> Hub:
        """Where its subscriptions are registered."""
        ...

    async def authenticate(
        self, handshake: Handshake, credentials: Mapping[str, str]
    ) -> None:
        """Let a connection in.

        Args:
            handshake: the upgrade request.
            credentials: the headers that authorize it, by lower-case name.

        Raises:
            Denied: it may not connect.
        """
        ...

    async def subscribe(
        self, start: Start, handshake: Handshake, outbox: Outbox
    ) -> Subscription:
        """Authorize and prepare a subscription; the socket registers it.

        Args:
            start: what the client asks for, with credentials of its own.
            handshake: the connection's.
            outbox: for the `Subscription`.

        Raises:
            StartRejected: with the errors for the client.
        """
        ...


FindApi = Callable[[str, str], RealtimeApi | None]
"""(path, host header) -> the API, None when there is none."""


class Socket(Outbox, Protocol):
    """What carries a session's messages."""

    def send(self, *texts: bytes) -> None:
        """Send text messages; without effect once it closes."""
        ...

    def close(self, code: int, reason: str) -> None:
        """End, telling why."""
        ...


class RealtimeSession:
    """A client's connection, from its upgrade to its end.

    Starts run side by side; a stop beats the start it follows, however far that is.

    Args:
        api: what it is connected to.
        handshake: its upgrade request.
        socket: its accepted websocket.
        background: owns the tasks that authenticate and subscribe.
        alter: changes what is sent, on purpose; None to send it as it is.
    """

    __slots__ = (
        "_alter",
        "_api",
        "_armed",
        "_background",
        "_connected",
        "_handshake",
        "_protocol",
        "_socket",
        "_tasks",
        "_timer",
    )

    def __init__(
        self,
        api: RealtimeApi,
        handshake: Handshake,
        socket: Socket,
        background: Background,
        alter: Alter | None = None,
    ) -> None:
        self._alter = alter
        self._api = api
        self._handshake = handshake
        self._socket = socket
        self._background = background
        self._connected = False
        self._protocol = RealtimeProtocol(asyncio.get_running_loop().time)
        self._tasks: dict[object, asyncio.Task[None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._armed = math.inf

    def begin(self) -> None:
        """Look at the upgrade request."""
        actions = self._protocol.connect(self._handshake)
        if not actions:
            self._count("ConnectClientError")
        self._carry_out(actions)

    def received(self, text: str) -> None:
        """Take a text message."""
        self._carry_out(self._protocol.receive(text))

    def received_binary(self) -> None:
        """Take note of a binary message."""
        self._carry_out(self._protocol.receive_binary())

    def revoke(self, id: str) -> None:  # noqa: A002 -- as `Outbox`
        """End the subscription `id` and close."""
        self._carry_out(self._protocol.revoke(id))

    def lost(self) -> None:
        """End: the connection is gone."""
        for operation in self._protocol.lost():
            self._end(operation)
        if (task := self._tasks.get(_CONNECT)) is not None:
            task.cancel()
        if self._timer is not None:
            self._timer.cancel()
        if self._connected:
            self._count("ActiveConnections", -1)
            self._count("DisconnectSuccess")

    def _carry_out(self, actions: Actions) -> None:
        for action in actions:
            self._do(action)
        self._arm()

    def _do(self, action: Action) -> None:
        match action:
            case Send(texts):
                if self._alter is not None:
                    texts = self._alter(texts)
                self._socket.send(*texts)
            case Authenticate(credentials):
                self._run(_CONNECT, self._authenticate(credentials))
            case Begin(start):
                self._run(start, self._subscribe(start))
            case End(operation):
                self._end(operation)
            case Close(code, reason):
                self._socket.close(code, reason)

    def _run(self, key: object, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` as a task that `_end(key)` cancels."""
        task = self._background.start(work, "realtime request")
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    def _end(self, operation: object) -> None:
        if isinstance(operation, Subscription):
            self._api.hub.unsubscribe(operation)
            self._count("UnsubscribeSuccess")
        elif (task := self._tasks.get(operation)) is not None:
            task.cancel()

    async def _authenticate(self, credentials: Mapping[str, str]) -> None:
        try:
            await self._api.authenticate(self._handshake, credentials)
        except Denied as denied:
            self._count("ConnectClientError")
            self._carry_out(self._protocol.refused(denied))
        except Exception:
            log.exception("%s: connecting failed", self._handshake.path)
            self._count("ConnectServerError")
            self._carry_out(self._protocol.refused(Denied(*_INTERNAL, 500)))
        else:
            self._connected = True
            self._count("ConnectSuccess")
            self._count("ActiveConnections")
            self._carry_out(self._protocol.accepted())

    async def _subscribe(self, start: Start) -> None:
        try:
            subscription = await self._api.subscribe(
                start, self._handshake, self._socket
            )
        except StartRejected as rejection:
            self._count("SubscribeClientError")
            self._carry_out(self._protocol.rejected(start, rejection))
        except Exception:
            log.exception("%s: subscribing failed", self._handshake.path)
            self._count("SubscribeServerError")
            failure = StartRejected.of(*_INTERNAL)
            self._carry_out(self._protocol.rejected(start, failure))
        else:
            self._register(start, subscription)

    def _register(self, start: Start, subscription: Subscription) -> None:
        # Registered and acknowledged in one go, so that nothing published after the
        # `start_ack` is missed, and nothing comes before it. The service itself is
        # less strict (aws-appsync-community #405).
        if self._protocol.wanted(start):
            self._api.hub.subscribe(subscription)
            self._count("SubscribeSuccess")
            self._carry_out(self._protocol.started(start, subscription))

    def _arm(self) -> None:
        """Have `_due` called at the protocol's deadline, or earlier."""
        deadline = self._protocol.deadline
        if deadline < self._armed:
            if self._timer is not None:
                self._timer.cancel()
            self._armed = deadline
            self._timer = asyncio.get_running_loop().call_at(deadline, self._due)

    def _due(self) -> None:
        self._armed = math.inf
        if asyncio.get_running_loop().time() >= self._protocol.deadline:
            self._carry_out(self._protocol.tick())
        else:
            self._arm()

    def _count(self, metric: str, by: int = 1) -> None:
        self._api.hub.metrics[metric] += by
