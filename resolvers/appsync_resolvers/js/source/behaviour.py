"""What code may change in the context, read off its syntax.

Answers err on the safe side: what may have been changed is compared after the call.
"""

from typing import TYPE_CHECKING

from appsync_resolvers.js.source.scopes import Scopes, names, parameters
from appsync_resolvers.js.source.tree import Tree, is_call, unwrap
from appsync_resolvers.js.source.words import words

if TYPE_CHECKING:
    from tree_sitter import Node

MUTABLE = frozenset({"args", "stash", "prev", "result"})
_MUTATORS = frozenset(
    words("copyWithin fill pop push reverse shift sort splice unshift")
)
_FRESH = frozenset({"array", "object", "string", "number", "template_string"})
_FRESH_METHODS = frozenset(words("concat filter flat flatMap map slice split"))
_MEMBERS = frozenset({"member_expression", "subscript_expression"})


def acts_when_loaded(tree: Tree) -> bool:
    """Tell whether a module calls something outside its functions."""
    return any(
        tree.function_around(node) is None
        for node in tree.all("call_expression", "new_expression")
    )


def mutated(tree: Tree, scopes: Scopes) -> frozenset[str]:
    """Give the members of the context that the code may change in place."""
    found: set[str] = set()
    for target in _targets(tree):
        members = _reached(tree, scopes, target)
        if members is None:
            return MUTABLE
        found |= members
    return frozenset(found)


def _targets(tree: Tree) -> "list[Node]":
    """Give the expressions whose value is changed in place."""
    found: list[Node] = []
    for node in tree.all("assignment_expression", "augmented_assignment_expression"):
        left = node.child_by_field_name("left")
        if left is None:
            continue
        left = unwrap(left)
        if left.type in _MEMBERS:
            found.append(left)
        elif left.type != "identifier":
            found.extend(_pattern_members(left))
    for node in tree.all("unary_expression", "update_expression"):
        argument = node.child_by_field_name("argument")
        is_delete = node.children[0].type == "delete"
        if argument is None or not (is_delete or node.type == "update_expression"):
            continue
        if unwrap(argument).type in _MEMBERS:
            found.append(unwrap(argument))
    for node in tree.all("for_in_statement"):
        left = node.child_by_field_name("left")
        if left is not None and left.type in _MEMBERS:
            found.append(left)
    found.extend(
        target
        for node in tree.all("call_expression")
        if (target := _changed_by_call(tree, node)) is not None
    )
    return found


def _pattern_members(pattern: "Node") -> "list[Node]":
    found: list[Node] = []
    for child in pattern.named_children:
        if child.type in _MEMBERS:
            found.append(child)
        else:
            found.extend(_pattern_members(child))
    return found


def _changed_by_call(tree: Tree, call: "Node") -> "Node | None":
    """Give `x.y` for `x.push(…)` and for `Object.assign(x, …)`: one level below x."""
    callee = call.child_by_field_name("function")
    if callee is None or not is_call(call):
        return None
    callee = unwrap(callee)
    if callee.type == "subscript_expression":
        return callee  # a computed method name
    if callee.type != "member_expression":
        return None
    name = callee.child_by_field_name("property")
    method = "" if name is None else tree.source(name)
    if method in _MUTATORS:
        return callee
    if method != "assign":
        return None
    arguments = call.child_by_field_name("arguments")
    values = [] if arguments is None else arguments.named_children
    if not values or values[0].type in _FRESH:
        return None
    return values[0]


