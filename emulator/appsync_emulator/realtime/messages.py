"""Every message of the realtime websocket, with its direction.

Source: AppSync developer guide, building a real-time WebSocket client. Where the order
of keys differs between the guide and what the service was seen to send, the latter is
followed; it is the order in which the members stand here.
"""

from typing import Any, Literal, NotRequired, TypedDict


class ConnectionInit(TypedDict):
    """Client to server: asks for `connection_ack`; may be left out."""

    type: Literal["connection_init"]
    payload: NotRequired[dict[str, Any]]


class StartExtensions(TypedDict, total=False):
    """Part of `start`: the headers that authorize this one subscription."""

    authorization: dict[str, str]


class StartPayload(TypedDict):
    """Part of `start`: the operation as JSON text, and its authorization.

    `data` is text because that text is what SigV4 signs.
    """

    data: str
    extensions: NotRequired[StartExtensions]


class StartMessage(TypedDict):
    """Client to server: registers a subscription."""

    id: str
    payload: StartPayload
    type: Literal["start"]


class StopMessage(TypedDict):
    """Client to server: ends a subscription."""

    id: str
    type: Literal["stop"]


class ConnectionAckPayload(TypedDict):
    """Part of `connection_ack`: milliseconds a client should wait for a `ka`."""

    connectionTimeoutMs: int


class ConnectionAck(TypedDict):
    """Server to client: answers `connection_init`."""

    type: Literal["connection_ack"]
    payload: ConnectionAckPayload


class KeepAlive(TypedDict):
    """Server to client: the connection lives; every 60 seconds."""

    type: Literal["ka"]


class StartAck(TypedDict):
    """Server to client: the subscription is registered."""

    id: str
    type: Literal["start_ack"]


class Data(TypedDict):
    """Server to client: an event, cut to the subscription's selection."""

    id: str
    type: Literal["data"]
    payload: dict[str, Any]


class Complete(TypedDict):
    """Server to client: the subscription has ended; answers `stop`."""

    id: str
    type: Literal["complete"]


class ErrorEntry(TypedDict, total=False):
    """One error; errors of a document (validation, variables) have no `errorType`."""

    errorType: str
    message: str
    errorCode: int


class Errors(TypedDict):
    """The payload of all error messages."""

    errors: list[ErrorEntry]


class SubscriptionError(TypedDict):
    """Server to client: a subscription was refused."""

    id: str
    type: Literal["error"]
    payload: Errors


class MessageError(TypedDict):
    """Server to client: a message could not be understood."""

    type: Literal["error"]
    payload: Errors


class ConnectionRefused(TypedDict):
    """Server to client: the connection was refused; it closes after this."""

    payload: Errors
    type: Literal["connection_error"]


ClientMessage = ConnectionInit | StartMessage | StopMessage
ServerMessage = (
    ConnectionAck
    | KeepAlive
    | StartAck
    | Data
    | Complete
    | SubscriptionError
    | MessageError
    | ConnectionRefused
)
