"""What a subscriber gets of a published mutation: its own selection, as bytes.

Source: AppSync developer guide, real-time data: delivered is the mutation's result, cut
to the subscription's selection set; a field that the mutation did not select is null,
and an error when the schema says it cannot be.
"""

from typing import Any

from graphql import GraphQLObjectType

from appsync_emulator.execution.codegen import CodeWriter, indent
from appsync_emulator.execution.completion import Projection
from appsync_emulator.execution.operation import Operation
from appsync_emulator.execution.run import Facts, NullBubble, Run
from appsync_emulator.execution.selection import ALWAYS
from appsync_emulator.execution.tree import FieldTree, TreeBuilder
from appsync_emulator.jsontext import dumps
from appsync_emulator.types import JSON
from appsync_resolvers import Part

_NO_FACTS = Facts(Part(None), Part(None), Part(None), None)


def subscription_fields(
    operation: Operation, root: GraphQLObjectType
) -> list[FieldTree]:
    """Give the root fields of a subscription, bound for delivery."""
    builder = TreeBuilder(
        operation.schema.graphql, operation.fragments, lambda _type, _field: False
    )
    return builder.build(root, [(operation.node.selection_set, ALWAYS)]).fields


class Delivery:
    """Turns published trees into the payload of `data` messages.

    Two subscriptions that share a `Delivery` get the same bytes, so an event is
    completed and serialised once for all of them.

    Args:
        entry: the subscription field as selected.
        variables: coerced; only `@skip` and `@include` look at them.
    """

    def __init__(self, entry: FieldTree, variables: dict[str, JSON]) -> None:
        self.key = entry.key
        self.variables = variables
        self._complete = _write(entry)

    def __call__(self, tree: JSON) -> bytes:
        """Give the JSON text of `{"data": …}`, with `errors` when there are any."""
        run = Run(_NO_FACTS, self.variables, 0.0)
        try:
            value = self._complete(run, tree)
        except NullBubble:
            # Clients drop a message without data, so the field is null, not `data`.
            value = None
        payload: dict[str, JSON] = {"data": {self.key: value}}
        if run.errors:
            payload["errors"] = [
                {"message": error["message"], "path": error["path"]}
                for error in run.errors
            ]
        return dumps(payload)


def _write(entry: FieldTree) -> Any:
    writer = CodeWriter(Projection(), _no_resolver)
    name = writer.name("r")
    writer.source += [
        f"def {name}(run, x):",
        f" p = (None, {entry.key!r})",
        *indent(writer.complete(entry, entry.type, "x", "p", "None")),
        " return x",
    ]
    return writer.compile()[name]


def _no_resolver(writer: CodeWriter, entry: FieldTree) -> tuple[str, str]:
    raise AssertionError(writer, entry)  # a delivery runs no resolvers
