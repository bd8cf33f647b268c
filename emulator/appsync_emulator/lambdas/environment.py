"""An execution environment that is a subprocess.

It is the sandbox rather than the process: when the process ends (a time-out, an exit, a
failed initialisation), the next event starts another one in the same environment, with
the same temporary folder, as on AWS.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appsync_emulator.background import Background
from appsync_emulator.lambdas.invocation import (
    TOO_LARGE,
    Done,
    Event,
    Invocation,
    error_object,
    stopping,
)
from appsync_emulator.lambdas.layers import joined, layer_variables
from appsync_emulator.lambdas.logs import FunctionLog, OnLine, Usage
from appsync_emulator.lambdas.orphans import Guard
from appsync_emulator.lambdas.process import Process
from appsync_emulator.lambdas.runners.language import Code, Launch
from appsync_emulator.lambdas.runtime_api import RuntimeApi
from appsync_emulator.lambdas.variables import environment_variables, log_stream_name
from appsync_emulator.model import LambdaFunction

INIT_LIMIT = 10.0
"""Seconds for the initialisation (Lambda developer guide, "Init phase")."""

LONGEST = 900
"""Seconds that a function may take at most; what a debugged one is told it has."""

STOP_PATIENCE = 0.5
"""Seconds between SIGTERM and SIGKILL for an idle process."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What all environments of one function have in common.

    Attributes:
        code: gives what to start, after it has unpacked or installed it.
        folder: for temporary folders.
        launch: makes the command.
        variables: environment variables.
        on_line: gets the lines of the log.
        guard: told of every process group; asked for when the first one starts.
        background: owns what outlives a call.
        init_limit: seconds.
        debug_port: where a debugger finds the process, for which all time-outs are off;
            None without one.
    """

    function: LambdaFunction
    code: Callable[[], Awaitable[Code]]
    folder: Path
    launch: Callable[[Code], Launch]
    variables: Mapping[str, str]
    on_line: OnLine
    guard: Callable[[], Guard]
    background: Background
    init_limit: float = INIT_LIMIT
    debug_port: int | None = None


class SubprocessEnvironment:
    """Runs a function in a process that speaks the Runtime API.

    Args:
        blueprint: what it shares with its like.
        number: distinguishes it from its like.
    """

    def __init__(self, blueprint: Blueprint, number: int) -> None:
        self._blueprint = blueprint
        self._function = blueprint.function
        self._folder = blueprint.folder / f"tmp-{number}"
        self._log = FunctionLog(blueprint.function.name, blueprint.on_line)
        self._stream = log_stream_name()
        self._api = RuntimeApi(self)
        self._process: Process | None = None
        self._stopping: set[Process] = set()
        self._peak_memory: int | None = None
        self._measured = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._event: Event | None = None
        self._done: Done | None = None
        self._started = 0.0
        self._deadline: float | None = None
        self._init_started: float | None = None
        self._init_duration: float | None = None
        self._starting: asyncio.Task[None] | None = None
        self._preparing = False
        self._code: Code | None = None
        self._closed = False

    @property
    def warm(self) -> bool:
        """Whether there is an initialised process."""
        return self._process is not None and self._init_started is None

    def run(self, event: Event, done: Done) -> None:
        """Begin to work on `event`."""
        self._event, self._done = event, done
        self._log.begin(event.request_id)
        self._started = time.perf_counter()
        if self.warm:
            self._hand_over()
        else:
            self._start(self._initialise())

    async def close(self) -> None:
        """End the process and whatever it has started, and close the port."""
        self._closed = True
        busy = self._event is not None
        self._finish_rejected()
        if self._starting is not None:
            if self._preparing:  # packages may take minutes to install
                self._starting.cancel()
            await asyncio.wait({self._starting})
        if self._process is not None:
            await self._process.stop(0.0 if busy else STOP_PATIENCE)
        for process in list(self._stopping):
            await process.stop(0.0)
        await self._api.close()

    # What the Runtime API tells.

    def ready(self) -> None:
        """The process is initialised."""
        if self._init_started is not None:
            self._init_duration = time.perf_counter() - self._init_started
            self._init_started = None
        self._hand_over()

    def succeeded(self, body: bytes) -> None:
        """The event was answered."""
        self._finish(body, failed=False)

    def failed(self, body: bytes) -> None:
        """The event was answered with an error object."""
        self._finish(body, failed=True)

    def answered_too_much(self) -> None:
        """The event was answered with more than 6 MB."""
        self._finish(TOO_LARGE, failed=True)

    def init_failed(self, body: bytes) -> None:
        """The process cannot start: its words are the answer to the event.

        AWS initialises once more before it says so; the second failure would only
        print everything twice.
        """
        self._finish(body, failed=True, keep=False)

    # Starting.

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        name = f"start {self._function.name}"
        self._starting = self._blueprint.background.start(work, name)

    async def _initialise(self) -> None:
        try:
            self._preparing = True
            code = await self._blueprint.code()
            self._preparing = False
            if not self._api.address:
                self._folder.mkdir(parents=True)
                await self._api.listen()
        except Exception as error:  # noqa: BLE001 - nobody may wait for ever
            # A broken archive alone raises errors of five kinds.
            self._cannot_start(error)
            return
        self._started = time.perf_counter()
        self._start_timer(self._blueprint.init_limit, self._init_timed_out)
        await self._spawn(code)

    async def _spawn(self, code: Code) -> None:
        if self._closed:
            return
        try:
            self._spawn_in(code)
        except (OSError, ValueError) as error:  # or a variable that no process can have
            self._cannot_start(error)

    def _spawn_in(self, code: Code) -> None:
        launch = self._blueprint.launch(code)
        self._code = code
        variables = {
            **self._blueprint.variables,
            "AWS_LAMBDA_LOG_STREAM_NAME": self._stream,
            **launch.environment,
            **environment_variables(code.root, self._folder, self._api.address),
        }
        variables |= layer_variables(self._function, code.layers, variables)
        if code.packages is not None:
            paths = (variables.get("PYTHONPATH", ""), str(code.packages))
            variables["PYTHONPATH"] = joined(paths)
        if self._blueprint.debug_port is not None:
            port = str(self._blueprint.debug_port)
            variables["APPSYNC_EMULATOR_DEBUG_PORT"] = port
        self._init_started = time.perf_counter()
        process = Process(
            launch.command,
            environment=variables,
            folder=code.root,
            on_output=self._log.feed,
            on_exit=lambda text: self._exited(process, text),
        )
        self._process = process
        self._blueprint.guard().watch(process.pid)

    def _cannot_start(self, error: Exception) -> None:
        text = str(error)
        if isinstance(error, FileNotFoundError) and text.endswith("/bootstrap'"):
            places = f"{error.filename} /opt/bootstrap"
            text = f"Couldn't find valid bootstrap(s): [{places}]"
        elif isinstance(error, OSError):
            text = f"fork/exec {error.filename}: {(error.strerror or '').lower()}"
        self._fail("Runtime.InvalidEntrypoint", text)

    def _init_timed_out(self) -> None:
        # Lambda then initialises again, on the time of the function (Lambda developer
        # guide, "Init phase").
        milliseconds = self._blueprint.init_limit * 1000
        self._log.platform(
            f"INIT_REPORT Init Duration: {milliseconds:.2f} ms\t"
            "Phase: init\tStatus: timeout"
        )
        self._drop_process()
        self._start_clock()
        if self._code is not None:
            self._start(self._spawn(self._code))

    # Working.

    def _hand_over(self) -> None:
        if self._event is not None:
            self._api.send(self._event, self._deadline or self._start_clock())

    def _start_clock(self) -> float:
        self._started = time.perf_counter()
        debugged = self._blueprint.debug_port is not None
        seconds = LONGEST if debugged else self._function.timeout
        self._deadline = time.time() + seconds
        self._start_timer(self._function.timeout, self._timed_out)
        return self._deadline

    def _timed_out(self) -> None:
        if self._event is None:
            return
        seconds = f"{self._function.timeout:.2f}"
        message = f"Task timed out after {seconds} seconds"
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        self._read_output()
        self._log.platform(f"{now} {self._event.request_id} {message}", failed=True)
        text = f"RequestId: {self._event.request_id} Error: {message}"
        payload = error_object("Sandbox.Timedout", text)
        self._finish(payload, failed=True, failure="timeout", keep=False)

    def _exited(self, process: Process, text: str | None) -> None:
        self._blueprint.guard().release(process.pid)
        self._stopping.discard(process)
        if process is not self._process:
            return
        undelivered = self._api.undelivered
        self._process = None
        self._init_started = None
        self._api.forget()
        if undelivered and not self._closed:
            # It ended in the wake of the event before, which is over: Lambda would not
            # have chosen this process any more.
            self._deadline = None
            self._start(self._initialise())
        elif text is None:
            self._fail("Runtime.ExitError", "Runtime exited without providing a reason")
        else:
            self._fail("Runtime.ExitError", f"Runtime exited with error: {text}")

    def _fail(self, error_type: str, text: str) -> None:
        """Answer with an error of Lambda's own, if there is an event to answer."""
        if self._event is None:
            return
        message = f"RequestId: {self._event.request_id} Error: {text}"
        self._log.platform(message, failed=True)
        self._log.platform(error_type)
        payload = error_object(error_type, message)
        self._finish(payload, failed=True, failure=error_type, keep=False)

    # Ending.

    def _finish(
        self,
        payload: bytes,
        *,
        failed: bool,
        failure: str | None = None,
        keep: bool = True,
    ) -> None:
        event, done = self._event, self._done
        if event is None or done is None:
            return
        self._event = self._done = self._deadline = None
        self._stop_timer()
        self._read_output()
        usage = Usage(
            time.perf_counter() - self._started,
            self._function.memory,
            self._memory(),
            self._init_duration,
            failure,
        )
        tail = self._log.end(usage)
        self._init_duration = None
        if not keep:
            self._drop_process()
        done(
            Invocation(payload, "Unhandled" if failed else None, event.request_id, tail)
        )

    def _finish_rejected(self) -> None:
        done, self._event, self._done = self._done, None, None
        self._stop_timer()
        if done is not None:
            done(stopping())

    def _drop_process(self) -> None:
        """Kill the process; the next event gets another one."""
        process, self._process = self._process, None
        self._init_started = None
        self._api.forget()
        if process is not None and process.running:
            self._stopping.add(process)
            process.kill()

    def _read_output(self) -> None:
        if self._process is not None:
            self._process.read_output()

    def _memory(self) -> int | None:
        """Give the peak memory, measured no more than once a second."""
        now = self._started
        if self._process is not None and now - self._measured > 1:
            self._measured = now
            self._peak_memory = self._process.peak_memory() or self._peak_memory
        return self._peak_memory

    def _start_timer(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_timer()
        if self._blueprint.debug_port is not None:
            return  # whoever looks for a mistake has all the time
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(seconds, then)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
