"""The transform AWS::Include: pieces of templates that stand in files of their own.

CloudFormation reads them from S3; `aws cloudformation package` takes local paths in
`Location`, and so does the emulator.
"""

from collections.abc import Callable

from appsync_emulator.config.codes import STRUCTURE, TRANSFORM
from appsync_emulator.config.node import Node
from appsync_emulator.errors import ProjectError

Reader = Callable[[Node], Node]
"""Reads the file that a Node with a local path names."""

KEY = "Fn::Transform"


def include(document: Node, read: Reader) -> Node:
    """Put the included pieces in, at the top level and wherever Fn::Transform stands.

    Raises:
        ProjectError: a file is missing, is malformed or includes another one.
    """
    value = document.value
    for item in _top_level(value.get("Transform")):
        piece = _piece(item, read)
        # What the template says itself goes first, section by section.
        value = {**piece.value, **value}
    return _expand(_at(document, value), read)


def _top_level(node: Node | None) -> list[Node]:
    if node is None:
        return []
    items = node.value if isinstance(node.value, list) else [node]
    return [item for item in items if _is_include(item)]


def _is_include(node: Node) -> bool:
    value = node.value
    return (
        isinstance(value, dict)
        and "Name" in value
        and value["Name"].value == "AWS::Include"
    )


def _expand(node: Node, read: Reader) -> Node:
    value = node.value
    if isinstance(value, list):
        items = [_expand(item, read) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return node if same else _at(node, items)
    if not isinstance(value, dict):
        return node
    members: dict[str, Node] = {}
    changed = False
    for key, item in value.items():
        if key == KEY and _is_include(item):
            changed = True
            for name, piece in _piece(item, read).value.items():
                members.setdefault(name, piece)
        else:
            members[key] = _expand(item, read)
            changed = changed or members[key] is not item
    return _at(node, members) if changed else node


def _piece(item: Node, read: Reader) -> Node:
    parameters = item.value.get("Parameters")
    location = (
        parameters.value.get("Location")
        if parameters is not None and isinstance(parameters.value, dict)
        else None
    )
    if location is None or not isinstance(location.value, str):
        message = "AWS::Include needs Parameters with a Location that is a string."
        raise ProjectError(TRANSFORM, message, item.origin())
    piece = read(location)
    if not isinstance(piece.value, dict):
        message = "An included file must hold an object with keys and values."
        raise ProjectError(STRUCTURE, message, piece.origin())

    def refuse(inner: Node) -> Node:
        message = "An included file cannot include another one."
        raise ProjectError(TRANSFORM, message, inner.origin())

    return _expand(piece, refuse)


def _at(node: Node, value: object) -> Node:
    return Node(value, node.source, node.line, node.text_line, node.key_line)
