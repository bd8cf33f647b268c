"""`$util.math`."""

import math
import random

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.values.numbers import to_long

MATH: Table = {}


@method(MATH, "roundNum", "d")
def round_num(_context: Context, value: float) -> int:
    """Round to the nearest whole number, a half upwards, as `Math.round` does."""
    if not math.isfinite(value):
        return to_long(value)
    whole = math.floor(value)
    return to_long(whole + (value - whole >= 0.5))


@method(MATH, "minVal", "dd")
def min_val(_context: Context, left: float, right: float) -> float:
    """Give the smaller one, as a Double."""
    return float(min(left, right))


@method(MATH, "maxVal", "dd")
def max_val(_context: Context, left: float, right: float) -> float:
    """Give the bigger one, as a Double."""
    return float(max(left, right))


@method(MATH, "randomDouble")
def random_double(_context: Context) -> float:
    """Give a random number from 0 up to but not 1."""
    return random.random()  # noqa: S311 - AWS promises no secrecy


@method(MATH, "randomWithinRange", "ii")
def random_within_range(_context: Context, start: int, end: int) -> int:
    """Give a random whole number of the range; AWS does not say whether the end counts.

    It counts here, so that a range of one number has one.
    """
    low, high = min(start, end), max(start, end)
    return random.randint(low, high)  # noqa: S311 - AWS promises no secrecy
