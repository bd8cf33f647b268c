"""Methods of `java.lang.String` and `java.lang.Character`."""

import struct
from typing import Any, NoReturn

from appsync_resolvers.vtl.limits import checked
from appsync_resolvers.vtl.methods.formatting import format_text
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.regex import compile_pattern, replace, split
from appsync_resolvers.vtl.values.equality import equals, hash_code
from appsync_resolvers.vtl.values.failure import MAX_TEXT, Thrown, too_large
from appsync_resolvers.vtl.values.kinds import INT_MAX, class_name
from appsync_resolvers.vtl.values.objects import Array, Char
from appsync_resolvers.vtl.values.text import to_string

STRING: Table = {}
CHARACTER: Table = {}

_TRIMMED = "".join(map(chr, range(33)))
_BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2008\u2009\u200a\u2028\u2029\u205f\u3000"
)
_STRINGS = "Ljava.lang.String;"


def units(text: str) -> str:
    """Write a text with one character per UTF-16 unit, which is how Java counts."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def joined(text: str) -> str:
    """Undo `units`."""
    if text.isascii():
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw.decode("utf-16-le", "surrogatepass")


def present(*values: Any) -> None:
    """Refuse null where Java does.

    Raises:
        Thrown: NullPointerException.
    """
    if None in values:
        raise Thrown("java.lang.NullPointerException")


def _cut(text: str, begin: int, end: int | None) -> str:
    counted = units(text)
    stop = len(counted) if end is None else end
    if begin < 0 or stop > len(counted) or begin > stop:
        what = f"begin {begin}, end {stop}, length {len(counted)}"
        raise Thrown(f"java.lang.StringIndexOutOfBoundsException: {what}")
    return joined(counted[begin:stop])


def not_comparable(value: Any, other: Any) -> int:
    """Refuse what `compareTo` cannot cast to its own class.

    Raises:
        Thrown: ClassCastException.
    """
    present(other)
    _refuse_cast(other, class_name(value))


def _refuse_cast(value: Any, own: str) -> NoReturn:
    given = class_name(value)
    raise Thrown(
        f"java.lang.ClassCastException: class {given} cannot be cast to class {own} "
        f"({given} and {own} are in module java.base of loader 'bootstrap')"
    )


@method(STRING, "length")
def _length(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@method(STRING, "isEmpty")
def _is_empty(text: str) -> bool:
    return not text


@method(STRING, "isBlank")
def _is_blank(text: str) -> bool:
    return not text.strip(_BLANKS)


@method(STRING, "substring", "i")
@method(STRING, "substring", "ii")
def _substring(text: str, begin: int, end: int | None = None) -> str:
    return _cut(text, begin, end)


@method(STRING, "subSequence", "ii")
def _sub_sequence(text: str, begin: int, end: int) -> str:
    return _cut(text, begin, end)


@method(STRING, "charAt", "i")
def _char_at(text: str, index: int) -> Char:
    counted = units(text)
    if not 0 <= index < len(counted):
        what = f"String index out of range: {index}"
        raise Thrown(f"java.lang.StringIndexOutOfBoundsException: {what}")
    return Char(counted[index])


@method(STRING, "codePointAt", "i")
def _code_point_at(text: str, index: int) -> int:
    counted = units(text)
    if not 0 <= index < len(counted):
        what = f"index {index}, length {len(counted)}"
        raise Thrown(f"java.lang.StringIndexOutOfBoundsException: {what}")
    pair = joined(counted[index : index + 2])
    return ord(pair) if len(pair) == 1 else ord(counted[index])


@method(STRING, "indexOf", "s")
@method(STRING, "indexOf", "si")
def _index_of(text: str, part: str | None, start: int = 0) -> int:
    present(part)
    counted = units(text)
    found = counted.find(units(str(part)), max(start, 0))
    return min(len(counted), max(start, 0)) if part == "" else found


@method(STRING, "indexOf", "i")
@method(STRING, "indexOf", "ii")
def _index_of_code(text: str, code: int, start: int = 0) -> int:
    return _index_of(text, chr(code), start) if 0 <= code <= 0x10FFFF else -1


@method(STRING, "lastIndexOf", "s")
@method(STRING, "lastIndexOf", "si")
def _last_index_of(text: str, part: str | None, start: int = INT_MAX) -> int:
    present(part)
    if start < 0:
        return -1
    wanted = units(str(part))
    return units(text).rfind(wanted, 0, start + len(wanted))


@method(STRING, "lastIndexOf", "i")
@method(STRING, "lastIndexOf", "ii")
def _last_index_of_code(text: str, code: int, start: int = INT_MAX) -> int:
    return _last_index_of(text, chr(code), start) if 0 <= code <= 0x10FFFF else -1


@method(STRING, "contains", "s")
def _contains(text: str, part: str | None) -> bool:
    present(part)
    return str(part) in text


@method(STRING, "startsWith", "s")
@method(STRING, "startsWith", "si")
def _starts_with(text: str, part: str | None, start: int = 0) -> bool:
    present(part)
    counted = units(text)
    return 0 <= start <= len(counted) and counted.startswith(units(str(part)), start)


@method(STRING, "endsWith", "s")
def _ends_with(text: str, part: str | None) -> bool:
    present(part)
    return text.endswith(str(part))


@method(STRING, "replace", "ss")
@method(STRING, "replace", "cc")
def _replace(text: str, old: str | None, new: str | None) -> str:
    present(old, new)
    found, put = str(old), str(new)
    if len(text) + text.count(found) * (len(put) - len(found)) > MAX_TEXT:
        too_large()
    return text.replace(found, put)


@method(STRING, "replaceAll", "ss")
def _replace_all(text: str, pattern: str | None, new: str | None) -> str:
    present(pattern, new)
    return replace(str(pattern), text, str(new))


@method(STRING, "replaceFirst", "ss")
def _replace_first(text: str, pattern: str | None, new: str | None) -> str:
    present(pattern, new)
    return replace(str(pattern), text, str(new), once=True)


@method(STRING, "matches", "s")
def _matches(text: str, pattern: str | None) -> bool:
    present(pattern)
    return compile_pattern(str(pattern)).matches(text)


@method(STRING, "split", "s")
@method(STRING, "split", "si")
def _split(text: str, pattern: str | None, limit: int = 0) -> Array:
    present(pattern)
    return Array(split(str(pattern), text, limit), _STRINGS)


@method(STRING, "toUpperCase")
def _to_upper_case(text: str) -> str:
    return text.upper()


@method(STRING, "toLowerCase")
def _to_lower_case(text: str) -> str:
    return text.lower()


@method(STRING, "trim")
def _trim(text: str) -> str:
    return text.strip(_TRIMMED)


@method(STRING, "strip")
def _strip(text: str) -> str:
    return text.strip(_BLANKS)


@method(STRING, "stripLeading")
def _strip_leading(text: str) -> str:
    return text.lstrip(_BLANKS)


@method(STRING, "stripTrailing")
def _strip_trailing(text: str) -> str:
    return text.rstrip(_BLANKS)


@method(STRING, "concat", "s")
def _concat(text: str, other: str | None) -> str:
    present(other)
    return checked(text + str(other))


@method(STRING, "repeat", "i")
def _repeat(text: str, count: int) -> str:
    if count < 0:
        what = f"count is negative: {count}"
        raise Thrown(f"java.lang.IllegalArgumentException: {what}")
    if len(text) * count > MAX_TEXT:
        too_large()
    return text * count


@method(STRING, "equalsIgnoreCase", "s")
def _equals_ignore_case(text: str, other: str | None) -> bool:
    if other is None or len(text) != len(other):
        return False
    return text.upper().lower() == other.upper().lower()


@method(STRING, "contentEquals", "s")
def _content_equals(text: str, other: str | None) -> bool:
    present(other)
    return text == other


@method(STRING, "compareTo", "s")
def _compare_to(text: str, other: str | None) -> int:
    present(other)
    left, right = units(text), units(str(other))
    for a, b in zip(left, right, strict=False):
        if a != b:
            return ord(a) - ord(b)
    return len(left) - len(right)


method(STRING, "compareTo", "o")(not_comparable)


@method(STRING, "compareToIgnoreCase", "s")
def _compare_to_ignore_case(text: str, other: str | None) -> int:
    present(other)
    return _compare_to(text.upper().lower(), str(other).upper().lower())


@method(STRING, "regionMatches", "isii")
@method(STRING, "regionMatches", "bisii")
def _region_matches(text: str, *arguments: Any) -> bool:
    ignore_case = arguments[0] is True
    start, other, other_start, count = arguments[-4:]
    present(other)
    left, right = units(text), units(other)
    if min(start, other_start) < 0 or start > len(left) - count:
        return False
    if other_start > len(right) - count:
        return False
    if ignore_case:
        left, right = left.lower(), right.lower()
    return left[start : start + count] == right[other_start : other_start + count]


@method(STRING, "getBytes")
@method(STRING, "getBytes", "s")
def _get_bytes(text: str, charset: str | None = "UTF-8") -> Array:
    present(charset)
    try:
        raw = text.encode(str(charset), "replace")
    except LookupError:
        raise Thrown(f"java.io.UnsupportedEncodingException: {charset}") from None
    return Array([byte - 256 if byte > 127 else byte for byte in raw], "B")


@method(STRING, "toCharArray")
def _to_char_array(text: str) -> Array:
    return Array(map(Char, units(text)), "C")


@method(STRING, "hashCode")
@method(CHARACTER, "hashCode")
def _hash_code(text: str) -> int:
    return hash_code(text)


@method(STRING, "equals", "o")
@method(CHARACTER, "equals", "o")
def _equals(text: str, other: Any) -> bool:
    return equals(text, other)


@method(STRING, "toString")
@method(STRING, "intern")
@method(CHARACTER, "toString")
def _to_string(text: str) -> str:
    return str(text)


@method(STRING, "valueOf", "o")
@method(STRING, "copyValueOf", "o")
def _value_of(_text: str, value: Any) -> str:
    if type(value) is Array and value.component == "C":
        return joined("".join(value))
    return to_string(value)


@method(STRING, "join", "sk")
def _join(_text: str, separator: str | None, items: Any) -> str:
    present(separator, items)
    for item in items:
        if item is not None and not isinstance(item, str):
            _refuse_cast(item, "java.lang.CharSequence")
    texts = [to_string(item) for item in items]
    if sum(map(len, texts)) + len(texts) * len(str(separator)) > MAX_TEXT:
        too_large()
    return str(separator).join(texts)


@method(STRING, "join", "s*")
def _join_texts(text: str, separator: str | None, *parts: Any) -> str | None:
    if any(type(part) is not str for part in parts):
        return None
    return _join(text, separator, parts)


@method(STRING, "format", "s*")
def _format(_text: str, template: str | None, *arguments: Any) -> str:
    present(template)
    return format_text(str(template), arguments)


@method(STRING, "formatted", "*")
def _formatted(text: str, *arguments: Any) -> str:
    return format_text(text, arguments)


@method(CHARACTER, "charValue")
def _char_value(char: Char) -> Char:
    return char


@method(CHARACTER, "compareTo", "c")
def _compare_characters(char: Char, other: Char) -> int:
    return ord(char) - ord(other)


method(CHARACTER, "compareTo", "o")(not_comparable)
method(CHARACTER, "valueOf", "c")(lambda _char, other: other)


@method(CHARACTER, "getNumericValue", "c")
def _numeric_value(_char: Char, other: Char) -> int:
    return int(other, 36) if other.isascii() and other.isalnum() else -1


@method(CHARACTER, "isDigit", "c")
def _is_digit(_char: Char, other: Char) -> bool:
    return other.isdecimal()


@method(CHARACTER, "isLetter", "c")
def _is_letter(_char: Char, other: Char) -> bool:
    return other.isalpha()


@method(CHARACTER, "isLetterOrDigit", "c")
def _is_letter_or_digit(_char: Char, other: Char) -> bool:
    return other.isalpha() or other.isdecimal()


@method(CHARACTER, "isUpperCase", "c")
def _is_upper_case(_char: Char, other: Char) -> bool:
    return other.isupper()


@method(CHARACTER, "isLowerCase", "c")
def _is_lower_case(_char: Char, other: Char) -> bool:
    return other.islower()


@method(CHARACTER, "isWhitespace", "c")
def _is_whitespace(_char: Char, other: Char) -> bool:
    return other in _BLANKS


@method(CHARACTER, "toUpperCase", "c")
def _char_to_upper_case(_char: Char, other: Char) -> Char:
    return Char(other.upper() if len(other.upper()) == 1 else other)


@method(CHARACTER, "toLowerCase", "c")
def _char_to_lower_case(_char: Char, other: Char) -> Char:
    return Char(other.lower() if len(other.lower()) == 1 else other)
