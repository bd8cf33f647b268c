"""Functions that bring their runtime: an executable named `bootstrap`.

Whether it is there is found out when it is started, as on AWS, since it may be packed
in an archive.
"""

from appsync_emulator.lambdas.runners.language import Code, Language, Launch
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings


def _problem(function: LambdaFunction, _settings: Settings) -> str | None:
    places = [place for place in (function.code, *function.layers) if place is not None]
    if any(not place.is_dir() or (place / "bootstrap").is_file() for place in places):
        return None
    return f"There is no file `bootstrap` in {function.code} to run it with."


def _launch(_function: LambdaFunction, _settings: Settings, code: Code) -> Launch:
    root = code.root
    places = [root, *reversed(code.layers)]
    found = (place / "bootstrap" for place in places)
    bootstrap = next((file for file in found if file.is_file()), root / "bootstrap")
    libraries = f"{root}:{root / 'lib'}"  # as on AWS
    return Launch((str(bootstrap),), {"LD_LIBRARY_PATH": libraries})


PROVIDED = Language(None, _problem, _launch)
