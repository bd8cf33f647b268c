"""Filters as DynamoDB expressions, in the form that AWS's service was recorded to give.

The rules are those of the EvaluateCode recordings in LocalStack's
`transformToDynamoDB…` snapshots: placeholders carry the path of groups, every leaf is
in parentheses, and what cannot be written gives null instead of an error.
"""

from typing import Any

from appsync_resolvers.vtl.util.dynamodb import typed

_COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_CALLS = {
    "contains": "contains({0},{1})",
    "notContains": "NOT contains({0},{1})",
    "beginsWith": "begins_with({0},{1})",
}
_TYPES = {
    "_null": "NULL",
    "string": "S",
    "stringSet": "SS",
    "number": "N",
    "numberSet": "NS",
    "binary": "B",
    "binarySet": "BS",
    "boolean": "BOOL",
    "list": "L",
    "map": "M",
}


class _Unwritable(Exception):
    """The filter has no expression."""


def to_expression(source: Any) -> dict[str, Any] | None:
    """Give expression, names and values of a filter, None when it has none."""
    if not isinstance(source, dict):
        return None
    expression = _Expression()
    try:
        text = expression.members(source, "")
    except _Unwritable:
        return None
    return {
        "expression": text,
        "expressionNames": expression.names,
        "expressionValues": expression.values,
    }


def _wrapped(parts: list[str], joiner: str) -> str:
    """Join parts; an empty one leaves its joiner, as it does on AWS."""
    joined = f" {joiner} ".join(parts)
    return f"({joined})" if len(parts) > 1 else joined


class _Expression:
    """Collects names and values while the text is written."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def members(self, source: dict[str, Any], path: str) -> str:
        """Write all members of a map, joined by AND; inside of others in parentheses.

        AWS was not recorded to write several fields in a `not`; without parentheses it
        would take only the first.
        """
        parts = []
        for name, value in source.items():
            if name in ("and", "or"):
                if not isinstance(value, list):
                    raise _Unwritable
                parts.append(self._group(name, value, path))
            elif name == "not":
                if not isinstance(value, dict):
                    raise _Unwritable
                parts.append(f"(NOT {self.members(value, f'{path}not_')})")
            else:
                parts.append(self._field(name, value, path))
        return _wrapped(parts, "AND") if path else " AND ".join(parts)

    def _group(self, name: str, members: list[Any], path: str) -> str:
        parts = []
        for index, member in enumerate(members):
            if not isinstance(member, dict):
                raise _Unwritable
            parts.append(self.members(member, f"{path}{name}_{index}_"))
        return _wrapped(parts, name.upper())

    def _field(self, name: str, operators: Any, path: str) -> str:
        if not isinstance(operators, dict):
            raise _Unwritable
        operand = f"#{name}"
        self.names[operand] = name
        return _wrapped(self._leaves(operand, operators, f":{path}{name}"), "AND")

    def _leaves(
        self, operand: str, operators: dict[str, Any], placeholder: str
    ) -> list[str]:
        parts = []
        for operator, value in operators.items():
            key = f"{placeholder}_{operator}"
            if operator == "size":
                if not isinstance(value, dict):
                    raise _Unwritable
                inner = operand if operand.startswith("size(") else f"size({operand})"
                parts.append(_wrapped(self._leaves(inner, value, key), "AND"))
            else:
                parts.append(f"({self._leaf(operand, operator, value, key)})")
        return parts

    def _leaf(self, operand: str, operator: str, value: Any, key: str) -> str:
        if operator in _COMPARISONS:
            return f"{operand} {_COMPARISONS[operator]} {self._value(key, value)}"
        if operator in _CALLS:
            return _CALLS[operator].format(operand, self._value(key, value))
        if operator == "between" and isinstance(value, list) and len(value) > 1:
            start = self._value(f"{key}_start", value[0])
            end = self._value(f"{key}_end", value[1])
            return f"{operand} BETWEEN {start} AND {end}"
        if operator == "in" and isinstance(value, list):
            keys = [
                self._value(f"{key}_{index}", item) for index, item in enumerate(value)
            ]
            return f"{operand} IN ({', '.join(keys)})" if keys else "null"
        if operator == "attributeExists" and isinstance(value, bool):
            return f"attribute_{'exists' if value else 'not_exists'}({operand})"
        if operator == "attributeType" and isinstance(value, str) and value in _TYPES:
            self.values[key] = {"S": _TYPES[value]}
            return f"attribute_type({operand},{key})"
        raise _Unwritable

    def _value(self, key: str, value: Any) -> str:
        self.values[key] = typed(value)
        return key
