"""Recognizes response templates that hand the result on as it is."""

from collections.abc import Sequence

from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.compiler.facts import CONTEXT_NAMES, is_helper


def gives_result(template: tree.Template) -> bool:
    """Say whether a template gives `$ctx.result` unless there is an error.

    That is `$util.toJson($ctx.result)` with white space around, after or inside of an
    `#if($ctx.error) $util.error(…) #end`.
    """
    nodes = _without_space(template.nodes)
    first = nodes[0] if nodes else None
    if isinstance(first, tree.If) and _is_context(first.branches[0][0], "error"):
        bodies = [_without_space(body) for _, body in first.branches]
        if len(bodies[0]) != 1 or not _is_call(bodies[0][0], "error"):
            return False
        if len(bodies) == 1:
            nodes = nodes[1:]
        elif len(nodes) == 1 and len(bodies) == 2 and first.branches[1][0] is None:
            nodes = bodies[1]
    if len(nodes) != 1 or not _is_call(nodes[0], "toJson"):
        return False
    reference = nodes[0]
    assert isinstance(reference, tree.Reference)  # noqa: S101 - _is_call() has looked
    step = reference.steps[0]
    arguments = step.arguments if isinstance(step, tree.Method) else []
    return len(arguments) == 1 and _is_context(arguments[0], "result")


def _without_space(nodes: Sequence[tree.Node]) -> list[tree.Node]:
    return [
        node
        for node in nodes
        if not isinstance(node, tree.Text) or node.text.strip(" \t\r\n")
    ]


def _is_call(node: tree.Node, name: str) -> bool:
    """Say whether a node prints the value of a helper and nothing else."""
    if not isinstance(node, tree.Reference) or len(node.steps) != 1:
        return False
    step = node.steps[0]
    plain = not (node.escaped or node.escapes or node.prefix)
    return (
        plain
        and is_helper(node)
        and isinstance(step, tree.Method)
        and step.name == name
    )


def _is_context(node: tree.Expression | None, name: str) -> bool:
    """Say whether an expression is a member of the context."""
    if not isinstance(node, tree.Reference) or node.name not in CONTEXT_NAMES:
        return False
    step = node.steps[0] if len(node.steps) == 1 else None
    return isinstance(step, tree.Property) and step.name == name
