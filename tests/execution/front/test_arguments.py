from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.execution.arguments import Arguments, compile_arguments
from appsync_emulator.execution.operation import Documents
from appsync_emulator.schema import Schema

Ask = Callable[..., tuple[dict[str, Any], dict[str, Any] | None]]
JAVA = "graphql-java 11, the engine AppSync's answers show"
pytestmark = pytest.mark.ours("GraphQL: coercing field arguments")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("number", {}),
        (
            "scalars(i: 1, f: 2, id: 3, b: true)",
            {"i": 1, "f": 2.0, "b": True, "id": "3"},
        ),
        ("scalars(s: null)", {"s": None}),
        ('scalars(json: "{\\"a\\": [1]}")', {"json": {"a": [1]}}),
        ("posts(colour: RED) { id }", {"colour": "RED"}),
        ("posts(ids: 1) { id }", {"ids": ["1"]}),
        ("matrix(rows: [1, [2, 3], null])", {"rows": [[1], [2, 3], None]}),
        (
            'posts(filter: {colour: RED, and: {title: {eq: "x"}}}) { id }',
            {"filter": {"and": [{"title": {"eq": "x"}}], "colour": "RED"}},
        ),
    ],
)
def test_literals_are_known_when_the_document_is(
    arguments: Ask, written: str, expected: dict[str, Any]
) -> None:
    made, constant = arguments(f"{{ {written} }}")
    assert made == constant == expected
    assert list(made) == list(expected)


def test_variables_are_filled_in(arguments: Ask) -> None:
    query = "query ($a: Int, $b: String) { scalars(s: $b, i: $a, id: 5) }"
    made, constant = arguments(query, {"a": 1, "b": "x"})
    assert constant is None
    assert made == {"i": 1, "s": "x", "id": "5"}
    assert list(made) == ["i", "s", "id"]


def test_what_is_not_given_is_absent_and_null_is_null(arguments: Ask) -> None:
    query = "query ($a: Int, $b: String) { scalars(s: $b, i: $a) }"
    assert arguments(query, {})[0] == {}
    assert arguments(query, {"a": None})[0] == {"i": None}


def test_variables_inside_of_literals(arguments: Ask) -> None:
    query = (
        "query ($t: Text, $c: Colour, $e: String!, $n: Int) { posts(filter: "
        "{title: $t, colour: $c, and: [{title: {eq: $e, size: $n}}]}) { id } }"
    )
    text = {"eq": "x", "size": 1}
    assert arguments(query, {"t": text, "c": "RED", "e": "y", "n": 2})[0] == {
        "filter": {
            "title": {"eq": "x", "size": 1},
            "and": [{"title": {"eq": "y", "size": 2}}],
            "colour": "RED",
        }
    }
    assert arguments(query, {"e": "y"})[0] == {
        "filter": {"and": [{"title": {"eq": "y"}}]}
    }


def test_a_list_keeps_its_length(arguments: Ask) -> None:
    query = "query ($a: [Int!], $b: [Int!]) { matrix(rows: [$a, [1], $b]) }"
    assert arguments(query, {"b": [2]})[0] == {"rows": [None, [1], [2]]}


@pytest.mark.aws_observed("aws-appsync-community #59")
def test_defaults_of_the_schema_are_not_filled_in(arguments: Ask) -> None:
    assert arguments("{ optional }")[0] == {}
    query = '{ posts(filter: {title: {eq: "x"}}) { id } }'
    assert arguments(query)[0] == {"filter": {"title": {"eq": "x"}}}


@pytest.mark.ours(JAVA)
def test_the_last_of_two_counts(arguments: Ask) -> None:
    assert arguments("{ scalars(i: 1, i: 2) }")[0] == {"i": 2}
    query = '{ posts(filter: {title: {eq: "a", eq: "b"}}) { id } }'
    assert arguments(query)[0] == {"filter": {"title": {"eq": "b"}}}


def compiled(documents: Documents, schema: Schema, query: str) -> Arguments:
    field: Any = documents.get(query).node.selection_set.selections[0]
    assert schema.graphql.query_type is not None
    return compile_arguments(schema.graphql.query_type.fields[field.name.value], field)


@pytest.mark.ours("resolvers may change ctx.args, and others must not see it")
@pytest.mark.parametrize(
    "query",
    [
        "{ posts(filter: {and: []}, ids: [1]) { id } }",
        "query ($f: Filter, $i: [ID!]) { posts(filter: $f, ids: $i) { id } }",
        "query ($a: [Filter!], $i: ID!) { posts(filter: {and: $a}, ids: [$i]) { id } }",
    ],
)
def test_every_call_gives_its_own_values(
    documents: Documents, schema: Schema, query: str
) -> None:
    variables: dict[str, Any] = {"f": {"and": []}, "i": ["1"], "a": []}
    if "$i: ID!" in query:
        variables["i"] = "1"
    make = compiled(documents, schema, query)
    made = make(variables)
    made["filter"]["and"].append("changed")
    made["ids"].append("changed")
    made["more"] = 1
    assert make(variables) == {"filter": {"and": []}, "ids": ["1"]}
    assert variables["f"] == {"and": []}
