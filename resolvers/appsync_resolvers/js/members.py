"""The members of `ctx` and how each goes into the engine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.js.values import dumps


class _Absent:
    """The member does not exist in this phase."""


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the context.

    Attributes:
        name: as the runtime calls it; `selection` is the part of `info` that must be
            read directly.
        value: gives its value, or `ABSENT`.
        text: gives its JSON text, None when absent. Raises TypeError when `dumps` does.
    """

    name: str
    value: Callable[[Context], Any]
    text: Callable[[Context], str | None]


def _prev(context: Context) -> Any:
    return {"result": context.prev} if context.has_prev else ABSENT


def _error(context: Context) -> Any:
    return ABSENT if context.error is None else context.error


def _selection(context: Context) -> Any:
    info = context.info
    return {"list": info.selection_set_list, "graphql": info.selection_set_graphql}


def _plain(name: str, value: Callable[[Context], Any]) -> Member:
    def text(context: Context) -> str | None:
        found = value(context)
        return None if found is ABSENT else dumps(found)

    return Member(name, value, text)


_ALWAYS = (
    _plain("args", lambda context: context.arguments),
    _plain("source", lambda context: context.source),
    Member("identity", lambda c: c.identity.value, lambda c: c.identity.json),
    Member("request", lambda c: c.request.value, lambda c: c.request.json),
    Member("info", lambda c: c.info.value, lambda c: c.info.json),
    _plain("stash", lambda context: context.stash),
    _plain("prev", _prev),
    Member("env", lambda c: c.env.value, lambda c: c.env.json),
)
_SELECTION = _plain("selection", _selection)
_OF_RESPONSES = (
    _plain("result", lambda context: context.result),
    _plain("error", _error),
)

# What exists in which handler. `ctx.error` and `ctx.result` belong to responses.
MEMBERS: dict[str, dict[str, Member]] = {
    "request": {m.name: m for m in (*_ALWAYS, _SELECTION)},
    "response": {m.name: m for m in (*_ALWAYS, *_OF_RESPONSES, _SELECTION)},
}
ALL: dict[str, tuple[str, ...]] = {
    "request": tuple(m.name for m in _ALWAYS),
    "response": tuple(m.name for m in (*_ALWAYS, *_OF_RESPONSES)),
}


def write_back(context: Context, written: dict[str, Any]) -> None:
    """Take over what a handler changed inside the context."""
    for name, value in written.items():
        match name:
            case "args":
                context.arguments = value
            case "stash":
                context.stash = value
            case "prev":
                context.prev = value.get("result")
            case "result":
                context.result = value
