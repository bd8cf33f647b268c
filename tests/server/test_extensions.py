"""`extensions.*` end to end: filters, invalidation, and who hears of it."""

import asyncio
from typing import Any

import pytest

from realtime_client import subscriber
from support import js, template, vtl

SCHEMA = """
type Query { q: String }
type Mutation {
  say(room: ID, text: String, n: Float, flag: Boolean, tags: [String]): Message
  leave(room: ID, many: Int, field: String): String
}
type Message {
  room: ID text: String n: Float flag: Boolean tags: [String] by: Author
}
type Author { name: String }
type Subscription {
  onSay(room: ID, ban: ID): Message @aws_subscribe(mutations: ["say"])
}
"""
FILTERING = "developer guide, defining enhanced subscription filters"
INVALIDATION = "developer guide, unsubscribing WebSocket connections using filters"
TAKE = js("{ return { payload: { ...ctx.args, by: { name: ctx.args.text } } }; }")
SAY = (
    "mutation ($room: ID, $text: String, $n: Float, $flag: Boolean, $tags: [String])"
    " { say(room: $room, text: $text, n: $n, flag: $flag, tags: $tags)"
    " { room text n flag tags by { name } } }"
)
NOTHING = "{ return { payload: null }; }"


def filtered(javascript: str) -> dict[str, Any]:
    """Give a subscription resolver that sets an enhanced filter."""
    set_ = f"{{ extensions.setSubscriptionFilter({javascript}); return null; }}"
    return js(NOTHING, set_)


def rules(*rules: str) -> str:
    """Give a filter whose rules must all hold."""
    return f"{{ filterGroup: [{{ filters: [{', '.join(rules)}] }}] }}"


def rule(field: str, operator: str, value: str) -> str:
    return f"{{ fieldName: '{field}', operator: '{operator}', value: {value} }}"


async def heard(server: Any, events: list[dict[str, Any]], query: str = "") -> Any:
    """Publish events and tell which came.

    Args:
        server: with `say` and `onSay`.
        events: variables of `SAY`.
        query: of the subscription.

    Returns:
        The texts of the events that the subscriber got.
    """
    async with subscriber(server) as one:
        started = await one.start(query or "subscription { onSay { text } }")
        assert started == {"id": "1", "type": "start_ack"}
        for event in events:
            await server.run(SAY, event)
        # Nothing comes after the answer to a stop.
        await one.send(type="stop", id="1")
        texts = []
        while (message := await one.receive())["type"] == "data":
            texts.append(message["payload"]["data"]["onSay"]["text"])
        assert message == {"type": "complete", "id": "1"}
        return texts


