"""What a function costs: the round trip of a mutation, and a burst of events.

The server is a process of its own and its functions are processes of theirs; what
counts is wall time, from the request's first byte to the answer's last.
"""

import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, perf_counter, sleep
from typing import Any
from urllib.parse import urlsplit

from bench.report import Effort, Report

COMMAND = Path(sys.executable).with_name("appsync-emulator")
CALLS = 500
MOST_MEDIAN = 5.0
EVENTS = 1_000
CONNECTIONS = 50
MOST_ANSWER = 50.0
"""Milliseconds."""
START_SECONDS = 30
DRAIN_SECONDS = 60

CODE = """
import os
def handler(event, context):
    if event.get("path"):
        file = os.open(event["path"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, f"{event['n']}\\n".encode())
        os.close(file)
    return {"n": event["n"]}
"""
HANDLER = """
export function request(ctx) {
  return { operation: 'Invoke', invocationType: '%s', payload: ctx.args };
}
export function response(ctx) { return ctx.result; }
"""
SCHEMA = """
type Query { none: Int }
type Mutation { call(n: Int!): Result  fire(n: Int!, path: String!): Result }
type Result { n: Int }
"""


def project() -> dict[str, Any]:
    """Give a template with one function and two ways to invoke it."""
    of_api = {"ApiId": {"Fn::GetAtt": ["Api", "ApiId"]}}
    resources = {
        "Api": _resource("AppSync::GraphQLApi", Name="b", AuthenticationType="API_KEY"),
        "Schema": _resource("AppSync::GraphQLSchema", Definition=SCHEMA, **of_api),
        "Fn": _resource(
            "Lambda::Function",
            Runtime="python3.12",
            Handler="index.handler",
            Timeout=30,
            Code={"ZipFile": CODE},
        ),
        "Source": _resource(
            "AppSync::DataSource",
            Name="fn",
            Type="AWS_LAMBDA",
            LambdaConfig={"LambdaFunctionArn": {"Fn::GetAtt": ["Fn", "Arn"]}},
            **of_api,
        ),
    }
    for field, kind in (("call", "RequestResponse"), ("fire", "Event")):
        resources[field] = _resource(
            "AppSync::Resolver",
            TypeName="Mutation",
            FieldName=field,
            DataSourceName="fn",
            Runtime={"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"},
            Code=HANDLER % kind,
            **of_api,
        )
    return {"Resources": resources}


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


class Client:
    """A keep-alive connection to an API."""

    def __init__(self, api: dict[str, Any]) -> None:
        url = urlsplit(api["graphqlUrl"])
        self._connection = HTTPConnection("127.0.0.1", url.port or 80, timeout=30)
        self._headers = {"x-api-key": api["apiKeys"][0]}
        self._path = url.path
        self._connection.connect()

    def time(self, query: str, variables: dict[str, Any], expected: Any) -> float:
        """Send a mutation; gives the milliseconds until its answer was there.

        Raises:
            AssertionError: it is another answer than expected.
        """
        body = json.dumps({"query": query, "variables": variables})
        started = perf_counter()
        self._connection.request("POST", self._path, body, self._headers)
        answer = self._connection.getresponse().read()
        took = (perf_counter() - started) * 1000
        assert json.loads(answer) == {"data": expected}, answer
        return took


@contextmanager
def server(folder: Path) -> Iterator[dict[str, Any]]:
    """Serve the project in a process of its own; gives its API."""
    template, ready = folder / "template.json", folder / "ready.json"
    template.write_text(json.dumps(project()))
    place = ["--port", "0", "--ready-file", str(ready), "--data-dir", str(folder)]
    process = subprocess.Popen(
        [COMMAND, "start", str(template), *place, "--log-level", "warning"],
        stdout=subprocess.DEVNULL,
    )
    try:
        until = monotonic() + START_SECONDS
        while not ready.exists():
            assert process.poll() is None, "the server has ended"
            assert monotonic() < until, "the server did not start"
            sleep(0.02)
        yield json.loads(ready.read_text())["apis"][0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(DRAIN_SECONDS)


def run(effort: Effort) -> list[Report]:
    """Measure both, in a fresh server each round."""
    calls: list[float] = []
    answers: list[float] = []
    worked: list[float] = []
    for _ in range(min(effort.rounds, 3)):
        with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as api:
            calls += _calls(api)
            burst, seconds = _burst(api, Path(folder) / "events")
            answers += burst
            worked.append(seconds)
    return [_round_trip(calls), _events(answers, worked)]


def _calls(api: dict[str, Any]) -> list[float]:
    """Time calls one after the other, warm."""
    client = Client(api)
    query = "mutation ($n: Int!) { call(n: $n) { n } }"
    times = [client.time(query, {"n": n}, {"call": {"n": n}}) for n in range(CALLS)]
    return times[20:]


def _burst(api: dict[str, Any], file: Path) -> tuple[list[float], float]:
    """Send events over many connections at once.

    Returns:
        The milliseconds of each answer, and the seconds until all events were worked
        on.

    Raises:
        AssertionError: one was lost, or came twice.
    """
    query = "mutation ($n: Int!, $path: String!) { fire(n: $n, path: $path) { n } }"
    times: list[float] = []

    def send(numbers: range) -> None:
        client = Client(api)
        barrier.wait()
        for n in numbers:
            variables = {"n": n, "path": str(file)}
            times.append(client.time(query, variables, {"fire": None}))

    barrier = threading.Barrier(CONNECTIONS)
    shares = [range(first, EVENTS, CONNECTIONS) for first in range(CONNECTIONS)]
    threads = [threading.Thread(target=send, args=(share,)) for share in shares]
    started = monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while not file.exists() or file.read_bytes().count(b"\n") < EVENTS:
        assert monotonic() - started < DRAIN_SECONDS, "events were lost"
        sleep(0.01)
    seconds = monotonic() - started
    assert len(times) == EVENTS
    assert sorted(map(int, file.read_text().split())) == list(range(EVENTS))
    return times, seconds


COLUMNS = ["case", "median", "p99", "max", "target", "met"]


def _round_trip(calls: list[float]) -> Report:
    report = Report("A function behind a mutation (ms, wall)", COLUMNS)
    target = f"median < {MOST_MEDIAN:g}"
    _row(report, "RequestResponse, warm", calls, found=median(calls), target=target)
    return report


def _events(answers: list[float], worked: list[float]) -> Report:
    words = f"{EVENTS:,} over {CONNECTIONS} connections"
    report = Report("A burst of events (ms until the answer, wall)", COLUMNS)
    worst = quantiles(answers, n=100)[98]
    _row(report, words, answers, found=worst, target=f"p99 < {MOST_ANSWER:g}")
    seconds = median(worked)
    report.notes.append(f"none lost, none twice; all worked on {seconds:.1f} s later")
    report.figures["seconds"] = seconds
    return report


def _row(
    report: Report, case: str, times: list[float], *, found: float, target: str
) -> None:
    met = found < float(target.rsplit(maxsplit=1)[-1])
    shown = [median(times), quantiles(times, n=100)[98], max(times)]
    cells = [f"{one:.2f}" for one in shown]
    report.rows.append([case, *cells, target, "yes" if met else "NO"])
    figures = dict(zip(("median", "p99", "max"), shown, strict=True))
    report.figures[case] = {**figures, "samples": len(times), "met": met}
