"""GraphQL's own five, as graphql-java of AppSync's time coerces them."""

from typing import Any

import pytest
from graphql import parse_value

from appsync_emulator.schema.scalars import SCALARS, ScalarError

pytestmark = pytest.mark.ours("graphql-java 11, the engine AppSync's answers show")

TAKEN = [
    ("Int", 5, 5),
    ("Int", 5.0, 5),
    ("Int", "5", 5),
    ("Int", "5.0", 5),
    ("Int", "1e3", 1000),
    ("Int", -(2**31), -(2**31)),
    ("Float", 5, 5.0),
    ("Float", "1.5", 1.5),
    ("Float", 1.5, 1.5),
    ("String", "x", "x"),
    ("String", 5, "5"),
    ("String", 1.5, "1.5"),
    ("String", 1e21, "1.0E21"),
    ("String", -1.25e-7, "-1.25E-7"),
    ("String", float("inf"), "Infinity"),
    ("String", True, "true"),
    ("String", {"a": 1, "b": [None, "x"]}, "{a=1, b=[null, x]}"),
    ("Boolean", True, True),
    ("Boolean", "TRUE", True),
    ("Boolean", "yes", False),
    ("Boolean", 0, False),
    ("Boolean", 0.5, True),
    ("ID", "x", "x"),
    ("ID", 12, "12"),
    ("ID", 2**70, str(2**70)),
]


@pytest.mark.parametrize(("name", "value", "expected"), TAKEN)
def test_values_are_coerced_alike_as_input_and_output(
    name: str, value: Any, expected: Any
) -> None:
    for coerce in (SCALARS[name].parse, SCALARS[name].serialize):
        coerced = coerce(value)
        assert coerced == expected
        assert type(coerced) is type(expected)


@pytest.mark.parametrize(
    ("name", "value", "java_class"),
    [
        ("Int", 1.5, "Double"),
        ("Int", "x", "String"),
        ("Int", "5 ", "String"),
        ("Int", "0x5", "String"),
        ("Int", "1_0", "String"),
        ("Int", "1e999999999", "String"),
        ("Int", True, "Boolean"),
        ("Int", 2**31, "Long"),
        ("Int", 2**63, "BigInteger"),
        ("Int", [5], "ArrayList"),
        ("Float", "nan", "String"),
        ("Float", "1e999", "String"),
        ("Float", 10**400, "BigInteger"),
        ("Float", True, "Boolean"),
        ("Float", {}, "LinkedHashMap"),
        ("Boolean", [], "ArrayList"),
        ("ID", 1.5, "Double"),
        ("ID", True, "Boolean"),
    ],
)
def test_other_values_are_refused_by_their_java_class(
    name: str, value: Any, java_class: str
) -> None:
    message = f"Expected type '{name}' but was '{java_class}'."
    for coerce in (SCALARS[name].parse, SCALARS[name].serialize):
        with pytest.raises(ScalarError) as refused:
            coerce(value)
        assert str(refused.value) == message


@pytest.mark.aws_observed("an application on AppSync: a list given for an ID")
def test_a_list_is_no_id() -> None:
    with pytest.raises(ScalarError) as refused:
        SCALARS["ID"].parse(["a"])
    assert str(refused.value) == "Expected type 'ID' but was 'ArrayList'."


@pytest.mark.parametrize(
    ("name", "literal", "expected"),
    [
        ("Int", "5", 5),
        ("Float", "5", 5.0),
        ("Float", "1.5e3", 1500.0),
        ("String", '"x"', "x"),
        ("String", '"""\n  x\n"""', "x"),
        ("Boolean", "true", True),
        ("ID", "5", "5"),
        ("ID", '"x"', "x"),
        ("ID", "9" * 5000, "9" * 5000),
    ],
)
def test_literals_of_the_right_kind_are_taken(
    name: str, literal: str, expected: Any
) -> None:
    assert SCALARS[name].parse_literal(parse_value(literal)) == expected


@pytest.mark.parametrize(
    ("name", "literal"),
    [
        ("Int", '"5"'),
        ("Int", "5.0"),
        ("Int", "2147483648"),
        ("Int", "9" * 5000),
        ("Float", '"5"'),
        ("Float", "1e999"),
        ("String", "5"),
        ("String", "X"),
        ("Boolean", '"true"'),
        ("Boolean", "1"),
        ("ID", "5.0"),
        ("ID", "true"),
    ],
)
def test_literals_of_another_kind_are_refused(name: str, literal: str) -> None:
    with pytest.raises(ScalarError):
        SCALARS[name].parse_literal(parse_value(literal))


def test_deeply_nested_values_do_no_harm() -> None:
    value: Any = []
    for _ in range(5000):
        value = [value]
    with pytest.raises(ScalarError):
        SCALARS["String"].serialize(value)


@pytest.mark.parametrize("name", sorted(SCALARS))
def test_instances_of_the_fast_classes_need_no_look(name: str) -> None:
    scalar = SCALARS[name]
    samples = {str: "x", bool: True, float: 1.5}
    if scalar.fast_class is not None:
        assert (
            scalar.serialize(samples[scalar.fast_class]) == samples[scalar.fast_class]
        )
    if scalar.fast_input is not None:
        assert scalar.parse(samples[scalar.fast_input]) == samples[scalar.fast_input]
