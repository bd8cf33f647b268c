"""What only local runs need to know, as one table.

Every field of `Settings` is at once a CLI option of `appsync-emulator start`
(`--first-part-of-its-name`), an environment variable (`APPSYNC_EMULATOR_…`) and a line
of the README; a test holds the four together. The environment is read here and nowhere
else, and here alone a value is held against what its setting may be.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from math import inf
from pathlib import Path
from typing import Any

PREFIX = "APPSYNC_EMULATOR_"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a setting may be.

    Attributes:
        words: for people, after "write".
        fits: tells whether a value is one; a TypeError means that it is not.
    """

    words: str
    fits: Callable[[Any], bool]


ANYTHING = Allowed("anything", lambda _: True)


def whole(least: int, most: float = inf) -> Allowed:
    """Allow whole numbers from `least` to `most`, both included."""
    end = f"to {most}" if most < inf else "up"
    return Allowed(
        f"a whole number from {least} {end}",
        lambda value: isinstance(value, int) and least <= value <= most,
    )


def number(words: str, fits: Callable[[float], bool]) -> Allowed:
    """Allow the finite numbers that `fits` holds for."""
    return Allowed(f"a number {words}", lambda value: fits(value) and value < inf)


def text(words: str, pattern: str) -> Allowed:
    """Allow texts of which `pattern` matches the whole."""
    return Allowed(
        words, lambda value: re.fullmatch(pattern, value, re.ASCII) is not None
    )


POSITIVE = number("greater than 0", lambda value: value > 0)
NOT_NEGATIVE = number("from 0 up", lambda value: value >= 0)


