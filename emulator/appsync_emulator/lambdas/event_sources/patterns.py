"""Filter patterns, by which Lambda leaves out messages (`FilterCriteria`).

Rules from the Lambda developer guide, "Filter rule syntax" and "Using event filtering
with an Amazon SQS event source", and EventBridge's comparison operators.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import orjson

from appsync_emulator.types import JSON

MISSING: Any = object()
"""Stands for a member that is not there, which is not the same as null."""


def message_matches(patterns: Sequence[Mapping[str, JSON]], record: JSON) -> bool:
    """Tell whether a record of SQS matches one of the patterns, or there are none."""
    return not patterns or any(_record_matches(one, record) for one in patterns)


def _record_matches(pattern: Mapping[str, JSON], record: JSON) -> bool:
    """Hold a record against a pattern; where both have a body, their forms must agree.

    A body that is JSON never matches a pattern for plain text, nor the other way round.
    """
    wanted = pattern.get("body")
    if wanted is None:
        return matches(pattern, record)
    body = _object(record["body"])
    if isinstance(wanted, dict) != isinstance(body, dict):
        return False
    return matches(
        pattern, {**record, "body": record["body"] if body is None else body}
    )


def _object(text: str) -> JSON:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def matches(pattern: Mapping[str, JSON], value: JSON) -> bool:
    """Tell whether every part of a pattern matches."""
    for name, wanted in pattern.items():
        if name == "$or" and isinstance(wanted, list):
            if not any(matches(one, value) for one in wanted):
                return False
            continue
        found = value.get(name, MISSING) if isinstance(value, dict) else MISSING
        if isinstance(wanted, dict):
            if not _nested(wanted, found):
                return False
        elif not any(_rule(rule, found) for rule in wanted):
            return False
    return True


def _nested(wanted: Mapping[str, JSON], found: JSON) -> bool:
    if isinstance(found, list):
        return any(matches(wanted, one) for one in found)
    return matches(wanted, found if isinstance(found, dict) else {})


def _rule(rule: JSON, found: JSON) -> bool:
    """Tell whether one rule of a list holds; of a list of values one must fit."""
    if isinstance(rule, dict) and "exists" in rule:
        return (found is not MISSING) is bool(rule["exists"])
    if found is MISSING:
        return False
    values = found if isinstance(found, list) else [found]
    if isinstance(rule, dict) and "anything-but" in rule:
        return not any(_excluded(rule["anything-but"], one) for one in values)
    return any(_fits(rule, one) for one in values)


def _excluded(rule: JSON, value: JSON) -> bool:
    rules = rule if isinstance(rule, list) else [rule]
    return any(_fits(one, value) for one in rules)


def _fits(rule: JSON, value: JSON) -> bool:
    if not isinstance(rule, dict):
        return _equal(rule, value)
    for name, argument in rule.items():
        test = _TESTS.get(name)
        if test is None or not test(argument, value):
            return False
    return bool(rule)


def _equal(rule: JSON, value: JSON) -> bool:
    if isinstance(rule, bool) or isinstance(value, bool):
        return rule is value
    return bool(rule == value)


def _numeric(argument: JSON, value: JSON) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    pairs = zip(argument[::2], argument[1::2], strict=False)
    return all(sign in _SIGNS and _SIGNS[sign](value, than) for sign, than in pairs)


def _texts(test: Callable[[str, str], bool]) -> Callable[[JSON, JSON], bool]:
    """Make a test of texts; `{"equals-ignore-case": …}` may stand for the text."""

    def texts(argument: JSON, value: JSON) -> bool:
        if not isinstance(value, str):
            return False
        if isinstance(argument, list):  # in anything-but
            return any(texts(one, value) for one in argument)
        if isinstance(argument, dict):
            argument, value = argument.get("equals-ignore-case"), value.lower()
            argument = argument.lower() if isinstance(argument, str) else None
        return isinstance(argument, str) and test(value, argument)

    return texts


@cache
def _wildcard(pattern: str) -> re.Pattern[str]:
    """Compile a pattern with `*`, which a backslash takes literally."""
    parts = re.split(r"(\\.|\*)", pattern)
    text = "".join(
        ".*" if part == "*" else re.escape(part.removeprefix("\\")) for part in parts
    )
    return re.compile(text, re.DOTALL)


_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda value, than: value == than,
    "<": lambda value, than: value < than,
    "<=": lambda value, than: value <= than,
    ">": lambda value, than: value > than,
    ">=": lambda value, than: value >= than,
}

_TESTS: dict[str, Callable[[JSON, JSON], bool]] = {
    "equals-ignore-case": _texts(lambda value, wanted: value.lower() == wanted.lower()),
    "numeric": _numeric,
    "prefix": _texts(str.startswith),
    "suffix": _texts(str.endswith),
    "wildcard": _texts(lambda value, wanted: bool(_wildcard(wanted).fullmatch(value))),
}
