"""Interfaces and unions."""

from typing import Any

import pytest

from support import js, template

SCHEMA = """
interface Animal { name: String! friend: Animal }
type Cat implements Animal { name: String! friend: Animal lives: Int }
type Dog implements Animal { name: String! friend: Animal good: Boolean }
union Any = Cat | Dog
type Query { animals: [Animal!]! any: Any }
"""
NEEDS_TYPENAME = pytest.mark.aws_doc("interfaces and unions: __typename in the value")


@NEEDS_TYPENAME
async def test_typename_in_the_value_tells_the_type(start: Any) -> None:
    resolver = js(
        "{ return { payload: [{ __typename: 'Cat', name: 'a', lives: 9,"
        " friend: { __typename: 'Dog', name: 'b', good: true } },"
        " { __typename: 'Dog', name: 'c' }] }; }"
    )
    server = await start(template(SCHEMA, {"Query.animals": resolver}))
    body = await server.run(
        "{ animals { __typename name ... on Cat { lives } friend { ...F } } }"
        " fragment F on Dog { name good }"
    )
    assert body == {
        "data": {
            "animals": [
                {
                    "__typename": "Cat",
                    "name": "a",
                    "lives": 9,
                    "friend": {"name": "b", "good": True},
                },
                {"__typename": "Dog", "name": "c", "friend": None},
            ]
        }
    }


@NEEDS_TYPENAME
async def test_a_value_without_typename_is_an_error(start: Any) -> None:
    resolver = js("{ return { payload: { name: 'a' } }; }")
    server = await start(template(SCHEMA, {"Query.any": resolver}))
    body = await server.run("{ any { ... on Cat { name } } }")
    assert body["data"] == {"any": None}
    assert "'Any'" in body["errors"][0]["message"]
