"""Python code for references and expressions.

The fast path for JSON values stands in the generated code itself; functions of
`runtime` do the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.compiler.facts import (
    CONTEXT_NAMES,
    MUTATORS,
    SHARED,
    Facts,
    is_simple,
)
from appsync_resolvers.vtl.compiler.source import Names, quoted
from appsync_resolvers.vtl.util.registry import NAMESPACES, ROOTS, helpers
from appsync_resolvers.vtl.values.objects import Namespace

_ARITHMETIC = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "%": "modulo",
}
_ORDER = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}
_CONTEXT: dict[str, tuple[str, str]] = {
    "args": ("c.arguments", "dict"),
    "arguments": ("c.arguments", "dict"),
    "source": ("c.source", ""),
    "identity": ("c.identity.value", ""),
    "request": ("c.request.value", "dict"),
    "stash": ("c.stash", "dict"),
    "result": ("c.result", ""),
    "error": ("c.error", ""),
    "env": ("c.env.value", "dict"),
    "prev": ("previous(c)", ""),
    "info": ("info(c)", ""),
    "outErrors": ("out_errors(c)", "list"),
}
_INFO = {
    "selectionSetList": ("c.info.selection_set_list", "list"),
    "selectionSetGraphQL": ("c.info.selection_set_graphql", "str"),
}
_READERS = frozenset(
    {
        "appendError",
        "error",
        "escapeJavaScript",
        "isBoolean",
        "isList",
        "isMap",
        "isNull",
        "isNullOrBlank",
        "isNullOrEmpty",
        "isNumber",
        "isString",
        "matches",
        "toJson",
        "typeOf",
        "urlEncode",
        "validate",
    }
)
_VIEWS = frozenset({"entrySet", "iterator", "keySet", "listIterator", "values"})
"""Methods whose results let a template change what they come from."""
MAX_HOLES = 8


@dataclass(frozen=True, slots=True)
class Code:
    """Python code of a value.

    Attributes:
        text: an expression.
        type: name of its type where that is certain, `str`, `int`, `bool`, `dict` or
            `list`, and never None; otherwise empty.
        atomic: whether it is only a name, and may be written more than once.
        shared: whether others may read the value, so that it must not be changed.
        calls: whether evaluating it may have an effect, or fail.
        test: code that says whether `#if` takes it for true, where that is shorter.
    """

    text: str
    type: str = ""
    atomic: bool = False
    shared: bool = False
    calls: bool = False
    test: str = ""

    @property
    def certain(self) -> bool:
        """Whether the value is never None."""
        return bool(self.type) or (self.atomic and self.text.startswith(("k", "(")))


NONE = Code("None", atomic=True)


@dataclass(slots=True)
class Loop:
    """Names of a `#foreach` that is being generated."""

    index: str
    size: str


class Expressions:
    """Writes expressions.

    Attributes:
        loops: the loops around the next expression, the outermost first.
        types: what is known of the types of variables at this place, see `Code.type`.

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
        self.loops: list[Loop] = []
        self.types: dict[str, str] = {}
        self._names = names
        self._facts = facts
        self._block = block

    def value(self, node: tree.Expression, *, keep: bool = True) -> Code:
        """Write a value.

        Args:
            node: the expression.
            keep: whether the value is kept, so that it could be changed later.
        """
        if isinstance(node, tree.Reference):
            return self.reference(node, keep=keep)
        if isinstance(node, tree.Integer):
            return Code(f"({node.value})", "int", atomic=True)
        if isinstance(node, tree.Float):
            return Code(self._names.constant(node.value), atomic=True)
        if isinstance(node, tree.Boolean):
            return Code(str(node.value), "bool", atomic=True)
        if isinstance(node, tree.String):
            return self.string(node)
        if isinstance(node, tree.ListLiteral):
            codes = [self.value(item) for item in node.items]
            items = ", ".join(code.text for code in codes)
            return Code(f"[{items}]", "list", calls=_any_calls(codes))
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
        if isinstance(node, tree.Binary) and node.operator not in _ARITHMETIC:
            return self._binary(node).text
        if not isinstance(node, tree.Reference):
            return "False"
        code = self.reference(node, keep=False)
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
            f"({name} if len({name} := {text}) <= MAX_TEXT else too_large())",
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
        code = self.reference(node, keep=False)
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
        code = self.reference(node, keep=False)
        with_it = self._names.text(node.escapes + "\\" + node.null)
        without = self._names.text(node.escapes + node.null)
        return Code(f"({with_it} if {code.text} is None else {without})")

    def _printed(self, code: Code, null: str) -> Code:
        if code.type in ("str", "int"):
            return code
        if code.type == "bool":
            return Code(f'("true" if {code.text} else "false")')
        name, assign = self._named(code)
        literal = self._names.text(null)
        return Code(
            f"({name} if type({assign}) in PRINTED else text({name}, {literal}))"
        )

    def _binary(self, node: tree.Binary) -> Code:
        operator = node.operator
        if operator in ("and", "or"):
            return Code(self.condition(node), "bool", calls=True)
        left = self.value(node.left, keep=False)
        right = self.value(node.right, keep=False)
        if operator in ("==", "!="):
            equal = self._equality(node, left, right)
            text = f"(not {equal})" if operator == "!=" else equal
            return Code(text, "bool", calls=True)
        if operator in _ORDER:
            return self._order(node, left, right)
        return self._arithmetic(node, left, right)

    def _equality(self, node: tree.Binary, left: Code, right: Code) -> str:
        for one, other, literal in (
            (left, right, node.right),
            (right, left, node.left),
        ):
            if not isinstance(literal, tree.Integer | tree.String):
                continue
            if isinstance(literal, tree.String) and literal.nodes is not None:
                continue
            if one.type == other.type:
                return f"({one.text} == {other.text})"
            if not one.type:
                name, assign = self._named(one)
                return (
                    f"({name} == {other.text} if type({assign}) is {other.type} "
                    f"else same({name}, {other.text}))"
                )
        return f"same({left.text}, {right.text})"

    def _named(self, code: Code) -> tuple[str, str]:
        """Give a name for a value, and code that evaluates it into that name."""
        if code.atomic:
            return code.text, code.text
        name = self._names.temporary()
        return name, f"{name} := {code.text}"

    def _order(self, node: tree.Binary, left: Code, right: Code) -> Code:
        function = _ORDER[node.operator]
        if left.type == right.type == "int":
            text = f"({left.text} {node.operator} {right.text})"
            return Code(text, "bool", calls=True)
        if isinstance(node.right, tree.Integer) and not left.type:
            name, assign = self._named(left)
            return Code(
                f"({name} {node.operator} {right.text} if type({assign}) is int "
                f"else {function}({name}, {right.text}))",
                "bool",
                calls=True,
            )
        return Code(f"{function}({left.text}, {right.text})", "bool", calls=True)

    def _arithmetic(self, node: tree.Binary, left: Code, right: Code) -> Code:
        operator = node.operator
        arguments = f"{left.text}, {right.text}"
        if operator == "+":
            names = (node.left.literal, node.right.literal)
            arguments += ", " + ", ".join(map(self._names.text, names))
        slow = f"{_ARITHMETIC[operator]}({arguments})"
        literal = node.right
        if not isinstance(literal, tree.Integer) or left.type not in ("", "int"):
            return Code(slow, calls=True)
        if abs(literal.value) >= 2**31 or (operator in "/%" and literal.value <= 0):
            return Code(slow, calls=True)
        name, assign = self._named(left)
        conditions = [] if left.type == "int" else [f"type({assign}) is int"]
        if operator in "/%":
            if left.type == "int" and not left.atomic:
                return Code(slow, calls=True)
            conditions.append(f"{name} >= 0")
        fast = f"{name} {operator.replace('/', '//')} {right.text}"
        if not conditions:
            return Code(f"({left.text} {operator} {right.text})", "int", calls=True)
        if not left.atomic:
            slow = slow.replace(left.text, name, 1)
        text = f"({fast} if {' and '.join(conditions)} else {slow})"
        return Code(text, "int" if left.type == "int" else "", calls=True)

    def reference(self, node: tree.Reference, *, keep: bool) -> Code:
        """Write the value of a reference."""
        if node.name is None:
            return NONE
        steps = list(node.steps)
        code = self._root(node.name, steps)
        for step in steps:
            code = self._step(code, step)
        if keep and code.shared and self._facts.mutates and code.type != "str":
            return Code(f"own({code.text})", code.type, calls=code.calls)
        return code

    def _root(self, name: str, steps: list[tree.Step]) -> Code:
        """Write the variable, and take off the steps that were needed for it."""
        facts = self._facts
        if name in ROOTS and name not in facts.assigned:
            return self._namespace(ROOTS[name], steps)
        if name in CONTEXT_NAMES and name not in facts.assigned and facts.plain_context:
            return self._context(steps)
        if name == "foreach" and not facts.scopes:
            return self._counter(steps)
        return Code(self._names.variable(name), self.types.get(name, ""), atomic=True)

    def _context(self, steps: list[tree.Step]) -> Code:
        first = steps.pop(0)
        name = first.name if isinstance(first, tree.Property) else ""
        following = (
            steps[0].name if steps and isinstance(steps[0], tree.Property) else ""
        )
        if name == "prev" and following == "result":
            steps.pop(0)
            return Code("c.prev")
        if name == "info" and following in _INFO:
            steps.pop(0)
            text, kind = _INFO[following]
            return Code(text, kind, shared=True)
        if name == "info" and following in ("fieldName", "parentTypeName"):
            steps.pop(0)
            return Code(f'c.info.value.get("{following}")')
        if name == "info" and following and following not in ("class", "Class"):
            return Code("c.info.value", "dict", shared=True)
        if name not in _CONTEXT:
            return NONE
        text, kind = _CONTEXT[name]
        return Code(text, kind, shared=name in SHARED)

    def _counter(self, steps: list[tree.Step]) -> Code:
        """Write `$foreach.count` and its kind, those of an outer loop with `parent`."""
        level = len(steps)
        name = steps[-1].name if isinstance(steps[-1], tree.Property) else ""
        steps.clear()
        if level > len(self.loops):
            return NONE
        loop = self.loops[-level]
        if name == "index":
            return Code(loop.index, "int", atomic=True)
        if name == "count":
            return Code(f"({loop.index} + 1)", "int")
        if name == "first":
            return Code(f"({loop.index} == 0)", "bool")
        comparison = "<" if name == "hasNext" else ">="
        return Code(f"({loop.index} + 1 {comparison} {loop.size})", "bool")

    def _namespace(self, path: str, steps: list[tree.Step]) -> Code:
        """Write a call of a helper."""
        while steps and isinstance(steps[0], tree.Property):
            inner = f"{path}.{steps[0].name}"
            if inner not in NAMESPACES:
                return NONE
            path = inner
            steps.pop(0)
        if not steps or not isinstance(steps[0], tree.Method):
            return Code(f"noted({self._names.constant(Namespace(path))})", calls=True)
        step = steps.pop(0)
        assert isinstance(step, tree.Method)  # noqa: S101 - looked at above
        keep = step.name not in _READERS
        arguments = [self.value(argument, keep=keep) for argument in step.arguments]
        direct = self._direct(path, step.name, arguments)
        if direct is not None:
            return direct
        overloads = helpers(path, step.name)
        if overloads is None:
            return NONE
        listed = "".join(f"{argument.text}, " for argument in arguments)
        known = self._names.constant(overloads)
        names = f'{known}, ("{path}", "{step.name}")'
        return Code(f"helper({names}, ({listed}), {step.at}, c)", calls=True)

    def _direct(self, path: str, name: str, arguments: list[Code]) -> Code | None:
        """Write the most frequent helpers without a call of theirs."""
        if path != "util" or not arguments:
            return None
        first = arguments[0]
        if len(arguments) == 1:
            if name == "toJson":
                return Code(f"to_json({first.text})", "str", calls=True)
            if name == "isNull" and not (first.atomic and first.type):
                return Code(f"({first.text} is None)", "bool", calls=first.calls)
            if name in ("qr", "quiet"):
                return Code(f"quiet({first.text})", "str", calls=True)
            if name == "isNullOrEmpty" and not (first.atomic and first.type):
                name, assign = self._named(first)
                return Code(
                    f"null_or_empty({first.text})",
                    calls=first.calls,
                    test=f'(({assign}) is None or {name} == "")',
                )
        if len(arguments) == 2 and name == "defaultIfNull":
            text = f"default({first.text}, {arguments[1].text})"
            return Code(text, calls=_any_calls(arguments))
        return None

    def _step(self, code: Code, step: tree.Step) -> Code:
        if code is NONE:
            return NONE
        if isinstance(step, tree.Property):
            return self._property(code, step.name)
        if isinstance(step, tree.Method):
            return self._method(code, step)
        key = self.value(step.key, keep=False)
        receiver, guard = self._guarded(code, [key])
        text = f"get_index({receiver}, {key.text}, {step.at})"
        return Code(guard.replace("{}", text), shared=code.shared, calls=True)

    def _guarded(self, code: Code, arguments: list[Code]) -> tuple[str, str]:
        """Let arguments be evaluated only when there is a receiver, where it matters.

        Gives code of the receiver, and a pattern for what surrounds the call.
        """
        if code.type or not any(argument.calls for argument in arguments):
            return code.text, "{}"
        name, assign = self._named(code)
        return name, f"(None if ({assign}) is None else {{}})"

    def _property(self, code: Code, name: str) -> Code:
        if name in ("class", "Class"):
            return Code(f'get_property({code.text}, "{name}")', calls=True)
        if code.type == "dict":
            text = f'{code.text}.get("{name}")'
            return Code(text, shared=code.shared, calls=code.calls)
        variable, assign = self._named(code)
        return Code(
            f'({variable}.get("{name}") if type({assign}) is dict '
            f'else get_property({variable}, "{name}"))',
            shared=code.shared,
            calls=code.calls,
        )

    def _method(self, code: Code, step: tree.Method) -> Code:
        if code.shared and self._facts.mutates and step.name in _VIEWS:
            code = Code(f"own({code.text})", code.type, calls=code.calls)
        keep = step.name in MUTATORS
        arguments = [self.value(argument, keep=keep) for argument in step.arguments]
        if step.name == "get" and len(arguments) == 1 and arguments[0].type == "str":
            variable, assign = self._named(code)
            key = arguments[0].text
            if arguments[0].atomic:
                return Code(
                    f"({variable}.get({key}) if type({assign}) is dict "
                    f'else call({variable}, "get", ({key},), {step.at}, c))',
                    shared=code.shared,
                    calls=True,
                )
        receiver, guard = self._guarded(code, arguments)
        listed = "".join(f"{argument.text}, " for argument in arguments)
        text = f'call({receiver}, "{step.name}", ({listed}), {step.at}, c)'
        return Code(guard.replace("{}", text), shared=code.shared, calls=True)


def _chain(node: tree.Binary) -> list[tree.Expression]:
    """Give the operands of operators of one kind that follow each other."""
    operands: list[tree.Expression] = []
    left: tree.Expression = node
    while isinstance(left, tree.Binary) and left.operator == node.operator:
        operands.append(left.right)
        left = left.left
    return [left, *reversed(operands)]


def _any_calls(codes: Sequence[Code]) -> bool:
    return any(code.calls for code in codes)


def format_string(pieces: Sequence[str | Code]) -> str:
    """Write pieces as an f-string."""
    parts = [
        quoted(piece) if isinstance(piece, str) else f"{{{piece.text}}}"
        for piece in pieces
    ]
    return f"f'{''.join(parts)}'"
