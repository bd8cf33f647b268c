"""Methods of `java.lang.Integer`, `Long`, `Double`, `Boolean` and BigInteger.

Values are told apart by size, so a Long that would fit an Integer has the methods of
an Integer. It has those of Long besides.
"""

import math
import re
import struct
from collections.abc import Callable
from typing import Any

from appsync_resolvers.vtl.methods.strings import not_comparable, present
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.values.equality import equals, hash_code
from appsync_resolvers.vtl.values.failure import Thrown
from appsync_resolvers.vtl.values.kinds import INT_MAX, INT_MIN, LONG_MAX, LONG_MIN
from appsync_resolvers.vtl.values.numbers import (
    add_numbers,
    compare,
    divide,
    modulo,
    multiply,
    subtract,
    to_int,
    to_long,
)
from appsync_resolvers.vtl.values.text import to_string

INTEGER: Table = {}
LONG: Table = {}
BIG_INTEGER: Table = {}
DOUBLE: Table = {}
BIG_DECIMAL: Table = {}
BOOLEAN: Table = {}

_DIGITS = re.compile(r"[+-]?[0-9a-zA-Z]+")
_DOUBLE_TEXT = re.compile(
    r"[\x00-\x20]*([+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
    r"(?:[eE][+-]?[0-9]+)?[fFdD]?))[\x00-\x20]*",
    re.ASCII,
)


def _parsed(text: str | None, radix: int, low: int, high: int) -> int:
    if text is None:
        raise Thrown("java.lang.NumberFormatException: Cannot parse null string")
    if radix > 36 or radix < 2:
        side = "greater than Character.MAX" if radix > 36 else "less than Character.MIN"
        raise Thrown(f"java.lang.NumberFormatException: radix {radix} {side}_RADIX")
    shown = f'For input string: "{text}"'
    if radix != 10:
        shown += f" under radix {radix}"
    value = None
    if len(text) < 100 and _DIGITS.fullmatch(text):
        try:
            value = int(text, radix)
        except ValueError:
            value = None
    if value is None or not low <= value <= high:
        raise Thrown(f"java.lang.NumberFormatException: {shown}")
    return value


def _in_radix(value: int, radix: int) -> str:
    if not 2 <= radix <= 36:
        radix = 10
    digits = ""
    rest = abs(value)
    while rest or not digits:
        rest, digit = divmod(rest, radix)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return "-" + digits if value < 0 else digits


def _number_methods(table: Table) -> None:
    """Declare what every Number has."""
    method(table, "intValue")(to_int)
    method(table, "longValue")(to_long)
    method(table, "doubleValue")(_double_value)
    method(table, "floatValue")(_float_value)
    method(table, "shortValue")(lambda value: (to_int(value) + 2**15) % 2**16 - 2**15)
    method(table, "byteValue")(lambda value: (to_int(value) + 2**7) % 2**8 - 2**7)
    method(table, "toString")(to_string)
    method(table, "hashCode")(hash_code)
    method(table, "equals", "o")(equals)


