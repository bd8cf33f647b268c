"""What a scalar is, and the Java view of values that AppSync's messages show."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from graphql import StringValueNode, ValueNode

from appsync_emulator.types import JSON


class ScalarError(ValueError):
    """A value that is not one of the scalar's.

    The text is the second half of AppSync's message, such as
    ``Unable to parse `x` as a valid date.``
    """


@dataclass(frozen=True, slots=True)
class Scalar:
    """One scalar type.

    Attributes:
        parse: a JSON value of a variable -> the value resolvers see.
        parse_literal: a literal of the document -> the value resolvers see.
        serialize: a value of a resolver -> the value of the response.
        fast_class: the class whose instances `serialize` gives back unchanged, None
            when every value has to be looked at.
        fast_input: the same for `parse`.

    The functions raise `ScalarError`; they are never called with None.
    """

    name: str
    description: str
    parse: Callable[[JSON], JSON]
    parse_literal: Callable[[ValueNode], JSON]
    serialize: Callable[[JSON], JSON]
    fast_class: type | None = None
    fast_input: type | None = None


def string_literal(parse: Callable[[JSON], JSON]) -> Callable[[ValueNode], JSON]:
    """Make the `parse_literal` of a scalar whose literals are strings."""

    def parse_literal(node: ValueNode) -> JSON:
        if not isinstance(node, StringValueNode):
            raise unexpected_literal(node)
        return parse(node.value)

    return parse_literal


def unexpected_literal(node: ValueNode) -> ScalarError:
    """Make the error for a literal of the wrong kind; AppSync does not show it."""
    return ScalarError(f"Unexpected literal of kind {node.kind}.")


def unexpected_class(name: str, value: JSON) -> ScalarError:
    """Make graphql-java's error for a value that a built-in scalar cannot take."""
    return ScalarError(f"Expected type '{name}' but was '{java_class(value)}'.")


def java_class(value: JSON) -> str:
    """Name the Java class that AppSync's JSON parser makes of a value."""
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int):
        if -(2**31) <= value < 2**31:
            return "Integer"
        return "Long" if -(2**63) <= value < 2**63 else "BigInteger"
    names = {str: "String", float: "Double", list: "ArrayList", dict: "LinkedHashMap"}
    return names.get(type(value), "null")


def java_text(value: JSON) -> str:
    """Give what Java's `toString` gives: `{a=1, b=[x, null]}`.

    Raises:
        ScalarError: the value is nested more deeply than can be written.
    """
    try:
        return _text(value)
    except RecursionError:
        raise ScalarError("The value is nested too deeply.") from None


def _text(value: JSON) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _double_text(value)
    if isinstance(value, list):
        return f"[{', '.join([_text(item) for item in value])}]"
    if isinstance(value, dict):
        members = [f"{name}={_text(item)}" for name, item in value.items()]
        return f"{{{', '.join(members)}}}"
    return str(value)


def _double_text(value: float) -> str:
    """Write a double as Java does: plain from 0.001 to 10 million, else `1.0E10`."""
    if not math.isfinite(value):
        return str(value).replace("inf", "Infinity").replace("nan", "NaN")
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value)
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    first, *rest = map(str, digits)
    power = int(exponent) + len(rest)
    return f"{'-' if sign else ''}{first}.{''.join(rest) or '0'}E{power}"
