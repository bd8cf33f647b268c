"""JSON text of anything that resolvers and functions hold."""

import json

import orjson

from appsync_emulator.types import JSON


def dumps(value: JSON) -> bytes:
    """Give a value as JSON text.

    What orjson does not take is written the slow way: integers beyond 64 bits as they
    are, and half of a surrogate pair as `?`, which is what Java makes of it on the way
    to UTF-8. Code that cuts a text in the middle of an emoji makes such halves.

    Raises:
        ValueError: it is nested too deeply.
    """
    try:
        return orjson.dumps(value)
    except TypeError:
        pass
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise ValueError("The value is nested too deeply.") from None
    return text.encode("utf-8", "replace")
