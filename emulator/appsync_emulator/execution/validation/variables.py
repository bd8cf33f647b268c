"""Variables: their definitions, and whether every use of them fits."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLType,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    NullValueNode,
    OperationDefinitionNode,
    TypeNode,
    VariableDefinitionNode,
    is_input_type,
    type_from_ast,
)

from appsync_emulator.execution.validation.findings import Findings
from appsync_emulator.execution.validation.java import literal_text
from appsync_emulator.execution.validation.uses import Path, Uses, VariableUse
from appsync_emulator.execution.validation.values import misfit


def check_definitions(
    schema: GraphQLSchema, operation: OperationDefinitionNode, findings: Findings
) -> None:
    """Look at the variables an operation defines, at their types and defaults."""
    for node in operation.variable_definitions or ():
        named = _named(node.type)
        type_: Any = type_from_ast(schema, node.type)
        if type_ is None:
            text = f"Unknown type {named.name.value}"
            findings.add("UnknownType", text, named)
        elif not is_input_type(type_):
            findings.add("NonInputTypeOnVariable", "Wrong type for a variable", node)
        elif node.default_value is not None and misfit(node.default_value, type_):
            value = literal_text(node.default_value)
            text = f"Bad default value {value} for type {type_}"
            findings.add("BadValueForDefaultArg", text, node)


def check_uses(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    uses: Uses,
    fragments: Mapping[str, Uses],
    findings: Findings,
) -> None:
    """Look at all uses of variables in an operation and in its fragments."""
    defined = {
        node.variable.name.value: node for node in operation.variable_definitions or ()
    }
    used = set()
    for path, use in _all_uses(uses, fragments):
        name = use.node.name.value
        used.add(name)
        definition = defined.get(name)
        if definition is None:
            text = f"Undefined variable {name}"
            findings.add("UndefinedVariable", text, use.node, path=path)
        else:
            _check_type(schema, definition, use, path, findings)
    for name, definition in defined.items():
        if name not in used:
            findings.add("UnusedVariable", f"Unused variable {name}", definition)


def _all_uses(
    uses: Uses, fragments: Mapping[str, Uses]
) -> Iterator[tuple[Path, VariableUse]]:
    """Give the uses in an operation, then those in its fragments, each once."""
    waiting: list[tuple[Path, Uses]] = [((), uses)]
    entered = set()
    for base, each in waiting:
        for use in each.variables:
            yield base + use.path, use
        for spread in each.spreads:
            if spread.name in fragments and spread.name not in entered:
                entered.add(spread.name)
                waiting.append((base + spread.path, fragments[spread.name]))


def _check_type(
    schema: GraphQLSchema,
    definition: VariableDefinitionNode,
    use: VariableUse,
    path: Path,
    findings: Findings,
) -> None:
    type_: Any = type_from_ast(schema, definition.type)
    if use.type is None or type_ is None:
        return
    default = definition.default_value
    has_default = default is not None and not isinstance(default, NullValueNode)
    if has_default and not isinstance(type_, GraphQLNonNull):
        # With a default the variable is never null.
        type_ = GraphQLNonNull(type_)
    if not _fits(type_, use.type):
        text = f"Variable type '{type_}' doesn't match expected type '{use.type}'"
        findings.add("VariableTypeMismatch", text, use.node, path=path)


def _fits(type_: GraphQLType, expected: GraphQLType) -> bool:
    if isinstance(expected, GraphQLNonNull):
        if not isinstance(type_, GraphQLNonNull):
            return False
        return _fits(type_.of_type, expected.of_type)
    if isinstance(type_, GraphQLNonNull):
        return _fits(type_.of_type, expected)
    if isinstance(type_, GraphQLList) and isinstance(expected, GraphQLList):
        return _fits(type_.of_type, expected.of_type)
    return type_ is expected


def _named(node: TypeNode) -> NamedTypeNode:
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    assert isinstance(node, NamedTypeNode)  # noqa: S101 -- there is no other kind
    return node
