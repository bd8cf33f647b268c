"""Every helper of AWS's guide, with what the guide says it gives."""

import json
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError
from appsync_resolvers.vtl import compile_template
from appsync_resolvers.vtl.util.registry import NAMESPACES

pytestmark = pytest.mark.aws_doc("devguide, the pages named in documented.json")

HERE = Path(__file__).parent
ROWS: list[dict[str, Any]] = json.loads(
    HERE.joinpath("documented.json").read_text("utf-8")
)["rows"]


def _id(row: dict[str, Any]) -> str:
    return str(row["function"])


@pytest.mark.parametrize("row", ROWS, ids=_id)
def test_a_helper_gives_what_the_guide_says(row: dict[str, Any]) -> None:
    context = Context(row.get("args", {}))
    handler = compile_template(row["template"])
    if row.get("fails"):
        with pytest.raises(EvaluationError) as caught:
            handler(context)
        found = {name: getattr(caught.value, name) for name in row["value"]}
        assert found == row["value"]
        return
    value = handler(context)
    assert (context.effect().logs if row.get("logs") else value) == row["value"]


def _shared() -> set[str]:
    """Name the helpers that the tables of both runtimes show, from sources of AWS."""
    names = set()
    for path in HERE.parent.joinpath("shared", "tables").glob("*.json"):
        table = json.loads(path.read_text("utf-8"))
        for row in table["rows"]:
            full = {**table, **row}
            if full["kind"] != "ours":
                call = full["call"]
                names.add(call if call.startswith("extensions.") else f"util.{call}")
    return names


@pytest.mark.ours("what AWS documents is shown by a row that is not ours alone")
def test_every_helper_has_a_row() -> None:
    offered = {f"{path}.{name}" for path, table in NAMESPACES.items() for name in table}
    shown = {row["function"] for row in ROWS} | _shared()
    assert offered - shown == set()
