"""Selection sets, merged once: which fields of an object a document asks for.

`@skip` and `@include` with constants are decided here; with variables they become a
`Condition` that the plan tests at run time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

Condition = frozenset[tuple[str, bool]]
"""Variables and the values that all of them must have."""

ALWAYS: Condition = frozenset()
Part = tuple[SelectionSetNode, Condition]


@dataclass(slots=True)
class Selected:
    """One response key: all the places of the document that ask for it.

    Attributes:
        key: the alias, or the name without one.
        node: the first of the places.
        conditions: at least one must hold; empty when the field is always wanted.
        below: the selection sets of all places, to be merged in turn.
    """

    key: str
    node: FieldNode
    conditions: list[Condition] = field(default_factory=list)
    below: list[Part] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The field's name in the schema."""
        return self.node.name.value


def collect(
    schema: GraphQLSchema,
    type_: GraphQLObjectType,
    parts: Iterable[Part],
    fragments: Mapping[str, FragmentDefinitionNode],
) -> list[Selected]:
    """Merge selection sets for objects of `type_`, in document order."""
    found: dict[str, Selected] = {}
    unconditional: set[str] = set()

    def visit(nodes: Iterable[SelectionNode], outer: Condition) -> None:
        for node in nodes:
            condition = _condition(node, outer)
            if condition is None:
                continue
            if isinstance(node, FieldNode):
                add(node, condition)
                continue
            inner = _fragment(node, fragments)
            if _applies(schema, type_, inner):
                visit(inner.selection_set.selections, condition)

    def add(node: FieldNode, condition: Condition) -> None:
        key = node.alias.value if node.alias else node.name.value
        selected = found.get(key)
        if selected is None:
            selected = found[key] = Selected(key, node)
        if not condition:
            unconditional.add(key)
        selected.conditions.append(condition)
        if node.selection_set is not None:
            selected.below.append((node.selection_set, condition))

    for selection_set, condition in parts:
        visit(selection_set.selections, condition)
    for key in unconditional:
        found[key].conditions.clear()
    return list(found.values())


def _fragment(
    node: SelectionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> InlineFragmentNode | FragmentDefinitionNode:
    if isinstance(node, FragmentSpreadNode):
        return fragments[node.name.value]
    assert isinstance(node, InlineFragmentNode)  # noqa: S101 -- the only kind left
    return node


def _applies(
    schema: GraphQLSchema,
    type_: GraphQLObjectType,
    fragment: InlineFragmentNode | FragmentDefinitionNode,
) -> bool:
    if fragment.type_condition is None:
        return True
    wanted = schema.get_type(fragment.type_condition.name.value)
    if wanted is type_:
        return True
    return is_abstract_type(wanted) and schema.is_sub_type(wanted, type_)


def _condition(node: SelectionNode, outer: Condition) -> Condition | None:
    """Give what must hold for the node; None when it can never be wanted."""
    needed = set(outer)
    for directive in node.directives or ():
        if directive.name.value not in {"skip", "include"}:
            continue
        wanted = directive.name.value == "include"
        (argument,) = directive.arguments or ()
        value = argument.value
        if isinstance(value, BooleanValueNode):
            if value.value is not wanted:
                return None
        elif isinstance(value, VariableNode):
            needed.add((value.name.value, wanted))
    if any((name, not wanted) in needed for name, wanted in needed):
        return None
    return frozenset(needed)
