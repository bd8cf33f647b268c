"""The realtime protocol of one connection, without I/O.

Text frames go in, actions come out; so do the answers of whoever authenticates and
subscribes, and the passing of time. The caller carries the actions out in order and
calls `tick` when `deadline` has come.

    connect -> Authenticate -> accepted | refused
    receive -> Send | Begin -> started | rejected
    receive -> End, Send
    tick    -> Send | Close

Sources: AppSync developer guide, building a real-time WebSocket client, and public
captures, named where they decide something.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import orjson

from appsync_emulator.realtime import refusals
from appsync_emulator.realtime.handshake import Handshake, find_credentials, fold
from appsync_emulator.realtime.messages import (
    Complete,
    ConnectionRefused,
    MessageError,
    ServerMessage,
    StartAck,
    SubscriptionError,
)
from appsync_emulator.realtime.refusals import Denied, StartRejected

KEEP_ALIVE = 60.0
"""Seconds between two `ka`."""

LIFETIME = 24 * 60 * 60.0
"""Seconds after which the service ends a connection."""

GRACE = 0.5
"""Seconds that a refused client has for its `connection_init`, before it is told why it
is refused and the connection is closed.

A client that finds the socket closed while it writes `connection_init` never reads why
(gql reports a failed connection instead of the error).
"""

MAX_SUBSCRIPTIONS = 200
"""Subscriptions per connection.

AWS General Reference says 200; captures said 50 in 2020 and 100 until 2024. The current
document wins, so that a client that works on AWS works here.
"""

MAX_PENDING = 1000
"""Messages that may wait for the authentication; no client sends more than a few."""

MAX_MESSAGE = 1024 * 1024
"""Bytes of one message. No limit is documented; the operation itself is limited to
15,000 tokens elsewhere, so this only stops what cannot be meant."""

ACK = b'{"type":"connection_ack","payload":{"connectionTimeoutMs":300000}}'
KA = b'{"type":"ka"}'

# Close codes of RFC 6455. Nobody recorded the service's own at the end of its 24 hours.
NORMAL = 1000
GOING_AWAY = 1001
POLICY = 1008


@dataclass(frozen=True, slots=True)
class Send:
    """Write text frames, in one go."""

    texts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Decide over the connection, then call `accepted` or `refused`."""

    credentials: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """A subscription that a client asks for.

    Attributes:
        id: the client's, unique in its connection only.
        text: `payload.data` as it came: what SigV4 signs.
        query: the GraphQL document.
        variables: None when absent.
        operation_name: None when absent.
        credentials: the headers that authorize it, by lower-case name; empty when the
            client sent none. They may be of another mode than the connection's.
    """

    id: str
    text: str
    query: str
    variables: Mapping[str, Any] | None
    operation_name: str | None
    credentials: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Begin:
    """Subscribe while the connection goes on, then call `started` or `rejected`."""

    start: Start


@dataclass(frozen=True, slots=True)
class End:
    """Forget an operation.

    Attributes:
        operation: its `Start` while that is under way, later what `started` was given.
    """

    operation: object


@dataclass(frozen=True, slots=True)
class Close:
    """Close the websocket."""

    code: int
    reason: str


Action = Send | Authenticate | Begin | End | Close
Actions = list[Action]


class _State(Enum):
    AUTHENTICATING = "authenticating"
    OPEN = "open"
    REFUSED = "refused"
    CLOSED = "closed"


