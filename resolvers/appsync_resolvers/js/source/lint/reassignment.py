"""no-disallowed-re-assignment: the context and its first-level members are read-only.

Checked, as the plugin does, in function declarations called `request` and `response`
whose first parameter is a plain name.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_resolvers.js.source.lint.file import File, Finding
from appsync_resolvers.js.source.scopes import parameters
from appsync_resolvers.js.source.tree import Tree, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

_RULE = "no-disallowed-re-assignment"
_ASSIGNMENTS = frozenset({"assignment_expression", "augmented_assignment_expression"})
_PATTERNS = frozenset(
    {
        "array_pattern",
        "assignment_pattern",
        "object_assignment_pattern",
        "object_pattern",
        "pair_pattern",
        "rest_pattern",
    }
)


def no_disallowed_re_assignment(file: File) -> Iterator[Finding]:
    """Find writes to `ctx` and to `ctx.x`."""
    for function in file.tree.all("function_declaration"):
        name = function.child_by_field_name("name")
        if name is None or file.tree.source(name) not in {"request", "response"}:
            continue
        context = _first_name(function)
        if context is not None:
            yield from _writes(file, function, context)


def _first_name(function: "Node") -> "Node | None":
    first = next(iter(parameters(function)), None)
    if first is not None and first.type in {"required_parameter", "optional_parameter"}:
        # ESTree turns a parameter with a default into another node than a name.
        if first.child_by_field_name("value") is not None:
            return None
        first = first.child_by_field_name("pattern")
    return first if first is not None and first.type == "identifier" else None


def _writes(file: File, function: "Node", context: "Node") -> Iterator[Finding]:
    name = file.tree.source(context)
    start, end = function.start_byte, function.end_byte
    uses = file.tree.all("identifier", "shorthand_property_identifier_pattern")
    for node in uses:
        if not start <= node.start_byte < end or node.start_byte == context.start_byte:
            continue
        if file.tree.source(node) != name:
            continue
        found = _finding(file, node, name)
        if found is None:
            continue
        declaration = file.scopes.resolve(node)
        if declaration is not None and _declares(declaration.node, context):
            yield found


def _declares(declaration: "Node", context: "Node") -> bool:
    return declaration.start_byte <= context.start_byte < declaration.end_byte


def _finding(file: File, node: "Node", name: str) -> Finding | None:
    if _is_written(file.tree, node):
        message = f"{name} is readonly and re-assignment is not supported."
        return Finding(_RULE, message, node)
    owner = _in_parentheses(file.tree, node)
    member = file.tree.parent(owner)
    if member is None or not _is_owner(member, owner):
        return None
    if not _is_changed(file.tree, member):
        return None
    property_name = _property_name(file, member)
    if property_name:
        message = f"{name} is readonly. Adding/Updating {property_name} is not"
        return Finding(_RULE, f"{message} supported.", member)
    message = f"{name} is readonly adding/modifying properties is not supported."
    return Finding(_RULE, message, member)


def _is_owner(member: "Node", node: "Node") -> bool:
    if member.type not in {"member_expression", "subscript_expression"}:
        return False
    owner = member.child_by_field_name("object")
    return owner is not None and owner.id == node.id


def _is_written(tree: Tree, node: "Node") -> bool:
    """Tell whether a plain name is the target of an assignment, also in a pattern."""
    child = _in_parentheses(tree, node)
    parent = tree.parent(child)
    while parent is not None and parent.type in _PATTERNS:
        right = parent.child_by_field_name("right")
        key = parent.child_by_field_name("key")
        if any(part is not None and part.id == child.id for part in (right, key)):
            return False
        child, parent = parent, tree.parent(parent)
    return parent is not None and _targets(parent, child)


def _is_changed(tree: Tree, member: "Node") -> bool:
    child = _in_parentheses(tree, member)
    parent = tree.parent(child)
    if parent is None:
        return False
    if parent.type == "unary_expression":
        return parent.children[0].type == "delete" and not _has_chain(member)
    return _targets(parent, child)


def _in_parentheses(tree: Tree, node: "Node") -> "Node":
    """Give the outermost parentheses around a node, which ESTree does not know."""
    parent = tree.parent(node)
    while parent is not None and parent.type == "parenthesized_expression":
        node, parent = parent, tree.parent(parent)
    return node


def _targets(parent: "Node", child: "Node") -> bool:
    if parent.type in _ASSIGNMENTS:
        target = parent.child_by_field_name("left")
    elif parent.type == "update_expression":
        target = parent.child_by_field_name("argument")
    elif parent.type == "for_in_statement":
        target = parent.child_by_field_name("left")
        if parent.child_by_field_name("kind") is not None:
            return False
    else:
        return False
    return target is not None and target.id == child.id


def _has_chain(member: "Node") -> bool:
    return any(child.type == "optional_chain" for child in member.children)


def _property_name(file: File, member: "Node") -> str:
    if member.type == "member_expression":
        name = member.child_by_field_name("property")
        return "" if name is None else file.tree.source(name)
    index = member.child_by_field_name("index")
    index = None if index is None else unwrap(index)
    while index is not None and index.type in {
        "member_expression",
        "subscript_expression",
    }:
        is_member = index.type == "member_expression"
        index = index.child_by_field_name("property" if is_member else "index")
    if index is None:
        return ""
    text = file.tree.source(index)
    if index.type == "string":
        return text[1:-1]
    named = {"identifier", "property_identifier", "number", "true", "false"}
    return text if index.type in named else ""
