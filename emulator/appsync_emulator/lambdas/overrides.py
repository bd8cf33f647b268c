"""What settings say of single functions, in entries of the form NAME=VALUE.

NAME is the function's name, or its logical id in the template, which is what people
know when CloudFormation makes the name up.
"""

from collections.abc import Mapping, Sequence

from appsync_emulator.errors import nearest_name
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings


def endpoint_of(function: LambdaFunction, settings: Settings) -> str | None:
    """Give the URL that stands in for a function; None when it runs here."""
    return _value(settings.function, function)


def debug_port_of(function: LambdaFunction, settings: Settings) -> int | None:
    """Give the port at which a debugger finds a function; None when none is wanted."""
    port = _value(settings.debug_function, function)
    return None if port is None else int(port)


def check_overrides(
    functions: Mapping[str, LambdaFunction], settings: Settings
) -> None:
    """Make sure that every entry is for a function of the application.

    Raises:
        ValueError: one is not.
    """
    known = [name for one in functions.values() for name in _names(one)]
    for option, entries in (
        ("--function", settings.function),
        ("--debug-function", settings.debug_function),
    ):
        for entry in entries:
            name = entry.partition("=")[0]
            if name in known:
                continue
            near = nearest_name(name, known)
            hint = f" Did you mean {near!r}?" if near else ""
            raise ValueError(
                f"{option} {entry!r}: the application has no function {name!r}.{hint}"
            )


def _names(function: LambdaFunction) -> tuple[str, ...]:
    logical_id = function.origin.resource
    return (function.name, logical_id) if logical_id else (function.name,)


def _value(entries: Sequence[str], function: LambdaFunction) -> str | None:
    names = _names(function)
    for entry in reversed(entries):  # the last one counts
        name, _, value = entry.partition("=")
        if name in names:
            return value
    return None
