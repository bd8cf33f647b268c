"""Python functions, run by the interpreter of the emulator or of the settings."""

import shutil
import sys
from pathlib import Path

from appsync_emulator.lambdas.runners.language import BOOTSTRAP, Language, Launch
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings


def _problem(function: LambdaFunction, settings: Settings) -> str | None:
    if not settings.python or shutil.which(settings.python):
        return None
    return (
        f"It needs Python (runtime {function.runtime}), but there is no "
        f"{settings.python!r}; name another interpreter with --python."
    )


def _launch(_function: LambdaFunction, settings: Settings, _root: Path) -> Launch:
    python = settings.python or sys.executable
    return Launch((python, str(BOOTSTRAP / "bootstrap.py")), {})


PYTHON = Language("index.py", _problem, _launch)
