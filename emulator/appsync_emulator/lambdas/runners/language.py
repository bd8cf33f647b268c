"""What differs between the runtimes that run in a subprocess."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings

BOOTSTRAP = Path(__file__).parent.parent / "bootstrap"
"""The folder that is `/var/runtime` on AWS."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a process of a function.

    Attributes:
        command: program and arguments.
        environment: variables that the runtime needs beyond Lambda's own.
    """

    command: tuple[str, ...]
    environment: dict[str, str]


@dataclass(frozen=True, slots=True)
class Language:
    """A family of runtimes.

    Attributes:
        inline_name: the file CloudFormation makes of inline code; None without it.
        problem: tells why it cannot run here, or None.
        launch: makes the command, given the task root, and whether the code there was
            changed in the last seconds.
    """

    inline_name: str | None
    problem: Callable[[LambdaFunction, Settings], str | None]
    launch: Callable[[LambdaFunction, Settings, Path, bool], Launch]
