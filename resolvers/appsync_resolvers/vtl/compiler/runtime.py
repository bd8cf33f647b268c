"""What generated code calls where its own fast paths end."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from appsync_resolvers.context import Context
from appsync_resolvers.errors import EarlyReturn, EvaluationError
from appsync_resolvers.vtl.access import (
    call,
    get_index,
    get_property,
    iterate,
    set_index,
    set_property,
)
from appsync_resolvers.vtl.json_reader import Reader, Refused
from appsync_resolvers.vtl.json_write import SCALARS, is_portable, plain, plain_tree
from appsync_resolvers.vtl.limits import (
    LONG,
    checked,
    grow,
    grow_by_members,
    note_object,
)
from appsync_resolvers.vtl.methods.maps import key_of
from appsync_resolvers.vtl.methods.table import Overload, find
from appsync_resolvers.vtl.values.equality import same
from appsync_resolvers.vtl.values.failure import (
    MAX_ITEMS,
    MAX_TEXT,
    Place,
    Thrown,
    failed,
    place,
    too_large,
)
from appsync_resolvers.vtl.values.kinds import LONG_MAX, LONG_MIN, is_number
from appsync_resolvers.vtl.values.numbers import (
    add_numbers,
    compare,
    divide,
    modulo,
    multiply,
    subtract,
    to_int,
)
from appsync_resolvers.vtl.values.objects import Block, Cursor, InfoMap, Scope
from appsync_resolvers.vtl.values.text import text, to_string

_BLOCK_DEPTH = 2
_LONG = 4096
_UNSAFE = re.compile(r'["\\\x00-\x1f]').search


class Bail(Exception):
    """A value does not fit into the document as it was recognized."""


class Stopped(Exception):
    """`#stop` inside of a string or block: the template ends."""


class Broken(Exception):
    """`#break` that leaves a function.

    Attributes:
        scope: the loop it names, None for the nearest one.
    """

    def __init__(self, scope: Scope | None) -> None:
        super().__init__()
        self.scope = scope


def break_from(scope: Any, literal: str, at: Place) -> NoReturn:
    """Do `#break($scope)`.

    Raises:
        Broken: to be caught by the loop that is meant.
        EvaluationError: the argument is no loop.
    """
    if type(scope) is Scope:
        raise Broken(scope)
    raise failed(
        f"{literal} is not a valid org.apache.velocity.runtime.directive.Scope "
        f"instance at {place(at)}"
    )


def changed() -> NoReturn:
    """End a template that changes what it is going through."""
    raise failed("java.util.ConcurrentModificationException")


def length(origin: Any) -> int:
    """Give the size of what a loop goes through; what is used up has none."""
    return -1 if type(origin) is Cursor else len(origin)


def finished(origin: Any, size: int) -> None:
    """Look after the last round whether a list was changed in it.

    Java's iterator then still wants another member, unless the list is now just as long
    as what it has given.
    """
    if type(origin) is list and len(origin) != size:
        changed()


def add(left: Any, right: Any, left_literal: str, right_literal: str) -> Any:
    """Do `+`: a text on either side makes it a concatenation.

    A side without a value is then its own text, as the template has it.
    """
    if isinstance(left, str) or isinstance(right, str):
        first = left_literal if left is None else to_string(left)
        last = right_literal if right is None else to_string(right)
        return checked(first + last)
    return add_numbers(left, right)


def _ordered(accept: Callable[[int], bool]) -> Callable[[Any, Any], bool]:
    def decide(left: Any, right: Any) -> bool:
        """Compare numbers; anything else is never in order."""
        if not is_number(left) or not is_number(right):
            return False
        return accept(compare(left, right))

    return decide


less = _ordered(lambda order: order < 0)
less_equal = _ordered(lambda order: order <= 0)
greater = _ordered(lambda order: order > 0)
greater_equal = _ordered(lambda order: order >= 0)


def int_range(first: Any, last: Any) -> range | None:
    """Give the numbers of `[first..last]`, which may run backwards."""
    if not is_number(first) or not is_number(last):
        return None
    start, end = to_int(first), to_int(last)
    return range(start, end + 1) if start < end else range(start, end - 1, -1)


def int_list(first: Any, last: Any) -> list[int] | None:
    """Give `[first..last]` as a list."""
    numbers = int_range(first, last)
    if numbers is not None and len(numbers) > MAX_ITEMS:
        too_large()
    grow_by_members(0 if numbers is None else len(numbers))
    return None if numbers is None else list(numbers)


def make_map(pairs: tuple[tuple[Any, Any], ...]) -> dict[Any, Any]:
    """Make the map of a literal whose keys are not all texts."""
    return {key_of(key): value for key, value in pairs}


def join_checked(parts: Sequence[Any]) -> str:
    """Join many texts and numbers, unless the whole gets too long."""
    texts = [part if type(part) is str else to_string(part) for part in parts]
    if sum(map(len, texts)) > MAX_TEXT:
        too_large()
    return checked("".join(texts))


def quiet(_value: Any) -> str:
    """Give nothing to print for a value."""
    return ""


def null_or_empty(value: Any) -> bool | None:
    """Do `$util.isNullOrEmpty`, which has no value for anything but a text."""
    if value is None or type(value) is str:
        return not value
    return None


def default(value: Any, other: Any) -> Any:
    """Do `$util.defaultIfNull`."""
    return other if value is None else value


def helper(
    overloads: list[Overload],
    name: tuple[str, str],
    arguments: tuple[Any, ...],
    at: Place,
    context: Context,
) -> Any:
    """Call a helper; None when it takes no such arguments.

    Args:
        overloads: its signatures.
        name: its namespace and name, for errors.
        arguments: what the template gives.
        at: where the call stands.
        context: the context.

    Raises:
        EvaluationError: the helper failed, or it is `$util.error`.
    """
    function = find(overloads, arguments)
    if function is None:
        return None
    try:
        return function(context, *arguments)
    except Thrown as error:
        raise failed(
            f"Invocation of method '{name[1]}' in  class ${name[0]} threw exception "
            f"{error.text} at {place(at)}"
        ) from None


def safe(value: Any) -> str:
    """Give a text that a JSON string can hold as it is.

    Raises:
        Bail: it would end the string or had to be escaped.
    """
    if type(value) is not str:
        return str(value)
    if _UNSAFE(value):
        raise Bail
    if len(value) > _LONG:
        grow(len(value))
    return value


def bare(value: Any) -> Any:
    """Give the JSON value of what a reference prints without quotes.

    Raises:
        Bail: it prints no JSON value, or may print more than one.
    """
    kind = type(value)
    if kind is bool or (kind is int and LONG_MIN <= value <= LONG_MAX):
        return value
    if kind is float and math.isfinite(value):
        return value
    if kind is str:
        return bare_text(value)
    raise Bail


def sized(value: Any) -> Any:
    """Copy a value that may hold numbers that are no JSON numbers of 64 bits.

    Raises:
        Bail: it does; the template is rendered then, and they are read from its text.
    """
    if type(value) is str:
        return value
    copied = plain(value)
    if not is_portable(copied):
        raise Bail
    return copied


def bare_text(text: str) -> Any:
    """Give the JSON value of a text.

    Raises:
        Bail: it is not just one JSON value.
    """
    if len(text) > _LONG:
        raise Bail
    try:
        return Reader(text, unique=True).document()
    except (Refused, EvaluationError):
        raise Bail from None


def own(value: Any) -> Any:
    """Copy what others can read before it may be changed."""
    return plain(value) if isinstance(value, dict | list) else value


def previous(context: Context) -> dict[str, Any] | None:
    """Give `$ctx.prev`."""
    return {"result": context.prev} if context.has_prev else None


def noted(value: Any) -> Any:
    """Give a value that JSON does not know."""
    note_object()
    return value


def info(context: Context) -> InfoMap:
    """Give `$ctx.info`."""
    note_object()
    return InfoMap(
        plain(context.info.value),
        {
            "selectionSetList": list(context.info.selection_set_list),
            "selectionSetGraphQL": context.info.selection_set_graphql,
        },
    )


def out_errors(context: Context) -> list[dict[str, Any]]:
    """Give `$ctx.outErrors`: the errors appended so far."""
    errors = context.effects.errors if context.effects else []
    shown = []
    for error in errors:
        entry = {"message": error.message, "type": error.error_type}
        if error.data is not None:
            entry["data"] = error.data
        if error.error_info is not None:
            entry["errorInfo"] = error.error_info
        shown.append(entry)
    return shown


def context_map(context: Context) -> dict[str, Any]:
    """Give `$ctx` as a map, for templates that do more than read its members.

    What others can read is copied; empty members are left out, as AppSync's own logs
    show.
    """
    members = {
        "arguments": context.arguments,
        "args": context.arguments,
        "stash": context.stash,
        "outErrors": out_errors(context),
        "identity": plain(context.identity.value),
        "source": plain(context.source),
        "request": plain(context.request.value),
        "env": plain(context.env.value),
        "info": info(context),
        "prev": previous(context),
        "result": context.result,
        "error": context.error,
    }
    return {name: value for name, value in members.items() if value is not None}


def limited(render: Callable[[], str]) -> Callable[[], str | None]:
    """Let a block render itself once inside of itself, and no more."""
    depth = 0

    def once_inside() -> str | None:
        nonlocal depth
        if depth >= _BLOCK_DEPTH:
            return None
        depth += 1
        try:
            return render()
        finally:
            depth -= 1

    return once_inside


NAMESPACE: dict[str, Any] = {
    "Bail": Bail,
    "Block": Block,
    "Broken": Broken,
    "EarlyReturn": EarlyReturn,
    "LONG": LONG,
    "PRINTED": frozenset({str, int}),
    "SCALARS": SCALARS,
    "Scope": Scope,
    "Stopped": Stopped,
    "add": add,
    "bare": bare,
    "bare_text": bare_text,
    "break_from": break_from,
    "call": call,
    "changed": changed,
    "checked": checked,
    "context_map": context_map,
    "default": default,
    "divide": divide,
    "finished": finished,
    "get_index": get_index,
    "get_property": get_property,
    "greater": greater,
    "greater_equal": greater_equal,
    "helper": helper,
    "info": info,
    "int_list": int_list,
    "int_range": int_range,
    "iterate": iterate,
    "join_checked": join_checked,
    "length": length,
    "less": less,
    "less_equal": less_equal,
    "limited": limited,
    "make_map": make_map,
    "modulo": modulo,
    "multiply": multiply,
    "noted": noted,
    "null_or_empty": null_or_empty,
    "out_errors": out_errors,
    "own": own,
    "plain": plain,
    "plain_tree": plain_tree,
    "previous": previous,
    "quiet": quiet,
    "safe": safe,
    "same": same,
    "sized": sized,
    "set_index": set_index,
    "set_property": set_property,
    "subtract": subtract,
    "text": text,
}
