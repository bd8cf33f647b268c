"""Fields that share a response key and cannot be merged.

Two fields of one key must be the same field with the same arguments, unless their
parents are different object types; and their types must have the same shape in any
case. Fields that are alike in all of that are compared once, so that a document that
repeats a field a thousand times costs no million comparisons.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLWrappingType,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
    is_leaf_type,
)

from appsync_emulator.execution.validation.findings import Findings
from appsync_emulator.execution.validation.java import literal_text, type_name

PATIENCE = 200_000
"""Fields and pairs looked at before we give up; ours, and far above real documents."""


@dataclass(slots=True, eq=False)
class Entry:
    """A field in its place.

    Attributes:
        parent: the type it is selected on; None below something unknown.
        above: the field whose selection holds it, None at the root.
    """

    node: FieldNode
    parent: GraphQLCompositeType | None
    type: GraphQLOutputType | None
    above: "Entry | None"

    @property
    def key(self) -> str:
        """The response key."""
        return (self.node.alias or self.node.name).value

    @property
    def arguments(self) -> frozenset[str]:
        """The arguments as texts, in no order."""
        return frozenset(
            f"{argument.name.value}: {literal_text(argument.value)}"
            for argument in self.node.arguments or ()
        )

    def alike(self) -> object:
        """Give what decides how it compares with others."""
        parent = self.parent if isinstance(self.parent, GraphQLObjectType) else None
        return parent, self.node.name.value, self.arguments, str(self.type)


Group = list[Entry]


class _ImpatienceError(Exception):
    """The document would take too long."""


class ConflictSearch:
    """Finds the conflicts of one document."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        findings: Findings,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._findings = findings
        self._patience = PATIENCE
        self._reported: set[frozenset[int]] = set()
        self._found: dict[object, list[tuple[Entry, Entry, str]]] = {}

    def search(
        self, root: SelectionSetNode, parent: GraphQLCompositeType | None
    ) -> None:
        """Look at the fields of one operation, with its fragments put in place.

        Raises:
            Enough: there are too many conflicts.
        """
        groups: dict[str, Group] = {}
        try:
            self._collect(root, parent, None, groups, set())
            self._check(groups, exclusive=False)
        except _ImpatienceError:
            # Such a document is executed as it is: of each key the first field counts.
            pass
        for conflicts in self._found.values():
            self._report(conflicts)
        self._found.clear()

    # -- collecting

    def _collect(
        self,
        node: SelectionSetNode,
        parent: GraphQLCompositeType | None,
        above: Entry | None,
        groups: dict[str, Group],
        visited: set[str],
    ) -> None:
        for selection in node.selections:
            self._spend(1)
            if isinstance(selection, FieldNode):
                entry = self._entry(selection, parent, above)
                groups.setdefault(entry.key, []).append(entry)
            elif isinstance(selection, InlineFragmentNode):
                below = parent
                if selection.type_condition is not None:
                    below = self._type(selection.type_condition.name.value)
                self._collect(selection.selection_set, below, above, groups, visited)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                fragment = self._fragments.get(name)
                if fragment is not None and name not in visited:
                    visited.add(name)
                    below = self._type(fragment.type_condition.name.value)
                    self._collect(fragment.selection_set, below, above, groups, visited)

    def _entry(
        self,
        node: FieldNode,
        parent: GraphQLCompositeType | None,
        above: Entry | None,
    ) -> Entry:
        field = None
        if parent is not None:
            field = self._schema.get_field(parent, node.name.value)
        type_ = None if field is None else field.type
        return Entry(node, parent, type_, above)

    def _type(self, name: str) -> GraphQLCompositeType | None:
        type_ = self._schema.get_type(name)
        return type_ if is_composite_type(type_) else None

    def _spend(self, steps: int) -> None:
        self._patience -= steps
        if self._patience < 0:
            raise _ImpatienceError

    # -- comparing

    def _check(self, groups: Mapping[str, Group], *, exclusive: bool) -> None:
        for group in groups.values():
            if len(group) == 1:
                self._descend(group, exclusive=exclusive)
                continue
            kinds: dict[object, Group] = {}
            for entry in group:
                kinds.setdefault(entry.alike(), []).append(entry)
            parts = list(kinds.values())
            for index, part in enumerate(parts):
                self._descend(part, exclusive=exclusive)
                for other in parts[index + 1 :]:
                    self._compare(part, other, exclusive=exclusive)

    def _compare(self, part: Group, other: Group, *, exclusive: bool) -> None:
        self._spend(1)
        one, two = part[0], other[0]
        apart = exclusive or _apart(one, two)
        reason = _difference(one, two, exclusive=apart)
        if reason is not None:
            self._note(one, two, reason)
        else:
            self._descend(part + other, exclusive=apart)

    def _descend(self, group: Group, *, exclusive: bool) -> None:
        """Compare what is selected below fields that can be merged."""
        groups: dict[str, Group] = {}
        visited_by: dict[GraphQLNamedType | None, set[str]] = {}
        for entry in group:
            if entry.node.selection_set is not None:
                named = None if entry.type is None else get_named_type(entry.type)
                below = named if is_composite_type(named) else None
                # A fragment holds the same fields again, unless for another type.
                visited = visited_by.setdefault(named, set())
                self._collect(entry.node.selection_set, below, entry, groups, visited)
        if groups:
            self._check(groups, exclusive=exclusive)

    # -- reporting

    def _note(self, one: Entry, two: Entry, reason: str) -> None:
        pair = frozenset((id(one.node), id(two.node)))
        if pair not in self._reported:
            self._reported.add(pair)
            # What differs below the same two fields is told in one error.
            above = [(id(a.node), id(b.node)) for a, b in _apart_above(one, two)]
            key = tuple(above or [(id(one), id(two))])
            self._found.setdefault(key, []).append((one, two, reason))

    def _report(self, conflicts: list[tuple[Entry, Entry, str]]) -> None:
        """Report conflicts at the nearest field they have in common."""
        one, two, _ = conflicts[0]
        nodes = [node for a, b, _ in conflicts for node in (a.node, b.node)]
        text = ", ".join(f"{a.key}: {reason}" for a, _, reason in conflicts)
        shared = one.above
        for left, right in _apart_above(one, two):
            text = f"{left.key}: ({text})"
            nodes = [left.node, right.node, *nodes]
            shared = left.above
        path: list[str] = []
        while shared is not None:
            path.insert(0, shared.node.name.value)
            shared = shared.above
        self._findings.add("FieldsConflict", text, *nodes, path=path)


