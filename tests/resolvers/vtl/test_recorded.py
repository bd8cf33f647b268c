"""What Velocity 1.7 makes of more than 4,000 templates, and what we make of them."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import (
    Context,
    EarlyReturn,
    EvaluationError,
    TemplateRejected,
)
from appsync_resolvers.vtl import render

pytestmark = pytest.mark.aws_doc(
    "Velocity 1.7 (the engine AWS's guide links), recorded by recording/record.py"
)

RECORDED = Path(__file__).parent / "recorded"
DIFFERENCES = json.loads((RECORDED / "differences.json").read_text("utf-8"))
"""Templates on which we differ, by how, see recorded/README.md."""
GROUPS = sorted(
    path.stem
    for path in RECORDED.glob("*.json")
    if path.stem not in ("differences", "json", "dates", "regexes")
)
SIZE = 100


def _load(group: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((RECORDED / f"{group}.json").read_text())
    return data


def _parts() -> list[Any]:
    return [
        pytest.param(group, start, id=f"{group}-{start}")
        for group in GROUPS
        for start in range(0, len(_load(group)["cases"]), SIZE)
    ]


def _answer(template: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Render a template as the engine was told to."""
    preamble = "".join(f"#set(${name}=$ctx.args.{name})" for name in arguments)
    try:
        return {"o": render(preamble + template, Context(copy.deepcopy(arguments)))}
    except EarlyReturn as early:
        return {"r": early.value}
    except (EvaluationError, TemplateRejected) as error:
        return {"e": error.message}


def _difference(recorded: dict[str, Any], ours: dict[str, Any]) -> str:
    """Say how we differ: an empty text, or one of the keys of `differences.json`."""
    if "e" not in recorded or "e" not in ours:
        wanted = {key: value for key, value in recorded.items() if key != "k"}
        return "" if wanted == ours else "outcomes"
    if recorded["e"] is None:  # the engine fails without a word
        return ""
    wanted, words = recorded["e"].strip(), str(ours["e"]).strip()
    if wanted == words:
        return ""
    same = wanted.split("\n")[0] == words.split("\n")[0]
    return "lists" if same else "messages"


def _listed(template: str) -> str:
    for name in ("outcomes", "messages"):
        if template in DIFFERENCES[name]:
            return name
    return "lists" if template in DIFFERENCES["lists"]["templates"] else ""


@pytest.mark.parametrize(("group", "start"), _parts())
def test_templates_print_what_the_engine_prints(group: str, start: int) -> None:
    """A listed difference that is none any more fails, too."""
    data = _load(group)
    different = []
    for template, recorded in data["cases"][start : start + SIZE]:
        ours = _answer(template, data["arguments"])
        if _difference(recorded, ours) != _listed(template):
            different.append((template, recorded, ours))
    assert different == []


def test_differences_are_few() -> None:
    cases = {template for group in GROUPS for template, _ in _load(group)["cases"]}
    known = {*DIFFERENCES["outcomes"], *DIFFERENCES["messages"]}
    lists = set(DIFFERENCES["lists"]["templates"])
    assert known | lists <= cases
    assert len(known) <= len(cases) * 0.005
    assert len(lists) <= len(cases) * 0.01


def test_the_readme_tells_every_reason() -> None:
    text = " ".join((RECORDED / "README.md").read_text("utf-8").split())
    reasons = {*DIFFERENCES["outcomes"].values(), *DIFFERENCES["messages"].values()}
    for reason in (*reasons, DIFFERENCES["lists"]["reason"]):
        assert reason in text
