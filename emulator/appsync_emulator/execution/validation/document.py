"""Validates one document: all rules, in the order of the document."""

from collections.abc import Iterable
from contextlib import suppress

from graphql import (
    DefinitionNode,
    DirectiveLocation,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    is_composite_type,
)

from appsync_emulator.execution.validation.conflicts import ConflictSearch
from appsync_emulator.execution.validation.findings import Enough, Findings
from appsync_emulator.execution.validation.fragments import (
    DEEPEST,
    MOST_FIELDS,
    circular,
    reachable,
    size,
)
from appsync_emulator.execution.validation.selections import SelectionWalk
from appsync_emulator.execution.validation.uses import Uses
from appsync_emulator.execution.validation.variables import (
    check_definitions,
    check_uses,
)

LOCATIONS = {
    "query": DirectiveLocation.QUERY,
    "mutation": DirectiveLocation.MUTATION,
    "subscription": DirectiveLocation.SUBSCRIPTION,
}


class Validation:
    """What is known of a document after it was validated.

    Attributes:
        errors: as AppSync answers them; empty for a valid document.
        oversized: whether the document grows beyond all measure when its fragments
            are put in place.
    """

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, *, introspection: bool
    ) -> None:
        self._schema = schema
        self._findings = Findings()
        self._operations: list[tuple[OperationDefinitionNode, Uses]] = []
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        self._fragment_uses: dict[str, Uses] = {}
        for node in document.definitions:
            if isinstance(node, FragmentDefinitionNode):
                self._fragments.setdefault(node.name.value, node)
        self.oversized = False
        self._walk = SelectionWalk(
            schema, self._fragments, self._findings, introspection=introspection
        )
        with suppress(Enough):
            self._check(document.definitions)
        self.errors = self._findings.errors

    def _check(self, definitions: Iterable[DefinitionNode]) -> None:
        names: set[str] = set()
        for node in definitions:
            if isinstance(node, OperationDefinitionNode):
                self._check_name(node, names)
                self._check_operation(node)
            elif isinstance(node, FragmentDefinitionNode):
                self._check_fragment(node)
            else:
                self._check_other(node)
        self._check_fragments()
        for operation, uses in self._operations:
            fragments = self._fragment_uses
            check_uses(self._schema, operation, uses, fragments, self._findings)
        if circular(self._fragment_uses):
            return
        sizes = [size(uses, self._fragment_uses) for _, uses in self._operations]
        self.oversized = any(
            fields > MOST_FIELDS or depth > DEEPEST for fields, depth in sizes
        )
        if self._walk.mergeable and not self.oversized:
            self._check_conflicts()

    # -- definitions

    def _check_name(self, node: OperationDefinitionNode, names: set[str]) -> None:
        anonymous = any(other.name is None for other, _ in self._operations)
        if node.name is None:
            if self._operations:
                text = "Anonymous operation with other operations."
                self._findings.add("LoneAnonymousOperationViolation", text, node)
            return
        name = node.name.value
        if anonymous:
            text = f"Operation {name} is following anonymous operation."
            self._findings.add("LoneAnonymousOperationViolation", text, node)
        if name in names:
            text = f"There can be only one operation named '{name}'"
            self._findings.add("DuplicateOperationName", text, node)
        names.add(name)

    def _check_operation(self, node: OperationDefinitionNode) -> None:
        walk = self._walk
        walk.uses = Uses()
        self._operations.append((node, walk.uses))
        check_definitions(self._schema, node, self._findings)
        for variable in node.variable_definitions or ():
            if variable.directives:
                location = DirectiveLocation.VARIABLE_DEFINITION
                walk.directives(variable.directives, location)
        if node.directives:
            walk.directives(node.directives, LOCATIONS[node.operation.value])
        walk.walk(node.selection_set, self._schema.get_root_type(node.operation))

    def _check_fragment(self, node: FragmentDefinitionNode) -> None:
        walk, name = self._walk, node.name.value
        walk.uses = Uses()
        if name in self._fragment_uses:
            text = f"There can be only one fragment named '{name}'"
            self._findings.add("DuplicateFragmentName", text, node)
        else:
            self._fragment_uses[name] = walk.uses
        self._findings.path.append(name)
        type_ = walk.condition(node.type_condition)
        if type_ is not None and not is_composite_type(type_):
            text = (
                "Fragment type condition is invalid, must be on Object/Interface/Union"
            )
            self._findings.add("InlineFragmentTypeConditionInvalid", text, node)
        if node.directives:
            walk.directives(node.directives, DirectiveLocation.FRAGMENT_DEFINITION)
        walk.walk(node.selection_set, type_ if is_composite_type(type_) else None)
        self._findings.path.pop()

    def _check_other(self, node: DefinitionNode) -> None:
        kind = node.kind.partition("_")[0]
        name = getattr(node, "name", None)
        what = "Type" if node.kind.endswith(("type_definition", "extension")) else kind
        text = f"{what.capitalize()} definition is not executable."
        if name is not None:
            text = f"{what.capitalize()} '{name.value}' definition is not executable."
        self._findings.add("NonExecutableDefinition", text, node)

    # -- across definitions

    def _check_fragments(self) -> None:
        used: set[str] = set()
        for _, uses in self._operations:
            used |= reachable(uses, self._fragment_uses)
        for name in circular(self._fragment_uses):
            text = "Fragment cycles not allowed"
            self._findings.add("FragmentCycle", text, self._fragments[name])
        for name, node in self._fragments.items():
            if name not in used:
                self._findings.add("UnusedFragment", f"Unused fragment {name}", node)

    def _check_conflicts(self) -> None:
        search = ConflictSearch(self._schema, self._fragments, self._findings)
        for operation, _ in self._operations:
            root = self._schema.get_root_type(operation.operation)
            search.search(operation.selection_set, root)
