"""`toString()` of every value."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from appsync_resolvers.vtl.limits import tick
from appsync_resolvers.vtl.values.failure import MAX_TEXT, failed, too_large
from appsync_resolvers.vtl.values.kinds import class_name
from appsync_resolvers.vtl.values.numbers import double_text, integer_text
from appsync_resolvers.vtl.values.objects import (
    Array,
    Block,
    Char,
    Entry,
    JavaClass,
    Scope,
    View,
)

_MAX_DEPTH = 200


def text(value: Any, null: str) -> str:
    """Give what Velocity prints for a value.

    Args:
        value: any value.
        null: what stands in the template, printed when there is no value.
    """
    if value is None:
        return null
    if type(value) is Block:
        rendered = value.render()
        return null if rendered is None else rendered
    return to_string(value)


def to_string(value: Any) -> str:
    """Give `String.valueOf(value)`.

    Raises:
        EvaluationError: the text gets too long, or the value contains itself.
    """
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is int:
        return integer_text(value)
    if kind is bool:
        return "true" if value else "false"
    if value is None:
        return "null"
    if kind is float:
        return double_text(value)
    if kind is Decimal or kind is Char:
        return str(value)
    parts = _Parts()
    parts.add(value, 0)
    return "".join(parts.texts)


class _Parts:
    """Collects the text of a container and watches its size."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._size = 0
        self._writes = 0

    def write(self, text: str) -> None:
        self._size += len(text)
        self._writes += 1
        if not self._writes % 1000:
            tick()
        if self._size > MAX_TEXT:
            too_large()
        self.texts.append(text)

    def add(self, value: Any, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise failed("java.lang.StackOverflowError")
        if isinstance(value, dict):
            self._pairs(value, depth)
        elif type(value) is list:
            self._items(value, depth, value)
        elif isinstance(value, View):
            self._items(value, depth, value.map)
        elif type(value) is Entry:
            self._member(value.key, value, depth)
            self.write("=")
            self._member(value.value, value, depth)
        else:
            self.write(_object_text(value))

    def _pairs(self, value: dict[Any, Any], depth: int) -> None:
        self.write("{")
        first = True
        for key, member in value.items():
            if not first:
                self.write(", ")
            first = False
            self._member(key, value, depth)
            self.write("=")
            self._member(member, value, depth)
        self.write("}")

    def _items(self, items: Iterable[Any], depth: int, owner: Any) -> None:
        self.write("[")
        first = True
        for item in items:
            if not first:
                self.write(", ")
            first = False
            self._member(item, owner, depth)
        self.write("]")

    def _member(self, value: Any, owner: Any, depth: int) -> None:
        if value is owner:
            self.write("(this Map)" if isinstance(owner, dict) else "(this Collection)")
        elif isinstance(value, dict | list | View | Entry):
            self.add(value, depth + 1)
        else:
            self.write(to_string(value))


def _object_text(value: Any) -> str:
    if type(value) is JavaClass:
        return f"class {value.name}"
    if type(value) is Scope:
        return to_string(value.storage)
    if type(value) is Block:
        return value.render() or "null"
    name = class_name(value)
    if type(value) is Array:
        name = "[" + value.component
    return f"{name}@{id(value) & 0xFFFFFFFF:x}"
