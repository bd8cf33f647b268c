"""What an expression surely is, as far as syntax tells: String, Array and so on.

AWS checks methods with the TypeScript compiler. Resolver code is mostly `any` to it
(`ctx.args.x`), so literals, their variables and a few calls are what remains.
"""

from typing import TYPE_CHECKING

from appsync_resolvers.js.source.scopes import Scopes
from appsync_resolvers.js.source.tree import Tree, unwrap
from appsync_resolvers.js.source.words import words

if TYPE_CHECKING:
    from tree_sitter import Node

# Interfaces of TypeScript's library that stand behind a global name.
GLOBALS = {"Object": "ObjectConstructor", "JSON": "JSON", "Math": "Math"}

_METHODS = {
    "Array": dict.fromkeys(
        words("concat fill filter flat flatMap map reverse slice sort splice"), "Array"
    )
    | {"join": "String"},
    "String": dict.fromkeys(
        words(
            "at charAt concat normalize padEnd padStart repeat replace replaceAll slice"
            " substr substring toLocaleLowerCase toLocaleUpperCase toLowerCase toString"
            " toUpperCase trim trimEnd trimStart valueOf"
        ),
        "String",
    )
    | {"split": "Array"},
    "ObjectConstructor": dict.fromkeys(("entries", "keys", "values"), "Array"),
    "JSON": {"stringify": "String"},
}
_PATTERN_FIELDS = {
    "assignment_pattern": "left",
    "optional_parameter": "pattern",
    "required_parameter": "pattern",
}
_DEPTH = 8


class Kinds:
    """Finds the library interface behind an expression."""

    def __init__(self, tree: Tree, scopes: Scopes) -> None:
        self._tree = tree
        self._scopes = scopes

    def method(self, call: "Node") -> str | None:
        """Give `Interface.method` for a call of a method we know the owner of."""
        callee = call.child_by_field_name("function")
        if callee is None or unwrap(callee).type != "member_expression":
            return None
        callee = unwrap(callee)
        owner = callee.child_by_field_name("object")
        name = callee.child_by_field_name("property")
        kind = None if owner is None else self.of(owner)
        if kind is None or name is None:
            return None
        return f"{kind}.{self._tree.source(name)}"

    def of(self, node: "Node", depth: int = 0) -> str | None:
        """Give the interface of an expression, None when syntax does not tell."""
        if depth > _DEPTH:
            return None
        node = unwrap(node)
        match node.type:
            case "string" | "template_string":
                return "String"
            case "array":
                return "Array"
            case "identifier":
                return self._of_identifier(node, depth)
            case "call_expression":
                return self._of_call(node, depth)
            case "binary_expression":
                return self._of_sum(node, depth)
            case "ternary_expression":
                return self._of_choice(node, depth)
            case "unary_expression":
                is_typeof = node.children[0].type == "typeof"
                return "String" if is_typeof else None
            case "as_expression":
                return self._of_type(node.named_children[-1])
            case "non_null_expression" | "satisfies_expression":
                return self.of(node.named_children[0], depth + 1)
            case _:
                return None

    def _of_identifier(self, node: "Node", depth: int) -> str | None:
        declaration = self._scopes.resolve(node)
        if declaration is None:
            return GLOBALS.get(self._tree.source(node))
        if declaration.kind not in {"variable", "parameter"}:
            return None
        holder = declaration.node
        pattern = holder.child_by_field_name(_PATTERN_FIELDS.get(holder.type, "name"))
        if pattern is None or pattern.type != "identifier":
            return None
        annotation = holder.child_by_field_name("type")
        if annotation is not None:
            return self._of_type(annotation.named_children[0])
        value = holder.child_by_field_name(
            "right" if holder.type == "assignment_pattern" else "value"
        )
        return None if value is None else self.of(value, depth + 1)

    def _of_call(self, node: "Node", depth: int) -> str | None:
        callee = node.child_by_field_name("function")
        if callee is None:
            return None
        if callee.type == "identifier" and self._tree.source(callee) == "String":
            return "String" if self._scopes.resolve(callee) is None else None
        if callee.type != "member_expression":
            return None
        owner = callee.child_by_field_name("object")
        name = callee.child_by_field_name("property")
        kind = None if owner is None else self.of(owner, depth + 1)
        if kind is None or name is None:
            return None
        return _METHODS.get(kind, {}).get(self._tree.source(name))

    def _of_sum(self, node: "Node", depth: int) -> str | None:
        operator = node.child_by_field_name("operator")
        if operator is None or operator.type != "+":
            return None
        for side in ("left", "right"):
            operand = node.child_by_field_name(side)
            if operand is not None and self.of(operand, depth + 1) == "String":
                return "String"
        return None

    def _of_choice(self, node: "Node", depth: int) -> str | None:
        sides = [node.child_by_field_name(f) for f in ("consequence", "alternative")]
        kinds = {None if s is None else self.of(s, depth + 1) for s in sides}
        return kinds.pop() if len(kinds) == 1 else None

    def _of_type(self, node: "Node") -> str | None:
        if node.type == "union_type":
            return self._of_union(node)
        if node.type == "array_type":
            return "Array"
        text = self._tree.source(node)
        if node.type == "predefined_type" and text == "string":
            return "String"
        if node.type == "generic_type" and text.startswith("Array<"):
            return "Array"
        if node.type == "readonly_type" or text.startswith("ReadonlyArray<"):
            return "ReadonlyArray"
        return None

    def _of_union(self, node: "Node") -> str | None:
        """Give the kind of `T | undefined | null`."""
        left = [
            child
            for child in node.named_children
            if self._tree.source(child) not in {"undefined", "null"}
        ]
        return self._of_type(left[0]) if len(left) == 1 else None
