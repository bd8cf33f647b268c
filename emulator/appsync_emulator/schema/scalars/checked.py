"""Scalars that are strings of a certain form and stay as they are written.

AppSync normalises nothing: what a client sends as `2024-01-01T10:00Z` is what resolvers
see and what comes back.
"""

from collections.abc import Callable

from appsync_emulator.schema.scalars.scalar import (
    Scalar,
    ScalarError,
    java_text,
    string_literal,
)
from appsync_emulator.types import JSON


def checked_string(
    name: str, description: str, valid: Callable[[str], bool], kind: str
) -> Scalar:
    """Make a scalar of strings.

    Args:
        name: of the scalar.
        description: what introspection says of it.
        valid: tells whether a string is one of the scalar's.
        kind: how AppSync's messages name it: ``Unable to parse `x` as {kind}.``
    """

    def parse(value: JSON) -> JSON:
        if value.__class__ is str and valid(value):
            return value
        raise ScalarError(f"Unable to parse `{java_text(value)}` as {kind}.")

    def serialize(value: JSON) -> JSON:
        if value.__class__ is str and valid(value):
            return value
        raise ScalarError(f"Unable to serialize `{java_text(value)}` as {kind}.")

    return Scalar(name, description, parse, string_literal(parse), serialize)
