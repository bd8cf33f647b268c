"""All functions of an application, to be invoked by name or ARN."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from appsync_emulator.background import Background
from appsync_emulator.clock import Clock
from appsync_emulator.faults import Faults
from appsync_emulator.lambdas.async_queue import AsyncQueue, FinishedEvent, Item
from appsync_emulator.lambdas.destinations import Destinations
from appsync_emulator.lambdas.environment import INIT_LIMIT
from appsync_emulator.lambdas.invocation import (
    EVENT_REQUEST_LIMIT,
    LATEST,
    SYNC_REQUEST_LIMIT,
    Attempt,
    Invocation,
    InvokeRejected,
    Outcome,
    call_of,
    new_event,
    stopping,
    too_large,
)
from appsync_emulator.lambdas.logs import OnLine, log_line
from appsync_emulator.lambdas.names import invoked_arn, split_name
from appsync_emulator.lambdas.overrides import debug_port_of
from appsync_emulator.lambdas.parts import Parts
from appsync_emulator.lambdas.pool import Pool
from appsync_emulator.lambdas.runners.in_process import Handler
from appsync_emulator.lambdas.workshop import Workshop
from appsync_emulator.model import LambdaFunction
from appsync_emulator.services.client import Client
from appsync_emulator.settings import Settings

__all__ = ["Attempt", "Invocation", "InvokeRejected", "Lambdas", "Listener"]

log = logging.getLogger(__name__)

Listener = Callable[[Attempt], None]


class Lambdas:
    """The functions of an application.

    Args:
        functions: by name.
        settings: interpreters, region, account, and how many environments a function
            may have.
        clock: for retries of events.
        background: owns what outlives a call; must not be closed before this is.
        environment: environment variables for all functions.
        stand_ins: by function name, what takes the place of the function's own code: a
            callable, or the URL of anything that speaks Lambda's Invoke API.
        listener: told of every finished attempt.
        finished: told of every event that has left the queue.
        services: reaches the destinations of events; None when they are not served.
        faults: what goes wrong on purpose; None when nothing ever does.
        on_line: gets what functions log; their loggers when not given.
        grace: seconds that running functions get to end when this is left.
        init_limit: seconds that a cold start may take at first.
    """

    def __init__(
        self,
        functions: Mapping[str, LambdaFunction],
        settings: Settings,
        clock: Clock,
        background: Background,
        environment: Mapping[str, str],
        *,
        stand_ins: Mapping[str, Handler | str] | None = None,
        listener: Listener | None = None,
        finished: Callable[[FinishedEvent], None] | None = None,
        services: Client | None = None,
        faults: Faults | None = None,
        on_line: OnLine = log_line,
        grace: float = 5.0,
        init_limit: float = INIT_LIMIT,
    ) -> None:
        self._functions = functions
        self._settings = settings
        self._clock = clock
        self._background = background
        self._workshop = Workshop(
            settings,
            background,
            environment,
            dict(stand_ins or {}),
            faults,
            on_line,
            init_limit,
        )
        self._listener = listener
        self._on_finished = finished
        self._grace = grace
        self._pools: dict[str, Pool] = {}
        self._queue = AsyncQueue(
            clock, background, attempted=self._tell, finished=self._finished
        )
        self._destinations = Destinations(
            services, self.invoke_event, clock, background
        )
        self._active = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._calls: dict[str, str] = {}
        self._closed = False
        self._draining = False
        self._drained = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close(self._grace)

    async def invoke(
        self,
        name_or_arn: str,
        payload: bytes,
        client_context: str | None = None,
        parts: Parts | None = None,
    ) -> Invocation:
        """Run a function and wait for its answer (`RequestResponse`).

        The function goes on to its end when this is cancelled, as it does on AWS.

        Args:
            name_or_arn: name, partial ARN or ARN, with or without a qualifier.
            payload: JSON text, passed through as it is.
            client_context: JSON text for `context.client_context`.
            parts: gets the response of a function that streams it; what is returned
                then has no payload.

        Raises:
            InvokeRejected: the function does not exist, is throttled, or the payload is
                larger than 6 MB.
            EmulatorError: the function cannot run on this machine.
        """
        function = self.find(name_or_arn)
        if len(payload) > SYNC_REQUEST_LIMIT:
            raise too_large(
                f"Request must be smaller than {SYNC_REQUEST_LIMIT} bytes for the "
                "InvokeFunction operation"
            )
        arn = invoked_arn(function.arn, name_or_arn)
        event = new_event(payload, arn, client_context, self._clock.now(), parts)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Invocation] = loop.create_future()
        started = loop.time()

        def done(outcome: Outcome) -> None:
            self._calls.pop(event.request_id, None)
            if self._listener is not None or self._draining:
                duration = loop.time() - started
                self._tell(call_of(function.name, event, outcome, duration))
            if not answer.done():
                if isinstance(outcome, Invocation):
                    answer.set_result(outcome)
                else:
                    answer.set_exception(outcome)
            self._ended()

        self._pool(function).submit(event, done, may_refuse=True)
        self._begun()
        self._calls[event.request_id] = function.name
        return await answer

    def invoke_event(
        self,
        name_or_arn: str,
        payload: bytes,
        client_context: str | None = None,
    ) -> str:
        """Leave an event for a function and return at once (`Event`).

        Returns:
            The request id, the same for all attempts.

        Raises:
            InvokeRejected: the function does not exist, the payload is larger than
                1 MB, or the queue is full. What goes wrong later is logged.
            EmulatorError: the function cannot run on this machine.
        """
        function = self.find(name_or_arn)
        if len(payload) > EVENT_REQUEST_LIMIT:
            raise too_large(
                f"{len(payload)} byte payload is too large for the Event invocation "
                f"type (limit {EVENT_REQUEST_LIMIT} bytes)"
            )
        arn = invoked_arn(function.arn, name_or_arn)
        event = new_event(payload, arn, client_context, self._clock.now())
        pool = self._pool(function)
        pool.check()
        self._queue.put(function, pool, event)
        self._begun()
        return event.request_id

    @property
    def functions(self) -> Mapping[str, LambdaFunction]:
        """All functions by name."""
        return self._functions

    def find(self, name_or_arn: str) -> LambdaFunction:
        """Give the function of a name, partial ARN or ARN.

        Raises:
            InvokeRejected: there is none, or the emulator is stopping.
        """
        if self._closed:
            raise stopping()
        function = self._functions.get(name_or_arn)
        if function is None:
            function = self._functions.get(split_name(name_or_arn)[0])
        if function is None:
            raise self._not_found(name_or_arn)
        return function

    async def prepare(self) -> None:
        """Install what functions require, before anybody waits for them."""
        for function in self._functions.values():
            await self._workshop.prepare(function)

    def runner_problem(self, function: LambdaFunction) -> str | None:
        """Tell why `function` cannot run on this machine, before it is invoked.

        Returns:
            A sentence for its developer, or None when it can run.
        """
        return self._workshop.problem(function)

    def replace(self, name: str, stand_in: Handler | str | None) -> None:
        """Let something else take a function's place, from the next event on.

        Args:
            name: of the function.
            stand_in: a callable or a URL; None for the function's own code again.

        Raises:
            KeyError: there is no function of that name.
        """
        function = self._functions[name]
        if stand_in is None:
            self._workshop.stand_ins.pop(function.name, None)
        else:
            self._workshop.stand_ins[function.name] = stand_in
        if (pool := self._pools.get(function.name)) is not None:
            pool.use(self._workshop.runner(function))

    async def drop(self) -> None:
        """Forget every event and end what runs; processes that rest stay warm."""
        lost = len(self._queue)
        self._queue.drop()
        busy = [name for name, pool in self._pools.items() if pool.busy]
        await asyncio.gather(*(self._pools.pop(name).close() for name in busy))
        for _ in range(lost):
            self._ended()

    @property
    def running(self) -> list[str]:
        """The names of the functions that work on something, once for each event."""
        queued = [item.function.name for item in self._queue.running]
        return [*self._calls.values(), *queued]

    @property
    def sleeping(self) -> list[Item]:
        """The events that wait for a retry."""
        return self._queue.sleeping

    @property
    def active(self) -> int:
        """How many invocations and events are not at their end."""
        return self._active

    async def idle(self) -> None:
        """Wait until nothing runs or waits, counting what running work starts."""
        while self._active:
            await self._idle.wait()

    async def drain(self, grace: float) -> None:
        """Wait for what runs, not for what waits for a retry, minutes from now.

        Args:
            grace: seconds after which what still runs is left alone.
        """
        self._draining = True
        self._drained.clear()
        self._check_drained()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._drained.wait()

    async def close(self, grace: float = 0.0) -> None:
        """Refuse new work, give running functions `grace` seconds, end them all."""
        if self._closed:
            return
        self._closed = True
        await self.drain(grace)
        for request_id, name in self._calls.items():
            log.warning("Function %s is stopped in request %s", name, request_id)
        for item in [*self._queue.running, *self._queue.sleeping]:
            log.warning(
                "Event %s of function %s is lost: the emulator stops (%d attempts)",
                item.event.request_id,
                item.function.name,
                item.attempts,
            )
        self._queue.drop()
        await self._destinations.drain(grace)
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))
        self._active = 0
        self._idle.set()
        await self._workshop.close()

    def _check_drained(self) -> None:
        if not self._calls and not self._queue.busy:
            self._drained.set()

    def _not_found(self, name_or_arn: str) -> InvokeRejected:
        settings = self._settings
        name, qualifier = split_name(name_or_arn)
        arn = f"arn:aws:lambda:{settings.region}:{settings.account_id}:function:{name}"
        # Today's answer has a qualifier even when none was asked for (observed:
        # recordings of unknown functions in LocalStack's test suite, 2025).
        message = f"Function not found: {arn}:{qualifier or LATEST}"
        return InvokeRejected("ResourceNotFoundException", message, 404)

    def _pool(self, function: LambdaFunction) -> Pool:
        pool = self._pools.get(function.name)
        if pool is None:
            debugged = debug_port_of(function, self._settings) is not None
            pool = self._pools[function.name] = Pool(
                function.name,
                self._workshop.runner(function),
                limit=1 if debugged else self._settings.max_environments,
                reserved=function.reserved_concurrency,
                background=self._background,
            )
        return pool

    def _begun(self) -> None:
        self._active += 1
        self._idle.clear()

    def _ended(self) -> None:
        self._active -= 1
        if not self._active:
            self._idle.set()

    def _finished(self, event: FinishedEvent) -> None:
        self._destinations.deliver(event)
        if self._on_finished is not None:
            try:
                self._on_finished(event)
            except Exception:
                log.exception("Telling of the end of an event failed")
        self._ended()

    def _tell(self, attempt: Attempt) -> None:
        if self._draining:  # what ended may next wait for a retry: look when it does
            asyncio.get_running_loop().call_soon(self._check_drained)
        if self._listener is None:
            return
        try:
            self._listener(attempt)
        except Exception:
            log.exception("Telling of the end of an invocation failed")
