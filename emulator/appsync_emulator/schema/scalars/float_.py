"""`Float`: a double.

As with Int, graphql-java takes strings that are numbers. The result is always a double,
so a resolver's 5 is 5.0 in the response.
"""

import math

from graphql import FloatValueNode, IntValueNode, ValueNode

from appsync_emulator.schema.scalars.number import read_decimal
from appsync_emulator.schema.scalars.scalar import (
    Scalar,
    unexpected_class,
    unexpected_literal,
)
from appsync_emulator.types import JSON


def coerce(value: JSON) -> float:
    """Give the double `value` stands for.

    Raises:
        ScalarError: it is none, or too large for a double.
    """
    number = value if value.__class__ is int else read_decimal(value)
    if number is None:
        raise unexpected_class("Float", value)
    try:
        found = float(number)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise unexpected_class("Float", value)
    return found


def parse_literal(node: ValueNode) -> float:
    """Give the value of a literal, which may be written as an integer.

    Raises:
        ScalarError: another literal, or too large.
    """
    if not isinstance(node, FloatValueNode | IntValueNode):
        raise unexpected_literal(node)
    return coerce(node.value)


FLOAT = Scalar(
    name="Float",
    description="A double-precision floating point number (IEEE 754).",
    parse=coerce,
    parse_literal=parse_literal,
    serialize=coerce,
    fast_class=float,
    fast_input=float,
)
