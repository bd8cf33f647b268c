"""A Python callable of this process takes the place of a function; for tests."""

import asyncio
import contextlib
import inspect
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import orjson

from appsync_emulator.background import Background
from appsync_emulator.lambdas.bootstrap.bootstrap import (
    Context,
    describe,
    log_text,
    make_encoder,
    marshal,
    unmarshal,
)
from appsync_emulator.lambdas.invocation import (
    RESPONSE_LIMIT,
    TOO_LARGE,
    Done,
    Event,
    Invocation,
    error_object,
    stopping,
)
from appsync_emulator.lambdas.logs import FunctionLog, OnLine, Usage
from appsync_emulator.lambdas.variables import function_variables, log_stream_name
from appsync_emulator.model import LambdaFunction

Handler = Callable[[Any, Context], Any]
"""`handler(event, context)`; a coroutine function runs on the emulator's own loop, any
other in a thread of its own."""


class InProcessRunner:
    """A function whose environments are calls of `handler`.

    Args:
        function: its time-out and its variables for the context are used.
        handler: what to call.
        background: owns the calls.
        on_line: gets Lambda's own lines; what the handler prints goes where this
            process prints.
    """

    def __init__(
        self,
        function: LambdaFunction,
        handler: Handler,
        background: Background,
        on_line: OnLine,
    ) -> None:
        self._function = function
        self._handler = handler
        self._background = background
        self._on_line = on_line

    def problem(self) -> str | None:
        """Nothing is missing to call a callable."""
        return None

    def changed(self) -> bool:
        """The callable is what it is."""
        return False

    def environment(self) -> "InProcessEnvironment":
        """Make a further environment."""
        return InProcessEnvironment(
            self._function, self._handler, self._background, self._on_line
        )


class InProcessEnvironment:
    """Calls a handler, one event at a time."""

    warm = True

    def __init__(
        self,
        function: LambdaFunction,
        handler: Handler,
        background: Background,
        on_line: OnLine,
    ) -> None:
        self._function = function
        self._handler = handler
        self._background = background
        self._log = FunctionLog(function.name, on_line)
        self._encoder = make_encoder(function.runtime)
        self._variables = function_variables(function, "", {})
        self._variables["AWS_LAMBDA_LOG_STREAM_NAME"] = log_stream_name()
        self._task: asyncio.Task[None] | None = None
        self._done: Done | None = None

    def run(self, event: Event, done: Done) -> None:
        """Begin to work on `event`."""
        self._done = done
        self._log.begin(event.request_id)
        name = f"run {self._function.name}"
        self._task = self._background.start(self._work(event), name)

    async def close(self) -> None:
        """Cancel a call that is still going on; a thread can only be left alone."""
        done, self._done = self._done, None
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if done is not None:
            done(stopping())

    async def _work(self, event: Event) -> None:
        started = time.perf_counter()
        failure, failed = None, False
        try:
            async with asyncio.timeout(self._function.timeout) as limit:
                payload = await self._call(event)
        except BaseException as error:  # whatever the handler raises
            if is_cancelled():
                raise
            failed = True
            failure, payload = self._failed(error, event, late=limit.expired())
        if len(payload) > RESPONSE_LIMIT:
            failed, payload = True, TOO_LARGE
        usage = Usage(
            time.perf_counter() - started, self._function.memory, None, None, failure
        )
        tail = self._log.end(usage)
        done, self._done = self._done, None
        if done is not None:
            kind: Literal["Unhandled"] | None = "Unhandled" if failed else None
            done(Invocation(payload, kind, event.request_id, tail))

    async def _call(self, event: Event) -> bytes:
        deadline = int((time.time() + self._function.timeout) * 1000)
        context = Context(
            event.request_id,
            deadline,
            event.arn,
            client_context=event.client_context,
            identity=None,
            variables=self._variables,
        )
        value = unmarshal(event.payload)
        if inspect.iscoroutinefunction(self._handler):
            result = await self._handler(value, context)
        else:
            result, error = await in_thread(lambda: self._handler(value, context))
            if error is not None:
                raise _Raised(error)
        return marshal(result, self._encoder)

    def _failed(
        self, error: BaseException, event: Event, *, late: bool
    ) -> tuple[str | None, bytes]:
        """Give the failure that Lambda would tell of, and the error object."""
        if isinstance(error, _Raised):
            error = error.error
        if late and isinstance(error, TimeoutError):
            return "timeout", self._timed_out(event)
        if isinstance(error, SystemExit):
            return "Runtime.ExitError", self._exited(event, error.code)
        if isinstance(error, KeyboardInterrupt):  # ends a process on AWS, too
            return "Runtime.ExitError", self._exited(event, 1)
        return None, self._describe(error, event)

    def _describe(self, error: BaseException, event: Event) -> bytes:
        described = describe(error, event.request_id)
        described["stackTrace"] = [
            entry for entry in described["stackTrace"] if __file__ not in entry
        ]
        self._log.feed(log_text(described).encode("utf-8", "replace"))
        return orjson.dumps(described)

    def _timed_out(self, event: Event) -> bytes:
        seconds = f"{self._function.timeout:.2f}"
        text = f"RequestId: {event.request_id} Error: Task timed out after {seconds}"
        return error_object("Sandbox.Timedout", f"{text} seconds")

    def _exited(self, event: Event, code: object) -> bytes:
        reason = (
            f"Runtime exited with error: exit status {code}"
            if code
            else "Runtime exited without providing a reason"
        )
        text = f"RequestId: {event.request_id} Error: {reason}"
        return error_object("Runtime.ExitError", text)


class _Raised(Exception):
    """Carries what a handler has raised in its thread.

    Some of it cannot be raised by a coroutine as it is: StopIteration is the end of
    one, and to asyncio KeyboardInterrupt is the end of everything.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


def is_cancelled() -> bool:
    """Tell whether this task is to end, not only a handler that says so."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def in_thread(
    call: Callable[[], Any],
) -> Awaitable[tuple[Any, BaseException | None]]:
    """Call in a thread that nobody waits for at the end: a handler may hang.

    Gives what was returned and what was raised.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[tuple[Any, BaseException | None]] = loop.create_future()

    def finish(value: Any, error: BaseException | None) -> None:
        if not result.done():
            result.set_result((value, error))

    def work() -> None:
        value, error = None, None
        try:
            value = call()
        except BaseException as raised:  # noqa: BLE001 - SystemExit is told as well
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody cares
            loop.call_soon_threadsafe(finish, value, error)

    threading.Thread(target=work, name="function", daemon=True).start()
    return result
