"""`$util.list`: shallow copies of lists, and sorting."""

from collections.abc import Callable
from functools import cmp_to_key
from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.limits import grow_by_members, tick
from appsync_resolvers.vtl.methods.strings import present
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.values.equality import contains
from appsync_resolvers.vtl.values.kinds import class_name, is_number
from appsync_resolvers.vtl.values.numbers import compare

LIST: Table = {}
_MAX_SORTED = 1000


def _kept(items: Any, others: Any, *, wanted: bool) -> list[Any]:
    present(items, others)
    listed = list(others)
    kept = []
    for item in items:
        tick()
        if contains(listed, item) == wanted:
            kept.append(item)
    grow_by_members(len(kept))
    return kept


@method(LIST, "copyAndRetainAll", "kk")
def copy_and_retain_all(_context: Context, items: Any, others: Any) -> list[Any]:
    """Copy the members that the other list has too."""
    return _kept(items, others, wanted=True)


@method(LIST, "copyAndRemoveAll", "kk")
def copy_and_remove_all(_context: Context, items: Any, others: Any) -> list[Any]:
    """Copy the members that the other list has not."""
    return _kept(items, others, wanted=False)


@method(LIST, "sortList", "kbs")
def sort_list(
    _context: Context, items: Any, descending: bool, key: str | None
) -> list[Any]:
    """Sort a copy, maps by their member `key`; what cannot be compared stays as it is.

    AWS sorts at most 1,000 members and wants all of one class.
    """
    present(items)
    copied = list(items)
    keys: list[Any] = [
        item.get(key) if isinstance(item, dict) else item for item in copied
    ]
    numbers = all(is_number(value) for value in keys)
    texts = all(type(value) is str for value in keys)
    maps = {isinstance(item, dict) for item in copied}
    one_class = numbers and len({class_name(value) for value in keys}) == 1
    if len(copied) > _MAX_SORTED or len(maps) > 1 or not (one_class or texts):
        return copied
    order: Callable[[int], Any] = keys.__getitem__
    if numbers:
        order = cmp_to_key(lambda left, right: compare(keys[left], keys[right]))
    positions = sorted(range(len(copied)), key=order, reverse=descending)
    return [copied[position] for position in positions]
