"""What clients may learn of the schema, and how deep and wide they may ask."""

from typing import Any

import pytest
from graphql import build_client_schema, get_introspection_query

from realtime_client import subscriber
from support import js, template

SCHEMA = '''
"""What there is to ask."""
type Query { box(n: Int = 5): Box  boxes: [Box]  must: Box!  text: String }
type Mutation { put(box: In): Box }
type Subscription { onPut: Box @aws_subscribe(mutations: ["put"]) }
type Box implements Node { id: ID! inner: Box old: String @deprecated(reason: "new") }
interface Node { id: ID! }
union Any = Box
enum Colour { RED GREEN }
input In { id: ID! when: AWSDateTime colours: [Colour!] }
'''
HIDING = "developer guide, introspection: IntrospectionConfig DISABLED"
DEPTH = "developer guide, query depth limit"
COUNT = "developer guide, resolver count limit"


@pytest.fixture
async def server(start: Any) -> Any:
    return await start(template(SCHEMA))


@pytest.mark.aws_doc("developer guide, introspection: enabled by default")
async def test_tools_can_build_the_schema_from_introspection(server: Any) -> None:
    body = await server.run(get_introspection_query(descriptions=True))
    assert "errors" not in body
    schema = build_client_schema(body["data"])
    box: Any = schema.get_type("Box")
    assert {"Query", "Mutation", "Subscription", "AWSDateTime", "In"} <= {
        *schema.type_map
    }
    assert [field.deprecation_reason for field in box.fields.values()] == [
        None,
        None,
        "new",
    ]


@pytest.mark.aws_doc("GraphQL: introspection")
async def test_introspection_takes_aliases_fragments_and_variables(server: Any) -> None:
    query = """
      query ($name: String!, $old: Boolean!, $type: Boolean!) {
        mine: __type(name: $name) { ...F }
        __schema { queryType { name description } }
        other: __type(name: "Colour") @include(if: $type) { enumValues { name } }
      }
      fragment F on __Type {
        kind n: name possibleTypes { name }
        fields(includeDeprecated: $old) { name type { kind ofType { name } } }
      }
    """
    asked = {"name": "Box", "old": False, "type": False}
    body = await server.run(query, asked)
    assert body == {
        "data": {
            "mine": {
                "kind": "OBJECT",
                "n": "Box",
                "possibleTypes": None,
                "fields": [
                    {
                        "name": "id",
                        "type": {"kind": "NON_NULL", "ofType": {"name": "ID"}},
                    },
                    {"name": "inner", "type": {"kind": "OBJECT", "ofType": None}},
                ],
            },
            "__schema": {
                "queryType": {"name": "Query", "description": "What there is to ask."}
            },
        }
    }
    other = await server.run(query, {"name": "Nope", "old": True, "type": True})
    assert other["data"]["mine"] is None
    assert other["data"]["other"] == {
        "enumValues": [{"name": "RED"}, {"name": "GREEN"}]
    }
    # What was asked first is asked again: answers are not mixed up.
    assert (await server.run(query, asked))["data"] == body["data"]


@pytest.mark.aws_doc(HIDING)
@pytest.mark.parametrize(
    ("query", "field", "column"),
    [
        ("{ __schema { queryType { name } } }", "__schema", 3),
        ('{ t: __type(name: "Box") { name } }', "__type", 3),
        ("{ text ...F } fragment F on Query { __schema { types { name } } }", "", 0),
    ],
)
async def test_a_hidden_schema_is_undefined(
    start: Any, query: str, field: str, column: int
) -> None:
    server = await start(template(SCHEMA, api={"IntrospectionConfig": "DISABLED"}))
    answer = await server.post(query)
    assert answer.status_code == 200
    body = answer.json()
    assert body["data"] is None
    (error,) = body["errors"]
    assert list(error) == ["path", "locations", "message"]
    assert "Validation error of type FieldUndefined" in error["message"]
    if field:
        assert error == {
            "path": None,
            "locations": [{"line": 1, "column": column, "sourceName": None}],
            "message": (
                f"Validation error of type FieldUndefined: Field '{field}' in type "
                f"'Query' is undefined @ '{field}'"
            ),
        }


@pytest.mark.aws_doc(HIDING)
async def test_a_hidden_schema_still_tells_typenames(start: Any) -> None:
    box = js("{ return { payload: { id: 'a' } }; }")
    server = await start(
        template(SCHEMA, {"Query.box": box}, api={"IntrospectionConfig": "DISABLED"})
    )
    assert await server.run("{ __typename box { __typename id } }") == {
        "data": {"__typename": "Query", "box": {"__typename": "Box", "id": "a"}}
    }


NESTED = js(
    "{ return { payload: { id: '1', inner: { id: '2', inner: { id: '3' } } } }; }"
)


