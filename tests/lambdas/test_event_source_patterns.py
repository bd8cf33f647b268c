"""Which messages an event source mapping's filters let through."""

import json
from typing import Any

import pytest

from appsync_emulator.lambdas.event_sources.patterns import matches, message_matches

pytestmark = pytest.mark.aws_doc("Lambda developer guide, filter rule syntax")

RULES: list[tuple[Any, Any, bool]] = [
    (["a"], "a", True),
    (["a"], "b", False),
    (["a", "b"], "b", True),
    ([1], 1, True),
    ([1], 1.0, True),
    ([1], "1", False),
    ([True], True, True),
    ([1], True, False),
    ([None], None, True),
    ([None], "", False),
    ([""], "", True),
    ([{"prefix": "ab"}], "abc", True),
    ([{"prefix": "ab"}], "ba", False),
    ([{"prefix": "ab"}], 1, False),
    ([{"prefix": {"equals-ignore-case": "AB"}}], "abc", True),
    ([{"suffix": "bc"}], "abc", True),
    ([{"suffix": "bc"}], "bcd", False),
    ([{"equals-ignore-case": "ABC"}], "aBc", True),
    ([{"equals-ignore-case": "ABC"}], "abcd", False),
    ([{"wildcard": "a*c"}], "abbc", True),
    ([{"wildcard": "a*c"}], "abcd", False),
    ([{"wildcard": "a\\*c"}], "a*c", True),
    ([{"wildcard": "a\\*c"}], "abc", False),
    ([{"numeric": ["=", 5]}], 5, True),
    ([{"numeric": [">", 5]}], 5, False),
    ([{"numeric": [">=", 5, "<", 10]}], 5, True),
    ([{"numeric": [">=", 5, "<", 10]}], 10, False),
    ([{"numeric": ["<=", 5]}], "4", False),
    ([{"numeric": [">", 0]}], True, False),
    ([{"anything-but": "a"}], "b", True),
    ([{"anything-but": "a"}], "a", False),
    ([{"anything-but": ["a", 1]}], 1, False),
    ([{"anything-but": ["a", 1]}], 2, True),
    ([{"anything-but": {"prefix": "a"}}], "abc", False),
    ([{"anything-but": {"prefix": "a"}}], "b", True),
    ([{"exists": True}], None, True),
    ([{"exists": False}], "a", False),
    ([{"unknown": "a"}], "a", False),
    (["a"], ["b", "a"], True),
    (["a"], ["b"], False),
    ([{"anything-but": "a"}], ["b", "a"], False),
    ({"b": ["c"]}, {"b": "c", "d": 1}, True),
    ({"b": ["c"]}, [{"b": "x"}, {"b": "c"}], True),
    ({"b": ["c"]}, "c", False),
    ({"b": [{"exists": False}]}, {}, True),
]


@pytest.mark.parametrize(("rule", "value", "expected"), RULES)
def test_a_rule_holds_for_a_value_or_does_not(
    rule: Any, value: Any, expected: bool
) -> None:
    assert matches({"key": rule}, {"key": value}) is expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (["a"], False),
        ([None], False),
        ([{"anything-but": "a"}], False),
        ([{"exists": False}], True),
        ([{"exists": True}], False),
        ({"b": [{"exists": False}]}, True),
    ],
)
def test_what_is_missing_matches_only_its_absence(rule: Any, expected: bool) -> None:
    assert matches({"key": rule}, {}) is expected


def test_all_parts_have_to_match_and_one_of_an_or() -> None:
    pattern = {"a": [1], "$or": [{"b": [2]}, {"c": [3]}]}
    assert matches(pattern, {"a": 1, "c": 3})
    assert not matches(pattern, {"a": 1, "c": 4})
    assert not matches(pattern, {"a": 2, "b": 2})


def record(body: str) -> dict[str, Any]:
    return {"body": body, "messageId": "1"}


FORMS: list[tuple[Any, str, bool]] = [
    ({"a": [1]}, '{"a": 1}', True),
    ({"a": [1]}, "plain", False),
    ({"a": [1]}, "[1]", False),
    ([{"prefix": "pl"}], "plain", True),
    ([{"prefix": "{"}], '{"a": 1}', False),
]


@pytest.mark.aws_doc("Lambda developer guide, properly filtering Amazon SQS messages")
@pytest.mark.parametrize(("wanted", "body", "expected"), FORMS)
def test_the_forms_of_pattern_and_body_must_agree(
    wanted: Any, body: str, expected: bool
) -> None:
    assert message_matches([{"body": wanted}], record(body)) is expected


def test_one_of_several_patterns_is_enough_and_none_lets_all_through() -> None:
    patterns = [{"body": {"a": [n]}} for n in (1, 2)]
    assert message_matches(patterns, record(json.dumps({"a": 2})))
    assert not message_matches(patterns, record(json.dumps({"a": 3})))
    assert message_matches([], record("anything"))
