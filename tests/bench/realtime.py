"""What a publish costs with a hundred and with five thousand subscribers.

The server and the clients are processes of their own, with real sockets between them.
What counts is the CPU time of the server, kernel included, from the first publish of a
burst until the clients have everything.
"""

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from bench.report import Effort, Report, microseconds

TESTS = Path(__file__).parents[1]
ANSWER_SECONDS = 180
FEW, MANY = 100, 5_000
MOST_TIMES = 2.0
BURSTS = 10
PUBLISHES_TO_ONE = 200  # a burst; what starting and ending one costs is spread thin
PUBLISHES_TO_ALL = 20
MOST_ROUNDS = 3

ONE_MATCHES = {
    "argument": "one of N matches, by argument",
    "equal": "one of N matches, by filter: eq and eq",
    "among": "one of N matches, by filter: in",
    "prefix": "one of N matches, by filter: beginsWith",
}
INDEXED = ("argument", "equal", "among")
"""Those that have a target; other rules have to be asked one by one."""

Costs = dict[str, list[float]]


class Talker:
    """A process that answers a line with a line."""

    def __init__(self, *command: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": _path()},
            text=True,
        )

    def hear(self) -> Any:
        """Give what it says.

        Raises:
            AssertionError: it says nothing.
        """
        out = self._process.stdout
        assert out is not None
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            ready = selector.select(ANSWER_SECONDS)
        line = out.readline() if ready else ""
        assert line, "a process of the realtime bench gave no answer"
        return json.loads(line)

    def ask(self, do: str, **more: Any) -> Any:
        """Have something done."""
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(json.dumps({"do": do, **more}) + "\n")
        pipe.flush()
        return self.hear()

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        with suppress(BrokenPipeError):
            self._process.communicate()


def _path() -> str:
    """Give PYTHONPATH with the tests, which may stand there already."""
    given = os.environ.get("PYTHONPATH", "")
    return os.pathsep.join([str(TESTS), *filter(None, [given])])


@contextmanager
def talkers() -> Iterator[tuple[Talker, Talker]]:
    """Run a server and its clients."""
    started = [Talker("bench.realtime_server")]
    try:
        port = urlsplit(started[0].hear()["url"]).port
        started.append(Talker("bench.realtime_clients", str(port)))
        yield started[0], started[1]
    finally:
        for one in started:
            one.end()


def run(effort: Effort) -> list[Report]:
    """Measure finding one among many, delivering to all, and subscribing."""
    found: dict[tuple[str, int], list[float]] = {}
    starts: Costs = {}
    for _ in range(min(effort.rounds, MOST_ROUNDS)):
        for field in (*ONE_MATCHES, "all"):
            for count in (FEW, MANY):
                costs, start = _measure(field, count)
                found.setdefault((field, count), []).extend(costs)
                starts.setdefault(field, []).append(start)
    return [_search(found), _delivery(found), _starts(starts)]


def _measure(field: str, count: int) -> tuple[list[float], float]:
    """Give CPU µs a publish, burst by burst, and CPU µs a subscription.

    Raises:
        AssertionError: messages were lost or came in another order.
    """
    each, publishes = 1, PUBLISHES_TO_ONE
    if field == "all":
        each, publishes = count, PUBLISHES_TO_ALL
    costs = []
    with talkers() as (server, clients):
        server.ask("begin")
        clients.ask("open", field=field, count=count)
        opened = server.ask("look")
        assert opened["subscriptions"] == count
        wanted = 0
        for burst in range(-1, BURSTS):
            wanted += publishes * each
            first = (burst + 1) * publishes
            published = server.ask(
                "publish", field=field, count=publishes, rooms=count, start=first
            )
            assert published["matched"] == publishes * each
            got = clients.ask("expect", messages=wanted)
            assert (got["received"], got["disorder"], got["lost"]) == (wanted, 0, 0)
            cpu = server.ask("look")["cpu"]
            if burst >= 0:  # the first one warms up
                costs.append(cpu / publishes * 1e6)
        if field == "all":
            assert got["last"] == (BURSTS + 1) * publishes - 1
    return costs, opened["cpu"] / count * 1e6


def _search(found: dict[tuple[str, int], list[float]]) -> Report:
    report = Report(
        "Finding one subscriber (CPU µs a publish, its one message included)",
        ["case", f"{FEW:,}", "min", f"{MANY:,}", "min", "ratio", "target", "met"],
    )
    for field, words in ONE_MATCHES.items():
        few, many = found[field, FEW], found[field, MANY]
        ratio = median(many) / median(few)
        aimed = field in INDEXED
        report.rows.append(
            [
                words,
                *_cells(few),
                *_cells(many),
                f"{ratio:.1f}x",
                f"<= {MOST_TIMES:g}x" if aimed else "-",
                ("yes" if ratio <= MOST_TIMES else "NO") if aimed else "-",
            ]
        )
        report.figures[field] = {
            str(FEW): _summary(few),
            str(MANY): _summary(many),
            "ratio": ratio,
        }
    return report


def _delivery(found: dict[tuple[str, int], list[float]]) -> Report:
    report = Report(
        "Delivering to all (CPU µs a message)", ["subscribers", "median", "min"]
    )
    for count in (FEW, MANY):
        costs = [cost / count for cost in found["all", count]]
        report.rows.append([f"{count:,}", *_cells(costs)])
        report.figures[str(count)] = _summary(costs)
    report.notes.append(
        f"{BURSTS * PUBLISHES_TO_ALL} publishes to {MANY:,} subscriptions of one "
        "process came complete and in order"
    )
    return report


def _starts(starts: Costs) -> Report:
    report = Report(
        "Connecting and subscribing (CPU µs a client)", ["case", "median", "min"]
    )
    for field, costs in starts.items():
        words = ONE_MATCHES.get(field, "no filter")
        report.rows.append([words.removeprefix("one of N matches, "), *_cells(costs)])
        report.figures[field] = _summary(costs)
    return report


def _cells(costs: list[float]) -> list[str]:
    return [microseconds(median(costs)), microseconds(min(costs))]


def _summary(costs: list[float]) -> dict[str, float]:
    return {"median": median(costs), "min": min(costs), "samples": len(costs)}
