"""The ways to run a function; one a file.

To add a runtime, write a `Language` in a file of its own and name it in `LANGUAGES`.
"""

from appsync_emulator.errors import NotEmulated
from appsync_emulator.lambdas.code import code_problem
from appsync_emulator.lambdas.runners.language import Language
from appsync_emulator.lambdas.runners.node import NODE
from appsync_emulator.lambdas.runners.provided import PROVIDED
from appsync_emulator.lambdas.runners.python import PYTHON
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings

LANGUAGES: dict[str, Language] = {
    "python": PYTHON,
    "nodejs": NODE,
    "provided": PROVIDED,
}
"""By the first part of the runtime's name."""


def language_of(function: LambdaFunction) -> Language:
    """Give the way to run `function`.

    Raises:
        NotEmulated: its runtime is none of ours.
    """
    for prefix, language in LANGUAGES.items():
        if function.runtime.startswith(prefix):
            return language
    if not function.runtime:
        feature = (
            f"A Lambda function without a runtime, such as an image ({function.name})"
        )
    else:
        feature = f"The Lambda runtime {function.runtime} (of {function.name})"
    raise NotEmulated(feature)


def runner_problem(function: LambdaFunction, settings: Settings) -> str | None:
    """Tell why `function` cannot run on this machine, before it is invoked.

    Returns:
        A sentence for its developer, or None when it can run.
    """
    try:
        language = language_of(function)
    except NotEmulated as error:
        return str(error)
    return code_problem(function, language.inline_name) or language.problem(
        function, settings
    )
