"""Inline source maps: `//# sourceMappingURL=data:application/json;base64,…`.

AppSync maps positions in logs and runtime messages with them (developer guide,
bundling, TypeScript, and source maps). Format: ECMA-426, version 3.
"""

import base64
import binascii
import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

_COMMENT = re.compile(
    r"//[#@] sourceMappingURL=data:application/json[^,\s]*;base64,([A-Za-z0-9+/=]+)\s*$"
)
_DIGITS = {
    character: value
    for value, character in enumerate(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    )
}
_Segment = tuple[int, int, int, int]  # column, source, line, column: all 0-based


@dataclass(frozen=True, slots=True)
class SourceMap:
    """A decoded map from a generated file to the files it was made of."""

    sources: tuple[str, ...]
    lines: tuple[tuple[_Segment, ...], ...]

    def original(self, line: int, column: int) -> tuple[str, int, int] | None:
        """Give file name, line and column behind a position; all are 1-based."""
        if line > len(self.lines):
            return None
        segments = self.lines[line - 1]
        index = bisect_right(segments, column - 1, key=lambda part: part[0]) - 1
        if index < 0:
            return None
        _, source, original_line, original_column = segments[index]
        if source >= len(self.sources):
            return None
        name = PurePosixPath(self.sources[source]).name
        return name, original_line + 1, original_column + 1


def source_map(text: str) -> SourceMap | None:
    """Decode the inline source map at the end of a text, None without a usable one."""
    start = text.rfind("sourceMappingURL=data:")
    found = _COMMENT.search(text, max(start - 4, 0)) if start >= 0 else None
    if found is None:
        return None
    try:
        content = json.loads(base64.b64decode(found[1]))
        return _decode(content)
    except (binascii.Error, ValueError, KeyError, TypeError, IndexError):
        return None  # AWS ignores what it cannot read, too: the code still runs


def _decode(content: dict[str, Any]) -> SourceMap:
    lines: list[tuple[_Segment, ...]] = []
    source = line = column = 0
    for text in content["mappings"].split(";"):
        generated = 0
        segments: list[_Segment] = []
        for part in filter(None, text.split(",")):
            numbers = _numbers(part)
            generated += numbers[0]
            if len(numbers) >= 4:
                source += numbers[1]
                line += numbers[2]
                column += numbers[3]
                segments.append((generated, source, line, column))
        lines.append(tuple(segments))
    return SourceMap(tuple(str(name) for name in content["sources"]), tuple(lines))


def _numbers(text: str) -> list[int]:
    """Decode base-64 variable-length quantities."""
    numbers: list[int] = []
    value = shift = 0
    for character in text:
        digit = _DIGITS[character]
        value |= (digit & 31) << shift
        shift += 5
        if not digit & 32:
            numbers.append(-(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return numbers
