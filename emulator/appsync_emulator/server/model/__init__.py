"""A stand-in for the model, so that streaming works without a key or a network.

It speaks the part of OpenAI's chat completions API that streaming clients use, and
Bedrock's runtime API. The answer is a short paragraph that depends on nothing but the
last user message, cut into tokens in a fixed way, so a test can expect it to the
letter; a script tells other ones, and faults. No key is asked for.

How fast it talks is a setting, and a model's name may carry its own pace for one
request, which reaches the stand-in through any client and through the environment of
any function: `gpt-4o-mini@rate=200`, `gpt-4o-mini@rate=0,first=0`. `rate` is tokens a
second, 0 for no pauses; `first` is the seconds until the first token; `jitter`, from 0
to 1, how uneven the pauses are.

What would change the shape of an answer and is not done (several choices, log
probabilities, enforced JSON) is refused; what only changes how a model chooses its
words is accepted.
"""

from pathlib import Path

from starlette.routing import Mount, Route

from appsync_emulator.clock import Clock
from appsync_emulator.server.model.bedrock.routes import bedrock_routes
from appsync_emulator.server.model.routes import openai_routes
from appsync_emulator.server.model.scriptfile import CODES, read_script
from appsync_emulator.server.model.standin import Change, StandIn
from appsync_emulator.settings import Settings

__all__ = ["CODES", "StandIn", "check_script", "mounts", "routes"]


def check_script(settings: Settings) -> None:
    """Read the script, to tell what is wrong with it before anything is served.

    Raises:
        ProjectErrors: it is wrong.
    """
    if settings.model_script:
        read_script(Path(settings.model_script))


def routes(settings: Settings) -> list[Route]:
    """Give OpenAI's routes alone, to mount at `/v1`.

    Raises:
        ProjectErrors: the script is wrong.
    """
    return openai_routes(StandIn(settings))


def mounts(
    settings: Settings,
    clock: Clock | None = None,
    key: str = "",
    change: Change | None = None,
) -> list[Mount]:
    """Give both APIs, which share one script, at their places.

    Args:
        settings: of the model.
        clock: the machine's when None.
        key: for the model at `--model-url`; empty for none.
        change: makes other rules of those of the script; None for none.

    Raises:
        ProjectErrors: the script is wrong.
    """
    stand_in = StandIn(settings, clock, key, change)
    return [
        Mount("/v1", routes=openai_routes(stand_in)),
        Mount("/model", routes=bedrock_routes(stand_in)),
    ]
