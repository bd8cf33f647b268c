"""The context that a user gives: JSON in AWS's form, made a `Context`.

What is absent is as empty as `Context` makes it: no identity (an API key), no headers,
no variables. AWS does not publish what it takes for absent members; `{}` is accepted.
"""

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from appsync_resolvers.context import Context, Info, Part
from appsync_resolvers.errors import EvaluationError


class ContextRejected(ValueError):
    """What was given is not the context object of a resolver.

    Attributes:
        message: what was found.
        member: where: `prev`, `info.selectionSetList`; empty for the whole context.
        found: a name that is none of `allowed`; None when a value is wrong.
        allowed: the names, or the kind of value, that may stand there.
    """

    def __init__(
        self,
        message: str,
        member: str = "",
        *,
        found: str | None = None,
        allowed: Iterable[str] = (),
    ) -> None:
        self.message = message
        self.member = member
        self.found = found
        self.allowed = tuple(allowed)
        text = message
        if found is not None:
            close = difflib.get_close_matches(found, self.allowed, n=1)
            text += f" Did you mean {close[0]!r}?" if close else ""
            text += f" Allowed: {', '.join(self.allowed)}."
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class _Form:
    """What one member of the context may be.

    Attributes:
        kind: of its value, None for any JSON.
        named: what `kind` is called in messages.
        names: of its own members, empty for any.
    """

    kind: type | None = None
    named: str = ""
    names: tuple[str, ...] = ()


_OBJECT = _Form(dict, "an object")
_LIST = _Form(list, "a list")
_TEXT = _Form(str, "a string")
_MEMBERS: dict[str, _Form] = {
    "arguments": _OBJECT,
    "source": _Form(),
    "identity": _OBJECT,
    "request": _Form(dict, "an object", ("headers", "domainName")),
    "info": _Form(
        dict,
        "an object",
        (
            "fieldName",
            "parentTypeName",
            "variables",
            "selectionSetList",
            "selectionSetGraphQL",
        ),
    ),
    "stash": _OBJECT,
    "prev": _Form(dict, "an object", ("result",)),
    "result": _Form(),
    "error": _OBJECT,
    "env": _OBJECT,
    "outErrors": _LIST,
}
_INNER = {
    "request.headers": _OBJECT,
    "info.variables": _OBJECT,
    "info.selectionSetList": _LIST,
    "info.selectionSetGraphQL": _TEXT,
}


def copied(given: Mapping[str, Any]) -> Any:
    """Give a context as JSON of its own, so that handlers change no user's objects.

    Raises:
        ContextRejected: it holds something that JSON does not know.
    """
    if not isinstance(given, Mapping):
        kind = type(given).__name__
        raise ContextRejected(f"The context must be a mapping, not {kind}.")
    try:
        return json.loads(json.dumps(dict(given), allow_nan=False))
    except (TypeError, ValueError) as error:
        raise ContextRejected(f"The context must be JSON: {error}.") from None
    except RecursionError:
        raise ContextRejected("The context is nested too deeply.") from None


def read_context(given: Any, *, strict: bool) -> Context:
    """Make the context that a handler gets.

    Args:
        given: JSON; what it holds becomes part of the context.
        strict: whether a name that no context has is an error. It mostly is a mistake,
            such as `args` for `arguments`, which a handler would never see.

    Raises:
        ContextRejected: it has another form than AppSync's context object.
    """
    if not isinstance(given, dict):
        raise ContextRejected("The context must be a JSON object.")
    _check(given, strict=strict)
    members = {name: value for name, value in given.items() if value is not None}
    context = Context(members.get("arguments", {}), members.get("source"))
    for name in ("identity", "request", "env"):
        if name in members:
            setattr(context, name, Part(members[name]))
    if "info" in members:
        context.info = _info(members["info"])
    context.stash = members.get("stash", {})
    context.prev = members.get("prev", {}).get("result")
    context.has_prev = "prev" in members
    context.result = members.get("result")
    context.error = members.get("error")
    if members.get("outErrors"):
        context.effect().errors.extend(map(_reported, members["outErrors"]))
    return context


def _check(given: dict[str, Any], *, strict: bool) -> None:
    if strict:
        _check_names(given, "", tuple(_MEMBERS))
    for name, form in _MEMBERS.items():
        value = given.get(name)
        _check_value(value, name, form)
        if strict and form.names and value is not None:
            _check_names(value, name, form.names)
    for path, form in _INNER.items():
        outer, _, inner = path.partition(".")
        _check_value((given.get(outer) or {}).get(inner), path, form)
    for number, entry in enumerate(given.get("outErrors") or ()):
        _check_value(entry, f"outErrors[{number}]", _OBJECT)


def _check_names(value: dict[str, Any], member: str, allowed: tuple[str, ...]) -> None:
    for name in value:
        if name not in allowed:
            owner = f"context.{member}" if member else "The context"
            message = f"{owner} has no member {name!r}."
            raise ContextRejected(message, member, found=name, allowed=allowed)


def _check_value(value: Any, member: str, form: _Form) -> None:
    if value is None or form.kind is None or isinstance(value, form.kind):
        return
    message = f"context.{member} must be {form.named}, not {_kind(value)}."
    raise ContextRejected(message, member, allowed=(form.named,))


def _kind(value: Any) -> str:
    """Name the kind of a JSON value that is not null."""
    if isinstance(value, bool):
        return "a boolean"
    kinds: dict[type, str] = {dict: "an object", list: "a list", str: "a string"}
    return kinds.get(type(value), "a number")


def _info(given: dict[str, Any]) -> Info:
    hidden = ("selectionSetList", "selectionSetGraphQL")
    shown = {name: value for name, value in given.items() if name not in hidden}
    return Info(
        shown, given.get("selectionSetList"), given.get("selectionSetGraphQL") or ""
    )


def _reported(entry: dict[str, Any]) -> EvaluationError:
    return EvaluationError(
        str(entry.get("message")),
        entry.get("type"),
        entry.get("data"),
        entry.get("errorInfo"),
    )
