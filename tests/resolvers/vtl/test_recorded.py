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
DIFFERENCES: dict[str, str] = json.loads((RECORDED / "differences.json").read_text())
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


def _agree(recorded: dict[str, Any], ours: dict[str, Any]) -> bool:
    if "e" in recorded:
        return "e" in ours
    return recorded == ours


@pytest.mark.parametrize(("group", "start"), _parts())
def test_templates_print_what_the_engine_prints(group: str, start: int) -> None:
    data = _load(group)
    different = []
    for template, recorded in data["cases"][start : start + SIZE]:
        ours = _answer(template, data["arguments"])
        known = template in DIFFERENCES
        if _agree(recorded, ours) == known:
            different.append((template, recorded, ours))
    assert different == []


def _agreeing_errors(groups: list[str], *, whole: bool) -> float:
    """Give the part of the errors whose messages are the engine's, or begin so."""
    total = same = 0
    for group in groups:
        data = _load(group)
        for template, recorded in data["cases"]:
            wanted = recorded.get("e")
            if wanted and template not in DIFFERENCES:
                ours = str(_answer(template, data["arguments"]).get("e"))
                total += 1
                same += ours == wanted or (
                    not whole
                    and ours.split("\n", maxsplit=1)[0] == wanted.split("\n")[0]
                )
    return same / total


def test_errors_have_the_engines_words() -> None:
    """Nearly all; a few differ in the list of what could have followed."""
    written_by_hand = [group for group in GROUPS if group != "mistakes"]
    assert _agreeing_errors(written_by_hand, whole=True) > 0.96
    assert _agreeing_errors(["mistakes"], whole=False) > 0.97


def test_differences_are_few() -> None:
    cases = sum(len(_load(group)["cases"]) for group in GROUPS)
    assert len(DIFFERENCES) <= cases * 0.005
