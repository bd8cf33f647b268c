"""Recognizes templates whose text is a JSON document with holes.

Such a template need not be rendered and read again: its value can be built at once.
What is recognized is a tree of parts; everything else raises `NotRecognized`.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.compiler.facts import is_helper

_SILENT = frozenset({"appendError", "error", "unauthorized", "validate"})
_SILENT_PATHS = frozenset({"log", "extensions", "http"})
_SPACE = " \t\r\n"
_TOKEN = re.compile(r"[^\s,:\[\]{}\"]+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}


class NotRecognized(Exception):
    """The template is no document with holes."""


@dataclass(slots=True)
class Const:
    """A value that stands in the template."""

    value: object


@dataclass(slots=True)
class Text:
    """A string with holes.

    Attributes:
        pieces: its unescaped text and the references in it.
    """

    pieces: list[str | tree.Reference]


@dataclass(slots=True)
class Bare:
    """A value without quotes that has holes: `$n`, `${whole}.25`, `$util.toJson(…)`."""

    pieces: list[str | tree.Reference]


@dataclass(slots=True)
class Do:
    """A statement between the parts, which prints nothing but white space."""

    node: tree.Node


@dataclass(slots=True)
class Member:
    """A key and its value."""

    key: str
    value: "Part"


@dataclass(slots=True)
class Object:
    """An object, with the statements between its members."""

    members: list[Member | Do]


@dataclass(slots=True)
class Array:
    """A list, with the statements between its items."""

    items: "list[Part | Each | Do]"


@dataclass(slots=True)
class Each:
    """Items that a `#foreach` makes, one in each round."""

    node: tree.Foreach
    before: list[Do]
    item: "Part"
    after: list[Do]


@dataclass(slots=True)
class Choice:
    """A value that an `#if` chooses; every branch has one."""

    branches: "list[tuple[tree.Expression | None, list[Do], Part, list[Do]]]"


Part = Const | Text | Bare | Object | Array | Choice


@dataclass(slots=True)
class Document:
    """A template that is one JSON value with statements around it."""

    before: list[Do]
    value: Part
    after: list[Do]


def recognize(template: tree.Template) -> Document:
    """Take a template for a document.

    Raises:
        NotRecognized: it is none.
    """
    if any(_leaves(node) for node in template.nodes):
        raise NotRecognized
    return Document(*_Recognizer(template.nodes).only_value())


def _leaves(node: tree.Node, *, in_loop: bool = False) -> bool:
    """Say whether a node may end the output before its end."""
    if isinstance(node, tree.Stop | tree.Define):
        return True
    if isinstance(node, tree.Break):
        return not in_loop or node.scope is not None
    if isinstance(node, tree.If):
        return any(
            _leaves(each, in_loop=in_loop) for _, body in node.branches for each in body
        )
    if isinstance(node, tree.Foreach):
        return any(_leaves(each, in_loop=True) for each in node.body)
    return False


def _is_silent(node: tree.Node) -> bool:
    """Say whether a node prints nothing but white space."""
    if isinstance(node, tree.Text):
        return not node.text.strip(_SPACE)
    if isinstance(node, tree.Reference):
        return is_silent_call(node)
    if isinstance(node, tree.If):
        return all(_is_silent(each) for _, body in node.branches for each in body)
    if isinstance(node, tree.Foreach):
        return all(_is_silent(each) for each in node.body)
    return isinstance(node, tree.Set | tree.Return | tree.Break)


def is_silent_call(node: tree.Reference) -> bool:
    """Say whether a reference calls a helper that has nothing to print."""
    if not is_helper(node) or node.escaped or node.prefix or node.escapes:
        return False
    names = [step.name for step in node.steps if not isinstance(step, tree.Index)]
    if len(names) != len(node.steps) or not names:
        return False
    if node.name == "extensions" or (len(names) == 2 and names[0] in _SILENT_PATHS):
        return names[-1] != "copyHeaders"
    return len(names) == 1 and (names[0] in _SILENT or names[0] in ("qr", "quiet"))


class _Recognizer:
    """Goes through nodes, character by character where they are text."""

    def __init__(self, nodes: Sequence[tree.Node]) -> None:
        self._nodes = nodes
        self._index = 0
        self._offset = 0

    def only_value(self) -> tuple[list[Do], Part, list[Do]]:
        """Read one value with statements around it, and nothing else."""
        before = self._statements()
        value = self._value()
        after = self._statements()
        if self._index < len(self._nodes):
            raise NotRecognized
        return before, value, after

    def _node(self) -> tree.Node | None:
        """Give the node that is being read, past the end of its predecessor's text."""
        while self._index < len(self._nodes):
            node = self._nodes[self._index]
            if not isinstance(node, tree.Text) or self._offset < len(node.text):
                return node
            self._next()
        return None

    def _next(self) -> None:
        self._index += 1
        self._offset = 0

    def _char(self) -> str:
        node = self._node()
        return node.text[self._offset] if isinstance(node, tree.Text) else ""

    def _statements(self) -> list[Do]:
        """Skip white space, and give the statements in it."""
        found: list[Do] = []
        while True:
            node = self._node()
            if isinstance(node, tree.Text):
                if node.text[self._offset] not in _SPACE:
                    return found
                self._offset += 1
            elif node is not None and _is_silent(node):
                found.append(Do(node))
                self._next()
            else:
                return found

    def _value(self) -> Part:
        node = self._node()
        if isinstance(node, tree.If):
            return self._choice(node)
        char = self._char()
        if char == "{":
            return self._object()
        if char == "[":
            return self._array()
        if char == '"':
            pieces = self._string()
            if all(isinstance(piece, str) for piece in pieces):
                return Const("".join(map(str, pieces)))
            return Text(pieces)
        return self._bare()

    def _choice(self, node: tree.If) -> Choice:
        if node.branches[-1][0] is not None:
            raise NotRecognized
        branches = []
        for condition, body in node.branches:
            before, value, after = _Recognizer(body).only_value()
            branches.append((condition, before, value, after))
        self._next()
        return Choice(branches)

    def _object(self) -> Object:
        self._offset += 1
        members: list[Member | Do] = []
        keys: set[str] = set()
        while True:
            members += self._statements()
            if self._char() == "}":
                self._offset += 1
                return Object(members)
            if self._char() != '"':
                raise NotRecognized
            pieces = self._string()
            key = pieces[0] if pieces else ""
            if len(pieces) > 1 or not isinstance(key, str) or key in keys:
                raise NotRecognized
            keys.add(key)
            if self._statements() or self._char() != ":":
                raise NotRecognized
            self._offset += 1
            members += self._statements()
            members.append(Member(key, self._value()))
            members += self._statements()
            self._comma("}")

    def _comma(self, close: str) -> None:
        if self._char() == ",":
            self._offset += 1
        elif self._char() != close:
            raise NotRecognized

    def _array(self) -> Array:
        self._offset += 1
        items: list[Part | Each | Do] = []
        while True:
            items += self._statements()
            node = self._node()
            if self._char() == "]":
                self._offset += 1
                return Array(items)
            if isinstance(node, tree.Foreach):
                items.append(_each(node))
                self._next()
                items += self._statements()
                if self._char() != "]":
                    raise NotRecognized
                continue
            items.append(self._value())
            items += self._statements()
            self._comma("]")

    def _string(self) -> list[str | tree.Reference]:
        self._offset += 1
        pieces: list[str | tree.Reference] = []
        while True:
            node = self._node()
            if isinstance(node, tree.Reference):
                pieces.append(node)
                self._next()
                continue
            if not isinstance(node, tree.Text):
                raise NotRecognized
            end = self._offset
            while end < len(node.text) and node.text[end] != '"':
                end += 2 if node.text[end] == "\\" else 1
            text = node.text[self._offset : end]
            if text:
                pieces.append(_unescaped(text))
            if end < len(node.text):
                self._offset = end + 1
                return pieces
            self._next()

    def _bare(self) -> Part:
        pieces: list[str | tree.Reference] = []
        while True:
            node = self._node()
            if isinstance(node, tree.Reference) and not is_silent_call(node):
                pieces.append(node)
                self._next()
                continue
            match = None
            if isinstance(node, tree.Text):
                match = _TOKEN.match(node.text, self._offset)
            if match is None:
                break
            pieces.append(match[0])
            self._offset = match.end()
        if not pieces:
            raise NotRecognized
        if all(isinstance(piece, str) for piece in pieces):
            return Const(_constant("".join(map(str, pieces))))
        return Bare(pieces)


