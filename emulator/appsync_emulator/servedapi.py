"""One API of a running emulator: its parts, put together."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from appsync_emulator.auth.authorities import Authorities
from appsync_emulator.auth.caller import (
    UNUSABLE,
    AccessDenied,
    Admission,
    AuthRequest,
    Caller,
    Credentials,
)
from appsync_emulator.auth.registry import Gate
from appsync_emulator.clock import Clock
from appsync_emulator.datasources.datasource import DataSource
from appsync_emulator.datasources.registry import make_data_source
from appsync_emulator.errors import ProjectErrors
from appsync_emulator.execution.engine import Engine, Prepared
from appsync_emulator.execution.operation import RequestRejected
from appsync_emulator.execution.outcome import Outcome
from appsync_emulator.execution.resolvers import ResolverFactory
from appsync_emulator.execution.run import Facts, Run
from appsync_emulator.execution.subscription import SubscriptionPlan
from appsync_emulator.execution.variables import VariableRejected
from appsync_emulator.lambdas.service import Lambdas
from appsync_emulator.model import Api
from appsync_emulator.realtime.authrequest import ConnectRequest, StartRequest
from appsync_emulator.realtime.filters import compile_filter
from appsync_emulator.realtime.handshake import Handshake
from appsync_emulator.realtime.hub import Hub
from appsync_emulator.realtime.messages import ErrorEntry
from appsync_emulator.realtime.protocol import Start
from appsync_emulator.realtime.refusals import (
    Denied,
    StartRejected,
    duplicated,
    unsupported,
)
from appsync_emulator.realtime.subscription import (
    Accept,
    Outbox,
    Subscription,
)
from appsync_emulator.schema import build
from appsync_emulator.schema.check import check_resolvers
from appsync_emulator.settings import Settings
from appsync_emulator.types import JSON
from appsync_resolvers import Part
from appsync_resolvers.js import JsEngine

log = logging.getLogger(__name__)

MQTT_GONE = "Subscriptions over MQTT is not supported."
"""What AppSync answers to a subscription over HTTP (observed: amplify chat samples)."""

FINAL = (400, 401, 403)
UNAUTHORIZED = 401
"""`errorCode`s after which clients do not connect again by themselves."""

CREDENTIALS = {"authorization", "x-api-key"}
"""Headers of which one authorizes; `host` stands beside them."""

NO_SCHEMA = "No schema definition exists."


WrapSource = Callable[[str, DataSource], DataSource]
"""(name, data source) -> what is called in its place."""

Outboxes = Callable[[str, Outbox], Outbox]
"""(subscription field, connection) -> where the events of a subscription go."""


class ServedApi:
    """One API of a running emulator.

    Args:
        api: as loaded.
        lambdas: its functions.
        clock: for the expiry of keys.
        settings: of this run.
        authorities: who vouches for callers.
        wrap_source: makes what is called in the place of data sources; None for them
            themselves.
        outboxes: makes what events go through; None for the connections themselves.

    Attributes:
        api: as loaded.
        gate: authenticates callers.
        engine: executes operations; None for an API without a schema.
        hub: its subscriptions.

    Raises:
        ProjectErrors: everything that is wrong with its schema and its resolvers.
    """

    def __init__(
        self,
        api: Api,
        lambdas: Lambdas,
        clock: Clock,
        settings: Settings,
        authorities: Authorities,
        *,
        wrap_source: WrapSource | None = None,
        outboxes: Outboxes | None = None,
    ) -> None:
        self.api = api
        self._outboxes = outboxes
        self.gate = Gate(api, clock, authorities)
        self._arn = authorities.arn(api)
        self._env = Part(dict(api.environment))
        self._javascript = JsEngine()
        self.engine = self._make_engine(lambdas, settings, wrap_source)
        self.hub = Hub(self.engine.schema.publishes if self.engine else {})

    def _make_engine(
        self, lambdas: Lambdas, settings: Settings, wrap: WrapSource | None
    ) -> Engine | None:
        api = self.api
        if api.schema is None:
            return None
        schema = build(api.schema)
        for warning in schema.warnings:
            log.warning("%s", warning)
        if problems := check_resolvers(api, schema):
            raise ProjectErrors(problems)
        sources = {
            name: make_data_source(config, lambdas)
            for name, config in api.data_sources.items()
        }
        factory = ResolverFactory(api, sources, self._javascript, wrap)
        return Engine(
            api,
            schema,
            factory.build(),
            request_timeout=settings.request_timeout,
            arn=self._arn,
        )

    def close(self) -> None:
        """Free what evaluates resolvers."""
        if self.engine is not None:
            self.engine.close()
        self._javascript.close()

    def execute(
        self,
        caller: Caller,
        request: Part,
        query: str,
        operation_name: str | None,
        variables: Mapping[str, JSON] | None,
    ) -> Outcome | Coroutine[Any, Any, Outcome]:
        """Run a query or a mutation and publish what it completed.

        Args:
            caller: who asks.
            request: `ctx.request`.
            query: the GraphQL document.
            operation_name: which of its operations, None when there is one.
            variables: as the client sent them.

        Returns:
            The outcome, or a coroutine that gives it when a data source waits.

        Raises:
            RequestRejected: the document is not one that AppSync would run.
            VariableRejected: the variables do not fit it.
        """
        engine = self._ready_engine()
        prepared = engine.prepare(query, operation_name, caller.rights)
        if prepared.kind == "subscription":
            raise _transport_error(400, "BadRequestException", MQTT_GONE)
        facts = Facts(caller.identity, request, self._env, variables)
        now = asyncio.get_running_loop().time()
        outcome = engine.execute(prepared, facts, now)
        if isinstance(outcome, Outcome):
            return self._publish(outcome)
        return self._finish(outcome)

    async def _finish(self, running: Coroutine[Any, Any, Outcome]) -> Outcome:
        return self._publish(await running)

    def _publish(self, outcome: Outcome) -> Outcome:
        for published in outcome.published:
            self.hub.publish(published.field, published.tree)
        for invalidation in outcome.invalidations:
            self._invalidate(invalidation)
        return outcome

    def _invalidate(self, invalidation: JSON) -> None:
        if isinstance(invalidation, dict):
            field = invalidation.get("subscriptionField")
            self.hub.invalidate(str(field), invalidation.get("payload"))

    def _ready_engine(self) -> Engine:
        if self.engine is None:
            raise _transport_error(502, "GraphQLSchemaException", NO_SCHEMA)
        return self.engine

    # -- realtime

    async def authenticate(
        self,
        handshake: Handshake,
        credentials: Credentials,
    ) -> None:
        """Let a connection in.

        Raises:
            Denied: it may not connect.
        """
        try:
            await _caller(self.gate, ConnectRequest(handshake, credentials))
        except AccessDenied as denied:
            # Clients try again for ever unless the code is one of theirs.
            status = denied.status if denied.status in FINAL else UNAUTHORIZED
            raise Denied(denied.error_type, denied.message, status) from None

    async def subscribe(
        self, start: Start, handshake: Handshake, outbox: Outbox
    ) -> Subscription:
        """Authorize a subscription, run its resolver, and make it ready to register.

        Raises:
            StartRejected: with the errors for the client.
        """
        asking = StartRequest(handshake, start)
        caller = await self._authorize(asking)
        prepared, plan = self._prepare_subscription(start, caller)
        request = Part({"headers": asking.headers(), "domainName": None})
        facts = Facts(caller.identity, request, self._env, start.variables)
        try:
            variables = prepared.coerce(start.variables)
        except VariableRejected as rejected:
            raise _rejection(rejected.errors) from None
        if not plan.entry.wanted(variables):
            raise unsupported("unknown")
        now = asyncio.get_running_loop().time()
        run = self._ready_engine().new_run(facts, variables, now)
        await plan.run_resolver(run)
        if run.errors:
            raise _rejection(run.errors)
        arguments = plan.arguments(variables)
        accept = _filter(run, "subscription_filter")
        if accept is None and plan.strange_arguments:
            plan.warn_of(arguments)
        if self._outboxes is not None:
            outbox = self._outboxes(plan.entry.name, outbox)
        return Subscription(
            start.id,
            plan.entry.name,
            arguments,
            plan.delivery(variables),
            outbox,
            accept=accept,
            revoked_by=_filter(run, "invalidation_filter"),
        )

    async def _authorize(self, asking: StartRequest) -> Caller:
        """Give the caller of a subscription, who may differ from the connection's."""
        try:
            return await _caller(self.gate, asking)
        except AccessDenied as denied:
            message = denied.message
            if not CREDENTIALS & asking.credentials.keys():
                message = UNUSABLE  # observed: aws-appsync-realtime-client-ios #108
            raise StartRejected.of(denied.error_type, message) from None

    def _prepare_subscription(
        self, start: Start, caller: Caller
    ) -> tuple[Prepared, SubscriptionPlan]:
        try:
            engine = self._ready_engine()
            prepared = engine.prepare(start.query, start.operation_name, caller.rights)
        except RequestRejected as rejected:
            raise _rejection(rejected.errors) from None
        if prepared.kind != "subscription":
            raise unsupported(prepared.kind)
        if prepared.subscription is None:
            raise duplicated(start.id)
        return prepared, prepared.subscription


async def _caller(gate: Gate, request: AuthRequest) -> Caller:
    admission: Admission = gate.authenticate(request)
    return admission if isinstance(admission, Caller) else await admission


def _transport_error(status: int, error_type: str, message: str) -> RequestRejected:
    entry = {"errorType": error_type, "message": message}
    return RequestRejected(status, [entry], error_type)


def _rejection(errors: list[dict[str, JSON]]) -> StartRejected:
    """Give the errors in the two-member form that realtime messages have."""
    entries: list[ErrorEntry] = []
    for error in errors:
        entry: ErrorEntry = {}
        if error.get("errorType") is not None:
            entry["errorType"] = error["errorType"]
        entry["message"] = error["message"]
        entries.append(entry)
    return StartRejected(entries)


def _filter(run: Run, name: str) -> Accept | None:
    """Compile the filter that the subscription's resolver set, if it did.

    Raises:
        StartRejected: it breaks one of AppSync's limits.
    """
    given = [getattr(effects, name) for effects in run.effects]
    last = next((one for one in reversed(given) if one is not None), None)
    return None if last is None else compile_filter(last)
