"""YAML to Nodes, with the line of every value and the short forms spelled out.

libyaml's events are read directly: its node graph would take twice as long, turn dates
into something that is not JSON, and recurse without limit.
"""

from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from appsync_emulator.config.codes import DUPLICATE, FUNCTION_NAME, MALFORMED
from appsync_emulator.config.node import Node
from appsync_emulator.config.source.json_source import MAX_DEPTH
from appsync_emulator.config.source.plain_words import explain, place
from appsync_emulator.errors import ProjectError
from appsync_emulator.types import Origin

MAX_NODES = 200_000
"""Guards against aliases that multiply each other."""

_NAMES = (
    *("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAtt", "GetAZs", "If"),
    *("ImportValue", "Join", "Length", "Not", "Or", "Select", "Split", "Sub"),
    *("ToJsonString", "Transform"),
)
SHORT_FORMS = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{f"!{name}": f"Fn::{name}" for name in _NAMES},
}
"""YAML tags of the intrinsic functions (CloudFormation user guide)."""

# The C parser where PyYAML has it: it is ten times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_BOOLEANS = SafeConstructor.bool_values
_IMPLICIT = Resolver.yaml_implicit_resolvers
_CONSTRUCTOR = SafeConstructor()


def parse_yaml(text: str, shown: str) -> Node:
    """Parse a YAML text of one document.

    Raises:
        ProjectError: with line and column of what is wrong.
    """
    try:
        return _Builder(text, shown).document()
    except yaml.reader.ReaderError as error:
        at = text[: error.position]
        line, column = at.count("\n") + 1, len(at) - at.rfind("\n")
        origin = Origin(shown, line, column=column)
        character = f"U+{error.character:04X}"
        message = f"The character {character} is not allowed in YAML."
        raise ProjectError(MALFORMED, message, origin) from None
    except yaml.MarkedYAMLError as error:
        line, column = place(error)
        origin = Origin(shown, line, column=column)
        message = explain(error, text)
        raise ProjectError(MALFORMED, message, origin) from None


