"""`AWSDate`: `2024-02-29`, with an offset if one likes."""

import re

from appsync_emulator.schema.scalars.checked import checked_string
from appsync_emulator.schema.scalars.iso import DATE, OFFSET, exists

FORM = re.compile(f"{DATE}(?:{OFFSET})?")


def valid(text: str) -> bool:
    """Tell whether `text` is a date."""
    match = FORM.fullmatch(text)
    return match is not None and exists(match)


AWS_DATE = checked_string(
    "AWSDate",
    "A date of ISO 8601: YYYY-MM-DD, with or without a time zone offset.",
    valid,
    "a valid date",
)
