"""Names and ids that AWS would make up, made up so that they never change.

All come from a hash of the stack's name and the logical id, so they are the same after
a restart and after any edit of the template, and a client may keep them in its
configuration.
"""

import hashlib
import re

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ALPHABET = _LETTERS + "0123456789"


def stable_id(*parts: str, length: int = 26) -> str:
    """Give `length` lower-case letters and digits, the first one a letter.

    26 is the length of the ids of AppSync's APIs, functions and keys.
    """
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    number = int.from_bytes(digest, "big")
    number, first = divmod(number, len(_LETTERS))
    letters = [_LETTERS[first]]
    while len(letters) < length:
        number, index = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[index])
    return "".join(letters)


def stable_uuid(*parts: str) -> str:
    """Give a UUID-shaped id."""
    digits = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    spans = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))
    return "-".join(digits[start:end] for start, end in spans)


def physical_name(stack: str, logical_id: str, *, limit: int = 255) -> str:
    """Give the name CloudFormation makes up: `<stack>-<LogicalId>-<12 characters>`.

    Both names are cut when the whole would be longer than `limit`.
    """
    suffix = stable_id(stack, logical_id, length=12).upper()
    room = limit - len(suffix) - 2
    if len(stack) + len(logical_id) > room:
        logical_id = logical_id[: room // 2]
        stack = stack[: room - len(logical_id)]
    return f"{stack}-{logical_id}-{suffix}"


_FUNCTION = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?"
    r"(?:function:)?(?P<name>[a-zA-Z0-9-_]+)(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?"
)


def function_name(reference: str) -> str | None:
    """Give the name in a function's name, partial or full ARN; None if it is none.

    A version, an alias or `$LATEST` after it is left out: the emulator runs one
    version of each function (Lambda API reference, parameter FunctionName).
    """
    match = _FUNCTION.fullmatch(reference)
    return match["name"] if match else None
