"""`AWSPhone`: a telephone number, North American when it has no country code."""

from appsync_emulator.schema.scalars.checked import checked_string

LONGEST = 250
"""Characters; libphonenumber looks at no more."""


def valid(text: str) -> bool:
    """Tell whether `text` is a number that could be dialled."""
    # The metadata of all countries takes 30 ms to import, and few schemas have phones.
    import phonenumbers  # noqa: PLC0415

    if len(text) > LONGEST:
        return False
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)


AWS_PHONE = checked_string(
    "AWSPhone",
    "A telephone number; without a country code it is a North American one.",
    valid,
    "a valid phone number",
)
