"""no-recursion: no function may, directly or through others, call itself.

The plugin reports every call from which a cycle can be reached, and names the cycle.
Which calls it follows is its own: a call inside the arguments of a call is not seen.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from appsync_resolvers.js.source.lint.file import File, Finding
from appsync_resolvers.js.source.tree import is_call, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

_SCOPES = frozenset(
    {
        "arrow_function",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
    }
)
_MESSAGE = "Recursive function calls not supported. Detected cycle in "


class _CycleFound(Exception):
    """Ends the search among the callees of one function."""


def no_recursion(file: File) -> Iterator[Finding]:
    """Find calls that lead into a cycle of functions."""
    search = _Search(file)
    for call in file.tree.all("call_expression"):
        function = search.callee(call) if is_call(call) else None
        if function is not None:
            for path in search.cycles(function, search.scope(call)):
                yield Finding("no-recursion", _MESSAGE + path, call)


class _Search:
    def __init__(self, file: File) -> None:
        self._file = file
        self._callees: dict[int, list[Node]] = {}

    def callee(self, call: "Node") -> "Node | None":
        """Give the function a call surely calls."""
        name = call.child_by_field_name("function")
        if name is None or unwrap(name).type != "identifier":
            return None
        return self._file.scopes.function(unwrap(name))

    def cycles(self, function: "Node", scope: "Node | None") -> list[str]:
        """Give the cycles met from a call in `scope`, as the plugin prints them."""
        found: list[str] = []

        def visit(node: "Node", path: "list[Node | None]") -> None:
            ids = [None if step is None else step.id for step in path]
            if node.id in ids:
                cycle = [*path[ids.index(node.id) :], node]
                found.append(" <-".join(self._name(step) for step in cycle if step))
                raise _CycleFound
            try:
                for callee in self._calls_of(node):
                    visit(callee, [*path, node])
            except _CycleFound:
                return

        with suppress(_CycleFound):
            visit(function, [scope])
        return found

    def _calls_of(self, function: "Node") -> "list[Node]":
        known = self._callees.get(function.id)
        if known is None:
            known = self._callees[function.id] = []
            self._collect(function, known)
        return known

    def _collect(self, function: "Node", found: "list[Node]") -> None:
        left = list(reversed(function.named_children))
        while left:
            node = left.pop()
            if not is_call(node):
                left.extend(reversed(node.named_children))
                continue
            scope = self.scope(node)
            callee = self.callee(node)
            if callee is None or scope is None or scope.id != function.id:
                continue
            if all(callee.id != other.id for other in found):
                found.append(callee)

    def scope(self, node: "Node") -> "Node | None":
        """Give the function a call is in; methods do not count (as in the plugin)."""
        tree = self._file.tree
        parent = tree.parent(node)
        while parent is not None and parent.type not in _SCOPES:
            parent = tree.parent(parent)
        return parent

    def _name(self, function: "Node") -> str:
        named = function
        if not function.type.endswith("_declaration"):
            named = self._file.tree.parent(function) or function
        if named.type in {function.type, "variable_declarator"}:
            name = named.child_by_field_name("name")
            if name is not None:
                return self._file.tree.source(name)
        if function.type == "arrow_function":
            return "Anonymous Arrow Function"
        return "Anonymous Function"
