"""Authorization of realtime connections, by each of the three carriers."""

from typing import Any

import pytest

from realtime_client import subscriber
from support import KEY, js, template

from .carriers import by_headers, by_protocol, by_query, connected, refused

SCHEMA = """
type Query { q: String }
type Mutation { say(text: String): String }
type Subscription { onSay: String @aws_subscribe(mutations: ["say"]) }
"""
SAY = {"Mutation.say": js("{ return { payload: ctx.args.text }; }")}
SUBSCRIBE = "subscription { onSay }"
DOC = "developer guide, building a real-time WebSocket client"
CARRIERS = pytest.mark.parametrize("carrier", [by_query, by_protocol, by_headers])


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
