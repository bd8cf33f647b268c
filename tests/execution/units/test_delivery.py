"""What a subscriber gets of a published tree."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from appsync_emulator.execution.completion import Typed
from appsync_emulator.execution.engine import Engine
from appsync_emulator.execution.outcome import Outcome
from appsync_emulator.execution.subscription import KEPT_DELIVERIES
from appsync_emulator.model import Api, AuthProvider
from appsync_emulator.schema import build
from appsync_emulator.types import Origin, Text

pytestmark = pytest.mark.aws_doc("developer guide, real-time data: selection sets")

Ask = Callable[..., Outcome]
MANY = pytest.mark.aws_observed("aws-appsync-community #127, aws-amplify/docs #2796")
SDL = """
type Query { q: Int }
type Mutation { put: Post  putAll: [Post]  putNode: Node  count: Int }
type Subscription {
  onPut: Post @aws_subscribe(mutations: ["put"])
  onAll: [Post] @aws_subscribe(mutations: ["putAll"])
  onNode: Node @aws_subscribe(mutations: ["putNode"])
  onCount: Int @aws_subscribe(mutations: ["count"])
}
interface Node { id: ID! }
type Post implements Node {
  id: ID! title: String! at: AWSDateTime! note: String
  tags: [String!] author: Author kin: [Node!] owner: Author! slow: Int
}
type Author implements Node { id: ID! name: String! }
"""
HERE = Origin("schema.graphql", 1)


@pytest.fixture
def engine() -> Any:
    mode = AuthProvider("API_KEY", HERE)
    made = Engine(Api("a" * 26, "test", HERE, mode), build(Text(SDL, HERE)), {})
    yield made
    made.close()


def deliver(
    engine: Engine, query: str, tree: Any, variables: Mapping[str, Any] | None = None
) -> Any:
    """Give the payload of the `data` message for an event."""
    prepared = engine.prepare(query)
    assert prepared.subscription is not None
    given = prepared.coerce(variables or {})
    return json.loads(prepared.subscription.delivery(given)(tree))


def null(type_: str, parent: str, *path: str | int) -> dict[str, Any]:
    """Give the error of a realtime payload for a null where there must be none."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f"/{key}" for key in path)
    return {
        "message": (
            f"Cannot return null for non-nullable type: '{type_}' within parent "
            f"'{parent}' ({text})"
        ),
        "path": list(path),
    }


def test_a_subscriber_gets_its_own_names_and_order(engine: Engine) -> None:
    query = """subscription { mine: onPut { note ...F x: id __typename } }
      fragment F on Post { author { n: name } title }"""
    tree = {
        "id": "1",
        "title": "t",
        "note": "n",
        "author": {"id": "2", "name": "me"},
        "tags": ["not asked for"],
    }
    payload = deliver(engine, query, tree)
    assert payload == {
        "data": {
            "mine": {
                "note": "n",
                "author": {"n": "me"},
                "title": "t",
                "x": "1",
                "__typename": "Post",
            }
        }
    }
    assert list(payload["data"]["mine"]) == [
        "note",
        "author",
        "title",
        "x",
        "__typename",
    ]


def test_what_the_mutation_did_not_select_is_null(engine: Engine) -> None:
    query = "subscription { onPut { id note tags author { id } kin { id } } }"
    assert deliver(engine, query, {"id": "1"}) == {
        "data": {
            "onPut": {
                "id": "1",
                "note": None,
                "tags": None,
                "author": None,
                "kin": None,
            }
        }
    }


@MANY
def test_every_missing_field_that_must_not_be_null_is_told(engine: Engine) -> None:
    query = "subscription { onPut { id title at note } }"
    assert deliver(engine, query, {"id": "1", "note": "n"}) == {
        "data": {"onPut": None},
        "errors": [
            null("String", "Post", "onPut", "title"),
            null("AWSDateTime", "Post", "onPut", "at"),
        ],
    }


