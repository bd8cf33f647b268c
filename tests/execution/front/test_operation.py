from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.execution import operation
from appsync_emulator.execution.operation import Documents, RequestRejected
from appsync_emulator.schema import Schema, build
from appsync_emulator.types import Origin, Text

Refused = Callable[..., RequestRejected]
HTTP = "graphql-over-http #81: the AppSync team on its HTTP behaviour"


def malformed(rejected: RequestRejected) -> bool:
    error = {
        "errorType": "MalformedHttpRequestException",
        "message": "Unable to parse GraphQL query.",
    }
    answer = rejected.status, rejected.errors, rejected.error_type
    return answer == (400, [error], error["errorType"])


@pytest.mark.ours("what the execution needs to know")
def test_an_operation_tells_what_it_is(documents: Documents, schema: Schema) -> None:
    text = (
        "mutation A { addPost(input: {id: 1, count: 2}) { ...F } }"
        "fragment F on Post { id }"
    )
    found = documents.get(text)
    assert (found.text, found.name, found.kind) == (text, "A", "mutation")
    assert found.node.name is not None
    assert list(found.fragments) == ["F"]
    assert found.schema is schema


@pytest.mark.ours("a text is checked once")
def test_a_document_is_kept(documents: Documents) -> None:
    first = documents.get("{ number }")
    assert documents.get("{ number }", None) is first


@pytest.mark.ours("operations of one text are different operations")
def test_operations_are_kept_by_name(documents: Documents) -> None:
    text = "query A { number } query B { number }"
    assert documents.get(text, "A").name == "A"
    assert documents.get(text, "B").name == "B"


@pytest.mark.ours("clients that write values into the text make endless documents")
def test_what_is_kept_is_bounded(documents: Documents, monkeypatch: Any) -> None:
    monkeypatch.setattr(operation, "KEPT_DOCUMENTS", 3)
    monkeypatch.setattr(operation, "KEPT_CHARACTERS", 1000)
    texts = [f"{{ a{n}: number }}" for n in range(5)]
    for text in texts:
        documents.get(text)
    documents.get("{ number }" + " " * 500)
    assert [text for text, _ in documents._kept] == texts[2:]
    long = ["{ number }" + " " * 80 + "#" * n for n in range(8)]
    monkeypatch.setattr(operation, "KEPT_CHARACTERS", 200)
    monkeypatch.setattr(operation, "KEPT_DOCUMENTS", 1000)
    for text in long:
        documents.get(text)
    assert documents._kept_characters == sum(len(text) for text, _ in documents._kept)
    assert documents._kept_characters <= 200


@pytest.mark.aws_observed(HTTP)
@pytest.mark.parametrize("text", ["meow", "{}", "{}}", "[]", ""])
def test_texts_that_are_no_query_are_malformed(refused: Refused, text: str) -> None:
    assert malformed(refused(text))


@pytest.mark.ours("the grammar of AppSync's time; graphql-core takes some of these")
@pytest.mark.parametrize(
    "text",
    [
        "#",
        "{ number",
        "{ post(id: 1) {} }",
        '"description" query { number }',
        "query ($a: Int = $b) { number }",
        "{ scalars(i: 01) }",
        '{ post(id: "x) { id } }',
        "fragment A on Post { id }",
        "\0",
        "query Q(" + "[" * 3000,
        "{ a " * 3000,
        "{ matrix(rows: " + "[" * 3000 + "]" * 3000 + ") }",
    ],
)
def test_other_texts_are_malformed_too(refused: Refused, text: str) -> None:
    assert malformed(refused(text))


@pytest.mark.aws_doc("General Reference, AppSync quotas: 15,000 tokens and the message")
def test_a_query_has_at_most_15000_tokens(
    refused: Refused, documents: Documents
) -> None:
    documents.get("{" + " number" * 14_998 + "}")
    rejected = refused("{" + " number" * 14_999 + "}")
    assert rejected.status == 400
    assert rejected.errors[0]["message"] == "Maximum char length exceeded"


@pytest.mark.ours("the name that the error header repeats")
def test_the_type_of_an_error_stands_in_its_body_too(refused: Refused) -> None:
    rejected = refused("{" + " number" * 15_000 + "}")
    assert (
        rejected.error_type == rejected.errors[0]["errorType"] == "BadRequestException"
    )


