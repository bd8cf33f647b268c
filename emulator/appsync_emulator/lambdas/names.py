"""The forms in which a function can be named (API reference, `Invoke`)."""

import re

PATTERN = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?"
    r"((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?"
    r"(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"
)
"""What Lambda's API takes for a name, and prints when it does not."""

QUALIFIER = r"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+"
"""The same for a qualifier of its own."""

_REGION = re.compile(r"arn:[^:]*:lambda:([^:]+):")


def is_name(text: str) -> bool:
    """Tell whether Lambda's API takes `text` for a name."""
    return re.fullmatch(PATTERN, text, re.ASCII) is not None


def is_qualifier(text: str) -> bool:
    """Tell whether Lambda's API takes `text` for a qualifier."""
    return re.fullmatch(QUALIFIER, text, re.ASCII) is not None


def region_of(text: str) -> str | None:
    """Give the region of an ARN; None for other names."""
    found = _REGION.match(text)
    return None if found is None else found[1]


def split_name(text: str) -> tuple[str, str | None]:
    """Give name and qualifier of a name, partial ARN or ARN.

    `name`, `name:alias`, `function:name`, `123456789012:function:name`,
    `arn:…:function:name:alias`.
    """
    parts = text.split(":")
    for before in (0, 1, 5):
        if len(parts) > before + 1 and parts[before] == "function":
            parts = parts[before + 1 :]
            break
    return parts[0], parts[1] if len(parts) > 1 else None


def invoked_arn(arn: str, text: str) -> str:
    """Give the ARN a function is told it was invoked by: with the caller's qualifier.

    Versions and aliases are not emulated, every qualifier runs the one version.
    """
    qualifier = split_name(text)[1]
    return f"{arn}:{qualifier}" if qualifier else arn
