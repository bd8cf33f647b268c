"""`$util.map`: shallow copies of maps."""

from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.methods.strings import present
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.values.equality import contains

MAP: Table = {}

Map = dict[Any, Any]


@method(MAP, "copyAndRetainAllKeys", "mk")
def copy_and_retain_all_keys(_context: Context, source: Map | None, keys: Any) -> Map:
    """Copy the members whose keys are listed."""
    present(source, keys)
    listed = list(keys)
    pairs = (source or {}).items()
    return {key: value for key, value in pairs if contains(listed, key)}


@method(MAP, "copyAndRemoveAllKeys", "mk")
def copy_and_remove_all_keys(_context: Context, source: Map | None, keys: Any) -> Map:
    """Copy the members whose keys are not listed."""
    present(source, keys)
    listed = list(keys)
    pairs = (source or {}).items()
    return {key: value for key, value in pairs if not contains(listed, key)}
