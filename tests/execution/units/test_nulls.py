"""What becomes of values that do not fit their place, in every shape of type."""

from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.execution.outcome import Outcome
from appsync_resolvers import EvaluationError

Ask = Callable[..., Outcome]
NULLS = pytest.mark.aws_observed(
    "graphql-compose #121, aws-appsync-community #247: words and places of nulls"
)
SDL = """
type Query {{ box: Box }}
type Box {{ f: {type}  other: Int  slow: Int }}
type Item {{ id: ID!  name: String!  slow: Int }}
interface Node {{ id: ID! }}
type Leaf implements Node {{ id: ID!  slow: Int }}
union Either = Item | Leaf
enum Colour {{ RED GREEN }}
"""
BOX_GONE = object()
"""Stands for: the whole box is null."""

WAYS = pytest.mark.parametrize("way", ["read", "resolved", "late", "below"])
"""How the value comes: as a member of its parent, from a resolver of its own, from one
that has to be waited for, or with resolvers on the objects below it."""


NO_COLOUR = "Invalid input for Enum 'Colour'."
NO_DATE = "Unable to serialize `yesterday` as a valid DateTime Object."


def run(ask: Ask, way: str, type_: str, value: Any, selection: str = "") -> Outcome:
    """Complete one value of `Box.f` in one of the ways."""
    values: dict[str, Any] = {"Query.box": {"f": value, "other": 1}}
    if way in {"resolved", "late"}:
        values["Query.box"] = {"other": 1}
        values["Box.f"] = value
    if way == "below" and selection:
        values |= {"Item.slow": 1, "Leaf.slow": 1}
        below = "Item" if type_.strip("[!]") == "Item" else "Leaf"
        selection = selection.replace("{", f"{{ ... on {below} {{ slow }} ", 1)
    query = f"{{ box {{ f {selection} other }} }}"
    late = way in {"late", "below"}
    return ask(SDL.format(type=type_), values, query, late=late)


def without_slow(value: Any) -> Any:
    """Leave out what only one of the ways asks for."""
    if isinstance(value, list):
        return [without_slow(one) for one in value]
    if isinstance(value, dict):
        return {
            name: without_slow(one) for name, one in value.items() if name != "slow"
        }
    return value


