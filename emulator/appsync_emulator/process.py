"""The process around a server: its loop, its signals, its output."""

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from appsync_emulator.banner import banner
from appsync_emulator.config import find_template
from appsync_emulator.emulator import Emulator
from appsync_emulator.server.serving import Project, Served, serve
from appsync_emulator.settings import Settings

log = logging.getLogger("appsync_emulator")


def run_server(
    templates: Sequence[Path], settings: Settings, ready_file: Path | None
) -> int:
    """Serve until a signal says to end; gives the exit code."""
    start_logging(settings)
    project = Project.open(templates or [find_template(Path.cwd())], settings)
    return run(_serve(project, ready_file))


async def _serve(project: Project, ready_file: Path | None) -> int:
    ended = _signals()
    async with serve(project, os.environ) as served:
        settle_memory()
        if ready_file is not None:
            write_ready_file(served, ready_file)
        print(banner(served), flush=True)
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
            functions = len(project.application.functions)
            print(
                f"{len(emulator.apis)} API(s), {resolvers} resolvers and "
                f"{functions} functions can be served."
            )
        return 0

    return run(check())


def run_the_demo(settings: Settings) -> int:
    """Serve the streaming-chat example and show it; gives the exit code."""
    from appsync_emulator.demo import VARIANTS, example_folder, run_demo

    start_logging(settings, least=logging.WARNING)
    project = Project.open([example_folder() / "template.yaml"], settings)

    async def show() -> int:
        async with serve(project, os.environ) as served:
            endpoint = project.endpoints[0]
            done = await run_demo(
                endpoint.graphql_url,
                endpoint.realtime_url,
                endpoint.api.api_keys[0].key,
                mutations=[name for name in VARIANTS if _can_run(served, name)],
                out=sys.stdout,
            )
        return 0 if done else 1

    return run(show())


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

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    return ended


def settle_memory() -> None:
    """Keep the garbage collector from walking what lives as long as the process.

    Schemas and modules are hundreds of thousands of objects; with the interpreter's
    default thresholds they are looked at every few hundred requests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def write_ready_file(served: Served, path: Path) -> None:
    """Tell scripts and other languages where the server is, in one step."""
    ready = {
        "port": served.project.port,
        "ca": served.ca and str(served.ca),
        "apis": [endpoint.as_json() for endpoint in served.project.endpoints],
    }
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(ready, indent=1) + "\n")
    temporary.replace(path)


def start_logging(settings: Settings, least: int = logging.NOTSET) -> None:
    """Send the emulator's log to standard error.

    Raises:
        ValueError: the level is not one.
    """
    level = logging.getLevelNamesMapping().get(settings.log_level.upper())
    if level is None:
        raise ValueError(
            f"--log-level {settings.log_level!r}: write debug, info, warning or error."
        )
    logging.basicConfig(
        format="%(asctime)s %(levelname)-7s %(message)s", level=max(level, least)
    )
