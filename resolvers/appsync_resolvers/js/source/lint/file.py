"""What a lint rule gets and gives."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from appsync_resolvers.js.source.kinds import Kinds
from appsync_resolvers.js.source.scopes import Scopes
from appsync_resolvers.js.source.tree import Tree

if TYPE_CHECKING:
    from tree_sitter import Node


class File:
    """A syntax tree with what is known about its names."""

    __slots__ = ("kinds", "scopes", "tree")

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.scopes = Scopes(tree)
        self.kinds = Kinds(tree, self.scopes)


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation.

    Attributes:
        rule: the plugin's name of the rule; empty for what only AWS's guide forbids.
        message: the plugin's words.
        node: what is marked.
        start: where the mark starts, if not with the node.
    """

    rule: str
    message: str
    node: "Node"
    start: "Node | None" = None

    @property
    def range(self) -> tuple[int, int]:
        """The bytes that are marked."""
        start = self.node if self.start is None else self.start
        return start.start_byte, self.node.end_byte