class RealtimeProtocol:
    """One connection.

    Args:
        clock: seconds that only grow, such as `loop.time`.

    Attributes:
        deadline: when to call `tick`, on that clock; infinite once closed.
        operations: what is under way or registered, by id; see `End.operation`.
    """

    __slots__ = (
        "_clock",
        "_denial",
        "_expires",
        "_pending",
        "_state",
        "deadline",
        "operations",
    )

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._state = _State.AUTHENTICATING
        self._pending: list[str] | None = None
        self._denial: Send | None = None
        self._expires = clock() + LIFETIME
        self.deadline = clock() + KEEP_ALIVE
        self.operations: dict[str, object] = {}

    def connect(self, handshake: Handshake) -> Actions:
        """Take the upgrade request, which has been answered already.

        The service too accepts the websocket first and refuses then, by a frame:
        browsers show a page nothing of a refused upgrade.
        """
        try:
            return [Authenticate(find_credentials(handshake))]
        except Denied as denied:
            return self.refused(denied)

    def accepted(self) -> Actions:
        """Go on after a successful authentication."""
        if self._state is not _State.AUTHENTICATING:
            return []
        self._state = _State.OPEN
        pending, self._pending = self._pending or (), None
        return [action for text in pending for action in self.receive(text)]

    def refused(self, denied: Denied) -> Actions:
        """End after a refused authentication: tell first, close later.

        The error waits for `connection_init`: Amplify and Apollo begin to listen when
        their socket has opened, and under Node.js a frame that comes together with the
        101 is gone by then.
        """
        if self._state is not _State.AUTHENTICATING:
            return []
        self._state = _State.REFUSED
        self._denial = _connection_error(denied)
        self.deadline = self._clock() + GRACE
        pending, self._pending = self._pending or (), None
        return [action for text in pending for action in self.receive(text)]

    def receive(self, text: str) -> Actions:
        """Take a text frame."""
        if self._state is _State.OPEN:
            return self._handle(_parsed(text))
        if self._state is _State.AUTHENTICATING:
            return self._postpone(text)
        if self._state is _State.REFUSED and _kind(_parsed(text)) == "connection_init":
            return self._tell_denial()
        return []

    def receive_binary(self) -> Actions:
        """Take a binary frame: nothing the protocol knows, so an unknown message."""
        return self._misunderstood() if self._state is _State.OPEN else []

    def wanted(self, start: Start) -> bool:
        """Tell whether `start` is still under way: neither stopped nor cut off."""
        return self.operations.get(start.id) is start

    def started(self, start: Start, operation: object) -> Actions:
        """Confirm a subscription that is registered; only while it is `wanted`."""
        self.operations[start.id] = operation
        ack: StartAck = {"id": start.id, "type": "start_ack"}
        return [_message(ack)]

    def rejected(self, start: Start, rejection: StartRejected) -> Actions:
        """Refuse a subscription, whose id becomes free; silent unless `wanted`."""
        if not self.wanted(start):
            return []
        del self.operations[start.id]
        return [_error(start.id, rejection)]

    def revoke(self, id_: str) -> Actions:
        """End a subscription and the connection, because it was invalidated.

        The guide shows a message with the text below and not its frame; `complete` is
        the one that every client takes as an end.
        """
        if self._state is not _State.OPEN or id_ not in self.operations:
            return []
        complete: Complete = {"id": id_, "type": "complete"}
        return [_message(complete), *self._close(NORMAL, "Subscription complete.")]

    def tick(self) -> Actions:
        """Do what is due at `deadline`: a `ka`, or the end."""
        if self._state is _State.REFUSED:
            return self._tell_denial() or self._close(POLICY, "connection refused")
        if self._state is _State.CLOSED:
            return []
        now = self._clock()
        if now >= self._expires:
            return self._close(GOING_AWAY, "connection lifetime is over")
        self.deadline = min(now + KEEP_ALIVE, self._expires)
        return [Send((KA,))] if self._state is _State.OPEN else []

    def lost(self) -> Iterator[object]:
        """End without a word, giving back every operation."""
        self._state = _State.CLOSED
        self.deadline = math.inf
        self._pending = None
        operations, self.operations = self.operations, {}
        return iter(operations.values())

    def _tell_denial(self) -> Actions:
        """Send the error, once; the close is due next."""
        if self._denial is None:
            return []
        denial, self._denial = self._denial, None
        self.deadline = self._clock()
        return [denial]

    def _postpone(self, text: str) -> Actions:
        # The guide says that messages before `connection_ack` are ignored, and that
        # `connection_init` is optional. Captures show a `start` before the ack being
        # answered after it (graphql-platform #6468), so they wait.
        if self._pending is None:
            self._pending = []
        self._pending.append(text)
        if len(self._pending) > MAX_PENDING:
            return self._close(POLICY, "too many messages before the authentication")
        return []

    def _handle(self, message: Any) -> Actions:
        match _kind(message):
            case "start":
                return self._start(message)
            case "stop":
                return self._stop(message)
            case "connection_init":
                # The clients' keep-alive clock may run since long before the socket
                # was opened (Amplify), so the first `ka` comes with the ack.
                self.deadline = min(self._clock() + KEEP_ALIVE, self._expires)
                return [Send((ACK, KA))]
        return self._misunderstood()

    def _start(self, message: dict[str, Any]) -> Actions:
        id_, payload = message.get("id"), message.get("payload")
        text = payload.get("data") if isinstance(payload, dict) else None
        if not isinstance(id_, str) or not isinstance(text, str):
            return self._misunderstood()
        if id_ in self.operations:
            return [_error(id_, refusals.duplicated(id_))]
        if len(self.operations) >= MAX_SUBSCRIPTIONS:
            return [_error(id_, refusals.too_many(MAX_SUBSCRIPTIONS))]
        start = _read_start(id_, text, message["payload"])
        if start is None:
            return [_error(id_, refusals.unreadable())]
        self.operations[id_] = start
        return [Begin(start)]

    def _stop(self, message: dict[str, Any]) -> Actions:
        id_ = message.get("id")
        if not isinstance(id_, str):
            return self._misunderstood()
        operation = self.operations.pop(id_, None)
        if operation is None:
            return [_error(id_, refusals.unknown_operation(id_))]
        complete: Complete = {"id": id_, "type": "complete"}
        return [End(operation), _message(complete)]

    def _misunderstood(self) -> Actions:
        # Without an id, whatever the message held (observed: graphql-platform #6468).
        errors = refusals.unsupported("unknown").errors
        error: MessageError = {"type": "error", "payload": {"errors": errors}}
        return [_message(error)]

    def _close(self, code: int, reason: str) -> Actions:
        self._state = _State.CLOSED
        self.deadline = math.inf
        ends: Actions = [End(operation) for operation in self.operations.values()]
        self.operations = {}
        return [*ends, Close(code, reason)]


