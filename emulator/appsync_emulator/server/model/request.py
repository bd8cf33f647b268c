"""OpenAI's chat completions: bytes in, a checked `Question` out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from appsync_emulator.server.model.reply import Asked
from appsync_emulator.types import JSON


@dataclass(frozen=True, slots=True)
class Question:
    """A request that has been checked."""

    asked: Asked
    stream: bool
    include_usage: bool


class Refused(Exception):
    """A request that is answered with an error in OpenAI's shape."""

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        status: int = 400,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code
        self.status = status


def parse(body: bytes) -> Question:
    """Check the JSON text of a request.

    Raises:
        Refused: naming the parameter that is wrong.
    """
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused("The body of the request is not valid JSON.") from None
    if not isinstance(given, dict):
        raise Refused("The body of the request must be a JSON object.")
    given = {name: value for name, value in given.items() if value is not None}
    _check(given)
    return _question(given)


def _check(given: dict[str, Any]) -> None:
    for name in given:
        if name not in PARAMETERS:
            message = f"Unknown parameter: '{name}'."
            raise Refused(message, param=name, code="unknown_parameter")
    for name in ("model", "messages"):
        if name not in given:
            raise _missing(name)
    for name, value in given.items():
        wanted, accepts = PARAMETERS[name]
        if not accepts(value):
            raise _invalid(name, wanted)
    if "stream_options" in given and not given.get("stream"):
        message = "'stream_options' is only allowed together with 'stream'."
        raise Refused(message, param="stream_options", code="invalid_value")


def _question(given: dict[str, Any]) -> Question:
    messages = given["messages"]
    stops = given.get("stop", [])
    asked = Asked(
        model=given["model"],
        conversation=[
            (SPEAKERS.get(message["role"], message["role"]), text)
            for text, message in zip(_texts(messages), messages, strict=True)
        ],
        limit=given.get("max_completion_tokens", given.get("max_tokens")),
        stops=[stops] if isinstance(stops, str) else stops,
        must_call=_must_call(given.get("tool_choice")),
    )
    return Question(
        asked,
        stream=given.get("stream", False),
        include_usage=given.get("stream_options", {}).get("include_usage", False),
    )


def _must_call(choice: JSON) -> bool:
    return choice == "required" or isinstance(choice, dict)


def _texts(messages: list[Any]) -> list[str]:
    """Give the text of each message; of a list of parts, that of its text parts."""
    texts = []
    for number, message in enumerate(messages):
        place = f"messages[{number}]"
        if not isinstance(message, dict):
            raise _invalid(place, "an object")
        if "role" not in message:
            raise _missing(f"{place}.role")
        if message["role"] not in ROLES:
            raise _invalid(f"{place}.role", f"one of {', '.join(ROLES)}")
        content = message.get("content") or ""
        if isinstance(content, list):
            parts = [part for part in content if isinstance(part, dict)]
            content = "".join(str(part.get("text", "")) for part in parts)
        if not isinstance(content, str):
            raise _invalid(f"{place}.content", "a string or a list of parts")
        texts.append(content)
    return texts


ROLES = ("developer", "system", "user", "assistant", "tool", "function")
SPEAKERS = {"developer": "system", "tool": "system", "function": "system"}
"""Roles that count as another one."""


def _missing(name: str) -> Refused:
    message = f"Missing required parameter: '{name}'."
    return Refused(message, param=name, code="missing_required_parameter")


def _invalid(name: str, wanted: str) -> Refused:
    message = f"Invalid value for '{name}': expected {wanted}."
    return Refused(message, param=name, code="invalid_value")


def _is_bool(value: JSON) -> bool:
    return isinstance(value, bool)


def _is_count(value: JSON) -> bool:
    return isinstance(value, int) and not _is_bool(value) and value > 0


def _is_name(value: JSON) -> bool:
    return isinstance(value, str) and value != ""


def _is_list(value: JSON) -> bool:
    return isinstance(value, list) and len(value) > 0


def _is_stop(value: JSON) -> bool:
    return _is_name(value) or (_is_list(value) and all(map(_is_name, value)))


def _is_options(value: JSON) -> bool:
    return isinstance(value, dict) and _is_bool(value.get("include_usage", False))


def _is_choice(value: JSON) -> bool:
    return value in ("auto", "none", "required") or isinstance(value, dict)


def _among(*allowed: JSON) -> Callable[[JSON], bool]:
    return lambda value: value in allowed


def _any(_: JSON) -> bool:
    return True


PARAMETERS: dict[str, tuple[str, Callable[[JSON], bool]]] = {
    "messages": ("a list of at least one message", _is_list),
    "model": ("the name of a model", _is_name),
    "stream": ("a boolean", _is_bool),
    "stream_options": ("an object whose include_usage is a boolean", _is_options),
    "max_tokens": ("a whole number above 0", _is_count),
    "max_completion_tokens": ("a whole number above 0", _is_count),
    "stop": ("a string or a list of strings", _is_stop),
    # The stand-in writes one plain text; only a script makes it call tools.
    "n": ("1 (the stand-in gives one choice)", _among(1)),
    "logprobs": ("false (the stand-in has no probabilities)", _among(False)),
    "top_logprobs": ("0 (the stand-in has no probabilities)", _among(0)),
    "modalities": ('["text"] (the stand-in only writes)', _among(["text"])),
    "response_format": (
        'the type "text" (the stand-in writes plain text)',
        _among({"type": "text"}),
    ),
    "tool_choice": ('"auto", "none", "required" or an object', _is_choice),
    "function_call": (
        '"auto" or "none" (the stand-in calls no functions)',
        _among("auto", "none"),
    ),
    # These change how a model chooses its words, or who pays.
    **dict.fromkeys(
        (
            "frequency_penalty",
            "functions",
            "logit_bias",
            "metadata",
            "parallel_tool_calls",
            "prediction",
            "presence_penalty",
            "prompt_cache_key",
            "prompt_cache_retention",
            "reasoning_effort",
            "safety_identifier",
            "seed",
            "service_tier",
            "store",
            "temperature",
            "tools",
            "top_p",
            "user",
            "verbosity",
        ),
        ("any value", _any),
    ),
}
"""What each parameter is expected to be, in words and as a test."""
