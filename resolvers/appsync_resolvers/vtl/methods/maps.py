"""Methods of `java.util.Map`, its entries, and of `$foreach`."""

from typing import Any

from appsync_resolvers.vtl.limits import grow_by_members, keep, note_object
from appsync_resolvers.vtl.methods.strings import present
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.values.equality import contains, equals, hash_code
from appsync_resolvers.vtl.values.objects import (
    Entry,
    EntrySet,
    JavaClass,
    KeySet,
    Scope,
    Values,
)
from appsync_resolvers.vtl.values.text import to_string

MAP: Table = {}
ENTRY: Table = {}
CLASS: Table = {}
SCOPE: Table = {}

Map = dict[Any, Any]


def key_of(key: Any) -> Any:
    """Make a key hashable; JSON has no other keys than texts."""
    if type(key) is str:
        return key
    note_object()
    return key if not isinstance(key, dict | list) else to_string(key)


@method(MAP, "get", "o")
def get(source: Map, key: Any) -> Any:
    """Give the value under a key, None without one."""
    return source.get(key_of(key))


@method(MAP, "put", "oo")
def put(source: Map, key: Any, value: Any) -> Any:
    """Set the value under a key and give the old one."""
    keep(source)
    key = key_of(key)
    old = source.get(key)
    source[key] = value
    return old


@method(MAP, "putAll", "m")
def _put_all(source: Map, other: Map | None) -> str:
    present(other)
    keep(source)
    grow_by_members(len(other or {}))
    source.update(other or {})
    return ""


@method(MAP, "putIfAbsent", "oo")
def _put_if_absent(source: Map, key: Any, value: Any) -> Any:
    old = get(source, key)
    if old is None:
        put(source, key, value)
    return old


@method(MAP, "getOrDefault", "oo")
def _get_or_default(source: Map, key: Any, default: Any) -> Any:
    return source.get(key_of(key), default)


@method(MAP, "remove", "o")
def _remove(source: Map, key: Any) -> Any:
    keep(source)
    return source.pop(key_of(key), None)


@method(MAP, "remove", "oo")
def _remove_pair(source: Map, key: Any, value: Any) -> bool:
    key = key_of(key)
    if key not in source or not _same(source[key], value):
        return False
    keep(source)
    del source[key]
    return True


@method(MAP, "replace", "oo")
def _replace(source: Map, key: Any, value: Any) -> Any:
    return put(source, key, value) if key_of(key) in source else None


@method(MAP, "replace", "ooo")
def _replace_pair(source: Map, key: Any, old: Any, value: Any) -> bool:
    key = key_of(key)
    if key not in source or not _same(source[key], old):
        return False
    put(source, key, value)
    return True


def _same(left: Any, right: Any) -> bool:
    return right is None if left is None else equals(left, right)


@method(MAP, "containsKey", "o")
def _contains_key(source: Map, key: Any) -> bool:
    return key_of(key) in source


@method(MAP, "containsValue", "o")
def _contains_value(source: Map, value: Any) -> bool:
    return contains(list(source.values()), value)


@method(MAP, "keySet")
def _key_set(source: Map) -> KeySet:
    return KeySet(source)


@method(MAP, "values")
def _values(source: Map) -> Values:
    return Values(source)


@method(MAP, "entrySet")
def _entry_set(source: Map) -> EntrySet:
    return EntrySet(source)


@method(MAP, "size")
def _size(source: Map) -> int:
    return len(source)


@method(MAP, "isEmpty")
def _is_empty(source: Map) -> bool:
    return not source


@method(MAP, "clear")
def _clear(source: Map) -> str:
    keep(source)
    source.clear()
    return ""


@method(MAP, "clone")
def _clone(source: Map) -> Map:
    return dict(source)


@method(MAP, "equals", "o")
@method(ENTRY, "equals", "o")
def _equals(source: Any, other: Any) -> bool:
    return equals(source, other)


@method(MAP, "hashCode")
@method(ENTRY, "hashCode")
def _hash_code(source: Any) -> int:
    return hash_code(source)


@method(MAP, "toString")
@method(ENTRY, "toString")
def _to_string(source: Any) -> str:
    return to_string(source)


@method(ENTRY, "getKey")
def _get_key(entry: Entry) -> Any:
    return entry.key


@method(ENTRY, "getValue")
def _get_value(entry: Entry) -> Any:
    return entry.value


@method(ENTRY, "setValue", "o")
def set_value(entry: Entry, value: Any) -> Any:
    """Change the map behind an entry and give the old value."""
    keep(entry.map)
    old = entry.value
    entry.map[entry.key] = value
    return old


@method(CLASS, "getName")
def _get_name(java_class: JavaClass) -> str:
    return java_class.name


for _name in ("put", "get", "size", "isEmpty", "containsKey", "keySet", "toString"):
    for _signature, _function in MAP[_name]:
        method(SCOPE, _name, _signature)(
            lambda scope, *arguments, f=_function: f(scope.storage, *arguments)
        )
method(SCOPE, "getIndex")(lambda scope: scope.index)
method(SCOPE, "getCount")(lambda scope: scope.index + 1)
method(SCOPE, "hasNext")(lambda scope: scope.has_next)
method(SCOPE, "getHasNext")(lambda scope: scope.has_next)
method(SCOPE, "isFirst")(lambda scope: scope.index < 1)
method(SCOPE, "getFirst")(lambda scope: scope.index < 1)
method(SCOPE, "isLast")(lambda scope: not scope.has_next)
method(SCOPE, "getLast")(lambda scope: not scope.has_next)
method(SCOPE, "getParent")(lambda scope: scope.parent)


@method(SCOPE, "getTopmost")
def _topmost(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


@method(SCOPE, "getReplaced")
def _replaced(scope: Scope) -> Any:
    return _topmost(scope).replaced
