"""JSON text and JSON values of what templates hold.

`$util.toJson` writes text; everything that leaves a template becomes a plain value.
"""

import base64
import math
from collections.abc import Callable, Collection
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

import orjson

from appsync_resolvers.vtl.limits import LONG, checked, grow, grow_by_members, tick
from appsync_resolvers.vtl.values.failure import MAX_ITEMS, MAX_TEXT, failed, too_large
from appsync_resolvers.vtl.values.numbers import double_text, integer_text
from appsync_resolvers.vtl.values.objects import (
    Array,
    Char,
    Entry,
    EntrySet,
    JavaClass,
    Scope,
    View,
)
from appsync_resolvers.vtl.values.text import to_string

_MAX_DEPTH = 400
_TICK = 1000
_BIG = 1000
_SMALL = 20_000
_STRICT = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
SCALARS = frozenset({str, int, float, bool, type(None)})
_TEXTS = frozenset({str})

Writer = Callable[[Any], str]


def to_json(value: Any) -> str:
    """Write JSON text as fast as possible.

    Numbers may be spelled in another way than AppSync does (`1e7` for `1.0E7`), which
    no reader of JSON can tell.
    """
    try:
        text = orjson.dumps(value)
    except TypeError:
        return to_exact_json(value)
    if len(text) > LONG:
        return checked(text.decode()) if len(text) <= 4 * MAX_TEXT else too_large()
    return text.decode()


def to_calculated_json(value: Any) -> str:
    """Write JSON text of a value that may hold what only calculating gives.

    Infinity and NaN are no numbers of JSON; Jackson writes them as strings.
    """
    return to_json(value) if is_portable(value) else to_exact_json(value)


def to_measured_json(value: Any) -> str:
    """Write JSON text of a value that may hold the same container many times."""
    measure(value)
    return to_calculated_json(value)


def is_portable(value: Any) -> bool:
    """Say whether every number in a JSON value is finite and has at most 64 bits."""
    try:
        text = orjson.dumps(value)
    except TypeError:
        return False
    return b"null" not in text or _is_finite(value)


def _is_finite(value: Any) -> bool:
    if type(value) is float:
        return math.isfinite(value)
    if type(value) is dict:
        return all(map(_is_finite, value.values()))
    return type(value) is not list or all(map(_is_finite, value))


def measure(value: Any) -> None:
    """Refuse a value that would be enormous when it is written out.

    Raises:
        EvaluationError: it has too many members, or contains itself.
    """
    sizes: dict[int, int] = {}

    def size(container: Any, depth: int) -> int:
        known = sizes.get(id(container))
        if known is not None:
            return known
        if depth > _MAX_DEPTH:
            raise failed("java.lang.StackOverflowError")
        members = container.values() if isinstance(container, dict) else container
        total = len(container) + 1
        for member in members:
            if isinstance(member, dict | list):
                total += size(member, depth + 1)
        if total > MAX_ITEMS:
            too_large()
        sizes[id(container)] = total
        return total

    if isinstance(value, dict | list):
        grow_by_members(size(value, 0))


def to_exact_json(value: Any) -> str:
    """Write JSON text in the very spelling of AppSync, which writes it with Jackson."""
    writer = _Writer()
    writer.add(value, 0)
    return checked("".join(writer.parts))


