"""`@skip` and `@include` in every place, and `__typename`."""

from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.execution.outcome import Outcome

pytestmark = pytest.mark.aws_doc("GraphQL: directives skip and include")

Ask = Callable[..., Outcome]
SDL = """
type Query { box: Box  node: Node  any: Any  nodes: [Node!]!  text: String }
type Box implements Node { id: ID! a: Int b: Int box: Box slow: Int }
type Cup implements Node { id: ID! c: Int }
interface Node { id: ID! }
union Any = Box | Cup
"""
BOX = {"__typename": "Box", "id": "1", "a": 1, "b": 2, "box": {"id": "2", "a": 3}}
CUP = {"__typename": "Cup", "id": "3", "c": 4}
VALUES = {
    "Query.box": BOX,
    "Query.node": BOX,
    "Query.any": CUP,
    "Query.nodes": [BOX, CUP],
    "Query.text": "t",
}
BOTH = [(True, False), (False, True), (True, True), (False, False)]
SLOW = pytest.mark.parametrize("slow", [False, True])
"""Whether a resolver runs below, which needs another kind of plan."""


def data(ask: Ask, query: str, variables: Any = None, *, slow: bool = False) -> Any:
    """Give the data of an answer without errors."""
    values: dict[str, Any] = dict(VALUES)
    if slow:
        values["Box.slow"] = 5
        query = query.replace("{ a ", "{ slow a ")
    outcome = ask(SDL, values, query, variables, late=slow)
    assert outcome.errors == []
    return _without_slow(outcome.data)


