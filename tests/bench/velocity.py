"""Mapping templates beside airspeed, the Velocity of Python's other AppSync mocks.

Both compile once. Our side makes the context anew each time, as the execution engine
does, and gives the JSON value; airspeed finds its names ready and gives the text.

Run as a program this module is our side's process.
"""

import sys
from pathlib import Path

from appsync_resolvers import Context, Info, Interrupted, Part
from appsync_resolvers.vtl import compile_template
from bench.compare import OURS, Case, Goal, Side, compare
from bench.measure import Operation, answer
from bench.report import Effort, Report
from bench.templates import INFO, SOURCE, TEMPLATES, arguments

PEER = Path(__file__).parents[2] / ".venv" / "bench"
"""airspeed's environment, made by `make bench`."""

FOUR_TIMES = 4
CASES = (
    Case("invoke", "Invoke, ten lines", FOUR_TIMES),
    Case("logic", "Invoke with #set and #if", FOUR_TIMES),
    Case("foreach", "#foreach over 100 items", FOUR_TIMES),
    Case("invoke-compile", "compile Invoke"),
    Case("logic-compile", "compile Invoke with #set and #if"),
    Case("foreach-compile", "compile #foreach"),
)


def operations() -> dict[str, Operation]:
    """Give our side's operations by case."""
    made: dict[str, Operation] = {}
    for key, text in TEMPLATES.items():
        made[key] = _evaluation(key, text)
        made[f"{key}-compile"] = _compilation(text)
    return made


def _evaluation(key: str, text: str) -> Operation:
    handler = compile_template(text)
    given = arguments(key)

    def evaluate() -> object:
        request = Part({"headers": {}, "domainName": None})
        context = Context(given, SOURCE, request=request, info=Info(INFO))
        try:
            return handler(context)
        except Interrupted:  # on a machine so busy that a moment is too short
            return handler.patiently(context)

    return evaluate


def _compilation(text: str) -> Operation:
    def compile_one() -> None:
        compile_template(text)

    return compile_one


def run(effort: Effort) -> list[Report]:
    """Compare our templates with airspeed's."""
    ours = Side(OURS, [sys.executable, "-m", "bench.velocity"])
    peer = Side(
        "airspeed",
        [str(PEER / "bin" / "python"), "-m", "bench.airspeed_side"],
        missing=None if (PEER / "ready").exists() else "make bench could not get it",
    )
    report = compare(
        "Mapping templates", CASES, Goal(faster=True), (ours, peer), effort
    )
    report.notes += [
        "ratio: airspeed's CPU time to ours, medians",
        "templates are compiled when an API is loaded, none is looked up by its text",
    ]
    return [report]


if __name__ == "__main__":
    answer(operations())
