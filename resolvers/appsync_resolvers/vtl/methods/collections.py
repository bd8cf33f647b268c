"""Methods of `java.util.List`, of arrays, of sets and of iterators."""

from typing import Any

from appsync_resolvers.vtl.limits import grow_by_members, keep, tick
from appsync_resolvers.vtl.methods.strings import present
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.values.equality import (
    contains,
    equals,
    hash_code,
    index_of,
)
from appsync_resolvers.vtl.values.failure import MAX_ITEMS, Thrown, too_large
from appsync_resolvers.vtl.values.objects import Array, Cursor, View
from appsync_resolvers.vtl.values.text import to_string

LIST: Table = {}
ARRAY: Table = {}
COLLECTION: Table = {}
ITERATOR: Table = {}

_OBJECTS = "Ljava.lang.Object;"


def _checked_index(index: int, size: int) -> None:
    if not 0 <= index < size:
        what = f"Index {index} out of bounds for length {size}"
        raise Thrown(f"java.lang.IndexOutOfBoundsException: {what}")


def _grown(items: list[Any]) -> None:
    if len(items) > MAX_ITEMS:
        too_large()


def _unsupported() -> Thrown:
    return Thrown("java.lang.UnsupportedOperationException")


@method(LIST, "get", "i")
def get(items: list[Any], index: int) -> Any:
    """Give a member.

    Raises:
        Thrown: there is none at this index.
    """
    _checked_index(index, len(items))
    return items[index]


@method(LIST, "set", "io")
def set_at(items: list[Any], index: int, value: Any) -> Any:
    """Replace a member and give the old one."""
    _checked_index(index, len(items))
    keep(items)
    old = items[index]
    items[index] = value
    return old


@method(LIST, "add", "o")
def add(items: list[Any], value: Any) -> bool:
    """Append a member."""
    keep(items)
    items.append(value)
    _grown(items)
    return True


@method(LIST, "add", "io")
def _insert(items: list[Any], index: int, value: Any) -> str:
    if not 0 <= index <= len(items):
        what = f"Index: {index}, Size: {len(items)}"
        raise Thrown(f"java.lang.IndexOutOfBoundsException: {what}")
    keep(items)
    items.insert(index, value)
    _grown(items)
    return ""


@method(LIST, "addAll", "k")
def _add_all(items: list[Any], others: Any) -> bool:
    present(others)
    keep(items)
    added = list(others)
    grow_by_members(len(added))
    items.extend(added)
    _grown(items)
    return bool(added)


@method(LIST, "addAll", "ik")
def _insert_all(items: list[Any], index: int, others: Any) -> bool:
    present(others)
    if not 0 <= index <= len(items):
        what = f"Index: {index}, Size: {len(items)}"
        raise Thrown(f"java.lang.IndexOutOfBoundsException: {what}")
    keep(items)
    added = list(others)
    grow_by_members(len(added))
    items[index:index] = added
    _grown(items)
    return bool(added)


@method(LIST, "remove", "i")
def _remove_at(items: list[Any], index: int) -> Any:
    _checked_index(index, len(items))
    keep(items)
    return items.pop(index)


@method(LIST, "remove", "o")
def _remove(items: list[Any], value: Any) -> bool:
    index = index_of(items, value)
    if index < 0:
        return False
    keep(items)
    del items[index]
    return True


@method(LIST, "removeAll", "k")
def _remove_all(items: list[Any], others: Any) -> bool:
    present(others)
    return _retain(items, list(others), wanted=False)


@method(LIST, "retainAll", "k")
def _retain_all(items: list[Any], others: Any) -> bool:
    present(others)
    return _retain(items, list(others), wanted=True)


def _retain(items: list[Any], others: list[Any], *, wanted: bool) -> bool:
    kept = []
    for item in items:
        tick()
        if contains(others, item) == wanted:
            kept.append(item)
    changed = len(kept) < len(items)
    if changed:
        keep(items)
        items[:] = kept
    return changed


@method(LIST, "clear")
def _clear(items: list[Any]) -> str:
    keep(items)
    items.clear()
    return ""


@method(LIST, "subList", "ii")
def _sub_list(items: list[Any], begin: int, end: int) -> list[Any]:
    """Copy a part; Java gives a view, which only shows when the part is changed."""
    if begin < 0:
        raise Thrown(f"java.lang.IndexOutOfBoundsException: fromIndex = {begin}")
    if end > len(items):
        raise Thrown(f"java.lang.IndexOutOfBoundsException: toIndex = {end}")
    if begin > end:
        what = f"fromIndex({begin}) > toIndex({end})"
        raise Thrown(f"java.lang.IllegalArgumentException: {what}")
    return items[begin:end]


@method(LIST, "clone")
def _clone(items: list[Any]) -> list[Any]:
    return items.copy()


@method(LIST, "indexOf", "o")
def _index_of(items: list[Any], value: Any) -> int:
    return index_of(items, value)


