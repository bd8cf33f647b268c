"""`AWSTime`: `12:30`, `12:30:24.500+05:30`."""

import re

from appsync_emulator.schema.scalars.checked import checked_string
from appsync_emulator.schema.scalars.iso import OFFSET, TIME

FORM = re.compile(f"{TIME}(?:{OFFSET})?")


def valid(text: str) -> bool:
    """Tell whether `text` is a time of day."""
    return FORM.fullmatch(text) is not None


# AWS publishes no message for this scalar; the words follow those of AWSDate.
AWS_TIME = checked_string(
    "AWSTime",
    "A time of ISO 8601: hh:mm:ss.sss, with or without a time zone offset.",
    valid,
    "a valid time",
)