@MANY
def test_errors_are_named_by_the_subscribers_keys(engine: Engine) -> None:
    query = "subscription { mine: onPut { a: author { n: name } o: owner { id } } }"
    tree = {"author": {"id": "1"}, "owner": {"id": "2"}}
    assert deliver(engine, query, tree) == {
        "data": {"mine": {"a": None, "o": {"id": "2"}}},
        "errors": [null("String", "Author", "mine", "a", "n")],
    }
    payload = deliver(engine, query, {"author": None})
    assert payload == {
        "data": {"mine": None},
        "errors": [null("Author", "Post", "mine", "o")],
    }


@MANY
def test_items_of_lists_have_their_positions(engine: Engine) -> None:
    query = "subscription { onAll { id title } }"
    tree = [{"id": "1", "title": "t"}, {"id": "2"}, None]
    assert deliver(engine, query, tree) == {
        "data": {"onAll": [{"id": "1", "title": "t"}, None, None]},
        "errors": [null("String", "Post", "onAll", 1, "title")],
    }


def test_abstract_types_are_those_that_the_mutation_found(engine: Engine) -> None:
    query = """subscription { onNode {
      __typename id ... on Author { name } ... on Post { note kin { id ...F } }
    } } fragment F on Author { name }"""
    author = Typed("Author", {"id": "1", "name": "me"})
    assert deliver(engine, query, author) == {
        "data": {"onNode": {"__typename": "Author", "id": "1", "name": "me"}}
    }
    post = Typed("Post", {"id": "2", "note": "n", "kin": [author]})
    assert deliver(engine, query, post) == {
        "data": {
            "onNode": {
                "__typename": "Post",
                "id": "2",
                "note": "n",
                "kin": [{"id": "1", "name": "me"}],
            }
        }
    }


@pytest.mark.ours("an event that no type fits is a null, and no crash")
@pytest.mark.parametrize("tree", [{"id": "1"}, {"__typename": "Nope", "id": "1"}])
def test_an_unknown_type_is_an_error(engine: Engine, tree: Any) -> None:
    payload = deliver(engine, "subscription { onNode { id } }", tree)
    assert payload["data"] == {"onNode": None}
    assert [error["path"] for error in payload["errors"]] == [["onNode"]]


@pytest.mark.ours("an event of another shape is a null with an error, and no crash")
@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("subscription { onPut { id } }", "text"),
        ("subscription { onPut { id } }", []),
        ("subscription { onAll { id } }", {"id": "1"}),
    ],
)
def test_an_event_of_another_shape_is_an_error(
    engine: Engine, query: str, tree: Any
) -> None:
    payload = deliver(engine, query, tree)
    assert list(payload["data"].values()) == [None]
    assert len(payload["errors"]) == 1


def test_scalars_are_delivered_as_they_are(engine: Engine) -> None:
    assert deliver(engine, "subscription { n: onCount }", 5) == {"data": {"n": 5}}


def test_directives_take_effect_per_subscription(engine: Engine) -> None:
    query = """subscription ($v: Boolean!) {
      onPut { id note @include(if: $v) ... @skip(if: $v) { author { id } } }
    }"""
    tree = {"id": "1", "note": "n", "author": {"id": "2"}}
    assert deliver(engine, query, tree, {"v": True})["data"]["onPut"] == {
        "id": "1",
        "note": "n",
    }
    assert deliver(engine, query, tree, {"v": False})["data"]["onPut"] == {
        "id": "1",
        "author": {"id": "2"},
    }


@pytest.mark.ours("equal deliveries are one, so that an event is written once")
def test_subscriptions_share_deliveries_unless_directives_differ(
    engine: Engine,
) -> None:
    query = "subscription ($v: Boolean!) { onPut { id note @include(if: $v) } }"
    plan = engine.prepare(query).subscription
    assert plan is not None
    with_note = plan.delivery({"v": True})
    assert plan.delivery({"v": True}) is with_note
    assert plan.delivery({"v": False}) is not with_note


