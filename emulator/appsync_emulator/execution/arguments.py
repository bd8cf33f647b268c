"""The arguments of a field, compiled once per field of a document.

An argument that is not written, or whose variable is not given, stays absent; a null
that is written is None. Defaults of the schema are not filled in, because AppSync does
not either (aws-appsync-community #59). Values of enums are their names.
"""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
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

from appsync_emulator.schema.scalars import SCALARS
from appsync_emulator.types import JSON

Variables = Mapping[str, JSON]
Make = Callable[[Variables], JSON]
Step = tuple[str, str, Make | None]
"""(name, the variable it is read from, or what makes it)"""


class Arguments:
    """Makes the arguments of one field from the variables of a request.

    Each call gives a dict of its own, because resolvers may change it.

    Attributes:
        constant: the arguments when no variable takes part in them, else None.
    """

    __slots__ = ("_steps", "constant")

    def __init__(self, steps: list[Step]) -> None:
        self._steps = steps
        self.constant: dict[str, JSON] | None = None

    def __call__(self, variables: Variables) -> dict[str, JSON]:
        """Give the arguments.

        Args:
            variables: coerced, as `compile_variables` makes them.
        """
        made = {}
        for name, variable, make in self._steps:
            if make is not None:
                made[name] = make(variables)
            elif variable in variables:
                value = variables[variable]
                kind = value.__class__
                made[name] = copy(value) if kind is dict or kind is list else value
        return made


def compile_arguments(definition: GraphQLField, node: FieldNode) -> Arguments:
    """Compile the arguments of a field of a valid document.

    They come in the order of the definition. Of an argument written twice the last one
    counts, as in the engine behind AppSync.
    """
    written = {argument.name.value: argument.value for argument in node.arguments or ()}
    made = _members(definition.args, written)
    if not any(map(_has_variables, written.values())):
        made.constant = made({})
    return made


def copy(value: JSON) -> JSON:
    """Copy a JSON value, so that the copy can be changed.

    Without recursion, because an AWSJSON may be nested as deep as its author likes.
    """
    root = [value]
    todo: list[Any] = [root]  # containers that are copies with originals in them
    while todo:
        container = todo.pop()
        keys = range(len(container)) if isinstance(container, list) else container
        for key in keys:
            if isinstance(container[key], dict | list):
                container[key] = container[key].copy()
                todo.append(container[key])
    return root[0]


def literal_value(type_: GraphQLInputType, node: ValueNode) -> JSON:
    """Give the value of a valid literal without variables."""
    if isinstance(node, NullValueNode):
        return None
    if isinstance(type_, GraphQLNonNull):
        return literal_value(type_.of_type, node)
    if isinstance(type_, GraphQLList):
        return [literal_value(type_.of_type, item) for item in _items(node)]
    if isinstance(type_, GraphQLInputObjectType):
        written = _fields(node)
        return {
            name: literal_value(field.type, written[name])
            for name, field in type_.fields.items()
            if name in written
        }
    if isinstance(type_, GraphQLEnumType):
        return node.value  # type: ignore[attr-defined]  # validation saw to it
    return SCALARS[get_named_type(type_).name].parse_literal(node)


def _members(
    types: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
    written: Mapping[str, ValueNode],
) -> Arguments:
    """Compile arguments, or the fields of an object, in the order of their types."""
    steps: list[Step] = []
    for name, definition in types.items():
        value = written.get(name)
        if isinstance(value, VariableNode):
            steps.append((name, value.name.value, None))
        elif value is not None:
            steps.append((name, "", _maker(definition.type, value)))
    return Arguments(steps)


def _maker(type_: GraphQLInputType, node: ValueNode) -> Make:
    """Compile one value, which is not a variable itself unless in a list."""
    if not _has_variables(node):
        value = literal_value(type_, node)
        if isinstance(value, dict | list):
            return lambda _variables: copy(value)
        return lambda _variables: value
    if isinstance(node, VariableNode):
        name = node.name.value
        # A list keeps its length: an item whose variable is not given is null.
        return lambda variables: copy(variables.get(name))
    if isinstance(type_, GraphQLNonNull):
        return _maker(type_.of_type, node)
    if isinstance(type_, GraphQLList):
        makers = [_maker(type_.of_type, item) for item in _items(node)]
        return lambda variables: [make(variables) for make in makers]
    assert isinstance(type_, GraphQLInputObjectType)  # noqa: S101 -- nothing else holds
    return _members(type_.fields, _fields(node))


def _items(node: ValueNode) -> tuple[ValueNode, ...]:
    """Give the items of a list literal; a single value stands for a list of one."""
    return node.values if isinstance(node, ListValueNode) else (node,)


def _fields(node: ValueNode) -> dict[str, ValueNode]:
    assert isinstance(node, ObjectValueNode)  # noqa: S101 -- validation saw to it
    return {field.name.value: field.value for field in node.fields}


def _has_variables(node: ValueNode) -> bool:
    if isinstance(node, ListValueNode):
        return any(map(_has_variables, node.values))
    if isinstance(node, ObjectValueNode):
        return any(_has_variables(field.value) for field in node.fields)
    return isinstance(node, VariableNode)
