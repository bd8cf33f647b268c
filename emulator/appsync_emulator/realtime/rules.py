"""The operators of enhanced filters, one function each.

Source: AppSync developer guide, extensions, the table of operators. A value that is not
there holds no rule, not even `ne`; what AppSync does then is not documented.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from appsync_emulator.realtime.values import Path, is_selected, value_at
from appsync_emulator.types import JSON

Test = Callable[[Any, Any], bool]
"""(value of the event, value of the rule) -> whether the rule holds."""


class Rule(NamedTuple):
    """One rule of a filter.

    Attributes:
        path: `fieldName`, taken apart at its dots.
        operator: a key of `OPERATORS`, and `test` its value.
        value: what the event's is held against.
    """

    path: Path
    operator: str
    test: Test
    value: Any

    def holds(self, tree: JSON) -> bool:
        """Tell whether an event passes."""
        return self.test(value_at(self.path, tree), self.value)

    def describe(self, tree: JSON, show: Callable[[JSON], str]) -> str:
        """Say what the rule wants and what an event has.

        Args:
            tree: the event.
            show: writes a value.
        """
        name = ".".join(self.path)
        if is_selected(self.path, tree):
            found = f"the event has {show(value_at(self.path, tree))}"
        else:
            found = "the mutation did not select it"
        return f"{name} {self.operator} {show(self.value)}: {found}"


def _same(value: Any, wanted: Any) -> bool:
    """Compare strictly: 1 and 1.0 are equal, 1 and true or "1" are not."""
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _comparable(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) or isinstance(wanted, str):
        return isinstance(value, str) and isinstance(wanted, str)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _has(value: Any, wanted: Any) -> bool:
    if isinstance(value, list):
        return any(_same(one, wanted) for one in value)
    if isinstance(value, str) and isinstance(wanted, str):
        return wanted in value
    return _same(value, wanted)


def _in(value: Any, wanted: Any) -> bool:
    return any(_same(value, one) for one in wanted)


def _between(value: Any, wanted: Any) -> bool:
    # Without the ends: the guide's example says that [1, 5] lets 2, 3 and 4 pass.
    low, high = wanted
    return (
        _comparable(value, low)
        and _comparable(value, high)
        and bool(low < value < high)
    )


OPERATORS: dict[str, Test] = {
    "eq": _same,
    "ne": lambda value, wanted: value is not None and not _same(value, wanted),
    "le": lambda value, wanted: _comparable(value, wanted) and value <= wanted,
    "lt": lambda value, wanted: _comparable(value, wanted) and value < wanted,
    "ge": lambda value, wanted: _comparable(value, wanted) and value >= wanted,
    "gt": lambda value, wanted: _comparable(value, wanted) and value > wanted,
    "contains": _has,
    "notContains": lambda value, wanted: value is not None and not _has(value, wanted),
    "beginsWith": lambda value, wanted: (
        isinstance(value, str) and value.startswith(wanted)
    ),
    "in": _in,
    "notIn": lambda value, wanted: value is not None and not _in(value, wanted),
    "between": _between,
    "containsAny": lambda value, wanted: any(_has(value, one) for one in wanted),
}
"""By the names that `operator` may have; they are case-sensitive."""
