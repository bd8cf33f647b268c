"""What AppSync lets a schema define, checked on the text before any type is made."""

from collections.abc import Iterable, Iterator, Sequence

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    NameNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
)

from appsync_emulator.schema import codes
from appsync_emulator.schema.directives import check_directive
from appsync_emulator.schema.problems import Problems
from appsync_emulator.schema.scalars import AWS_SCALARS, SCALARS

UNPARSABLE = (
    "Failed to parse schema document - ensure it's a valid SDL-formatted document."
)
"""AppSync's own sentence, for whatever its parser does not read."""

ComplexType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode


class Definitions:
    """The definitions of a schema text, by name.

    Attributes:
        types: every type that the user defined.
        scalars: the AWS scalars that are used.
    """

    def __init__(self, document: DocumentNode, problems: Problems) -> None:
        self.types: dict[str, TypeDefinitionNode] = {}
        self.scalars: set[str] = set()
        self._problems = problems
        self._schemas: list[SchemaDefinitionNode] = []
        for node in document.definitions:
            self._take(node)
        for type_ in self.types.values():
            self._check(type_)
        self._check_roots()

    def _take(self, node: object) -> None:
        problems = self._problems
        if isinstance(node, ScalarTypeDefinitionNode):
            self._refuse_scalar(node)
        elif isinstance(node, TypeDefinitionNode):
            self._take_type(node)
        elif isinstance(node, SchemaDefinitionNode):
            self._schemas.append(node)
        elif isinstance(node, DirectiveDefinitionNode):
            message = "Directive definitions are not supported."
            problems.add(codes.NOT_ALLOWED, message, node)
        elif node.kind.endswith("_extension"):  # type: ignore[attr-defined]  # a node
            message = "Type extensions are not supported."
            hint = "Write the fields into the type itself."
            problems.add(codes.NOT_ALLOWED, message, node, hint=hint)  # type: ignore[arg-type]
        else:
            hint = "Operations and fragments have no place in a schema."
            problems.add(codes.SYNTAX, UNPARSABLE, node, hint=hint)  # type: ignore[arg-type]

    def _refuse_scalar(self, node: ScalarTypeDefinitionNode) -> None:
        name = node.name.value
        if name in SCALARS:
            message = f"The scalar '{name}' is AppSync's own and cannot be redefined."
            self._problems.add(codes.NOT_ALLOWED, message, node.name)
            return
        message = f"Custom scalars such as '{name}' are not supported."
        allowed = AWS_SCALARS
        self._problems.add(
            codes.NOT_ALLOWED, message, node.name, found=name, allowed=allowed
        )
        # Known from here on, so that its uses are not reported as well.
        self.types.setdefault(name, node)

    def _take_type(self, node: TypeDefinitionNode) -> None:
        name = node.name.value
        if name.startswith("AWS") and isinstance(node, ObjectTypeDefinitionNode):
            message = f"'{name}': the prefix AWS is reserved for AppSync's own types."
            self._problems.add(codes.NOT_ALLOWED, message, node.name)
        if name in self.types or name in SCALARS:
            message = f"'{name}' type tried to redefine existing '{name}' type."
            self._problems.add(codes.DUPLICATE, message, node.name)
        else:
            self.types[name] = node

    # -- inside of a type

    def _check(self, node: TypeDefinitionNode) -> None:
        self._directives(node.directives)
        if isinstance(node, ComplexType):
            self._check_complex(node)
        elif isinstance(node, InputObjectTypeDefinitionNode):
            self._values(node.fields or (), node.name.value, "input field")
        elif isinstance(node, UnionTypeDefinitionNode):
            for member in node.types or ():
                self._refer(member, "union member type", node.name.value)
        elif isinstance(node, EnumTypeDefinitionNode):
            self._unique([value.name for value in node.values or ()], "enum value")
            for value in node.values or ():
                self._directives(value.directives)

    def _check_complex(self, node: ComplexType) -> None:
        owner = node.name.value
        if isinstance(node, InterfaceTypeDefinitionNode) and node.interfaces:
            hint = "AppSync's interfaces cannot implement interfaces."
            place = node.interfaces[0]
            self._problems.add(codes.SYNTAX, UNPARSABLE, place, hint=hint)
        for interface in node.interfaces or ():
            self._refer(interface, "interface type", owner)
        self._unique([field.name for field in node.fields or ()], "field")
        for field in node.fields or ():
            self._directives(field.directives)
            self._refer(named(field.type), "field type", owner)
            if field.arguments:
                self._values(field.arguments, owner, "argument")

    def _values(
        self, nodes: Sequence[InputValueDefinitionNode], owner: str, kind: str
    ) -> None:
        self._unique([node.name for node in nodes], kind)
        for node in nodes:
            self._directives(node.directives)
            self._refer(named(node.type), "input value type", owner)

    def _refer(self, node: NamedTypeNode, kind: str, owner: str) -> None:
        name = node.name.value
        if name in self.types:
            return
        if name in SCALARS:
            if name in AWS_SCALARS:
                self.scalars.add(name)
            return
        # graphql-java's sentence, which AppSync shows.
        message = f"The {kind} '{name}' is not present when resolving type '{owner}'."
        allowed = {**self.types, **SCALARS}
        self._problems.add(
            codes.UNKNOWN_TYPE, message, node, found=name, allowed=allowed
        )

    def _unique(self, names: Iterable[NameNode], kind: str) -> None:
        seen = set()
        for name in names:
            if name.value in seen:
                message = f"The {kind} '{name.value}' is defined twice."
                self._problems.add(codes.DUPLICATE, message, name)
            seen.add(name.value)

    def _directives(self, nodes: Iterable[ConstDirectiveNode] | None) -> None:
        for node in nodes or ():
            check_directive(node, self._problems)

    # -- the roots

    def _check_roots(self) -> None:
        for extra in self._schemas[1:]:
            message = "There can be only one schema definition."
            self._problems.add(codes.DUPLICATE, message, extra)
        for name in self._root_names():
            self._refer(name, "operation type", "schema")
        operations = [
            operation.operation.value
            for schema in self._schemas
            for operation in schema.operation_types
        ]
        present = "query" in operations if self._schemas else "Query" in self.types
        if not present:
            message = "There is no top level schema object defined."
            hint = "A schema needs a type Query with at least one field."
            self._problems.add(codes.NO_QUERY, message, hint=hint)

    def _root_names(self) -> Iterator[NamedTypeNode]:
        for schema in self._schemas:
            for operation in schema.operation_types:
                yield operation.type


def named(node: TypeNode) -> NamedTypeNode:
    """Give the name inside of a type reference."""
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined]  # lists and non-nulls have one
    return node
