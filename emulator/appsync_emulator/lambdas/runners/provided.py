"""Functions that bring their runtime: an executable named `bootstrap`.

Whether it is there is found out when it is started, as on AWS, since it may be packed
in an archive.
"""

from pathlib import Path

from appsync_emulator.lambdas.runners.language import Language, Launch
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings


def _problem(function: LambdaFunction, _settings: Settings) -> str | None:
    if function.code is None or not function.code.is_dir():
        return None
    if (function.code / "bootstrap").is_file():
        return None
    return f"There is no file `bootstrap` in {function.code} to run it with."


def _launch(
    _function: LambdaFunction, _settings: Settings, root: Path, _fresh: bool
) -> Launch:
    libraries = f"{root}:{root / 'lib'}"  # as on AWS
    return Launch((str(root / "bootstrap"),), {"LD_LIBRARY_PATH": libraries})


PROVIDED = Language(None, _problem, _launch)
