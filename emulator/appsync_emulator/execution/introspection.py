"""`__schema` and `__type`, answered by graphql-core: they are nothing of AppSync's."""

from collections.abc import Callable

from graphql import (
    DocumentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
)

from appsync_emulator.execution.operation import Operation
from appsync_emulator.execution.run import Run
from appsync_emulator.execution.tree import FieldTree
from appsync_emulator.types import JSON


def introspector(
    operation: Operation,
) -> Callable[[FieldTree], Callable[[Run], JSON]]:
    """Make what answers the introspection fields of one operation."""
    schema, node = operation.schema.graphql, operation.node
    fragments = tuple(operation.fragments.values())

    def introspect(entry: FieldTree) -> Callable[[Run], JSON]:
        alone = OperationDefinitionNode(
            operation=node.operation,
            name=node.name,
            variable_definitions=node.variable_definitions,
            directives=(),
            selection_set=SelectionSetNode(selections=(entry.node,)),
        )
        document = DocumentNode(definitions=(alone, *fragments))
        known: list[JSON] = []

        def answer(run: Run) -> JSON:
            if known:
                return known[0]
            result = execute_sync(
                schema, document, variable_values=dict(run.facts.variables)
            )
            value = (result.data or {}).get(entry.key)
            if not node.variable_definitions:
                known.append(value)
            return value

        return answer

    return introspect
