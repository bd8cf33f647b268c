"""Python code for the statements of a template: output and directives."""

from collections.abc import Sequence

from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.compiler.codes import MAX_HOLES, Code, format_string
from appsync_resolvers.vtl.compiler.expressions import Expressions
from appsync_resolvers.vtl.compiler.facts import Facts, is_helper
from appsync_resolvers.vtl.compiler.loops import LoopWriter, assigns
from appsync_resolvers.vtl.compiler.source import Lines, Names

_WATCH = 32
"""How many outputs may follow each other before their size is looked at."""


class Statements:
    """Writes statements; output goes to the function `w`.

    Attributes:
        lines: the code so far.
        expressions: writes the expressions in it.
        loop_depth: in how many loops of this function the next statement stands.
        apart: whether the code belongs to a function of its own, so that it has to
            raise what the template's function does by returning.
        shadows: for a loop's variable, the name that tells whether its item is null.

    Args:
        names: the template's names.
        facts: what is known of the template.
        functions: where the functions go that have to stand before all else.
    """

    def __init__(
        self, names: Names, facts: Facts, functions: list[str], *, apart: bool = False
    ) -> None:
        self.lines = Lines()
        self.names = names
        self.facts = facts
        self.expressions = Expressions(names, facts, self._string)
        self.loop_depth = 0
        self.apart = apart
        self.shadows: dict[str, str] = {}
        self._functions = functions
        self._pieces: list[str | Code] = []
        self._outputs = 0

    def nodes(self, nodes: Sequence[tree.Node]) -> None:
        """Write nodes and all output that they make."""
        for node in nodes:
            self.node(node)
        self.flush()

    def node(self, node: tree.Node) -> None:
        """Write a node; its output may wait for more of it."""
        if isinstance(node, tree.Text):
            self._print(node.text)
        elif isinstance(node, tree.Reference):
            if not self.effect(node):
                for piece in self.expressions.piece(node):
                    self._print(piece)
        else:
            self.flush()
            self._directive(node)

    def _directive(self, node: tree.Node) -> None:
        if isinstance(node, tree.Set):
            self._set(node)
        elif isinstance(node, tree.If):
            self._if(node)
        elif isinstance(node, tree.Foreach):
            LoopWriter(self, node).write()
        elif isinstance(node, tree.Define):
            name = self._function(node.body, "define")
            self.lines.add(f"{self.names.variable(node.name)} = noted(Block({name}))")
        elif isinstance(node, tree.Break):
            self._break(node)
        elif isinstance(node, tree.Stop):
            self.lines.add("raise Stopped" if self.apart else "return out")
        elif isinstance(node, tree.Return):
            value = "None"
            if node.value is not None:
                value = f"plain({self.expressions.value(node.value, keep=False).text})"
            self.lines.add(f"raise EarlyReturn({value})")

    def _print(self, piece: str | Code) -> None:
        if isinstance(piece, Code) and "'" in piece.text:
            self.flush()
            piece = Code(self._named(piece), atomic=True)
        if piece:
            self._pieces.append(piece)
        if sum(isinstance(each, Code) for each in self._pieces) >= MAX_HOLES:
            self.flush()

    def flush(self) -> None:
        """Write the output that waits."""
        pieces, self._pieces = self._pieces, []
        if not pieces:
            return
        if all(isinstance(piece, str) for piece in pieces):
            self.lines.add(f"w({self.names.text(''.join(map(str, pieces)))})")
            return
        text = format_string(pieces)
        if not self.facts.guarded:
            self.lines.add(f"w({text})")
            return
        name = self.names.temporary()
        self.lines.add(f"w({name} := {text})")
        self.lines.add(f"if len({name}) > 65536: r.grow(len({name}))")
        self._outputs += 1
        if not self._outputs % _WATCH:
            self.lines.add("r.watch(out)")

    def _named(self, code: Code) -> str:
        """Give a name for a value, assigning it to one where it has none."""
        if code.atomic:
            return code.text
        name = self.names.temporary()
        self.lines.add(f"{name} = {code.text}")
        return name

    def effect(self, node: tree.Reference) -> bool:
        """Write a reference that prints nothing, such as `$util.qr(…)`; else say no."""
        step = node.steps[0] if len(node.steps) == 1 else None
        if (
            not isinstance(step, tree.Method)
            or step.name not in ("qr", "quiet")
            or len(step.arguments) != 1
            or not is_helper(node)
            or node.name in self.facts.assigned
            or node.escaped
            or node.prefix
            or node.escapes
        ):
            return False
        self.flush()
        argument = step.arguments[0]
        if not (isinstance(argument, tree.Reference) and self._change(argument)):
            code = self.expressions.value(argument, keep=False)
            if not code.atomic:
                self.lines.add(code.text)
        return True

    def _change(self, node: tree.Reference) -> bool:
        """Write `put` and `add` without looking for a method; else say no."""
        last = node.steps[-1] if node.steps else None
        if not isinstance(last, tree.Method) or self.loop_depth > 1:
            return False
        count = {"put": 2, "add": 1}.get(last.name)
        if count != len(last.arguments) or is_helper(node):
            return False
        receiver = self.expressions.references.write(
            node.without_last_step(), keep=False
        )
        codes = [self.expressions.value(argument) for argument in last.arguments]
        if not receiver.type and any(code.calls for code in codes):
            return False
        target = self._named(receiver)
        values = [self._named(code) for code in codes]
        kind = "dict" if last.name == "put" else "list"
        checks = [] if receiver.type == kind else [f"type({target}) is {kind}"]
        change = f"{target}.append({values[0]})"
        if last.name == "put":
            change = f"{target}[{values[0]}] = {values[1]}"
            if not isinstance(last.arguments[0], tree.String):
                checks.append(f"type({values[0]}) is str")
        if not checks:
            self._keep(target)
            self.lines.add(change)
            return True
        with self.lines.indented(f"if {' and '.join(checks)}:"):
            self._keep(target)
            self.lines.add(change)
        with self.lines.indented("else:"):
            listed = ", ".join(values)
            self.lines.add(f'call({target}, "{last.name}", ({listed},), {last.at}, c)')
        return True

    def _keep(self, target: str) -> None:
        if self.facts.guarded:
            self.lines.add(f"r.keep({target})")

    def _set(self, node: tree.Set) -> None:
        """Write an assignment; null changes nothing, as in Velocity 1.7."""
        if self.facts.guarded and not self.facts.loops:
            self.lines.add("r.watch(out)")
        code = self.expressions.value(node.value)
        target = node.target
        types = self.expressions.references.types
        if not target.steps:
            types.pop(target.target, None)
            if code.type and not (self.facts.blocks or target.target in self.shadows):
                types[target.target] = code.type
        shadow = None if target.steps else self.shadows.get(target.target)
        if not target.steps and code.certain and not shadow:
            variable = self.names.variable(target.target)
            self.lines.add(f"{variable} = {code.text}")
            return
        value = self._named(code)
        conditions = [] if code.certain else [f"{value} is not None"]
        if shadow:
            conditions.append(f"not {shadow}")
        with self.lines.indented(f"if {' and '.join(conditions) or 'True'}:"):
            if target.steps:
                self._set_member(target, value)
            else:
                variable = self.names.variable(target.target)
                self.lines.add(f"{variable} = {value}")

    def _set_member(self, target: tree.Reference, value: str) -> None:
        step = target.steps[-1]
        receiver = target.without_last_step()
        code = self.expressions.references.write(receiver, keep=False)
        if isinstance(step, tree.Property):
            self.lines.add(f'set_property({code.text}, "{step.name}", {value})')
        elif isinstance(step, tree.Index):
            key = self.expressions.value(step.key, keep=False).text
            self.lines.add(f"set_index({code.text}, {key}, {value}, {step.at})")
        else:
            self.lines.add(code.text)

    def _if(self, node: tree.If) -> None:
        head = "if"
        for condition, body in node.branches:
            test = "True"
            if condition is not None:
                test = self.expressions.condition(condition)
            before = dict(self.expressions.references.types)
            with self.lines.indented(f"{head} {test}:"):
                self.nodes(body)
            self.expressions.references.types = before
            head = "elif"
        self.forget([body for _, body in node.branches])

    def forget(self, blocks: Sequence[Sequence[tree.Node]]) -> None:
        """Forget the types of what blocks assign that may or may not be evaluated."""
        for name in list(self.expressions.references.types):
            if any(assigns(block, name) for block in blocks):
                del self.expressions.references.types[name]

    def _break(self, node: tree.Break) -> None:
        if node.scope is not None:
            value = self.expressions.value(node.scope, keep=False).text
            literal = self.names.text(node.scope.literal)
            self.lines.add(f"break_from({value}, {literal}, {node.at})")
        elif self.loop_depth:
            self.lines.add("break")
        else:
            self.lines.add("raise Broken(None)" if self.apart else "return out")

    def _string(self, nodes: Sequence[tree.Node], trim: bool) -> str:
        return self._function(nodes, "trimmed" if trim else "string")

    def _function(self, nodes: Sequence[tree.Node], kind: str) -> str:
        """Write nodes as a function that gives their text.

        A block of `#define` ends at its own `#break`, and renders itself only once
        inside of itself.
        """
        name = self.names.temporary()
        inner = Statements(self.names, self.facts, self._functions, apart=True)
        lines = inner.lines
        with lines.indented(f"def {name}():"):
            lines.add("nonlocal_variables")
            lines.add("out = []")
            lines.add("w = out.append")
            if kind == "define":
                with lines.indented("try:"):
                    inner.nodes(nodes)
                lines.add("except Broken as error:")
                lines.add("    if error.scope is not None: raise")
            else:
                inner.nodes(nodes)
            lines.add("r.watch(out)")
            lines.add(f'return "".join(out){"[:-1]" if kind == "trimmed" else ""}')
        if kind == "define":
            lines.add(f"{name} = limited({name})")
        self._functions += lines.all()
        return name