@pytest.mark.aws_doc(f"{FILTERING}: operators")
@pytest.mark.parametrize(
    ("operator", "field", "value", "events"),
    [
        ("eq", "room", "'a'", ({"room": "a"}, {"room": "A"})),
        ("eq", "flag", "true", ({"flag": True}, {"flag": False})),
        ("ne", "n", "5", ({"n": 4}, {"n": 5})),
        ("le", "n", "5", ({"n": 5}, {"n": 5.5})),
        ("lt", "n", "5", ({"n": 4.5}, {"n": 5})),
        ("ge", "n", "5", ({"n": 5}, {"n": 4.5})),
        ("gt", "n", "5", ({"n": 5.5}, {"n": 5})),
        ("contains", "tags", "'x'", ({"tags": ["y", "x"]}, {"tags": ["xy"]})),
        ("contains", "room", "'b'", ({"room": "abc"}, {"room": "ac"})),
        ("notContains", "tags", "'x'", ({"tags": ["y"]}, {"tags": ["x"]})),
        ("beginsWith", "room", "'ab'", ({"room": "abc"}, {"room": "cab"})),
        ("in", "room", "['a', 'b']", ({"room": "b"}, {"room": "c"})),
        ("notIn", "room", "['a', 'b']", ({"room": "c"}, {"room": "a"})),
        ("between", "n", "[1, 5]", ({"n": 3}, {"n": 6})),
        ("containsAny", "tags", "['x', 'y']", ({"tags": ["z", "y"]}, {"tags": ["z"]})),
    ],
)
async def test_every_operator_lets_its_events_pass(
    start: Any,
    operator: str,
    field: str,
    value: str,
    events: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    set_ = filtered(rules(rule(field, operator, value)))
    server = await start(
        template(SCHEMA, {"Mutation.say": TAKE, "Subscription.onSay": set_})
    )
    passing, failing = events
    published = [{"text": "no", **failing}, {"text": "yes", **passing}]
    assert await heard(server, published) == ["yes"]


@pytest.mark.aws_doc(f"{FILTERING}: filters and filterGroup")
async def test_rules_are_joined_by_and_groups_by_or(start: Any) -> None:
    both = f"filters: [{rule('room', 'eq', quote('a'))}, {rule('n', 'gt', '1')}]"
    other = f"filters: [{rule('flag', 'eq', 'true')}]"
    set_ = filtered(f"{{ filterGroup: [{{ {both} }}, {{ {other} }}] }}")
    server = await start(
        template(SCHEMA, {"Mutation.say": TAKE, "Subscription.onSay": set_})
    )
    events: list[dict[str, Any]] = [
        {"text": "both", "room": "a", "n": 2},
        {"text": "room only", "room": "a", "n": 1},
        {"text": "flag", "room": "b", "flag": True},
        {"text": "neither"},
    ]
    assert await heard(server, events) == ["both", "flag"]


def quote(text: str) -> str:
    return f"'{text}'"


@pytest.mark.aws_doc(f"{FILTERING}: nested fields")
async def test_a_filter_looks_into_objects(start: Any) -> None:
    set_ = filtered(rules(rule("by.name", "eq", "'me'")))
    server = await start(
        template(SCHEMA, {"Mutation.say": TAKE, "Subscription.onSay": set_})
    )
    assert await heard(server, [{"text": "you"}, {"text": "me"}]) == ["me"]


@pytest.mark.aws_doc(f"{FILTERING}: arguments count only where a rule uses them")
async def test_a_filter_takes_the_place_of_the_arguments(start: Any) -> None:
    set_ = filtered(rules(rule("n", "gt", "10")))
    server = await start(
        template(SCHEMA, {"Mutation.say": TAKE, "Subscription.onSay": set_})
    )
    events = [
        {"text": "room", "room": "a", "n": 1},
        {"text": "number", "room": "b", "n": 11},
    ]
    query = 'subscription { onSay(room: "a") { text } }'
    assert await heard(server, events, query) == ["number"]


@pytest.mark.aws_doc("developer guide, util.transform.toSubscriptionFilter")
@pytest.mark.parametrize(
    "resolver",
    [
        filtered(
            "util.transform.toSubscriptionFilter("
            "{ room: { eq: ctx.args.room }, n: { gt: 1 } })"
        ),
        vtl(
            '{"version": "2018-05-29", "payload": null}',
            '$extensions.setSubscriptionFilter($util.transform.toSubscriptionFilter({"'
            'room": {"eq": $ctx.args.room}, "n": {"gt": 1}}))\nnull',
        ),
    ],
    ids=["js", "vtl"],
)
async def test_a_filter_is_made_of_the_arguments(start: Any, resolver: Any) -> None:
    server = await start(
        template(SCHEMA, {"Mutation.say": TAKE, "Subscription.onSay": resolver})
    )
    events = [
        {"text": "yes", "room": "a", "n": 2},
        {"text": "no", "room": "b", "n": 2},
        {"text": "no", "room": "a", "n": 1},
    ]
    query = 'subscription { onSay(room: "a") { text } }'
    assert await heard(server, events, query) == ["yes"]


@pytest.mark.aws_doc(f"{FILTERING}: only what the mutation selected is looked at")
async def test_a_field_that_was_not_selected_lets_nothing_pass(start: Any) -> None:
    set_ = filtered(rules(rule("room", "eq", "'a'")))
    server = await start(
        template(SCHEMA, {"Mutation.say": TAKE, "Subscription.onSay": set_})
    )
    async with subscriber(server) as one:
        await one.start("subscription { onSay { text } }")
        await server.run('mutation { say(room: "a", text: "blind") { text } }')
        await server.run('mutation { say(room: "a", text: "seen") { text r: room } }')
        message = await one.receive()
    assert message["payload"]["data"]["onSay"] == {"text": "seen"}


@pytest.mark.aws_observed("amplify-category-api #740, amplify-flutter #6142")
@pytest.mark.parametrize(
    ("filter_", "message"),
    [
        (
            rules(rule("room", "in", "['1', '2', '3', '4', '5', '6']")),
            "subscription exceeds maximum value limit 5 for operator `in`.",
        ),
        (
            rules(
                *(rule(name, "eq", "'1'") for name in ["a", "b", "c", "d", "e", "f"])
            ),
            "Filters exceed maximum attributes limit 5 for subscription",
        ),
    ],
)
async def test_a_filter_beyond_the_limits_is_refused(
    start: Any, filter_: str, message: str
) -> None:
    content = template(SCHEMA, {"Subscription.onSay": filtered(filter_)})
    server = await start(content)
    async with subscriber(server) as one:
        answer = await one.start("subscription { onSay { text } }")
    assert (answer["id"], answer["type"]) == ("1", "error")
    (error,) = answer["payload"]["errors"]
    assert error["message"] == message


# Invalidation

BAN = js(
    NOTHING,
    "{ extensions.setSubscriptionInvalidationFilter("
    + rules(rule("room", "eq", "ctx.args.ban"))
    + "); return null; }",
)
BAN_VTL = vtl(
    '{"version": "2018-05-29", "payload": null}',
    '$extensions.setSubscriptionInvalidationFilter({"filterGroup": [{"filters": ['
    '{"fieldName": "room", "operator": "eq", "value": $ctx.args.ban}]}]})\nnull',
)
LEAVE = js(
    "{ return { payload: 'left' }; }",
    "{ extensions.invalidateSubscriptions({ subscriptionField: 'onSay',"
    " payload: { room: ctx.args.room } }); return ctx.result; }",
)
LEAVE_VTL = vtl(
    '{"version": "2018-05-29", "payload": "left"}',
    '$extensions.invalidateSubscriptions({"subscriptionField": "onSay",'
    ' "payload": {"room": $ctx.args.room}})\n$util.toJson($ctx.result)',
)
BANNED = "subscription ($ban: ID) { onSay(ban: $ban) { text } }"


@pytest.mark.aws_doc(INVALIDATION)
@pytest.mark.parametrize(
    ("ban", "leave"), [(BAN, LEAVE), (BAN_VTL, LEAVE_VTL)], ids=["js", "vtl"]
)
async def test_an_invalidation_ends_subscription_and_connection(
    start: Any, ban: Any, leave: Any
) -> None:
    resolvers = {
        "Mutation.say": TAKE,
        "Mutation.leave": leave,
        "Subscription.onSay": ban,
    }
    server = await start(template(SCHEMA, resolvers))
    async with subscriber(server) as out, subscriber(server) as stays:
        await out.start(BANNED, {"ban": "a"})
        await stays.start(BANNED, {"ban": "b"})
        body = await server.run('mutation { leave(room: "a") }')
        assert body == {"data": {"leave": "left"}}
        # The guide shows the text and not the frame that it comes in.
        assert await out.receive() == {"id": "1", "type": "complete"}
        async with asyncio.timeout(10):
            await out.socket.wait_closed()
        assert out.socket.close_reason == "Subscription complete."
        assert out.socket.close_code == 1000
        (api,) = server.emulator.apis.values()
        assert len(api.hub) == 1
        await server.run('mutation { leave(room: "c") }')
        assert await stays.start(BANNED, {"ban": "b"}, "2") == {
            "id": "2",
            "type": "start_ack",
        }


@pytest.mark.aws_doc(INVALIDATION)
async def test_every_subscription_whose_filter_holds_ends(start: Any) -> None:
    server = await start(
        template(SCHEMA, {"Mutation.leave": LEAVE, "Subscription.onSay": BAN})
    )
    async with subscriber(server) as first, subscriber(server) as second:
        for one in (first, second):
            await one.start(BANNED, {"ban": "a"})
        await server.run('mutation { leave(room: "a") }')
        for one in (first, second):
            assert (await one.receive())["type"] == "complete"


@pytest.mark.aws_doc(f"{INVALIDATION}: only subscriptions with such a filter")
async def test_a_subscription_without_an_invalidation_filter_stays(start: Any) -> None:
    server = await start(
        template(SCHEMA, {"Mutation.leave": LEAVE, "Mutation.say": TAKE})
    )
    async with subscriber(server) as one:
        await one.start("subscription { onSay { text } }")
        await server.run('mutation { leave(room: "a") }')
        await server.run(SAY, {"text": "still here"})
        message = await one.receive()
    assert message["payload"]["data"]["onSay"] == {"text": "still here"}


MANY = js(
    "{ return { payload: 'left' }; }",
    "{ ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, ctx.args.many).forEach((room) =>"
    " extensions.invalidateSubscriptions({ subscriptionField: 'onSay',"
    " payload: { room } })); return ctx.result; }",
)


@pytest.mark.aws_doc("developer guide, extensions: at most 5 invalidations a request")
async def test_five_invalidations_are_allowed_and_the_sixth_is_an_error(
    start: Any,
) -> None:
    server = await start(template(SCHEMA, {"Mutation.leave": MANY}))
    body = await server.run("mutation { leave(many: 5) }")
    assert body == {"data": {"leave": "left"}}
    body = await server.run("mutation { leave(many: 6) }")
    assert body["data"] == {"leave": "left"}
    (error,) = body["errors"]
    assert error["path"] == ["leave"]


@pytest.mark.aws_doc("developer guide, extensions: at most 5 invalidations a request")
async def test_the_invalidations_of_all_fields_count(start: Any) -> None:
    server = await start(template(SCHEMA, {"Mutation.leave": MANY}))
    body = await server.run("mutation { a: leave(many: 3) b: leave(many: 3) }")
    # The same three again: only unique calls count.
    assert body == {"data": {"a": "left", "b": "left"}}
    other = js(
        "{ return { payload: 'left' }; }",
        "{ ['u', 'v', 'w'].forEach((room) => extensions.invalidateSubscriptions({"
        " subscriptionField: 'onSay', payload: { room, text: ctx.args.room } }));"
        " return ctx.result; }",
    )
    server = await start(template(SCHEMA, {"Mutation.leave": other}))
    body = await server.run('mutation { a: leave(room: "1") b: leave(room: "2") }')
    assert body["errors"]
