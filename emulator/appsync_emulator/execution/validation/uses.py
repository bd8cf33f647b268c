"""What a definition of a document uses, noted while it is walked once."""

from dataclasses import dataclass, field

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
)

Path = tuple[str, ...]


@dataclass(slots=True)
class VariableUse:
    """A variable in a value.

    Attributes:
        type: what is expected there; None below something unknown.
        path: names of the fields around it, from the definition on.
    """

    node: VariableNode
    type: GraphQLInputType | None
    path: Path


@dataclass(slots=True)
class Spread:
    """A fragment spread.

    Attributes:
        path: names of the fields around it, from the definition on.
        depth: how many selection sets are around it.
    """

    name: str
    path: Path
    depth: int


@dataclass(slots=True)
class Uses:
    """What one operation or fragment uses.

    Attributes:
        fields: how many fields are written in it.
        depth: how deep its selection sets are nested, fragments not counted.
    """

    variables: list[VariableUse] = field(default_factory=list)
    spreads: list[Spread] = field(default_factory=list)
    fields: int = 0
    depth: int = 0

    def note(
        self, node: ValueNode, type_: GraphQLInputType | None, path: list[str]
    ) -> None:
        """Note the variables in a value."""
        if isinstance(node, VariableNode):
            self.variables.append(VariableUse(node, type_, tuple(path)))
        elif isinstance(node, ListValueNode):
            inner = None if type_ is None else get_nullable_type(type_)
            item = inner.of_type if isinstance(inner, GraphQLList) else None
            for value in node.values:
                self.note(value, item, path)
        elif isinstance(node, ObjectValueNode):
            named = None if type_ is None else get_named_type(type_)
            known = named.fields if isinstance(named, GraphQLInputObjectType) else {}
            for member in node.fields:
                definition = known.get(member.name.value)
                expected = None if definition is None else definition.type
                self.note(member.value, expected, path)
