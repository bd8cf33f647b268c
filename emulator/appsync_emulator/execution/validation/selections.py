"""Walks the selections of a document: fields, their arguments, fragments in place."""

from collections.abc import Mapping, Sequence

from graphql import (
    DirectiveLocation,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    is_required_argument,
)
from graphql.utilities import do_types_overlap

from appsync_emulator.execution.validation.directives import check_directives
from appsync_emulator.execution.validation.findings import Findings
from appsync_emulator.execution.validation.java import type_name
from appsync_emulator.execution.validation.uses import Spread, Uses
from appsync_emulator.execution.validation.values import misfit

Parent = GraphQLCompositeType | None
"""The type whose fields are selected; None below something unknown."""

CONDITION_KIND = "InlineFragmentTypeConditionInvalid"


class SelectionWalk:
    """Looks at all selections of one document, each once.

    Args:
        introspection: False when the API hides its schema; then `__schema` and
            `__type` are fields that do not exist.

    Attributes:
        uses: of the definition that is being walked.
        mergeable: whether some selection set asks for a response key twice or holds
            fragments, so that fields may have to be merged.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        findings: Findings,
        *,
        introspection: bool,
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.findings = findings
        self.introspection = introspection
        self.uses = Uses()
        self.mergeable = False
        self._depth = 0

    def walk(self, node: SelectionSetNode, parent: Parent) -> None:
        """Look at a selection set on `parent` and at everything below it."""
        self._depth += 1
        self.uses.depth = max(self.uses.depth, self._depth)
        keys = set()
        fields = 0
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                fields += 1
                keys.add((selection.alias or selection.name).value)
                self._field(selection, parent)
            elif isinstance(selection, InlineFragmentNode):
                self._inline_fragment(selection, parent)
            elif isinstance(selection, FragmentSpreadNode):
                self._spread(selection, parent)
        if len(keys) < fields or fields < len(node.selections) > 1:
            self.mergeable = True
        self.uses.fields += fields
        self._depth -= 1

    # -- fields

    def _field(self, node: FieldNode, parent: Parent) -> None:
        name = node.name.value
        findings = self.findings
        findings.path.append(name)
        definition = None if parent is None else self._definition(parent, name)
        below: Parent = None
        if definition is not None:
            named = get_named_type(definition.type)
            if is_composite_type(named):
                below = named
            self._missing_arguments(node, definition)
            self._sub_selection(node, definition)
        elif parent is not None:
            text = f"Field '{name}' in type '{parent.name}' is undefined"
            findings.add("FieldUndefined", text, node)
        if node.arguments:
            self._arguments(node, definition)
        if node.directives:
            self.directives(node.directives, DirectiveLocation.FIELD)
        if node.selection_set is not None:
            self.walk(node.selection_set, below)
        findings.path.pop()

    def _definition(
        self, parent: GraphQLCompositeType, name: str
    ) -> GraphQLField | None:
        if name in {"__schema", "__type"} and not self.introspection:
            return None
        return self.schema.get_field(parent, name)

    def _missing_arguments(self, node: FieldNode, definition: GraphQLField) -> None:
        if not definition.args:
            return
        given = {argument.name.value for argument in node.arguments or ()}
        for name, argument in definition.args.items():
            if name in given or not is_required_argument(argument):
                continue
            # A default is never used, but it makes the argument optional.
            written = argument.ast_node
            if written is None or written.default_value is None:
                text = f"Missing field argument {name}"
                self.findings.add("MissingFieldArgument", text, node)

    def _sub_selection(self, node: FieldNode, definition: GraphQLField) -> None:
        selected = node.selection_set is not None
        leaf = is_leaf_type(get_named_type(definition.type))
        if selected != leaf:
            return
        of = f"type {type_name(definition.type)} of field {node.name.value}"
        if leaf:
            text = f"Sub selection not allowed on leaf {of}"
            self.findings.add("SubSelectionNotAllowed", text, node)
        else:
            text = f"Sub selection required for {of}"
            self.findings.add("SubSelectionRequired", text, node)

    def _arguments(self, node: FieldNode, definition: GraphQLField | None) -> None:
        findings = self.findings
        for written in node.arguments or ():
            name = written.name.value
            expected = None if definition is None else definition.args.get(name)
            type_ = None if expected is None else expected.type
            self.uses.note(written.value, type_, findings.path)
            if type_ is not None:
                if found := misfit(written.value, type_):
                    text = found.message(name, written.value)
                    findings.add("WrongType", text, written)
            elif definition is not None:
                text = f"Unknown field argument {name}"
                findings.add("UnknownArgument", text, written)

    def directives(
        self, nodes: Sequence[DirectiveNode], location: DirectiveLocation
    ) -> None:
        """Look at the directives of one node."""
        check_directives(self.schema, nodes, location, self.findings, self.uses)

    # -- fragments

    def condition(self, node: NamedTypeNode) -> GraphQLNamedType | None:
        """Give the type a fragment is for, and note when there is none."""
        name = node.name.value
        type_ = self.schema.get_type(name)
        if type_ is None:
            self.findings.add("UnknownType", f"Unknown type {name}", node)
        return type_

    def _inline_fragment(self, node: InlineFragmentNode, parent: Parent) -> None:
        below = parent
        if node.type_condition is not None:
            type_ = self.condition(node.type_condition)
            below = type_ if is_composite_type(type_) else None
            if type_ is not None and below is None:
                text = (
                    "Inline fragment type condition is invalid, "
                    "must be on Object/Interface/Union"
                )
                self.findings.add(CONDITION_KIND, text, node)
            elif not self._can_be(below, parent):
                text = f"Fragment {_impossible(parent, below)}"
                self.findings.add("InvalidFragmentType", text, node)
        if node.directives:
            self.directives(node.directives, DirectiveLocation.INLINE_FRAGMENT)
        self.walk(node.selection_set, below)

    def _spread(self, node: FragmentSpreadNode, parent: Parent) -> None:
        name = node.name.value
        path = tuple(self.findings.path)
        self.uses.spreads.append(Spread(name, path, self._depth))
        fragment = self.fragments.get(name)
        if fragment is None:
            self.findings.add("UndefinedFragment", f"Undefined fragment {name}", node)
        else:
            type_ = self.schema.get_type(fragment.type_condition.name.value)
            below = type_ if is_composite_type(type_) else None
            if not self._can_be(below, parent):
                text = f"Fragment {name} {_impossible(parent, below)}"
                self.findings.add("InvalidFragmentType", text, node)
        if node.directives:
            self.directives(node.directives, DirectiveLocation.FRAGMENT_SPREAD)

    def _can_be(self, type_: Parent, parent: Parent) -> bool:
        """Tell whether an object of `parent` can be of `type_`; unknown ones can."""
        if type_ is None or parent is None:
            return True
        return do_types_overlap(self.schema, type_, parent)


def _impossible(parent: Parent, type_: Parent) -> str:
    objects = f"objects of type {parent} can never be of type {type_}"
    return f"cannot be spread here as {objects}"
