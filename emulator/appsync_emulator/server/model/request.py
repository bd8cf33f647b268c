"""What the stand-in model is asked: bytes in, a checked `Question` out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from appsync_emulator.server.model.text import answer, split
from appsync_emulator.types import JSON


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the stand-in talks.

    Attributes:
        rate: tokens a second; 0 or less for no pauses.
        first: seconds until the first token.
    """

    rate: float
    first: float

    def due(self, number: int) -> float:
        """Give the seconds after which token `number` (from 0) is to be sent."""
        return self.first + (number / self.rate if self.rate > 0 else 0.0)


@dataclass(frozen=True, slots=True)
class Question:
    """A request that has been checked.

    Attributes:
        tokens: the whole answer, already cut to the tokens that were allowed.
        finish_reason: `stop`, or `length` when it was cut.
        usage: token counts as OpenAI names them.
    """

    model: str
    stream: bool
    include_usage: bool
    pace: Pace
    tokens: list[str]
    finish_reason: str
    usage: dict[str, int]


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


def parse(body: bytes, pace: Pace) -> Question:
    """Check a request and make up its answer.

    Args:
        body: the JSON text.
        pace: used unless the model's name asks for its own.

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
    return _question(given, pace)


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


def _question(given: dict[str, Any], pace: Pace) -> Question:
    texts = _texts(given["messages"])
    tokens = split(_stopped(answer(_prompt(given["messages"], texts)), given))
    limit = given.get("max_completion_tokens", given.get("max_tokens", len(tokens)))
    said = tokens[:limit]
    read = sum(len(split(text)) for text in texts)
    return Question(
        model=given["model"],
        stream=given.get("stream", False),
        include_usage=given.get("stream_options", {}).get("include_usage", False),
        pace=_own_pace(given["model"], pace),
        tokens=said,
        finish_reason="stop" if len(said) == len(tokens) else "length",
        usage={
            "prompt_tokens": read,
            "completion_tokens": len(said),
            "total_tokens": read + len(said),
        },
    )


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


def _prompt(messages: list[dict[str, Any]], texts: list[str]) -> str:
    """Give the text of the last message of a user, or else of the last message."""
    asked = [
        text
        for text, message in zip(texts, messages, strict=True)
        if message["role"] == "user"
    ]
    return (asked or texts)[-1]


def _stopped(text: str, given: dict[str, Any]) -> str:
    stops = given.get("stop", [])
    for stop in [stops] if isinstance(stops, str) else stops:
        text = text.partition(stop)[0]
    return text


def _own_pace(model: str, pace: Pace) -> Pace:
    """Give the pace that the model's name asks for."""
    found = re.search(r"@((?:(?:rate|first)=\d{1,6}(?:\.\d{1,6})?,?)+)$", model)
    if found is None:
        return pace
    own = dict(part.split("=") for part in found[1].split(",") if part)
    return Pace(float(own.get("rate", pace.rate)), float(own.get("first", pace.first)))


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
    # The stand-in writes one plain text and calls nothing.
    "n": ("1 (the stand-in gives one choice)", _among(1)),
    "logprobs": ("false (the stand-in has no probabilities)", _among(False)),
    "top_logprobs": ("0 (the stand-in has no probabilities)", _among(0)),
    "modalities": ('["text"] (the stand-in only writes)', _among(["text"])),
    "response_format": (
        'the type "text" (the stand-in writes plain text)',
        _among({"type": "text"}),
    ),
    "tool_choice": (
        '"auto" or "none" (the stand-in calls no tools)',
        _among("auto", "none"),
    ),
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
