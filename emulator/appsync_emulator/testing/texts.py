"""How values look in messages for people."""

import orjson

from appsync_emulator.types import JSON

WIDTH = 160
"""Characters of a value that are shown."""


def short(value: JSON, width: int = WIDTH) -> str:
    """Write a value as JSON, shortened."""
    try:
        text = orjson.dumps(value, default=repr).decode()
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= width else f"{text[:width]}…"


def first_line(query: str) -> str:
    """Give a document as one short line."""
    text = " ".join(query.split())
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"


def milliseconds(seconds: float) -> str:
    """Write a duration for people."""
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.0f} s"


def seconds_text(seconds: float) -> str:
    """Write a time to wait for people."""
    return f"{seconds:.3g} s"
