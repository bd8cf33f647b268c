"""A template that is ready to be evaluated."""

from typing import Any

import orjson

from appsync_resolvers.context import Context
from appsync_resolvers.errors import EvaluationError, TemplateRejected
from appsync_resolvers.vtl.compiler import (
    Builder,
    Renderer,
    compile_builder,
    compile_renderer,
)
from appsync_resolvers.vtl.compiler.facts import Facts, find_facts
from appsync_resolvers.vtl.compiler.identity import gives_result
from appsync_resolvers.vtl.compiler.runtime import Bail
from appsync_resolvers.vtl.json_read import read_document
from appsync_resolvers.vtl.json_write import (
    Writer,
    plain,
    settle,
    to_calculated_json,
    to_exact_json,
    to_json,
    to_measured_json,
)
from appsync_resolvers.vtl.limits import Run
from appsync_resolvers.vtl.parser import parse
from appsync_resolvers.vtl.values.failure import MAX_TEXT, failed, too_large

_PYTHON_ERRORS = (ValueError, ArithmeticError, RecursionError, MemoryError)
"""What Python raises where a template goes beyond all bounds."""


class TemplateHandler:
    """A compiled mapping template.

    Where the template is a JSON document with holes, its value is built at once.
    Otherwise, or when a hole holds something unexpected, it is rendered and read.

    Attributes:
        returns_result: whether it only gives `ctx.result` when there is no error.

    Args:
        text: the template.
        response: whether it is a response template.
    """

    __slots__ = (
        "_build",
        "_exact",
        "_facts",
        "_render",
        "_response",
        "_tree",
        "_writer",
        "returns_result",
    )

    def __init__(self, text: str, *, response: bool) -> None:
        try:
            self._prepare(text, response=response)
        except RecursionError:
            raise TemplateRejected("Nested too deeply", 1, 1) from None

    def _prepare(self, text: str, *, response: bool) -> None:
        self._tree = parse(text)
        self._facts = find_facts(self._tree, len(text))
        self._writer = _writer(self._facts)
        self._response = response
        self._render: Renderer | None = None
        self._exact: Renderer | None = None
        self._build: Builder | None = None
        self.returns_result = gives_result(self._tree)
        self._build = compile_builder(self._tree, self._facts, self._writer)
        if self._build is None:
            self._renderer()

    def __call__(self, context: Context) -> Any:
        """Evaluate inside the inline time limit, see `Handler`."""
        if self.returns_result and not context.error:
            return context.result
        if self._build is not None:
            try:
                if not self._facts.guarded:
                    return self._build(context, None)
                return self._built(context, self._build)
            except Bail:
                pass
            except _PYTHON_ERRORS as error:
                raise _beyond(error) from None
        if self._facts.guarded:
            return self._watched(context, patient=False)
        text = self._text(context, self._renderer(), None)
        hasty = not self._facts.effects
        return read_document(text, response=self._response, hasty=hasty)

    def patiently(self, context: Context) -> Any:
        """Evaluate with the full time limit, see `Handler`."""
        return self._watched(context, patient=True)

    def render(self, context: Context) -> str:
        """Give the text that the template prints, with the full time limit.

        Raises:
            EvaluationError: the template failed.
            EarlyReturn: it asked to leave.
        """
        if self._exact is None:
            self._exact = compile_renderer(self._tree, self._facts, to_exact_json)
        with Run(context, patient=True) as run:
            return self._text(context, self._exact, run)

    def _renderer(self) -> Renderer:
        if self._render is None:
            self._render = compile_renderer(self._tree, self._facts, self._writer)
        return self._render

    def _built(self, context: Context, build: Builder) -> Any:
        with Run(context, patient=False) as run:
            try:
                return build(context, run)
            except Bail:
                run.undo()
                raise
            finally:
                self._settle(context, run)

    def _watched(self, context: Context, *, patient: bool) -> Any:
        with Run(context, patient=patient) as run:
            text = self._text(context, self._renderer(), run)
            return read_document(text, response=self._response)

    def _text(self, context: Context, render: Renderer, run: Run | None) -> str:
        try:
            try:
                out = render(context, run)
                if run is not None:
                    run.watch(out)
                text = "".join(out)
            finally:
                self._settle(context, run)
        except _PYTHON_ERRORS as error:
            raise _beyond(error) from None
        if len(text) > MAX_TEXT:
            too_large()
        return text

    def _settle(self, context: Context, run: Run | None) -> None:
        """Leave nothing behind that JSON does not know.

        Raises:
            EvaluationError: something was put into itself; all of it is gone then.
        """
        if run is not None and run.objects:
            for part in (context.arguments, context.result, context.prev):
                settle(part)
            settle(context.stash)
        elif not self._facts.nests:
            return
        try:
            orjson.dumps((context.stash, context.arguments))
        except TypeError:
            try:
                plain([context.stash, context.arguments])
            except EvaluationError:
                context.stash.clear()
                context.arguments.clear()
                raise
            settle(context.stash)
            settle(context.arguments)


def _writer(facts: Facts) -> Writer:
    """Choose the fastest way to write what such a template may hold."""
    if facts.sharing:
        return to_measured_json
    return to_calculated_json if facts.calculates else to_json


def _beyond(error: Exception) -> Exception:
    """Tell in words of ours, or of Java's, what Python said."""
    if isinstance(error, RecursionError):
        return failed("java.lang.StackOverflowError")
    if isinstance(error, MemoryError):
        return failed("java.lang.OutOfMemoryError: Java heap space")
    if isinstance(error, ArithmeticError) or "digits" in str(error):
        return failed("The template cannot be evaluated: a number is too large")
    return failed(f"The template cannot be evaluated: {error}")