def _apart(one: Entry, two: Entry) -> bool:
    """Tell whether no object can have both fields."""
    return (
        one.parent is not two.parent
        and isinstance(one.parent, GraphQLObjectType)
        and isinstance(two.parent, GraphQLObjectType)
    )


def _apart_above(one: Entry, two: Entry) -> Iterable[tuple[Entry, Entry]]:
    """Give the pairs of different fields above a pair, the innermost first."""
    left, right = one.above, two.above
    while left is not None and right is not None and left.node is not right.node:
        yield left, right
        left, right = left.above, right.above


def _difference(one: Entry, two: Entry, *, exclusive: bool) -> str | None:
    """Give why two fields of one key cannot be merged, None when they can."""
    if not exclusive:
        names = one.node.name.value, two.node.name.value
        if names[0] != names[1]:
            return f"{names[0]} and {names[1]} are different fields"
        if one.arguments != two.arguments:
            return "they have differing arguments"
    if one.type is None or two.type is None:
        return None
    return _shape_difference(one.type, two.type)


def _shape_difference(one: Any, two: Any) -> str | None:
    while isinstance(one, GraphQLWrappingType) or isinstance(two, GraphQLWrappingType):
        if isinstance(one, GraphQLNonNull) != isinstance(two, GraphQLNonNull):
            return "fields have different nullability shapes"
        if isinstance(one, GraphQLList) != isinstance(two, GraphQLList):
            return "fields have different list shapes"
        one, two = one.of_type, two.of_type
    if (is_leaf_type(one) or is_leaf_type(two)) and one is not two:
        return f"they return differing types {type_name(one)} and {type_name(two)}"
    return None
