"""`$util.xml`."""

import math
import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.json_write import to_json
from appsync_resolvers.vtl.limits import tick
from appsync_resolvers.vtl.methods.table import Table, method

XML: Table = {}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FRACTION = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
_MAX_DEPTH = 200
_CHUNK = 50_000


@dataclass(slots=True)
class _Element:
    """An element that is not closed yet.

    Attributes:
        members: its attributes and children.
        text: its text up to the last child, without the white space around children.
        rest: its text since then.
    """

    members: dict[str, Any]
    text: str = ""
    rest: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Take the text up to here as a part of its own."""
        self.text += "".join(self.rest).strip()
        self.rest.clear()


class _Document:
    """Builds the map of a document while it is read."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}
        self._open = [_Element(self.root)]

    def start(self, _name: str, attributes: dict[str, str]) -> None:
        """Begin an element; its name keeps its prefix."""
        self._open[-1].settle()
        members = {key: _scalar(value) for key, value in attributes.items()}
        self._open.append(_Element(members))

    def end(self, name: str) -> None:
        """End the element that was begun last; very deep ones are left out."""
        element = self._open.pop()
        element.settle()
        value: Any = element.members
        if len(self._open) > _MAX_DEPTH:
            value = None
        elif not element.members:
            value = _scalar(element.text)
        elif element.text:
            _add(element.members, "content", _scalar(element.text))
        _add(self._open[-1].members, name, value)

    def text(self, text: str) -> None:
        """Take a part of an element's text."""
        self._open[-1].rest.append(text)


def to_value(text: str | None) -> dict[str, Any] | None:
    """Give the map of an XML document, None when it is none.

    Members of the same name become a list, attributes are members too, text that looks
    like a number, a boolean or null is one.
    """
    if text is None or "<!DOCTYPE" in text:
        return None
    document, parser = _Document(), ParserCreate()
    parser.StartElementHandler = document.start
    parser.EndElementHandler = document.end
    parser.CharacterDataHandler = document.text
    source = text.strip()
    try:
        for start in range(0, len(source), _CHUNK):
            tick()
            parser.Parse(source[start : start + _CHUNK])
        parser.Parse("", True)
    except (ExpatError, ValueError):
        return None
    return document.root


def _add(members: dict[str, Any], name: str, value: Any) -> None:
    if name not in members:
        members[name] = value
    elif isinstance(members[name], list):
        members[name].append(value)
    else:
        members[name] = [members[name], value]


def _scalar(text: str) -> Any:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text) if _FRACTION.fullmatch(text) else math.inf
    return text if math.isinf(number) else number


@method(XML, "toMap", "s")
def to_map(_context: Context, text: str | None) -> Any:
    """Turn XML into a map."""
    return to_value(text)


@method(XML, "toJsonString", "s")
@method(XML, "toJsonString", "sb")
def to_json_string(
    _context: Context, text: str | None, as_string: bool = False
) -> str | None:
    """Turn XML into JSON text, or into a JSON string that holds that text."""
    value = to_value(text)
    if value is None:
        return None
    written = to_json(value)
    return to_json(written) if as_string else written
