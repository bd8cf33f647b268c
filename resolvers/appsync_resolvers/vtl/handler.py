"""A template that is ready to be evaluated."""

from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.compiler import Renderer, compile_renderer
from appsync_resolvers.vtl.compiler.facts import find_facts
from appsync_resolvers.vtl.json_read import read_document
from appsync_resolvers.vtl.json_write import (
    settle,
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

    Attributes:
        returns_result: whether it only gives `ctx.result` when there is no error.

    Args:
        text: the template.
        response: whether it is a response template.
    """

    __slots__ = ("_exact", "_facts", "_render", "_response", "_tree", "returns_result")

    def __init__(self, text: str, *, response: bool) -> None:
        self._tree = parse(text)
        self._facts = find_facts(self._tree, len(text))
        writer = to_measured_json if self._facts.sharing else to_json
        self._render = compile_renderer(self._tree, self._facts, writer)
        self._exact: Renderer | None = None
        self._response = response
        self.returns_result = False

    def __call__(self, context: Context) -> Any:
        """Evaluate inside the inline time limit, see `Handler`."""
        return read_document(self._text(context), response=self._response)

    def patiently(self, context: Context) -> Any:
        """Evaluate with the full time limit, see `Handler`."""
        text = self._text(context, patient=True)
        return read_document(text, response=self._response)

    def render(self, context: Context) -> str:
        """Give the text that the template prints, with the full time limit.

        Raises:
            EvaluationError: the template failed.
            EarlyReturn: it asked to leave.
        """
        if self._exact is None:
            self._exact = compile_renderer(self._tree, self._facts, to_exact_json)
        return self._text(context, self._exact, patient=True)

    def _text(
        self, context: Context, render: Renderer | None = None, *, patient: bool = False
    ) -> str:
        render = render or self._render
        try:
            if not self._facts.guarded:
                text = "".join(render(context, None))
            else:
                with Run(context, patient=patient) as run:
                    text = "".join(render(context, run))
                    if run.objects:
                        for part in (context.stash, context.arguments):
                            settle(part)
                        settle(context.result)
                        settle(context.prev)
        except _PYTHON_ERRORS as error:
            raise failed(f"The template cannot be evaluated: {error}") from None
        if len(text) > MAX_TEXT:
            too_large()
        return text