def data_prefix(id_: str) -> bytes:
    """Give what stands before the payload in a `data` message; `}` stands after it."""
    return b'{"id":%b,"type":"data","payload":' % orjson.dumps(id_)


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _kind(message: Any) -> Any:
    return message.get("type") if isinstance(message, dict) else None


def _read_start(id_: str, text: str, payload: dict[str, Any]) -> Start | None:
    data = _parsed(text)
    if not isinstance(data, dict) or not isinstance(data.get("query"), str):
        return None
    variables, name = data.get("variables"), data.get("operationName")
    if not isinstance(variables, dict | None) or not isinstance(name, str | None):
        return None
    extensions = payload.get("extensions")
    headers = extensions.get("authorization") if isinstance(extensions, dict) else None
    credentials = fold(headers) if isinstance(headers, dict) else {}
    return Start(id_, text, data["query"], variables, name, credentials)


def _connection_error(denied: Denied) -> Send:
    # `type` last (observed: amplify-flutter #2763, graphql-client #662).
    message: ConnectionRefused = {
        "payload": {"errors": [denied.error]},
        "type": "connection_error",
    }
    return _message(message)


def _error(id_: str, rejection: StartRejected) -> Send:
    error: SubscriptionError = {
        "id": id_,
        "type": "error",
        "payload": {"errors": rejection.errors},
    }
    return _message(error)


def _message(message: ServerMessage) -> Send:
    return Send((orjson.dumps(message),))
