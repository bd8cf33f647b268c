"""Runs a function in subprocesses of its own language."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from appsync_emulator.background import Background
from appsync_emulator.lambdas.code import TaskRoot
from appsync_emulator.lambdas.environment import (
    INIT_LIMIT,
    Blueprint,
    SubprocessEnvironment,
)
from appsync_emulator.lambdas.logs import OnLine
from appsync_emulator.lambdas.orphans import Guard
from appsync_emulator.lambdas.overrides import debug_port_of
from appsync_emulator.lambdas.packages import Packages
from appsync_emulator.lambdas.runners import language_of, runner_problem
from appsync_emulator.lambdas.runners.language import Code, Launch
from appsync_emulator.lambdas.variables import function_variables
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings


class SubprocessRunner:
    """A function whose environments are processes.

    Args:
        function: the function.
        settings: where the interpreters are, and the region.
        extra: environment variables for all functions.
        packages: finds or installs what the function requires.
        folder: for unpacked code and temporary files; made when needed.
        on_line: gets the lines of the log.
        guard: gives the guard of all process groups.
        background: owns what outlives a call.
        init_limit: seconds.

    Raises:
        NotEmulated: the runtime is none of ours.
    """

    def __init__(
        self,
        function: LambdaFunction,
        settings: Settings,
        *,
        extra: Mapping[str, str],
        packages: Packages,
        folder: Path,
        on_line: OnLine,
        guard: Callable[[], Guard],
        background: Background,
        init_limit: float = INIT_LIMIT,
    ) -> None:
        language = self._language = language_of(function)
        self._function = function
        self._settings = settings
        self._root = TaskRoot(function, folder, language.inline_name)
        self._layers = tuple(
            TaskRoot(replace(function, code=layer), folder / f"layer-{number}", None)
            for number, layer in enumerate(function.layers)
        )
        self._packages = packages
        self._blueprint = Blueprint(
            function=function,
            code=self.code,
            folder=folder,
            launch=self._launch,
            variables=function_variables(function, settings.region, extra),
            on_line=on_line,
            guard=guard,
            background=background,
            init_limit=init_limit,
            debug_port=debug_port_of(function, settings),
        )
        self._made = 0

    def problem(self) -> str | None:
        """Tell why the function cannot run on this machine."""
        return runner_problem(self._function, self._settings)

    def changed(self) -> bool:
        """Tell whether its code has changed since the last call."""
        # Each of them has to take note of its own change, so all are asked.
        changed = [place.changed() for place in (self._root, *self._layers)]
        return True in changed

    async def code(self) -> Code:
        """Give what a process is started with.

        Archives are unpacked and packages installed when that was not done yet.

        Raises:
            OSError, zipfile.BadZipFile: an archive cannot be unpacked.
        """
        root = await self._root.path()
        layers = tuple([await layer.path() for layer in self._layers])
        packages = await self._packages.folder(root, layers)
        fresh = any(place.fresh() for place in (self._root, *self._layers))
        return Code(root, layers, packages, fresh)

    def _launch(self, code: Code) -> Launch:
        return self._language.launch(self._function, self._settings, code)

    def environment(self) -> SubprocessEnvironment:
        """Make a further environment."""
        self._made += 1
        return SubprocessEnvironment(self._blueprint, self._made)
