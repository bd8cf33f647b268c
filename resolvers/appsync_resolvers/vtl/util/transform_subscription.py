"""Filters as groups of a subscription filter.

Groups are alternatives, the filters in one all have to hold. Nothing is checked here;
operators pass as they are.

The rules are those recorded from the EvaluateCode API in LocalStack's
`transformToSubscriptionFilter` snapshots.
"""

from typing import Any

from appsync_resolvers.vtl.values.failure import MAX_ITEMS, too_large

Filter = dict[str, Any]
Groups = list[list[Filter]]


def to_filter(source: Any, ignored: list[Any], rules: Any) -> dict[str, Any] | None:
    """Give the filter groups of a filter, None when it is no map."""
    if not isinstance(source, dict):
        return None
    groups = _expand([[]], source, ignored)
    if isinstance(rules, dict):
        groups = _crossed(groups, _alternatives(rules))
    kept = [group for group in groups if group]
    return {"filterGroup": [{"filters": group} for group in kept]}


def _expand(groups: Groups, source: dict[str, Any], ignored: list[Any]) -> Groups:
    for name, value in source.items():
        if name in ignored:
            continue
        if name == "and" and isinstance(value, list):
            for member in value:
                if isinstance(member, dict):
                    groups = _crossed(groups, _expand([[]], member, ignored))
        elif name == "or" and isinstance(value, list):
            alternatives: Groups = []
            for member in value:
                if isinstance(member, dict):
                    alternatives += _expand([[]], member, ignored)
            groups = _crossed(groups, alternatives)
        elif isinstance(value, dict):
            groups = _crossed(groups, _alternatives({name: value}))
    return groups


def _alternatives(fields: dict[str, Any]) -> Groups:
    return [
        [{"fieldName": name, "operator": operator, "value": value}]
        for name, operators in fields.items()
        if isinstance(operators, dict)
        for operator, value in operators.items()
    ]


def _crossed(groups: Groups, others: Groups) -> Groups:
    if not others:
        return groups
    if len(groups) * len(others) * max(map(len, groups), default=1) > MAX_ITEMS // 10:
        too_large()
    return [group + other for group in groups for other in others]