def _double_value(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _float_value(value: Any) -> float:
    """Give the nearest float, written as Java writes that float."""
    double = _double_value(value)
    try:
        packed = struct.unpack("f", struct.pack("f", double))[0]
    except OverflowError:
        return math.copysign(math.inf, double)
    for digits in range(1, 10):
        short = float(f"{packed:.{digits}g}")
        if struct.pack("f", short) == struct.pack("f", packed):
            return short
    return float(packed)


for _table in (INTEGER, LONG, BIG_INTEGER, DOUBLE, BIG_DECIMAL):
    _number_methods(_table)


def _integer_methods(table: Table, kind: str, boxed: str, low: int, high: int) -> None:
    """Declare what Integer and Long share, with their own names and limits."""
    primitive = kind[0].lower()
    bits = 32 if primitive == "i" else 64
    parse = f"parse{kind}"

    def wrapped(value: int) -> int:
        return (value - low) % (1 << bits) + low

    def unsigned(value: int) -> int:
        return value % (1 << bits)

    for name in (parse, "valueOf"):
        method(table, name, "s")(lambda _v, text: _parsed(text, 10, low, high))
        method(table, name, "si")(lambda _v, text, r: _parsed(text, r, low, high))
    method(table, "valueOf", primitive)(lambda _v, value: value)
    method(table, "decode", "s")(lambda _v, text: _decoded(text, low, high))
    method(table, "compareTo", boxed)(_compare_to)
    method(table, "compareTo", "o")(not_comparable)
    for name, function in (
        ("compare", compare),
        ("max", max),
        ("min", min),
        ("sum", lambda a, b: wrapped(a + b)),
    ):
        method(table, name, primitive * 2)(lambda _v, a, b, f=function: f(a, b))
    for name, single in (
        ("signum", lambda value: (value > 0) - (value < 0)),
        ("toString", to_string),
        ("toBinaryString", lambda value: format(unsigned(value), "b")),
        ("toOctalString", lambda value: format(unsigned(value), "o")),
        ("toHexString", lambda value: format(unsigned(value), "x")),
        ("bitCount", lambda value: unsigned(value).bit_count()),
        ("hashCode", hash_code),
        ("numberOfLeadingZeros", lambda v: bits - unsigned(v).bit_length()),
        ("numberOfTrailingZeros", lambda v: _trailing_zeros(unsigned(v), bits)),
    ):
        method(table, name, primitive)(lambda _v, value, f=single: f(value))
    method(table, "toString", primitive + "i")(lambda _v, a, r: _in_radix(a, r))


def _compare_to(value: Any, other: Any) -> int:
    present(other)
    return compare(value, other)


def _trailing_zeros(value: int, bits: int) -> int:
    return (value & -value).bit_length() - 1 if value else bits


def _decoded(text: str | None, low: int, high: int) -> int:
    present(text)
    if not text:
        raise Thrown("java.lang.NumberFormatException: Zero length string")
    sign = text[0] if text[0] in "+-" else ""
    digits = text[len(sign) :]
    for prefix, radix in (("0x", 16), ("0X", 16), ("#", 16), ("0", 8)):
        if digits.startswith(prefix) and digits != "0":
            return _parsed(sign + digits[len(prefix) :], radix, low, high)
    return _parsed(text, 10, low, high)


_integer_methods(LONG, "Long", "L", LONG_MIN, LONG_MAX)
_integer_methods(INTEGER, "Integer", "I", INT_MIN, INT_MAX)
INTEGER["parseInt"] = INTEGER.pop("parseInteger")
for _name in ("parseLong",):
    INTEGER[_name] = LONG[_name]


@method(INTEGER, "reverse", "i")
def _reverse(_value: int, other: int) -> int:
    return (int(format(other % 2**32, "032b")[::-1], 2) + 2**31) % 2**32 - 2**31


def _with_another(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(value: int, other: int | None) -> Any:
        present(other)
        return function(value, other)

    return call


def _big_methods() -> None:
    """Declare the methods of BigInteger that take another one."""
    for name, function in (
        ("add", add_numbers),
        ("subtract", subtract),
        ("multiply", multiply),
        ("divide", divide),
        ("remainder", modulo),
        ("mod", modulo),
        ("max", max),
        ("min", min),
        ("gcd", math.gcd),
    ):
        method(BIG_INTEGER, name, "G")(_with_another(function))
    method(BIG_INTEGER, "compareTo", "G")(_compare_to)
    method(BIG_INTEGER, "compareTo", "o")(not_comparable)
    method(BIG_INTEGER, "abs")(abs)
    method(BIG_INTEGER, "negate")(lambda value: -value)
    method(BIG_INTEGER, "signum")(lambda value: (value > 0) - (value < 0))
    method(BIG_INTEGER, "bitLength")(lambda value: value.bit_length())
    method(BIG_INTEGER, "toString", "i")(_in_radix)


_big_methods()


def _parse_double(_value: Any, text: str | None) -> float:
    present(text)
    stripped = str(text).strip("".join(map(chr, range(33))))
    if not stripped:
        raise Thrown("java.lang.NumberFormatException: empty String")
    match = _DOUBLE_TEXT.fullmatch(str(text))
    if match is None:
        raise Thrown(f'java.lang.NumberFormatException: For input string: "{text}"')
    return float(match[1].rstrip("fFdD") if match[1][-1] in "fFdD" else match[1])


for _name in ("parseDouble", "valueOf"):
    method(DOUBLE, _name, "s")(_parse_double)
method(DOUBLE, "valueOf", "d")(lambda _value, other: float(other))
method(DOUBLE, "toString", "d")(lambda _value, other: to_string(float(other)))
method(DOUBLE, "isNaN")(math.isnan)
method(DOUBLE, "isInfinite")(math.isinf)
method(DOUBLE, "isNaN", "d")(lambda _value, other: math.isnan(other))
method(DOUBLE, "isInfinite", "d")(lambda _value, other: math.isinf(other))
method(DOUBLE, "isFinite", "d")(lambda _value, other: math.isfinite(other))
method(DOUBLE, "compareTo", "D")(_compare_to)
method(DOUBLE, "compareTo", "o")(not_comparable)
method(DOUBLE, "compare", "dd")(lambda _value, a, b: compare(float(a), float(b)))
method(DOUBLE, "max", "dd")(lambda _value, a, b: float(max(a, b)))
method(DOUBLE, "min", "dd")(lambda _value, a, b: float(min(a, b)))
method(DOUBLE, "hashCode", "d")(lambda _value, other: hash_code(float(other)))
method(DOUBLE, "sum", "dd")(lambda _value, a, b: float(a) + float(b))

method(BOOLEAN, "booleanValue")(lambda value: value)
method(BOOLEAN, "toString")(to_string)
method(BOOLEAN, "hashCode")(hash_code)
method(BOOLEAN, "equals", "o")(equals)


@method(BOOLEAN, "compareTo", "B")
def _compare_booleans(value: bool, other: bool | None) -> int:
    present(other)
    return int(value) - int(bool(other))


method(BOOLEAN, "compareTo", "o")(not_comparable)
method(BOOLEAN, "compare", "bb")(lambda _value, a, b: int(a) - int(b))
method(BOOLEAN, "logicalAnd", "bb")(lambda _value, a, b: a and b)
method(BOOLEAN, "logicalOr", "bb")(lambda _value, a, b: a or b)
method(BOOLEAN, "logicalXor", "bb")(lambda _value, a, b: a != b)
method(BOOLEAN, "toString", "b")(lambda _value, other: to_string(other))
method(BOOLEAN, "valueOf", "b")(lambda _value, other: other)
for _name in ("parseBoolean", "valueOf"):
    method(BOOLEAN, _name, "s")(
        lambda _value, text: text is not None and text.lower() == "true"
    )
