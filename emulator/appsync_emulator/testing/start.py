"""Starts an emulator for tests, in a thread of this process."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from appsync_emulator.clock import MovableClock
from appsync_emulator.config import find_template
from appsync_emulator.config.find import locate
from appsync_emulator.datasources.datasource import DataSource
from appsync_emulator.emulator import Watch
from appsync_emulator.faults import Faults, read_fault
from appsync_emulator.model import Application
from appsync_emulator.server.serving import Project, serve
from appsync_emulator.settings import Settings, from_environment
from appsync_emulator.testing.appsync import Appsync
from appsync_emulator.testing.names import nearest
from appsync_emulator.testing.recorder import Recorder
from appsync_emulator.testing.sources import SourceHandler, WatchedSource
from appsync_emulator.testing.thread import LoopThread, running_loop

TIMEOUT = 5.0
"""Seconds that a wait takes at most."""

LONGEST = 24 * 60 * 60
"""Seconds of a wait, or of a function, that is debugged."""

DEBUGGERS = {"debugpy", "pydevd"}

DEFAULTS = {"port": 0, "model_rate": 0.0, "model_first_token": 0.0}
"""Settings that tests want otherwise than people: a free port, and no pauses."""


def start(
    template: str | Path | None = None,
    *,
    timeout: float = TIMEOUT,
    debug: bool | None = None,
    **settings: Any,
) -> "Starting":
    """Start an emulator for the length of a block, `with` or `async with`.

    Args:
        template: or the folder with it; None to look in the current folder.
        timeout: seconds that waits take at most.
        debug: whether nothing is ever out of time, so that a breakpoint can be looked
            at; None for whether a debugger is at work (debugpy, PyCharm).
        settings: as on the command line, such as `stack_name="test"`; the variables
            `APPSYNC_EMULATOR_…` count too, where nothing is given here.

    Returns:
        A context manager that gives an `Appsync`. Entering it raises what is wrong
        with the project (`ProjectError`) or the settings (`ValueError`).
    """
    if debug is None:
        debug = not DEBUGGERS.isdisjoint(sys.modules)
    return Starting(template, LONGEST if debug else timeout, settings, debug=debug)


class Starting:
    """An emulator that runs for the length of a block."""

    def __init__(
        self,
        template: str | Path | None,
        timeout: float,
        settings: dict[str, Any],
        *,
        debug: bool,
    ) -> None:
        self._debug = debug
        self._template = template
        self._timeout = timeout
        self._settings = settings
        self._thread = LoopThread()

    def __enter__(self) -> Appsync:
        return self._thread.open(self._run())

    def __exit__(self, *_: object) -> None:
        self._thread.close()

    async def __aenter__(self) -> Appsync:
        if running_loop() is None:  # Trio's, say, which we do not know
            return self.__enter__()
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(self, *_: object) -> None:
        if running_loop() is None:
            self._thread.close()
        else:
            await asyncio.to_thread(self._thread.close)

    @asynccontextmanager
    async def _run(self) -> AsyncIterator[Appsync]:
        settings = _settings({**DEFAULTS, **from_environment(), **self._settings})
        if self._template is None:
            template = find_template(Path.cwd())
        else:
            template = locate(Path(self._template))
        template = template.resolve()
        recorder = Recorder()
        handlers: dict[str, SourceHandler] = {}

        def wrap(name: str, source: DataSource) -> DataSource:
            return WatchedSource(name, source, handlers, recorder)

        faults = Faults(map(read_fault, settings.fault), settings.fault_seed)
        watch = Watch(recorder.attempted, wrap, faults)
        project = Project.open([template], settings)
        if self._debug:
            project.application = _without_time_outs(project.application)
        async with serve(project, os.environ, MovableClock(), watch) as served:
            if not project.endpoints:
                raise ValueError(f"{template} has no API to test.")
            yield Appsync(
                served,
                template,
                self._thread,
                recorder=recorder,
                handlers=handlers,
                timeout=self._timeout,
            )
            await served.emulator.lambdas.drop()


def _settings(given: dict[str, Any]) -> Settings:
    """Make settings; text alone stands for one of several.

    Raises:
        ValueError: there is no such setting, or a value is not what it may be.
    """
    known = {one.name: one.default for one in fields(Settings)}
    for name in given:
        if name not in known:
            raise ValueError(f"There is no setting {name!r}.{nearest(name, known)}")
    several = {name for name, default in known.items() if isinstance(default, tuple)}
    made: dict[str, Any] = {
        name: (value,) if name in several and isinstance(value, str) else value
        for name, value in given.items()
    }
    return Settings(**made)


def _without_time_outs(application: Application) -> Application:
    """Give every function a day."""
    functions = {
        name: replace(one, timeout=LONGEST)
        for name, one in application.functions.items()
    }
    return replace(application, functions=functions)
