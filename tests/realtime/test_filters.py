"""Enhanced filters: operators, combination, limits."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_emulator.realtime.filters import compile_filter
from appsync_emulator.realtime.refusals import StartRejected


def rule(name: str, operator: str, value: Any) -> dict[str, Any]:
    return {"fieldName": name, "operator": operator, "value": value}


def group(*alternatives: list[dict[str, Any]]) -> dict[str, Any]:
    return {"filterGroup": [{"filters": rules} for rules in alternatives]}


def refusal(value: Any) -> Any:
    with pytest.raises(StartRejected) as raised:
        compile_filter(value)
    return raised.value.errors


@pytest.mark.aws_doc("devguide, extensions: operators")
@pytest.mark.parametrize(
    ("operator", "wanted", "value", "passes"),
    [
        ("eq", "AWS AppSync", "AWS AppSync", True),
        ("eq", "AWS AppSync", "aws appsync", False),
        ("eq", 1, 1, True),
        ("eq", 1, 1.0, True),
        ("eq", 1, "1", False),
        ("eq", 1, True, False),
        ("eq", False, False, True),
        ("eq", False, 0, False),
        ("ne", "AWS AppSync", "other", True),
        ("ne", "AWS AppSync", "AWS AppSync", False),
        ("ne", True, False, True),
        ("le", 5, 5, True),
        ("le", 5, 5.1, False),
        ("lt", 5, 4, True),
        ("lt", 5, 5, False),
        ("ge", 5, 5, True),
        ("ge", 5, 4, False),
        ("gt", 5, 6, True),
        ("gt", 5, 5, False),
        ("gt", "a", "b", True),
        ("gt", 5, "6", False),
        ("gt", "5", 6, False),
        ("gt", 0, True, False),
        ("contains", 10, [1, 10], True),
        ("contains", 10, [1, 2], False),
        ("contains", "launch", "the launch event", True),
        ("contains", "launch", "Launch", False),
        ("contains", 1, 12, False),
        ("notContains", 10, [1, 2], True),
        ("notContains", 10, [1, 10], False),
        ("notContains", "launch", "the launch", False),
        ("beginsWith", "AWS", "AWS AppSync", True),
        ("beginsWith", "AWS", "My AWS", False),
        ("beginsWith", "1", 12, False),
        ("in", [1, 2, 3], 2, True),
        ("in", [1, 2, 3], 4, False),
        ("in", ["a"], "a", True),
        ("in", [], "a", False),
        ("notIn", [1, 2, 3], 4, True),
        ("notIn", [1, 2, 3], 3, False),
        ("between", [1, 5], 2, True),
        ("between", [1, 5], 4, True),
        ("between", [1, 5], 6, False),
        ("between", ["a", "c"], "b", True),
        ("between", ["a", "c"], 1, False),
        ("containsAny", [10, 15], [10, 11], True),
        ("containsAny", [10, 15], [15, 20, 30], True),
        ("containsAny", [10, 15], [20, 30], False),
    ],
)
def test_operators(operator: str, wanted: Any, value: Any, passes: bool) -> None:
    accept = compile_filter(group([rule("f", operator, wanted)]))
    assert accept({"f": value}) is passes


@pytest.mark.aws_doc("devguide, extensions: [1,5] lets 2, 3 and 4 pass")
@pytest.mark.parametrize("end", [1, 5])
def test_between_leaves_its_ends_out(end: int) -> None:
    assert not compile_filter(group([rule("f", "between", [1, 5])]))({"f": end})


@pytest.mark.ours("not documented: what is absent or null holds no rule")
@pytest.mark.parametrize("tree", [{}, {"f": None}, {"g": 1}])
@pytest.mark.parametrize(
    ("operator", "wanted"),
    [
        ("eq", "x"),
        ("ne", "x"),
        ("le", 1),
        ("contains", "x"),
        ("notContains", "x"),
        ("beginsWith", "x"),
        ("in", ["x"]),
        ("notIn", ["x"]),
        ("between", [0, 1]),
        ("containsAny", ["x"]),
    ],
)
def test_absent_values(operator: str, wanted: Any, tree: Any) -> None:
    assert not compile_filter(group([rule("f", operator, wanted)]))(tree)


@pytest.mark.aws_doc("devguide, extensions: AND and OR logic")
@pytest.mark.parametrize(
    ("tree", "passes"),
    [
        ({"severity": 8, "priority": "high"}, True),
        ({"severity": 8, "priority": "low"}, False),
        ({"severity": 6, "priority": "high"}, False),
        ({"category": "security", "group": "admin"}, True),
        ({"category": "security", "group": "users"}, False),
    ],
)
def test_rules_are_joined_by_and_and_groups_by_or(tree: Any, passes: bool) -> None:
    accept = compile_filter(
        group(
            [rule("severity", "ge", 7), rule("priority", "in", ["high", "medium"])],
            [rule("category", "eq", "security"), rule("group", "in", ["admin", "ops"])],
        )
    )
    assert accept(tree) is passes


@pytest.mark.aws_doc("devguide, real-time-enhanced-filtering: nested schema fields")
def test_nested_fields() -> None:
    accept = compile_filter(group([rule("location.address.country", "eq", "USA")]))
    assert accept({"location": {"address": {"country": "USA"}}})
    assert not accept({"location": {"address": {"country": "UK"}}})
    assert not accept({"location": {"address": None}})
    assert not accept({"location": [{"address": {"country": "USA"}}]})
    assert not accept({"location.address.country": "USA"})


@pytest.mark.aws_doc("devguide, real-time-enhanced-filtering: five levels of nesting")
def test_rules_below_level_five_are_ignored() -> None:
    deep = {"a": {"b": {"c": {"d": {"e": 1, "x": {"f": 1}}}}}}
    fifth, sixth = rule("a.b.c.d.e", "eq", 1), rule("a.b.c.d.x.f", "eq", 2)
    assert compile_filter(group([fifth]))(deep)
    assert compile_filter(group([fifth, sixth]))(deep)
    assert not compile_filter(group([sixth]))(deep)


@pytest.mark.aws_doc("devguide, real-time-enhanced-filtering: top-level lists")
@pytest.mark.parametrize("tree", [[{"f": 1}], "f", 1, None])
def test_only_objects_pass(tree: Any) -> None:
    assert not compile_filter(group([rule("f", "eq", 1)]))(tree)
    assert not compile_filter(group())(tree)


@pytest.mark.ours("what the transformation of an empty argument gives")
def test_a_filter_without_rules_restricts_nothing() -> None:
    assert compile_filter(group())({"f": 1})


@pytest.mark.ours("the hub asks once per event for all that share it")
def test_equal_filters_are_one() -> None:
    one = compile_filter(group([rule("f", "eq", 1)]))
    same = {"filterGroup": [{"filters": [dict(reversed(rule("f", "eq", 1).items()))]}]}
    assert compile_filter(same) is one


# Limits


@pytest.mark.aws_observed("amplify-category-api #740")
def test_too_many_values_for_in() -> None:
    expected = {
        "message": "subscription exceeds maximum value limit 5 for operator `in`.",
        "errorCode": 400,
    }
    assert refusal(group([rule("f", "in", [1, 2, 3, 4, 5, 6])])) == [expected]


@pytest.mark.aws_observed("amplify-flutter #6142")
def test_too_many_fields() -> None:
    fields = [rule(f"f{number}", "eq", 1) for number in range(6)]
    (error,) = refusal(group(fields))
    assert error["message"] == (
        "Filters exceed maximum attributes limit 5 for subscription"
    )
    compile_filter(group(fields[:5]))
    compile_filter(group([rule("f", "ne", number) for number in range(9)]))


@pytest.mark.aws_doc("devguide, extensions: exceptions")
@pytest.mark.parametrize(
    "value",
    [
        group([rule("f", "notIn", list(range(6)))]),
        group([rule("f", "containsAny", list(range(21)))]),
        group([rule("f", "eq", "x" * 257)]),
        group([rule("f", "in", ["x" * 257])]),
        group(*([rule("f", "eq", 1)] for _ in range(11))),
        group(*([rule("f", "in", [1, 2]), rule("g", "in", [1, 2])] for _ in range(3))),
    ],
)
def test_limits(value: Any) -> None:
    (error,) = refusal(value)
    assert error["errorCode"] == 400


@pytest.mark.aws_doc("devguide, extensions: exceptions")
@pytest.mark.parametrize(
    "value",
    [
        group([rule("f", "notIn", list(range(5)))]),
        group([rule("f", "containsAny", list(range(20)))]),
        group([rule("f", "eq", "x" * 256)]),
        group(*([rule("f", "eq", 1)] for _ in range(10))),
        group([rule("f", "in", [1, 2, 3, 4, 5]), rule("g", "in", [1, 2])]),
    ],
)
def test_what_is_just_allowed(value: Any) -> None:
    assert compile_filter(value)({}) is False


@pytest.mark.aws_doc("devguide, extensions: operator names and possible value types")
@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"filterGroup": {}},
        {"filterGroup": [None]},
        {"filterGroup": [{"filters": {}}]},
        {"filterGroup": [{"filters": [1]}]},
        group([{"operator": "eq", "value": 1}]),
        group([{"fieldName": "f", "value": 1}]),
        group([rule("f", "EQ", 1)]),
        group([rule("f", "lte", 1)]),
        group([{"fieldName": "f", "operator": ["eq"], "value": 1}]),
        group([rule("f", "eq", None)]),
        group([{"fieldName": "f", "operator": "eq"}]),
        group([rule("f", "eq", [1])]),
        group([rule("f", "eq", {"a": 1})]),
        group([rule("f", "le", True)]),
        group([rule("f", "beginsWith", 1)]),
        group([rule("f", "in", 1)]),
        group([rule("f", "in", [None])]),
        group([rule("f", "between", [1])]),
        group([rule("f", "between", 1)]),
        group([rule("f", "eq", 10**30)]),
    ],
)
def test_what_is_no_filter(value: Any) -> None:
    (error,) = refusal(value)
    assert error["errorCode"] == 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["a", "b", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.ours("an event can be anything")
@given(JSON, JSON, st.sampled_from(["eq", "ne", "le", "gt", "contains", "between"]))
def test_no_event_breaks_a_filter(tree: Any, wanted: Any, operator: str) -> None:
    try:
        accept = compile_filter(group([rule("a.b", operator, wanted)]))
    except StartRejected:
        return
    assert accept(tree) in (True, False)
    assert accept({"a": {"b": tree}}) in (True, False)
