"""Which call a position of the engine belongs to."""

from typing import TYPE_CHECKING

from appsync_resolvers.js.source.tree import Tree, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node


def call_around(
    tree: Tree, offset: int, name: str, aliases: dict[str, str]
) -> "Node | None":
    """Give the innermost call around an offset, of a function of this name.

    Args:
        tree: the file.
        offset: in bytes.
        name: of the function as exported; empty for any.
        aliases: local names of imported functions.
    """
    node = tree.root.descendant_for_byte_range(offset, offset + 1)
    while node is not None:
        if node.type == "call_expression" and name in {
            "",
            _called(tree, node, aliases),
        }:
            return node
        node = node.parent
    return None


def _called(tree: Tree, call: "Node", aliases: dict[str, str]) -> str:
    callee = call.child_by_field_name("function")
    if callee is None:
        return ""
    callee = unwrap(callee)
    if callee.type == "member_expression":
        callee = callee.child_by_field_name("property") or callee
        return tree.source(callee)
    text = tree.source(callee)
    return aliases.get(text, text)
