"""`make bench`, or `python -m bench [SUITE…]` with `tests` on PYTHONPATH."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from bench import hostile, javascript, lambdas, realtime, velocity
from bench.compare import Silence
from bench.report import Effort, Report

Suite = Callable[[Effort], list[Report]]

SUITES: dict[str, Suite] = {
    "javascript": javascript.run,
    "velocity": velocity.run,
    "hostile": hostile.run,
    "realtime": realtime.run,
    "lambdas": lambdas.run,
}


def main() -> int:
    """Run suites one after the other and print each as soon as it is done.

    Returns:
        The exit code: 0 whatever the figures are, 1 if a suite could not be finished.
    """
    asked = _arguments()
    effort = Effort(asked.rounds, asked.seconds, asked.patience)
    start = monotonic()
    made: dict[str, Any] = {"machine": _machine()}
    stopped = 0
    for name in asked.suite:
        try:
            reports = SUITES[name](effort)
        except Silence as silence:
            sys.stdout.write(f"== {name} was not finished: {silence}\n\n")
            stopped = 1
            continue
        for report in reports:
            sys.stdout.write(f"{report.text()}\n")
            sys.stdout.flush()
        made[name] = {report.title: report.figures for report in reports}
    sys.stdout.write(f"{_machine()}; {monotonic() - start:.0f} s\n")
    if asked.json is not None:
        asked.json.write_text(json.dumps(made, indent=1) + "\n")
    return stopped


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench", description=__doc__)
    names = ", ".join(SUITES)
    parser.add_argument(
        "suite", nargs="*", default=[*SUITES], help=f"of {names}; all if none is named"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--seconds", type=float, default=0.2, help="per operation, side and round"
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=0.5,
        help="limit of a hostile evaluation; the server's is 10",
    )
    asked = parser.parse_args()
    if unknown := set(asked.suite) - set(SUITES):
        parser.error(f"no such suite: {', '.join(sorted(unknown))}; there are {names}")
    return asked


def _machine() -> str:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} CPUs "
        f"({platform.machine()}), load {load}"
    )


if __name__ == "__main__":
    sys.exit(main())