@pytest.mark.aws_observed(HTTP)
def test_several_operations_need_a_name(refused: Refused) -> None:
    rejected = refused("query A { number } query B { number }")
    error = {"errorType": "BadRequestException", "message": "Missing operation name."}
    assert (rejected.status, rejected.errors) == (400, [error])


@pytest.mark.ours("graphql-java's sentence with AppSync's type")
@pytest.mark.parametrize("text", ["query A { number }", "{ number }"])
def test_an_unknown_operation_name_is_told(refused: Refused, text: str) -> None:
    rejected = refused(text, "B")
    assert rejected.status == 400
    assert rejected.errors[0]["message"] == "Unknown operation named 'B'."


@pytest.mark.ours("tools that mean no name send an empty one")
def test_an_empty_operation_name_is_none(documents: Documents) -> None:
    assert documents.get("query A { number }", "").name == "A"


@pytest.mark.aws_observed(HTTP)
def test_a_validation_error_has_status_200_and_the_whole_shape(
    refused: Refused,
) -> None:
    rejected = refused("{badfield}")
    assert rejected.status == 200
    assert rejected.error_type is None
    assert rejected.errors == [
        {
            "path": None,
            "locations": [{"line": 1, "column": 2, "sourceName": None}],
            "message": "Validation error of type FieldUndefined: "
            "Field 'badfield' in type 'Query' is undefined @ 'badfield'",
        }
    ]
    assert list(rejected.errors[0]) == ["path", "locations", "message"]


@pytest.mark.ours("graphql-java's sentence for a missing root type")
@pytest.mark.parametrize(
    ("kind", "noun"), [("mutation", "mutations"), ("subscription", "subscriptions")]
)
def test_an_api_without_such_operations_says_so(kind: str, noun: str) -> None:
    schema = build(Text("type Query { a: Int }", Origin("s")))
    with pytest.raises(RequestRejected) as rejected:
        Documents(schema, introspection=True).get(f"{kind} {{ a }}")
    assert rejected.value.status == 200
    assert (
        rejected.value.errors[0]["message"] == f"Schema is not configured for {noun}."
    )


@pytest.mark.aws_doc("devguide security: disabled introspection is a validation error")
def test_hidden_introspection_is_an_undefined_field(schema: Schema) -> None:
    documents = Documents(schema, introspection=False)
    with pytest.raises(RequestRejected) as rejected:
        documents.get(
            '{ __typename __schema { types { name } } __type(name: "A") { name } }'
        )
    assert [error["message"] for error in rejected.value.errors] == [
        f"Validation error of type FieldUndefined: Field '{name}' in type 'Query' "
        f"is undefined @ '{name}'"
        for name in ("__schema", "__type")
    ]
    documents.get("{ __typename }")


@pytest.mark.ours("fragments that double at every level: 40 lines, a trillion fields")
def test_a_document_that_explodes_is_refused(refused: Refused) -> None:
    twice = "a: comments {{ ...F{0} }} b: comments {{ ...F{0} }}"
    levels = [f"fragment F{n} on Post {{ {twice.format(n + 1)} }}" for n in range(40)]
    text = (
        "{ post(id: 1) { ...F0 } } " + "".join(levels) + "fragment F40 on Post { id }"
    )
    assert refused(text).status == 400


@pytest.mark.ours("a chain of fragments is as deep as it is long")
def test_a_document_that_is_too_deep_is_refused(refused: Refused) -> None:
    chain = "".join(
        f"fragment F{n} on Post {{ comments {{ ...F{n + 1} }} }}" for n in range(1000)
    )
    text = "{ post(id: 1) { ...F0 } } " + chain + "fragment F1000 on Post { id }"
    assert refused(text).status == 400


@pytest.mark.aws_doc("API_GraphqlApi: queryDepthLimit up to 75")
def test_a_document_of_75_levels_is_not_too_deep(documents: Documents) -> None:
    text = "{ post(id: 1) {" + "comments {" * 73 + "id" + "}" * 75
    assert documents.get(text).kind == "query"
