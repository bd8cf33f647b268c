"""Python code for `#foreach`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.compiler.expressions import Expressions
from appsync_resolvers.vtl.compiler.facts import Facts
from appsync_resolvers.vtl.compiler.references import Loop
from appsync_resolvers.vtl.compiler.source import Lines, Names

_MAX_LOOPS = 6
"""How many loops stand in one Python function, which may have 20 nested blocks."""


class Writer(Protocol):
    """What writes the statements around and inside of a loop."""

    lines: Lines
    names: Names
    facts: Facts
    expressions: Expressions
    loop_depth: int
    apart: bool
    shadows: dict[str, str]

    def nodes(self, nodes: Sequence[tree.Node]) -> None:
        """Write nodes and all output that they make."""

    def forget(self, blocks: Sequence[Sequence[tree.Node]]) -> None:
        """Forget the types of what blocks assign that may or may not be evaluated."""


@dataclass(slots=True)
class _Names:
    """Python names of one loop.

    Attributes:
        items: what is gone through.
        origin: what the items come from, empty when it cannot change meanwhile.
        saved: pairs of a variable and the name that keeps its value during the loop.
        scope: the object of `$foreach`, empty when it is not used as one.
    """

    items: str
    index: str
    size: str
    item: str
    origin: str
    saved: list[tuple[str, str]]
    scope: str


class LoopWriter:
    """Writes one loop.

    Args:
        writer: writes what stands around.
        node: the loop.
        body: writes the body, that of the node when it is None.
    """

    def __init__(
        self, writer: Writer, node: tree.Foreach, body: Callable[[], None] | None = None
    ) -> None:
        self._writer = writer
        self._lines = writer.lines
        self._node = node
        self._write_body = body or (lambda: writer.nodes(node.body))

    def write(self) -> None:
        """Write the loop; very deep ones go into functions of their own."""
        writer, lines = self._writer, self._lines
        before = dict(writer.expressions.references.types)
        names = self._names()
        writer.forget([[self._node]])
        writer.loop_depth += 1
        if writer.loop_depth % _MAX_LOOPS:
            self._loop(names)
        else:
            name = writer.names.temporary()
            apart, writer.apart = writer.apart, True
            with lines.indented(f"def {name}():"):
                lines.add("nonlocal_variables")
                self._loop(names)
            writer.apart = apart
            lines.add(f"{name}()")
        writer.loop_depth -= 1
        writer.expressions.references.types = before
        writer.forget([self._node.body])

    def _loop(self, names: _Names) -> None:
        writer, lines, node = self._writer, self._lines, self._node
        with lines.indented(f"if {names.items} is not None:"):
            lines.add(f"{names.size} = len({names.items})")
            for variable, saved in names.saved:
                lines.add(f"{saved} = {variable}")
            if names.scope:
                variable = writer.names.variable("foreach")
                lines.add(f"{names.scope} = {variable} = noted(Scope({variable}))")
            writer.expressions.references.loops.append(Loop(names.index, names.size))
            if writer.facts.escaping:
                self._caught(names)
            else:
                self._rounds(names)
            writer.expressions.references.loops.pop()
            shadow = writer.shadows.get(node.name)
            if shadow is not None:
                lines.add(f"{shadow} = False")
            for variable, saved in names.saved:
                line = f"{variable} = {saved}"
                if names.scope and variable == writer.names.variable("foreach"):
                    line = f"if type({variable}) is Scope: {line}"
                lines.add(line)

    def _caught(self, names: _Names) -> None:
        """Write a loop that a `#break` may leave from inside of a function."""
        with self._lines.indented("try:"):
            self._rounds(names)
        self._lines.add("except Broken as error:")
        own = names.scope or None
        self._lines.add(f"    if error.scope not in (None, {own}): raise")

    def _names(self) -> _Names:
        writer = self._writer
        facts, names = writer.facts, writer.names
        items, origin = self._items(self._node.source)
        variables = [self._node.name, *sorted(facts.count_names)]
        if facts.scopes:
            variables.append("foreach")
        saved = [(names.variable(each), names.temporary()) for each in variables]
        return _Names(
            items=items,
            index=names.temporary(),
            size=names.temporary(),
            item=names.variable(self._node.name),
            origin=origin,
            saved=saved,
            scope=names.temporary() if facts.scopes else "",
        )

    def _items(self, source: tree.Expression) -> tuple[str, str]:
        """Write what is gone through; gives its name, and that of where it is from."""
        writer = self._writer
        items = writer.names.temporary()
        if isinstance(source, tree.Range):
            first = writer.expressions.value(source.first).text
            last = writer.expressions.value(source.last).text
            self._lines.add(f"{items} = int_range({first}, {last})")
            return items, ""
        code = writer.expressions.value(source)
        if code.type == "list" and not code.atomic:
            self._lines.add(f"{items} = {code.text}")
            return items, ""
        origin = code.text if code.atomic else writer.names.temporary()
        if not code.atomic:
            self._lines.add(f"{origin} = {code.text}")
        elif writer.facts.mutates:
            origin = writer.names.temporary()
            self._lines.add(f"{origin} = {code.text}")
        self._lines.add(
            f"{items} = {origin} if type({origin}) is list else iterate({origin})"
        )
        return items, origin if writer.facts.mutates else ""

    def _rounds(self, names: _Names) -> None:
        """Write the rounds.

        AppSync ends a loop after 1,000 of them (developer guide, quotas), without an
        error, as Velocity does when it is told so.
        """
        lines, facts = self._lines, self._writer.facts
        head = f"for {names.index}, {names.item} in enumerate({names.items}):"
        with lines.indented(head):
            with lines.indented(f"if not {names.index} & 7:"):
                lines.add(f"if {names.index} == 1000: break")
                lines.add("r.watch(out)")
            if names.origin:
                lines.add(f"if length({names.origin}) != {names.size}: changed()")
            for name in sorted(facts.count_names):
                value = f"{names.index} + 1"
                if name == "velocityHasNext":
                    value += f" < {names.size}"
                lines.add(f"{self._writer.names.variable(name)} = {value}")
            if names.scope:
                lines.add(f"{names.scope}.index = {names.index}")
                lines.add(f"{names.scope}.has_next = {names.index} + 1 < {names.size}")
            self._body(names.item)
        if names.origin:
            lines.add("else:")
            lines.add(f"    finished({names.origin}, {names.size})")

    def _body(self, item: str) -> None:
        """Write the body; while the item is null, assignments to it are not seen."""
        writer, node = self._writer, self._node
        before = writer.shadows.pop(node.name, None)
        if before is not None:
            self._lines.add(f"if {before}: {item} = None")
        elif isinstance(node.source, tree.Range) and not writer.facts.blocks:
            writer.expressions.references.types[node.name] = "int"
        if assigns(node.body, node.name):
            shadow = writer.names.variable(f"null {writer.names.temporary()}")
            self._lines.add(f"{shadow} = {item} is None")
            writer.shadows[node.name] = shadow
        self._write_body()
        writer.shadows.pop(node.name, None)
        if before is not None:
            writer.shadows[node.name] = before


def assigns(nodes: Sequence[tree.Node], name: str) -> bool:
    """Say whether any of the nodes assigns a variable."""
    for node in nodes:
        if isinstance(node, tree.Set):
            if not node.target.steps and node.target.target == name:
                return True
        elif isinstance(node, tree.If):
            if any(assigns(body, name) for _, body in node.branches):
                return True
        elif isinstance(node, tree.Foreach | tree.Define) and (
            node.name == name or assigns(node.body, name)
        ):
            return True
    return False
