"""Filters as OpenSearch queries.

AWS's guide shows `eq`, `ne`, `range` and `wildcard`; the other operators follow the
names of the query language.
"""

from collections.abc import Callable
from typing import Any


def _named(query: str) -> Callable[[str, Any], Any]:
    return lambda field, value: {query: {field: value}}


def _bound(name: str) -> Callable[[str, Any], Any]:
    return lambda field, value: {"range": {field: {name: value}}}


def _range(field: str, value: Any) -> Any:
    if not isinstance(value, list) or len(value) < 2:
        raise _Unwritable
    return {"range": {field: {"gte": value[0], "lte": value[1]}}}


def _exists(field: str, value: Any) -> Any:
    query = {"exists": {"field": field}}
    return query if value else {"bool": {"must_not": query}}


_OPERATORS: dict[str, Callable[[str, Any], Any]] = {
    "eq": _named("term"),
    "ne": lambda field, value: {"bool": {"must_not": {"term": {field: value}}}},
    "gt": _bound("gt"),
    "gte": _bound("gte"),
    "lt": _bound("lt"),
    "lte": _bound("lte"),
    "range": _range,
    "match": _named("match"),
    "matchPhrase": _named("match_phrase"),
    "matchPhrasePrefix": _named("match_phrase_prefix"),
    "wildcard": _named("wildcard"),
    "regexp": _named("regexp"),
    "multiMatch": _named("multi_match"),
    "exists": _exists,
}
_GROUPS = {"and": "must", "or": "should", "not": "must_not"}


class _Unwritable(Exception):
    """The filter has no query."""


def to_query(source: Any) -> dict[str, Any] | None:
    """Give the query of a filter, None when it has none."""
    if not isinstance(source, dict):
        return None
    try:
        return _all(source)
    except _Unwritable:
        return None


def _all(source: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"must": [_member(name, value) for name, value in source.items()]}}


def _member(name: str, value: Any) -> Any:
    if name in _GROUPS:
        members = value if isinstance(value, list) else [value]
        return {"bool": {_GROUPS[name]: [_single(member) for member in members]}}
    if not isinstance(value, dict):
        raise _Unwritable
    queries = []
    for operator, operand in value.items():
        if operator not in _OPERATORS:
            raise _Unwritable
        queries.append(_OPERATORS[operator](name, operand))
    return queries[0] if len(queries) == 1 else {"bool": {"must": queries}}


def _single(member: Any) -> Any:
    if not isinstance(member, dict):
        raise _Unwritable
    if len(member) == 1:
        return _member(*next(iter(member.items())))
    return _all(member)
