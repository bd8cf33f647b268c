"""What a module imports and exports, and the edits that make a plain script of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from appsync_resolvers.js.source.edits import Edit
from appsync_resolvers.js.source.scopes import names
from appsync_resolvers.js.source.tree import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

NAMESPACE = "*"
DEFAULT_LOCAL = "__appsync_default"


@dataclass(frozen=True, slots=True)
class Import:
    """`import …` or `export … from` of one specifier.

    Attributes:
        specifier: as written.
        at: the specifier's node.
        names: (imported name, `default` or `*`; local name; its node).
        exports: (imported name or `*`; exported name) of `export … from`; the exported
            name of a bare `export *` is `*`.
    """

    specifier: str
    at: "Node"
    names: tuple[tuple[str, str, "Node"], ...] = ()
    exports: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Shape:
    """The module side of one file.

    Attributes:
        imports: in the order of the text, types left out.
        exports: exported name to local name.
        edits: take imports and the word `export` away.
    """

    imports: list[Import] = field(default_factory=list)
    exports: dict[str, str] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)


def shape(tree: Tree, types: list[Edit]) -> Shape:
    """Read the imports and exports of a file.

    Args:
        tree: the file.
        types: edits that take types away; what is only used inside them is a type.
    """
    found = Shape()
    for node in tree.all("import_statement"):
        found.edits.append(Edit(node.start_byte, node.end_byte, b";"))
        imported = _import(tree, node, types)
        if imported is not None:
            found.imports.append(imported)
    for node in tree.all("export_statement"):
        if tree.parent(node) == tree.root:
            _export(tree, node, found)
    return found


def _import(tree: Tree, node: "Node", types: list[Edit]) -> Import | None:
    source = node.child_by_field_name("source")
    if source is None or _has_token(node, "type"):
        return None
    clause = next((c for c in node.named_children if c.type == "import_clause"), None)
    if clause is None:
        return Import(_text(tree, source), source)
    wanted = list(_imported_names(tree, clause))
    if tree.typescript:
        used = _used_names(tree, node, types)
        wanted = [name for name in wanted if name[1] in used]
        if not wanted:
            return None
    return Import(_text(tree, source), source, tuple(wanted))


def _imported_names(tree: Tree, clause: "Node") -> "Iterator[tuple[str, str, Node]]":
    for child in clause.named_children:
        match child.type:
            case "identifier":
                yield "default", tree.source(child), child
            case "namespace_import":
                local = child.named_children[0]
                yield NAMESPACE, tree.source(local), local
            case "named_imports":
                for specifier in child.named_children:
                    if specifier.type != "import_specifier":
                        continue
                    if _has_token(specifier, "type"):
                        continue
                    name = specifier.child_by_field_name("name")
                    alias = specifier.child_by_field_name("alias") or name
                    if name is not None and alias is not None:
                        yield _name(tree, name), tree.source(alias), name


def _used_names(tree: Tree, statement: "Node", types: list[Edit]) -> set[str]:
    """Give the names used as values outside an import statement."""
    skipped = [(edit.start, edit.end) for edit in types]
    used: set[str] = set()
    for node in tree.all("identifier", "shorthand_property_identifier"):
        start = node.start_byte
        if statement.start_byte <= start < statement.end_byte:
            continue
        if any(low <= start < high for low, high in skipped):
            continue
        used.add(tree.source(node))
    return used


def _export(tree: Tree, node: "Node", found: Shape) -> None:
    source = node.child_by_field_name("source")
    declaration = node.child_by_field_name("declaration")
    value = node.child_by_field_name("value")
    whole = Edit(node.start_byte, node.end_byte, b";")
    if _has_token(node, "type"):
        found.edits.append(whole)
    elif source is not None:
        found.edits.append(whole)
        exports = tuple(_reexports(tree, node))
        found.imports.append(Import(_text(tree, source), source, (), exports))
    elif _has_token(node, "default"):
        _export_default(tree, node, declaration, value, found)
    elif declaration is not None:
        found.edits.append(Edit(node.start_byte, declaration.start_byte))
        for name in _declared(declaration):
            found.exports[tree.source(name)] = tree.source(name)
    else:
        found.edits.append(whole)
        for exported, local in _clause(tree, node):
            found.exports[exported] = local


def _export_default(
    tree: Tree,
    node: "Node",
    declaration: "Node | None",
    value: "Node | None",
    found: Shape,
) -> None:
    name = None if declaration is None else declaration.child_by_field_name("name")
    if declaration is not None and name is not None:
        found.edits.append(Edit(node.start_byte, declaration.start_byte))
        found.exports["default"] = tree.source(name)
        return
    what = value if value is not None else declaration
    if what is not None:
        text = f"const {DEFAULT_LOCAL}=".encode()
        found.edits.append(Edit(node.start_byte, what.start_byte, text))
        found.exports["default"] = DEFAULT_LOCAL


def _declared(declaration: "Node") -> "Iterator[Node]":
    name = declaration.child_by_field_name("name")
    if name is not None and name.type == "identifier":
        yield name
        return
    for child in declaration.named_children:
        if child.type == "variable_declarator":
            yield from names(child.child_by_field_name("name"))


def _clause(tree: Tree, node: "Node") -> Iterator[tuple[str, str]]:
    """Give (exported, local) of `export { local as exported }`."""
    for clause in node.named_children:
        if clause.type != "export_clause":
            continue
        for specifier in clause.named_children:
            if specifier.type != "export_specifier" or _has_token(specifier, "type"):
                continue
            name = specifier.child_by_field_name("name")
            alias = specifier.child_by_field_name("alias") or name
            if name is not None and alias is not None:
                yield _name(tree, alias), _name(tree, name)


def _reexports(tree: Tree, node: "Node") -> Iterator[tuple[str, str]]:
    for child in node.named_children:
        if child.type == "namespace_export":
            yield NAMESPACE, _name(tree, child.named_children[0])
            return
        if child.type == "export_clause":
            for exported, imported in _clause(tree, node):
                yield imported, exported
            return
    yield NAMESPACE, NAMESPACE


def _has_token(node: "Node", token: str) -> bool:
    return any(child.type == token and not child.is_named for child in node.children)


def _name(tree: Tree, node: "Node") -> str:
    return _text(tree, node) if node.type == "string" else tree.source(node)


def _text(tree: Tree, string: "Node") -> str:
    return tree.source(string)[1:-1]
