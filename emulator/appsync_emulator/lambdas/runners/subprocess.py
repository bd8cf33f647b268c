"""Runs a function in subprocesses of its own language."""

from collections.abc import Callable, Mapping
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
from appsync_emulator.lambdas.runners import language_of, runner_problem
from appsync_emulator.lambdas.runners.language import Launch
from appsync_emulator.lambdas.variables import function_variables
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings


class SubprocessRunner:
    """A function whose environments are processes.

    Args:
        function: the function.
        settings: where the interpreters are, and the region.
        extra: environment variables for all functions.
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
        self._blueprint = Blueprint(
            function=function,
            root=self._root,
            folder=folder,
            launch=self._launch,
            variables=function_variables(function, settings.region, extra),
            on_line=on_line,
            guard=guard,
            background=background,
            init_limit=init_limit,
        )
        self._made = 0

    def problem(self) -> str | None:
        """Tell why the function cannot run on this machine."""
        return runner_problem(self._function, self._settings)

    def changed(self) -> bool:
        """Tell whether its code has changed since the last call."""
        return self._root.changed()

    def _launch(self, root: Path) -> Launch:
        fresh = self._root.fresh()
        return self._language.launch(self._function, self._settings, root, fresh)

    def environment(self) -> SubprocessEnvironment:
        """Make a further environment."""
        self._made += 1
        return SubprocessEnvironment(self._blueprint, self._made)
