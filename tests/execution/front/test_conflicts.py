"""Fields of one response key; the texts are those of graphql-java's own tests."""

import time
from collections.abc import Callable

import pytest

from appsync_emulator.execution.operation import Documents, RequestRejected

Messages = Callable[[str], list[str]]
pytestmark = pytest.mark.ours("graphql-java 11: OverlappingFieldsCanBeMergedTest")
ERROR = "Validation error of type FieldsConflict: "


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ("x: id x: title", "x: id and title are different fields @ 'post'"),
        ("id: title id", "id: title and id are different fields @ 'post'"),
        (
            "tags(first: 1) tags(first: 2)",
            "tags: they have differing arguments @ 'post'",
        ),
        ("tags tags(first: 2)", "tags: they have differing arguments @ 'post'"),
        (
            "author { x: id } author { x: name }",
            "author: (x: id and name are different fields) @ 'post'",
        ),
        (
            "author { x: id y: name } author { x: name y: id }",
            (
                "author: (x: id and name are different fields, "
                "y: name and id are different fields) @ 'post'"
            ),
        ),
        (
            "author { posts { x: id } } author { posts { x: title } }",
            "author: (posts: (x: id and title are different fields)) @ 'post'",
        ),
        (
            "author { posts { x: id } posts { x: title } } author { id }",
            "posts: (x: id and title are different fields) @ 'post/author'",
        ),
        (
            "... on Post { x: id } ... on Node { x: id } ... { x: title }",
            "x: id and title are different fields @ 'post'",
        ),
    ],
)
def test_conflicts(messages: Messages, selection: str, expected: str) -> None:
    assert messages(f"{{ post(id: 1) {{ {selection} }} }}")[0] == ERROR + expected


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (
            "... on Post { x: id } ... on Author { x: name }",
            "x: they return differing types ID and String",
        ),
        (
            "... on Post { x: title } ... on Author { x: name }",
            "x: fields have different nullability shapes",
        ),
        (
            "... on Post { tags } ... on Author { tags }",
            "tags: fields have different list shapes",
        ),
        (
            "... on Post { x: author { v: id } } ... on Author { x: posts { v: id } }",
            "x: fields have different nullability shapes",
        ),
    ],
)
def test_different_types_share_keys_only_with_one_shape(
    messages: Messages, selection: str, expected: str
) -> None:
    assert messages(f"{{ any {{ {selection} }} }}") == [f"{ERROR}{expected} @ 'any'"]


@pytest.mark.parametrize(
    "selection",
    [
        "id id ...A ...A",
        'tags(first: 1, like: "x") tags(like: "x", first: 1) ...A',
        "id @skip(if: true) id @skip(if: false) ...A",
        "author { id } author { id name } ...A",
        "a: tags(first: 1) b: tags(first: 2) ...A",
    ],
)
def test_fields_that_can_be_merged(documents: Documents, selection: str) -> None:
    documents.get(f"{{ post(id: 1) {{ {selection} }} }} fragment A on Post {{ id }}")


def test_different_objects_may_use_a_key_differently(documents: Documents) -> None:
    documents.get("{ any { ... on Post { id: id } ... on Author { id: id } } }")


def test_conflicts_in_fragments_are_told_once_per_place(
    documents: Documents,
) -> None:
    query = """{
  a: post(id: 1) { ...A ...B }
  b: post(id: 2) { ...B ...A }
  c: post(id: 3) { ...A ...B x: __typename }
}
fragment A on Post { x: id }
fragment B on Post { x: title }"""
    with pytest.raises(RequestRejected) as rejected:
        documents.get(query)
    found = [
        (error["message"], [place["line"] for place in error["locations"]])
        for error in rejected.value.errors
    ]
    assert found == [
        (f"{ERROR}x: id and title are different fields @ 'post'", [6, 7]),
        (f"{ERROR}x: id and __typename are different fields @ 'post'", [6, 4]),
        (f"{ERROR}x: title and __typename are different fields @ 'post'", [7, 4]),
    ]


def test_many_fields_of_one_key_take_no_time(documents: Documents) -> None:
    started = time.process_time()
    documents.get("{ post(id: 1) {" + " id" * 7000 + " }" + " number" * 7000 + "}")
    nested = "... on Node { id } ... on Post { author { id } }"
    documents.get("{ node {" + nested * 500 + "} }")
    assert time.process_time() - started < 5


def test_doubling_comparisons_come_to_an_end(documents: Documents) -> None:
    levels = "".join(
        f"fragment F{n} on Any {{ ... on Post {{ kin {{ ...F{n + 1} }} }} "
        f"... on Author {{ kin {{ ...F{n + 1} }} }} }} "
        for n in range(15)
    )
    started = time.process_time()
    documents.get(f"{{ any {{ ...F0 }} }} {levels} fragment F15 on Node {{ id }}")
    assert time.process_time() - started < 10
