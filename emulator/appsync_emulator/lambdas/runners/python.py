"""Python functions, run by the interpreter of the emulator or of the settings."""

import shutil
import sys
from pathlib import Path

from appsync_emulator.lambdas.runners.language import BOOTSTRAP, Code, Language, Launch
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings


def interpreter(settings: Settings) -> str:
    """Give the program that runs Python functions.

    A virtual environment may be named by its folder.
    """
    named = settings.python
    if not named:
        return sys.executable
    inside = Path(named) / "bin" / "python"
    return str(inside.absolute()) if inside.exists() else named


def _problem(function: LambdaFunction, settings: Settings) -> str | None:
    if shutil.which(interpreter(settings)):
        return None
    return (
        f"It needs Python (runtime {function.runtime}), but there is no "
        f"{settings.python!r}; name another interpreter with --python."
    )


def _launch(_function: LambdaFunction, settings: Settings, code: Code) -> Launch:
    # Python takes a compiled file for current when second and size of the source are
    # the same; so none is written while the source may still change in this second.
    options = ("-B",) if code.fresh else ()
    return Launch(
        (interpreter(settings), *options, str(BOOTSTRAP / "bootstrap.py")), {}
    )


PYTHON = Language("index.py", _problem, _launch)
