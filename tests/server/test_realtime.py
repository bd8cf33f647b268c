"""Subscriptions end to end: a websocket client, resolvers, and what is delivered."""

from typing import Any

import pytest

from realtime_client import client
from support import js, template

SCHEMA = """
type Query { q: String }
type Mutation {
  say(room: ID!, text: String!, n: Int): Message
  shout(room: ID!, text: String!): Message
}
type Message { room: ID! text: String! n: Int by: Author }
type Author { name: String! mail: String }
type Subscription {
  onSay(room: ID, n: Int): Message @aws_subscribe(mutations: ["say", "shout"])
  guarded(room: ID): Message @aws_subscribe(mutations: ["say"])
}
"""
DELIVERY = pytest.mark.aws_doc("developer guide, real-time data: selection sets")
FILTERS = pytest.mark.aws_doc("developer guide, real-time data: arguments")
TOKEN = (
    "mutation ($room: ID!, $text: String!, $n: Int)"
    " { say(room: $room, text: $text, n: $n) { room text n by { name } } }"
)


@pytest.fixture
async def server(start: Any) -> Any:
    """An API whose mutations give back their arguments."""
    take = js(
        "{ return { payload: { ...ctx.args, by: { name: 'me', mail: 'm@x.org' } } }; }"
    )
    guard = js(
        "{ return { payload: null }; }",
        "{ if (ctx.args.room === 'secret') util.unauthorized(); return null; }",
    )
    resolvers = {
        "Mutation.say": take,
        "Mutation.shout": take,
        "Subscription.guarded": guard,
    }
    return await start(template(SCHEMA, resolvers))


@DELIVERY
async def test_a_subscriber_gets_its_own_selection_of_what_the_mutation_selected(
    server: Any,
) -> None:
    async with client(server) as one:
        assert (await one.receive())["type"] == "connection_ack"
        query = "subscription { m: onSay { t: text n by { name mail } __typename } }"
        assert (await one.start(query))["type"] == "start_ack"
        await server.run(TOKEN, {"room": "a", "text": "hi"})
        message = await one.receive()
    assert message == {
        "id": "1",
        "type": "data",
        "payload": {
            "data": {
                "m": {
                    "t": "hi",
                    "n": None,
                    "by": {"name": "me", "mail": None},
                    "__typename": "Message",
                }
            }
        },
    }


@pytest.mark.aws_observed("graphql-on-aws-appsync-book: event fields")
async def test_a_non_null_field_that_was_not_selected_is_an_error(server: Any) -> None:
    async with client(server) as one:
        await one.receive()
        await one.start("subscription { onSay { text room } }")
        await server.run('mutation { say(room: "a", text: "hi") { room } }')
        message = await one.receive()
    assert message["payload"] == {
        "data": {"onSay": None},
        "errors": [
            {
                "message": (
                    "Cannot return null for non-nullable type: 'String' within parent "
                    "'Message' (/onSay/text)"
                ),
                "path": ["onSay", "text"],
            }
        ],
    }


@pytest.mark.ours("subscribers select fields, whatever aliases the mutation chose")
async def test_the_mutations_aliases_do_not_matter(server: Any) -> None:
    async with client(server) as one:
        await one.receive()
        await one.start("subscription { onSay { room text } }")
        await server.run(
            'mutation { x: say(room: "a", text: "hi") { r: room t: text } }'
        )
        message = await one.receive()
    assert message["payload"] == {"data": {"onSay": {"room": "a", "text": "hi"}}}


@FILTERS
async def test_arguments_filter_by_equality_null_and_absence(server: Any) -> None:
    async with client(server) as one:
        await one.receive()
        query = (
            "subscription ($room: ID, $n: Int) { onSay(room: $room, n: $n) { text } }"
        )
        literal = "subscription { onSay(n: null) { text } }"
        await one.start(query, {"room": "a"}, "room a")
        await one.start(query, {}, "all")
        await one.start(query, {"room": "a", "n": 2}, "a and 2")
        await one.start(literal, {}, "n is null")
        expected = {
            ("a", None): ["room a", "all", "n is null"],
            ("a", 2): ["room a", "all", "a and 2"],
            ("b", 2): ["all"],
        }
        for (room, n), ids in expected.items():
            await server.run(TOKEN, {"room": room, "text": "x", "n": n})
            got = [(await one.receive())["id"] for _ in ids]
            assert sorted(got) == sorted(ids)


