"""`==` of the template language, and Java's `equals`, `hashCode` and `compareTo`."""

import struct
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from appsync_resolvers.vtl.limits import tick
from appsync_resolvers.vtl.values.failure import MAX_ITEMS, failed
from appsync_resolvers.vtl.values.kinds import (
    LONG_MAX,
    LONG_MIN,
    class_name,
    is_int,
    is_number,
)
from appsync_resolvers.vtl.values.numbers import compare
from appsync_resolvers.vtl.values.objects import Char, Entry, View
from appsync_resolvers.vtl.values.text import to_string

_SCALARS = frozenset({str, int, float, bool, Decimal, Char})
_MAX_DEPTH = 200


def same(left: Any, right: Any) -> bool:
    """Say whether `left == right` in a template.

    Numbers are compared as numbers, objects of one class with `equals`, anything else
    by what it prints.
    """
    if left is None or right is None:
        return left is right
    if type(left) is str and type(right) is str:
        return bool(left == right)
    if is_number(left) and is_number(right):
        return compare(left, right) == 0
    if _related(left, right):
        return equals(left, right)
    return to_string(left) == to_string(right)


def _related(left: Any, right: Any) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        return True
    return type(left) is type(right)


def equals(left: Any, right: Any) -> bool:
    """Say whether `left.equals(right)`."""
    return _Comparison().equal(left, right, 0)


class _Comparison:
    """Compares containers member by member, looking at the clock on the way."""

    def __init__(self) -> None:
        self._steps = 0

    def equal(self, left: Any, right: Any, depth: int) -> bool:
        if left is right:
            return True
        kind = type(left)
        if kind in _SCALARS:
            return _same_scalar(left, right)
        self._steps += 1
        if not self._steps % 1000:
            tick()
        if depth > _MAX_DEPTH or self._steps > MAX_ITEMS:
            raise failed("java.lang.StackOverflowError")
        if isinstance(left, dict):
            return isinstance(right, dict) and self._pairs(left, right, depth)
        if kind is list:
            return type(right) is list and self._items(left, right, depth)
        if isinstance(left, View) and left.is_set:
            return (
                isinstance(right, View)
                and right.is_set
                and len(left) == len(right)
                and all(self._holds(list(right), item, depth) for item in left)
            )
        if isinstance(left, View):
            return type(right) is kind and left.map is right.map
        if kind is Entry and type(right) is Entry:
            pair = [left.key, left.value]
            return self._items(pair, [right.key, right.value], depth)
        return False

    def _items(self, left: list[Any], right: list[Any], depth: int) -> bool:
        return len(left) == len(right) and all(
            self.equal(a, b, depth + 1) for a, b in zip(left, right, strict=True)
        )

    def _pairs(self, left: dict[Any, Any], right: dict[Any, Any], depth: int) -> bool:
        return len(left) == len(right) and all(
            key in right and self.equal(value, right[key], depth + 1)
            for key, value in left.items()
        )

    def _holds(self, items: list[Any], wanted: Any, depth: int) -> bool:
        return any(self.equal(item, wanted, depth + 1) for item in items)


def _same_scalar(left: Any, right: Any) -> bool:
    """Compare with Double's `equals`, which knows one NaN and two zeros."""
    kind = type(left)
    if kind is float:
        return type(right) is float and repr(left) == repr(right)
    if kind is int:
        same = type(right) is int and class_name(left) == class_name(right)
        return same and bool(left == right)
    return kind is type(right) and bool(left == right)


def index_of(items: list[Any], wanted: Any) -> int:
    """Give the first position of an equal member, -1 without one."""
    for index, item in enumerate(items):
        if not index & 1023:
            tick()
        if wanted is None if item is None else equals(item, wanted):
            return index
    return -1


def contains(items: list[Any], wanted: Any) -> bool:
    """Say whether a member is equal to the wanted value."""
    return index_of(items, wanted) >= 0


def hash_code(value: Any) -> int:
    """Give `value.hashCode()`; identity stands in for what Java leaves to chance."""
    kind = type(value)
    if value is None:
        return 0
    if kind is bool:
        return 1231 if value else 1237
    if kind is int:
        return _integer_hash(value)
    if kind is float:
        return _wrap(_double_hash(value))
    if kind is str or kind is Char:
        return _folded(_units(value), 0)
    tick()
    if isinstance(value, dict):
        return _wrap(sum(hash_code(k) ^ hash_code(v) for k, v in value.items()))
    if kind is list:
        return _folded(map(hash_code, value), 1)
    if isinstance(value, View) and value.is_set:
        return _wrap(sum(map(hash_code, value)))
    if kind is Entry:
        return _wrap(hash_code(value.key) ^ hash_code(value.value))
    return _wrap(id(value))


def _folded(codes: Iterable[int], start: int) -> int:
    result = start
    for index, code in enumerate(codes):
        if not index & 1023:
            tick()
        result = (31 * result + code) & 0xFFFFFFFF
    return _wrap(result)


def _integer_hash(value: int) -> int:
    if is_int(value):
        return value
    if LONG_MIN <= value <= LONG_MAX:
        return _wrap(value ^ (value >> 32))
    size = (value.bit_length() + 31) // 32
    words = [abs(value) >> 32 * place & 0xFFFFFFFF for place in range(size)]
    folded = _folded(reversed(words), 0)
    return folded if value > 0 else _wrap(-folded)


def _double_hash(value: float) -> int:
    bits = int.from_bytes(struct.pack(">d", value), "big")
    return bits ^ (bits >> 32)


def _units(value: str) -> list[int]:
    raw = value.encode("utf-16-be", "surrogatepass")
    return [raw[i] << 8 | raw[i + 1] for i in range(0, len(raw), 2)]


def _wrap(value: int) -> int:
    return (value + 2**31) % 2**32 - 2**31
