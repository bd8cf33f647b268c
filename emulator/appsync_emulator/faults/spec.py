"""Faults as text: `KIND [NAME] option=value …`, what `--fault` takes."""

import difflib
from collections.abc import Mapping
from dataclasses import Field, fields
from typing import Any

from appsync_emulator.faults.kinds import (
    ConnectionFault,
    Fault,
    FunctionFault,
    ModelFault,
    SubscriptionFault,
)

KINDS: dict[str, type[Fault]] = {
    "subscription": SubscriptionFault,
    "connection": ConnectionFault,
    "function": FunctionFault,
    "model": ModelFault,
}
_NAMED = {"subscription", "function"}


def read_fault(text: str) -> Fault:
    """Read one specification, such as `function Ask crash-after=0.5 times=1`.

    Options that are true or false may stand without a value.

    Raises:
        ValueError: it is none, in a sentence for its user.
    """
    kind, *words = text.split() or [""]
    if kind not in KINDS:
        raise ValueError(f"--fault {text!r}: begin with {_one_of(KINDS)}.")
    made: dict[str, Any] = {}
    if kind in _NAMED and words and not _is_option(words[0], KINDS[kind]):
        made["name"] = words.pop(0)
    options = {one.name: one for one in fields(KINDS[kind]) if one.name != "name"}
    try:
        for word in words:
            name, _, value = word.partition("=")
            field = _option(name, options)
            made[field.name] = _value(field, value)
        return KINDS[kind](**made)
    except ValueError as error:
        raise ValueError(f"--fault {text!r}: {error}") from None


def _is_option(word: str, kind: type[Fault]) -> bool:
    names = {one.name for one in fields(kind)}
    return "=" in word or word.replace("-", "_") in names


def _option(name: str, options: Mapping[str, Field[Any]]) -> Field[Any]:
    found = options.get(name.replace("-", "_"))
    if found is not None:
        return found
    allowed = [one.replace("_", "-") for one in options]
    near = difflib.get_close_matches(name, allowed, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise ValueError(f"there is no option {name!r}; allowed: {_one_of(allowed)}.{hint}")


def _value(field: Field[Any], text: str) -> Any:
    name = field.name.replace("_", "-")
    if field.type is bool:
        if text not in ("", "true", "false"):
            raise ValueError(f"{name}={text}: write {name}, or {name}=false.")
        return text != "false"
    whole = "int" in str(field.type)
    try:
        return int(text) if whole else float(text)
    except ValueError:
        words = "a whole number" if whole else "a number"
        raise ValueError(f"{name}={text}: write {words}.") from None


def _one_of(names: Any) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}"
