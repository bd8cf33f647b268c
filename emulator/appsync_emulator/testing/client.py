"""A GraphQL client that speaks to an emulator of its own process."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any
from weakref import WeakSet

import orjson
from graphql import FieldNode, GraphQLError, OperationDefinitionNode, parse

from appsync_emulator.emulator import Emulator
from appsync_emulator.issuer.choice import choose
from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.issuer.tokens import Use, mint
from appsync_emulator.servedapi import ServedApi
from appsync_emulator.server.exchange import Answer as HttpAnswer
from appsync_emulator.server.exchange import HttpRequest
from appsync_emulator.server.faulty import alter_frames
from appsync_emulator.server.graphql import answer
from appsync_emulator.testing.connection import Connection
from appsync_emulator.testing.credentials import (
    GRAPHQL,
    Credentials,
    Fixed,
    SignedBy,
)
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


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What a client needs of its emulator.

    Attributes:
        connections: those that were opened, for whoever wants to end them.
    """

    thread: LoopThread
    emulator: Emulator
    keys: LocalKeys
    recorder: Recorder
    explains: Explains
    timeout: Callable[[], float]
    connections: WeakSet[Connection] = field(default_factory=WeakSet)


class Client:
    """Executes operations of one API with one caller's credentials.

    A request takes the same way as one that came over HTTP, from the authorization on.
    In async tests its calls are awaited.

    Args:
        around: the emulator.
        api: which API.
        credentials: shown with every operation.
    """

    def __init__(
        self, around: Surroundings, api: ServedApi, credentials: Credentials
    ) -> None:
        self._around = around
        self._api = api
        self._credentials = credentials

    def with_headers(self, headers: Mapping[str, str]) -> "Client":
        """Give a client that sends these headers and no others."""
        return Client(self._around, self._api, Fixed(headers))

    def with_key(self, key: str) -> "Client":
        """Give a client with another API key."""
        return self.with_headers({"x-api-key": key})

    def with_token(self, token: str) -> "Client":
        """Give a client with a token in the header `authorization`."""
        return self.with_headers({"authorization": token})

    def as_user(
        self,
        user: str,
        *,
        groups: Sequence[str] = (),
        claims: Mapping[str, JSON] | None = None,
        issuer: str | None = None,
        use: Use = "access",
        expires: float | None = None,
    ) -> "Client":
        """Give a client with a token for a user, as `appsync-emulator token` makes it.

        Args:
            user: name of a user pool's user, or `sub` of an OpenID Connect token.
            groups: that the user is in.
            claims: further claims.
            issuer: name or URL of a user pool or issuer; None for the API's first.
            use: which of a user pool's two tokens.
            expires: seconds from now; None for what the app client says.

        Raises:
            ValueError: the API trusts no such issuer.
        """
        emulator, keys = self._around.emulator, self._around.keys
        name = self._api.api.id
        choice = choose(emulator.application, keys, api=name, issuer=issuer)
        token = mint(
            keys,
            choice.issuer,
            user,
            client=choice.client,
            groups=groups,
            claims=claims,
            use=use,
            expires=expires,
            now=emulator.clock.now(),
        )
        return self.with_token(token)

    def signed(
        self,
        access_key: str = "test",
        secret: str = "test",  # noqa: S107 -- nothing is secret here
        session_token: str | None = None,
    ) -> "Client":
        """Give a client that signs, by an access key of the settings."""
        emulator = self._around.emulator
        region, now = emulator.settings.region, emulator.clock.now
        signer = SignedBy(access_key, secret, region, session_token, now)
        return Client(self._around, self._api, signer)

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
        work = self._execute(query, variables, operation, headers or {})
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
            faults = around.emulator.faults
            background = around.emulator.background
            alter = alter_frames(faults)()
            connection = Connection(self._api, self._credentials, background, alter)
            around.connections.add(connection)
            name = _field(query, operation)
            events = Events(around.thread, connection, name, limit, around.explains)
            try:
                await connection.open(query, variables, operation, events.take_in)
            except BaseException:
                connection.abort()  # the test does not wait for it any longer
                raise
            around.recorder.note(f"{connection.name} begins: {name}")
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
        text = orjson.dumps(body)
        sent = {
            "content-type": "application/json",
            **self._credentials.headers(GRAPHQL, text),
            **{name.lower(): value for name, value in headers.items()},
        }
        raw = [(name.encode(), value.encode()) for name, value in sent.items()]
        request = HttpRequest("POST", b"", raw, text, peer="127.0.0.1")
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
