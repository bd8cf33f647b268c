"""How Java methods are declared here, and chosen as Velocity chooses them.

A method is a Python function with a signature: one letter per parameter, see
`_ACCEPTS`. Overloads are tried in the order in which they were declared, so the more
specific one comes first.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from appsync_resolvers.vtl.values.kinds import (
    INT_MAX,
    INT_MIN,
    LONG_MAX,
    LONG_MIN,
    is_int,
    is_list,
    is_map,
    is_number,
)
from appsync_resolvers.vtl.values.objects import Char, View

Function = Callable[..., Any]
F = TypeVar("F", bound=Callable[..., Any])
Overload = tuple[str, Function]
Table = dict[str, list[Overload]]


def _is_long(value: Any) -> bool:
    return type(value) is int and LONG_MIN <= value <= LONG_MAX


_ACCEPTS: dict[str, Callable[[Any], bool]] = {
    "o": lambda _value: True,
    "s": lambda value: value is None or type(value) is str,
    "i": lambda value: type(value) is int and INT_MIN <= value <= INT_MAX,
    "l": _is_long,
    "d": lambda value: type(value) is float or _is_long(value),
    "b": lambda value: type(value) is bool,
    "c": lambda value: type(value) is Char,
    "k": lambda value: value is None or is_list(value) or isinstance(value, View),
    "m": lambda value: value is None or is_map(value),
    "I": lambda value: value is None or is_int(value),
    "L": lambda value: (
        value is None or (type(value) is int and not INT_MIN <= value <= INT_MAX)
    ),
    "G": lambda value: value is None or (type(value) is int and not _is_long(value)),
    "D": lambda value: value is None or type(value) is float,
    "B": lambda value: value is None or type(value) is bool,
    "n": lambda value: value is None or is_number(value),
    "*": lambda _value: True,
}
"""Object, String, int, long, double, boolean, char, Collection, Map, Integer, Long,
BigInteger, Double, Boolean, Number, and any number of further objects. Only the
primitives (`i`, `l`, `d`, `b`, `c`) take no null."""


def method(table: Table, name: str, signature: str = "") -> Callable[[F], F]:
    """Declare a method in the table of its class."""

    def declare(function: F) -> F:
        table.setdefault(name, []).append((signature, function))
        return function

    return declare


def find(overloads: list[Overload], arguments: tuple[Any, ...]) -> Function | None:
    """Give the method that takes these arguments, None when there is no such."""
    count = len(arguments)
    for signature, function in overloads:
        if signature.endswith("*"):
            if count < len(signature) - 1:
                continue
        elif count != len(signature):
            continue
        if all(
            _ACCEPTS[letter](value)
            for letter, value in zip(signature, arguments, strict=False)
        ):
            return function
    return None
