"""What asks to be let in over a websocket: the connection, and each subscription.

What is signed stands in the developer guide, building a real-time WebSocket client: a
POST that nobody sends, of `{}` to `…/connect`, or of the text of the `start`.
"""

from collections.abc import Mapping

from appsync_emulator.auth.caller import Credentials, Question, Signed, Sources
from appsync_emulator.realtime.handshake import Handshake
from appsync_emulator.realtime.protocol import Start
from appsync_emulator.types import JSON

GRAPHQL = "/graphql"
CONNECT = "/connect"
CONNECT_OPERATION = "DeepDish:Connect"
"""The operation that a Lambda authorizer is told of (developer guide)."""


class ConnectRequest:
    """A connection.

    Args:
        handshake: the upgrade request.
        credentials: that it carries, wherever.
    """

    __slots__ = ("_handshake", "credentials")

    def __init__(self, handshake: Handshake, credentials: Credentials) -> None:
        self._handshake = handshake
        self.credentials = credentials

    @property
    def sources(self) -> Sources:
        """Where it comes from."""
        return _sources(self._handshake)

    def headers(self) -> Mapping[str, JSON]:
        """Give the headers of the upgrade, and over them the carried ones."""
        return _headers(self._handshake, self.credentials)

    def signed(self) -> Signed:
        """Give the POST that is signed."""
        paths = tuple(path + CONNECT for path in _paths(self._handshake))
        return Signed("POST", paths, "", self.credentials, b"{}")

    def question(self) -> Question:
        """Give the operation's name; nothing is asked yet."""
        return "", CONNECT_OPERATION, None


class StartRequest:
    """A subscription.

    Args:
        handshake: of its connection.
        start: what the client asks for.
    """

    __slots__ = ("_handshake", "_start", "credentials")

    def __init__(self, handshake: Handshake, start: Start) -> None:
        self._handshake = handshake
        self._start = start
        self.credentials: Credentials = start.credentials

    @property
    def sources(self) -> Sources:
        """Where it comes from."""
        return _sources(self._handshake)

    def headers(self) -> Mapping[str, JSON]:
        """Give what a subscription resolver sees as `ctx.request.headers`.

        The upgrade's headers, and over them those of the start message, which is where
        clients put the headers that they would send with an HTTP request.
        """
        return _headers(self._handshake, self.credentials)

    def signed(self) -> Signed:
        """Give the POST that is signed."""
        body = self._start.text.encode("utf-8", "replace")
        return Signed("POST", _paths(self._handshake), "", self.credentials, body)

    def question(self) -> Question:
        """Give what is asked."""
        start = self._start
        return start.query, start.operation_name, start.variables


def _headers(handshake: Handshake, credentials: Credentials) -> dict[str, JSON]:
    headers: dict[str, JSON] = {
        name: value for name, value in handshake.headers.items() if name != "cookie"
    }
    headers.update(credentials)
    return headers


def _sources(handshake: Handshake) -> Sources:
    return handshake.headers.get("x-forwarded-for"), handshake.source_ip


def _paths(handshake: Handshake) -> tuple[str, ...]:
    own = handshake.path.removesuffix("/realtime")
    return (own,) if own == GRAPHQL else (own, GRAPHQL)
