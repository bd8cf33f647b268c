"""`Boolean`: true or false.

graphql-java takes strings, by Java's `parseBoolean` ("true" in any case is true and
everything else false), and numbers, of which zero is false.
"""

from graphql import BooleanValueNode, ValueNode

from appsync_emulator.schema.scalars.scalar import (
    Scalar,
    unexpected_class,
    unexpected_literal,
)
from appsync_emulator.types import JSON


def coerce(value: JSON) -> bool:
    """Give the truth value `value` stands for.

    Raises:
        ScalarError: it is a list or an object.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.lower() == "true"
    if isinstance(value, int | float):
        return value != 0
    raise unexpected_class("Boolean", value)


def parse_literal(node: ValueNode) -> bool:
    """Give the value of a literal.

    Raises:
        ScalarError: it is not `true` or `false`.
    """
    if not isinstance(node, BooleanValueNode):
        raise unexpected_literal(node)
    return node.value


BOOLEAN = Scalar(
    name="Boolean",
    description="True or false.",
    parse=coerce,
    parse_literal=parse_literal,
    serialize=coerce,
    fast_class=bool,
    fast_input=bool,
)
