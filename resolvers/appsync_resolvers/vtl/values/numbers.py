"""Arithmetic and comparison of numbers as Velocity does them."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, Context, Decimal
from typing import Any

from appsync_resolvers.vtl.values.failure import failed
from appsync_resolvers.vtl.values.kinds import INT_MAX, INT_MIN, LONG_MAX, LONG_MIN

_EXACT = Context(prec=4000, rounding=ROUND_HALF_DOWN)
_MAX_BITS = 14_000
"""Python refuses to print more than 4,300 digits, so no number gets bigger."""
Number = int | float | Decimal


def double_text(value: float) -> str:
    """Give `Double.toString(value)`."""
    if value != value:  # noqa: PLR0124 - NaN is the only value that differs from itself
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    size = abs(value)
    if size == 0 or 1e-3 <= size < 1e7:
        return repr(value)
    digits, _, exponent = format(Decimal(repr(value)), "e").partition("e")
    whole, _, fraction = digits.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}"


def integer_text(value: int) -> str:
    """Give the digits of a whole number.

    Raises:
        EvaluationError: there are more than Python prints.
    """
    try:
        return str(value)
    except ValueError:
        raise failed("Transformation too large") from None


def _base(left: Number, right: Number) -> type:
    """Say in which type two numbers are calculated: int, float or Decimal."""
    if type(left) is Decimal or type(right) is Decimal:
        return Decimal
    if type(left) is float:
        big = type(right) is int and not LONG_MIN <= right <= LONG_MAX
        return Decimal if big else float
    if type(right) is float:
        return float if LONG_MIN <= left <= LONG_MAX else Decimal
    return int


def _arithmetic(
    whole: Callable[[int, int], int],
    double: Callable[[float, float], float],
    exact: Callable[[Decimal, Decimal], Decimal],
) -> Callable[[Any, Any], Any]:
    def calculate(left: Any, right: Any) -> Any:
        kinds = (type(left), type(right))
        if kinds == (int, int):
            value = whole(left, right)
            if value.bit_length() > _MAX_BITS:
                raise failed("Transformation too large")
            return value
        if not set(kinds) <= {int, float, Decimal}:
            return None
        if _base(left, right) is float:
            return double(float(left), float(right))
        left, right = Decimal(left), Decimal(right)
        if not (left.is_finite() and right.is_finite()):
            raise failed("Infinite or NaN")
        return exact(left, right)

    return calculate


def _truncated(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _remainder(left: int, right: int) -> int:
    if LONG_MIN <= left <= LONG_MAX and LONG_MIN <= right <= LONG_MAX:
        return left - _truncated(left, right) * right
    if right < 0:
        raise failed("BigInteger: modulus not positive")
    return left % right


def _double_remainder(left: float, right: float) -> float:
    return math.nan if math.isinf(left) else math.fmod(left, right)


def _exact_quotient(left: Decimal, right: Decimal) -> Decimal:
    exponent = left.as_tuple().exponent
    step = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)
    return _EXACT.divide(left, right).quantize(step, context=_EXACT)


def _no_exact_remainder(_left: Decimal, _right: Decimal) -> Decimal:
    raise failed("Cannot calculate the modulo of BigDecimals.")


add_numbers = _arithmetic(
    lambda left, right: left + right, lambda left, right: left + right, _EXACT.add
)
subtract = _arithmetic(
    lambda left, right: left - right, lambda left, right: left - right, _EXACT.subtract
)
multiply = _arithmetic(
    lambda left, right: left * right, lambda left, right: left * right, _EXACT.multiply
)
_divide = _arithmetic(_truncated, lambda left, right: left / right, _exact_quotient)
_modulo = _arithmetic(_remainder, _double_remainder, _no_exact_remainder)


def divide(left: Any, right: Any) -> Any:
    """Divide as Velocity does: nothing comes of a division by zero."""
    return None if right == 0 and type(right) is not bool else _divide(left, right)


def modulo(left: Any, right: Any) -> Any:
    """Give the remainder with the dividend's sign, nothing when divided by zero."""
    return None if right == 0 and type(right) is not bool else _modulo(left, right)


def compare(left: Number, right: Number) -> int:
    """Compare two numbers: -1, 0 or 1. NaN counts as equal to everything."""
    if left != left or right != right:  # noqa: PLR0124 - NaN
        return 0
    base = _base(left, right)
    if base is float:
        left, right = float(left), float(right)
    elif base is Decimal:
        left, right = Decimal(left), Decimal(right)
    return (left > right) - (left < right)


def to_int(value: Number) -> int:
    """Give `Number.intValue()`."""
    if type(value) is float:
        if value != value:  # noqa: PLR0124 - NaN
            return 0
        return int(min(max(value, INT_MIN), INT_MAX))
    return (int(value) + 2**31) % 2**32 - 2**31


def to_long(value: Number) -> int:
    """Give `Number.longValue()`."""
    if type(value) is float:
        if value != value:  # noqa: PLR0124 - NaN
            return 0
        if value >= LONG_MAX:
            return LONG_MAX
        return max(int(value) if not math.isinf(value) else LONG_MIN, LONG_MIN)
    return (int(value) + 2**63) % 2**64 - 2**63
