"""Enhanced filters: what `extensions.setSubscriptionFilter` is given, compiled.

    {"filterGroup": [{"filters": [{"fieldName", "operator", "value"}, …]}, …]}

All rules of `filters` must hold, for one entry of `filterGroup` at least. The same form
serves `extensions.setSubscriptionInvalidationFilter`. Source, unless said otherwise:
AppSync developer guide, extensions, and defining enhanced subscription filters.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import orjson

from appsync_emulator.realtime.refusals import StartRejected
from appsync_emulator.realtime.subscription import Accept
from appsync_emulator.types import JSON

MAX_FIELDS = 5
MAX_GROUP = 10
MAX_STRING = 256
MAX_DEPTH = 5
MAX_VALUES = {"in": 5, "notIn": 5, "containsAny": 20, "between": 2}

Test = Callable[[Any, Any], bool]
"""(value of the event, value of the rule) -> whether the rule holds."""

Rule = tuple[tuple[str, ...], Test, Any]


def compile_filter(value: JSON) -> Accept:
    """Make a filter ready to be asked; equal filters give the same object.

    Args:
        value: the argument of `setSubscriptionFilter` or of
            `setSubscriptionInvalidationFilter`.

    Raises:
        StartRejected: it is not a filter, or it exceeds a limit.
    """
    try:
        return _compiled(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))
    except TypeError as error:  # not JSON: an integer beyond 64 bits
        raise _rejected(f"Invalid subscription filter: {error}.") from error


@lru_cache(maxsize=1024)
def _compiled(text: bytes) -> Accept:
    value = orjson.loads(text)
    group = value.get("filterGroup") if isinstance(value, dict) else None
    if not isinstance(group, list):
        raise _rejected("Invalid subscription filter: filterGroup must be a list.")
    alternatives = [_read_rules(entry) for entry in group]
    # `in` counts as that many alternatives.
    if sum(_branches(rules) for rules in alternatives) > MAX_GROUP:
        raise _rejected(
            f"Filters exceed maximum filter group limit {MAX_GROUP} for subscription"
        )
    kept = [_shallow(rules) for rules in alternatives]

    def accept(tree: JSON) -> bool:
        # Lists at the top are ignored; a filter without any rule restricts nothing,
        # which is what transforming an empty argument gives.
        if not isinstance(tree, dict):
            return False
        return not kept or any(_hold(rules, tree) for rules in kept)

    return accept


def _hold(rules: list[Rule], tree: dict[str, JSON]) -> bool:
    return bool(rules) and all(
        test(_value_at(path, tree), wanted) for path, test, wanted in rules
    )


def _value_at(path: tuple[str, ...], tree: JSON) -> JSON:
    """Give the value below `tree`, None when there is none.

    What was not selected is absent here too, and an absent value holds no rule, not
    even `ne`; what AppSync does there is not documented.
    """
    for name in path:
        if not isinstance(tree, dict):
            return None
        tree = tree.get(name)
    return tree


def _read_rules(entry: Any) -> list[Rule]:
    filters = entry.get("filters") if isinstance(entry, dict) else None
    if not isinstance(filters, list):
        raise _rejected("Invalid subscription filter: filters must be a list.")
    rules = [_read_rule(rule) for rule in filters]
    if len({path for path, _, _ in rules}) > MAX_FIELDS:
        # Observed: amplify-flutter #6142.
        raise _rejected(
            f"Filters exceed maximum attributes limit {MAX_FIELDS} for subscription"
        )
    return rules


def _read_rule(rule: Any) -> Rule:
    if not isinstance(rule, dict):
        raise _rejected("Invalid subscription filter: a rule must be an object.")
    name, operator = rule.get("fieldName"), rule.get("operator")
    if (
        not isinstance(name, str)
        or not isinstance(operator, str)
        or operator not in _TESTS
    ):
        found = orjson.dumps(rule).decode()
        raise _rejected(
            f"Invalid subscription filter: no known fieldName and operator in {found}."
        )
    value = rule.get("value")
    _check_value(operator, value)
    return tuple(name.split(".")), _TESTS[operator], value


def _check_value(operator: str, value: Any) -> None:
    limit = MAX_VALUES.get(operator)
    values = value if isinstance(value, list) else [value]
    if limit is not None and len(values) > limit:
        # Observed: amplify-category-api #740.
        raise _rejected(
            f"subscription exceeds maximum value limit {limit} for operator "
            f"`{operator}`."
        )
    if (
        isinstance(value, list) != (limit is not None)
        or (operator == "between" and len(values) != limit)
        or not all(_allowed(one, operator) for one in values)
    ):
        raise _rejected(f"Invalid value for operator `{operator}`.")


def _allowed(value: Any, operator: str) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_STRING
    if isinstance(value, bool):
        return operator in ("eq", "ne")
    return isinstance(value, int | float) and operator != "beginsWith"


def _branches(rules: list[Rule]) -> int:
    return math.prod(len(value) for _, test, value in rules if test is _in)


def _shallow(rules: list[Rule]) -> list[Rule]:
    """Leave out rules for fields below level five, as AppSync does."""
    return [rule for rule in rules if len(rule[0]) <= MAX_DEPTH]


def _rejected(message: str) -> StartRejected:
    # The form is observed (amplify-category-api #740). So are the words for `in` and
    # for attributes; the others are ours, because nobody recorded AppSync's.
    return StartRejected([{"message": message, "errorCode": 400}])


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


_TESTS: dict[str, Test] = {
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
