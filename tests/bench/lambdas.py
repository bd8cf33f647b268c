"""What a function costs: the round trip of a mutation, and a burst of events.

The server is a process of its own and its functions are processes of theirs; what
counts is wall time, from the request's first byte to the answer's last.
"""

import asyncio
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
    """A keep-alive connection to an API.

    Plain asyncio: threads would wait for each other longer than for the server.
    """

    def __init__(self, api: dict[str, Any]) -> None:
        self._url = urlsplit(api["graphqlUrl"])
        self._key = api["apiKeys"][0]

    async def open(self) -> None:
        """Connect."""
        port = self._url.port or 80
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)

    async def time(self, query: str, variables: Any, expected: Any) -> float:
        """Send a mutation; gives the milliseconds until its answer was there.

        Raises:
            AssertionError: it is another answer than expected.
        """
        body = json.dumps({"query": query, "variables": variables}).encode()
        head = (
            f"POST {self._url.path} HTTP/1.1\r\nhost: {self._url.netloc}\r\n"
            f"x-api-key: {self._key}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        started = perf_counter()
        self._writer.write(head.encode() + body)
        answered = await self._reader.readuntil(b"\r\n\r\n")
        size = int(answered.lower().split(b"content-length: ")[1].split(b"\r")[0])
        answer = await self._reader.readexactly(size)
        took = (perf_counter() - started) * 1000
        assert json.loads(answer) == {"data": expected}, answer
        return took

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


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
            file = Path(folder) / "events"
            calls += asyncio.run(_calls(api))
            answers += asyncio.run(_burst(api, file))
            worked.append(_work(file))
    return [_round_trip(calls), _events(answers, worked)]


async def _calls(api: dict[str, Any]) -> list[float]:
    """Time calls one after the other, warm."""
    client = Client(api)
    await client.open()
    query = "mutation ($n: Int!) { call(n: $n) { n } }"
    times = [
        await client.time(query, {"n": n}, {"call": {"n": n}}) for n in range(CALLS)
    ]
    client.close()
    return times[20:]


async def _burst(api: dict[str, Any], file: Path) -> list[float]:
    """Send events over many connections at once.

    Returns:
        The milliseconds of each answer.
    """
    query = "mutation ($n: Int!, $path: String!) { fire(n: $n, path: $path) { n } }"
    times: list[float] = []

    async def send(client: Client, numbers: range) -> None:
        for n in numbers:
            variables = {"n": n, "path": str(file)}
            times.append(await client.time(query, variables, {"fire": None}))

    clients = [Client(api) for _ in range(CONNECTIONS)]
    for client in clients:
        await client.open()
    shares = [range(first, EVENTS, CONNECTIONS) for first in range(CONNECTIONS)]
    await asyncio.gather(*map(send, clients, shares))
    for client in clients:
        client.close()
    assert len(times) == EVENTS
    return times


def _work(file: Path) -> float:
    """Wait for the events of a burst; gives the seconds that it took.

    Raises:
        AssertionError: one was lost, or came twice.
    """
    started = monotonic()
    while not file.exists() or file.read_bytes().count(b"\n") < EVENTS:
        assert monotonic() - started < DRAIN_SECONDS, "events were lost"
        sleep(0.01)
    seconds = monotonic() - started
    assert sorted(map(int, file.read_text().split())) == list(range(EVENTS))
    return seconds


COLUMNS = ["case", "median", "p99", "max", "target", "met"]


def _round_trip(calls: list[float]) -> Report:
    report = Report("A function behind a mutation (ms, wall)", COLUMNS)
    target = f"median < {MOST_MEDIAN:g}"
    _row(report, "RequestResponse, warm", calls, found=median(calls), target=target)
    return report


def _events(answers: list[float], worked: list[float]) -> Report:
    words = f"{EVENTS:,} over {CONNECTIONS} connections"
    report = Report("A burst of events (ms until the answer, wall)", COLUMNS)
    target = f"max < {MOST_ANSWER:g}"
    _row(report, words, answers, found=max(answers), target=target)
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
