"""Functions that `util` and the built-in modules do not have.

AWS checks types when code is saved (observed: aws-appsync-community #334; TS2339 in a
recording of EvaluateCode). Of all that the compiler finds, this is what keeps code from
working at all, such as VTL's `util.toJson`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_resolvers.js.source.builtins import MODULES, OWNERS, UTILS
from appsync_resolvers.js.source.graph import Module
from appsync_resolvers.js.source.modules import NAMESPACE
from appsync_resolvers.js.source.tree import unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

# Every object that has members by itself also has those of Object.
_INHERITED = frozenset({"hasOwnProperty", "toLocaleString", "toString", "valueOf"})


def missing_properties(module: Module) -> "Iterator[tuple[Node, str]]":
    """Give the names of members that do not exist, with the compiler's sentence."""
    members = module.tree.all("member_expression")
    if not members:
        return
    local = _local_names(module)
    for member in members:
        name = member.child_by_field_name("property")
        owner = member.child_by_field_name("object")
        path = None if owner is None else _path(module, unwrap(owner), local)
        known = None if path is None else OWNERS.get(path)
        if name is None or known is None:
            continue
        text = module.tree.source(name)
        if text not in known.members and text not in _INHERITED:
            yield name, f"Property '{text}' does not exist on type '{known.type}'."


def _local_names(module: Module) -> dict[str, str]:
    """Give the local names of what built-in modules export, with their paths."""
    local = {}
    for imported in module.shape.imports:
        if imported.specifier not in MODULES:
            continue
        for name, alias, _ in imported.names:
            if name == NAMESPACE:
                local[alias] = imported.specifier
            elif imported.specifier == UTILS:
                local[alias] = name
    return local


def _path(module: Module, node: "Node", local: dict[str, str]) -> str | None:
    if node.type == "identifier":
        name = module.tree.source(node)
        declaration = module.file.scopes.resolve(node)
        if declaration is None:
            return name  # util, extensions and runtime are globals as well
        return local.get(name) if declaration.kind == "import" else None
    if node.type != "member_expression":
        return None
    owner = node.child_by_field_name("object")
    name_node = node.child_by_field_name("property")
    if owner is None or name_node is None:
        return None
    path = _path(module, unwrap(owner), local)
    if path is None:
        return None
    name = module.tree.source(name_node)
    return name if path == UTILS else f"{path}.{name}"
