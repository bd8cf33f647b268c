"""The composition root: one running Application.

`async with Emulator(application, settings) as emulator:` is the only way to run one. It
knows no HTTP: the server around it turns requests into calls of `ServedApi`.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from types import CoroutineType, TracebackType
from typing import Any, Self

from appsync_emulator.auth.caller import Caller
from appsync_emulator.auth.registry import Gate
from appsync_emulator.background import Background
from appsync_emulator.clock import Clock, RealClock
from appsync_emulator.datasources.registry import make_data_source
from appsync_emulator.errors import ProjectError, ProjectErrors
from appsync_emulator.execution.engine import Engine
from appsync_emulator.execution.outcome import Outcome
from appsync_emulator.execution.resolvers import ResolverFactory
from appsync_emulator.execution.run import Facts
from appsync_emulator.lambdas.service import Lambdas
from appsync_emulator.model import Api, Application
from appsync_emulator.realtime.hub import Hub
from appsync_emulator.schema import build
from appsync_emulator.schema.check import check_resolvers
from appsync_emulator.settings import Settings
from appsync_emulator.types import JSON
from appsync_resolvers import Part
from appsync_resolvers.js import JsEngine

log = logging.getLogger(__name__)
DRAIN_SECONDS = 5.0


class ServedApi:
    """One API of a running emulator.

    Attributes:
        api: as loaded.
        gate: authenticates callers.
        engine: executes operations; None for an API without a schema.
        hub: its subscriptions.

    Raises:
        ProjectErrors: everything that is wrong with its schema and its resolvers.
    """

    def __init__(self, api: Api, lambdas: Lambdas, clock: Clock) -> None:
        self.api = api
        self.gate = Gate(api, clock)
        self.hub = Hub(api.id)
        self.javascript = JsEngine()
        self.env = Part(dict(api.environment))
        self.engine: Engine | None = None
        if api.schema is not None:
            schema = build(api.schema)
            if problems := check_resolvers(api, schema):
                raise ProjectErrors(problems)
            sources = {
                name: make_data_source(config, lambdas)
                for name, config in api.data_sources.items()
            }
            factory = ResolverFactory(api, sources, self.javascript)
            self.engine = Engine(api, schema, factory.build())

    def close(self) -> None:
        """Free the JavaScript engine."""
        self.javascript.close()

    def facts(
        self, caller: Caller, request: Part, variables: Mapping[str, JSON] | None
    ) -> Facts:
        """Put together what all resolvers of a request see."""
        return Facts(caller.identity, request, self.env, variables)
