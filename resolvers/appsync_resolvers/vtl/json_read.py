"""Reads the JSON document that a template rendered, in AppSync's way and words."""

import json
from typing import Any

import orjson

from appsync_resolvers.errors import EvaluationError, Interrupted
from appsync_resolvers.vtl.json_reader import Reader, Refused
from appsync_resolvers.vtl.limits import LONG
from appsync_resolvers.vtl.values.failure import failed

_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_MANY = b"0" * 19
"""So many digits may be a whole number beyond 64 bits, of which orjson makes a float;
Jackson keeps it as it is."""


def read_document(text: str, *, response: bool, hasty: bool = False) -> Any:
    """Give the value of a rendered template.

    Args:
        text: what the template printed.
        response: whether it is a response template, whose error names no place
            (observed: aws-appsync-community #100).
        hasty: whether a long text that cannot be read at once is left for later.

    Raises:
        EvaluationError: the text is no JSON document.
        Interrupted: see `hasty`.
    """
    try:
        value = _loads(text)
        if not _is_suspicious(text, value):
            return value
    except ValueError:
        pass
    if hasty and len(text) > LONG:
        raise Interrupted
    return _read_strictly(text, response=response)


def read_value(text: str) -> Any:
    """Give the value of a JSON text as `$util.parseJson` does, None when it is none."""
    try:
        return _loads(text)
    except ValueError:
        pass
    try:
        return Reader(text, unique=False).document()
    except (EvaluationError, Refused):
        return None


def _loads(text: str) -> Any:
    """Read JSON as fast as possible, with whole numbers of any size.

    Raises:
        ValueError: it is no JSON, or holds a number that no float comes near.
    """
    value = orjson.loads(text)
    if len(text) >= len(_MANY) and _MANY in text.encode().translate(_DIGITS):
        try:
            return json.loads(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None
    return value


def _is_suspicious(text: str, value: Any) -> bool:
    """Say whether keys may have been lost because they occur twice.

    Every key has a colon, in the text as in the value when it is written again. Only an
    escaped colon makes the numbers differ otherwise, which just costs another reading.
    """
    if type(value) is not dict and type(value) is not list:
        return False
    try:
        return text.count(":") != orjson.dumps(value).count(b":")
    except TypeError:
        return True  # whole numbers beyond 64 bits


def _read_strictly(text: str, *, response: bool) -> Any:
    if not text.strip():
        raise failed("Template transformation yielded an empty response.")
    try:
        return Reader(text, unique=True).document()
    except Refused as error:
        if response:
            raise failed(f"Unable to convert {text} to Object.") from None
        message = f"Unable to parse the JSON document: '{error.message}'"
        raise failed(message) from None
