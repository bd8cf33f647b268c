"""Authorization of realtime connections, by each of the three carriers."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import connect

from realtime_client import Client, subscriber
from support import KEY, js, template

SCHEMA = """
type Query { q: String }
type Mutation { say(text: String): String }
type Subscription { onSay: String @aws_subscribe(mutations: ["say"]) }
"""
SAY = {"Mutation.say": js("{ return { payload: ctx.args.text }; }")}
SUBSCRIBE = "subscription { onSay }"
DOC = "developer guide, building a real-time WebSocket client"
Carried = tuple[str, list[str], dict[str, str]]
"""What is put behind the URL, subprotocols, headers of the upgrade."""


def by_query(text: bytes) -> Carried:
    encoded = base64.b64encode(text).decode()
    return f"?header={encoded}&payload=e30=", ["graphql-ws"], {}


def by_protocol(text: bytes) -> Carried:
    encoded = base64.urlsafe_b64encode(text).decode().rstrip("=")
    return "", ["graphql-ws", f"header-{encoded}"], {}


def by_headers(text: bytes) -> Carried:
    headers = json.loads(text)
    headers.pop("host", None)
    return "", ["graphql-ws"], headers


CARRIERS = pytest.mark.parametrize("carrier", [by_query, by_protocol, by_headers])


@asynccontextmanager
async def connected(
    server: Any, carrier: Any, headers: dict[str, str]
) -> AsyncIterator[Client]:
    """Connect and ask for the `connection_ack`."""
    authorization = {"host": "localhost", **headers}
    query, protocols, sent = carrier(json.dumps(authorization).encode())
    async with connect(
        server.socket_url + query, subprotocols=protocols, additional_headers=sent
    ) as socket:
        assert socket.subprotocol == "graphql-ws"
        one = Client(socket, authorization)
        await one.send(type="connection_init")
        yield one


async def refused(one: Client, error: dict[str, Any]) -> None:
    """Expect one `connection_error`, and the end."""
    assert await one.receive() == {
        "payload": {"errors": [error]},
        "type": "connection_error",
    }
    async with asyncio.timeout(10):
        await one.socket.wait_closed()


@pytest.fixture
async def server(start: Any) -> Any:
    return await start(template(SCHEMA, SAY))


@CARRIERS
@pytest.mark.parametrize("name", ["x-api-key", "X-Api-Key"])
@pytest.mark.aws_doc(DOC)
async def test_a_good_key_connects_and_subscribes(
    server: Any, carrier: Any, name: str
) -> None:
    async with connected(server, carrier, {name: KEY}) as one:
        ack = {"type": "connection_ack", "payload": {"connectionTimeoutMs": 300000}}
        assert await one.receive() == ack
        assert await one.start(SUBSCRIBE) == {"id": "1", "type": "start_ack"}
        await server.run('mutation { say(text: "hi") }')
        assert (await one.receive())["payload"] == {"data": {"onSay": "hi"}}


@CARRIERS
@pytest.mark.aws_observed("amplify-flutter #2763")
async def test_a_wrong_key_is_told_and_the_connection_ends(
    server: Any, carrier: Any
) -> None:
    async with connected(server, carrier, {"x-api-key": "da2-wrong"}) as one:
        error = {
            "errorType": "UnauthorizedException",
            "message": "You are not authorized to make this call.",
            "errorCode": 401,
        }
        await refused(one, error)


@pytest.mark.aws_doc("developer guide, authorization: keys expire")
async def test_an_expired_key_does_not_connect(start: Any) -> None:
    server = await start(template(SCHEMA, SAY, key={"Expires": 1_600_000_000}))
    async with connected(server, by_protocol, {"x-api-key": KEY}) as one:
        error = {
            "errorType": "UnauthorizedException",
            "message": "You are not authorized to make this call.",
            "errorCode": 401,
        }
        await refused(one, error)


@CARRIERS
@pytest.mark.aws_observed("graphql-client #662")
async def test_without_credentials_the_headers_are_missing(
    server: Any, carrier: Any
) -> None:
    async with connected(server, carrier, {}) as one:
        error = {"message": "Required headers are missing.", "errorCode": 400}
        await refused(one, error)


@pytest.mark.aws_observed("aws-appsync-realtime-client-ios #108")
async def test_a_token_does_not_connect_where_only_keys_are(server: Any) -> None:
    async with connected(server, by_protocol, {"Authorization": "a.b.c"}) as one:
        error = {
            "errorType": "UnauthorizedException",
            "message": "Valid authorization header not provided.",
            "errorCode": 401,
        }
        await refused(one, error)


START_ERRORS = [
    ({"x-api-key": "da2-wrong"}, "You are not authorized to make this call."),
    ({"Authorization": "a.b.c"}, "Valid authorization header not provided."),
    ({}, "Valid authorization header not provided."),
]


@pytest.mark.aws_observed("aws-appsync-realtime-client-ios #108")
@pytest.mark.parametrize(("headers", "message"), START_ERRORS)
async def test_a_start_with_other_credentials_is_refused_alone(
    server: Any, headers: dict[str, str], message: str
) -> None:
    async with subscriber(server) as one:
        one.authorization = headers
        answer = await one.start(SUBSCRIBE)
        error = {"errorType": "UnauthorizedException", "message": message}
        assert answer == {"id": "1", "type": "error", "payload": {"errors": [error]}}
        one.authorization = {"host": "localhost", "X-Api-Key": KEY}
        assert await one.start(SUBSCRIBE) == {"id": "1", "type": "start_ack"}


@pytest.mark.aws_observed("the Apollo link sends its key in two spellings")
async def test_a_start_may_spell_its_key_twice(server: Any) -> None:
    async with subscriber(server) as one:
        one.authorization = {"x-api-key": KEY, "X-Api-Key": KEY, "host": "localhost"}
        assert await one.start(SUBSCRIBE) == {"id": "1", "type": "start_ack"}
