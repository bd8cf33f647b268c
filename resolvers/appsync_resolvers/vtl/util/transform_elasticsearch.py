"""Filters as OpenSearch queries.

AWS's guide shows `eq`, `ne`, `range` and `wildcard`; the other operators and the shape
of groups are those of AWS's port of the helper for Amplify (amplify-cli,
`opensearch-utils.ts`).
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
    if not isinstance(value, bool):
        raise _Unwritable
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


class _Unwritable(Exception):
    """The filter has no query."""


def to_query(source: Any) -> dict[str, Any] | None:
    """Give the query of a filter, None when it has none."""
    try:
        return _all(_queries(source)) if source else None
    except _Unwritable:
        return None


def _queries(source: Any) -> list[Any]:
    if not isinstance(source, dict):
        raise _Unwritable
    return [_member(name, value) for name, value in source.items()]


def _all(queries: list[Any]) -> Any:
    return queries[0] if len(queries) == 1 else {"bool": {"must": queries}}


def _member(name: str, value: Any) -> Any:
    match name.lower():
        case "and":
            return {"bool": {"must": _alternatives(value)}}
        case "or":
            should = _alternatives(value)
            return {"bool": {"should": should, "minimum_should_match": 1}}
        case "not":
            return {"bool": {"must_not": _all(_queries(value))}}
    if not isinstance(value, dict):
        raise _Unwritable
    queries = []
    for operator, operand in value.items():
        if operator not in _OPERATORS:
            raise _Unwritable
        queries.append(_OPERATORS[operator](name, operand))
    return _all(queries)


def _alternatives(members: Any) -> list[Any]:
    if not isinstance(members, list) or not members:
        raise _Unwritable
    return [_all(_queries(member)) for member in members]
