"""Executes the operations of one API.

A document is parsed, validated and planned once. Plans live as long as `Documents`
keeps their operation, which is bounded: a client that writes its values into the text
makes a new document with every request.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from graphql import GraphQLObjectType

from appsync_emulator.auth.caller import Rights
from appsync_emulator.auth.guard import Guard
from appsync_emulator.auth.iam import PERMISSION_DENIED
from appsync_emulator.execution.arguments import Arguments, compile_arguments, copy
from appsync_emulator.execution.codegen import CodeWriter
from appsync_emulator.execution.completion import Serialisation
from appsync_emulator.execution.delivery import subscription_fields
from appsync_emulator.execution.fieldcall import FieldCall
from appsync_emulator.execution.introspection import introspector
from appsync_emulator.execution.operation import (
    Documents,
    Kind,
    Operation,
    RequestRejected,
    expands_too_far,
)
from appsync_emulator.execution.outcome import Outcome
from appsync_emulator.execution.pipeline import AnyResolver
from appsync_emulator.execution.plan import Plan, Root, renamer, write_roots
from appsync_emulator.execution.run import Facts, Run
from appsync_emulator.execution.selection import ALWAYS
from appsync_emulator.execution.subscription import SubscriptionPlan
from appsync_emulator.execution.tree import FieldTree, TreeBuilder
from appsync_emulator.execution.variables import compile_variables
from appsync_emulator.model import Api
from appsync_emulator.schema import Schema
from appsync_emulator.types import JSON

KEPT_RIGHTS = 64
"""Plans of one operation, one for each combination of rights that asked for it."""

PATIENT_THREADS = 2
"""Threads for evaluations that take longer than a moment. Few, because they compete
with the event loop for the interpreter; own, so that nothing else waits for them."""

Resolvers = Mapping[tuple[str, str], AnyResolver]
"""By (type name, field name)."""


@dataclass(slots=True)
class Prepared:
    """An operation that is ready to run, any number of times.

    It does not hold its `Operation`, whose end is the end of the plan.

    Attributes:
        coerce: turns the client's variables into coerced ones.
        plan: what runs; None for a subscription.
        subscription: what starts; None for queries and mutations, and for a
            subscription that has not exactly one root field.
    """

    kind: Kind
    coerce: Callable[[Mapping[str, JSON] | None], dict[str, JSON]]
    plan: Plan | None = None
    subscription: SubscriptionPlan | None = None


class Engine:
    """The executable form of one API.

    Args:
        api: for its limits and authorization modes.
        schema: the API's schema.
        resolvers: of every field that has one.
        request_timeout: seconds after which a request is given up.
        arn: of the API, for what policies say.
    """

    def __init__(
        self,
        api: Api,
        schema: Schema,
        resolvers: Resolvers,
        *,
        request_timeout: float = 30.0,
        arn: str = "",
    ) -> None:
        self.api = api
        self.schema = schema
        self.resolvers = resolvers
        self.request_timeout = request_timeout
        self.documents = Documents(schema, introspection=api.introspection)
        roots = (
            schema.graphql.query_type,
            schema.graphql.mutation_type,
            schema.graphql.subscription_type,
        )
        names = [root.name for root in roots if root is not None]
        self._guard = Guard(api, schema.authorization, arn, names)
        self._unknown = Rights(api.auth.type)
        self._prepared: WeakKeyDictionary[Operation, dict[Rights, Prepared]] = (
            WeakKeyDictionary()
        )
        self._patience = ThreadPoolExecutor(PATIENT_THREADS, "resolvers")

    def close(self) -> None:
        """Give up evaluations that wait for a thread; one that runs ends by itself."""
        self._patience.shutdown(wait=False, cancel_futures=True)

    def prepare(
        self,
        query: str,
        operation_name: str | None = None,
        rights: Rights | None = None,
    ) -> Prepared:
        """Parse, validate and plan a document, or find it among the known ones.

        Args:
            query: the document's text.
            operation_name: which of its operations, None when there is one.
            rights: the caller's, None for those of the API's default mode.

        Raises:
            RequestRejected: the document is not one that AppSync would run, or asks
                only for what the caller's policies deny.
        """
        operation = self.documents.get(query, operation_name)
        plans = self._prepared.setdefault(operation, {})
        rights = rights or self._unknown
        if rights.groups:
            rights = self._guard.relevant(rights)
        prepared = plans.get(rights)
        if prepared is None:
            try:
                prepared = self._prepare(operation, rights)
            except RecursionError:
                raise expands_too_far() from None
            if len(plans) >= KEPT_RIGHTS:
                plans.clear()
            plans[rights] = prepared
        return prepared

    def execute(
        self, prepared: Prepared, facts: Facts, now: float
    ) -> Outcome | Coroutine[Any, Any, Outcome]:
        """Run an operation.

        Args:
            prepared: what `prepare` gave.
            facts: identity, headers, environment and variables of the request.
            now: the event loop's time, from which the request's time counts.

        Returns:
            The outcome, or a coroutine that gives it when a data source waits.

        Raises:
            VariableRejected: the variables do not fit the operation.
        """
        assert prepared.plan is not None  # noqa: S101 -- callers look at the kind
        variables = prepared.coerce(facts.variables)
        return prepared.plan.execute(self.new_run(facts, variables, now))

    def new_run(self, facts: Facts, variables: dict[str, JSON], now: float) -> Run:
        """Make the state of one request."""
        return Run(facts, variables, now + self.request_timeout, self._patience)

    def _prepare(self, operation: Operation, rights: Rights) -> Prepared:
        coerce = compile_variables(self.schema, operation.node)
        if operation.kind == "subscription":
            starts = self._subscription(operation, rights)
            return Prepared(operation.kind, coerce, subscription=starts)
        return Prepared(operation.kind, coerce, self._plan(operation, rights))

    def _subscription(
        self, operation: Operation, rights: Rights
    ) -> SubscriptionPlan | None:
        """Plan a subscription; None unless it has exactly one root field to it."""
        entries = subscription_fields(operation, self.root_type(operation))
        if len(entries) != 1 or entries[0].definition is None:
            return None
        entry = entries[0]
        call = None
        if self._has_resolver(entry.parent, entry.name):
            call = self.field_call(operation, entry)
        self._check_policy(rights, entries)
        entry.denied = not self._guard.admits(rights, entry.parent, entry.name)
        return SubscriptionPlan(entry, self.field_arguments(entry), call)

    def _check_policy(self, rights: Rights, entries: Iterable[FieldTree]) -> None:
        """Refuse what policies deny as a whole; else each field tells for itself.

        Raises:
            RequestRejected: no field of the root is allowed.
        """
        asked = [entry for entry in entries if entry.definition is not None]
        if asked and all(
            self._guard.policy_denies(rights, entry.parent, entry.name)
            for entry in asked
        ):
            error_type = "UnauthorizedException"
            entry = {"errorType": error_type, "message": PERMISSION_DENIED}
            raise RequestRejected(401, [entry], error_type)

    def _plan(self, operation: Operation, rights: Rights) -> Plan:
        builder = TreeBuilder(
            self.schema.graphql,
            operation.fragments,
            self._has_resolver,
            partial(self._guard.admits, rights),
        )
        root = self.root_type(operation)
        tree = builder.build(root, [(operation.node.selection_set, ALWAYS)])
        self._check_policy(rights, tree.fields)
        mutation = operation.kind == "mutation"
        writer = CodeWriter(
            Serialisation(introspector(operation)),
            _FieldCalls(self, operation),
            typed=mutation,
            depth_limit=self.api.query_depth_limit,
        )
        roots = [
            self._root(entry, put, mutation) for entry, put in write_roots(writer, tree)
        ]
        return Plan(tuple(roots), serial=mutation)

    def _root(self, entry: FieldTree, put: Any, mutation: bool) -> Root:
        if not mutation or entry.name not in self.schema.publishes:
            return Root(entry, put)
        return Root(entry, put, entry.name, renamer(entry))

    def _has_resolver(self, type_name: str, field_name: str) -> bool:
        return (type_name, field_name) in self.resolvers

    def root_type(self, operation: Operation) -> GraphQLObjectType:
        """Give the root type of an operation; validation made sure it exists."""
        root = self.schema.graphql.get_root_type(operation.node.operation)
        assert root is not None  # noqa: S101 -- see above
        return root

    def field_call(self, operation: Operation, entry: FieldTree) -> FieldCall:
        """Make the call of a field's resolver."""
        return FieldCall(
            entry,
            self.resolvers[entry.parent, entry.name],
            operation.fragments,
            self.api.resolver_count_limit,
        )

    def field_arguments(self, entry: FieldTree) -> Arguments:
        """Compile the arguments of a field."""
        assert entry.definition is not None  # noqa: S101 -- not __typename
        return compile_arguments(entry.definition, entry.node)


class _FieldCalls:
    """Binds the resolver calls of one operation into its generated code."""

    def __init__(self, engine: Engine, operation: Operation) -> None:
        self.engine = engine
        self.operation = operation

    def __call__(self, writer: CodeWriter, entry: FieldTree) -> tuple[str, str]:
        call = self.engine.field_call(self.operation, entry)
        arguments = self.engine.field_arguments(entry)
        if arguments.constant is not None:
            # Every call gets a dict of its own: handlers may change it.
            if any(isinstance(one, dict | list) for one in arguments.constant.values()):
                given = writer.bind("given", arguments.constant)
                made = f"{writer.bind('copy', copy)}({given})"
            else:
                made = repr(arguments.constant)
        else:
            made = f"{writer.bind('arguments', arguments)}(v)"
        return writer.bind("c", call), made