@pytest.mark.aws_doc("developer guide: several mutations for one subscription")
async def test_several_mutations_feed_one_subscription_in_order(server: Any) -> None:
    async with client(server) as one:
        await one.receive()
        await one.start("subscription { onSay { text } }")
        await server.run(
            'mutation { a: say(room: "r", text: "1") { text }'
            ' b: shout(room: "r", text: "2") { text }'
            ' c: say(room: "r", text: "3") { text } }'
        )
        texts = [
            (await one.receive())["payload"]["data"]["onSay"]["text"] for _ in range(3)
        ]
    assert texts == ["1", "2", "3"]


@pytest.mark.aws_observed("amplify-js #12679")
async def test_a_subscription_resolver_can_refuse(server: Any) -> None:
    async with client(server) as one:
        await one.receive()
        query = "subscription ($room: ID) { guarded(room: $room) { text } }"
        refused = await one.start(query, {"room": "secret"}, "no")
        accepted = await one.start(query, {"room": "open"}, "yes")
    assert refused == {
        "id": "no",
        "type": "error",
        "payload": {
            "errors": [
                {
                    "errorType": "Unauthorized",
                    "message": "Not Authorized to access guarded on type Subscription",
                }
            ]
        },
    }
    assert accepted == {"id": "yes", "type": "start_ack"}


@pytest.mark.aws_observed("amplify-swift #1589, amplify-cli #7427, amplify-js #12818")
@pytest.mark.parametrize(
    ("query", "error"),
    [
        (
            "subscription { onSay { nope } }",
            {
                "message": (
                    "Validation error of type FieldUndefined: Field 'nope' in type "
                    "'Message' is undefined @ 'onSay/nope'"
                )
            },
        ),
        (
            "subscription ($r: ID!) { onSay(room: $r) { text } }",
            {"message": "Variable 'r' has coerced Null value for NonNull type 'ID!'"},
        ),
        (
            "subscription { onSay { text } guarded { text } }",
            {
                "errorType": "DuplicatedOperationError",
                "message": "Duplicated operation with id 1",
            },
        ),
        (
            "query { q }",
            {
                "errorType": "UnsupportedOperation",
                "message": "query not supported through the realtime channel",
            },
        ),
    ],
)
async def test_a_start_that_cannot_be_is_an_error_with_its_id(
    server: Any, query: str, error: Any
) -> None:
    async with client(server) as one:
        await one.receive()
        answer = await one.start(query)
    assert answer == {"id": "1", "type": "error", "payload": {"errors": [error]}}


@pytest.mark.aws_observed("amplify-flutter #2763")
async def test_a_wrong_key_is_refused_at_connect(server: Any) -> None:
    async with client(server, "da2-wrong") as one:
        message = await one.receive()
    assert message["type"] == "connection_error"
    assert message["payload"]["errors"] == [
        {
            "errorType": "UnauthorizedException",
            "message": "You are not authorized to make this call.",
            "errorCode": 401,
        }
    ]


@pytest.mark.aws_doc("developer guide: every start is authorized by itself")
async def test_every_start_is_authorized_by_itself(server: Any) -> None:
    async with client(server) as one:
        await one.receive()
        answer = await one.start(
            "subscription { onSay { text } }", **{"x-api-key": "da2-wrong"}
        )
    assert answer["payload"]["errors"][0]["errorType"] == "UnauthorizedException"


@pytest.mark.aws_doc("developer guide, enhanced filtering")
async def test_a_resolver_sets_an_enhanced_filter(start: Any) -> None:
    take = js("{ return { payload: ctx.args }; }")
    only = js(
        "{ return { payload: null }; }",
        "{ extensions.setSubscriptionFilter({ filterGroup: [{ filters: ["
        " { fieldName: 'n', operator: 'gt', value: 10 }] }] }); return null; }",
    )
    server = await start(
        template(SCHEMA, {"Mutation.say": take, "Subscription.onSay": only})
    )
    async with client(server) as one:
        await one.receive()
        await one.start("subscription { onSay { n } }")
        for n in (1, 11, 2, 12):
            await server.run(TOKEN, {"room": "a", "text": "x", "n": n})
        got = [(await one.receive())["payload"]["data"]["onSay"]["n"] for _ in range(2)]
    assert got == [11, 12]


@DELIVERY
async def test_a_mutation_that_fails_or_is_null_is_not_delivered(start: Any) -> None:
    some = js(
        "{ if (ctx.args.text === 'bad') util.error('no');"
        " return { payload: ctx.args.text === 'null' ? null : ctx.args }; }"
    )
    server = await start(template(SCHEMA, {"Mutation.say": some}))
    async with client(server) as one:
        await one.receive()
        await one.start("subscription { onSay { text } }")
        for text in ("bad", "null", "good"):
            await server.run(TOKEN, {"room": "a", "text": text})
        message = await one.receive()
    assert message["payload"]["data"]["onSay"]["text"] == "good"
