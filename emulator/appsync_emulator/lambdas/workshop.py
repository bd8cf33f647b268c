"""Makes what runs each function: its own processes, or what takes their place."""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from appsync_emulator.background import Background
from appsync_emulator.faults import Faults
from appsync_emulator.lambdas.code import remove
from appsync_emulator.lambdas.faulty import FaultyRunner
from appsync_emulator.lambdas.logs import OnLine
from appsync_emulator.lambdas.orphans import Guard
from appsync_emulator.lambdas.overrides import endpoint_of
from appsync_emulator.lambdas.packages import Packages
from appsync_emulator.lambdas.runner import Runner
from appsync_emulator.lambdas.runners import runner_problem
from appsync_emulator.lambdas.runners.endpoint import EndpointRunner
from appsync_emulator.lambdas.runners.in_process import Handler, InProcessRunner
from appsync_emulator.lambdas.runners.subprocess import SubprocessRunner
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings


@dataclass(slots=True)
class Workshop:
    """The runners of an application's functions, and what they have in common.

    Attributes:
        environment: environment variables for all functions.
        stand_ins: by function name, what takes the place of the function's own code: a
            callable or a URL; they win over the settings'.
        faults: what goes wrong on purpose; None when nothing ever does.
        on_line: gets what functions log.
        init_limit: seconds that a cold start may take at first.
    """

    settings: Settings
    background: Background
    environment: Mapping[str, str]
    stand_ins: dict[str, Handler | str]
    faults: Faults | None
    on_line: OnLine
    init_limit: float
    _own: dict[str, SubprocessRunner] = field(default_factory=dict, init=False)
    _packages: dict[str, Packages] = field(default_factory=dict, init=False)
    _folder: Path | None = field(default=None, init=False)
    _guard: Guard | None = field(default=None, init=False)

    async def prepare(self, function: LambdaFunction) -> None:
        """Install what a function requires, before anybody waits for it."""
        code = function.code
        if self._stand_in(function) is None and code is not None and code.is_dir():
            layers = [layer for layer in function.layers if layer.is_dir()]
            await self._packages_of(function).folder(code, layers)

    def problem(self, function: LambdaFunction) -> str | None:
        """Tell why a function cannot run on this machine; None when it can."""
        if self._stand_in(function) is not None:
            return None
        return runner_problem(function, self.settings)

    def runner(self, function: LambdaFunction) -> Runner:
        """Give what makes the environments of a function."""
        runner = self._plain_runner(function)
        if self.faults is None:
            return runner
        return FaultyRunner(
            function, runner, self.faults, self.background, self.on_line
        )

    async def close(self) -> None:
        """Remove all folders, when no environment is left."""
        if self._guard is not None:
            await asyncio.to_thread(self._guard.close)
        if self._folder is not None:
            await asyncio.to_thread(remove, self._folder)

    def _plain_runner(self, function: LambdaFunction) -> Runner:
        stand_in = self._stand_in(function)
        if isinstance(stand_in, str):
            return EndpointRunner(function, stand_in, self.background)
        if stand_in is not None:
            return InProcessRunner(function, stand_in, self.background, self.on_line)
        if (own := self._own.get(function.name)) is not None:
            return own  # which knows the folders it has made
        runner = self._own[function.name] = SubprocessRunner(
            function,
            self.settings,
            extra=self.environment,
            packages=self._packages_of(function),
            folder=self._the_folder() / function.name,
            on_line=self.on_line,
            guard=self._the_guard,
            background=self.background,
            init_limit=self.init_limit,
        )
        return runner

    def _stand_in(self, function: LambdaFunction) -> Handler | str | None:
        given = self.stand_ins.get(function.name)
        return endpoint_of(function, self.settings) if given is None else given

    def _packages_of(self, function: LambdaFunction) -> Packages:
        if function.name not in self._packages:
            self._packages[function.name] = Packages(function, self.settings)
        return self._packages[function.name]

    def _the_folder(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="appsync-emulator-"))
        return self._folder

    def _the_guard(self) -> Guard:
        if self._guard is None:
            self._guard = Guard(self._the_folder())
        return self._guard
