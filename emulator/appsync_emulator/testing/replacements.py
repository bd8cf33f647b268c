"""Functions and data sources of the project that are Python callables for a test."""

import asyncio
import inspect
from collections.abc import Callable, Iterator, MutableMapping
from functools import update_wrapper
from typing import Any

from appsync_emulator.lambdas.runners.in_process import Handler
from appsync_emulator.lambdas.service import Lambdas
from appsync_emulator.model import Application
from appsync_emulator.testing.names import find_name
from appsync_emulator.testing.sources import SourceHandler
from appsync_emulator.testing.thread import LoopThread, running_loop


class Functions(MutableMapping[str, Handler | str]):
    """`appsync.functions["Ask"] = handler`: what takes the place of functions.

    A function is named by the logical id of its resource, by its name, or by its data
    source. A handler is called as Lambda would call it, `handler(event, context)`, in
    this process, so coverage and breakpoints work. A coroutine function runs on the
    event loop of the test that set it, any other in a thread. Text is the URL of
    anything that speaks Lambda's Invoke API. What still runs when its test ends is
    ended, but a thread cannot be: let a handler that waits wait with a time-out.

    Iterating gives what has been replaced; deleting gives the function's own code back.
    """

    def __init__(
        self, application: Application, lambdas: Lambdas, thread: LoopThread
    ) -> None:
        self._application = application
        self._lambdas = lambdas
        self._thread = thread
        self._set: dict[str, Handler | str] = {}
        self._names = _names(application)

    def name(self, name: str) -> str:
        """Give the function's own name.

        Raises:
            KeyError: there is no such function, with the nearest name.
        """
        return find_name(name, self._names, "function")

    def shown(self) -> dict[str, str]:
        """Give, by own name, the name by which a function is shown: its logical id."""
        functions = self._application.functions.values()
        return {one.name: one.origin.resource or one.name for one in functions}

    def __setitem__(self, name: str, handler: Handler | str) -> None:
        own = self.name(name)
        if not isinstance(handler, str):
            _check(handler, f"functions[{name!r}]", "handler(event, context), or a URL")
        stand_in = handler if isinstance(handler, str) else at_home(handler)
        self._thread.call(lambda: self._lambdas.replace(own, stand_in))
        self._set[own] = handler

    def __delitem__(self, name: str) -> None:
        own = self._replaced(name)
        del self._set[own]
        self._thread.call(lambda: self._lambdas.replace(own, None))

    def __getitem__(self, name: str) -> Handler | str:
        return self._set[self._replaced(name)]

    def _replaced(self, name: str) -> str:
        own = self.name(name)
        if own not in self._set:
            raise KeyError(f"Nothing takes the place of the function {name!r}.")
        return own

    def __iter__(self) -> Iterator[str]:
        return iter(self._set)

    def __len__(self) -> int:
        return len(self._set)

    def reset(self) -> None:
        """Give every function its own code back; in the thread."""
        for name in self._set:
            self._lambdas.replace(name, None)
        self._set.clear()


class DataSources(MutableMapping[str, SourceHandler]):
    """`appsync.data_sources["Table"] = handler`: what takes their place.

    The handler gets the request document that the resolver rendered and gives the
    value of `ctx.result`; what it raises becomes `ctx.error` (`DataSourceError` tells
    type and data). A coroutine function runs on the event loop of the test that set it,
    any other in a thread.
    """

    def __init__(
        self, application: Application, handlers: dict[str, SourceHandler]
    ) -> None:
        self._handlers = handlers
        self._names = {
            name: name for api in application.apis for name in api.data_sources
        }

    def __setitem__(self, name: str, handler: SourceHandler) -> None:
        found = find_name(name, self._names, "data source")
        _check(handler, f"data_sources[{name!r}]", "handler(request)")
        self._handlers[found] = at_home(handler)

    def __delitem__(self, name: str) -> None:
        del self._handlers[self._replaced(name)]

    def __getitem__(self, name: str) -> SourceHandler:
        return self._handlers[self._replaced(name)]

    def _replaced(self, name: str) -> str:
        found = find_name(name, self._names, "data source")
        if found not in self._handlers:
            raise KeyError(f"Nothing takes the place of the data source {name!r}.")
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._handlers)

    def __len__(self) -> int:
        return len(self._handlers)


def at_home(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Let a coroutine function run on the caller's event loop, wherever it is called.

    Events and queues of a test belong to the test's loop.
    """
    home = running_loop()
    plain = inspect.iscoroutinefunction(handler)
    # An object may have an asynchronous `__call__`, which those who call it do not see.
    if not plain and not inspect.iscoroutinefunction(type(handler).__call__):
        return handler
    if home is None and plain:
        return handler

    async def call(*arguments: Any) -> Any:
        if home is None or home is running_loop():
            return await handler(*arguments)
        if home.is_closed():
            raise RuntimeError("The event loop of the test that set this has ended.")
        future = asyncio.run_coroutine_threadsafe(handler(*arguments), home)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # it is we who are cancelled
            raise RuntimeError("The handler was cancelled in its test.") from None

    return update_wrapper(call, handler)


def _check(handler: object, where: str, wanted: str) -> None:
    """Refuse what cannot be called, where it is set.

    Raises:
        TypeError: in a sentence for the test's author.
    """
    if not callable(handler):
        kind = type(handler).__name__
        raise TypeError(f"appsync.{where} takes {wanted}; this is a {kind}.")


def _names(application: Application) -> dict[str, str]:
    """Give the function's name by each name that a test may use for it."""
    by_arn = {one.arn: one.name for one in application.functions.values()}
    names = {
        source.name: by_arn[source.function]
        for api in application.apis
        for source in api.data_sources.values()
        if source.function in by_arn
    }
    for one in application.functions.values():
        if one.origin.resource:
            names[one.origin.resource] = one.name
    return names | {name: name for name in application.functions}
