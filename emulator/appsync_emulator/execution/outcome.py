"""What an operation ends with, and AppSync's shapes of error entries.

Two families, told apart by their keys (observed in public captures of AppSync):

* resolver errors (`util.error`, Lambda, denied fields) carry
  `path, data, errorType, errorInfo, locations, message`, in that order;
* completion errors (null in a non-null position, a value that does not fit its scalar)
  carry `path, locations: null, message` only.
"""

from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode

from appsync_emulator.types import JSON
from appsync_resolvers import EvaluationError

Path = tuple[Any, Any] | None
"""A response path as a linked list: (the parent's path, key or index); None is root."""


@dataclass(frozen=True, slots=True)
class Published:
    """A mutation field that completed and that some subscription may wait for.

    Attributes:
        field: name of the mutation field.
        tree: its completed value, keyed by field names instead of aliases.
    """

    field: str
    tree: JSON


@dataclass(slots=True)
class Outcome:
    """The answer to one operation.

    Attributes:
        data: the `data` member.
        errors: the `errors` member, left out of the response when empty.
        extensions: the `extensions` member, left out when empty.
        headers: response headers that resolvers added.
        published: completed mutation fields, in order.
        invalidations: what resolvers passed to `invalidateSubscriptions`.
    """

    data: JSON
    errors: list[dict[str, JSON]] = field(default_factory=list)
    extensions: dict[str, JSON] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    published: list[Published] = field(default_factory=list)
    invalidations: list[JSON] = field(default_factory=list)


def path_list(path: Path) -> list[str | int]:
    """Give a linked path as the list that `path` of an error entry holds."""
    keys: list[str | int] = []
    while path is not None:
        path, key = path
        keys.append(key)
    keys.reverse()
    return keys


def path_text(path: Path) -> str:
    """Give a path as AppSync writes it in messages: `/orders/items[3]/date`."""
    text = ""
    for key in path_list(path):
        text += f"[{key}]" if isinstance(key, int) else f"/{key}"
    return text


def locations(node: FieldNode) -> list[dict[str, JSON]]:
    """Give the position of a field as AppSync prints it."""
    if node.loc is None:
        return []
    token = node.loc.start_token
    return [{"line": token.line, "column": token.column, "sourceName": None}]


def resolver_error(
    path: Path,
    place: list[dict[str, JSON]],
    error: EvaluationError,
    denial: str,
) -> dict[str, JSON]:
    """Make the entry for an error that a resolver ended with or appended.

    Args:
        path: of the field.
        place: `locations` of the field.
        error: what the resolver raised.
        denial: `{field} on type {Type}`, for `util.unauthorized()`.
    """
    message, error_type = error.message, error.error_type
    if error.unauthorized:
        message, error_type = f"Not Authorized to access {denial}", "Unauthorized"
    return {
        "path": path_list(path),
        "data": error.data,
        "errorType": error_type,
        "errorInfo": error.error_info,
        "locations": place,
        "message": message,
    }


def completion_error(path: Path, message: str) -> dict[str, JSON]:
    """Make the entry for a value that does not fit the schema."""
    return {"path": path_list(path), "locations": None, "message": message}


def null_message(type_name: str, parent: str, path: Path) -> str:
    """Say that a non-null position holds null, in AppSync's words."""
    return (
        f"Cannot return null for non-nullable type: '{type_name}' "
        f"within parent '{parent}' ({path_text(path)})"
    )


def mismatch_message(expected: str, value: JSON, path: Path) -> str:
    """Say that a value is of the wrong kind, in AppSync's words."""
    return (
        f"Can't resolve value ({path_text(path)}) : type mismatch error, "
        f"expected type {expected}, got {kind_of(value)}"
    )


def kind_of(value: JSON) -> str:
    """Name the kind of a JSON value in the words of AppSync's mismatch message."""
    for kinds, name in _KINDS:
        if isinstance(value, kinds):
            return name
    return "NULL"


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (dict, "OBJECT"),
    (list, "LIST"),
    (str, "STRING"),
    (bool, "BOOLEAN"),
    ((int, float), "NUMBER"),
)
