"""The pieces of ISO 8601 that AWSDate, AWSTime and AWSDateTime share.

AWS documents an offset with seconds and fractions without digits as valid, which is
exactly what `java.time`'s ISO formatters read; so their other rules are followed too:
years have four digits or a sign and up to nine, letters may be small, dates must exist
and offsets reach to 18 hours.
"""

import re

YEAR = r"(?P<year>[0-9]{4}|\+[0-9]{5,10}|-[0-9]{4,10})"
DATE = YEAR + r"-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{0,9})?)?"
OFFSET = r"(?:[Zz]|[+-](?:(?:0[0-9]|1[0-7]):[0-5][0-9](?::[0-5][0-9])?|18:00(?::00)?))"
LONG_MONTHS = {1, 3, 5, 7, 8, 10, 12}
FEBRUARY = 2


def exists(match: re.Match[str]) -> bool:
    """Tell whether the matched `DATE` is a day of the calendar."""
    year_text = match["year"]
    if year_text == "-0000":
        return False
    year, month, day = int(year_text), int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31 and abs(year) <= 999_999_999):
        return False
    if month == FEBRUARY:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return day <= (29 if leap else 28)
    return day <= (31 if month in LONG_MONTHS else 30)
