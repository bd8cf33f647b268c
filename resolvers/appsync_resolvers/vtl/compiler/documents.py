"""Python code that builds the value of a document with holes, see `skeleton`.

Where a hole holds something that would change the document's structure, the code raises
`Bail`: the template is then rendered and read.
"""

import re
from collections.abc import Sequence

from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.compiler import skeleton
from appsync_resolvers.vtl.compiler.codes import MAX_HOLES, Code, format_string
from appsync_resolvers.vtl.compiler.loops import LoopWriter
from appsync_resolvers.vtl.compiler.skeleton import (
    Array,
    Bare,
    Choice,
    Const,
    Do,
    Document,
    Each,
    Member,
    Object,
    Part,
)
from appsync_resolvers.vtl.compiler.statements import Statements

_FRACTION = re.compile(r"\.[0-9]+")
_UNSAFE = re.compile(r'["\\\x00-\x1f]')


class Documents:
    """Writes the code of a document.

    Args:
        statements: writes the statements in it.
    """

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._expressions = statements.expressions
        self._names = statements.names
        self._lines = statements.lines

    def write(self, document: Document) -> None:
        """Write the code, which returns the value."""
        self._do(document.before)
        value = self._part(document.value)
        if document.after:
            value = self._named(value)
            self._do(document.after)
        self._lines.add(f"return {value}")

    def _do(self, statements: Sequence[Do]) -> None:
        for each in statements:
            self._statement(each.node)

    def _statement(self, node: tree.Node) -> None:
        """Write a statement without the white space it prints."""
        if isinstance(node, tree.Reference):
            self._call(node)
        elif isinstance(node, tree.If):
            branches = [(test, _without_text(body)) for test, body in node.branches]
            self._if(branches)
        elif isinstance(node, tree.Foreach):
            body = _without_text(node.body)
            LoopWriter(
                self._statements, node, lambda: self._do([Do(each) for each in body])
            ).write()
        elif not isinstance(node, tree.Text):
            self._statements.node(node)

    def _if(
        self, branches: Sequence[tuple[tree.Expression | None, Sequence[tree.Node]]]
    ) -> None:
        head = "if"
        for condition, body in branches:
            test = "True"
            if condition is not None:
                test = self._expressions.condition(condition)
            types = dict(self._expressions.references.types)
            with self._lines.indented(f"{head} {test}:"):
                self._do([Do(each) for each in body])
            self._expressions.references.types = types
            head = "elif"
        self._statements.forget([body for _, body in branches])

    def _call(self, node: tree.Reference) -> None:
        """Write a call that prints nothing, unless its arguments are wrong."""
        if self._statements.effect(node):
            return
        code = self._expressions.references.write(node, keep=False)
        self._lines.add(f'if {code.text} != "": raise Bail')

    def _named(self, text: str) -> str:
        name = self._names.temporary()
        self._lines.add(f"{name} = {text}")
        return name

    def _part(self, part: Part) -> str:
        if isinstance(part, Const):
            return self._constant(part.value)
        if isinstance(part, skeleton.Text):
            return self._text(part.pieces)
        if isinstance(part, Bare):
            return self._bare(part.pieces)
        if isinstance(part, Object):
            return self._object(part)
        if isinstance(part, Array):
            return self._array(part)
        return self._choice(part)

    def _constant(self, value: object) -> str:
        if isinstance(value, str):
            return self._names.text(value)
        return repr(value) if value in (True, False, None) else f"({value!r})"

    def _text(self, pieces: list[str | tree.Reference]) -> str:
        """Write a string; numbers in it need no look, other values may hold quotes."""
        printed = self._printed(pieces)
        holes = [piece for piece in printed if isinstance(piece, Code)]
        harmless = all(hole.type in ("int", "bool") for hole in holes)
        if not harmless and any(
            isinstance(piece, str) and _UNSAFE.search(piece) for piece in printed
        ):
            raise skeleton.NotRecognized
        if len(printed) == 1 and holes and not holes[0].type:
            return f"safe({holes[0].text})"
        if any("'" in hole.text for hole in holes):
            raise skeleton.NotRecognized
        text = format_string(printed)
        return text if harmless else f"safe({text})"

    def _bare(self, pieces: list[str | tree.Reference]) -> str:
        first = pieces[0]
        if isinstance(first, tree.Reference) and len(pieces) == 1:
            if first.escaped or first.prefix or first.escapes:
                raise skeleton.NotRecognized
            written = _json_argument(first)
            if (
                written is not None
                and first.name not in self._statements.facts.assigned
            ):
                return self._copied(self._expressions.value(written, keep=False))
            code = self._expressions.references.write(first, keep=False)
            known = code.type in ("int", "bool")
            return code.text if known else f"bare({code.text})"
        printed = self._printed(pieces)
        if any(isinstance(piece, Code) and "'" in piece.text for piece in printed):
            raise skeleton.NotRecognized
        text = format_string(printed)
        is_number = (
            len(printed) == 2
            and isinstance(printed[0], Code)
            and printed[0].type == "int"
            and isinstance(printed[1], str)
            and _FRACTION.fullmatch(printed[1])
        )
        return f"float({text})" if is_number else f"bare_text({text})"

    def _printed(self, pieces: list[str | tree.Reference]) -> list[str | Code]:
        """Write what pieces print, without empty texts."""
        printed: list[str | Code] = []
        for piece in pieces:
            if isinstance(piece, str):
                printed.append(piece)
                continue
            for part in self._expressions.piece(piece):
                if isinstance(part, str) and _UNSAFE.search(part):
                    raise skeleton.NotRecognized
                printed.append(part)
        if sum(isinstance(piece, Code) for piece in printed) > MAX_HOLES:
            raise skeleton.NotRecognized
        return [piece for piece in printed if piece]

    def _copied(self, code: Code) -> str:
        """Write a copy of a value, for the document must not change with it."""
        if code.type in ("str", "int", "bool"):
            return code.text
        if self._statements.facts.calculates:
            return f"sized({code.text})"
        copy = "plain" if self._statements.facts.sharing else "plain_tree"
        if code.atomic:
            name = code.text
            return f"({name} if type({name}) in SCALARS else {copy}({name}))"
        name = self._names.temporary()
        assign = f"{name} := {code.text}"
        return f"({name} if type({assign}) in SCALARS else {copy}({name}))"

    def _object(self, part: Object) -> str:
        pairs: list[tuple[str, str]] = []
        for member in part.members:
            if isinstance(member, Do):
                pairs = self._settled(pairs)
                self._statement(member.node)
                continue
            if _has_statements(member.value):
                pairs = self._settled(pairs)
            pairs.append((self._names.text(member.key), self._part(member.value)))
        return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"

    def _settled(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Evaluate what comes before a statement."""
        return [
            (key, value if _is_name(value) else self._named(value))
            for key, value in pairs
        ]

    def _array(self, part: Array) -> str:
        values: list[str] = []
        for item in part.items:
            if isinstance(item, Do | Each) or _has_statements(item):
                values = [
                    value if _is_name(value) else self._named(value) for value in values
                ]
            if isinstance(item, Do):
                self._statement(item.node)
            elif isinstance(item, Each):
                values.append("*" + self._each(item))
            else:
                values.append(self._part(item))
        if len(values) == 1 and values[0].startswith("*"):
            return values[0][1:]
        return f"[{', '.join(values)}]"

    def _each(self, each: Each) -> str:
        items = self._named("[]")
        add = self._named(f"{items}.append")

        def body() -> None:
            self._do(each.before)
            self._lines.add(f"{add}({self._part(each.item)})")
            self._do(each.after)

        LoopWriter(self._statements, each.node, body).write()
        return items

    def _choice(self, part: Choice) -> str:
        simple = not any(
            before or after or _has_statements(value)
            for _, before, value, after in part.branches
        )
        if simple:
            text = ""
            for condition, _, value, _ in part.branches:
                written = self._part(value)
                if condition is None:
                    return f"({text}{written})"
                text += f"{written} if {self._expressions.condition(condition)} else "
        name = self._names.temporary()
        head = "if"
        for condition, before, value, after in part.branches:
            test = "True"
            if condition is not None:
                test = self._expressions.condition(condition)
            types = dict(self._expressions.references.types)
            with self._lines.indented(f"{head} {test}:"):
                self._do(before)
                self._lines.add(f"{name} = {self._part(value)}")
                self._do(after)
            self._expressions.references.types = types
            head = "elif"
        for _, before, value, after in part.branches:
            self._statements.forget(
                [[each.node for each in _all_do(before, value, after)]]
            )
        return name


def _is_name(text: str) -> bool:
    """Say whether a value is kept under a name that nothing else is assigned to."""
    return text.lstrip("*")[:1] in ("k", "t") and text.lstrip("*").isalnum()


def _without_text(nodes: Sequence[tree.Node]) -> list[tree.Node]:
    return [node for node in nodes if not isinstance(node, tree.Text)]


def _json_argument(node: tree.Reference) -> tree.Expression | None:
    """Give `x` of `$util.toJson(x)`, None for any other reference."""
    step = node.steps[0] if len(node.steps) == 1 else None
    if (
        node.name in ("util", "utils")
        and isinstance(step, tree.Method)
        and step.name == "toJson"
        and len(step.arguments) == 1
    ):
        return step.arguments[0]
    return None


def _has_statements(part: Part) -> bool:
    """Say whether lines have to be written before the expression of a part."""
    if isinstance(part, Object):
        return any(
            isinstance(member, Do) or _has_statements(member.value)
            for member in part.members
        )
    if isinstance(part, Array):
        return any(
            isinstance(item, Do | Each) or _has_statements(item) for item in part.items
        )
    if isinstance(part, Choice):
        return any(
            before or after or _has_statements(value)
            for _, before, value, after in part.branches
        )
    return False


def _all_do(before: Sequence[Do], part: Part, after: Sequence[Do]) -> list[Do]:
    """Give all statements of a branch, those inside of its value too."""
    found = [*before, *after]
    if isinstance(part, Object):
        for member in part.members:
            if isinstance(member, Member):
                found += _all_do((), member.value, ())
            else:
                found.append(member)
    elif isinstance(part, Array):
        for item in part.items:
            if isinstance(item, Do):
                found.append(item)
            elif isinstance(item, Each):
                found.append(Do(item.node))
            else:
                found += _all_do((), item, ())
    elif isinstance(part, Choice):
        for _, first, value, last in part.branches:
            found += _all_do(first, value, last)
    return found
