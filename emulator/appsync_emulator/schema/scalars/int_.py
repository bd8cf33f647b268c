"""`Int`: a 32-bit integer.

Coercion is that of the graphql-java of AppSync's time: numbers and strings that are
whole numbers in the range are taken, as input and as output, so "5" and 5.0 are 5.
"""

from graphql import IntValueNode, ValueNode

from appsync_emulator.schema.scalars.number import read_decimal, whole
from appsync_emulator.schema.scalars.scalar import (
    Scalar,
    unexpected_class,
    unexpected_literal,
)
from appsync_emulator.types import JSON

LOW, HIGH = -(2**31), 2**31 - 1


def coerce(value: JSON) -> int:
    """Give the integer `value` stands for.

    Raises:
        ScalarError: it is none, or not a 32-bit one.
    """
    if value.__class__ is int and LOW <= value <= HIGH:
        return value
    found = whole(read_decimal(value), LOW, HIGH)
    if found is None:
        raise unexpected_class("Int", value)
    return found


def parse_literal(node: ValueNode) -> int:
    """Give the value of a literal; only integer literals are allowed.

    Raises:
        ScalarError: another literal, or out of range.
    """
    if not isinstance(node, IntValueNode):
        raise unexpected_literal(node)
    return coerce(node.value)


INT = Scalar(
    name="Int",
    description="A signed 32-bit integer.",
    parse=coerce,
    parse_literal=parse_literal,
    serialize=coerce,
)
