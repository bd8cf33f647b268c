"""Python functions, run by the interpreter of the emulator or of the settings."""

import shutil
import sys

from appsync_emulator.lambdas.runners.language import BOOTSTRAP, Code, Language, Launch
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings


def _problem(function: LambdaFunction, settings: Settings) -> str | None:
    if not settings.python or shutil.which(settings.python):
        return None
    return (
        f"It needs Python (runtime {function.runtime}), but there is no "
        f"{settings.python!r}; name another interpreter with --python."
    )


def _launch(_function: LambdaFunction, settings: Settings, code: Code) -> Launch:
    # Python takes a compiled file for current when second and size of the source are
    # the same; so none is written while the source may still change in this second.
    options = ("-B",) if code.fresh else ()
    python = settings.python or sys.executable
    return Launch((python, *options, str(BOOTSTRAP / "bootstrap.py")), {})


PYTHON = Language("index.py", _problem, _launch)
