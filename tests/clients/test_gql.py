"""Python's `gql`, unmodified, over its AppSync transports."""

import asyncio
import json
import logging
import re
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import (
    TransportQueryError,
    TransportServerError,
)

from .conftest import Running

pytestmark = pytest.mark.ours("real clients must find here what they find on AWS")

SAY = """
mutation Say($room: ID!, $number: Int!, $text: String!, $last: Boolean!) {
  say(room: $room, number: $number, text: $text, last: $last) { room number text last }
}
"""
SAY_VTL = SAY.replace("say(", "sayVtl(")
ASK = """
mutation Ask($room: ID!, $count: Int!, $gate: String!) {
  ask(room: $room, count: $count, gate: $gate)
}
"""
ON_SAY = "subscription ($room: ID) { onSay(room: $room) { room number text last } }"
UNAUTHORIZED = {
    "errorType": "UnauthorizedException",
    "message": "You are not authorized to make this call.",
}
UNKNOWN = "Validation error of type FieldUndefined: Field 'nothing' in type '{}' is "

Session = AsyncClientSession
Queue = asyncio.Queue[dict[str, Any]]


class Frames(logging.Handler):
    """The frames that a transport receives, from its log."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.received: list[dict[str, Any]] = []
        self._arrived = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "<<< %s" and isinstance(record.args, tuple):
            self.received.append(json.loads(str(record.args[0])))
            self._arrived.set()

    async def until(self, **wanted: str) -> None:
        """Wait for a frame with these members; gql tells nobody of a `start_ack`."""
        while not any(wanted.items() <= frame.items() for frame in self.received):
            self._arrived.clear()
            await self._arrived.wait()


@pytest.fixture
def frames() -> Iterator[Frames]:
    log = logging.getLogger("gql.transport.common.base")
    frames = Frames()
    log.addHandler(frames)
    log.setLevel(logging.DEBUG)
    yield frames
    log.removeHandler(frames)
    log.setLevel(logging.NOTSET)


Connect = Callable[..., Client]


@pytest.fixture
def http(emulator: Running) -> Connect:
    def connect(key: str = emulator.key) -> Client:
        auth = AppSyncApiKeyAuthentication(host=emulator.host, api_key=key)
        url = f"http://{emulator.host}/graphql"
        return Client(transport=AIOHTTPTransport(url=url, auth=auth))

    return connect


@pytest.fixture
def realtime(emulator: Running) -> Connect:
    def connect(
        scheme: str = "ws", path: str = "/graphql", key: str = emulator.key
    ) -> Client:
        trust = ssl.create_default_context(cafile=emulator.ca)
        transport = AppSyncWebsocketsTransport(
            url=f"{scheme}://{emulator.host}{path}",
            auth=AppSyncApiKeyAuthentication(host=emulator.host, api_key=key),
            ssl=trust if scheme == "wss" else False,
        )
        return Client(transport=transport)

    return connect


@asynccontextmanager
async def listening(
    session: Session, frames: Frames, room: str, id_: str = "1"
) -> AsyncIterator[Queue]:
    """Subscribe to a room until the block ends, and see the end confirmed.

    Args:
        session: of the realtime transport.
        frames: what it receives.
        room: to listen to.
        id_: which subscription of the session this is, counted from 1.
    """
    heard = Queue()
    operation = GraphQLRequest(ON_SAY, variable_values={"room": room})

    async def listen() -> None:
        async for result in session.subscribe(operation):
            heard.put_nowait(result["onSay"])

    async with asyncio.TaskGroup() as group:
        task = group.create_task(listen())
        await frames.until(type="start_ack", id=id_)
        yield heard
        task.cancel()
    await frames.until(type="complete", id=id_)


def message(room: str, number: int) -> dict[str, Any]:
    return {"room": room, "number": number, "text": f"äß€😀{number}", "last": False}


async def say(
    session: Session, room: str, number: int, document: str = SAY
) -> dict[str, Any]:
    operation = GraphQLRequest(document, variable_values=message(room, number))
    return await session.execute(operation)


async def test_queries_and_mutations_are_answered(http: Connect) -> None:
    async with http() as session:
        query = GraphQLRequest('{ echo(text: "hällo") echoVtl(text: "hällo") }')
        assert await session.execute(query) == {"echo": "hällo", "echoVtl": "hällo"}
        assert await say(session, "calls", 1) == {"say": message("calls", 1)}
        answer = await say(session, "calls", 2, SAY_VTL)
        assert answer == {"sayVtl": message("calls", 2)}


@pytest.mark.aws_observed("graphql-over-http #81, by an AppSync engineer")
async def test_an_unknown_field_is_refused(http: Connect) -> None:
    async with http() as session:
        with pytest.raises(TransportQueryError) as refused:
            await session.execute(GraphQLRequest("{ nothing }"))
    assert refused.value.data is None
    (error,) = refused.value.errors or []
    assert error["message"].startswith(UNKNOWN.format("Query"))


@pytest.mark.aws_doc("developer guide, API_KEY authorization: 401 for a wrong key")
async def test_a_wrong_key_is_refused(http: Connect) -> None:
    async with http("da2-wrong") as session:
        with pytest.raises(TransportQueryError) as refused:
            await session.execute(GraphQLRequest('{ echo(text: "x") }'))
    assert refused.value.errors == [UNAUTHORIZED]


@pytest.mark.parametrize(
    ("scheme", "path"),
    [
        ("ws", "/graphql"),
        ("ws", "/graphql/realtime"),
        ("wss", "/graphql"),
        ("wss", "/graphql/realtime"),
    ],
)
async def test_a_subscription_hears_what_is_said(
    http: Connect, realtime: Connect, frames: Frames, scheme: str, path: str
) -> None:
    async with (
        http() as caller,
        realtime(scheme, path) as session,
        listening(session, frames, "a") as heard,
    ):
        await say(caller, "b", 0)
        await say(caller, "a", 1)
        await say(caller, "a", 2, SAY_VTL)
        assert await heard.get() == message("a", 1)
        assert await heard.get() == message("a", 2)
    assert [frame["type"] for frame in frames.received] == [
        *("connection_ack", "ka", "start_ack", "data", "data", "complete")
    ]


async def test_two_subscriptions_share_a_socket_until_one_is_ended(
    http: Connect, realtime: Connect, frames: Frames
) -> None:
    async with (
        http() as caller,
        realtime() as session,
        listening(session, frames, "b", "1") as staying,
    ):
        async with listening(session, frames, "a", "2") as leaving:
            await say(caller, "a", 1)
            await say(caller, "b", 1)
            assert await leaving.get() == message("a", 1)
            assert await staying.get() == message("b", 1)
        await say(caller, "a", 2)
        await say(caller, "b", 2)
        assert await staying.get() == message("b", 2)
    data = [frame["id"] for frame in frames.received if frame["type"] == "data"]
    assert data == ["2", "1", "1"]


@pytest.mark.aws_observed("amplify-swift #1589: a subscription that is not valid")
async def test_a_refused_subscription_leaves_the_others_alone(
    http: Connect, realtime: Connect, frames: Frames
) -> None:
    unknown = GraphQLRequest("subscription { onSay { nothing } }")
    async with (
        http() as caller,
        realtime() as session,
        listening(session, frames, "a") as heard,
    ):
        with pytest.raises(TransportQueryError) as refused:
            await anext(session.subscribe(unknown))
        # gql hands out the whole payload as one error.
        (payload,) = refused.value.errors or []
        (error,) = payload["errors"]
        assert list(error) == ["message"]
        assert error["message"].startswith(UNKNOWN.format("Message"))
        await say(caller, "a", 1)
        assert await heard.get() == message("a", 1)


@pytest.mark.aws_observed("amplify-flutter #2763: a connection that is refused")
@pytest.mark.parametrize("scheme", ["ws", "wss"])
async def test_a_wrong_key_is_refused_when_connecting(
    realtime: Connect, scheme: str
) -> None:
    payload = {"errors": [{**UNAUTHORIZED, "errorCode": 401}]}
    with pytest.raises(TransportServerError, match=re.escape(str(payload))):
        async with realtime(scheme, key="da2-wrong"):
            pass


@pytest.mark.aws_doc("developer guide, Lambda resolvers: asynchronous invocations")
async def test_an_answer_of_null_comes_first_and_then_the_stream(
    http: Connect, realtime: Connect, frames: Frames, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    variables = {"room": "stream", "count": 200, "gate": str(gate)}
    ask = GraphQLRequest(ASK, variable_values=variables)
    async with (
        http() as caller,
        realtime() as session,
        listening(session, frames, "stream") as heard,
    ):
        assert await caller.execute(ask) == {"ask": None}
        assert heard.empty()
        gate.touch()
        tokens = [await heard.get() for _ in range(200)]
    assert [token["number"] for token in tokens] == list(range(200))
    assert [token["last"] for token in tokens] == [False] * 199 + [True]
    assert "".join(token["text"] for token in tokens) == "".join(
        f"word{number} " for number in range(200)
    )
