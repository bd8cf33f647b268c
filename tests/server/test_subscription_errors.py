"""Every error that AppSync was seen to tell on a websocket, one row each."""

import asyncio
import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from websockets.asyncio.client import connect

from appsync_emulator.auth.caller import AccessDenied, AuthRequest, Caller, Rights
from realtime_client import Client, client, subscriber
from support import KEY, js, template

SCHEMA = """
type Query { q: String }
type Mutation { say(room: ID!, text: String): Message }
type Message { room: ID! text: String by: ID }
type Subscription {
  onSay(room: ID): Message @aws_subscribe(mutations: ["say"])
  guarded(room: ID): Message @aws_subscribe(mutations: ["say"])
  keyed(who: String!): Message @aws_subscribe(mutations: ["say"])
  narrow(many: Int!): Message @aws_subscribe(mutations: ["say"])
}
"""
NOTHING = "{ return { payload: null }; }"
RESOLVERS = {
    "Mutation.say": js(),
    "Subscription.guarded": js(NOTHING, "{ util.unauthorized(); }"),
    "Subscription.keyed": js(
        NOTHING,
        "{ if (ctx.args.who !== ctx.identity.sub)"
        " util.error(`not ${ctx.identity.sub}`, 'Forbidden'); return null; }",
    ),
    "Subscription.narrow": js(
        NOTHING,
        "{ const many = ctx.args.many; const names = ['a', 'b', 'c', 'd', 'e', 'f'];"
        " const filters = many > 0"
        " ? [{ fieldName: 'room', operator: 'in', value: names.slice(0, many) }]"
        " : names.map((name) => ({ fieldName: name, operator: 'eq', value: 1 }));"
        " extensions.setSubscriptionFilter({ filterGroup: [{ filters }] });"
        " return null; }",
    ),
}
ALL = "subscription { onSay { room text } }"
HOST_AND_KEY = {"host": "localhost", "x-api-key": KEY}


@pytest.fixture
async def server(start: Any) -> Any:
    return await start(template(SCHEMA, RESOLVERS))


def carrier(headers: Any) -> str:
    """Give the subprotocol that carries headers."""
    text = headers if isinstance(headers, bytes) else json.dumps(headers).encode()
    return "header-" + base64.urlsafe_b64encode(text).decode().rstrip("=")


# While connecting: the websocket opens, one frame says why, then it is closed.

UNAUTHORIZED = {
    "errorType": "UnauthorizedException",
    "message": "You are not authorized to make this call.",
    "errorCode": 401,
}
CONNECT = [
    pytest.param(
        None,
        {"message": "NoProtocolError", "errorCode": 400},
        id="no subprotocol: websocket-php #92",
    ),
    pytest.param(
        ["graphql-transport-ws", carrier(HOST_AND_KEY)],
        {"message": "SubProtocolNotSupportedError", "errorCode": 400},
        id="another subprotocol: graphql-client #591",
    ),
    pytest.param(
        ["graphql-ws"],
        {"message": "Required headers are missing.", "errorCode": 400},
        id="no headers: graphql-client #662",
    ),
    pytest.param(
        ["graphql-ws", carrier({"host": "localhost"})],
        {"message": "Required headers are missing.", "errorCode": 400},
        id="no credentials among the headers: graphql-client #662",
    ),
    pytest.param(
        ["graphql-ws", carrier(b"not JSON")],
        {"errorType": "BadRequestException", "errorCode": 400},
        id="malformed: apollo-kotlin #1864",
    ),
    pytest.param(
        ["graphql-ws", carrier({**HOST_AND_KEY, "x-api-key": "da2-wrong"})],
        UNAUTHORIZED,
        id="bad credentials: amplify-flutter #2763",
    ),
]


@pytest.mark.aws_observed("in the issues that the rows name")
@pytest.mark.parametrize(("subprotocols", "error"), CONNECT)
async def test_a_connection_is_refused_by_one_frame(
    server: Any, subprotocols: Sequence[Any] | None, error: Mapping[str, Any]
) -> None:
    async with connect(server.socket_url, subprotocols=subprotocols) as socket:
        await socket.send('{"type":"connection_init"}')
        async with asyncio.timeout(10):
            frame = json.loads(await socket.recv())
            await socket.wait_closed()
        assert frame == {"payload": {"errors": [error]}, "type": "connection_error"}
        assert socket.close_code == 1008


# After that: most errors belong to one start and leave the others alone.


def start_of(query: str, **payload: Any) -> dict[str, Any]:
    data = json.dumps({"query": query, **payload})
    extensions = {"authorization": HOST_AND_KEY}
    return {
        "id": "1",
        "type": "start",
        "payload": {"data": data, "extensions": extensions},
    }


