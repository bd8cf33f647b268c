"""The same operations on several sides, in turns."""

import json
import os
import selectors
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any, Self

from bench.report import Effort, Report, microseconds

ANSWER_SECONDS = 40
"""How long a side may take to answer, beyond what it was asked to measure."""

TESTS = Path(__file__).parents[1]
OURS = "ours"

Samples = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Side:
    """One of those that are compared.

    Attributes:
        command: starts a process that answers as `measure.answer` does.
        setup: JSON for the first line it reads; None if it reads none.
        missing: why it is not here; None if it is.
    """

    name: str
    command: Sequence[str]
    setup: Any = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """How we want to compare with the peer.

    Attributes:
        faster: we want to be many times faster than the peer; else only a few times
            slower. The ratio is the peer's time to ours, else ours to the peer's.
    """

    faster: bool

    def words(self, times: float) -> str:
        """Show a target."""
        return f"{'>=' if self.faster else '<='} {times:g}x"

    def ratio(self, ours: float, peer: float) -> float:
        """Give what is held against the target."""
        return peer / ours if self.faster else ours / peer

    def met(self, ratio: float, times: float) -> bool:
        """Tell whether a ratio is what we want."""
        return ratio >= times if self.faster else ratio <= times


@dataclass(frozen=True, slots=True)
class Case:
    """An operation.

    Attributes:
        key: its name for the sides.
        words: its name for people.
        target: the ratio wanted; None if it is only looked at.
        alone: the peer has no such operation.
    """

    key: str
    words: str
    target: float | None = None
    alone: bool = False


class Silence(Exception):
    """A side gave no answer.

    Attributes:
        ended: its process has ended; else it was out of time.
    """

    def __init__(self, side: str, case: str, *, ended: bool) -> None:
        why = "ended" if ended else "was out of time"
        super().__init__(f"{side} {why} when it was asked for {case!r}")
        self.ended = ended


class Running:
    """A side's process."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._process = subprocess.Popen(
            side.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(TESTS)},
            text=True,
        )
        if side.setup is not None:
            self._write(side.setup)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        with suppress(BrokenPipeError):
            self._process.communicate()

    def ask(self, case: str, seconds: float = 0) -> Any:
        """Ask for samples, or with no seconds for the operation's value.

        Raises:
            Silence: the process ended, or it did not answer in time.
        """
        try:
            self._write({"case": case, "seconds": seconds})
        except BrokenPipeError:
            raise Silence(self.side.name, case, ended=True) from None
        out = self._process.stdout
        assert out is not None
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            ready = selector.select(ANSWER_SECONDS + 2 * seconds)
        line = out.readline() if ready else ""
        if not line:
            raise Silence(self.side.name, case, ended=bool(ready))
        return json.loads(line)

    def _write(self, value: Any) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(json.dumps(value) + "\n")
        pipe.flush()


def compare(
    title: str,
    cases: Sequence[Case],
    goal: Goal,
    sides: tuple[Side, Side],
    effort: Effort,
) -> Report:
    """Measure cases on our side and on the peer's, if that is here.

    Args:
        title: of the table.
        cases: what to measure.
        goal: says what the cases' targets mean.
        sides: ours, and the peer.
        effort: how often and how long.

    Raises:
        AssertionError: the two sides do not give the same value.
    """
    ours, peer = sides
    present = [ours] if peer.missing else [ours, peer]
    samples: dict[tuple[str, str], Samples] = {}
    for number in range(effort.rounds):
        _round(cases, present, samples, effort, check=number == 0)
    report = Report(
        f"{title} (CPU µs an operation)",
        ["case", OURS, "min", peer.name, "min", "ratio", "target", "met"],
    )
    for case in cases:
        _tell(report, case, goal, peer, samples)
    if peer.missing:
        report.notes.append(f"{peer.name} is not here: {peer.missing}")
    return report


def _round(
    cases: Sequence[Case],
    sides: Sequence[Side],
    samples: dict[tuple[str, str], Samples],
    effort: Effort,
    *,
    check: bool,
) -> None:
    """Measure every case once, on each side, in processes of this round."""
    with ExitStack() as stack:
        running = [stack.enter_context(Running(side)) for side in sides]
        for case in cases:
            asked = [one for one in running if not case.alone or one is running[0]]
            if check:
                _check(case, asked)
            for one in asked:
                given = one.ask(case.key, effort.seconds)
                kept = samples.setdefault(
                    (case.key, one.side.name), {"cpu": [], "wall": []}
                )
                for clock, figures in kept.items():
                    figures.extend(given[clock])


def _check(case: Case, asked: Sequence[Running]) -> None:
    values = {one.side.name: one.ask(case.key)["value"] for one in asked}
    first = values[OURS]
    if any(value != first for value in values.values()):
        shown = {name: json.dumps(value)[:500] for name, value in values.items()}
        raise AssertionError(f"{case.words}: the sides differ: {shown}")


def _tell(
    report: Report,
    case: Case,
    goal: Goal,
    peer: Side,
    samples: Mapping[tuple[str, str], Samples],
) -> None:
    """Add a case to the report."""
    mine = _summary(samples[case.key, OURS])
    figures: dict[str, Any] = {OURS: mine}
    row = [case.words, *_cells(mine)]
    wanted = "-" if case.target is None else goal.words(case.target)
    if (case.key, peer.name) in samples:
        other = figures[peer.name] = _summary(samples[case.key, peer.name])
        ratio = goal.ratio(mine["cpu"]["median"], other["cpu"]["median"])
        figures["ratio"] = ratio
        row += [*_cells(other), f"{ratio:.{1 if ratio >= 1 else 2}f}x", wanted]
        if case.target is None:
            row.append("-")
        else:
            figures |= {"target": wanted, "met": goal.met(ratio, case.target)}
            row.append("yes" if figures["met"] else "NO")
    else:
        row += ["-" if case.alone else "not here", "-", "-", wanted, "-"]
    report.rows.append(row)
    report.figures[case.key] = figures


def _summary(samples: Samples) -> dict[str, dict[str, float]]:
    return {
        clock: {"median": median(figures), "min": min(figures), "samples": len(figures)}
        for clock, figures in samples.items()
    }


def _cells(summary: Mapping[str, Mapping[str, float]]) -> list[str]:
    cpu = summary["cpu"]
    return [microseconds(cpu["median"]), microseconds(cpu["min"])]
