"""What an expression surely is, as far as syntax tells: String, Array and so on.

AWS checks methods with the TypeScript compiler. Resolver code is mostly `any` to it
(`ctx.args.x`), so literals, annotations, their variables and what methods of the
library give of them is what remains.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from appsync_resolvers.js.source import library
from appsync_resolvers.js.source.scopes import Declaration, Scopes, parameters
from appsync_resolvers.js.source.tree import Tree, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

_PATTERN_FIELDS = {
    "assignment_pattern": "left",
    "optional_parameter": "pattern",
    "required_parameter": "pattern",
}
_ARITHMETIC = frozenset({"-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>"})
_CHOICES = frozenset({"&&", "||", "??"})
_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """An interface of TypeScript's library, and that of an array's members."""

    name: str
    members: "Kind | None" = None


STRING, NUMBER, ARRAY = Kind("String"), Kind("Number"), Kind("Array")
_PREDEFINED = {"string": STRING, "number": NUMBER}


class Kinds:
    """Finds the library interface behind an expression."""

    def __init__(self, tree: Tree, scopes: Scopes) -> None:
        self._tree = tree
        self._scopes = scopes

    def method(self, call: "Node") -> str | None:
        """Give `Interface.method` for a call of a method we know the owner of."""
        found = self._method(call, 0)
        return None if found is None else f"{found[0].name}.{found[1]}"

    def of(self, node: "Node", depth: int = 0) -> Kind | None:
        """Give the interface of an expression, None when syntax does not tell."""
        if depth > _DEPTH:
            return None
        node = unwrap(node)
        match node.type:
            case "string" | "template_string":
                return STRING
            case "number":
                return NUMBER
            case "array":
                return Kind("Array", self._of_members(node, depth + 1))
            case "identifier":
                return self._of_identifier(node, depth + 1)
            case "call_expression" | "new_expression":
                return self._of_call(node, depth + 1)
            case "member_expression" | "subscript_expression":
                return self._of_member(node, depth + 1)
            case "binary_expression" | "ternary_expression" | "unary_expression":
                return self._of_operator(node, depth + 1)
            case "as_expression":
                return self._of_type(node.named_children[-1])
            case "type_assertion":
                return self._of_type(node.named_children[0].named_children[0])
            case "non_null_expression" | "satisfies_expression":
                return self.of(node.named_children[0], depth + 1)
            case _:
                return None

    # ---- operators and literals --------------------------------------------------

    def _of_members(self, array: "Node", depth: int) -> Kind | None:
        found = []
        for child in array.named_children:
            if child.type == "spread_element":
                whole = self.of(child.named_children[0], depth)
                found.append(None if whole is None else whole.members)
            elif child.type != "comment":
                found.append(self.of(child, depth))
        return _common(found)

    def _of_member(self, node: "Node", depth: int) -> Kind | None:
        owner = node.child_by_field_name("object")
        kind = None if owner is None else self.of(owner, depth)
        if kind is None:
            return None
        if node.type == "member_expression":
            name = node.child_by_field_name("property")
            sized = kind.name in {"String", "Array", "ReadonlyArray"}
            is_length = name is not None and self._tree.source(name) == "length"
            return NUMBER if sized and is_length else None
        index = node.child_by_field_name("index")
        if index is None or self.of(index, depth) != NUMBER:
            return None
        return STRING if kind == STRING else kind.members

    def _of_operator(self, node: "Node", depth: int) -> Kind | None:
        if node.type == "unary_expression":
            operator = node.children[0].type
            return {"typeof": STRING, "-": NUMBER, "+": NUMBER, "~": NUMBER}.get(
                operator
            )
        choice = node.type == "ternary_expression"
        fields = ("consequence", "alternative") if choice else ("left", "right")
        sides = [node.child_by_field_name(field) for field in fields]
        kinds = [None if side is None else self.of(side, depth) for side in sides]
        mark = node.child_by_field_name("operator")
        operator = "" if mark is None else mark.type
        if choice or operator in _CHOICES:
            return _common(kinds)
        if operator == "+":
            return STRING if STRING in kinds else _common(kinds)
        return NUMBER if operator in _ARITHMETIC else None

    # ---- names -------------------------------------------------------------------

    def _of_identifier(self, node: "Node", depth: int) -> Kind | None:
        declaration = self._scopes.resolve(node)
        if declaration is None:
            name = library.GLOBALS.get(self._tree.source(node))
            return None if name is None else Kind(name)
        if declaration.kind not in {"variable", "parameter"}:
            return None
        holder = declaration.node
        if holder.type == "for_in_statement":
            return self._of_loop(holder, depth)
        pattern = holder.child_by_field_name(_PATTERN_FIELDS.get(holder.type, "name"))
        if holder.type == "identifier":
            pattern = holder
        if pattern is None or pattern.type not in {"identifier", "rest_pattern"}:
            return None
        annotation = holder.child_by_field_name("type")
        if annotation is not None:
            return self._of_type(annotation.named_children[0])
        is_default = holder.type == "assignment_pattern"
        value = holder.child_by_field_name("right" if is_default else "value")
        if value is not None:
            return self.of(value, depth)
        is_given = declaration.kind == "parameter" and pattern.type == "identifier"
        return self._of_parameter(declaration, depth) if is_given else None

    def _of_loop(self, loop: "Node", depth: int) -> Kind | None:
        left, right = (loop.child_by_field_name(name) for name in ("left", "right"))
        operator = loop.child_by_field_name("operator")
        if left is None or left.type != "identifier" or right is None:
            return None
        if operator is not None and operator.type == "in":
            return STRING
        kind = self.of(right, depth)
        return STRING if kind == STRING else kind and kind.members

    def _of_parameter(self, declaration: Declaration, depth: int) -> Kind | None:
        """Give what an iterating method passes to its callback."""
        function = self._tree.function_around(declaration.node)
        arguments = None if function is None else self._tree.parent(function)
        call = None if arguments is None else self._tree.parent(arguments)
        if function is None or arguments is None or call is None:
            return None
        is_first = arguments.type == "arguments" and (
            arguments.named_children[0].id == function.id
        )
        found = self._method(call, depth) if is_first else None
        if found is None or found[0].name not in {"Array", "ReadonlyArray"}:
            return None
        place = [node.id for node in parameters(function)].index(declaration.node.id)
        members = library.ITERATING.get(found[1])
        if members is None or place < members:
            return None
        return {members: found[0].members, members + 1: NUMBER}.get(place)

    # ---- calls -------------------------------------------------------------------

    def _method(self, call: "Node", depth: int) -> tuple[Kind, str] | None:
        callee = call.child_by_field_name("function")
        if callee is None or unwrap(callee).type != "member_expression":
            return None
        owner = unwrap(callee).child_by_field_name("object")
        name = unwrap(callee).child_by_field_name("property")
        kind = None if owner is None else self.of(owner, depth)
        return None if kind is None or name is None else (kind, self._tree.source(name))

    def _of_call(self, node: "Node", depth: int) -> Kind | None:
        is_new = node.type == "new_expression"
        callee = node.child_by_field_name("constructor" if is_new else "function")
        if callee is None:
            return None
        callee = unwrap(callee)
        if callee.type == "identifier":
            if self._scopes.resolve(callee) is None:
                made = library.CONSTRUCTORS if is_new else library.CONVERSIONS
                name = made.get(self._tree.source(callee))
                return None if name is None else Kind(name)
            function = self._scopes.function(callee)
            return None if function is None else self._of_result(function, depth)
        found = None if is_new else self._method(node, depth)
        if found is None:
            return None
        kind, name = found
        given = library.RESULTS.get(kind.name, {}).get(name)
        if given == library.SAME:
            return Kind("Array", kind.members)
        if given == library.MEMBER:
            return kind.members
        if given == library.MAPPED:
            return Kind("Array", self._of_mapped(node, depth))
        if given == library.STRINGS:
            return Kind("Array", STRING)
        return None if given is None else Kind(given)

    def _of_mapped(self, call: "Node", depth: int) -> Kind | None:
        arguments = call.child_by_field_name("arguments")
        first = (
            None if arguments is None else next(iter(arguments.named_children), None)
        )
        if first is None or first.type not in {"arrow_function", "function_expression"}:
            return None
        return self._of_result(first, depth)

    def _of_result(self, function: "Node", depth: int) -> Kind | None:
        """Give what a function gives: as annotated, or as its only return tells."""
        annotation = function.child_by_field_name("return_type")
        if annotation is not None:
            return self._of_type(annotation.named_children[0])
        body = function.child_by_field_name("body")
        if body is None or function.children[0].type == "async":
            return None
        if body.type != "statement_block":
            return self.of(body, depth)
        values = [
            self.of(node.named_children[0], depth) if node.named_children else None
            for node in self._tree.all("return_statement")
            if function.start_byte <= node.start_byte < function.end_byte
            and self._is_in(node, function)
        ]
        return _common(values)

    def _is_in(self, node: "Node", function: "Node") -> bool:
        around = self._tree.function_around(node)
        return around is not None and around.id == function.id

    # ---- annotations -------------------------------------------------------------

    def _of_type(self, node: "Node") -> Kind | None:
        text = self._tree.source(node)
        match node.type:
            case "union_type":
                rest = [
                    child
                    for child in node.named_children
                    if self._tree.source(child) not in {"undefined", "null"}
                ]
                return _common([self._of_type(child) for child in rest])
            case "array_type":
                return Kind("Array", self._of_type(node.named_children[0]))
            case "readonly_type":
                inner = self._of_type(node.named_children[-1])
                return Kind("ReadonlyArray", inner and inner.members)
            case "parenthesized_type":
                return self._of_type(node.named_children[0])
            case "predefined_type":
                return _PREDEFINED.get(text)
            case "literal_type":
                return self.of(node.named_children[0])
            case "template_literal_type":
                return STRING
            case "generic_type":
                name, arguments = node.named_children[0], node.named_children[-1]
                if self._tree.source(name) in {"Array", "ReadonlyArray"}:
                    member = self._of_type(arguments.named_children[0])
                    return Kind(self._tree.source(name), member)
        return None


def _common(kinds: Iterable[Kind | None]) -> Kind | None:
    distinct = set(kinds)
    return distinct.pop() if len(distinct) == 1 else None
