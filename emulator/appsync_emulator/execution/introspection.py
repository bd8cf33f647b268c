"""`__schema` and `__type`, answered by graphql-core: nothing in them is AppSync's own."""

from collections.abc import Callable

from graphql import (
    DocumentNode,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
)

from appsync_emulator.execution.operation import Operation
from appsync_emulator.execution.run import Run
from appsync_emulator.execution.tree import FieldTree
from appsync_emulator.types import JSON


def introspector(
    schema: GraphQLSchema, operation: Operation
) -> Callable[[FieldTree], Callable[[Run], JSON]]:
    """Make what answers the introspection fields of one operation."""

    def introspect(entry: FieldTree) -> Callable[[Run], JSON]:
        document = _question(operation, entry)
        known: list[JSON] = []

        def answer(run: Run) -> JSON:
            if known:
                return known[0]
            result = execute_sync(
                schema, document, variable_values=dict(run.facts.variables)
            )
            value = (result.data or {}).get(entry.key)
            if not operation.node.variable_definitions:
                known.append(value)
            return value

        return answer

    return introspect


def _question(operation: Operation, entry: FieldTree) -> DocumentNode:
    """Give the document that asks for this one field."""
    node = operation.node
    alone = OperationDefinitionNode(
        operation=node.operation,
        name=node.name,
        variable_definitions=node.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=(entry.node,)),
    )
    return DocumentNode(definitions=(alone, *operation.fragments.values()))
