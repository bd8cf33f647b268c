"""The handle of an emulator that runs for tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from appsync_emulator.clock import MovableClock
from appsync_emulator.faults import read_fault
from appsync_emulator.servedapi import ServedApi
from appsync_emulator.server.serving import Endpoint, Served
from appsync_emulator.testing.client import Client, Surroundings
from appsync_emulator.testing.credentials import Fixed
from appsync_emulator.testing.logs import (
    Deliveries,
    Invocations,
    call_of,
    deliveries_of,
)
from appsync_emulator.testing.moved import TestClock, TestFaults
from appsync_emulator.testing.names import find_name
from appsync_emulator.testing.queues import Queues
from appsync_emulator.testing.recorder import Recorder
from appsync_emulator.testing.replacements import DataSources, Functions
from appsync_emulator.testing.sources import SourceHandler
from appsync_emulator.testing.subscription import Subscribing
from appsync_emulator.testing.thread import Awaited, LoopThread
from appsync_emulator.testing.timeline import render
from appsync_emulator.testing.waiting import Idle
from appsync_resolvers import Evaluation, evaluate


class Done(Awaited):
    """What waiting gives: nothing."""


class Appsync:
    """A running emulator, for a test.

    Calls that wait are awaited in async tests and block in others.

    Args:
        served: the emulator; everything of it runs in `thread`.
        template: from which it was loaded.
        thread: of the emulator.
        recorder: hears what happens.
        handlers: of the data sources that are replaced.
        timeout: see below.

    Attributes:
        timeout: seconds that waits take at most when they are not told.
        template: the project's template.
        client: executes operations of the first API with its first key.
        functions: what takes the place of functions.
        data_sources: what takes the place of data sources.
        clock: moves the time.
        faults: lets things go wrong.
    """

    def __init__(
        self,
        served: Served,
        template: Path,
        thread: LoopThread,
        *,
        recorder: Recorder,
        handlers: dict[str, SourceHandler],
        timeout: float,
    ) -> None:
        emulator = served.emulator
        clock = emulator.clock
        faults = emulator.faults
        assert isinstance(clock, MovableClock)  # noqa: S101 -- `start` sees to it
        assert faults is not None  # noqa: S101 -- `start` sees to it
        self.timeout = self._usual_timeout = timeout
        self.template = template
        self._served = served
        self._thread = thread
        self._recorder = recorder
        self._movable = clock
        self._all_faults = faults
        application = emulator.application
        self.functions = Functions(application, emulator.lambdas, thread)
        self.data_sources = DataSources(application, handlers)
        self.clock = TestClock(clock, thread, recorder)
        self.faults = TestFaults(faults, thread, self.functions.name, self._field)
        self._names = self.functions.shown()
        self._queues = Queues(emulator)
        self._since: dict[str, int] = {}
        self._idle = Idle(emulator, clock, self._queues, self._names, self._timeline)
        keys, limit = served.project.keys, lambda: self.timeout
        self._around = Surroundings(thread, emulator, keys, recorder, self, limit)
        self.client = self.client_of(self.endpoint.api.name)

    # Where it is, for other clients.

    @property
    def endpoint(self) -> Endpoint:
        """Where the first API is served."""
        return self._served.project.endpoints[0]

    @property
    def url(self) -> str:
        """The first API's GraphQL URL."""
        return self.endpoint.graphql_url

    @property
    def realtime_url(self) -> str:
        """The first API's realtime URL."""
        return self.endpoint.realtime_url

    @property
    def api_key(self) -> str | None:
        """The first API's first key; None when it has none."""
        return next(iter(self.endpoint.keys(self._movable.now())), None)

    @property
    def ca(self) -> Path | None:
        """The CA that clients must trust for TLS; None when TLS is off."""
        return self._served.ca

    def client_of(self, api: str) -> Client:
        """Give the client of another API of the project, with that API's first key.

        Raises:
            KeyError: there is no API of this name.
        """
        now = self._movable.now()
        for endpoint in self._served.project.endpoints:
            if api in (endpoint.api.name, endpoint.api.id):
                keys = endpoint.keys(now)
                credentials = Fixed({"x-api-key": keys[0]} if keys else {})
                served = self._served.emulator.apis[endpoint.api.id]
                return Client(self._around, served, credentials)
        names = [one.api.name for one in self._served.project.endpoints]
        raise KeyError(f"There is no API {api!r}, but {', '.join(names)}.")

    def subscribe(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation: str | None = None,
        timeout: float | None = None,
    ) -> Subscribing:
        """Subscribe with the first API's key; as `Client.subscribe`."""
        return self.client.subscribe(
            query, variables, operation=operation, timeout=timeout
        )

    def environment(self, function: str) -> dict[str, str]:
        """Give the environment variables of a function, for handlers that read them.

        Raises:
            KeyError: there is no such function.
        """
        name = self.functions.name(function)
        return dict(self._served.emulator.application.functions[name].environment)

    def evaluate(
        self,
        file: str | Path,
        context: Mapping[str, Any] | None = None,
        *,
        function: Any = "request",
    ) -> Evaluation:
        """Evaluate one handler alone; as `appsync_resolvers.evaluate`.

        Args:
            file: from the template's folder.
            context: the context object; an empty one when None.
            function: which handler, `request` or `response`.
        """
        path = self.template.parent / file
        return evaluate(path, context or {}, function=function)

    # What happened.

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._thread.alive

    @property
    def invocations(self) -> Invocations:
        """The attempts to run functions since the test began, as far as they ended."""
        calls = [call_of(*one, self._names) for one in list(self._recorder.attempts)]
        return Invocations(calls, lambda name: self._names[self.functions.name(name)])

    @property
    def deliveries(self) -> Deliveries:
        """The events since the test began: who got them, and who did not and why."""
        return self._thread.call(self._deliveries)

    def timeline(self) -> str:
        """Tell what happened since the test began, as a failed wait does."""
        return self._thread.call(self._timeline)

    def idle(
        self,
        timeout: float | None = None,
        *,
        advance: bool = False,
    ) -> Done:
        """Wait until no background work is left, counting what that work started.

        Args:
            timeout: seconds; `self.timeout` when None.
            advance: move the clock to the next retry whenever nothing else is left.

        Raises:
            WaitFailed: there is still work, or nothing but retries that are due later.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        limit = self.timeout if timeout is None else timeout

        async def wait() -> Done:
            await self._idle.wait(limit, advance=advance)
            return Done()

        done: Done = self._thread.do(wait(), "appsync.idle()")
        return done

    def explain(self, field: str | None = None) -> str:
        """Tell what is under way and what happened; in the emulator's thread."""
        lines = []
        if field is not None and not self._deliveries().of(field):
            lines.append(f"Nothing was published to {field}.")
        return "\n".join([*lines, self._timeline()])

    # Between tests.

    def reset(self) -> None:
        """End what is under way and forget the test: for the next one."""
        self._thread.wait(self._reset())

    async def _reset(self) -> None:
        emulator = self._served.emulator
        for connection in list(self._around.connections):
            connection.leave()
        self.functions.reset()
        self.data_sources.clear()
        if emulator.lambdas.active:
            await emulator.lambdas.drop()
        if self._recorder.steps:
            await self._queues.purge()
        self._all_faults.clear(emulator.settings.fault_seed)
        for text in emulator.settings.fault:
            self._all_faults.add(read_fault(text))
        for api in self._apis():
            api.gate.forget()
        self._movable.reset()
        self._recorder.clear()
        self._since = {
            id_: api.hub.deliveries.number for id_, api in emulator.apis.items()
        }
        self.timeout = self._usual_timeout

    def _field(self, name: str) -> str:
        """Give the name of a subscription field that exists.

        Raises:
            KeyError: there is none.
        """
        engines = [api.engine for api in self._apis() if api.engine is not None]
        known = [name for one in engines for name in one.schema.subscriptions]
        return find_name(name, dict(zip(known, known, strict=True)), "subscription")

    def _apis(self) -> list[ServedApi]:
        return list(self._served.emulator.apis.values())

    def _deliveries(self) -> Deliveries:
        found = Deliveries()
        for api in self._apis():
            since = self._since.get(api.api.id, 0)
            found += deliveries_of(api.hub.deliveries, since)
        found.sort(key=lambda one: one.at)
        return found

    def _timeline(self) -> str:
        told = render(
            self._recorder, self.invocations, self._deliveries(), self._all_faults
        )
        work = self._idle.work()
        return (
            "\n".join(["Under way:", *work, "What happened:", told]) if work else told
        )
