"""`String.format`, for the conversions that templates use."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from appsync_resolvers.vtl.limits import checked
from appsync_resolvers.vtl.values.equality import hash_code
from appsync_resolvers.vtl.values.failure import MAX_TEXT, Thrown, too_large
from appsync_resolvers.vtl.values.kinds import class_name, is_number
from appsync_resolvers.vtl.values.numbers import double_text
from appsync_resolvers.vtl.values.objects import Char
from appsync_resolvers.vtl.values.text import to_string

_DIRECTIVE = re.compile(
    r"%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])|%", re.ASCII
)


def format_text(template: str, arguments: tuple[Any, ...]) -> str:
    """Give `String.format(template, arguments)`.

    Raises:
        Thrown: an argument is missing or does not fit its conversion.
    """
    next_argument = 0

    def write(match: re.Match[str]) -> str:
        nonlocal next_argument
        if match[5] is None:
            raise Thrown("java.util.UnknownFormatConversionException: Conversion = '%'")
        conversion = match[5]
        if conversion == "n":
            return "\n"
        if conversion == "%":
            return _padded("%", match)
        if match[1]:
            index = int(match[1]) - 1
        elif "<" in match[2]:
            index = next_argument - 1
        else:
            index = next_argument
            next_argument += 1
        if not 0 <= index < len(arguments):
            what = f"Format specifier '{match[0]}'"
            raise Thrown(f"java.util.MissingFormatArgumentException: {what}")
        return _padded(_converted(conversion, arguments[index], match), match)

    return checked(_DIRECTIVE.sub(write, template))


def _padded(text: str, match: re.Match[str]) -> str:
    width = int(match[3] or 0)
    if width > MAX_TEXT:
        too_large()
    if not width and ("-" in match[2] or "0" in match[2]):
        raise Thrown(f"java.util.MissingFormatWidthException: {match[0]}")
    if "-" in match[2]:
        return text.ljust(width)
    if "0" in match[2] and match[5] in "dfxXeEo":
        sign = text[:1] if text[:1] in ("-", "+", " ", "(") else ""
        return sign + text[len(sign) :].rjust(width - len(sign), "0")
    return text.rjust(width)


def _converted(conversion: str, value: Any, match: re.Match[str]) -> str:
    lower = conversion.lower()
    if lower in "sbhc":
        text = _general(lower, value, conversion)
        if match[4] and lower != "c":
            text = text[: int(match[4])]
    elif lower in "doxfeg":
        text = "null" if value is None else _number(lower, value, match)
    else:
        what = f"Conversion = '{conversion}'"
        raise Thrown(f"java.util.UnknownFormatConversionException: {what}")
    return text.upper() if conversion.isupper() else text


def _general(conversion: str, value: Any, written: str) -> str:
    if conversion == "s":
        return to_string(value)
    if conversion == "b":
        return "false" if value is None or value is False else "true"
    if value is None:
        return "null"
    if conversion == "h":
        return f"{hash_code(value) & 0xFFFFFFFF:x}"
    if type(value) is Char:
        return str(value)
    if type(value) is int and 0 <= value <= 0x10FFFF:
        return chr(value)
    raise _mismatch(written, value)


def _mismatch(conversion: str, value: Any) -> Thrown:
    return Thrown(
        f"java.util.IllegalFormatConversionException: {conversion} != "
        f"{class_name(value)}"
    )


def _number(conversion: str, value: Any, match: re.Match[str]) -> str:
    if not is_number(value) or (type(value) is int) == (conversion in "feg"):
        raise _mismatch(match[5], value)
    if conversion in "dox":
        return _whole(conversion, value, match[2])
    if type(value) is float and (value != value or abs(value) == float("inf")):  # noqa: PLR0124 - NaN
        return double_text(value)
    exact = Decimal(repr(value) if type(value) is float else value)
    precision = min(int(match[4] or 6), 1000)
    if conversion == "g":
        size = abs(exact)
        precision = max(precision, 1)
        if size == 0 or Decimal("1e-4") <= size < Decimal(10) ** precision:
            conversion = "f"
            precision = max(precision - 1 - (exact.adjusted() if size else 0), 0)
        else:
            conversion = "e"
            precision -= 1
    if conversion == "e":
        text = format(exact or 0.0, f".{precision}e")
        return _signed(text, match[2], exponent=True)
    rounded = exact.quantize(Decimal(1).scaleb(-precision), ROUND_HALF_UP)
    return _signed(format(rounded, "f"), match[2])


def _whole(conversion: str, value: int, flags: str) -> str:
    if conversion == "d":
        return _signed(str(value), flags)
    bits = 32 if -(2**31) <= value < 2**31 else 64
    unsigned = value & ((1 << bits) - 1)
    prefix = {"x": "0x", "o": "0"}[conversion] if "#" in flags else ""
    return prefix + format(unsigned, conversion)


def _signed(text: str, flags: str, *, exponent: bool = False) -> str:
    if exponent:
        mantissa, _, power = text.partition("e")
        text = f"{mantissa}e{power[0]}{power[1:].zfill(2)}"
    if "," in flags:
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        whole, dot, fraction = digits.partition(".")
        text = f"{sign}{int(whole):,}{dot}{fraction}"
    if text.startswith("-"):
        return f"({text[1:]})" if "(" in flags else text
    if "+" in flags:
        return "+" + text
    return " " + text if " " in flags else text