class _Writer:
    """Collects JSON text and watches its size and depth."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._size = 0

    def write(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_TEXT:
            too_large()
        self.parts.append(text)
        if not len(self.parts) % 1000:
            tick()

    def add(self, value: Any, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise failed("java.lang.StackOverflowError")
        value = _simple(value)
        if isinstance(value, dict):
            self._object(value, depth)
        elif isinstance(value, list):
            self._array(value, depth)
        else:
            self.write(_scalar(value))

    def _object(self, value: dict[Any, Any], depth: int) -> None:
        separator = "{"
        for key, member in value.items():
            self.write(separator + _quoted(_key(key)) + ":")
            self.add(member, depth + 1)
            separator = ","
        self.write("}" if value else "{}")

    def _array(self, value: list[Any], depth: int) -> None:
        separator = "["
        for member in value:
            self.write(separator)
            self.add(member, depth + 1)
            separator = ","
        self.write("]" if value else "[]")


def _quoted(text: str) -> str:
    quoted = encode_basestring(text)
    if "\\u00" in quoted:
        for code in (*range(0x0A, 0x10), *range(0x1A, 0x20)):
            quoted = quoted.replace(f"\\u{code:04x}", f"\\u{code:04X}")
    return str(quoted)


def _scalar(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is int:
        return integer_text(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        text = double_text(value)
        return text if text[-1].isdecimal() else f'"{text}"'
    return "null" if value is None else str(value)


def _key(key: Any) -> str:
    return "" if key is None else to_string(key)


def _simple(value: Any) -> Any:
    """Give the JSON value, or the container, that Jackson makes of an object."""
    kind = type(value)
    if kind in SCALARS or kind is dict or kind is list or kind is Decimal:
        return value
    if kind is Char:
        return str(value)
    if kind is Array:
        return _array_value(value)
    if isinstance(value, View):
        if type(value) is EntrySet:
            return [{entry.key: entry.value} for entry in value]
        return list(value)
    if kind is Entry:
        return {value.key: value.value}
    if kind is Scope:
        return value.storage
    if kind is JavaClass:
        return value.name
    return dict(value) if isinstance(value, dict) else {}


def _array_value(value: Array) -> Any:
    if value.component == "B":
        return base64.b64encode(bytes(byte % 256 for byte in value)).decode()
    if value.component == "C":
        return "".join(value)
    return list(value)


def plain(value: Any) -> Any:
    """Copy a value as the JSON value it would be after writing and reading it.

    Raises:
        EvaluationError: it contains itself, or is enormous.
    """
    kind = type(value)
    if kind in SCALARS:
        return value
    if (
        kind is dict
        and _is_flat(value.values())
        and _TEXTS.issuperset(map(type, value))
    ):
        return value.copy()
    if kind is list and _is_flat(value):
        return value.copy()
    copier = _Copier()
    copied = copier.copy(value, 0)
    if copier.count > _BIG:
        grow(copier.count)
    return copied


def plain_tree(value: Any) -> Any:
    """Copy a value like `plain`, faster; it must not hold one container many times.

    Written and read by a library in C: nobody looks at the clock meanwhile, so only
    what is small goes this way. `null` may have been NaN, which only `plain` keeps.
    """
    kind = type(value)
    if kind is not dict and kind is not list:
        return plain(value)
    try:
        text = orjson.dumps(value, option=_STRICT)
    except TypeError:
        return plain(value)
    if len(text) > _SMALL or b"null" in text:
        return plain(value)
    return orjson.loads(text)


def _is_flat(members: Collection[Any]) -> bool:
    """Say whether the members of a small container contain nothing."""
    return len(members) < _BIG and SCALARS.issuperset(map(type, members))


class _Copier:
    def __init__(self) -> None:
        self.count = 0
        self._next = _TICK

    def copy(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind in SCALARS:
            return value
        self.count += 1 + (len(value) if kind is dict or kind is list else 0)
        if depth > _MAX_DEPTH:
            raise failed("java.lang.StackOverflowError")
        if self.count > self._next:
            self._next += _TICK
            tick()
            if self.count > MAX_ITEMS:
                too_large()
        if kind is dict:
            copied = {
                key: member if type(member) in SCALARS else self.copy(member, depth + 1)
                for key, member in value.items()
            }
            if not all(type(key) is str for key in copied):
                copied = {_key(key): member for key, member in copied.items()}
            return copied
        if kind is list:
            return [
                member if type(member) in SCALARS else self.copy(member, depth + 1)
                for member in value
            ]
        if kind is Decimal:
            return _number(value)
        return self.copy(_simple(value), depth + 1)


def _number(value: Decimal) -> int | float:
    """Give the JSON number nearest to a decimal one.

    Raises:
        EvaluationError: there is none.
    """
    if value == value.to_integral_value():
        return int(value)
    nearest = float(value)
    if math.isinf(nearest):
        raise failed("The template cannot be evaluated: a number is too large")
    return nearest


def settle(container: Any) -> None:
    """Make a container plain in place, as far as a template may have filled it."""
    seen: set[int] = set()
    stack = [container]
    while stack:
        current = stack.pop()
        if id(current) in seen or type(current) not in (dict, list):
            continue
        seen.add(id(current))
        if type(current) is dict and not all(type(key) is str for key in current):
            pairs = [(_key(key), member) for key, member in current.items()]
            current.clear()
            current.update(pairs)
        members = current.items() if type(current) is dict else enumerate(current)
        for key, member in list(members):
            if type(member) in (dict, list):
                stack.append(member)
            elif type(member) not in SCALARS:
                current[key] = plain(member)