def _reached(tree: Tree, scopes: Scopes, target: "Node") -> set[str] | None:
    """Give the context members behind a changed expression, None when unknown."""
    owner = target.child_by_field_name("object") if target.type in _MEMBERS else target
    direct = owner is not None and owner.type == "identifier"
    path: list[str] = []
    node = owner
    while node is not None and node.type != "identifier":
        if node.type in _FRESH or node.type == "call_expression":
            return set() if _is_fresh(tree, node) and node is owner else None
        if node.type in {"parenthesized_expression", "non_null_expression"}:
            node = node.named_children[0]
            continue
        if node.type not in _MEMBERS:
            return None
        name = node.child_by_field_name("property")
        path.append("" if name is None else tree.source(name))
        node = node.child_by_field_name("object")
    if node is None:
        return None
    declaration = scopes.resolve(node)
    if declaration is None:
        return None
    value = declaration.value
    if value is not None and declaration.constant:
        if direct and _is_fresh(tree, value):
            return set()
        return _member(tree, scopes, unwrap(value))
    if declaration.kind == "parameter" and _is_handler(tree, declaration.node):
        return _named([*path, *_changed(tree, target)][-1:] if direct else path[-1:])
    if declaration.kind == "variable" and declaration.constant:
        return _destructured(tree, scopes, declaration.node, tree.source(node))
    return None


def _changed(tree: Tree, target: "Node") -> list[str]:
    name = target.child_by_field_name("property")
    return ["" if name is None else tree.source(name)]


def _named(path: list[str]) -> set[str] | None:
    member = path[0] if path else ""
    member = "args" if member == "arguments" else member
    if member in MUTABLE:
        return {member}
    known = {"source", "identity", "request", "info", "env", "error"}
    return set() if member in known else None


def _member(tree: Tree, scopes: Scopes, value: "Node") -> set[str] | None:
    """Give the member for `const x = ctx.stash` and anything below it."""
    path: list[str] = []
    while value.type == "member_expression":
        name = value.child_by_field_name("property")
        path.append("" if name is None else tree.source(name))
        owner = value.child_by_field_name("object")
        if owner is None:
            return None
        value = owner
    if value.type != "identifier" or not path:
        return None
    declaration = scopes.resolve(value)
    if declaration is None or declaration.kind != "parameter":
        return None
    return _named(path[-1:]) if _is_handler(tree, declaration.node) else None


def _destructured(
    tree: Tree, scopes: Scopes, declarator: "Node", name: str
) -> set[str] | None:
    """Give the member for `const { stash } = ctx`."""
    pattern = declarator.child_by_field_name("name")
    value = declarator.child_by_field_name("value")
    if pattern is None or value is None or pattern.type != "object_pattern":
        return None
    if value.type != "identifier":
        return _member(tree, scopes, value)
    source = scopes.resolve(value)
    if source is None or not _is_handler(tree, source.node):
        return None
    for child in pattern.named_children:
        if name in {tree.source(node) for node in names(child)}:
            if child.type == "shorthand_property_identifier_pattern":
                return _named([name])
            key = child.child_by_field_name("key")
            return None if key is None else _named([tree.source(key)])
    return None


def _is_fresh(tree: Tree, node: "Node") -> bool:
    """Tell whether a value was made here, one level deep."""
    node = unwrap(node)
    if node.type in _FRESH:
        return True
    if node.type != "call_expression":
        return False
    callee = node.child_by_field_name("function")
    if callee is None or callee.type != "member_expression":
        return False
    name = callee.child_by_field_name("property")
    owner = callee.child_by_field_name("object")
    method = "" if name is None else tree.source(name)
    if owner is not None and tree.source(owner) == "Object":
        return method in {"keys", "values", "entries"}
    return method in _FRESH_METHODS


def _is_handler(tree: Tree, parameter: "Node") -> bool:
    """Tell whether a parameter is the context of a function `request` or `response`."""
    function = tree.function_around(parameter)
    if function is None:
        return False
    if tree.function_around(function) is not None:
        return False
    first = next(iter(parameters(function)), None)
    if first is None or not first.start_byte <= parameter.start_byte < first.end_byte:
        return False
    if first.type not in {"identifier", "required_parameter"}:
        return False
    name = function.child_by_field_name("name")
    outer = tree.parent(function)
    if name is None and outer is not None and outer.type == "variable_declarator":
        name = outer.child_by_field_name("name")
    return name is not None and tree.source(name) in {"request", "response"}
