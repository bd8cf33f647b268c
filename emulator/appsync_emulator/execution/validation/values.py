"""Literals against input types."""

from dataclasses import dataclass

from graphql import (
    EnumValueNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from appsync_emulator.execution.validation.java import literal_text
from appsync_emulator.schema.scalars import SCALARS, ScalarError


@dataclass(slots=True)
class Misfit:
    """Why a literal does not fit its type.

    Attributes:
        text: the end of the message.
        value: the literal to print; None for the whole of the argument.
        place: where in the argument, such as `.filter[0].name`.
    """

    text: str
    value: ValueNode | None = None
    place: str = ""

    def message(self, argument: str, whole: ValueNode) -> str:
        """Give AppSync's sentence for an argument."""
        value = literal_text(self.value or whole)
        return f"argument '{argument}{self.place}' with value '{value}' {self.text}"


def misfit(node: ValueNode, type_: GraphQLInputType) -> Misfit | None:
    """Give the first reason why a literal is not one of `type_`, None when it is one.

    Variables fit everywhere: their types are looked at by another rule.
    """
    if isinstance(node, NullValueNode):
        if isinstance(type_, GraphQLNonNull):
            return Misfit("must not be null", node)
        return None
    if isinstance(node, VariableNode):
        return None
    if isinstance(type_, GraphQLNonNull):
        return misfit(node, type_.of_type)
    if isinstance(type_, GraphQLList):
        return _list_misfit(node, type_.of_type)
    if isinstance(type_, GraphQLInputObjectType):
        return _object_misfit(node, type_)
    name = get_named_type(type_).name
    if isinstance(type_, GraphQLEnumType):
        valid = isinstance(node, EnumValueNode) and node.value in type_.values
    else:
        valid = _parses(name, node)
    return None if valid else Misfit(f"is not a valid '{name}'", node)


def _parses(scalar: str, node: ValueNode) -> bool:
    try:
        SCALARS[scalar].parse_literal(node)
    except ScalarError:
        return False
    return True


def _list_misfit(node: ValueNode, item_type: GraphQLInputType) -> Misfit | None:
    if not isinstance(node, ListValueNode):
        return misfit(node, item_type)
    for index, item in enumerate(node.values):
        found = misfit(item, item_type)
        if found is not None:
            found.place = f"[{index}]{found.place}"
            return found
    return None


def _object_misfit(node: ValueNode, type_: GraphQLInputObjectType) -> Misfit | None:
    if not isinstance(node, ObjectValueNode):
        return Misfit("must be an object type")
    given = {field.name.value for field in node.fields}
    # Defaults do not count here (graphql-java #1588).
    missing = [
        name
        for name, field in type_.fields.items()
        if isinstance(field.type, GraphQLNonNull) and name not in given
    ]
    if missing:
        return Misfit(f"is missing required fields '[{', '.join(missing)}]'")
    for member in node.fields:
        name = member.name.value
        definition = type_.fields.get(name)
        if definition is None:
            return Misfit(f"contains a field not in '{type_.name}': '{name}'")
        found = misfit(member.value, definition.type)
        if found is not None:
            found.place = f".{name}{found.place}"
            return found
    return None
