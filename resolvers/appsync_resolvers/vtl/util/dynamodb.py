"""`$util.dynamodb`: every helper gives a map, its `…Json` twin the text of it."""

from collections.abc import Callable
from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.json_read import read_value
from appsync_resolvers.vtl.json_write import measure, to_json
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.values.failure import failed
from appsync_resolvers.vtl.values.kinds import is_number
from appsync_resolvers.vtl.values.text import to_string

DYNAMODB: Table = {}
_MAX_DEPTH = 100

Typed = dict[str, Any]


def typed(value: Any) -> Typed:
    """Give a value as DynamoDB writes it, such as `{"S": "text"}` or `{"L": […]}`.

    Numbers stay numbers and null is `{"NULL": null}`, as recorded from AWS.

    Raises:
        EvaluationError: it contains itself, or is enormous.
    """
    measure(value)
    return _typed(value, 0)


def _typed(value: Any, depth: int) -> Typed:
    if depth > _MAX_DEPTH:
        raise failed("java.lang.StackOverflowError")
    if value is None:
        return {"NULL": None}
    if type(value) is bool:
        return {"BOOL": value}
    if is_number(value):
        return {"N": value}
    if isinstance(value, dict):
        members = value.items()
        return {"M": {key: _typed(member, depth + 1) for key, member in members}}
    if isinstance(value, str):
        return {"S": str(value)}
    if isinstance(value, list):
        return {"L": [_typed(member, depth + 1) for member in value]}
    return {"S": to_string(value)}


def _declare(name: str, signature: str, make: Callable[..., Any]) -> None:
    method(DYNAMODB, name, signature)(lambda _context, *values: make(*values))
    method(DYNAMODB, f"{name}Json", signature)(
        lambda _context, *values: to_json(make(*values))
    )


def _single(tag: str) -> Callable[[Any], Typed | None]:
    return lambda value: None if value is None else {tag: value}


def _set(tag: str) -> Callable[[Any], Typed | None]:
    return lambda values: None if values is None else {tag: list(values)}


def _map_values(source: dict[Any, Any] | None) -> Typed | None:
    if source is None:
        return None
    measure(source)
    return {key: _typed(value, 0) for key, value in source.items()}


def _s3_object(
    key: str | None, bucket: str | None, region: str | None, *version: str | None
) -> Typed:
    members = {"key": key, "bucket": bucket, "region": region}
    if version:
        members["version"] = version[0]
    return {"S": to_json({"s3": members})}


_declare("toDynamoDB", "o", typed)
_declare("toString", "s", _single("S"))
_declare("toStringSet", "k", _set("SS"))
_declare("toNumber", "n", _single("N"))
_declare("toNumberSet", "k", _set("NS"))
_declare("toBinary", "s", _single("B"))
_declare("toBinarySet", "k", _set("BS"))
_declare("toBoolean", "B", _single("BOOL"))
_declare("toNull", "", lambda: {"NULL": None})
_declare("toList", "k", lambda items: None if items is None else typed(list(items)))
_declare("toMap", "m", lambda source: None if source is None else typed(source))
_declare("toMapValues", "m", _map_values)
_declare("toS3Object", "sss", _s3_object)
_declare("toS3Object", "ssss", _s3_object)


@method(DYNAMODB, "fromS3ObjectJson", "s")
def from_s3_object_json(_context: Context, text: str | None) -> Any:
    """Read the text inside of what `toS3Object` makes; None when it is no such."""
    value = None if text is None else read_value(text)
    return value.get("s3") if isinstance(value, dict) else None
