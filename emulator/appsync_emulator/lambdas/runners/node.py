"""Node functions, run by the `node` of the settings."""

import shutil

from appsync_emulator.lambdas.runners.language import BOOTSTRAP, Code, Language, Launch
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings


def _problem(function: LambdaFunction, settings: Settings) -> str | None:
    if shutil.which(settings.node):
        return None
    return (
        f"It needs Node (runtime {function.runtime}), but there is no "
        f"{settings.node!r}; install Node or name it with --node."
    )


def _launch(_function: LambdaFunction, settings: Settings, code: Code) -> Launch:
    # /var/task is on AWS's NODE_PATH too, so that `require("lib/x")` works there.
    command = (settings.node, str(BOOTSTRAP / "bootstrap.mjs"))
    return Launch(command, {"NODE_PATH": str(code.root)})


NODE = Language("index.js", _problem, _launch)
