"""`ID`: an identifier, always a string in JSON.

graphql-java takes whole numbers beside strings and refuses the rest; observed on
AppSync for a list: "Expected type 'ID' but was 'ArrayList'."
"""

from graphql import IntValueNode, StringValueNode, ValueNode

from appsync_emulator.schema.scalars.scalar import (
    Scalar,
    unexpected_class,
    unexpected_literal,
)
from appsync_emulator.types import JSON


def coerce(value: JSON) -> str:
    """Give the identifier as text.

    Raises:
        ScalarError: it is neither text nor a whole number.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise unexpected_class("ID", value)


def parse_literal(node: ValueNode) -> str:
    """Give the value of a literal, which may be written as an integer.

    Raises:
        ScalarError: another literal.
    """
    if not isinstance(node, StringValueNode | IntValueNode):
        raise unexpected_literal(node)
    return node.value


ID = Scalar(
    name="ID",
    description="A unique identifier, serialised like a string.",
    parse=coerce,
    parse_literal=parse_literal,
    serialize=coerce,
    fast_class=str,
    fast_input=str,
)
