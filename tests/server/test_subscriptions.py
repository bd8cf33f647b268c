"""What starts a subscription, what it delivers, and in which order."""

import asyncio
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from realtime_client import Client, subscriber
from support import inline_python, js, lambda_js, template, vtl

SCHEMA = """
type Query { q: String }
interface Named { name: String }
type Person implements Named { name: String age: Int pets: [Pet!] }
type Robot implements Named { name: String model: String! }
union Anybody = Person | Robot
type Pet { name: String! kind: Kind }
enum Kind { CAT DOG }
type Mutation {
  say(room: ID, text: String): Message
  shout(room: ID, text: String): Message
  many(texts: [String!]): [Message]
  named(type: String): Named
  anybody(type: String): Anybody
  number(n: Int): Int
}
type Message { room: ID text: String! by: Anybody }
type Subscription {
  onSay(room: ID): Message @aws_subscribe(mutations: ["say"])
  onTalk(room: ID): Message @aws_subscribe(mutations: ["say", "shout"])
  guarded(room: ID): Message @aws_subscribe(mutations: ["say"])
  onMany(room: ID): [Message] @aws_subscribe(mutations: ["many"])
  onNamed(name: String): Named @aws_subscribe(mutations: ["named"])
  onAnybody: Anybody @aws_subscribe(mutations: ["anybody"])
  onNumber(n: Int): Int @aws_subscribe(mutations: ["number"])
}
"""
TAKE = js("{ return { payload: ctx.args }; }")
MANY = js("{ return { payload: ctx.args.texts.map((text) => ({ text })) }; }")
SOMEBODY = js(
    "{ const robot = { __typename: 'Robot', name: 'r', model: 'm' };"
    " const pets = [{ name: 'tom', kind: 'CAT' }];"
    " const person = { __typename: 'Person', name: 'p', age: 7, pets };"
    " return { payload: ctx.args.type === 'Robot' ? robot : person }; }"
)
RESOLVERS = {
    "Mutation.say": TAKE,
    "Mutation.shout": TAKE,
    "Mutation.many": MANY,
    "Mutation.named": SOMEBODY,
    "Mutation.anybody": SOMEBODY,
    "Mutation.number": js("{ return { payload: ctx.args.n }; }"),
}
SELECTION = "developer guide, real-time data: the subscriber's selection set"


@pytest.fixture
async def server(start: Any) -> Any:
    return await start(template(SCHEMA, RESOLVERS))


async def started(one: Client, query: str, id_: str = "1") -> None:
    assert await one.start(query, id_=id_) == {"id": id_, "type": "start_ack"}


async def payload(one: Client) -> Any:
    message = await one.receive()
    assert message["type"] == "data", message
    return message["payload"]


# Which events


@pytest.mark.aws_doc("developer guide, real-time data: @aws_subscribe")
async def test_a_mutation_publishes_to_every_field_that_names_it(server: Any) -> None:
    async with subscriber(server) as one:
        await started(one, "subscription { onSay { text } }", "say")
        await started(one, "subscription { onTalk { text } }", "talk")
        await server.run('mutation { say(text: "1") { text } }')
        assert {(await one.receive())["id"] for _ in range(2)} == {"say", "talk"}
        await server.run('mutation { shout(text: "2") { text } }')
        message = await one.receive()
        assert message["id"] == "talk"
        assert message["payload"] == {"data": {"onTalk": {"text": "2"}}}


@pytest.mark.aws_doc("developer guide, real-time data: each invocation publishes")
async def test_repeated_and_aliased_mutation_fields_publish_each(server: Any) -> None:
    async with subscriber(server) as one:
        await started(one, "subscription { mine: onSay { t: text text room } }")
        await server.run(
            'mutation { say(text: "0") { text }'
            ' a: say(text: "1") { x: text } a: say(text: "1") { r: room }'
            " ...F @include(if: true) ...F @skip(if: true) }"
            ' fragment F on Mutation { b: say(text: "2") { text } }'
        )
        expected = [{"t": text, "text": text, "room": None} for text in "012"]
        got = [(await payload(one))["data"]["mine"] for _ in range(3)]
        assert got == expected


