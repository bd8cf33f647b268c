"""A Python callable of this process takes the place of a function; for tests."""

import asyncio
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
        failure = None
        try:
            async with asyncio.timeout(self._function.timeout) as limit:
                payload, failed = await self._call(event), False
        except TimeoutError as error:
            failed = True
            if limit.expired():
                failure = "timeout"
                payload = self._timed_out(event)
            else:
                payload = self._describe(error, event)
        except SystemExit as error:
            failed, failure = True, "Runtime.ExitError"
            payload = self._exited(event, error.code)
        except Exception as error:  # noqa: BLE001 - whatever the handler raises
            failed = True
            payload = self._describe(error, event)
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
            result = await _in_thread(lambda: self._handler(value, context))
        return marshal(result, self._encoder)

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


def _in_thread(call: Callable[[], Any]) -> Awaitable[Any]:
    """Call in a thread that nobody waits for at the end: a handler may hang."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[Any] = loop.create_future()

    def finish(value: Any, error: BaseException | None) -> None:
        if result.done():
            return
        if error is None:
            result.set_result(value)
        else:
            result.set_exception(error)

    def work() -> None:
        value, error = None, None
        try:
            value = call()
        except BaseException as raised:  # noqa: BLE001 - SystemExit is told as well
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(finish, value, error)

    threading.Thread(target=work, name="function", daemon=True).start()
    return result