class _Builder:
    def __init__(self, text: str, shown: str) -> None:
        self.shown = shown
        # libyaml reads bytes: that way a lone surrogate is an error, not a crash.
        self.loader = _LOADER(text.encode("utf-8", "replace"))
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.count = 0

    def document(self) -> Node:
        self.next()  # the stream starts
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            raise ProjectError(MALFORMED, "The file is empty.", Origin(self.shown, 1))
        node = self.node(self.next(), 0, None)
        self.next()  # the document ends
        event = self.next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise self.wrong("A second document starts; a template is only one.", event)
        return node

    def next(self) -> Any:
        return self.loader.get_event()

    def wrong(self, message: str, event: Any, code: str = MALFORMED) -> ProjectError:
        mark = event.start_mark
        origin = Origin(self.shown, mark.line + 1, column=mark.column + 1)
        return ProjectError(code, message, origin)

    def node(self, event: Any, depth: int, key_line: int | None) -> Node:
        if depth > MAX_DEPTH:
            raise self.wrong(f"Values are nested more than {MAX_DEPTH} deep.", event)
        self.count += 1
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, key_line)
        before = self.count
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            value = self.scalar(event)
            node = Node(value, self.shown, line, _text_line(event, value), key_line)
        elif isinstance(event, yaml.MappingStartEvent):
            value = self.mapping(depth)
            node = Node(value, self.shown, line, None, key_line)
        else:
            value = self.sequence(depth)
            node = Node(value, self.shown, line, None, key_line)
        if event.tag is not None:
            node = self.tagged(event, node)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self.count - before + 1)
        return node

    def alias(self, event: Any, key_line: int | None) -> Node:
        """Give the anchored value, which AWS's own tools resolve before deploying."""
        known = self.anchors.get(event.anchor)
        if known is None:
            message = f"The alias *{event.anchor} has no anchor &{event.anchor} before."
            raise self.wrong(message, event)
        node, size = known
        self.count += size
        if self.count > MAX_NODES:
            raise self.wrong("Aliases make the template too large.", event)
        return Node(node.value, self.shown, node.line, node.text_line, key_line)

    def sequence(self, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1, None))
        return items

    def mapping(self, depth: int) -> dict[str, Node]:
        members: dict[str, Node] = {}
        merged: list[tuple[Any, Node]] = []
        while True:
            event: Any = self.next()
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise self.wrong("A key must be a plain word.", event)
            mark: Any = event.start_mark
            key, line = event.value, mark.line + 1
            if key == "<<" and event.style in ("", None):
                merged.append((event, self.node(self.next(), depth + 1, line)))
                continue
            if key in members:
                # One of the two would be lost in silence, never what was meant.
                message = f"{key!r} is in the same mapping twice."
                raise self.wrong(message, event, DUPLICATE)
            members[key] = self.node(self.next(), depth + 1, line)
        for event, node in merged:
            self.merge(members, node, event)
        return members

    def merge(self, members: dict[str, Node], node: Node, event: Any) -> None:
        """Add what `<<` brings, as AWS's own tools do before deploying."""
        several = node.value if isinstance(node.value, list) else [node]
        for one in several:
            if not isinstance(one.value, dict):
                raise self.wrong("<< merges mappings only.", event)
            for key, value in one.value.items():
                members.setdefault(key, value)

    def scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.tag is not None or not event.implicit[0]:
            return text
        for tag, pattern in _IMPLICIT.get(text[:1], ()):
            if pattern.match(text):
                return _construct(tag, text)
        return text

    def tagged(self, event: Any, node: Node) -> Node:
        tag: str = event.tag
        if tag.startswith(_TAG):
            return self.standard(tag, event, node)
        if tag == "!":
            return node
        name = SHORT_FORMS.get(tag)
        if name is None:
            error = self.wrong(f"There is no intrinsic function {tag}.", event)
            raise ProjectError(
                FUNCTION_NAME,
                error.message,
                error.origin,
                found=tag,
                allowed=SHORT_FORMS,
            )
        argument = node
        argument.key_line = None
        if name == "Fn::GetAtt" and isinstance(node.value, str):
            parts = [node.computed(part) for part in node.value.split(".", 1)]
            argument = Node(parts, self.shown, node.line)
        elif node.value == "" and not _is_quoted(event):
            argument = Node(None, self.shown, node.line)
        key_line = node.key_line
        return Node({name: argument}, self.shown, node.line, None, key_line)

    def standard(self, tag: str, event: Any, node: Node) -> Node:
        name = tag.removeprefix(_TAG)
        if name in ("str", "map", "seq", "timestamp"):
            return node
        if name in ("int", "float", "bool", "null") and isinstance(node.value, str):
            node.value = _construct(tag, node.value)
            return node
        raise self.wrong(f"The YAML type !!{name} is not supported.", event)


def _is_quoted(event: Any) -> bool:
    """Tell whether a scalar was written in quotes or as a block."""
    return getattr(event, "style", None) not in ("", None)


def _construct(tag: str, text: str) -> Any:
    """Give the value of a plain scalar; text where it is none of JSON's values."""
    name = tag.removeprefix(_TAG)
    if name == "null":
        return None
    if name == "bool":
        return _BOOLEANS.get(text.lower(), text)
    if name not in ("int", "float") or "nan" in text.lower() or "inf" in text.lower():
        return text  # dates stay as they are written
    node = yaml.ScalarNode(tag, text)
    try:
        if name == "int":
            return _CONSTRUCTOR.construct_yaml_int(node)
        return _CONSTRUCTOR.construct_yaml_float(node)
    except (ValueError, IndexError, OverflowError):
        return text


def _text_line(event: Any, value: Any) -> int | None:
    if not isinstance(value, str):
        return None
    start: int = event.start_mark.line
    if event.style == "|":
        return start + 2  # the text starts on the line after the indicator
    if event.end_mark.line == start and "\n" not in value:
        return start + 1
    return None
