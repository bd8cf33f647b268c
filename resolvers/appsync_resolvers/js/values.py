"""JSON on its way in and out of the engine, without losing what JavaScript cannot hold.

JavaScript's numbers are exact up to 2**53. AppSync's are Java's, so a larger integer
that a handler merely passes on has to come out as it went in (`Exact`).
"""

import json
import math
from typing import Any

import orjson

_STRICT = orjson.OPT_STRICT_INTEGER
_EXACT = 2**53


def dumps(value: Any) -> str:
    """Write a JSON value.

    Raises:
        TypeError: it holds an integer beyond 2**53 or a text that is no Unicode; use
            `Exact` then.
    """
    return orjson.dumps(value, option=_STRICT).decode()


def loads(text: str) -> Any:
    """Read what the engine wrote."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)  # lone surrogates, which JSON.stringify escapes


class Exact:
    """One evaluation with integers that JavaScript would round.

    Each goes in as the nearest number not yet taken and is replaced back in what comes
    out; calculating with it is as inexact as in JavaScript.
    """

    def __init__(self) -> None:
        self._originals: dict[int, float] = {}

    def dumps(self, value: Any) -> str:
        """Write a JSON value, large integers replaced."""
        return json.dumps(self._replaced(value), separators=(",", ":"))

    def restored(self, value: Any) -> Any:
        """Give a value from the engine its large integers back."""
        if isinstance(value, dict):
            return {key: self.restored(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.restored(each) for each in value]
        if isinstance(value, int | float) and abs(value) >= _EXACT:
            # JavaScript writes the fewest digits that mean the number.
            return self._originals.get(int(float(value)), value)
        return value

    def _replaced(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._replaced(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._replaced(each) for each in value]
        if isinstance(value, float) and not math.isfinite(value):
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        return value if -_EXACT < value < _EXACT else self._stand_in(value)

    def _stand_in(self, number: float) -> int | None:
        try:
            near = float(number)
        except OverflowError:
            return None  # as JavaScript's Infinity does
        while self._originals.get(int(near), number) != number:
            near = math.nextafter(near, math.inf)
        self._originals[int(near)] = number
        return int(near)
