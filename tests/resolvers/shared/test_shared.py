"""Every row of the tables, in both runtimes."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError

Row = dict[str, Any]
TYPES = {"js": "Code", "vtl": "MappingTemplate"}


def test_row(
    row: Row,
    runtime: str,
    run: Callable[..., Any],
    context_of: Callable[[Row], Context],
) -> None:
    context = context_of(row)
    if "failure" in row or "error" in row:
        with pytest.raises(EvaluationError) as caught:
            run(runtime, row["call"], context)
        check_error(row, caught.value, runtime)
        return
    before = time.time()
    value = run(runtime, row["call"], context)
    if "now_in" in row:
        assert int(before * row["now_in"]) <= value <= time.time() * row["now_in"]
    elif "effects" in row:
        check_effects(row, context)
    else:
        check_value(row, value)
    if "differs_each_time" in row:
        assert run(runtime, row["call"], context_of(row)) != value


def check_error(row: Row, error: EvaluationError, runtime: str) -> None:
    if "error" in row:
        assert row["error"] in error.message
        assert error.error_type == TYPES[runtime]
        return
    members = {name: getattr(error, name) for name in row["failure"]}
    assert members == row["failure"]


def check_effects(row: Row, context: Context) -> None:
    effects = context.effect()
    for name, expected in row["effects"].items():
        found = getattr(effects, name)
        if name == "errors" and expected and isinstance(expected[0], str):
            found = [error.error_type for error in found]
        elif name == "errors":
            found = [[e.message, e.error_type, e.data, e.error_info] for e in found]
        elif name == "cache_evictions":
            found = [list(eviction) for eviction in found]
        assert found == expected


def check_value(row: Row, value: Any) -> None:
    if "like" in row:
        assert re.fullmatch(row["like"], value)
    elif "from" in row:
        assert row["from"] <= value < row["below"]
        assert not row.get("whole") or value == int(value)
    else:
        if row.get("gives") == "json" and value is not None:
            value = json.loads(value)
        for key in row.get("at", ()):
            value = value[key]
        assert value == row["expected"]


@pytest.mark.aws_doc("devguide dynamodb-helpers-in-util-dynamodb: toX and toXJson")
def test_vtl_has_each_typed_value_as_a_map_and_as_json(
    rows: list[Row], run: Callable[..., Any], context_of: Callable[[Row], Context]
) -> None:
    typed = [row for row in rows if row["call"].startswith("dynamodb.to")]
    for row in typed:
        value = run("vtl", f"{row['call']}Json", context_of(row))
        assert (row["args"], value and json.loads(value)) == (
            row["args"],
            row["expected"],
        )


@pytest.mark.aws_doc("devguide rds-helpers-in-util-rds: toJsonString")
def test_vtl_has_rows_as_text_too(
    rows: list[Row], run: Callable[..., Any], context_of: Callable[[Row], Context]
) -> None:
    for row in (row for row in rows if row["call"] == "rds.toJsonObject"):
        value = run("vtl", "rds.toJsonString", context_of(row))
        assert (row["args"], value and json.loads(value)) == (
            row["args"],
            row["expected"],
        )
