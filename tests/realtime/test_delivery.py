"""Delivery end to end: a mutation over HTTP, what sockets get of it."""

from contextlib import AsyncExitStack
from typing import Any

import pytest

from realtime_client import subscriber
from support import inline_python, js, lambda_js, template

SCHEMA = """
type Query { q: Int }
type Mutation { put(id: ID, text: String, bad: Boolean): Post  other(id: ID): Post }
type Subscription {
  onPut(id: ID): Post @aws_subscribe(mutations: ["put"])
  onAny: Post @aws_subscribe(mutations: ["put", "other"])
}
type Post {
  id: ID! text: String! at: AWSDateTime! length: Int size: Int!
  tags: [String] by: Author
}
type Author { name: String! mail: String }
"""
SELECTIONS = "developer guide, real-time data: selection sets"
PUT = (
    "mutation ($id: ID, $text: String)"
    " { put(id: $id, text: $text) { id text length tags by { name } } }"
)
TAKE = js(
    "{ return { payload: { ...ctx.args, at: '2025-01-01T00:00:00Z', tags: ['x'],"
    " by: { name: 'me', mail: 'm@example.test' } } }; }"
)
LENGTH = js("{ return { payload: ctx.source.text ? ctx.source.text.length : null }; }")
RESOLVERS = {
    "Mutation.put": TAKE,
    "Mutation.other": TAKE,
    "Post.length": LENGTH,
    "Post.size": js("{ if (ctx.source.bad) util.error('no size'); return {}; }"),
}


@pytest.fixture
async def server(start: Any) -> Any:
    return await start(template(SCHEMA, RESOLVERS))


def null(type_: str, parent: str, *path: str) -> dict[str, Any]:
    text = "".join(f"/{key}" for key in path)
    return {
        "message": (
            f"Cannot return null for non-nullable type: '{type_}' within parent "
            f"'{parent}' ({text})"
        ),
        "path": list(path),
    }


@pytest.mark.aws_doc(SELECTIONS)
async def test_each_subscriber_gets_its_own_selection_of_one_event(server: Any) -> None:
    selections = {
        "1": ("onPut { id }", {"onPut": {"id": "7"}}),
        "2": ("mine: onPut { t: text id }", {"mine": {"t": "hi", "id": "7"}}),
        "3": (
            "onPut(id: 7) { by { name mail } }",
            {"onPut": {"by": {"name": "me", "mail": None}}},
        ),
        "4": (
            "onAny { ...F __typename }",
            {"onAny": {"tags": ["x"], "__typename": "Post"}},
        ),
    }
    async with subscriber(server) as one:
        for id_, (selection, _) in selections.items():
            query = f"subscription {{ {selection} }}"
            if "...F" in query:
                query += " fragment F on Post { tags }"
            assert (await one.start(query, None, id_))["type"] == "start_ack"
        await server.run(PUT, {"id": "7", "text": "hi"})
        got = {}
        for _ in selections:
            message = await one.receive()
            got[message["id"]] = message["payload"]
    assert got == {id_: {"data": data} for id_, (_, data) in selections.items()}


@pytest.mark.aws_doc(f"{SELECTIONS}: resolvers of fields ran for the mutation")
async def test_values_of_field_resolvers_come_from_the_mutation(server: Any) -> None:
    async with subscriber(server) as one:
        await one.start("subscription { onPut { id length } }")
        await server.run(PUT, {"id": "7", "text": "four"})
        assert (await one.receive())["payload"]["data"]["onPut"]["length"] == 4
        # Nobody resolves for the subscriber what the mutation did not ask for.
        await server.run('mutation { put(id: "8", text: "five!") { id text } }')
        assert (await one.receive())["payload"] == {
            "data": {"onPut": {"id": "8", "length": None}}
        }


@pytest.mark.aws_observed("aws-appsync-community #127, aws-amplify/docs #2796")
async def test_every_missing_non_null_field_is_an_error_of_the_event(
    server: Any,
) -> None:
    async with subscriber(server) as one:
        await one.start("subscription { onPut { id text at by { mail } } }")
        await server.run('mutation { put(id: "7", text: "hi") { id } }')
        message = await one.receive()
    assert message == {
        "id": "1",
        "type": "data",
        "payload": {
            "data": {"onPut": None},
            "errors": [
                null("String", "Post", "onPut", "text"),
                null("AWSDateTime", "Post", "onPut", "at"),
            ],
        },
    }


@pytest.mark.aws_doc(f"{SELECTIONS}: only for completed mutations")
async def test_a_mutation_that_ends_null_is_delivered_to_nobody(server: Any) -> None:
    async with subscriber(server) as one:
        await one.start("subscription { onPut { id } }")
        body = await server.run('mutation { put(id: "1", bad: true) { id size } }')
        assert body["data"] == {"put": None}
        await server.run('mutation { put(id: "2", text: "hi") { id text } }')
        assert (await one.receive())["payload"]["data"] == {"onPut": {"id": "2"}}


