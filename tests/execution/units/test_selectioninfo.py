"""`ctx.info.selectionSetList` and `ctx.info.selectionSetGraphQL`."""

from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.execution.outcome import Outcome

pytestmark = pytest.mark.aws_doc("resolver context reference: info")

Ask = Callable[..., Outcome]
SDL = """
type Query { getPost(id: ID): Post  node: Node  any: Any  text: String }
type Mutation { addPost(id: ID): Post }
type Post implements Node {
  id: ID! title: String author(id: ID): Author comments: [Comment!]
}
type Author implements Node { id: ID! name: String post: Post }
type Comment { id: ID! author: Author }
interface Node { id: ID! }
union Any = Post | Author
"""


def info(ask: Ask, query: str, variables: Any = None, place: str = "") -> Any:
    """Give the infos that the resolver of a field saw."""
    seen: list[Any] = []

    def see(context: Any) -> Any:
        seen.append(context.info)
        return {"__typename": "Post", "id": "1", "author": {"id": "2"}}

    ask(SDL, {place or "Query.getPost": see}, query, variables)
    return seen


def listed(ask: Ask, query: str, variables: Any = None, place: str = "") -> list[str]:
    (one,) = info(ask, query, variables, place)
    names: list[str] = one.selection_set_list
    return names


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ("{ id title }", ["id", "title"]),
        ("{ title id }", ["title", "id"]),
        (
            "{ id author { id name } title }",
            ["id", "author", "author/id", "author/name", "title"],
        ),
        (
            "{ comments { author { post { id } } } }",
            [
                "comments",
                "comments/author",
                "comments/author/post",
                "comments/author/post/id",
            ],
        ),
        ("{ mine: title who: author { n: name } }", ["mine", "who", "who/n"]),
        ("{ id ... on Post { title } }", ["id", "title"]),
        ("{ id ... { title } }", ["id", "title"]),
        ("{ ... on Node { id } }", ["id"]),
        ("{ id __typename }", ["id", "__typename"]),
        ("{ id id ... { id } }", ["id"]),
        ("{ author { id } author { name } }", ["author", "author/id", "author/name"]),
        ('{ author(id: "7") { id } }', ["author", "author/id"]),
        ("{ id title @skip(if: true) }", ["id"]),
        ("{ id title @include(if: true) }", ["id", "title"]),
        (
            "{ id author { id name @include(if: false) } }",
            ["id", "author", "author/id"],
        ),
    ],
)
def test_the_list_of_a_selection(ask: Ask, selection: str, expected: list[str]) -> None:
    assert listed(ask, f"{{ getPost {selection} }}") == expected


def test_fragments_are_merged_into_the_list(ask: Ask) -> None:
    query = """{ getPost { id ...F } }
      fragment F on Post { title author { ...G } }
      fragment G on Author { name id }"""
    expected = ["id", "title", "author", "author/name", "author/id"]
    assert listed(ask, query) == expected


def test_variables_decide_over_the_list_of_each_request(ask: Ask) -> None:
    query = """query ($v: Boolean!) {
      getPost { id title @include(if: $v) author @skip(if: $v) { id } }
    }"""
    assert listed(ask, query, {"v": True}) == ["id", "title"]
    assert listed(ask, query, {"v": False}) == ["id", "author", "author/id"]


@pytest.mark.parametrize(
    ("query", "place", "expected"),
    [
        ("{ node { id ... on Post { title } } }", "Query.node", ["id"]),
        (
            "{ node { ... on Node { id } ...F } } fragment F on Post { title }",
            "Query.node",
            ["id"],
        ),
        ("{ node { ...F } } fragment F on Node { id }", "Query.node", ["id"]),
        ("{ node { ... { id } ... on Author { name } } }", "Query.node", ["id"]),
        ("{ node { x: id __typename } }", "Query.node", ["x", "__typename"]),
        (
            "{ any { __typename ... on Post { id title } } }",
            "Query.any",
            ["__typename"],
        ),
        ("{ any { ... on Post { id } ... on Author { id } } }", "Query.any", []),
    ],
)
def test_of_interfaces_and_unions_only_their_own_fields_are_listed(
    ask: Ask, query: str, place: str, expected: list[str]
) -> None:
    assert listed(ask, query, None, place) == expected


def test_a_leaf_has_an_empty_list(ask: Ask) -> None:
    (one,) = info(ask, "{ t: text }", None, "Query.text")
    assert one.selection_set_list == []
    assert one.selection_set_graphql == "{\n  t: text\n}"


def test_the_text_is_what_the_client_wrote(ask: Ask) -> None:
    query = """
      query ($postId: ID!, $v: Boolean!) {
        getPost(id: $postId) {
          postId: id
          second: author(id: "789") { ...F }
          ... on Post { title @include(if: $v) }
        }
      }
      fragment F on Author { name }"""
    (one,) = info(ask, query, {"postId": "1", "v": True})
    assert one.selection_set_graphql == (
        "{\n"
        "  getPost(id: $postId) {\n"
        "    postId: id\n"
        '    second: author(id: "789") {\n'
        "      ...F\n"
        "    }\n"
        "    ... on Post {\n"
        "      title @include(if: $v)\n"
        "    }\n"
        "  }\n"
        "}"
    )


def test_names_and_variables_of_the_request(ask: Ask) -> None:
    query = """query ($id: ID, $other: ID) {
      x: getPost(id: $id) { id author(id: $other) { id } }
    }"""
    given = {"id": 1, "unknown": [2]}
    (one,) = info(ask, query, given)
    assert one.value == {
        "fieldName": "getPost",
        "parentTypeName": "Query",
        # As they were sent: neither coerced nor sifted.
        "variables": {"id": 1, "unknown": [2]},
    }


def test_every_resolver_has_the_selection_below_itself(ask: Ask) -> None:
    seen = []

    def see(context: Any) -> Any:
        one = context.info
        seen.append((one.value["fieldName"], one.value["parentTypeName"]))
        seen.append(one.selection_set_list)
        return {"id": "2"}

    values = {"Query.getPost": {"id": "1"}, "Post.author": see}
    ask(SDL, values, "{ getPost { id a: author { id name } b: author { name } } }")
    assert seen == [
        ("author", "Post"),
        ["id", "name"],
        ("author", "Post"),
        ["name"],
    ]
