"""`AWSJSON`: JSON in a string.

Resolvers see the parsed value; clients send and get a string (AppSync developer guide,
scalar types). A resolver's string goes out as it is when it is JSON already, which is
what a function returning `JSON.stringify(...)` means; any other string is encoded, so
that a client can always parse what it gets. AWS documents neither case.
"""

import orjson

from appsync_emulator.jsontext import dumps
from appsync_emulator.schema.scalars.scalar import (
    Scalar,
    ScalarError,
    java_text,
    string_literal,
)
from appsync_emulator.types import JSON


def parse(value: JSON) -> JSON:
    """Give the value that the JSON text of a client stands for.

    Raises:
        ScalarError: it is not a string, or not JSON.
    """
    if value.__class__ is str:
        try:
            return orjson.loads(value)
        except ValueError:
            pass
    raise ScalarError(f"Unable to parse `{java_text(value)}` as valid JSON.")


def serialize(value: JSON) -> str:
    """Give the JSON text of a resolver's value.

    Raises:
        ScalarError: it cannot be written as JSON.
    """
    if value.__class__ is str:
        try:
            orjson.loads(value)
        except ValueError:
            pass
        else:
            return value
    try:
        return dumps(value).decode()
    except ValueError as error:
        raise ScalarError(f"Unable to serialize as valid JSON. {error}") from None


AWS_JSON = Scalar(
    name="AWSJSON",
    description="A JSON text; resolvers see the value it stands for.",
    parse=parse,
    parse_literal=string_literal(parse),
    serialize=serialize,
)
