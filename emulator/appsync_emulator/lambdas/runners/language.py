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
class Code:
    """What a process of a function is started with.

    Attributes:
        root: the folder that is `/var/task` on AWS.
        layers: folders of its layers, the top one last.
        packages: the folder with what it requires; None when nothing is missing.
        fresh: whether the code was changed in the last seconds.
    """

    root: Path
    layers: tuple[Path, ...]
    packages: Path | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class Language:
    """A family of runtimes.

    Attributes:
        inline_name: the file CloudFormation makes of inline code; None without it.
        problem: tells why it cannot run here, or None.
        launch: makes the command.
    """

    inline_name: str | None
    problem: Callable[[LambdaFunction, Settings], str | None]
    launch: Callable[[LambdaFunction, Settings, Code], Launch]
