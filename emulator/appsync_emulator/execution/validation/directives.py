"""Directives: known, allowed at their place, once, and with the right arguments."""

from collections.abc import Sequence

from graphql import (
    DirectiveLocation,
    DirectiveNode,
    GraphQLDirective,
    GraphQLSchema,
    is_required_argument,
)

from appsync_emulator.execution.validation.findings import Findings
from appsync_emulator.execution.validation.uses import Uses
from appsync_emulator.execution.validation.values import misfit

DEFER = GraphQLDirective("defer", [DirectiveLocation.FIELD])
"""AppSync's introspection shows it, and its answer is not deferred. It is not in our
schema because graphql-core, which answers introspection, refuses schemas that have it.
"""
JAVA_CLASSES = {
    DirectiveLocation.FIELD: "Field",
    DirectiveLocation.FRAGMENT_SPREAD: "FragmentSpread",
    DirectiveLocation.INLINE_FRAGMENT: "InlineFragment",
    DirectiveLocation.FRAGMENT_DEFINITION: "FragmentDefinition",
    DirectiveLocation.VARIABLE_DEFINITION: "VariableDefinition",
}


def check_directives(
    schema: GraphQLSchema,
    nodes: Sequence[DirectiveNode] | None,
    location: DirectiveLocation,
    findings: Findings,
    uses: Uses,
) -> None:
    """Look at the directives of one node of the document."""
    seen = set()
    for node in nodes or ():
        name = node.name.value
        if name in seen:
            java_class = JAVA_CLASSES.get(location, "OperationDefinition")
            text = (
                "Directives must be uniquely named within a location. "
                f"The directive '{name}' used on a '{java_class}' is not unique."
            )
            findings.add("DuplicateDirectiveName", text, node)
        seen.add(name)
        _check(schema, node, location, findings, uses)


def _check(
    schema: GraphQLSchema,
    node: DirectiveNode,
    location: DirectiveLocation,
    findings: Findings,
    uses: Uses,
) -> None:
    name = node.name.value
    definition = DEFER if name == DEFER.name else schema.get_directive(name)
    if definition is None:
        findings.add("UnknownDirective", f"Unknown directive {name}", node)
    elif location not in definition.locations:
        findings.add("MisplacedDirective", f"Directive {name} not allowed here", node)
    known = {} if definition is None else definition.args
    given = {argument.name.value for argument in node.arguments or ()}
    for argument_name, argument in known.items():
        if is_required_argument(argument) and argument_name not in given:
            text = f"Missing directive argument {argument_name}"
            findings.add("MissingDirectiveArgument", text, node)
    for written in node.arguments or ():
        expected = known.get(written.name.value)
        type_ = None if expected is None else expected.type
        uses.note(written.value, type_, findings.path)
        if type_ is not None:
            if found := misfit(written.value, type_):
                text = found.message(written.name.value, written.value)
                findings.add("WrongType", text, written)
        elif definition is not None:
            text = f"Unknown directive argument {written.name.value}"
            findings.add("UnknownDirective", text, written)
