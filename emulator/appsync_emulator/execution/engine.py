"""Executes the operations of one API.

A document is parsed, validated and planned once; what is kept is bounded, because a
client that writes its values into the text makes a new document with every request.
"""

from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLObjectType

from appsync_emulator.execution.arguments import Arguments, compile_arguments
from appsync_emulator.execution.codegen import CodeWriter
from appsync_emulator.execution.completion import Serialisation
from appsync_emulator.execution.delivery import Delivery, subscription_fields
from appsync_emulator.execution.fieldcall import FieldCall
from appsync_emulator.execution.introspection import introspector
from appsync_emulator.execution.operation import Documents, Operation
from appsync_emulator.execution.outcome import Outcome
from appsync_emulator.execution.pipeline import AnyResolver
from appsync_emulator.execution.plan import Plan, Root, renamer, write_roots
from appsync_emulator.execution.run import Facts, Run
from appsync_emulator.execution.selection import ALWAYS
from appsync_emulator.execution.tree import FieldTree, TreeBuilder
from appsync_emulator.execution.variables import compile_variables
from appsync_emulator.model import Api
from appsync_emulator.schema import Schema
from appsync_emulator.types import JSON

KEPT_PLANS = 1_000
REQUEST_TIME = 30.0
"""Seconds after which AppSync gives up a request."""

Resolvers = Mapping[tuple[str, str], AnyResolver]
"""By (type name, field name)."""


@dataclass(slots=True)
class Prepared:
    """An operation that is ready to run, any number of times.

    Attributes:
        coerce: turns the client's variables into coerced ones.
        deliveries: of a subscription, by the variables its conditions depend on.
    """

    operation: Operation
    coerce: Callable[[Mapping[str, JSON] | None], dict[str, JSON]]
    plan: Plan
    deliveries: dict[Any, Delivery] = field(default_factory=dict)


class Engine:
    """The executable form of one API.

    Args:
        api: for its limits.
        schema: the API's schema.
        resolvers: of every field that has one.
    """

    def __init__(self, api: Api, schema: Schema, resolvers: Resolvers) -> None:
        self.api = api
        self.schema = schema
        self.resolvers = resolvers
        self.documents = Documents(schema, introspection=api.introspection)
        self._prepared: OrderedDict[tuple[str, str | None], Prepared] = OrderedDict()

    def prepare(self, query: str, operation_name: str | None = None) -> Prepared:
        """Parse, validate and plan a document, or find it among the known ones.

        Raises:
            RequestRejected: the document is not one that AppSync would run.
        """
        key = (query, operation_name)
        prepared = self._prepared.get(key)
        if prepared is None:
            prepared = self._prepare(self.documents.get(query, operation_name))
            self._prepared[key] = prepared
            if len(self._prepared) > KEPT_PLANS:
                self._prepared.popitem(last=False)
        return prepared

    def execute(
        self, prepared: Prepared, facts: Facts, now: float
    ) -> Outcome | Coroutine[Any, Any, Outcome]:
        """Run an operation.

        Args:
            prepared: what `prepare` gave.
            facts: identity, headers, environment and variables of the request.
            now: the event loop's time, from which the 30 seconds count.

        Returns:
            The outcome, or a coroutine that gives it when a data source waits.

        Raises:
            VariableRejected: the variables do not fit the operation.
        """
        variables = prepared.coerce(facts.variables)
        return prepared.plan.execute(Run(facts, variables, now + REQUEST_TIME))

    def _prepare(self, operation: Operation) -> Prepared:
        plan = self._plan(operation)
        return Prepared(
            operation, compile_variables(self.schema, operation.node), plan
        )

    def _plan(self, operation: Operation) -> Plan:
        builder = TreeBuilder(
            self.schema.graphql, operation.fragments, self._has_resolver
        )
        root = self.root_type(operation)
        tree = builder.build(root, [(operation.node.selection_set, ALWAYS)])
        mutation = operation.kind == "mutation"
        writer = CodeWriter(
            Serialisation(introspector(self.schema.graphql, operation)),
            _FieldCalls(self, operation),
            typed=mutation,
            depth_limit=self.api.query_depth_limit,
        )
        roots = [
            self._root(entry, put, mutation)
            for entry, put in write_roots(writer, tree)
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

    def delivery(self, prepared: Prepared, variables: dict[str, JSON]) -> Delivery:
        """Give what projects events for a subscription; shared between equal ones."""
        entry = self.subscription_entry(prepared)
        needed = sorted(_condition_variables(entry))
        key = tuple(variables.get(name) for name in needed)
        known = prepared.deliveries.get(key)
        if known is None:
            known = prepared.deliveries[key] = Delivery(entry, variables)
        return known

    def subscription_entry(self, prepared: Prepared) -> FieldTree:
        """Give the one root field of a subscription."""
        operation = prepared.operation
        return subscription_fields(operation, self.root_type(operation))[0]

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
        engine = self.engine
        call = FieldCall(
            entry,
            engine.resolvers[entry.parent, entry.name],
            self.operation.fragments,
            engine.api.resolver_count_limit,
        )
        arguments = engine.field_arguments(entry)
        if arguments.constant is not None:
            # A literal makes a new dict with every call: handlers may change it.
            made = repr(arguments.constant)
        else:
            made = f"{writer.bind('arguments', arguments)}(v)"
        return writer.bind("c", call), made


def _condition_variables(entry: FieldTree) -> set[str]:
    names = {name for condition in entry.conditions for name, _ in condition}
    for tree in entry.below.values():
        for below in tree.fields:
            names |= _condition_variables(below)
    return names