def unauthorized(query: str, credentials: Mapping[str, str]) -> dict[str, Any]:
    message = start_of(query)
    message["payload"]["extensions"] = {"authorization": credentials}
    return message


def operation_error(**error: Any) -> dict[str, Any]:
    return {"id": "1", "type": "error", "payload": {"errors": [error]}}


def unsupported(kind: str) -> dict[str, str]:
    text = f"{kind} not supported through the realtime channel"
    return {"errorType": "UnsupportedOperation", "message": text}


MISUNDERSTOOD = {"type": "error", "payload": {"errors": [unsupported("unknown")]}}
NOT_PROVIDED = {
    "errorType": "UnauthorizedException",
    "message": "Valid authorization header not provided.",
}
DUPLICATED = {
    "errorType": "DuplicatedOperationError",
    "message": "Duplicated operation with id 1",
}
MESSAGES = [
    pytest.param(
        [{"type": "subscribe", "id": "1"}],
        MISUNDERSTOOD,
        id="unknown type: artillery #1567",
    ),
    pytest.param(
        [{"type": "start", "id": "1", "payload": {"query": ALL}}],
        MISUNDERSTOOD,
        id="no payload.data: graphql-platform #6468",
    ),
    pytest.param(
        [{"type": "start", "id": "1", "payload": {"data": {"query": ALL}}}],
        MISUNDERSTOOD,
        id="payload.data is no text: graphql-ws #602",
    ),
    pytest.param(
        [start_of("query { q }")],
        operation_error(**unsupported("query")),
        id="query: aws-mobile-appsync-sdk-ios #372",
    ),
    pytest.param(
        [start_of('mutation { say(room: "a") { room } }')],
        operation_error(**unsupported("mutation")),
        id="mutation: aws-mobile-appsync-sdk-ios #372",
    ),
    pytest.param(
        [start_of("subscription { onSay { nope } }")],
        operation_error(
            message=(
                "Validation error of type FieldUndefined: Field 'nope' in type "
                "'Message' is undefined @ 'onSay/nope'"
            )
        ),
        id="validation: amplify-swift #1589",
    ),
    pytest.param(
        [start_of("subscription ($r: ID!) { onSay(room: $r) { text } }")],
        operation_error(
            message="Variable 'r' has coerced Null value for NonNull type 'ID!'"
        ),
        id="variable: amplify-cli #7427",
    ),
    pytest.param(
        [start_of("subscription { guarded { text } }")],
        operation_error(
            errorType="Unauthorized",
            message="Not Authorized to access guarded on type Subscription",
        ),
        id="resolver says unauthorized: amplify-js #12679",
    ),
    pytest.param(
        [unauthorized(ALL, {})],
        operation_error(**NOT_PROVIDED),
        id="no authorization at all: aws-appsync-realtime-client-ios #108",
    ),
    pytest.param(
        [unauthorized(ALL, {"host": "localhost"})],
        operation_error(**NOT_PROVIDED),
        id="authorization without credentials: aws-appsync-realtime-client-ios #108",
    ),
    pytest.param(
        [start_of(ALL), start_of(ALL)],
        operation_error(**DUPLICATED),
        id="id in use: amplify-js #12818",
    ),
    pytest.param(
        [start_of("subscription { onSay { text } guarded { text } }")],
        operation_error(**DUPLICATED),
        id="two root fields: amplify-js #4813",
    ),
    pytest.param(
        [start_of("subscription { narrow(many: 6) { text } }")],
        operation_error(
            message="subscription exceeds maximum value limit 5 for operator `in`.",
            errorCode=400,
        ),
        id="filter with too many values: amplify-category-api #740",
    ),
    pytest.param(
        [start_of("subscription { narrow(many: 0) { text } }")],
        operation_error(
            message="Filters exceed maximum attributes limit 5 for subscription",
            errorCode=400,
        ),
        id="filter with too many fields: amplify-flutter #6142",
    ),
]


@pytest.mark.aws_observed("in the issues that the rows name")
@pytest.mark.parametrize(("messages", "answer"), MESSAGES)
async def test_a_message_is_answered_by_an_error_and_the_connection_goes_on(
    server: Any, messages: Sequence[Mapping[str, Any]], answer: Any
) -> None:
    async with subscriber(server) as one:
        *before, last = messages
        for message in before:
            await one.send(**message)
            assert await one.receive() == {"id": "1", "type": "start_ack"}
        await one.send(**last)
        assert await one.receive() == answer
        assert await one.start(ALL, id_="2") == {"id": "2", "type": "start_ack"}