@pytest.mark.ours("unwritten: how an event that is a list is filtered by arguments")
async def test_a_list_is_one_event_and_has_no_fields_to_match(server: Any) -> None:
    async with subscriber(server) as one:
        await started(one, "subscription { onMany { text room } }", "all")
        await started(one, 'subscription { onMany(room: "a") { text } }', "room")
        await server.run('mutation { many(texts: ["1", "2"]) { text } }')
        await server.run("mutation { many(texts: []) { text } }")
        first, second = await one.receive(), await one.receive()
    assert [first["id"], second["id"]] == ["all", "all"]
    rows = [{"text": text, "room": None} for text in "12"]
    assert first["payload"] == {"data": {"onMany": rows}}
    assert second["payload"] == {"data": {"onMany": []}}


@pytest.mark.aws_doc("developer guide, enhanced filtering: top-level lists are ignored")
async def test_an_enhanced_filter_lets_no_list_pass(start: Any) -> None:
    set_ = js(
        "{ return { payload: null }; }",
        "{ extensions.setSubscriptionFilter("
        "util.transform.toSubscriptionFilter({ text: { ne: 'x' } })); return null; }",
    )
    resolvers = {**RESOLVERS, "Subscription.onMany": set_}
    server = await start(template(SCHEMA, resolvers))
    async with subscriber(server) as one:
        await started(one, "subscription { onMany { text } }")
        await started(one, "subscription { onSay { text } }", "2")
        await server.run('mutation { many(texts: ["1"]) { text } }')
        await server.run('mutation { say(text: "after") { text } }')
        assert (await one.receive())["id"] == "2"


@pytest.mark.aws_doc("developer guide: subscriptions may return scalars")
async def test_a_scalar_is_delivered_as_it_is(server: Any) -> None:
    async with subscriber(server) as one:
        await started(one, "subscription { n: onNumber }")
        await server.run("mutation { number(n: 3) }")
        assert await payload(one) == {"data": {"n": 3}}


# What of them


@pytest.mark.aws_doc(SELECTION)
async def test_fragments_of_the_subscriber(server: Any) -> None:
    query = (
        "subscription S { onSay { ...A ... on Message { room } ... { r: room } } }"
        " fragment A on Message { text ...B } fragment B on Message { __typename }"
    )
    async with subscriber(server) as one:
        await started(one, query)
        await server.run('mutation { say(room: "a", text: "1") { text room } }')
        assert (await payload(one))["data"]["onSay"] == {
            "text": "1",
            "__typename": "Message",
            "room": "a",
            "r": "a",
        }


PERSON = {"__typename": "Person", "name": "p", "years": 7}
ROBOT = {"__typename": "Robot", "name": "r", "model": "m"}


@pytest.mark.aws_doc(SELECTION)
@pytest.mark.parametrize(
    ("mutation", "subscription"), [("named", "onNamed"), ("anybody", "onAnybody")]
)
async def test_interfaces_and_unions(
    server: Any, mutation: str, subscription: str
) -> None:
    query = (
        f"subscription {{ {subscription} {{ __typename ... on Named {{ name }}"
        " ... on Person { years: age } ... on Robot { model } } }"
    )
    run = (
        f"mutation ($t: String) {{ {mutation}(type: $t) {{ ... on Named {{ n: name }}"
        " ... on Person { age } ... on Robot { model } } }"
    )
    async with subscriber(server) as one:
        await started(one, query)
        for type_, expected in (("Person", PERSON), ("Robot", ROBOT)):
            await server.run(run, {"t": type_})
            assert await payload(one) == {"data": {subscription: expected}}


@pytest.mark.aws_observed("graphql-on-aws-appsync-book: event fields")
async def test_a_non_null_field_of_one_of_several_types(server: Any) -> None:
    query = "subscription { onAnybody { ... on Robot { name model } __typename } }"
    async with subscriber(server) as one:
        await started(one, query)
        await server.run('mutation { anybody(type: "Robot") { __typename } }')
        message = "Cannot return null for non-nullable type: 'String' within parent "
        assert await payload(one) == {
            "data": {"onAnybody": None},
            "errors": [
                {
                    "message": f"{message}'Robot' (/onAnybody/model)",
                    "path": ["onAnybody", "model"],
                }
            ],
        }
        await server.run('mutation { anybody(type: "Person") { __typename } }')
        assert await payload(one) == {"data": {"onAnybody": {"__typename": "Person"}}}


@pytest.mark.aws_observed("graphql-on-aws-appsync-book: event fields")
async def test_a_null_goes_up_to_the_nearest_place_that_may_be_null(
    server: Any,
) -> None:
    query = "subscription { onAnybody { ... on Person { name pets { name kind } } } }"
    async with subscriber(server) as one:
        await started(one, query)
        await server.run(
            "mutation { anybody { ... on Person { name pets { kind } } } }"
        )
        got = await payload(one)
    assert got["data"] == {"onAnybody": {"name": "p", "pets": None}}
    (error,) = got["errors"]
    assert error["path"] == ["onAnybody", "pets", 0, "name"]
    assert set(error) == {"message", "path"}


