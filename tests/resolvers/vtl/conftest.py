"""How the tests of this folder evaluate a template."""

from collections.abc import Callable
from typing import Any

import pytest

from appsync_resolvers import Context, Interrupted
from appsync_resolvers.context import NO_INFO, Info, Part
from appsync_resolvers.vtl import compile_template, render

Evaluate = Callable[..., Any]


def _context(arguments: dict[str, Any] | None = None, **members: Any) -> Context:
    """Make a context; members are given by their names in VTL."""
    context = Context(
        arguments or {},
        members.pop("source", None),
        identity=Part(members.pop("identity", None)),
        request=Part(members.pop("request", {"headers": {}, "domainName": None})),
        info=members.pop("info", NO_INFO),
        env=Part(members.pop("env", {})),
    )
    for name, value in members.items():
        setattr(context, name, value)
        if name == "prev":
            context.has_prev = True
    return context


@pytest.fixture
def make_context() -> Callable[..., Context]:
    return _context


@pytest.fixture
def evaluate() -> Evaluate:
    """Give the value of a template with these arguments and members of the context."""

    def run(template: str, /, *args: Any, **members: Any) -> Any:
        handler = compile_template(template)
        try:
            return handler(_context(*args, **members))
        except Interrupted:  # by a turn of the garbage collector, say
            return handler.patiently(_context(*args, **members))

    return run


@pytest.fixture
def show() -> Evaluate:
    """Give the text of a template with these arguments and members of the context."""

    def run(template: str, /, *args: Any, **members: Any) -> str:
        return render(template, _context(*args, **members))

    return run


@pytest.fixture
def info() -> Info:
    shown = {"fieldName": "post", "parentTypeName": "Query", "variables": {"a": 1}}
    return Info(shown, ["id", "author/name"], "{\n  post\n}")
