"""How graphql-java prints the parts of a document that its messages quote."""

from decimal import Decimal

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    GraphQLNamedType,
    GraphQLType,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)


def literal_text(node: ValueNode) -> str:
    """Give the `toString` of a literal, such as `StringValue{value='x'}`."""
    if isinstance(node, StringValueNode):
        return f"StringValue{{value='{node.value}'}}"
    if isinstance(node, IntValueNode):
        return f"IntValue{{value={_integer(node.value)}}}"
    if isinstance(node, FloatValueNode):
        return f"FloatValue{{value={Decimal(node.value)}}}"
    if isinstance(node, BooleanValueNode):
        return f"BooleanValue{{value={'true' if node.value else 'false'}}}"
    if isinstance(node, NullValueNode):
        return "NullValue{}"
    if isinstance(node, EnumValueNode):
        return f"EnumValue{{name='{node.value}'}}"
    if isinstance(node, VariableNode):
        return f"VariableReference{{name='{node.name.value}'}}"
    if isinstance(node, ListValueNode):
        values = ", ".join([literal_text(item) for item in node.values])
        return f"ArrayValue{{values=[{values}]}}"
    assert isinstance(node, ObjectValueNode)  # noqa: S101 -- there is no other kind
    fields = [
        f"ObjectField{{name='{field.name.value}', value={literal_text(field.value)}}}"
        for field in node.fields
    ]
    return f"ObjectValue{{objectFields=[{', '.join(fields)}]}}"


def _integer(text: str) -> str:
    """Java's BigInteger has no negative zero."""
    return "0" if text == "-0" else text


def type_name(type_: GraphQLType) -> str:
    """Give `getName()` of a type, which is Java's null for lists and non-nulls.

    Messages such as "Sub selection required for type null of field price" show it.
    """
    return type_.name if isinstance(type_, GraphQLNamedType) else "null"
