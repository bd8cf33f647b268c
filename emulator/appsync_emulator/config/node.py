"""A template's values together with where they stand.

A `Node` holds one value of a YAML or JSON file. Evaluating intrinsic functions makes
new Nodes from old ones, so a value that was picked by `Fn::If` still knows its line.
"""

from dataclasses import dataclass
from typing import Any

from appsync_emulator.types import JSON, Origin


@dataclass(slots=True, eq=False)
class Node:
    """One value and its place. Nodes are never changed once they are in a tree.

    Attributes:
        value: a dict or list of Nodes, or a plain str, int, float, bool or None.
        source: the file as the user would name it.
        line: 1-based line of the value; None when nothing of the file is behind it.
        text_line: for a string, the line on which its text begins when line n of the
            text is line `text_line + n - 1` of the file, else None.
        key_line: line of the key that the value belongs to, None outside of mappings.
    """

    value: Any
    source: str
    line: int | None = None
    text_line: int | None = None
    key_line: int | None = None

    def origin(self, resource: str | None = None) -> Origin:
        """Say where the value stands."""
        return Origin(self.source, self.line or self.key_line, resource)

    def key_origin(self, resource: str | None = None) -> Origin:
        """Say where the key of the value stands, or the value when it has none."""
        return Origin(self.source, self.key_line or self.line, resource)

    def computed(self, value: JSON) -> "Node":
        """Give a Node for `value`, which a function computed, in the place of this."""
        return wrap(value, self)


NO_VALUE = Node(None, "AWS::NoValue")
"""What `Ref: AWS::NoValue` evaluates to: the property or list item goes away."""


def wrap(value: JSON, place: Node) -> Node:
    """Give plain JSON as Nodes that all stand where `place` stands."""
    if isinstance(value, dict):
        value = {key: wrap(item, place) for key, item in value.items()}
    elif isinstance(value, list):
        value = [wrap(item, place) for item in value]
    return Node(value, place.source, place.line, None, place.key_line)


def plain(node: Node) -> JSON:
    """Give the value as plain JSON, without the places."""
    value = node.value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def as_text(value: str | float | bool) -> str:
    """Give a scalar as CloudFormation turns it into a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def kind_of(value: Any) -> str:
    """Name the kind of a Node's value in a user's words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list) else "a number"