@pytest.mark.aws_doc("AWS General Reference: 200 subscriptions per client connection")
async def test_one_subscription_too_many(server: Any) -> None:
    async with subscriber(server) as one:
        for number in range(200):
            await one.send(**start_of(ALL) | {"id": str(number)})
        answers = [await one.receive() for _ in range(200)]
        assert {answer["type"] for answer in answers} == {"start_ack"}
        # Shape and words: amplify-js #8370, #5050; those show an object for a list.
        assert await one.start(ALL, id_="one more") == {
            "id": "one more",
            "type": "error",
            "payload": {
                "errors": [
                    {
                        "errorType": "MaxSubscriptionsReachedError",
                        "message": "Max number of 200 subscriptions reached",
                    }
                ]
            },
        }
        await one.send(type="stop", id="7")
        assert await one.receive() == {"id": "7", "type": "complete"}
        assert (await one.start(ALL, id_="again"))["type"] == "start_ack"
    async with subscriber(server) as other:
        assert (await other.start(ALL))["type"] == "start_ack"


@pytest.mark.ours("AppSync limits the rate of starts per account; nobody does locally")
async def test_starts_are_not_limited_in_their_rate(server: Any) -> None:
    async with subscriber(server) as one:
        for number in range(1_000):
            await one.send(**start_of(ALL) | {"id": "1"})
            await one.send(type="stop", id="1")
            assert (await one.receive())["type"] in ("start_ack", "complete"), number


@pytest.mark.ours("AppSync Events documents this for the same mistake")
async def test_a_stop_of_an_unknown_id(server: Any) -> None:
    async with subscriber(server) as one:
        await one.send(type="stop", id="1")
        assert await one.receive() == operation_error(
            errorType="UnknownOperationError", message="Unknown operation id 1"
        )


@pytest.mark.aws_observed("aws-appsync-community #33, #175: dropped without a word")
async def test_an_event_that_is_too_big_reaches_nobody(server: Any) -> None:
    say = "mutation ($room: ID!, $t: String) { say(room: $room, text: $t) { room text}}"
    (api,) = server.emulator.apis.values()
    async with subscriber(server) as one:
        await one.start(ALL)
        body = await server.run(say, {"room": "big", "t": "x" * 250_000})
        assert len(body["data"]["say"]["text"]) == 250_000
        assert "errors" not in body
        await server.run(say, {"room": "small", "t": "x"})
        message = await one.receive()
        assert message["payload"]["data"]["onSay"]["room"] == "small"
    assert api.hub.metrics["InboundError"] == 1  # the guide's metric for it


# Modes of authorization that are still to come


class Tokens:
    """Lets tokens in; stands for a mode that gives identities."""

    def authenticate(self, request: AuthRequest) -> Caller:
        from appsync_resolvers import Part

        sub = request.credentials["authorization"]
        if sub == "denied":
            raise AccessDenied("Permission denied")
        return Caller(Rights("API_KEY"), Part({"sub": sub}))


@pytest.fixture
def tokens(server: Any) -> None:
    (api,) = server.emulator.apis.values()
    api.gate._lambda = Tokens()


@pytest.mark.aws_observed("amplify-cli #4137: an IAM policy that denies")
@pytest.mark.usefixtures("tokens")
async def test_a_mode_tells_why_it_lets_a_start_not_in(server: Any) -> None:
    async with subscriber(server) as one:
        await one.send(**unauthorized(ALL, {"authorization": "denied"}))
        assert await one.receive() == operation_error(
            errorType="UnauthorizedException", message="Permission denied"
        )


@pytest.mark.aws_doc("devguide, real-time-data: a resolver knows the start's identity")
@pytest.mark.usefixtures("tokens")
async def test_a_start_has_an_identity_of_its_own(server: Any) -> None:
    keyed = 'subscription { keyed(who: "me") { text } }'
    async with subscriber(server) as one:
        await one.send(**unauthorized(keyed, {"authorization": "you"}))
        assert await one.receive() == operation_error(
            errorType="Forbidden", message="not you"
        )
        await one.send(**unauthorized(keyed, {"authorization": "me"}))
        assert await one.receive() == {"id": "1", "type": "start_ack"}


# The end of a connection


@pytest.mark.ours("nobody recorded how the service ends a connection after 24 hours")
async def test_a_connection_ends_after_a_day(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from appsync_emulator.realtime import protocol

    monkeypatch.setattr(protocol, "LIFETIME", 0.3)
    (api,) = server.emulator.apis.values()
    async with client(server) as one:
        assert isinstance(one, Client)
        await one.receive()
        await one.start(ALL)
        async with asyncio.timeout(10):
            await one.socket.wait_closed()
    assert one.socket.close_code == 1001
    assert len(api.hub) == 0
