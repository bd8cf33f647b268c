"""`AWSTimestamp`: whole seconds since 1970, negative before.

The range is that of `java.time.Instant`, which AWS documents. Whole doubles are taken
because JavaScript and DynamoDB make no difference; strings are not, for the scalar is
documented as an integer.
"""

from graphql import IntValueNode, ValueNode

from appsync_emulator.schema.scalars.number import read_decimal, whole
from appsync_emulator.schema.scalars.scalar import (
    Scalar,
    ScalarError,
    java_text,
    unexpected_literal,
)
from appsync_emulator.types import JSON

LOW, HIGH = -31557014167219200, 31556889864403199


def _seconds(value: JSON) -> int | None:
    if isinstance(value, str):
        return None
    return whole(read_decimal(value), LOW, HIGH)


def parse(value: JSON) -> int:
    """Give the seconds of a variable.

    Raises:
        ScalarError: it is no timestamp.
    """
    found = _seconds(value)
    if found is None:
        raise ScalarError(f"Unable to parse `{java_text(value)}` as a valid timestamp.")
    return found


def parse_literal(node: ValueNode) -> int:
    """Give the seconds of an integer literal.

    Raises:
        ScalarError: another literal, or out of range.
    """
    if not isinstance(node, IntValueNode):
        raise unexpected_literal(node)
    found = whole(read_decimal(node.value), LOW, HIGH)
    if found is None:
        raise ScalarError(f"Unable to parse `{node.value}` as a valid timestamp.")
    return found


def serialize(value: JSON) -> int:
    """Give the seconds of a resolver's value.

    Raises:
        ScalarError: it is no timestamp.
    """
    found = _seconds(value)
    if found is None:
        text = java_text(value)
        raise ScalarError(f"Unable to serialize `{text}` as a valid timestamp.")
    return found


AWS_TIMESTAMP = Scalar(
    name="AWSTimestamp",
    description="Seconds before or after 1970-01-01T00:00Z.",
    parse=parse,
    parse_literal=parse_literal,
    serialize=serialize,
)
