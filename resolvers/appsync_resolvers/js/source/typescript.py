"""Turning TypeScript into JavaScript by taking the types off.

Only what stands in the way of the engine is touched: annotations go, `enum`s become
objects, everything else stays byte for byte where it was in its line.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_resolvers.js.source.edits import Edit
from appsync_resolvers.js.source.tree import Tree
from appsync_resolvers.js.source.words import words

if TYPE_CHECKING:
    from tree_sitter import Node

_TYPES = (
    "asserts_annotation",
    "type_annotation",
    "type_arguments",
    "type_parameters",
    "type_predicate_annotation",
)
_STATEMENTS = (
    "ambient_declaration",
    "function_signature",
    "interface_declaration",
    "type_alias_declaration",
)
_RESERVED = frozenset(
    words(
        "await break case catch class const continue debugger default delete do else"
        " enum export extends false finally for function if implements import in"
        " instanceof interface let new null package private protected public return"
        " static super switch this throw true try typeof var void while with yield"
    )
)


def strip(tree: Tree) -> list[Edit]:
    """Give the edits that make JavaScript of a TypeScript file."""
    if not tree.typescript:
        return []
    return [
        *_annotations(tree),
        *_expressions(tree),
        *_statements(tree),
        *(_enumeration(tree, node) for node in tree.all("enum_declaration")),
    ]


def _annotations(tree: Tree) -> Iterator[Edit]:
    for node in tree.all(*_TYPES):
        yield Edit(node.start_byte, node.end_byte)
    for node in tree.all("optional_parameter", "variable_declarator"):
        for child in node.children:
            if child.type in {"?", "!"}:
                yield Edit(child.start_byte, child.end_byte)
    for node in tree.all("required_parameter"):
        pattern = node.child_by_field_name("pattern")
        if pattern is not None and pattern.type == "this":
            following = node.next_sibling
            comma = following is not None and following.type == ","
            end = following if comma and following is not None else node
            yield Edit(node.start_byte, end.end_byte)


def _expressions(tree: Tree) -> Iterator[Edit]:
    for node in tree.all("as_expression", "satisfies_expression"):
        value = node.named_children[0]
        text = b";" if _ends_open_statement(tree, node) else b""
        yield Edit(value.end_byte, node.end_byte, text)
    for node in tree.all("non_null_expression"):
        yield Edit(node.end_byte - 1, node.end_byte)


def _statements(tree: Tree) -> Iterator[Edit]:
    for node in tree.all(*_STATEMENTS):
        outer = tree.parent(node)
        whole = node
        if outer is not None and outer.type in {
            "ambient_declaration",
            "export_statement",
        }:
            whole = outer
        yield Edit(whole.start_byte, whole.end_byte, b";")


def _ends_open_statement(tree: Tree, node: "Node") -> bool:
    """Tell whether the next line would be read on when the type is gone.

    `a = b as T` and a next line starting with `[` are two statements; without the type
    they would be one.
    """
    inner: Node | None = node
    while inner is not None and inner.end_byte == node.end_byte:
        if inner.type.endswith(("_statement", "_declaration")):
            return True
        inner = tree.parent(inner)
    return False


def _enumeration(tree: Tree, node: "Node") -> Edit:
    name = node.child_by_field_name("name")
    body = node.child_by_field_name("body")
    members = [] if body is None else body.named_children
    written = [_member(tree, node) for node in members if node.type != "comment"]
    text = "" if name is None else tree.source(name)
    steps = f"const $e={{}};let $v=-1;{''.join(written)}return $e"
    joined = f"var {text}=(()=>{{{steps}}})();"
    return Edit(node.start_byte, node.end_byte, joined.encode())


def _member(tree: Tree, member: "Node") -> str:
    """Write one member: numbers count on from the last one and map back to names."""
    value = None
    if member.type == "enum_assignment":
        value = member.child_by_field_name("value")
        named = member.child_by_field_name("name")
        member = member if named is None else named
    text = tree.source(member)
    key = text if text.startswith(("'", '"')) else f'"{text}"'
    initial = "$v+1" if value is None else f"({tree.source(value)})"
    written = f"$v=$e[{key}]={initial};"
    if member.type != "string" and text not in _RESERVED:
        written += f"const {text}=$v;"
    return written + f'if(typeof $v==="number")$e[$v]={key};'