def setting(
    default: Any,
    sentence: str,
    *,
    unit: str = "",
    metavar: str = "",
    allowed: Allowed = ANYTHING,
) -> Any:
    """Declare one setting.

    Args:
        default: also tells the type: bool, int, float, str, or tuple for a setting
            that may be given several times (separated by commas in the environment).
        sentence: what it does, shown in the help and the README.
        unit: `s`, `MB` … for numbers.
        metavar: what the value stands for in the help.
        allowed: what it may be; each of several values.
    """
    about = {
        "sentence": sentence,
        "unit": unit,
        "metavar": metavar,
        "allowed": allowed,
    }
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one emulator.

    Raises:
        ValueError: a setting is not what it may be, in a sentence for its user.
    """

    host: str = setting("localhost", "Address to listen on.")
    port: int = setting(
        20002, "Port to listen on; 0 picks a free one.", allowed=whole(0, 65_535)
    )
    region: str = setting(
        "us-east-1",
        "Value of AWS::Region.",
        allowed=text("a region such as us-east-1", r"[a-z]{2}(-[a-z]+)+-\d"),
    )
    account_id: str = setting(
        "000000000000",
        "Value of AWS::AccountId.",
        allowed=text("12 digits", r"\d{12}"),
    )
    stack_name: str = setting(
        "",
        "Value of AWS::StackName; the template's folder when empty.",
        # The limits of CreateStack (CloudFormation API reference).
        allowed=text(
            "a letter, then at most 127 letters, digits and hyphens",
            r"([A-Za-z][A-Za-z0-9-]{0,127})?",
        ),
    )
    parameter: tuple[str, ...] = setting(
        (), "A parameter of the template.", metavar="NAME=VALUE"
    )
    api_key: tuple[str, ...] = setting(
        (),
        "Use this API key instead of the derived one.",
        metavar="KEY",
        # What a header can carry to the other end unchanged.
        allowed=text("printable ASCII characters without spaces", r"[!-~]+"),
    )
    iam_credential: tuple[str, ...] = setting(
        (),
        "An access key that may sign requests, and a JSON file with members of "
        "ctx.identity, `policy` or `role`; test:test when not given.",
        metavar="KEY:SECRET[:FILE]",
        allowed=text("KEY:SECRET or KEY:SECRET:FILE", r"[!-9;-~]+:[!-9;-~]+(:.+)?"),
    )
    jwks: tuple[str, ...] = setting(
        (),
        "Where the keys of a token issuer are, instead of asking it for them.",
        metavar="ISSUER=FILE_OR_URL",
        allowed=text(
            "ISSUER=FILE_OR_URL such as https://login.example.com=keys.json",
            r"https?://[^=\s]+=.+",
        ),
    )
    request_timeout: float = setting(
        30.0,
        "How long a request may take; AppSync's own limit.",
        unit="s",
        allowed=POSITIVE,
    )
    function_env: tuple[str, ...] = setting(
        (),
        "An environment variable for all functions; without a value it is taken from "
        "the emulator's own environment.",
        metavar="NAME[=VALUE]",
        allowed=text("NAME or NAME=VALUE", r"(?s:[^=\0]+(=[^\0]*)?)"),
    )
    python: str = setting(
        "",
        "Interpreter for Python functions, or the folder of a virtual environment; "
        "ours when empty.",
    )
    node: str = setting("node", "Interpreter for Node functions.")
    requirements: str = setting(
        "install",
        "Whether what a Python function's requirements.txt names and its interpreter "
        "does not have is installed for it, once, into --data-dir: install or off.",
        allowed=text("install or off", "install|off"),
    )
    layer: tuple[str, ...] = setting(
        (),
        "Folder or archive of a layer that the template takes from elsewhere, by the "
        "layer's ARN or name.",
        metavar="ARN=PATH",
        allowed=text("ARN=PATH or NAME=PATH", r"[^=]+=.+"),
    )
    function: tuple[str, ...] = setting(
        (),
        "Invoke this function, by name or logical id, at an endpoint that speaks "
        "Lambda's Invoke API.",
        metavar="NAME=URL",
        allowed=text(
            "NAME=URL such as ask=http://localhost:9000", r"[^=]+=https?://.+"
        ),
    )
    debug_function: tuple[str, ...] = setting(
        (),
        "Let a debugger into this function, by name or logical id, at a port of its "
        "own; it then runs in one environment and without time-outs.",
        metavar="NAME=PORT",
        allowed=text("NAME=PORT such as ask=5678", r"[^=]+=\d{1,5}"),
    )
    max_environments: int = setting(
        50,
        "How many environments one function may run in at once.",
        allowed=whole(1),
    )
    model_url: str = setting(
        "",
        "Where functions find the model (OPENAI_BASE_URL); the stand-in when empty.",
        allowed=text("a URL such as http://localhost:11434/v1", r"(https?://.+)?"),
    )
    model_name: str = setting(
        "",
        "Model at --model-url that Bedrock's requests go to; their own id when empty.",
    )
    model_script: str = setting(
        "", "Replies of the stand-in model, YAML or JSON.", metavar="FILE"
    )
    model_rate: float = setting(
        30.0,
        "How fast the stand-in model talks.",
        unit="tokens/s",
        allowed=NOT_NEGATIVE,
    )
    model_first_token: float = setting(
        0.3,
        "How long the stand-in model thinks first.",
        unit="s",
        allowed=NOT_NEGATIVE,
    )
    model_jitter: float = setting(
        0.0,
        "How far its pauses may be from their length, as a part of it.",
        allowed=number("from 0 to 1", lambda value: 0 <= value <= 1),
    )
    model_seed: int = setting(0, "Another seed gives other pauses.", allowed=whole(0))
    aws_endpoint: tuple[str, ...] = setting(
        (),
        "Where a service of AWS is, such as sqs=http://localhost:9324; SQS, SNS, "
        "EventBridge (events) and Cognito (cognito-idp) are served by moto when not "
        "given.",
        metavar="SERVICE=URL",
        allowed=text(
            "SERVICE=URL such as sqs=http://localhost:9324",
            r"[a-z][a-z0-9-]*=https?://[^\s/]+/?",
        ),
    )
    local_issuer: tuple[str, ...] = setting(
        (),
        "Take the place of this issuer: `appsync-emulator token` makes its tokens, and "
        "only those are good.",
        metavar="URL",
        allowed=text("a URL such as https://login.example.com", r"https?://[^\s?#]+"),
    )
    unverified_issuer: tuple[str, ...] = setting(
        (),
        "Take the tokens of this issuer without a look at their signature, which "
        "anybody could have made.",
        metavar="URL",
        allowed=text("a URL such as https://login.example.com", r"https?://[^\s?#]+"),
    )
    tls_name: tuple[str, ...] = setting(
        (), "A further host name for the certificate.", metavar="NAME"
    )
    data_dir: str = setting(
        "",
        "Where the local CA, keys of issuers and installed packages are kept; the "
        "user's data folder when empty.",
    )
    time_scale: float = setting(
        1.0, "Run Lambda's retry clock this many times faster.", allowed=POSITIVE
    )
    fault: tuple[str, ...] = setting(
        (),
        "Something that goes wrong on purpose, such as "
        "'subscription onToken drop=0.1' or 'function Ask crash-after=0.5 times=1'.",
        metavar="SPEC",
        allowed=text(
            "subscription, connection, function or model, then what happens",
            r"\s*(subscription|connection|function|model)(\s.*)?",
        ),
    )
    fault_seed: int = setting(0, "Another seed gives other faults.", allowed=whole(0))
    log_level: str = setting(
        "info",
        "debug, info, warning or error.",
        allowed=text("debug, info, warning or error", r"(?i:debug|info|warning|error)"),
    )

    def __post_init__(self) -> None:
        """Hold every value against what its setting may be."""
        for about in fields(self):
            value = getattr(self, about.name)
            several = isinstance(about.default, tuple)
            for one in value if several else (value,):
                _check(about, one)


def option_name(name: str) -> str:
    """Give the command-line option of the setting `name`."""
    return "--" + name.replace("_", "-")


def environment_name(name: str) -> str:
    """Give the environment variable of the setting `name`."""
    return PREFIX + name.upper()


def from_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read the settings that are in the environment, with their types.

    Raises:
        ValueError: a value that is not of the setting's type, naming the variable.
    """
    values: dict[str, Any] = {}
    for about in fields(Settings):
        variable = environment_name(about.name)
        if variable in environ:
            values[about.name] = _typed(variable, environ[variable], about.default)
    return values


def _typed(variable: str, text: str, default: Any) -> Any:
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    kind = type(default)
    if kind is str:
        return text
    try:
        return kind(text)
    except ValueError:
        message = f"{variable}={text!r} is not {_ARTICLE[kind]}"
        raise ValueError(message) from None


def _check(about: Field[Any], value: Any) -> None:
    allowed: Allowed = about.metadata["allowed"]
    try:
        if allowed.fits(value):
            return
    except TypeError:
        pass
    names = f"{option_name(about.name)} ({environment_name(about.name)})"
    raise ValueError(f"{names} is {value!r}: write {allowed.words}.")


_ARTICLE = {int: "a whole number", float: "a number"}


def data_folder(settings: Settings) -> Path:
    """Give the folder that keeps what outlives a run, as an absolute path."""
    folder = Path(settings.data_dir) if settings.data_dir else default_data_dir()
    return folder.resolve()


def default_data_dir() -> Path:
    """Give the folder that is taken when no other one is named."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "appsync-emulator"