# Subscription resolvers

REJECT = "if (ctx.args.room === 'secret') util.error('not there', 'Forbidden');"
NOTHING = "{ return { payload: null }; }"
ALLOW = """
def handler(event, context):
    room = (event.get("arguments") or event.get("args") or {}).get("room")
    if room == "secret":
        raise ValueError("not there")
"""
ERROR_TYPES = {"lambda": "Lambda:Unhandled", "direct lambda": "ValueError"}
RESOLVER_KINDS: dict[str, Any] = {
    "js": ({"Subscription.guarded": js(NOTHING, f"{{ {REJECT} return null; }}")}, {}),
    "js, before its data source": (
        {"Subscription.guarded": js(f"{{ {REJECT} return {{ payload: null }}; }}")},
        {},
    ),
    "vtl": (
        {
            "Subscription.guarded": vtl(
                '{"version": "2018-05-29", "payload": null}',
                '#if($ctx.args.room == "secret")$util.error("not there", "Forbidden")'
                "#end\nnull",
            )
        },
        {},
    ),
    "pipeline": (
        {
            "Subscription.guarded": {
                **js("{ return {}; }", "{ return null; }"),
                "Functions": ["first", "second"],
            }
        },
        {
            "steps": {
                "first": js(NOTHING),
                "second": js(NOTHING, f"{{ {REJECT} return null; }}"),
            }
        },
    ),
    "lambda": (
        {"Subscription.guarded": {**lambda_js(), "DataSourceName": "allow"}},
        {"functions": {"allow": inline_python(ALLOW)}},
    ),
    "direct lambda": (
        {"Subscription.guarded": {"DataSourceName": "allow"}},
        {"functions": {"allow": inline_python(ALLOW)}},
    ),
}


@pytest.mark.aws_doc("developer guide, real-time data: resolvers of subscriptions")
@pytest.mark.parametrize("kind", RESOLVER_KINDS)
async def test_every_kind_of_resolver_lets_in_or_rejects(start: Any, kind: str) -> None:
    resolvers, more = RESOLVER_KINDS[kind]
    server = await start(template(SCHEMA, {**RESOLVERS, **resolvers}, **more))
    async with subscriber(server) as one:
        query = "subscription ($r: ID) { guarded(room: $r) { text } }"
        refused = await one.start(query, {"r": "secret"}, "no")
        assert (refused["id"], refused["type"]) == ("no", "error")
        (error,) = refused["payload"]["errors"]
        error_type = ERROR_TYPES.get(kind, "Forbidden")
        assert error == {"errorType": error_type, "message": "not there"}
        assert (await one.start(query, {"r": "a"}, "yes"))["type"] == "start_ack"
        for room in ("secret", "a"):
            await server.run(
                f'mutation {{ say(room: "{room}", text: "x") {{ room }} }}'
            )
        assert (await one.receive())["id"] == "yes"


@pytest.mark.ours(
    "what AppSync does with a value is not known; the Apollo link takes it"
)
async def test_what_a_resolver_returns_goes_to_nobody(start: Any) -> None:
    value = js(NOTHING, "{ return { text: 'hello' }; }")
    content = template(SCHEMA, {**RESOLVERS, "Subscription.guarded": value})
    server = await start(content)
    async with subscriber(server) as one:
        await started(one, "subscription { guarded { text } }")
        await server.run('mutation { say(text: "first") { text } }')
        assert await payload(one) == {"data": {"guarded": {"text": "first"}}}


@pytest.mark.aws_doc("developer guide, resolver context reference")
async def test_what_a_resolver_of_a_subscription_knows(start: Any) -> None:
    tell = js(
        NOTHING,
        "{ util.error(JSON.stringify([ctx.args, ctx.info, ctx.source, ctx.identity,"
        " ctx.info.selectionSetList, ctx.request.headers['x-custom']]), 'Told'); }",
    )
    content = template(SCHEMA, {**RESOLVERS, "Subscription.guarded": tell})
    server = await start(content)
    query = "subscription S($r: ID) { mine: guarded(room: $r) { t: text } }"
    async with subscriber(server) as one:
        answer = await one.start(query, {"r": "a"}, **{"X-Custom": "c"})
    (error,) = answer["payload"]["errors"]
    assert error == {
        "errorType": "Told",
        "message": (
            '[{"room":"a"},{"fieldName":"guarded","parentTypeName":"Subscription",'
            '"variables":{"r":"a"}},null,null,["t"],"c"]'
        ),
    }


