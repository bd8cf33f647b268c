"""Checks that the bodies of all operations share."""

from typing import Any

import orjson

from appsync_emulator.server.model.bedrock.errors import Invalid
from appsync_emulator.types import JSON

MALFORMED = "Malformed input request: {}, please reformat your input and try again."
"""Bedrock's words for a body that does not have the form of the model's."""


def load(body: bytes) -> dict[str, Any]:
    """Parse a body, without the members that are null.

    Raises:
        Invalid: it is no JSON object.
    """
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Invalid(MALFORMED.format("the body is not valid JSON")) from None
    if not isinstance(given, dict):
        raise Invalid(MALFORMED.format("#: expected type: JSONObject"))
    return {name: value for name, value in given.items() if value is not None}


def require(given: dict[str, Any], name: str) -> Any:
    """Give a member.

    Raises:
        Invalid: it is missing.
    """
    if name not in given:
        raise Invalid(MALFORMED.format(f"#: required key [{name}] not found"))
    return given[name]


def member(given: dict[str, Any], name: str) -> dict[str, Any]:
    """Give a member that is an object; an empty one when it is missing.

    Raises:
        Invalid: it is something else.
    """
    value = given.get(name) or {}
    if not isinstance(value, dict):
        raise wrong(name, "an object")
    return value


def text(value: JSON, place: str) -> str:
    """Give a text.

    Raises:
        Invalid: it is something else.
    """
    if not isinstance(value, str):
        raise wrong(place, "a string")
    return value


def objects(value: JSON, place: str) -> list[dict[str, Any]]:
    """Give a list of objects.

    Raises:
        Invalid: it is something else.
    """
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise wrong(place, "a list of objects")
    return value


def limit(given: dict[str, Any], name: str, place: str = "") -> int | None:
    """Give the number of tokens that an answer may have, None for no limit.

    Raises:
        Invalid: it is no whole number above 0.
    """
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(place + name, "a whole number")
    if value < 1:
        raise _out_of_range(value, place + name, "greater than or equal to 1")
    return value


def fraction(given: dict[str, Any], name: str, place: str = "") -> float | None:
    """Give a number from 0 to 1, None when it is missing.

    Raises:
        Invalid: it is something else.
    """
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise wrong(place + name, "a number")
    if value < 0:
        raise _out_of_range(value, place + name, "greater than or equal to 0")
    if value > 1:
        raise _out_of_range(value, place + name, "less than or equal to 1")
    return float(value)


def stops(given: dict[str, Any], name: str, place: str = "") -> list[str]:
    """Give stop sequences.

    Raises:
        Invalid: they are no list of strings that are not empty.
    """
    value = given.get(name) or []
    if not isinstance(value, list) or not all(
        isinstance(one, str) and one for one in value
    ):
        raise wrong(place + name, "a list of strings that are not empty")
    return value


def sampling(temperature: float | None, top_p: float | None) -> dict[str, float]:
    """Put together what a real model is told about choosing its words."""
    given = {"temperature": temperature, "top_p": top_p}
    return {name: value for name, value in given.items() if value is not None}


def not_emulated(given: dict[str, Any], *names: str) -> None:
    """Refuse members that would change the answer's shape.

    Raises:
        Invalid: one of them is there.
    """
    for name in names:
        if given.get(name):
            raise Invalid(f"{name} is not emulated by the stand-in model.")


def wrong(place: str, wanted: str) -> Invalid:
    """Say what should have stood in a place."""
    return Invalid(MALFORMED.format(f"#/{place.replace('.', '/')}: expected {wanted}"))


def _out_of_range(value: float, place: str, constraint: str) -> Invalid:
    return Invalid(
        f"1 validation error detected: Value '{value}' at '{place}' failed to satisfy "
        f"constraint: Member must have value {constraint}"
    )
