"""Syntax trees of resolver code, with positions as AWS counts them.

tree-sitter costs 25 ms to import, so it is imported when the first code is loaded. It
accepts some wrong programs; syntax errors are the engine's business (`syntax_errors`).
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
    }
)


MAX_DEPTH = 2000


class TooDeep(Exception):
    """Code is nested more deeply than anybody writes it; it would take too long."""


class Tree:
    """One parsed file.

    Attributes:
        text: the source text.
        data: the same in UTF-8; byte offsets of nodes count in it.
        typescript: parsed as TypeScript.
        root: the `program` node.

    Raises:
        TooDeep: when made of code nested beyond `MAX_DEPTH`.
    """

    __slots__ = ("_nodes", "_parents", "data", "root", "text", "typescript")

    def __init__(self, text: str, *, typescript: bool = False) -> None:
        self.text = text
        # A lone surrogate can reach us in a Python string but in no file.
        self.data = text.encode("utf-8", "replace")
        self.typescript = typescript
        self.root = _parser(typescript).parse(self.data).root_node
        # tree-sitter finds a parent by going down from the root each time.
        self._parents: dict[int, Node] = {}
        self._nodes = self._collect()

    def all(self, *types: str) -> "list[Node]":
        """Give the nodes of these types, each type in the order of the text."""
        nodes = self._nodes
        if len(types) == 1:
            return nodes.get(types[0], [])
        return [node for type_ in types for node in nodes.get(type_, ())]

    def has(self, *types: str) -> bool:
        """Tell whether a node of one of these types exists."""
        return any(type_ in self._nodes for type_ in types)

    def parent(self, node: "Node") -> "Node | None":
        """Give the named node around a named node."""
        return self._parents.get(node.id)

    def function_around(self, node: "Node") -> "Node | None":
        """Give the function a node is in, None at the top level."""
        parent = self.parent(node)
        while parent is not None and parent.type not in FUNCTIONS:
            parent = self.parent(parent)
        return parent

    def source(self, node: "Node") -> str:
        """Give the text of a node."""
        return self.data[node.start_byte : node.end_byte].decode()

    def position(self, offset: int) -> tuple[int, int]:
        """Give the 1-based line and column, in UTF-16 units, of a byte offset."""
        return position(self.data, offset)

    def _collect(self) -> "dict[str, list[Node]]":
        nodes: dict[str, list[Node]] = {}
        parents = self._parents
        around: list[Node] = []  # the named nodes the cursor is in
        cursor = self.root.walk()
        down, right, up = (
            cursor.goto_first_child,
            cursor.goto_next_sibling,
            cursor.goto_parent,
        )
        while True:
            node = cursor.node
            # Tokens share type names with nodes, and have no children.
            if node is not None and node.is_named:
                nodes.setdefault(node.type, []).append(node)
                if around:
                    parents[node.id] = around[-1]
                if down():
                    around.append(node)
                    if len(around) > MAX_DEPTH:
                        raise TooDeep
                    continue
            while not right():
                if not up():
                    return nodes
                around.pop()

    @property
    def has_errors(self) -> bool:
        """Whether the text is surely not a valid program."""
        return self.root.has_error


def position(data: bytes, offset: int) -> tuple[int, int]:
    """Give the 1-based line and column, in UTF-16 units, of an offset in UTF-8."""
    start = data.rfind(b"\n", 0, offset) + 1
    line = data.count(b"\n", 0, start) + 1
    before = data[start:offset]
    if before.isascii():
        return line, len(before) + 1
    return line, utf16_length(before.decode("utf-8", "replace")) + 1


def utf16_length(text: str) -> int:
    """Count the UTF-16 units of a text, which is what JavaScript's length is."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unwrap(node: "Node") -> "Node":
    """Take the parentheses off an expression."""
    while node.type == "parenthesized_expression":
        inner = [child for child in node.named_children if child.type != "comment"]
        if len(inner) != 1:
            break
        node = inner[0]
    return node


def is_call(node: "Node") -> bool:
    """Tell a call from a tagged template, which tree-sitter gives the same type."""
    if node.type != "call_expression":
        return False
    arguments = node.child_by_field_name("arguments")
    return arguments is not None and arguments.type == "arguments"


def is_async(node: "Node") -> bool:
    """Tell whether a function node starts with `async`."""
    return any(child.type == "async" for child in node.children[:3])


@cache
def _parser(typescript: bool) -> "Parser":
    from tree_sitter import Language, Parser  # noqa: PLC0415 (25 ms; see above)

    if typescript:
        from tree_sitter_typescript import (  # noqa: PLC0415 (only with .ts code)
            language_typescript,
        )

        return Parser(Language(language_typescript()))
    from tree_sitter_javascript import language  # noqa: PLC0415 (as above)

    return Parser(Language(language()))
