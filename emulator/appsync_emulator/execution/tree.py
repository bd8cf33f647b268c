"""A document bound to the schema: the tree that plans are generated from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_object_type,
)

from appsync_emulator.execution.selection import Condition, Part, Selected, collect
from appsync_emulator.types import JSON

Bound = Callable[[str, str], bool]
"""(type name, field name) -> whether the field has a resolver."""

Admits = Callable[[str, str], bool]
"""(type name, field name) -> whether the caller may access the field."""


@dataclass(slots=True)
class FieldTree:
    """One field of an object, as the document asks for it.

    Attributes:
        parent: name of the object type.
        depth: 1 for fields of the root.
        conditions: at least one must hold; empty for always.
        resolved: whether a resolver runs for the field.
        denied: whether authorization directives keep the caller out.
        below: by object type name; one entry unless the type is abstract.
        abstract: name of the interface or union, else None.
    """

    key: str
    name: str
    parent: str
    definition: GraphQLField | None
    node: FieldNode
    depth: int
    conditions: list[Condition]
    resolved: bool
    below: dict[str, "ObjectTree"] = field(default_factory=dict)
    abstract: str | None = None
    denied: bool = False

    @property
    def type(self) -> GraphQLOutputType:
        """The declared type; only for fields that have a definition."""
        assert self.definition is not None  # noqa: S101 -- not __typename
        return self.definition.type

    def wanted(self, variables: Mapping[str, JSON]) -> bool:
        """Tell whether `@skip` and `@include` let the field in."""
        if not self.conditions:
            return True
        return any(
            all(bool(variables[name]) is value for name, value in condition)
            for condition in self.conditions
        )

    @property
    def conditional_below(self) -> bool:
        """Whether variables decide over any field below this one."""
        return any(
            below.conditions or below.conditional_below
            for tree in self.below.values()
            for below in tree.fields
        )

    @property
    def waits(self) -> bool:
        """Whether a resolver runs for this field or below it."""
        return self.resolved or self.waits_below

    @property
    def waits_below(self) -> bool:
        """Whether a resolver runs below this field."""
        return any(tree.waits for tree in self.below.values())


@dataclass(slots=True)
class ObjectTree:
    """What is wanted of objects of one type at one place of the document."""

    type: str
    fields: list[FieldTree]
    waits: bool = False

    def __post_init__(self) -> None:
        self.waits = any(entry.waits for entry in self.fields)

    @property
    def plain(self) -> bool:
        """Whether every response key is the field's own name, all the way down."""
        return all(
            entry.key == entry.name
            and entry.abstract is None
            and all(tree.plain for tree in entry.below.values())
            for entry in self.fields
        )


class TreeBuilder:
    """Binds the selections of one operation.

    Args:
        schema: the API's schema.
        fragments: of the document, by name.
        bound: which fields have a resolver; none have when a delivery is planned.
        admits: which fields the caller may access; all of them when a delivery is
            planned, because delivered is what the mutation's caller could access.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        bound: Bound,
        admits: Admits = lambda _type, _field: True,
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.bound = bound
        self.admits = admits
        self._built: dict[object, ObjectTree] = {}

    def build(
        self, type_: GraphQLObjectType, parts: list[Part], depth: int = 1
    ) -> ObjectTree:
        """Bind what `parts` ask of `type_`.

        The same question asked of the same type is bound once: without that, nested
        interfaces would multiply with every level.
        """
        question = (type_.name, depth, tuple((id(part), when) for part, when in parts))
        known = self._built.get(question)
        if known is None:
            wanted = collect(self.schema, type_, parts, self.fragments)
            fields = [self._field(type_, selected, depth) for selected in wanted]
            known = self._built[question] = ObjectTree(type_.name, fields)
        return known

    def _field(
        self, type_: GraphQLObjectType, selected: Selected, depth: int
    ) -> FieldTree:
        name = selected.name
        definition = type_.fields.get(name)
        denied = definition is not None and not self.admits(type_.name, name)
        entry = FieldTree(
            key=selected.key,
            name=name,
            parent=type_.name,
            definition=definition,
            node=selected.node,
            depth=depth,
            conditions=selected.conditions,
            resolved=not denied and self.bound(type_.name, name),
            denied=denied,
        )
        if entry.definition is None or denied:
            return entry
        named = get_named_type(entry.definition.type)
        if is_abstract_type(named):
            entry.abstract = named.name
            possible = self.schema.get_possible_types(named)
        else:
            possible = [named] if is_object_type(named) else []
        for object_type in possible:
            below = self.build(object_type, selected.below, depth + 1)
            entry.below[object_type.name] = below
        return entry
