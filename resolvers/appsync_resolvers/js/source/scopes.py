"""Which declaration an identifier means: what the type-aware lint rules stand on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from appsync_resolvers.js.source.tree import FUNCTIONS, Tree

if TYPE_CHECKING:
    from tree_sitter import Node

Kind = Literal["function", "variable", "parameter", "import", "other"]

_BLOCKS = frozenset(
    {"program", "statement_block", "for_in_statement", "for_statement", "switch_body"}
)
_SCOPES = _BLOCKS | FUNCTIONS | {"catch_clause"}
_VALUES = frozenset({"function_expression", "arrow_function"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declared name.

    Attributes:
        kind: what declares it; `other` is a class, an enum or a caught error.
        node: the function, the declarator, the parameter or the import specifier.
        value: what it is initialised with; None when there is none or when the name is
            part of a destructuring pattern.
        constant: declared with `const`.
    """

    name: str
    kind: Kind
    node: "Node"
    value: "Node | None" = None
    constant: bool = False

    @property
    def function(self) -> "Node | None":
        """The function this name stands for, if it surely is one."""
        if self.kind == "function":
            return self.node
        if self.value is not None and self.value.type in _VALUES:
            return self.value
        return None


class Scopes:
    """All declarations of a file, by scope; collected on first use."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._tables: dict[int, dict[str, Declaration]] | None = None

    def resolve(self, identifier: "Node") -> Declaration | None:
        """Give the declaration an identifier means, None for globals."""
        tables = self._tables
        if tables is None:
            tables = self._tables = self._collect()
        name = self._tree.source(identifier)
        node = self._tree.parent(identifier)
        while node is not None:
            if node.type in _SCOPES:
                found = tables.get(node.id, {}).get(name)
                if found is not None:
                    return found
            node = self._tree.parent(node)
        return None

    def function(self, identifier: "Node") -> "Node | None":
        """Give the function an identifier means, if it surely means one."""
        declaration = self.resolve(identifier)
        return None if declaration is None else declaration.function

    def _collect(self) -> dict[int, dict[str, Declaration]]:
        tables: dict[int, dict[str, Declaration]] = {}
        for scope, declaration in self._declarations():
            # The first declaration is the one TypeScript calls the value declaration.
            tables.setdefault(scope.id, {}).setdefault(declaration.name, declaration)
        return tables

    def _declarations(self) -> "Iterator[tuple[Node, Declaration]]":
        yield from self._functions()
        yield from self._variables()
        yield from self._parameters()
        tree = self._tree
        for node in tree.all("import_specifier", "namespace_import", "import_clause"):
            name = local_name(node)
            if name is not None:
                local = Declaration(tree.source(name), "import", node)
                yield tree.root, local
        for node in tree.all("class_declaration", "enum_declaration"):
            name = node.child_by_field_name("name")
            if name is not None:
                yield self._block(node), Declaration(tree.source(name), "other", node)
        for node in tree.all("catch_clause"):
            for name in names(node.child_by_field_name("parameter")):
                yield node, Declaration(tree.source(name), "other", node)

    def _functions(self) -> "Iterator[tuple[Node, Declaration]]":
        source = self._tree.source
        for node in self._tree.all(
            "function_declaration", "generator_function_declaration"
        ):
            name = node.child_by_field_name("name")
            if name is not None:
                yield self._block(node), Declaration(source(name), "function", node)
        for node in self._tree.all("function_expression"):
            name = node.child_by_field_name("name")
            if name is not None:
                yield node, Declaration(source(name), "function", node)

    def _variables(self) -> "Iterator[tuple[Node, Declaration]]":
        source = self._tree.source
        for node in self._tree.all("variable_declarator"):
            statement = self._tree.parent(node)
            kind = None if statement is None else statement.child_by_field_name("kind")
            # `var` declarations have no kind and belong to the function.
            scope = (
                self._block(node) if kind is not None else self._function_scope(node)
            )
            constant = kind is not None and source(kind) == "const"
            pattern = node.child_by_field_name("name")
            value = node.child_by_field_name("value")
            whole = pattern is not None and pattern.type == "identifier"
            for name in names(pattern):
                initial = value if whole else None
                yield (
                    scope,
                    Declaration(source(name), "variable", node, initial, constant),
                )
        for node in self._tree.all("for_in_statement"):
            kind = node.child_by_field_name("kind")
            if kind is None:
                continue
            scope = self._function_scope(node) if source(kind) == "var" else node
            for name in names(node.child_by_field_name("left")):
                yield scope, Declaration(source(name), "variable", node)

    def _parameters(self) -> "Iterator[tuple[Node, Declaration]]":
        for function in self._tree.all(*FUNCTIONS):
            for parameter in parameters(function):
                for name in names(parameter):
                    text = self._tree.source(name)
                    yield function, Declaration(text, "parameter", parameter)

    def _block(self, node: "Node") -> "Node":
        return self._around(node, _SCOPES)

    def _function_scope(self, node: "Node") -> "Node":
        return self._around(node, FUNCTIONS)

    def _around(self, node: "Node", types: frozenset[str]) -> "Node":
        scope = self._tree.parent(node)
        while scope is not None and scope.type not in types:
            scope = self._tree.parent(scope)
        return self._tree.root if scope is None else scope


def parameters(function: "Node") -> "list[Node]":
    """Give the patterns of a function's parameters."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        return [single]
    listed = function.child_by_field_name("parameters")
    if listed is None:
        return []
    return [node for node in listed.named_children if node.type != "comment"]


def names(pattern: "Node | None") -> "Iterator[Node]":
    """Give the identifiers a pattern declares."""
    if pattern is None:
        return
    match pattern.type:
        case "identifier" | "shorthand_property_identifier_pattern":
            yield pattern
        case "required_parameter" | "optional_parameter":
            yield from names(pattern.child_by_field_name("pattern"))
        case "assignment_pattern" | "object_assignment_pattern":
            yield from names(pattern.child_by_field_name("left"))
        case "pair_pattern":
            yield from names(pattern.child_by_field_name("value"))
        case "object_pattern" | "array_pattern" | "rest_pattern":
            for child in pattern.named_children:
                yield from names(child)
        case _:
            return


def local_name(node: "Node") -> "Node | None":
    """Give the identifier that an import specifier or clause declares."""
    if node.type == "import_specifier":
        alias = node.child_by_field_name("alias")
        return alias if alias is not None else node.child_by_field_name("name")
    for child in node.named_children:
        if child.type == "identifier":
            return child
    return None
