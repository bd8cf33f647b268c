"""JSON to Nodes, with the line of every value.

The standard library's parser forgets where values stand, so this one walks the text
itself and borrows the scanner for strings, which is where most of a template's
characters are.
"""

import re
from bisect import bisect_left
from json import JSONDecodeError, JSONDecoder
from typing import Any

from appsync_emulator.config.codes import DUPLICATE, MALFORMED
from appsync_emulator.config.node import Node
from appsync_emulator.errors import ProjectError
from appsync_emulator.types import Origin

MAX_DEPTH = 100
"""CloudFormation has no such limit written down; no real template comes near it."""

# The C scanner for strings; the library has no other public way to it.
_scan_string: Any = JSONDecoder().parse_string  # type: ignore[attr-defined]
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
_WORD = re.compile(r"true|false|null")


def parse_json(text: str, shown: str) -> Node:
    """Parse a JSON text.

    Raises:
        ProjectError: with line and column of what is wrong.
    """
    return _Parser(text, shown).document()


class _Parser:
    def __init__(self, text: str, shown: str) -> None:
        self.text = text
        self.shown = shown
        self.newlines = [match.start() for match in re.finditer("\n", text)]

    def document(self) -> Node:
        node, end = self.value(self.skip(0), 0, None)
        end = self.skip(end)
        if end < len(self.text):
            raise self.wrong("The JSON text goes on after its end.", end)
        return node

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def line(self, at: int) -> int:
        return bisect_left(self.newlines, at) + 1

    def wrong(self, message: str, at: int) -> ProjectError:
        line = self.line(at)
        column = at - (self.newlines[line - 2] if line > 1 else -1)
        origin = Origin(self.shown, line, column=column)
        return ProjectError(MALFORMED, message, origin)

    def found(self, at: int) -> str:
        return repr(self.text[at]) if at < len(self.text) else "the end of the file"

    def value(self, at: int, depth: int, key_line: int | None) -> tuple[Node, int]:
        if depth > MAX_DEPTH:
            raise self.wrong(f"Values are nested more than {MAX_DEPTH} deep.", at)
        line = self.line(at)
        character = self.text[at : at + 1]
        value: Any
        if character == '"':
            value, end = self.string(at)
            text_line = None if "\n" in value else line
            return Node(value, self.shown, line, text_line, key_line), end
        if character == "{":
            value, end = self.members(at, depth)
        elif character == "[":
            value, end = self.items(at, depth)
        else:
            value, end = self.scalar(at)
        return Node(value, self.shown, line, None, key_line), end

    def string(self, at: int) -> tuple[str, int]:
        try:
            text, end = _scan_string(self.text, at + 1, True)
        except JSONDecodeError as error:
            raise self.wrong(f"In a string: {error.msg}.", error.pos) from None
        return text, end

    def scalar(self, at: int) -> tuple[Any, int]:
        match = _WORD.match(self.text, at)
        if match:
            return _WORDS[match[0]], match.end()
        match = _NUMBER.match(self.text, at)
        if match is None:
            raise self.wrong(f"A value should stand here, not {self.found(at)}.", at)
        try:
            number = float(match[0]) if match[1] or match[2] else int(match[0])
        except ValueError:
            raise self.wrong("The number is too long.", at) from None
        return number, match.end()

    def items(self, at: int, depth: int) -> tuple[list[Node], int]:
        items: list[Node] = []
        at = self.skip(at + 1)
        if self.text[at : at + 1] == "]":
            return items, at + 1
        while True:
            item, at = self.value(at, depth + 1, None)
            items.append(item)
            at, more = self.separator(at, "]")
            if not more:
                return items, at

    def members(self, at: int, depth: int) -> tuple[dict[str, Node], int]:
        members: dict[str, Node] = {}
        at = self.skip(at + 1)
        if self.text[at : at + 1] == "}":
            return members, at + 1
        while True:
            if self.text[at : at + 1] != '"':
                message = f"A name in quotes should stand here, not {self.found(at)}."
                raise self.wrong(message, at)
            name_at = at
            name, at = self.string(at)
            at = self.skip(at)
            if self.text[at : at + 1] != ":":
                message = f"A colon should stand after {name!r}, not {self.found(at)}."
                raise self.wrong(message, at)
            if name in members:
                raise self.duplicate(name, name_at)
            at = self.skip(at + 1)
            members[name], at = self.value(at, depth + 1, self.line(name_at))
            at, more = self.separator(at, "}")
            if not more:
                return members, at

    def separator(self, at: int, closing: str) -> tuple[int, bool]:
        at = self.skip(at)
        character = self.text[at : at + 1]
        if character == closing:
            return at + 1, False
        if character != ",":
            message = f"A comma or {closing} should stand here, not {self.found(at)}."
            raise self.wrong(message, at)
        return self.skip(at + 1), True

    def duplicate(self, name: str, at: int) -> ProjectError:
        # One of the two would be lost in silence, which is never what was meant.
        message = f"{name!r} is in the same object twice."
        return ProjectError(DUPLICATE, message, self.wrong("", at).origin)