@method(LIST, "lastIndexOf", "o")
def _last_index_of(items: list[Any], value: Any) -> int:
    found = index_of(items[::-1], value)
    return -1 if found < 0 else len(items) - 1 - found


@method(LIST, "ensureCapacity", "i")
@method(LIST, "trimToSize")
def _nothing(_items: list[Any], _capacity: int = 0) -> str:
    return ""


@method(LIST, "size")
@method(COLLECTION, "size")
def size(items: Any) -> int:
    """Give the number of members."""
    return len(items)


@method(LIST, "isEmpty")
@method(COLLECTION, "isEmpty")
def _is_empty(items: Any) -> bool:
    return not len(items)


@method(LIST, "contains", "o")
@method(COLLECTION, "contains", "o")
def _contains(items: Any, value: Any) -> bool:
    return contains(list(items), value)


@method(LIST, "containsAll", "k")
@method(COLLECTION, "containsAll", "k")
def _contains_all(items: Any, others: Any) -> bool:
    present(others)
    members = list(items)
    return all(contains(members, other) for other in others)


@method(LIST, "iterator")
@method(LIST, "listIterator")
@method(COLLECTION, "iterator")
def _iterator(items: Any) -> Cursor:
    return Cursor(list(items))


@method(LIST, "toArray")
@method(COLLECTION, "toArray")
def _to_array(items: Any) -> Array:
    return Array(items, _OBJECTS)


@method(LIST, "equals", "o")
@method(COLLECTION, "equals", "o")
@method(ARRAY, "equals", "o")
def _equals(items: Any, other: Any) -> bool:
    return equals(items, other)


@method(LIST, "hashCode")
@method(COLLECTION, "hashCode")
@method(ARRAY, "hashCode")
def _hash_code(items: Any) -> int:
    return hash_code(items)


@method(LIST, "toString")
@method(COLLECTION, "toString")
@method(ARRAY, "toString")
@method(ITERATOR, "toString")
def _to_string(items: Any) -> str:
    return to_string(items)


@method(COLLECTION, "add", "o")
@method(COLLECTION, "addAll", "k")
def _view_add(_items: View, _value: Any) -> bool:
    raise _unsupported()


@method(COLLECTION, "clear")
def _view_clear(items: View) -> str:
    keep(items.map)
    items.map.clear()
    return ""


@method(COLLECTION, "remove", "o")
def _view_remove(items: View, value: Any) -> bool:
    return _view_filter(items, [value], wanted=False, once=True)


@method(COLLECTION, "removeAll", "k")
def _view_remove_all(items: View, others: Any) -> bool:
    present(others)
    return _view_filter(items, list(others), wanted=False)


@method(COLLECTION, "retainAll", "k")
def _view_retain_all(items: View, others: Any) -> bool:
    present(others)
    return _view_filter(items, list(others), wanted=True)


def _view_filter(
    items: View, others: list[Any], *, wanted: bool, once: bool = False
) -> bool:
    removed = []
    for key, item in zip(items.map, items, strict=True):
        tick()
        if contains(others, item) != wanted:
            removed.append(key)
            if once:
                break
    if removed:
        keep(items.map)
    for key in removed:
        del items.map[key]
    return bool(removed)


@method(ARRAY, "get", "i")
def _array_get(items: Array, index: int) -> Any:
    if not 0 <= index < len(items):
        raise Thrown("java.lang.ArrayIndexOutOfBoundsException")
    return items[index]


@method(ARRAY, "set", "io")
def _array_set(items: Array, index: int, value: Any) -> Any:
    old = _array_get(items, index)
    text = items.component == "Ljava.lang.String;"
    if text and value is not None and type(value) is not str:
        raise Thrown("java.lang.IllegalArgumentException: array element type mismatch")
    items[index] = value
    return old


for _name in (
    "size",
    "isEmpty",
    "contains",
    "containsAll",
    "indexOf",
    "lastIndexOf",
    "iterator",
    "subList",
    "toArray",
):
    ARRAY[_name] = LIST[_name]


@method(ARRAY, "add", "o")
def _array_add(_items: Array, _value: Any) -> bool:
    raise _unsupported()


@method(ARRAY, "remove", "o")
def _array_remove(items: Array, value: Any) -> bool:
    if contains(items, value):
        raise _unsupported()
    return False


@method(ITERATOR, "hasNext")
def _has_next(cursor: Cursor) -> bool:
    return cursor.position < len(cursor.items)


@method(ITERATOR, "next")
def _next(cursor: Cursor) -> Any:
    if cursor.position >= len(cursor.items):
        raise Thrown("java.util.NoSuchElementException")
    cursor.position += 1
    return cursor.items[cursor.position - 1]


@method(ITERATOR, "remove")
def _iterator_remove(_cursor: Cursor) -> str:
    """Refuse: iterators stand on a copy here, so there is nothing to remove from."""
    raise Thrown("java.lang.IllegalStateException")