def _constant(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        raise NotRecognized
    if math.isinf(float(text)):
        raise NotRecognized
    value: object = json.loads(text)
    return value


def _unescaped(text: str) -> str:
    try:
        value = json.loads(f'"{text}"')
    except ValueError:
        raise NotRecognized from None
    return str(value)


def _each(node: tree.Foreach) -> Each:
    """Take a loop for items; a comma for all but the last one ends the body."""
    body = list(node.body)
    while body and _is_silent(body[-1]):
        body.pop()
    comma = body.pop() if body else None
    if not isinstance(comma, tree.If) or len(comma.branches) != 1:
        raise NotRecognized
    condition, inside = comma.branches[0]
    if not _is_more(condition) or [
        node.text.strip() if isinstance(node, tree.Text) else None for node in inside
    ] != [","]:
        raise NotRecognized
    rest = node.body[len(body) + 1 :]
    before, item, after = _Recognizer(body).only_value()
    after += [Do(each) for each in rest if not isinstance(each, tree.Text)]
    return Each(node, before, item, after)


def _is_more(condition: tree.Expression | None) -> bool:
    """Say whether a condition is that another round follows."""
    if not isinstance(condition, tree.Reference):
        return False
    if condition.name == "velocityHasNext":
        return not condition.steps
    step = condition.steps[0] if len(condition.steps) == 1 else None
    return (
        condition.name == "foreach"
        and isinstance(step, tree.Property)
        and step.name == "hasNext"
    )
