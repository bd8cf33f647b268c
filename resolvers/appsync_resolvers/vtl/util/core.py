"""The helpers that stand in `$util` itself."""

import base64
import os
import re
import time
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.json_read import read_value
from appsync_resolvers.vtl.json_write import to_json
from appsync_resolvers.vtl.limits import checked, grow, in_chunks, tick
from appsync_resolvers.vtl.methods.strings import present
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.regex import compile_pattern
from appsync_resolvers.vtl.util.identity import auth_type
from appsync_resolvers.vtl.values.failure import Thrown
from appsync_resolvers.vtl.values.kinds import is_number
from appsync_resolvers.vtl.values.objects import Array

CORE: Table = {}

_JAVASCRIPT = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "/": "\\/",
    "\b": "\\b",
    "\n": "\\n",
    "\t": "\\t",
    "\f": "\\f",
    "\r": "\\r",
}
_TO_ESCAPE = re.compile("[\x00-\x1f\x80-\U0010ffff]")
_MANY = 100_000
_BAD_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_PERCENTS = re.compile(r"(?s)(?:%..|[^%]){1,20000}")
"""Long parts of a text that end between two escapes."""
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_KSUID_EPOCH = 1_400_000_000


@method(CORE, "qr", "o")
@method(CORE, "quiet", "o")
def quiet(_context: Context, _value: Any) -> str:
    """Print nothing; the argument was evaluated for its effects."""
    return ""


@method(CORE, "toJson", "o")
def write_json(_context: Context, value: Any) -> str:
    """Write a value as JSON text."""
    return to_json(value)


@method(CORE, "parseJson", "s")
def parse_json(_context: Context, text: str | None) -> Any:
    """Read JSON text; what is no JSON has no value (amplify-cli PR #10739)."""
    if text is None:
        return None
    grow(len(text))
    return read_value(text)


@method(CORE, "escapeJavaScript", "s")
def escape_javascript(_context: Context, text: str | None) -> str | None:
    """Escape a text for a JavaScript literal, single quotes and slashes too."""
    if text is None:
        return None
    for char, written in _JAVASCRIPT.items():
        text = text.replace(char, written)
    return checked(in_chunks(text, _escaped))


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES) if _TO_ESCAPE.search(text) else text


class _Escapes(dict[int, str]):
    r"""Escapes of what is no ASCII, one `\uXXXX` for each UTF-16 unit."""

    def __missing__(self, code: int) -> str:
        text = chr(code)
        if not _TO_ESCAPE.match(text):
            escape = text
        else:
            raw = text.encode("utf-16-be", "surrogatepass").hex().upper()
            escape = "".join(f"\\u{raw[at : at + 4]}" for at in range(0, len(raw), 4))
        if len(self) < _MANY:
            self[code] = escape
        return escape


_ESCAPES = _Escapes()


@method(CORE, "urlEncode", "s")
def url_encode(_context: Context, text: str | None) -> str:
    """Encode as `application/x-www-form-urlencoded`: a space becomes a plus."""
    present(text)
    return checked(in_chunks(str(text), _url_encoded))


def _url_encoded(text: str) -> str:
    return quote_plus(text, safe="*", errors="replace").replace("~", "%7E")


@method(CORE, "urlDecode", "s")
def url_decode(_context: Context, text: str | None) -> str:
    """Undo `urlEncode`.

    Raises:
        Thrown: a percent sign is not followed by two hexadecimal digits.
    """
    present(text)
    if _BAD_PERCENT.search(str(text)):
        what = "URLDecoder: Illegal hex characters in escape (%) pattern"
        raise Thrown(f"java.lang.IllegalArgumentException: {what}")
    raw = b"".join(map(_url_decoded, _PERCENTS.findall(str(text))))
    return checked(raw.decode("utf-8", "replace"))


def _url_decoded(part: str) -> bytes:
    tick()
    return unquote_to_bytes(part.replace("+", " "))


@method(CORE, "base64Encode", "o")
def base64_encode(_context: Context, value: Any) -> str | None:
    """Encode bytes, or a text as UTF-8, which AppSync documents as `byte[]`."""
    if isinstance(value, Array) and value.component == "B":
        raw = bytes(byte % 256 for byte in value)
    elif type(value) is str:
        raw = value.encode("utf-8", "replace")
    else:
        return None
    return checked(base64.b64encode(raw).decode())


