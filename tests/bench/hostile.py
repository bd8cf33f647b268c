"""Resolver code that means harm, while the event loop has other things to do.

Every script and template runs as the resolver of a field with a NONE data source, on
the server's event loop. A coroutine that wants to run each millisecond tells how long
nothing else could. After each of them a good resolver in each language must give its
value. Code that would be refused on loading is run as if it were not.

On a busy machine other processes hold the loop up as well. So a stall is judged by the
CPU time that our process used in it; the wall time stands beside it, and the control is
the longest stall of a process that does nothing.

The process that is attacked is `victim.py`.
"""

import sys
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any

from bench import corpus
from bench.compare import Running, Side, Silence
from bench.report import Effort, Report

CORPORA = {"APPSYNC_JS": corpus.scripts, "VTL": corpus.templates}
CONTROL = ""
"""The name under which the process that is attacked is asked to do nothing."""

TARGET_MS = 250
MOST_SECONDS = 75
"""After which the rest of a language is left out, and told to be."""

WORST = 5
FAULTS = ("fault", "wrong", "crash", "hung", "skipped")

Result = dict[str, Any]


def run(effort: Effort) -> list[Report]:
    """Attack in both languages."""
    made = {language: list(_attack(language, effort)) for language in CORPORA}
    return [_summary(made, effort), _worst(made)]


def _attack(language: str, effort: Effort) -> Iterator[Result]:
    """Run what there is in a language; a process that dies is followed by another."""
    names = [CONTROL, *CORPORA[language]()]
    end = monotonic() + MOST_SECONDS
    command = [
        sys.executable,
        "-m",
        "bench.victim",
        language,
        str(effort.patience),
    ]
    while names:  # a process for each time that one has died
        with Running(Side(language, command)) as running:
            while names:
                name = names.pop(0)
                if monotonic() > end:
                    yield {"name": name, "skipped": True}
                    continue
                try:
                    yield running.ask(name)
                except Silence as silence:
                    if name == CONTROL:
                        raise
                    yield {"name": name, "crash": silence.ended}
                    break


def _summary(made: Mapping[str, list[Result]], effort: Effort) -> Report:
    report = Report(
        "Hostile resolvers",
        [
            "language",
            "run",
            "refused",
            "errors",
            "values",
            "our faults",
            "wrong",
            "crashed",
            "hung",
            "skipped",
            "stall ms",
            "CPU ms",
            "control",
            "target",
            "met",
        ],
    )
    for language, results in made.items():
        attacks = [one for one in results if one["name"] != CONTROL]
        control = [one["stall"]["ms"] for one in results if one["name"] == CONTROL]
        counts = _counts(attacks)
        stalls = [one["stall"] for one in attacks if "stall" in one]
        longest = max(stall["ms"] for stall in stalls)
        worst = max(stall["process"] for stall in stalls)
        met = worst <= TARGET_MS and not any(counts[one] for one in FAULTS)
        report.rows.append(
            [
                language,
                str(len(attacks)),
                *(str(number) for number in counts.values()),
                f"{longest:,.0f}",
                f"{worst:,.0f}",
                f"{max(control):.0f}",
                f"<= {TARGET_MS}",
                "yes" if met else "NO",
            ]
        )
        report.figures[language] = {
            **counts,
            "longest": longest,
            "worst": worst,
            "control": max(control),
            "met": met,
            "attacks": attacks,
        }
        report.notes += [
            f"{language}, {one['name']}: {one['what']}"
            for one in attacks
            if one.get("fault") or one.get("wrong")
        ]
        report.notes += [
            f"{language}, {one['name']}: {'crashed' if one['crash'] else 'hung'}"
            for one in attacks
            if "crash" in one
        ]
    report.notes += [
        "refused: would be, on loading; run all the same",
        "met: no fault, and no stall with more CPU time of our process than the target",
        f"{effort.patience:g} s for what is evaluated off the loop",
    ]
    return report


def _counts(attacks: list[Result]) -> dict[str, int]:
    """Count by kind, in the order of the columns."""
    kinds = ("refused", "error", "value", "fault", "wrong")
    counts = {kind: sum(bool(one.get(kind)) for one in attacks) for kind in kinds}
    counts["crash"] = sum(one.get("crash", False) for one in attacks)
    counts["hung"] = sum(not one.get("crash", True) for one in attacks)
    counts["skipped"] = sum(one.get("skipped", False) for one in attacks)
    return counts


def _worst(made: Mapping[str, list[Result]]) -> Report:
    report = Report(
        f"The {WORST} worst stalls of each",
        [
            "attack",
            "stall ms",
            "loop's CPU",
            "process's CPU",
            "answered after",
            "refused",
        ],
    )
    for language, results in made.items():
        stalled = [one for one in results if "stall" in one and one["name"] != CONTROL]
        stalled.sort(key=lambda one: -one["stall"]["process"])
        for one in stalled[:WORST]:
            stall = one["stall"]
            cells = (stall["ms"], stall["loop"], stall["process"], one["ms"])
            shown = [f"{number:,.0f}" for number in cells]
            shown.append("yes" if one["refused"] else "no")
            report.rows.append([f"{language}: {one['name']}", *shown])
    return report
