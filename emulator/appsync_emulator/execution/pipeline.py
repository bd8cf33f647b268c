"""How a resolver runs: request handler, data source, response handler; before, after.

Resolvers are written as generators that yield what has to be waited for. `drive` runs
one to its end when nothing has to be, so a resolver on a NONE data source costs no
task and no coroutine; otherwise it gives a coroutine that goes on from there.

Sources: AppSync developer guide, resolver overviews (JavaScript and VTL), pipeline
resolvers, `runtime.earlyReturn`, the mapping template changelog.
"""

from collections.abc import Awaitable, Coroutine, Generator
from dataclasses import dataclass
from types import CoroutineType
from typing import Any

from appsync_emulator.datasources.datasource import (
    DataSource,
    DataSourceError,
    Step,
)
from appsync_emulator.execution.run import Run
from appsync_emulator.types import JSON
from appsync_resolvers import (
    Context,
    EarlyReturn,
    EvaluationError,
    Handler,
    Handlers,
    Interrupted,
)

Running = Generator[Awaitable[JSON], JSON, JSON]
"""A resolver under way: yields what to wait for, returns the field's value."""

OLD_VERSION = "2017-02-28"


def drive(running: Running) -> JSON | Coroutine[Any, Any, JSON]:
    """Run a resolver as far as it goes without waiting.

    Returns:
        Its value, or a coroutine that gives it.
    """
    try:
        waiting = running.send(None)
    except StopIteration as end:
        return end.value
    return _drive_on(running, waiting)


async def _drive_on(running: Running, waiting: Awaitable[JSON]) -> JSON:
    while True:
        try:
            value = await waiting
        except Exception as error:  # noqa: BLE001 -- handed on to whom it concerns
            failure: Exception | None = error
        else:
            failure = None
        try:
            waiting = running.send(value) if failure is None else running.throw(failure)
        except StopIteration as end:
            return end.value


def evaluate(handler: Handler, context: Context, run: Run) -> Running:
    """Call a handler; in a worker thread when it needs longer than a moment."""
    try:
        return handler(context)
    except Interrupted:
        pass
    return (yield run.patiently(handler, context))


@dataclass(frozen=True, slots=True)
class Function:
    """A request handler, a data source and a response handler: a unit, or one step."""

    handlers: Handlers
    source: DataSource
    step: Step

    def run(self, context: Context, run: Run) -> Running:
        """Run the three and return the response handler's value.

        Raises:
            EarlyReturn: a handler left early.
            EvaluationError: a handler failed, or the request document is not valid.
        """
        handlers = self.handlers
        context.result = context.error = None
        try:
            document = handlers.request(context)
        except Interrupted:
            document = yield run.patiently(handlers.request, context)
        try:
            result = self.source.invoke(document, self.step, run)
            if isinstance(result, CoroutineType):
                result = yield result
            context.result = result
        except DataSourceError as error:
            context.result = error.data
            context.error = error.context_error()
        return (yield from self._respond(context, document, run))

    def _respond(self, context: Context, document: JSON, run: Run) -> Running:
        """Evaluate the response handler, or what stands for it."""
        error = context.error
        if error is None:
            if self.handlers.response.returns_result:
                return context.result
            if context.result is None and _is_old(document):
                return None
        value = yield from evaluate(self.handlers.response, context, run)
        if error is not None and _is_old(document):
            # Version 2017-02-28 reports a failed call by itself, with what the
            # response template gave as the entry's data.
            raise EvaluationError(error["message"], error["type"], value)
        return value


def _is_old(document: JSON) -> bool:
    return isinstance(document, dict) and document.get("version") == OLD_VERSION


@dataclass(frozen=True, slots=True)
class UnitResolver:
    """A resolver with one data source."""

    function: Function

    def run(self, context: Context, run: Run) -> Running:
        """Give the field's value."""
        try:
            return (yield from self.function.run(context, run))
        except EarlyReturn as early:
            return early.value


@dataclass(frozen=True, slots=True)
class PipelineResolver:
    """A resolver that runs functions one after the other.

    Attributes:
        around: the before and the after step.
        javascript: whether `around` is APPSYNC_JS: there an early return of the before
            step still runs the after step, while VTL's `#return` ends the resolver.
    """

    around: Handlers
    functions: tuple[Function, ...]
    javascript: bool

    def run(self, context: Context, run: Run) -> Running:
        """Give the field's value."""
        context.has_prev = False
        try:
            value = yield from evaluate(self.around.request, context, run)
            skip = False
        except EarlyReturn as early:
            if not self.javascript:
                return early.value
            value, skip = early.value, early.skip_to != "NEXT"
        context.prev, context.has_prev = value, True
        if not skip:
            yield from self._run_functions(context, run)
        context.result, context.error = context.prev, None
        try:
            return (yield from evaluate(self.around.response, context, run))
        except EarlyReturn as early:
            return early.value

    def _run_functions(self, context: Context, run: Run) -> Running:
        for function in self.functions:
            try:
                context.prev = yield from function.run(context, run)
            except EarlyReturn as early:
                context.prev = early.value
                if early.skip_to == "END":
                    break
        return None


AnyResolver = UnitResolver | PipelineResolver
