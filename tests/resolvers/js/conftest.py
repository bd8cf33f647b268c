"""Evaluating short pieces of resolver code."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import CodeDiagnostic, CodeRejected, Context, Handlers
from appsync_resolvers.js import JsEngine

IMPORTS = """\
import { util, extensions, runtime } from '@aws-appsync/utils';
import * as ddb from '@aws-appsync/utils/dynamodb';
import * as rds from '@aws-appsync/utils/rds';
"""


class Js:
    """An engine with short cuts for tests."""

    def __init__(self, engine: JsEngine) -> None:
        self.engine = engine

    def load(self, code: str, path: Path | None = None) -> Handlers:
        """Load a whole module."""
        return self.engine.load(code, path=path)

    def handler(self, body: str, name: str = "request") -> Any:
        """Load one handler whose body is given; the other one is empty."""
        other = "response" if name == "request" else "request"
        handlers = self.engine.load(
            f"{IMPORTS}export function {name}(ctx) {{\n{body}\n}}\n"
            f"export function {other}(ctx) {{}}"
        )
        handler: Any = getattr(handlers, name)
        handler._plain = None  # these tests are about the engine; see test_plain.py
        return handler

    def run(self, body: str, context: Context | None = None) -> Any:
        """Evaluate the body of a request handler."""
        return self.handler(body)(Context({}) if context is None else context)

    def respond(self, body: str, context: Context) -> Any:
        """Evaluate the body of a response handler."""
        return self.handler(body, "response")(context)

    def value(self, expression: str, arguments: dict[str, Any] | None = None) -> Any:
        """Evaluate an expression."""
        return self.run(f"return {expression}", Context(arguments or {}))

    def refused(
        self, code: str, path: Path | None = None
    ) -> tuple[CodeDiagnostic, ...]:
        """Give the diagnostics of code that must not load."""
        with pytest.raises(CodeRejected) as refused:
            self.engine.load(code, path=path)
        return refused.value.diagnostics


@pytest.fixture(scope="module")
def js() -> Iterator[Js]:
    # The machine may be busy: no test but those about limits may hit this one.
    engine = JsEngine(inline_seconds=5)
    yield Js(engine)
    engine.close()
