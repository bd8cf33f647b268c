"""A GraphQL client that speaks to an emulator of its own process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import time
from typing import Any

import orjson
from graphql import FieldNode, GraphQLError, OperationDefinitionNode, parse

from appsync_emulator.emulator import Emulator
from appsync_emulator.servedapi import ServedApi
from appsync_emulator.server.exchange import Answer as HttpAnswer
from appsync_emulator.server.exchange import HttpRequest
from appsync_emulator.server.faulty import alter_frames
from appsync_emulator.server.graphql import answer
from appsync_emulator.testing.connection import Connection
from appsync_emulator.testing.recorder import Recorder
from appsync_emulator.testing.subscription import Events, Explains, Subscribing
from appsync_emulator.testing.thread import Awaited, LoopThread
from appsync_emulator.types import JSON


@dataclass(frozen=True, slots=True)
class Answer(Awaited):
    """What AppSync answered.

    Attributes:
        status: of HTTP.
        body: all of it.
        headers: those that AppSync and resolvers set, by lower-case name.
    """

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def data(self) -> Any:
        """The `data` member; None without one."""
        return self.body.get("data")

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The `errors` member; empty without one."""
        return self.body.get("errors") or []

    @property
    def error_types(self) -> list[Any]:
        """The `errorType` of each error."""
        return [one.get("errorType") for one in self.errors]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a client needs of its emulator."""

    thread: LoopThread
    emulator: Emulator
    recorder: Recorder
    explains: Explains
    timeout: Callable[[], float]


class Client:
    """Executes operations of one API with one caller's credentials.

    A request takes the same way as one that came over HTTP, from the authorization on.
    In async tests its calls are awaited.

    Args:
        around: the emulator.
        api: which API.
        headers: sent with every operation.
    """

    def __init__(
        self, around: Surroundings, api: ServedApi, headers: Mapping[str, str]
    ) -> None:
        self._around = around
        self._api = api
        self.headers = {name.lower(): value for name, value in headers.items()}

    def with_headers(self, headers: Mapping[str, str]) -> "Client":
        """Give a client that sends these headers and no others."""
        return Client(self._around, self._api, headers)

    def with_key(self, key: str) -> "Client":
        """Give a client with another API key."""
        return self.with_headers({"x-api-key": key})

    def with_token(self, token: str) -> "Client":
        """Give a client with a token in the header `authorization`."""
        return self.with_headers({"authorization": token})

    def anonymous(self) -> "Client":
        """Give a client without any credentials."""
        return self.with_headers({})

    def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Run a query or a mutation.

        Args:
            query: the document.
            variables: its variables.
            operation: which of its operations, None when there is one.
            headers: for this request only, beside the client's.
        """
        sent = {**self.headers, **(headers or {})}
        work = self._execute(query, variables, operation, sent)
        given: Answer = self._around.thread.do(work, "client.execute(…)")
        return given

    def subscribe(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation: str | None = None,
        timeout: float | None = None,
    ) -> Subscribing:
        """Subscribe for the length of a block, `async with` or `with`, giving `Events`.

        Args:
            query: the document.
            variables: its variables.
            operation: which of its operations, None when there is one.
            timeout: seconds to wait for an event; those of the emulator when None.

        Raises:
            SubscriptionRefused: at the beginning of the block, by AppSync.
        """
        around = self._around
        limit = around.timeout() if timeout is None else timeout

        async def connect() -> tuple[Events, Connection]:
            headers = {"host": "localhost", **self.headers}
            faults = around.emulator.faults
            background = around.emulator.background
            alter = alter_frames(faults)()
            connection = Connection(self._api, headers, background, alter)
            field = _field(query, operation)
            events = Events(around.thread, connection, field, limit, around.explains)
            await connection.open(query, variables, operation, events.take_in)
            around.recorder.note(f"{connection.name} begins: {field}")
            return events, connection

        return Subscribing(around.thread, connect)

    async def _execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None,
        operation: str | None,
        headers: Mapping[str, str],
    ) -> Answer:
        entry = self._around.recorder.request(query, variables)
        body: dict[str, JSON] = {"query": query, "variables": variables or {}}
        if operation is not None:
            body["operationName"] = operation
        raw = [(name.lower().encode(), text.encode()) for name, text in headers.items()]
        raw += [(b"host", b"localhost"), (b"content-type", b"application/json")]
        request = HttpRequest("POST", b"", raw, orjson.dumps(body))
        answered = answer(self._api, request)
        done = answered if isinstance(answered, HttpAnswer) else await answered
        entry.ended, entry.status = time(), done.status
        entry.body = orjson.loads(done.body)
        found = {name.decode().lower(): text.decode() for name, text in done.headers}
        return Answer(done.status, entry.body, found)


def _field(query: str, operation: str | None) -> str:
    """Give the name of the subscription field, for messages; AppSync says what else."""
    unknown = "the subscription"
    try:
        document = parse(query)
    except GraphQLError:
        return unknown
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode):
            named = one.name is not None and one.name.value == operation
            first = one.selection_set.selections[0]
            if isinstance(first, FieldNode) and (operation is None or named):
                return first.name.value
    return unknown
