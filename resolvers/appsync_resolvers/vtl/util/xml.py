"""`$util.xml`."""

import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

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


def to_value(text: str | None) -> dict[str, Any] | None:
    """Give the map of an XML document, None when it is none.

    Members of the same name become a list, attributes are members too, text that looks
    like a number, a boolean or null is one.
    """
    if text is None or "<!DOCTYPE" in text:
        return None
    try:
        root = _parsed(text.strip())
    except (ParseError, ValueError):
        return None
    return {_name(root.tag): _content(root, 0)}


def _parsed(text: str) -> Element:
    """Parse a text part by part, looking at the clock on the way."""
    parser = XMLParser()  # noqa: S314 - without a DOCTYPE there are no entities
    for start in range(0, len(text), _CHUNK):
        tick()
        parser.feed(text[start : start + _CHUNK])
    root: Element = parser.close()
    return root


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _content(element: Element, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        return None
    members: dict[str, Any] = {
        _name(key): _scalar(value) for key, value in element.attrib.items()
    }
    tick()
    for child in element:
        _add(members, _name(child.tag), _content(child, depth + 1))
    text = (element.text or "").strip()
    text += "".join((child.tail or "").strip() for child in element)
    if not members:
        return _scalar(text)
    if text:
        _add(members, "content", _scalar(text))
    return members


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
    return float(text) if _FRACTION.fullmatch(text) else text


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
