"""Data sources that are watched, and may be replaced by a callable."""

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from types import CoroutineType
from typing import Any

from appsync_emulator.datasources.datasource import (
    DataSource,
    DataSourceError,
    Scope,
)
from appsync_emulator.datasources.datasource import Step as Place
from appsync_emulator.lambdas.runners.in_process import in_thread, is_cancelled
from appsync_emulator.testing.recorder import Recorder, Step
from appsync_emulator.types import JSON
from appsync_resolvers import EvaluationError

SourceHandler = Callable[[JSON], Any]
"""Request document -> value of `ctx.result`; may be a coroutine function."""


class WatchedSource:
    """Notes what a data source is asked and what it answers.

    Args:
        name: of the data source.
        source: itself.
        handlers: what takes the place of data sources, by name.
        recorder: takes the notes.
    """

    def __init__(
        self,
        name: str,
        source: DataSource,
        handlers: dict[str, SourceHandler],
        recorder: Recorder,
    ) -> None:
        self._name = name
        self._source = source
        self._handlers = handlers
        self._recorder = recorder

    def invoke(
        self, document: JSON, step: Place, scope: Scope
    ) -> JSON | Coroutine[Any, Any, JSON]:
        """Do what the request document says."""
        handler = self._handlers.get(self._name)
        entry = Step(step.name, self._name, document, handler is not None)
        self._recorder.steps.append(entry)
        try:
            if handler is None:
                result = self._source.invoke(document, step, scope)
            else:
                result = _answer(handler, document, scope)
        except Exception as error:
            entry.failed(error)
            raise
        if isinstance(result, CoroutineType):
            return _wait(result, entry)
        entry.done(result)
        return result


async def _wait(running: Coroutine[Any, Any, JSON], entry: Step) -> JSON:
    try:
        result = await running
    except BaseException as error:
        entry.failed(error)
        raise
    entry.done(result)
    return result


async def _answer(handler: SourceHandler, document: JSON, scope: Scope) -> JSON:
    """Call what takes a data source's place.

    Raises:
        DataSourceError: it raised something, which becomes `ctx.error`.
    """
    try:
        async with asyncio.timeout_at(scope.deadline):
            if inspect.iscoroutinefunction(handler):
                return await handler(document)
            # In a thread, so that it may wait, and execute operations itself.
            result, error = await in_thread(lambda: handler(document))
    except BaseException as raised:  # SystemExit would be the end of the emulator
        if is_cancelled():
            raise
        error = raised
    if error is None:
        return result
    if isinstance(error, DataSourceError | EvaluationError):
        raise error
    raise DataSourceError(type(error).__name__, str(error)) from error