def too_deep(*path: str | int, column: int) -> dict[str, Any]:
    return {
        "path": list(path),
        "data": None,
        "errorType": "QueryDepthLimitReached",
        "errorInfo": None,
        "locations": [{"line": 1, "column": column, "sourceName": None}],
    }


def without_messages(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the sentences, which AWS does not document."""
    return [
        {name: one for name, one in error.items() if name != "message"}
        for error in errors
    ]


@pytest.mark.aws_doc(f"{DEPTH}: deeper fields are errors, others are not")
async def test_fields_below_the_depth_limit_are_errors(start: Any) -> None:
    server = await start(
        template(SCHEMA, {"Query.box": NESTED}, api={"QueryDepthLimit": 2})
    )
    query = "{ box { id inner { inner { id } } } text }"
    body = await server.run(query)
    assert body["data"] == {"box": {"id": "1", "inner": {"inner": None}}, "text": None}
    path = ("box", "inner", "inner")
    assert without_messages(body["errors"]) == [too_deep(*path, column=20)]


@pytest.mark.aws_doc(f"{DEPTH}: nulls go to the nearest field that can be null")
async def test_a_non_null_field_below_the_limit_empties_its_parent(start: Any) -> None:
    boxes = js("{ return { payload: [{ id: '1' }, { id: '2' }] }; }")
    server = await start(
        template(
            SCHEMA,
            {"Query.boxes": boxes, "Query.must": NESTED},
            api={"QueryDepthLimit": 1},
        )
    )
    body = await server.run("{ boxes { id } }")
    assert body["data"] == {"boxes": [None, None]}
    assert without_messages(body["errors"]) == [
        too_deep("boxes", number, "id", column=11) for number in range(2)
    ]
    body = await server.run("{ must { id } }")
    assert body["data"] is None
    assert without_messages(body["errors"]) == [too_deep("must", "id", column=10)]


@pytest.mark.aws_doc(f"{DEPTH}: 0 for none")
@pytest.mark.parametrize("limit", [0, 3, 75])
async def test_fields_within_the_limit_are_answered(start: Any, limit: int) -> None:
    server = await start(
        template(SCHEMA, {"Query.box": NESTED}, api={"QueryDepthLimit": limit})
    )
    body = await server.run("{ box { inner { id } } }")
    assert body == {"data": {"box": {"inner": {"id": "2"}}}}


@pytest.mark.aws_doc(f"{COUNT}: what ran before still answers")
async def test_resolvers_beyond_the_limit_are_errors(start: Any) -> None:
    text = js("{ return { payload: 't' }; }")
    server = await start(
        template(SCHEMA, {"Query.text": text}, api={"ResolverCountLimit": 2})
    )
    body = await server.run("{ a: text b: text c: text }")
    assert body["data"] == {"a": "t", "b": "t", "c": None}
    (error,) = body["errors"]
    assert (error["path"], error["errorType"]) == (
        ["c"],
        "ResolverExecutionLimitReached",
    )
    # Every request counts for itself.
    assert "errors" not in await server.run("{ a: text b: text }")


@pytest.mark.aws_doc(f"{COUNT}: every item of a list runs its resolver")
async def test_the_resolvers_of_items_count(start: Any) -> None:
    boxes = js("{ return { payload: [{ id: '1' }, { id: '2' }, { id: '3' }] }; }")
    old = js("{ return { payload: ctx.source.id }; }")
    server = await start(
        template(
            SCHEMA,
            {"Query.boxes": boxes, "Box.old": old},
            api={"ResolverCountLimit": 3},
        )
    )
    body = await server.run("{ boxes { old } }")
    assert body["data"] == {"boxes": [{"old": "1"}, {"old": "2"}, {"old": None}]}
    assert [error["path"] for error in body["errors"]] == [["boxes", 2, "old"]]


# An API without a schema


@pytest.fixture
async def blank(start: Any) -> Any:
    """An API that has no schema yet."""
    content = template(SCHEMA)
    del content["Resources"]["Schema"]
    return await start(content)


@pytest.mark.ours("third-party reports only; that it counts as 5XX is documented")
async def test_an_api_without_a_schema_says_so(blank: Any) -> None:
    answer = await blank.post("{ text }")
    assert answer.status_code == 502
    assert answer.headers["x-amzn-errortype"] == "GraphQLSchemaException"
    error = {
        "errorType": "GraphQLSchemaException",
        "message": "No schema definition exists.",
    }
    assert answer.json() == {"errors": [error]}


@pytest.mark.ours("the same as over HTTP, because nobody recorded it")
async def test_an_api_without_a_schema_takes_no_subscriptions(blank: Any) -> None:
    async with subscriber(blank) as one:
        answer = await one.start("subscription { onPut { id } }")
    assert (answer["id"], answer["type"]) == ("1", "error")
    (error,) = answer["payload"]["errors"]
    assert error["errorType"] == "GraphQLSchemaException"
