"""The process around a server: its loop, its signals, its output."""

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Self

import click

from appsync_emulator.banner import banner, shortcomings
from appsync_emulator.config import find_template
from appsync_emulator.emulator import Emulator
from appsync_emulator.lambdas.logs import LOGGER as FUNCTIONS
from appsync_emulator.server.serving import Project, Served, serve
from appsync_emulator.services.embedded import missing
from appsync_emulator.settings import Settings

log = logging.getLogger("appsync_emulator")


def run_server(
    templates: Sequence[Path], settings: Settings, ready_file: Path | None
) -> int:
    """Serve until a signal says to end; gives the exit code.

    Raises:
        ValueError: the ready file cannot be written.
    """
    start_logging(settings)
    ready = None if ready_file is None else ReadyFile(ready_file)
    with ready or nullcontext():
        project = Project.open(templates or [find_template(Path.cwd())], settings)
        return run(_serve(project, ready))


async def _serve(project: Project, ready: "ReadyFile | None") -> int:
    ended = _signals()
    async with serve(project, os.environ) as served:
        settle_memory()
        if ready is not None:
            ready.write(served)
        click.echo(banner(served))  # without colours where nobody would see them
        await ended.wait()
        log.info("ending: waiting for running functions, again to end at once")
    return 0


def check_project(templates: Sequence[Path], settings: Settings) -> int:
    """Load everything and say that it can be served; gives the exit code."""
    start_logging(settings)
    paths = templates or [find_template(Path.cwd())]
    project = Project(paths, settings, settings.port)

    async def check() -> int:
        async with Emulator(project.application, settings) as emulator:
            resolvers = sum(len(one.api.resolvers) for one in emulator.apis.values())
            functions = sum(
                emulator.lambdas.runner_problem(function) is None
                for function in project.application.functions.values()
            )
            for sentence in shortcomings(project.application, emulator.lambdas):
                log.warning("%s", sentence)
            print(
                f"{len(emulator.apis)} API(s), {resolvers} resolvers and "
                f"{functions} functions can be served."
            )
        return 0

    return run(check())


def run_the_demo(settings: Settings) -> int:
    """Serve the examples, one after the other, and show them; gives the exit code.

    Without moto there is no queue: then the second example is named as left out, and
    the first alone decides about the exit code.
    """
    from appsync_emulator import demo, timeline

    start_logging(settings, least=logging.WARNING)

    async def show(
        example: str, variants: Mapping[str, str], rounds: Sequence[str]
    ) -> "list[timeline.Answer] | None":
        folder = demo.example_folder(example)
        project = Project.open([folder / "template.yaml"], settings)
        answers: list[timeline.Answer] = []
        async with serve(project, os.environ) as served:
            endpoint = project.endpoints[0]
            done = await demo.run_demo(
                endpoint.graphql_url,
                endpoint.realtime_url,
                endpoint.api.api_keys[0].key,
                mutations=[name for name in rounds if _can_run(served, name)],
                variants=variants,
                into=answers,
                out=sys.stdout,
            )
        return answers if done else None

    async def both() -> int:
        events = await show("streaming-chat", demo.VARIANTS, tuple(demo.VARIANTS))
        if events is None:
            return 1
        print()
        why_not = missing()
        if why_not is not None and not settings.aws_endpoint:
            print(f"Left out: the older way, with a queue. {why_not}")
            return 0
        rounds = ("ask", "ask", "askNode")
        queued = await show("queue-worker", demo.QUEUED, rounds)
        if queued is None:
            return 1
        print(timeline.side_by_side(events, queued))
        return 0

    return run(both())


def _can_run(served: Served, mutation: str) -> bool:
    """Tell whether the mutation's function has an interpreter on this machine."""
    if "Node" not in mutation:
        return True
    functions = served.project.application.functions.values()
    node = [one for one in functions if one.runtime.startswith("nodejs")]
    return not any(served.emulator.lambdas.runner_problem(one) for one in node)


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run a coroutine on the fastest event loop there is."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def _signals() -> asyncio.Event:
    """Give an event that the first SIGINT or SIGTERM sets; the second one kills."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        ended.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
            # Python's own handler of SIGINT waits for the loop to do something.
            signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    return ended


def settle_memory() -> None:
    """Keep the garbage collector from walking what lives as long as the process.

    Schemas and modules are tens of thousands of objects, which the interpreter's
    default thresholds would have looked at every few hundred requests; frozen, they
    never are. What is made later must be: a plan that the cache has dropped is a
    circle, and once it has grown old only a turn of the oldest generation frees it. So
    the youngest may grow large, because most of its objects die by themselves, and the
    oldest has its turn after half a million new objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 5)


class ReadyFile:
    """The file that tells scripts and other languages where the server is.

    It is there only while the server is: one that an earlier run left behind goes when
    the block begins, and ours when it ends.

    Raises:
        ValueError: it cannot be written; told before anything is served.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text = ""

    def __enter__(self) -> Self:
        with self._told():
            if self._path.exists() and not self._path.is_file():
                raise OSError("it is no file")
            self._temporary.touch()
            self._temporary.unlink()
            self._path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            if self._path.read_text() == self._text:  # and not another server's
                self._path.unlink()

    def write(self, served: Served) -> None:
        """Write the file in one step, so that whoever finds it finds all of it."""
        now = served.emulator.clock.now()
        ready = {
            "port": served.project.port,
            "ca": served.ca and str(served.ca),
            "apis": [endpoint.as_json(now) for endpoint in served.project.endpoints],
        }
        self._text = json.dumps(ready, indent=1) + "\n"
        with self._told():
            self._temporary.write_text(self._text)
            self._temporary.replace(self._path)

    @property
    def _temporary(self) -> Path:
        return self._path.with_name(f".{self._path.name}.{os.getpid()}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"--ready-file {self._path}: {error.strerror or error}."
            raise ValueError(message) from error


class LogFormat(logging.Formatter):
    """One line for a record; what a function prints has its name instead of a level.

    To us all that a function prints is one level. Its own is in the text, where each
    runtime and each logger writes it in another way.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(source)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        parent, _, function = record.name.rpartition(".")
        ours = f"{record.levelname:<7}"
        record.source = f"{function}:" if parent == FUNCTIONS else ours
        return super().format(record)


def start_logging(settings: Settings, least: int = logging.NOTSET) -> None:
    """Send the emulator's log to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormat())
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    logging.basicConfig(handlers=[handler], level=max(level, least))