def null(type_: str, parent: str, *path: str | int) -> dict[str, Any]:
    """Give the error entry for a null where there must be none."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f"/{key}" for key in path)
    return {
        "path": list(path),
        "locations": None,
        "message": (
            f"Cannot return null for non-nullable type: '{type_}' within parent "
            f"'{parent}' ({text})"
        ),
    }


F = ("box", "f")
ITEM = "{ id name }"
NULL_CASES = [
    ("String", "", None, None, []),
    ("String!", "", None, BOX_GONE, [null("String", "Box", *F)]),
    ("Colour!", "", None, BOX_GONE, [null("Colour", "Box", *F)]),
    ("[String]", "", ["a", None], ["a", None], []),
    ("[String]!", "", None, BOX_GONE, [null("null", "Box", *F)]),
    ("[String!]", "", ["a", None], None, [null("String", "Box", *F, 1)]),
    ("[String!]!", "", [None], BOX_GONE, [null("String", "Box", *F, 0)]),
    (
        "[String!]",
        "",
        [None, "b", None],
        None,
        [null("String", "Box", *F, 0), null("String", "Box", *F, 2)],
    ),
    (
        "[[Int!]]",
        "",
        [[1], [None], [2]],
        [[1], None, [2]],
        [null("Int", "Box", *F, 1, 0)],
    ),
    ("[[Int]!]", "", [[None], None], None, [null("null", "Box", *F, 1)]),
    ("[[Int!]!]!", "", [[1], [None]], BOX_GONE, [null("Int", "Box", *F, 1, 0)]),
    ("Item!", ITEM, None, BOX_GONE, [null("Item", "Box", *F)]),
    ("Item", ITEM, {"id": "1"}, None, [null("String", "Item", *F, "name")]),
    (
        "Item",
        ITEM,
        {},
        None,
        [null("ID", "Item", *F, "id"), null("String", "Item", *F, "name")],
    ),
    ("Item!", ITEM, {"id": "1"}, BOX_GONE, [null("String", "Item", *F, "name")]),
    (
        "[Item]",
        ITEM,
        [None, {"id": "1", "name": "a"}, {"id": "2"}],
        [None, {"id": "1", "name": "a"}, None],
        [null("String", "Item", *F, 2, "name")],
    ),
    (
        "[Item!]",
        ITEM,
        [{"id": "1"}, {"id": "2", "name": "b"}, None],
        None,
        [null("String", "Item", *F, 0, "name"), null("Item", "Box", *F, 2)],
    ),
    ("[[Item!]!]", ITEM, [[None], []], None, [null("Item", "Box", *F, 0, 0)]),
    ("Node!", "{ id }", None, BOX_GONE, [null("Node", "Box", *F)]),
    (
        "[Node!]!",
        "{ id }",
        [{"__typename": "Leaf"}],
        BOX_GONE,
        [null("ID", "Leaf", *F, 0, "id")],
    ),
    ("[Either]!", "{ __typename }", [None], [None], []),
]


@WAYS
@NULLS
@pytest.mark.parametrize("case", NULL_CASES)
def test_a_null_goes_to_the_nearest_place_that_may_be_null(
    ask: Ask, way: str, case: tuple[str, str, Any, Any, list[Any]]
) -> None:
    type_, selection, value, expected, errors = case
    outcome = run(ask, way, type_, value, selection)
    assert outcome.errors == errors
    if expected is BOX_GONE:
        assert outcome.data == {"box": None}
    else:
        assert without_slow(outcome.data) == {"box": {"f": expected, "other": 1}}


def mismatch(expected: str, got: str, *path: str | int) -> str:
    text = "".join(f"[{key}]" if isinstance(key, int) else f"/{key}" for key in path)
    return (
        f"Can't resolve value ({text}) : type mismatch error, "
        f"expected type {expected}, got {got}"
    )


KINDS = [
    ({"a": 1}, "OBJECT"),
    ([1], "LIST"),
    ("text", "STRING"),
    (True, "BOOLEAN"),
    (5, "NUMBER"),
    (0.5, "NUMBER"),
]


@WAYS
@pytest.mark.aws_doc("troubleshooting and common mistakes: type mismatch error")
@pytest.mark.parametrize(("value", "kind"), KINDS)
@pytest.mark.parametrize(
    "place",
    [
        ("[String]", "", "LIST"),
        ("[Item]", ITEM, "LIST"),
        ("Item", ITEM, "OBJECT"),
        ("Node", "{ id }", "OBJECT"),
        ("Either", "{ __typename }", "OBJECT"),
    ],
)
def test_a_value_of_another_kind_is_a_mismatch(
    ask: Ask, way: str, value: Any, kind: str, place: tuple[str, str, str]
) -> None:
    type_, selection, expected = place
    if kind == expected:
        value, kind = "text", "STRING"
    outcome = run(ask, way, type_, value, selection)
    message = mismatch(expected, kind, *F)
    assert outcome.errors == [{"path": list(F), "locations": None, "message": message}]
    assert outcome.data == {"box": {"f": None, "other": 1}}


@WAYS
@pytest.mark.aws_doc("troubleshooting and common mistakes: type mismatch error")
def test_items_of_another_kind_are_mismatches(ask: Ask, way: str) -> None:
    outcome = run(ask, way, "[Item]", ["text", {"id": "1", "name": "a"}, []], ITEM)
    assert [error["message"] for error in outcome.errors] == [
        mismatch("OBJECT", "STRING", *F, 0),
        mismatch("OBJECT", "LIST", *F, 2),
    ]
    data: Any = without_slow(outcome.data)
    assert data["box"]["f"] == [None, {"id": "1", "name": "a"}, None]
    outcome = run(ask, way, "[[Int]!]", [[1], "text"])
    assert [error["message"] for error in outcome.errors] == [
        mismatch("LIST", "STRING", *F, 1)
    ]
    assert outcome.data == {"box": {"f": None, "other": 1}}


@WAYS
@pytest.mark.aws_observed("amplify-js #5963: Can't serialize value")
@pytest.mark.parametrize(
    ("type_", "value", "says"),
    [
        ("Int", "text", "Can't serialize value (/box/f) : "),
        ("Int", 2**31, "Can't serialize value (/box/f) : "),
        ("Int", [1], "Can't serialize value (/box/f) : "),
        ("Boolean", {}, "Can't serialize value (/box/f) : "),
        ("Float", "text", "Can't serialize value (/box/f) : "),
        (
            "AWSDateTime",
            "yesterday",
            f"Can't serialize value (/box/f) : {NO_DATE}",
        ),
        ("Colour", "BLUE", f"Can't serialize value (/box/f) : {NO_COLOUR}"),
        ("Colour", "red", f"Can't serialize value (/box/f) : {NO_COLOUR}"),
        ("Colour", 1, f"Can't serialize value (/box/f) : {NO_COLOUR}"),
    ],
)
def test_a_value_that_its_scalar_cannot_hold_is_an_error(
    ask: Ask, way: str, type_: str, value: Any, says: str
) -> None:
    outcome = run(ask, way, type_, value)
    (error,) = outcome.errors
    assert (error["path"], error["locations"]) == (list(F), None)
    assert error["message"].startswith(says)
    assert list(error) == ["path", "locations", "message"]
    assert outcome.data == {"box": {"f": None, "other": 1}}


@WAYS
@pytest.mark.aws_doc("GraphQL: an error in a non-null position goes to its parent")
def test_what_cannot_be_serialised_bubbles_with_one_error(ask: Ask, way: str) -> None:
    outcome = run(ask, way, "Int!", "text")
    assert outcome.data == {"box": None}
    (error,) = outcome.errors
    assert error["message"].startswith("Can't serialize value (/box/f) : ")
    outcome = run(ask, way, "[Int!]", [1, "text", 3, "more"])
    assert outcome.data == {"box": {"f": None, "other": 1}}
    assert [error["path"] for error in outcome.errors] == [[*F, 1], [*F, 3]]


@WAYS
@pytest.mark.aws_doc("interfaces and unions: __typename tells the type")
@pytest.mark.parametrize("type_", ["Node", "Either"])
@pytest.mark.parametrize(
    "value",
    [{"id": "1"}, {"__typename": "Nope"}, {"__typename": None}, {"__typename": 5}],
)
def test_a_value_of_no_known_type_is_an_error(
    ask: Ask, way: str, type_: str, value: Any
) -> None:
    outcome = run(ask, way, type_, value, "{ __typename }")
    (error,) = outcome.errors
    assert (error["path"], error["locations"]) == (list(F), None)
    assert f"'{type_}'" in error["message"]
    assert outcome.data == {"box": {"f": None, "other": 1}}


@WAYS
@pytest.mark.aws_doc("interfaces and unions: __typename tells the type")
def test_typenames_of_a_type_that_does_not_belong_are_refused(
    ask: Ask, way: str
) -> None:
    outcome = run(ask, way, "[Node]", [{"__typename": "Item", "id": "1"}], "{ id }")
    assert [error["path"] for error in outcome.errors] == [[*F, 0]]
    assert outcome.data == {"box": {"f": [None], "other": 1}}


@pytest.mark.aws_doc("GraphQL: null at the root is null as data")
@pytest.mark.parametrize("late", [False, True])
def test_a_null_without_a_nullable_ancestor_empties_data(ask: Ask, late: bool) -> None:
    sdl = "type Query { a: Box! b: Int } type Box { c: [Box!]! d: Int! }"
    values = {"Query.a": {"c": [{"d": 1}, {}]}, "Query.b": 1}
    outcome = ask(sdl, values, "{ b a { c { d } } }", late=late)
    assert outcome.data is None
    assert outcome.errors == [null("Int", "Box", "a", "c", 1, "d")]


@pytest.mark.aws_doc("GraphQL: null at the root is null as data")
@pytest.mark.parametrize("late", [False, True])
def test_no_mutation_runs_after_one_that_empties_data(ask: Ask, late: bool) -> None:
    sdl = "type Query { q: Int } type Mutation { must: Int! may: Int }"
    ran = []

    def note(context: Any) -> None:
        ran.append(context.info.value["fieldName"])

    values = {"Mutation.must": note, "Mutation.may": note}
    outcome = ask(sdl, values, "mutation { a: may must b: may }", late=late)
    assert outcome.data is None
    assert ran == ["may", "must"]
    assert outcome.errors == [null("Int", "Mutation", "must")]


@pytest.mark.ours("a position has one error; the resolver's own says more")
@pytest.mark.parametrize("late", [False, True])
def test_a_resolver_error_stands_for_the_null_it_leaves(ask: Ask, late: bool) -> None:
    def fail(_context: Any) -> None:
        raise EvaluationError("no", "Bad")

    sdl = "type Query { box: Box } type Box { must: Int! other: Int }"
    values = {"Query.box": {"other": 1}, "Box.must": fail}
    outcome = ask(sdl, values, "{ box { must other } }", late=late)
    assert outcome.data == {"box": None}
    assert [error["message"] for error in outcome.errors] == ["no"]
