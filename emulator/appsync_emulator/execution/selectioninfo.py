"""`ctx.info.selectionSetList` and `ctx.info.selectionSetGraphQL`.

Source: AppSync developer guide, resolver context reference, "Info".
"""

from collections.abc import Iterator, Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
    print_ast,
)

from appsync_emulator.execution.tree import FieldTree
from appsync_emulator.types import JSON

Fragments = Mapping[str, FragmentDefinitionNode]


def selection_list(
    entry: FieldTree, fragments: Fragments, variables: Mapping[str, JSON]
) -> list[str]:
    """Give the names below a field, a parent before its children, joined by `/`.

    An aliased field appears under its alias, fragments are merged in. For an interface
    or a union only what is selected on the abstract type itself is listed. What
    `@skip` and `@include` leave out is not.
    """
    names: list[str] = []
    _add(entry, "", names, fragments, variables)
    return names


def _add(
    entry: FieldTree,
    prefix: str,
    names: list[str],
    fragments: Fragments,
    variables: Mapping[str, JSON],
) -> None:
    if not entry.below:
        return
    fields = next(iter(entry.below.values())).fields
    if entry.abstract is not None and entry.node.selection_set is not None:
        own = set(_keys(entry.node.selection_set, entry.abstract, fragments))
        fields = [below for below in fields if below.key in own]
    for below in fields:
        if below.wanted(variables):
            names.append(prefix + below.key)
            _add(below, f"{prefix}{below.key}/", names, fragments, variables)


def _keys(
    selection_set: SelectionSetNode, abstract: str, fragments: Fragments
) -> Iterator[str]:
    """Give the response keys selected on the abstract type itself."""
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield node.alias.value if node.alias else node.name.value
            continue
        inner: InlineFragmentNode | FragmentDefinitionNode
        if isinstance(node, FragmentSpreadNode):
            inner = fragments[node.name.value]
        else:
            assert isinstance(node, InlineFragmentNode)  # noqa: S101 -- the only one left
            inner = node
        condition = inner.type_condition
        if condition is None or condition.name.value == abstract:
            yield from _keys(inner.selection_set, abstract, fragments)


def selection_graphql(node: FieldNode) -> str:
    """Give the field with its selection as GraphQL text, in braces.

    Arguments stay as the client wrote them, variables and spreads included.
    """
    text = print_ast(node)
    indented = "\n".join(f"  {line}" for line in text.splitlines())
    return f"{{\n{indented}\n}}"
