"""`$util.rds`."""

from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.json_read import read_value
from appsync_resolvers.vtl.json_write import to_json
from appsync_resolvers.vtl.methods.table import Table, method

RDS: Table = {}


def to_rows(result: Any) -> list[list[dict[str, Any]]] | None:
    """Give the rows of each statement of an RDS Data API result.

    None for anything else.

    Columns without a value are left out; a statement that returns no rows gives one
    empty row, as recorded from AWS (its guide says an empty list).
    """
    if isinstance(result, str):
        result = read_value(result)
    statements = result.get("sqlStatementResults") if isinstance(result, dict) else None
    if not isinstance(statements, list):
        return None
    return [_rows(statement) for statement in statements]


def _rows(statement: Any) -> list[dict[str, Any]]:
    if not isinstance(statement, dict) or statement.get("records") is None:
        return [{}]
    columns = [
        column.get("label") or column.get("name")
        for column in statement.get("columnMetadata") or []
    ]
    rows = []
    for record in statement["records"]:
        values = zip(columns, map(_value, record), strict=False)
        rows.append({name: value for name, value in values if value is not None})
    return rows


def _value(field: Any) -> Any:
    if not isinstance(field, dict) or field.get("isNull"):
        return None
    for name, value in field.items():
        if name == "arrayValue":
            return _array(value)
        if name in (
            "stringValue",
            "longValue",
            "doubleValue",
            "booleanValue",
            "blobValue",
        ):
            return value
    return None


def _array(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    for name, members in value.items():
        if name == "arrayValues":
            return [_array(member) for member in members]
        return members
    return []


@method(RDS, "toJsonObject", "s")
def to_json_object(_context: Context, text: str | None) -> Any:
    """Turn an RDS result into a list of rows per statement."""
    return to_rows(text)


@method(RDS, "toJsonString", "s")
def to_json_string(_context: Context, text: str | None) -> str:
    """Turn an RDS result into JSON text."""
    return to_json(to_rows(text))
