"""The composition root: one running Application.

`async with Emulator(application, settings) as emulator:` is the only way to run one. It
knows no HTTP: the server around it turns requests into calls of its `ServedApi`s.
"""

import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from appsync_emulator.auth.authorities import LocalKeys, make_authorities
from appsync_emulator.background import Background
from appsync_emulator.clock import Clock, RealClock
from appsync_emulator.errors import ProjectError, ProjectErrors
from appsync_emulator.faults import (
    ANY,
    Faults,
    FunctionFault,
    SubscriptionFault,
    read_fault,
)
from appsync_emulator.lambdas.event_sources.service import EventSources
from appsync_emulator.lambdas.service import Lambdas, Listener
from appsync_emulator.model import Application
from appsync_emulator.realtime.faulty import FaultyOutbox
from appsync_emulator.realtime.subscription import Outbox
from appsync_emulator.servedapi import ServedApi, WrapSource
from appsync_emulator.services.service import Services
from appsync_emulator.settings import Settings

log = logging.getLogger(__name__)

DRAIN_SECONDS = 10.0
"""How long running functions may go on after the emulator was asked to end."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What tests hang into a running application.

    Attributes:
        attempted: told of every finished attempt to run a function.
        wrap_source: makes what is called in the place of a data source, by its name.
        faults: those of a test, which come and go.
    """

    attempted: Listener
    wrap_source: WrapSource
    faults: Faults


class Emulator:
    """A running application.

    Args:
        application: what to run.
        settings: of this run.
        function_environment: variables every function gets beside those of its
            template, such as where the model is.
        services: SQS and what else of AWS functions use; None to serve none of it, and
            to read no queues.
        clock: the time that keys and retries see; the machine's by default.
        local_jwks: gives the public keys of an issuer whose place the emulator takes,
            None for others; None when it takes nobody's.
        watch: what tests hang in; None for nothing.

    Attributes:
        faults: what goes wrong on purpose; None when nothing ever does.
        apis: by API id, in the order of the application.
        lambdas: its functions.
        event_sources: what reads queues for functions.
        background: the owner of its tasks.

    Raises:
        ProjectErrors: on entry, when a schema or a resolver is not valid.
        ValueError: a fault of the settings is none there is.
    """

    def __init__(
        self,
        application: Application,
        settings: Settings,
        *,
        function_environment: Mapping[str, str] | None = None,
        services: Services | None = None,
        clock: Clock | None = None,
        local_jwks: LocalKeys | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.application = application
        self.settings = settings
        self.clock = clock or RealClock(settings.time_scale)
        self.background = Background()
        self.services = services
        self._watch = watch
        self._local_jwks = local_jwks
        self.faults = _faults(settings) if watch is None else watch.faults
        self.lambdas = Lambdas(
            application.functions,
            settings,
            self.clock,
            self.background,
            function_environment or {},
            listener=None if watch is None else watch.attempted,
            services=None if services is None else services.client,
            faults=self.faults,
        )
        self.event_sources = EventSources(
            application,
            self.lambdas,
            None if services is None else services.client,
            settings,
            self.clock,
        )
        self.apis: dict[str, ServedApi] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.background.close)
            if self.services is not None:
                await stack.enter_async_context(self.services.run(self.application))
            await stack.enter_async_context(self.lambdas)
            self.apis = self._serve(stack)
            self._check_faults()
            if self.services is not None and self.services.problem is None:
                await stack.enter_async_context(self.event_sources.run())
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    def _serve(self, stack: AsyncExitStack) -> dict[str, ServedApi]:
        """Make every API executable, or tell everything that is wrong with them."""
        served: dict[str, ServedApi] = {}
        problems: list[ProjectError] = []
        authorities = make_authorities(
            self.settings,
            self.lambdas,
            policies=self.application.policies,
            local=self._local_jwks,
        )
        for api in self.application.apis:
            try:
                served[api.id] = ServedApi(
                    api,
                    self.lambdas,
                    self.clock,
                    self.settings,
                    authorities,
                    wrap_source=None
                    if self._watch is None
                    else self._watch.wrap_source,
                    outboxes=None if self.faults is None else self._outbox,
                )
            except ProjectErrors as error:
                problems += error.errors
            except ProjectError as error:
                problems.append(error)
            else:
                stack.callback(served[api.id].close)
        if problems:
            raise ProjectErrors(problems)
        return served

    def _check_faults(self) -> None:
        """Hold the names of faults against what there is.

        Raises:
            ValueError: there is no such function or subscription.
        """
        functions = self.application.functions.values()
        names: dict[type, set[str]] = {
            FunctionFault: {
                name
                for one in functions
                for name in (one.name, one.origin.resource or one.name)
            },
            SubscriptionFault: {
                field
                for api in self.apis.values()
                if api.engine is not None
                for fields in api.engine.schema.publishes.values()
                for field in fields
            },
        }
        for fault in self.faults or ():
            known = names.get(type(fault), {fault.name})
            if fault.name not in {*known, ANY}:
                there = ", ".join(sorted(known)) or "none"
                raise ValueError(
                    f"--fault names {fault.name!r}, which does not exist: {there}."
                )

    def _outbox(self, field: str, outbox: Outbox) -> Outbox:
        """Give where the events of a subscription go that begins now."""
        assert self.faults is not None  # noqa: S101 -- else this is not called
        fault = self.faults.subscription(field)
        if fault is None:
            return outbox
        return FaultyOutbox(outbox, field, fault, self.faults, self.background)

    async def idle(self) -> None:
        """Wait until no background work is left, counting what work started."""
        while self.lambdas.active or self.background.names:
            await self.lambdas.idle()
            await self.background.idle()

    async def drain(self) -> None:
        """Wait for running functions, which may still call the API; not for ever.

        Nothing more is read from queues.
        """
        await self.event_sources.stop()
        await self.lambdas.drain(DRAIN_SECONDS)


def _faults(settings: Settings) -> Faults | None:
    """Give the faults of the settings, None without any."""
    if not settings.fault:
        return None
    return Faults(map(read_fault, settings.fault), settings.fault_seed)