@pytest.mark.ours("what is kept for a document is bounded")
def test_the_number_of_kept_deliveries_is_bounded(engine: Engine) -> None:
    names = [f"v{number}" for number in range(7)]
    asked = " ".join(f"x{name}: note @include(if: ${name})" for name in names)
    defined = ", ".join(f"${name}: Boolean!" for name in names)
    plan = engine.prepare(
        f"subscription ({defined}) {{ onPut {{ id {asked} }} }}"
    ).subscription
    assert plan is not None
    for number in range(2 ** len(names)):
        values: Any = {name: bool(number >> bit & 1) for bit, name in enumerate(names)}
        payload = json.loads(plan.delivery(values)({"id": "1", "note": "n"}))
        expected = {"id", *(f"x{name}" for name, value in values.items() if value)}
        assert set(payload["data"]["onPut"]) == expected
        assert len(plan._deliveries) <= KEPT_DELIVERIES


# From the mutation to the tree


def published(ask: Ask, query: str, value: Any, field: str = "put", **more: Any) -> Any:
    """Give the trees that a mutation publishes."""
    outcome = ask(SDL, {f"Mutation.{field}": value}, query, **more)
    return [(one.field, one.tree) for one in outcome.published]


POST = {
    "id": "1",
    "title": "t",
    "note": "n",
    "author": {"id": "2", "name": "me"},
    "kin": [{"__typename": "Author", "id": "3", "name": "you"}],
}
LATE = pytest.mark.parametrize("late", [False, True])


@LATE
def test_published_is_what_the_mutation_selected(ask: Ask, late: bool) -> None:
    query = "mutation { put { id author { name } } }"
    expected = [("put", {"id": "1", "author": {"name": "me"}})]
    assert published(ask, query, POST, late=late) == expected


@LATE
@pytest.mark.ours("subscribers select fields, whatever aliases the mutation chose")
def test_aliases_of_the_mutation_are_taken_back(ask: Ask, late: bool) -> None:
    query = """mutation { first: put { a: title b: author { c: id } k: kin {
      ... on Author { n: name } } } second: put { title: note x: title } }"""
    (_, first), (_, second) = published(ask, query, POST, late=late)
    assert first == {"title": "t", "author": {"id": "2"}, "kin": [{"name": "you"}]}
    assert first["kin"][0].type_name == "Author"
    assert second == {"note": "n", "title": "t"}


@LATE
@pytest.mark.ours("AppSync's choice is not recorded; the first place is as good as any")
def test_a_field_selected_twice_is_taken_from_its_first_place(
    ask: Ask, late: bool
) -> None:
    query = "mutation { put { a: author { id } b: author { name } } }"
    assert published(ask, query, POST, late=late) == [("put", {"author": {"id": "2"}})]


@LATE
def test_nulls_and_failures_are_not_published(ask: Ask, late: bool) -> None:
    assert published(ask, "mutation { put { id } }", None, late=late) == []
    assert published(ask, "mutation { put { id at } }", POST, late=late) == []


@LATE
def test_lists_and_abstract_values_are_published(ask: Ask, late: bool) -> None:
    query = "mutation { all: putAll { i: id } }"
    trees = published(ask, query, [POST, None], "putAll", late=late)
    assert trees == [("putAll", [{"id": "1"}, None])]
    query = "mutation { putNode { id ... on Post { t: title } } }"
    value = {"__typename": "Post", **POST}
    ((field, tree),) = published(ask, query, value, "putNode", late=late)
    assert (field, tree, tree.type_name) == (
        "putNode",
        {"id": "1", "title": "t"},
        "Post",
    )


@LATE
def test_fields_that_variables_leave_out_are_not_published(
    ask: Ask, late: bool
) -> None:
    query = "mutation ($v: Boolean!) { put { i: id note @include(if: $v) } }"
    outcome = ask(SDL, {"Mutation.put": POST}, query, {"v": False}, late=late)
    assert [one.tree for one in outcome.published] == [{"id": "1"}]
    query = "mutation ($v: Boolean!) { put @include(if: $v) { id } count }"
    values = {"Mutation.put": POST, "Mutation.count": 1}
    outcome = ask(SDL, values, query, {"v": False}, late=late)
    assert [one.field for one in outcome.published] == ["count"]