@pytest.mark.ours("a developer should hear of arguments that keep every event away")
async def test_an_argument_that_is_no_field_is_warned_of(
    start: Any, caplog: pytest.LogCaptureFixture
) -> None:
    schema = SCHEMA.replace("onSay(room: ID)", "onSay(room: ID, filter: String)")
    server = await start(template(schema, RESOLVERS))
    caplog.set_level(logging.WARNING)
    query = "subscription ($f: String) { onSay(filter: $f) { text } }"
    async with subscriber(server) as one:
        for number, given in enumerate(({}, {"f": None}, {"f": "x"}, {"f": "y"})):
            assert (await one.start(query, given, str(number)))["type"] == "start_ack"
    (text,) = caplog.messages
    assert "onSay: the argument filter is not a field of Message" in text


# Order

SLOW = """
import os

def handler(event, context):
    with open(os.environ["GATE"]) as gate:  # a pipe: opens when the test does
        gate.read()
    return event["arguments"]
"""


@pytest.mark.ours("events come in the order in which their mutations completed")
async def test_a_slow_mutation_is_delivered_after_a_fast_one(
    start: Any, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    slow = inline_python(SLOW, Environment={"Variables": {"GATE": str(gate)}})
    resolvers: Mapping[str, Any] = {
        **RESOLVERS,
        "Mutation.shout": {"DataSourceName": "slow"},
    }
    server = await start(template(SCHEMA, resolvers, functions={"slow": slow}))
    async with subscriber(server) as one, asyncio.TaskGroup() as group:
        await started(one, "subscription { onTalk { text } }")
        late = group.create_task(
            server.run('mutation { shout(text: "slow") { text } }')
        )
        opening = asyncio.to_thread(gate.open, "w")
        opened = await opening  # the function is running now
        await server.run('mutation { say(text: "fast") { text } }')
        assert (await payload(one))["data"]["onTalk"] == {"text": "fast"}
        opened.close()
        assert (await late)["data"]["shout"] == {"text": "slow"}
        assert (await payload(one))["data"]["onTalk"] == {"text": "slow"}


@pytest.mark.ours("every subscriber sees the same order")
async def test_mutations_side_by_side_have_one_order_for_all(server: Any) -> None:
    async with subscriber(server) as one, subscriber(server) as two:
        for each in (one, two):
            await started(each, "subscription { onTalk { text } }")
        async with asyncio.TaskGroup() as group:
            for number in range(60):
                field = "say" if number % 2 else "shout"
                query = f'mutation {{ {field}(text: "{number}") {{ text }} }}'
                group.create_task(server.run(query))
        orders = []
        for each in (one, two):
            got = [(await payload(each))["data"]["onTalk"]["text"] for _ in range(60)]
            orders.append(got)
    assert orders[0] == orders[1]
    assert sorted(orders[0]) == sorted(str(number) for number in range(60))


# Why not


@pytest.mark.ours("why an event went nowhere should be easy to see")
async def test_who_got_which_event_and_why_not(server: Any) -> None:
    (api,) = server.emulator.apis.values()
    async with subscriber(server) as one:
        await started(one, "subscription { onSay { text } }", "all")
        await started(one, 'subscription { onSay(room: "a") { text } }', "a")
        await server.run('mutation { say(room: "b", text: "1") { text room } }')
        await server.run('mutation { say(room: "a", text: "2") { text } }')
        deliveries = api.hub.deliveries
        first, second = deliveries.publications("onSay")
        assert first.value == {"text": "1", "room": "b"}
        told = [(one.id, one.reason) for one in deliveries.verdicts(first)]
        assert told == [("all", ""), ("a", 'argument room is "a": the event has "b"')]
        told = [(one.id, one.reason) for one in deliveries.verdicts(second)]
        reason = 'argument room is "a": the mutation did not select it'
        assert told == [("all", ""), ("a", reason)]


@pytest.mark.ours("why an event went nowhere should be easy to see")
async def test_a_mutation_that_gives_null_is_told_of(
    server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "appsync_emulator.execution")
    await server.run("mutation { number }")
    assert "number is null, so subscribers get nothing of it" in caplog.messages