@pytest.mark.aws_doc("developer guide, real-time data: @aws_subscribe")
async def test_queries_and_other_mutations_are_delivered_to_nobody(server: Any) -> None:
    async with subscriber(server) as one:
        await one.start("subscription { onPut { id } }", None, "put")
        await one.start("subscription { onAny { id } }", None, "any")
        await server.run("{ q }")
        await server.run('mutation { other(id: "1") { id } }')
        await server.run('mutation { put(id: "2") { id } }')
        got = [await one.receive() for _ in range(3)]
    ids = [(one["id"], *one["payload"]["data"].values()) for one in got]
    assert ids[0] == ("any", {"id": "1"})
    assert sorted(ids[1:], key=str) == [("any", {"id": "2"}), ("put", {"id": "2"})]


@pytest.mark.aws_doc("AWS General Reference, AppSync: subscription payload size 240 KB")
async def test_an_event_of_more_than_240_kilobytes_is_dropped_and_logged(
    server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with subscriber(server) as one:
        await one.start("subscription { onPut { id text } }", None, "big")
        await one.start("subscription { onPut { id } }", None, "small")
        answer = await server.run(PUT, {"id": "1", "text": "x" * (240 * 1024)})
        assert answer["data"]["put"]["id"] == "1"
        assert "errors" not in answer
        # Whoever selects less still gets it, and so does everybody the next one.
        message = await one.receive()
        assert (message["id"], message["payload"]["data"]) == (
            "small",
            {"onPut": {"id": "1"}},
        )
        await server.run(PUT, {"id": "2", "text": "hi"})
        got = {message["id"] for message in [await one.receive(), await one.receive()]}
        assert got == {"big", "small"}
    (record,) = [one for one in caplog.records if "not delivered" in one.getMessage()]
    assert record.levelname == "WARNING"
    for word in ("onPut", "245760"):
        assert word in record.getMessage()


@pytest.mark.aws_doc("AWS General Reference, AppSync: subscription payload size 240 KB")
async def test_an_event_of_just_240_kilobytes_is_delivered(server: Any) -> None:
    around = len('{"data":{"onPut":{"text":""}}}')
    text = "x" * (240 * 1024 - around)
    async with subscriber(server) as one:
        await one.start("subscription { onPut { text } }")
        await server.run(PUT, {"id": "1", "text": text + "x"})
        await server.run(PUT, {"id": "1", "text": text})
        message = await one.receive()
    assert message["payload"] == {"data": {"onPut": {"text": text}}}


@pytest.mark.aws_doc("developer guide, real-time data: one event to all subscribers")
async def test_all_connections_get_all_events_in_order(server: Any) -> None:
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(subscriber(server)) for _ in range(5)
        ]
        for number, one in enumerate(clients):
            await one.start("subscription { onPut { id } }", None, f"mine {number}")
        for event in range(20):
            await server.run(PUT, {"id": str(event), "text": "x"})
        for number, one in enumerate(clients):
            got = [await one.receive() for _ in range(20)]
            assert {message["id"] for message in got} == {f"mine {number}"}
            ids = [message["payload"]["data"]["onPut"]["id"] for message in got]
            assert ids == [str(event) for event in range(20)]


@pytest.mark.aws_doc("developer guide, real-time data: delivery after the mutation")
async def test_what_a_function_answers_late_is_delivered_like_the_rest(
    start: Any,
) -> None:
    code = (
        "def handler(event, context):\n"
        "    return {'id': event['args']['id'], 'text': 'late', 'by': {'name': 'f'}}\n"
    )
    resolvers = {
        "Mutation.put": {"DataSourceName": "fn", **lambda_js()},
        "Mutation.other": TAKE,
    }
    functions = {"fn": inline_python(code)}
    server = await start(template(SCHEMA, resolvers, functions=functions))
    async with subscriber(server) as one:
        await one.start("subscription { onAny { id by { name } } }")
        await server.run(
            'mutation { a: put(id: "1") { i: id text by { n: name } }'
            ' other(id: "2") { id by { name } } b: put(id: "3") { id text } }'
        )
        got = [(await one.receive())["payload"] for _ in range(3)]
    # Mutations run one after the other, and so do their events.
    assert [one["data"]["onAny"] for one in got] == [
        {"id": "1", "by": {"name": "f"}},
        {"id": "2", "by": {"name": "me"}},
        {"id": "3", "by": None},
    ]


@pytest.mark.ours("a document without a field has nothing to subscribe to")
async def test_a_subscription_whose_only_field_is_left_out_does_not_start(
    server: Any,
) -> None:
    query = "subscription ($v: Boolean!) { onPut @include(if: $v) { id } }"
    async with subscriber(server) as one:
        refused = await one.start(query, {"v": False})
        assert (refused["id"], refused["type"]) == ("1", "error")
        (error,) = refused["payload"]["errors"]
        assert error["errorType"] == "UnsupportedOperation"
        started = await one.start(query, {"v": True})
        assert started == {"id": "1", "type": "start_ack"}