@method(CORE, "base64Decode", "s")
def base64_decode(_context: Context, text: str | None) -> str:
    """Decode to a text: bytes are of no use in a template, printed they are garbage.

    As with `java.util.Base64`, the padding at the end may be missing.

    Raises:
        Thrown: the text is no base64.
    """
    present(text)
    digits = str(text)
    padding = "" if digits.endswith("=") else "=" * (-len(digits) % 4)
    try:
        raw = base64.b64decode(digits + padding, validate=True)
        return checked(raw.decode("utf-8", "replace"))
    except ValueError:
        what = "Input byte array has incorrect ending byte"
        raise Thrown(f"java.lang.IllegalArgumentException: {what}") from None


@method(CORE, "autoId")
def auto_id(_context: Context) -> str:
    """Make a random UUID, version 4."""
    number = int.from_bytes(os.urandom(16)) & ~(0xF << 76) & ~(0x3 << 62)
    digits = f"{number | 0x4 << 76 | 0x2 << 62:032x}"
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(parts)


@method(CORE, "autoUlid")
def auto_ulid(_context: Context) -> str:
    """Make a ULID: 48 bits of milliseconds, 80 random bits, in Crockford's base 32."""
    number = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10))
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


@method(CORE, "autoKsuid")
def auto_ksuid(_context: Context) -> str:
    """Make a KSUID: 4 bytes of seconds, 16 random bytes, in base 62."""
    number = (int(time.time()) - _KSUID_EPOCH) << 128 | int.from_bytes(os.urandom(16))
    digits = ""
    for _ in range(27):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits


@method(CORE, "isNull", "o")
def is_null(_context: Context, value: Any) -> bool:
    """Say whether there is no value."""
    return value is None


@method(CORE, "isNullOrEmpty", "s")
def is_null_or_empty(_context: Context, text: str | None) -> bool:
    """Say whether there is no text or an empty one."""
    return not text


@method(CORE, "isNullOrBlank", "s")
def is_null_or_blank(_context: Context, text: str | None) -> bool:
    """Say whether there is no text or only white space."""
    return text is None or not text.strip()


@method(CORE, "defaultIfNull", "oo")
def default_if_null(_context: Context, value: Any, default: Any) -> Any:
    """Give the value, or the default where there is none."""
    return default if value is None else value


@method(CORE, "defaultIfNullOrEmpty", "ss")
def default_if_null_or_empty(
    _context: Context, text: str | None, default: str | None
) -> str | None:
    """Give the text, or the default for an empty one."""
    return text or default


@method(CORE, "defaultIfNullOrBlank", "ss")
def default_if_null_or_blank(
    _context: Context, text: str | None, default: str | None
) -> str | None:
    """Give the text, or the default for one of white space only."""
    return default if text is None or not text.strip() else text


@method(CORE, "isString", "o")
def is_string(_context: Context, value: Any) -> bool:
    """Say whether the value is a text."""
    return type(value) is str


@method(CORE, "isNumber", "o")
def is_a_number(_context: Context, value: Any) -> bool:
    """Say whether the value is a number."""
    return is_number(value)


@method(CORE, "isBoolean", "o")
def is_boolean(_context: Context, value: Any) -> bool:
    """Say whether the value is true or false."""
    return type(value) is bool


@method(CORE, "isList", "o")
def is_a_list(_context: Context, value: Any) -> bool:
    """Say whether the value is a list."""
    return type(value) is list


@method(CORE, "isMap", "o")
def is_a_map(_context: Context, value: Any) -> bool:
    """Say whether the value is a map."""
    return isinstance(value, dict)


@method(CORE, "typeOf", "o")
def type_of(_context: Context, value: Any) -> str:
    """Name the type of a value."""
    if value is None:
        return "Null"
    if is_number(value):
        return "Number"
    names = {str: "String", bool: "Boolean", list: "List"}
    if isinstance(value, dict):
        return "Map"
    return names.get(type(value), "Object")


@method(CORE, "matches", "ss")
def matches(_context: Context, pattern: str | None, text: str | None) -> bool:
    """Say whether a Java pattern takes the whole text.

    AWS does not say whether a part is enough; its example, `a*b` for `aaaaab`, and the
    name of Java's own `Pattern.matches` speak for the whole.
    """
    present(pattern, text)
    return compile_pattern(str(pattern)).matches(str(text))


@method(CORE, "authType")
def name_auth_type(context: Context) -> str:
    """Name how the caller was authorized."""
    return auth_type(context.identity.value)
