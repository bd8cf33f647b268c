"""Python code for arithmetic and comparison, with a fast path for whole numbers."""

from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.compiler.codes import Code, named
from appsync_resolvers.vtl.compiler.source import Names
from appsync_resolvers.vtl.values.kinds import LONG_MAX

ARITHMETIC = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "%": "modulo",
}
_ORDER = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}
_LONG_CODE = 1000
"""From this length on an operand may nest deeply, and Python allows 200 brackets; the
fast path would need two for each operator."""


class Operators:
    """Writes operators of two values.

    Args:
        names: where names of values come from.
    """

    def __init__(self, names: Names) -> None:
        self._names = names

    def write(self, node: tree.Binary, left: Code, right: Code) -> Code:
        """Write an operator that is neither `and` nor `or`."""
        operator = node.operator
        if operator in ("==", "!="):
            equal = self._equality(node, left, right)
            text = f"(not {equal})" if operator == "!=" else equal
            return Code(text, "bool", calls=True)
        if operator in _ORDER:
            return Code(self._order(node, left, right), "bool", calls=True)
        return self._arithmetic(node, left, right)

    def _equality(self, node: tree.Binary, left: Code, right: Code) -> str:
        for one, other, literal in (
            (left, right, node.right),
            (right, left, node.left),
        ):
            if not isinstance(literal, tree.Integer | tree.String) or not other.type:
                continue
            if isinstance(literal, tree.String) and literal.nodes is not None:
                continue
            if one.type == other.type:
                return f"({one.text} == {other.text})"
            if not one.type:
                name, assign = named(one, self._names)
                return (
                    f"({name} == {other.text} if type({assign}) is {other.type} "
                    f"else same({name}, {other.text}))"
                )
        return f"same({left.text}, {right.text})"

    def _order(self, node: tree.Binary, left: Code, right: Code) -> str:
        function = _ORDER[node.operator]
        if left.type == right.type == "int":
            return f"({left.text} {node.operator} {right.text})"
        if isinstance(node.right, tree.Integer) and not left.type:
            name, assign = named(left, self._names)
            return (
                f"({name} {node.operator} {right.text} if type({assign}) is int "
                f"else {function}({name}, {right.text}))"
            )
        return f"{function}({left.text}, {right.text})"

    def _arithmetic(self, node: tree.Binary, left: Code, right: Code) -> Code:
        """Write arithmetic; that of a whole number and a literal needs no call."""
        operator = node.operator
        arguments = f"{left.text}, {right.text}"
        if operator == "+":
            names = (node.left.literal, node.right.literal)
            arguments += ", " + ", ".join(map(self._names.text, names))
        slow = f"{ARITHMETIC[operator]}({arguments})"
        literal = node.right
        if (
            not isinstance(literal, tree.Integer)
            or right.type != "int"
            or (operator in "/%" and literal.value <= 0)
        ):
            return Code(slow, calls=True)
        bound = _bound(operator, left, right)
        if left.type == "int" and (bound <= LONG_MAX or operator in "+-"):
            return _bounded(operator, left, right, slow, bound)
        if left.type or len(left.text) > _LONG_CODE:
            return Code(slow, calls=True)
        name, assign = named(left, self._names)
        condition = f"type({assign}) is int"
        if operator in "/%":
            condition += f" and {name} >= 0"
        elif operator == "*":
            condition += f" and -{LONG_MAX} < {name} < {LONG_MAX}"
        if not left.atomic:
            slow = slow.replace(left.text, name, 1)
        fast = f"{name} {operator.replace('/', '//')} {right.text}"
        return Code(f"({fast} if {condition} else {slow})", calls=True)


def _bounded(operator: str, left: Code, right: Code, slow: str, bound: int) -> Code:
    """Write arithmetic of what certainly is a whole number, and of a literal."""
    if operator not in "/%":
        text = f"({left.text} {operator} {right.text})"
    elif left.atomic:
        fast = f"{left.text} {operator.replace('/', '//')} {right.text}"
        text = f"({fast} if {left.text} >= 0 else {slow})"
    else:
        text = slow
    kind = "int" if bound <= LONG_MAX else ""
    return Code(text, kind, calls=True, bound=bound)


def _bound(operator: str, left: Code, right: Code) -> int:
    """Say how far from zero the value of an operator may be."""
    if operator == "*":
        return left.bound * right.bound
    if operator in "/%":
        return left.bound if operator == "/" else right.bound
    return left.bound + right.bound
