"""What only local runs need to know, as one table.

Every field of `Settings` is at once a CLI option of `appsync-emulator start`
(`--first-part-of-its-name`), an environment variable (`APPSYNC_EMULATOR_…`) and a line
of the README; a test holds the four together. The environment is read here and nowhere
else.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

PREFIX = "APPSYNC_EMULATOR_"


def setting(default: Any, sentence: str, *, unit: str = "", metavar: str = "") -> Any:
    """Declare one setting.

    Args:
        default: also tells the type: bool, int, float, str, or tuple for a setting
            that may be given several times (separated by commas in the environment).
        sentence: what it does, shown in the help and the README.
        unit: `s`, `MB` … for numbers.
        metavar: what the value stands for in the help.
    """
    about = {"sentence": sentence, "unit": unit, "metavar": metavar}
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one emulator."""

    host: str = setting("localhost", "Address to listen on.")
    port: int = setting(20002, "Port to listen on; 0 picks a free one.")
    region: str = setting("us-east-1", "Value of AWS::Region.")
    account_id: str = setting("000000000000", "Value of AWS::AccountId.")
    stack_name: str = setting(
        "", "Value of AWS::StackName; the template's folder when empty."
    )
    parameter: tuple[str, ...] = setting(
        (), "A parameter of the template.", metavar="NAME=VALUE"
    )
    api_key: tuple[str, ...] = setting(
        (), "Use this API key instead of the derived one.", metavar="KEY"
    )
    request_timeout: float = setting(
        30.0, "How long a request may take; AppSync's own limit.", unit="s"
    )
    function_env: tuple[str, ...] = setting(
        (),
        "An environment variable for all functions; without a value it is taken from "
        "the emulator's own environment.",
        metavar="NAME[=VALUE]",
    )
    python: str = setting("", "Interpreter for Python functions; ours when empty.")
    node: str = setting("node", "Interpreter for Node functions.")
    max_environments: int = setting(
        10, "How many environments one function may run in at once."
    )
    model_url: str = setting(
        "",
        "Where functions find the model (OPENAI_BASE_URL); the stand-in when empty.",
    )
    model_rate: float = setting(
        30.0, "How fast the stand-in model talks.", unit="tokens/s"
    )
    model_first_token: float = setting(
        0.3, "How long the stand-in model thinks first.", unit="s"
    )
    tls_name: tuple[str, ...] = setting(
        (), "A further host name for the certificate.", metavar="NAME"
    )
    data_dir: str = setting(
        "", "Where the local CA is kept; the user's data folder when empty."
    )
    time_scale: float = setting(1.0, "Run Lambda's retry clock this many times faster.")
    log_level: str = setting("info", "debug, info, warning or error.")


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


_ARTICLE = {int: "a whole number", float: "a number"}


def default_data_dir() -> Path:
    """Give the folder that keeps the local CA across runs."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "appsync-emulator"
