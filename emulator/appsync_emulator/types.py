"""Small types that every layer may use."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

JSON = Any
"""A JSON value: dict, list, str, int, float, bool or None."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands in the user's project.

    Attributes:
        path: the file as the user would name it.
        line: 1-based, None when only the file is known.
        resource: logical id of the CloudFormation resource, None outside of one.
        column: 1-based, None when only the line is known.
    """

    path: str
    line: int | None = None
    resource: str | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        if self.column is not None:
            place += f":{self.column}"
        return f"{place} ({self.resource})" if self.resource else place


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the user's project: schema, template or code.

    `origin.line` is the line of the file on which `text` begins, so line n of the text
    is line `origin.line + n - 1` of the file; None when the text was put together by
    intrinsic functions. `path` is the file the text was read from, None when inline.
    """

    text: str
    origin: Origin
    path: Path | None = None
