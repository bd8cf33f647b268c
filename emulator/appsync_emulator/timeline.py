"""How the demo shows what came back: timelines as they happen, and side by side."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

WIDTH = 100
"""Columns that are printed at most."""


@dataclass(slots=True)
class Answer:
    """What came back for one mutation; times are seconds after it was sent.

    `queued` tells that the mutation's function had to fill a queue first.
    """

    mutation: str
    queued: bool = False
    answered: float = 0.0
    tokens: list[dict[str, Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


class Timeline:
    """Prints what happens with its time: lines, and tokens that flow into lines."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._start = 0.0
        self._column = 0
        self._last = 0.0

    def start(self) -> None:
        """Count the time from here."""
        self._start = time.perf_counter()

    def now(self) -> float:
        """Give the seconds since the start."""
        return time.perf_counter() - self._start

    def line(self, text: str) -> None:
        """Print an event on a line of its own."""
        self._break()
        show(self._out, f"{self.now() * 1000:6.0f} ms  {text}"[:WIDTH])

    def token(self, text: str) -> None:
        """Print a token with the milliseconds since the one before it on the line."""
        now = self.now() * 1000
        quoted = json.dumps(text, ensure_ascii=False)
        piece = f"  +{now - self._last:.0f} {quoted}"
        if self._column == 0 or self._column + len(piece) > WIDTH:
            self._break()
            piece = f"{now:6.0f} ms  {quoted}"
        self._out.write(piece)
        self._out.flush()
        self._column += len(piece)
        self._last = now

    def _break(self) -> None:
        if self._column:
            self._out.write("\n")
            self._column = 0


def show(out: TextIO, text: str) -> None:
    """Print at once, also into a pipe."""
    out.write(text + "\n")
    out.flush()


def proved(answers: Sequence[Answer]) -> str:
    """Say what all answers together show."""
    waits = ", ".join(f"{answer.answered * 1000:.0f}" for answer in answers)
    firsts = ", ".join(f"{answer.times[0] * 1000:.0f}" for answer in answers)
    lasts = ", ".join(f"{answer.times[-1] * 1000:.0f}" for answer in answers)
    return (
        "\nProved, with nothing but HTTP and a WebSocket:\n"
        f"  the mutation answers null in {waits} ms and does not wait for more;\n"
        f"  the first token is there after {firsts} ms, the last after {lasts} ms;\n"
        "  every token the model spoke arrived once, in order, as it was spoken."
    )


def side_by_side(events: Sequence[Answer], queued: Sequence[Answer]) -> str:
    """Put the timelines of both architectures next to each other.

    Args:
        events: by Event invocations; the first by a cold function, the second by a warm
            one.
        queued: by the queue, likewise.
    """
    lines = ["\nSide by side, in ms after the mutation was sent\n"]
    heads = ("", "Event invocation", "queue and worker")
    lines.append("  {:<32}{:>18}{:>18}".format(*heads))
    for state, one, other in zip(("cold", "warm"), events, queued, strict=False):
        columns = [_milestones(one), _milestones(other)]
        for name in columns[0]:
            both = [f"{column[name] * 1000:.0f}" for column in columns]
            lines.append("  {:<32}{:>18}{:>18}".format(f"{state}: {name}", *both))
    hops = ("resolver, function", "resolver, function, queue, function")
    lines.append(f"\n  Event invocation: {hops[0]}\n  queue and worker: {hops[1]}")
    return "\n".join(lines)


def _milestones(answer: Answer) -> dict[str, float]:
    return {
        "the mutation is answered": answer.answered,
        "first token": answer.times[0],
        "last token": answer.times[-1],
    }
