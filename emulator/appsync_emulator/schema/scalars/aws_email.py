"""`AWSEmail`: `local@domain` as RFC 822 has it.

The domain needs no dot (Amplify's own check of this scalar takes `a@b`). The local part
is a row of words or a quoted string; display names, comments and routes are not
addresses in this scalar.
"""

import re

from appsync_emulator.schema.scalars.checked import checked_string

WORD = r"[^\x00-\x20\x7f()<>,;:\\\"\[\]@.]+"
LOCAL = rf"(?:{WORD}(?:\.{WORD})*|\"(?:[^\"\\\r\n]|\\.)*\")"
LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
DOMAIN = rf"(?:{LABEL}(?:\.{LABEL})*|\[[^\[\]\\\s]+\])"
FORM = re.compile(f"{LOCAL}@{DOMAIN}")
LONGEST = 320
"""Characters: 64 before the @ and 255 after it, which RFC 5321 allows."""


def valid(text: str) -> bool:
    """Tell whether `text` is an address."""
    return len(text) <= LONGEST and FORM.fullmatch(text) is not None


AWS_EMAIL = checked_string(
    "AWSEmail",
    "An e-mail address of the form local-part@domain-part (RFC 822).",
    valid,
    "a valid email",
)
