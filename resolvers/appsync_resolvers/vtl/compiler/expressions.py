"""Python code for expressions."""

from collections.abc import Callable, Sequence

from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.compiler.codes import (
    MAX_HOLES,
    NONE,
    Code,
    any_calls,
    format_string,
    named,
)
from appsync_resolvers.vtl.compiler.facts import Facts, is_simple
from appsync_resolvers.vtl.compiler.operators import ARITHMETIC, Operators
from appsync_resolvers.vtl.compiler.references import References
from appsync_resolvers.vtl.compiler.source import Names
from appsync_resolvers.vtl.values.kinds import LONG_MAX


class Expressions:
    """Writes expressions.

    Attributes:
        references: writes the references in them.

    Args:
        names: where constants and variables come from.
        facts: what is known of the template.
        block: makes a function of nodes and gives its name.
    """

    def __init__(
        self,
        names: Names,
        facts: Facts,
        block: Callable[[Sequence[tree.Node], bool], str],
    ) -> None:
        self.references = References(names, facts, self)
        self._operators = Operators(names)
        self._names = names
        self._block = block

    def value(self, node: tree.Expression, *, keep: bool = True) -> Code:
        """Write a value.

        Args:
            node: the expression.
            keep: whether the value is kept, so that it could be changed later.
        """
        if isinstance(node, tree.Reference):
            return self.references.write(node, keep=keep)
        if isinstance(node, tree.Integer):
            bound = abs(node.value)
            kind = "int" if bound <= LONG_MAX else ""
            return Code(f"({node.value})", kind, atomic=True, bound=bound)
        if isinstance(node, tree.Float):
            return Code(self._names.constant(node.value), atomic=True)
        if isinstance(node, tree.Boolean):
            return Code(str(node.value), "bool", atomic=True)
        if isinstance(node, tree.String):
            return self.string(node)
        if isinstance(node, tree.ListLiteral):
            codes = [self.value(item) for item in node.items]
            items = ", ".join(code.text for code in codes)
            return Code(f"[{items}]", "list", calls=any_calls(codes))
        if isinstance(node, tree.MapLiteral):
            return self._map(node)
        if isinstance(node, tree.Range):
            first, last = self.value(node.first).text, self.value(node.last).text
            return Code(f"int_list({first}, {last})", calls=True)
        if isinstance(node, tree.Binary):
            return self._binary(node)
        if isinstance(node, tree.Not):
            return Code(self.condition(node), "bool", calls=True)
        return NONE

    def condition(self, node: tree.Expression) -> str:
        """Write whether `#if` takes an expression for true.

        Only null and false are false, but a literal that is no boolean is, too.
        """
        if isinstance(node, tree.Not):
            return f"(not {self.condition(node.operand)})"
        if isinstance(node, tree.Boolean):
            return str(node.value)
        if isinstance(node, tree.Binary) and node.operator in ("and", "or"):
            operands = map(self.condition, _chain(node))
            return f"({f' {node.operator} '.join(operands)})"
        if isinstance(node, tree.Binary) and node.operator not in ARITHMETIC:
            return self._binary(node).text
        if not isinstance(node, tree.Reference):
            return "False"
        code = self.references.write(node, keep=False)
        if code.test or code.type == "bool":
            return code.test or code.text
        if code.type:
            return "True" if code.atomic else f"({code.text} is not None)"
        if code.atomic:
            return f"({code.text} is not None and {code.text} is not False)"
        name = self._names.temporary()
        return f"(({name} := {code.text}) is not None and {name} is not False)"

    def _map(self, node: tree.MapLiteral) -> Code:
        keys = [self.value(key) for key, _ in node.items]
        values = [self.value(value).text for _, value in node.items]
        pairs = zip(keys, values, strict=True)
        if all(key.type == "str" for key in keys):
            text = ", ".join(f"{key.text}: {value}" for key, value in pairs)
            return Code(f"{{{text}}}", "dict", calls=True)
        items = ", ".join(f"({key.text}, {value})" for key, value in pairs)
        return Code(f"make_map(({items},))", "dict", calls=True)

    def string(self, node: tree.String) -> Code:
        """Write a string literal."""
        if node.nodes is None:
            return Code(self._names.text(node.value), "str", atomic=True)
        if not is_simple(node.nodes) or node.trim:
            name = self._block(node.nodes, node.trim)
            return Code(f"{name}()", "str", calls=True)
        pieces = [self.piece(part) for part in node.nodes]
        return self.joined([piece for group in pieces for piece in group])

    def joined(self, pieces: Sequence[str | Code]) -> Code:
        """Write the concatenation of literal texts and values as one string."""
        holes = [piece for piece in pieces if isinstance(piece, Code)]
        if not holes:
            return Code(self._names.text("".join(map(str, pieces))), "str")
        if len(holes) > MAX_HOLES or any("'" in hole.text for hole in holes):
            codes = (
                self._names.text(piece) if isinstance(piece, str) else piece.text
                for piece in pieces
            )
            return Code(f"join_checked(({', '.join(codes)},))", "str", calls=True)
        name = self._names.temporary()
        text = format_string(pieces)
        return Code(
            f"({name} if len({name} := {text}) <= LONG else checked({name}))",
            "str",
            calls=True,
        )

    def piece(self, node: tree.Node) -> list[str | Code]:
        """Write what a text or a reference prints: literal texts and codes.

        The codes are for an f-string: they give a str or an int.
        """
        if isinstance(node, tree.Text):
            return [node.text]
        assert isinstance(node, tree.Reference)  # noqa: S101 - is_simple() has looked
        if node.escaped:
            return [self._escaped(node)]
        code = self.references.write(node, keep=False)
        if code is NONE:
            return [node.escapes * 2 + node.prefix + node.null]
        if not node.escapes:
            return [node.prefix, self._printed(code, node.null)]
        name = self._names.temporary()
        twice = self._names.text(node.escapes * 2 + node.prefix + node.null)
        once = self._names.text(node.escapes + node.prefix)
        return [
            Code(
                f"({twice} if ({name} := {code.text}) is None "
                f'else {once} + text({name}, ""))'
            )
        ]

    def _escaped(self, node: tree.Reference) -> Code:
        r"""Write `\$name`: the backslash stays where there is no such value."""
        code = self.references.write(node, keep=False)
        with_it = self._names.text(node.escapes + "\\" + node.null)
        without = self._names.text(node.escapes + node.null)
        return Code(f"({with_it} if {code.text} is None else {without})")

    def _printed(self, code: Code, null: str) -> Code:
        if code.type in ("str", "int"):
            return code
        if code.type == "bool":
            return Code(f'("true" if {code.text} else "false")')
        name, assign = named(code, self._names)
        literal = self._names.text(null)
        return Code(
            f"({name} if type({assign}) in PRINTED else text({name}, {literal}))"
        )

    def _binary(self, node: tree.Binary) -> Code:
        if node.operator in ("and", "or"):
            return Code(self.condition(node), "bool", calls=True)
        left = self.value(node.left, keep=False)
        right = self.value(node.right, keep=False)
        return self._operators.write(node, left, right)


def _chain(node: tree.Binary) -> list[tree.Expression]:
    """Give the operands of operators of one kind that follow each other."""
    operands: list[tree.Expression] = []
    left: tree.Expression = node
    while isinstance(left, tree.Binary) and left.operator == node.operator:
        operands.append(left.right)
        left = left.left
    return [left, *reversed(operands)]
