"""Enhanced filters: what `extensions.setSubscriptionFilter` is given, compiled.

    {"filterGroup": [{"filters": [{"fieldName", "operator", "value"}, …]}, …]}

All rules of `filters` must hold, for one entry of `filterGroup` at least. The same form
serves `extensions.setSubscriptionInvalidationFilter`. Source, unless said otherwise:
AppSync developer guide, extensions, and defining enhanced subscription filters.
"""

import math
from collections.abc import Callable, Hashable
from itertools import product
from typing import Any
from weakref import WeakValueDictionary

import orjson

from appsync_emulator.realtime.refusals import StartRejected
from appsync_emulator.realtime.rules import OPERATORS, Rule
from appsync_emulator.realtime.values import Path, hashable
from appsync_emulator.types import JSON

MAX_FIELDS = 5
MAX_GROUP = 10
MAX_STRING = 256
MAX_DEPTH = 5
MAX_VALUES = {"in": 5, "notIn": 5, "containsAny": 20, "between": 2}

Key = tuple[tuple[Path, ...], tuple[Hashable, ...]]
"""Some fields and, one for one, the values that they must have."""


class Filter:
    """A filter, ready to be asked.

    Attributes:
        alternatives: the rules of each entry of `filterGroup`.
        keys: an event that passes has the values of one of these; None when nothing of
            the kind can be said, so that the filter has to be asked for every event.
    """

    __slots__ = ("__weakref__", "alternatives", "keys")

    def __init__(self, alternatives: list[list[Rule]]) -> None:
        self.alternatives = alternatives
        self.keys = _keys(alternatives)

    def __call__(self, tree: JSON) -> bool:
        """Tell whether an event passes.

        Lists at the top are ignored; a filter without any rule restricts nothing,
        which is what transforming an empty argument gives.
        """
        if not isinstance(tree, dict):
            return False
        alternatives = self.alternatives
        if not alternatives:
            return True
        for rules in alternatives:
            for rule in rules:
                if not rule.holds(tree):
                    break
            else:
                if rules:
                    return True
        return False

    def explain(self, tree: JSON, show: Callable[[JSON], str]) -> str:
        """Say which rule keeps each group of rules from passing an event.

        Args:
            tree: an event that does not pass.
            show: writes a value.
        """
        if not isinstance(tree, dict):
            return "enhanced filters ignore events that are not objects"
        reasons = [_explain(rules, tree, show) for rules in self.alternatives]
        return "; or ".join(dict.fromkeys(reasons))


_known: WeakValueDictionary[bytes, Filter] = WeakValueDictionary()


def compile_filter(value: JSON) -> Filter:
    """Make a filter ready to be asked; equal filters in use are one object.

    Args:
        value: the argument of `setSubscriptionFilter` or of
            `setSubscriptionInvalidationFilter`.

    Raises:
        StartRejected: it is not a filter, or it exceeds a limit.
    """
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:  # not JSON: an integer beyond 64 bits
        raise _rejected(f"Invalid subscription filter: {error}.") from error
    known = _known.get(text)
    if known is None:
        known = _known[text] = _compiled(orjson.loads(text))
    return known


def _compiled(value: Any) -> Filter:
    group = value.get("filterGroup") if isinstance(value, dict) else None
    if not isinstance(group, list):
        raise _rejected("Invalid subscription filter: filterGroup must be a list.")
    alternatives = [_read_rules(entry) for entry in group]
    # `in` counts as that many alternatives.
    if sum(_branches(rules) for rules in alternatives) > MAX_GROUP:
        raise _rejected(
            f"Filters exceed maximum filter group limit {MAX_GROUP} for subscription"
        )
    return Filter([_shallow(rules) for rules in alternatives])


def _keys(alternatives: list[list[Rule]]) -> tuple[Key, ...] | None:
    if not alternatives:
        return None
    keys: dict[Key, None] = {}
    for rules in alternatives:
        wanted: dict[Path, list[Hashable]] = {}
        for rule in rules:
            if rule.operator == "eq":
                wanted[rule.path] = [hashable(rule.value)]
            elif rule.operator == "in":
                wanted.setdefault(rule.path, [hashable(one) for one in rule.value])
        if rules and not wanted:
            return None
        if rules:
            paths = tuple(sorted(wanted))
            values = product(*(wanted[path] for path in paths))
            keys |= dict.fromkeys((paths, one) for one in values)
    return tuple(keys)


def _explain(rules: list[Rule], tree: JSON, show: Callable[[JSON], str]) -> str:
    for rule in rules:
        if not rule.holds(tree):
            return rule.describe(tree, show)
    return f"all its fields are deeper than level {MAX_DEPTH}"


def _read_rules(entry: Any) -> list[Rule]:
    filters = entry.get("filters") if isinstance(entry, dict) else None
    if not isinstance(filters, list):
        raise _rejected("Invalid subscription filter: filters must be a list.")
    rules = [_read_rule(rule) for rule in filters]
    if len({rule.path for rule in rules}) > MAX_FIELDS:
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
        or operator not in OPERATORS
    ):
        found = orjson.dumps(rule).decode()
        raise _rejected(
            f"Invalid subscription filter: no known fieldName and operator in {found}."
        )
    value = rule.get("value")
    _check_value(operator, value)
    return Rule(tuple(name.split(".")), operator, OPERATORS[operator], value)


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
    return math.prod(len(rule.value) for rule in rules if rule.operator == "in")


def _shallow(rules: list[Rule]) -> list[Rule]:
    """Leave out rules for fields below level five, as AppSync does."""
    return [rule for rule in rules if len(rule.path) <= MAX_DEPTH]


def _rejected(message: str) -> StartRejected:
    # The form is observed (amplify-category-api #740). So are the words for `in` and
    # for attributes; the others are ours, because nobody recorded AppSync's.
    return StartRejected([{"message": message, "errorCode": 400}])
