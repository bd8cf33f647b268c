"""Numbers as `java.math.BigDecimal` reads them, which Int and Float are built on."""

import re
from decimal import Decimal

from appsync_emulator.types import JSON

BIG_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
"""Java's grammar; unlike Python's it knows no spaces, underscores, `nan` or `inf`."""


def read_decimal(value: JSON) -> Decimal | None:
    """Give the number a JSON number or a string stands for, None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    text = repr(value) if isinstance(value, float) else value
    if not isinstance(text, str) or BIG_DECIMAL.fullmatch(text) is None:
        return None
    return Decimal(text)


def whole(number: Decimal | None, low: int, high: int) -> int | None:
    """Give a number as an int when it is whole and in the range, else None."""
    # `adjusted` first: turning 1e999999999 into an int would eat all memory.
    if number is None or number.adjusted() > 20 or number != number.to_integral_value():
        return None
    found = int(number)
    return found if low <= found <= high else None
