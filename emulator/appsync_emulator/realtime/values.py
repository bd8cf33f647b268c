"""JSON values of events: how they are found, and how they are compared."""

from collections.abc import Hashable
from typing import Any

from appsync_emulator.types import JSON

Path = tuple[str, ...]
"""Names from the top of an event to a field."""


def value_at(path: Path, tree: JSON) -> JSON:
    """Give the value below `tree`, None when there is none.

    What the mutation did not select is absent here too.
    """
    for name in path:
        if not isinstance(tree, dict):
            return None
        tree = tree.get(name)
    return tree


def is_selected(path: Path, tree: JSON) -> bool:
    """Tell whether an event has a field, be it null; below a null it has none."""
    *parents, last = path
    parent = value_at(tuple(parents), tree)
    return isinstance(parent, dict) and last in parent


def hashable(value: JSON) -> Hashable:
    """Give a stand-in that is equal exactly when the JSON values are.

    Lists and objects are compared as a whole; what AppSync does with them as arguments
    is not documented. `true` is not 1, though Python thinks so.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, list):
        return ("list", *map(hashable, value))
    if isinstance(value, dict):
        members: Any = ((name, hashable(member)) for name, member in value.items())
        return ("object", frozenset(members))
    number: Hashable = value
    return number  # 1 and 1.0 are the same