def _without_slow(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_slow(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _without_slow(one) for name, one in value.items() if name != "slow"}


@SLOW
@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize(
    "case",
    [
        ("{ box { a b @D } }", {"box": {"a": 1, "b": 2}}, {"box": {"a": 1}}),
        ("{ text box @D { a } }", {"text": "t", "box": {"a": 1}}, {"text": "t"}),
        ("{ box { a ... @D { b } } }", {"box": {"a": 1, "b": 2}}, {"box": {"a": 1}}),
        (
            "{ box { a ... on Box @D { b } } }",
            {"box": {"a": 1, "b": 2}},
            {"box": {"a": 1}},
        ),
        (
            "{ box { a ...F @D } } fragment F on Box { b }",
            {"box": {"a": 1, "b": 2}},
            {"box": {"a": 1}},
        ),
        (
            "{ box { a ...F } } fragment F on Box { b @D }",
            {"box": {"a": 1, "b": 2}},
            {"box": {"a": 1}},
        ),
        (
            "{ box { a box { a id @D } } }",
            {"box": {"a": 1, "box": {"a": 3, "id": "2"}}},
            {"box": {"a": 1, "box": {"a": 3}}},
        ),
        (
            "{ box { a __typename @D } }",
            {"box": {"a": 1, "__typename": "Box"}},
            {"box": {"a": 1}},
        ),
        ("{ text __typename @D }", {"text": "t", "__typename": "Query"}, {"text": "t"}),
        (
            "{ nodes { ... on Box { a b @D } ... on Cup { c @D } } }",
            {"nodes": [{"a": 1, "b": 2}, {"c": 4}]},
            {"nodes": [{"a": 1}, {}]},
        ),
        # Wanted in one place is wanted, whatever the other place says.
        ("{ box { a @D a } }", {"box": {"a": 1}}, {"box": {"a": 1}}),
        ("{ box { a } box @D { a b } }", {"box": {"a": 1, "b": 2}}, {"box": {"a": 1}}),
    ],
)
def test_a_directive_takes_effect_wherever_it_stands(
    ask: Ask, slow: bool, wanted: bool, case: tuple[str, Any, Any]
) -> None:
    query, with_it, without = case
    expected = with_it if wanted else without
    for include in (True, False):
        name = "include" if include else "skip"
        value = wanted if include else not wanted
        constant = query.replace("@D", f"@{name}(if: {str(value).lower()})")
        assert data(ask, constant, slow=slow) == expected
        variable = "query ($v: Boolean!) " + query.replace("@D", f"@{name}(if: $v)")
        assert data(ask, variable, {"v": value}, slow=slow) == expected


@SLOW
@pytest.mark.parametrize(("skip", "include"), BOTH)
def test_both_directives_have_to_let_a_field_in(
    ask: Ask, slow: bool, skip: bool, include: bool
) -> None:
    query = (
        "query ($s: Boolean!, $i: Boolean!) { box { a b @skip(if: $s) @include(if: $i) "
        "... @include(if: $i) { id @skip(if: $s) } } }"
    )
    expected = {"a": 1}
    if include and not skip:
        expected |= {"b": 2, "id": "1"}  # type: ignore[dict-item]
    variables = {"s": skip, "i": include}
    assert data(ask, query, variables, slow=slow) == {"box": expected}


@SLOW
@pytest.mark.parametrize(("first", "second"), BOTH)
def test_one_of_several_places_is_enough(
    ask: Ask, slow: bool, first: bool, second: bool
) -> None:
    query = (
        "query ($x: Boolean!, $y: Boolean!) { box { a b @include(if: $x) "
        "... @include(if: $y) { b } } }"
    )
    expected = {"a": 1, "b": 2} if first or second else {"a": 1}
    assert data(ask, query, {"x": first, "y": second}, slow=slow) == {"box": expected}


@pytest.mark.parametrize("value", [True, False])
def test_what_contradicts_itself_is_never_there(ask: Ask, value: bool) -> None:
    query = (
        "query ($v: Boolean!) { text box @include(if: $v) { ... @skip(if: $v) { a } "
        "b @skip(if: $v) @include(if: $v) __typename } }"
    )
    expected = {"text": "t", "box": {"__typename": "Box"}} if value else {"text": "t"}
    assert data(ask, query, {"v": value}) == expected


def test_a_default_of_a_variable_decides(ask: Ask) -> None:
    query = "query ($v: Boolean = false) { box { a b @include(if: $v) } }"
    assert data(ask, query) == {"box": {"a": 1}}
    assert data(ask, query, {"v": True}) == {"box": {"a": 1, "b": 2}}


def test_everything_may_be_left_out(ask: Ask) -> None:
    assert data(ask, "{ box @skip(if: true) { a } }") == {}
    assert data(ask, "{ box { b @skip(if: true) } }") == {"box": {}}


def test_resolvers_of_what_is_left_out_do_not_run(ask: Ask) -> None:
    ran = []
    values = {**VALUES, "Box.slow": lambda _context: ran.append("slow")}
    query = "query ($v: Boolean!) { box { a slow @include(if: $v) } }"
    assert ask(SDL, values, query, {"v": False}).data == {"box": {"a": 1}}
    assert ran == []
    assert ask(SDL, values, query, {"v": True}).data == {"box": {"a": 1, "slow": None}}
    assert ran == ["slow"]


@SLOW
@pytest.mark.aws_doc("interfaces and unions: __typename tells the type")
def test_typename_of_interfaces_unions_and_aliases(ask: Ask, slow: bool) -> None:
    query = """{
      __typename q: __typename
      node { __typename ... on Box { a t: __typename } }
      any { __typename ... on Cup { c } ... on Box { a } ... on Node { id } }
      nodes { ...F }
    } fragment F on Node { id kind: __typename }"""
    assert data(ask, query, slow=slow) == {
        "__typename": "Query",
        "q": "Query",
        "node": {"__typename": "Box", "a": 1, "t": "Box"},
        "any": {"__typename": "Cup", "c": 4, "id": "3"},
        "nodes": [{"id": "1", "kind": "Box"}, {"id": "3", "kind": "Cup"}],
    }


@SLOW
@pytest.mark.aws_doc("GraphQL: the order of fields is that of the document")
def test_members_come_in_the_order_of_the_document(ask: Ask, slow: bool) -> None:
    query = "{ box { b ...F a } } fragment F on Box { id b box { id a } }"
    box = data(ask, query, slow=slow)["box"]
    assert list(box) == ["b", "id", "box", "a"]


@pytest.mark.aws_doc("GraphQL: selection sets of one response key are merged")
def test_places_of_one_key_are_merged(ask: Ask) -> None:
    query = """{
      box { box { a } } ... { box { box { id } b } } ...F
    } fragment F on Query { box { ...G x: a } } fragment G on Node { id }"""
    assert data(ask, query) == {
        "box": {"box": {"a": 3, "id": "2"}, "b": 2, "id": "1", "x": 1}
    }
