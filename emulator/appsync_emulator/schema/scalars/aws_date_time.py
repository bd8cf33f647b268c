"""`AWSDateTime`: `2024-02-29T12:30:24.500Z`; the offset must be there."""

import re

from appsync_emulator.schema.scalars.checked import checked_string
from appsync_emulator.schema.scalars.iso import DATE, OFFSET, TIME, exists

FORM = re.compile(f"{DATE}[Tt]{TIME}{OFFSET}")


def valid(text: str) -> bool:
    """Tell whether `text` is a date and time with offset."""
    match = FORM.fullmatch(text)
    return match is not None and exists(match)


AWS_DATE_TIME = checked_string(
    "AWSDateTime",
    "A date and time of ISO 8601 with offset: YYYY-MM-DDThh:mm:ss.sssZ.",
    valid,
    "a valid DateTime Object",
)
