"""Lines and columns of a template, counted as Velocity counts them."""

import re
from bisect import bisect_right

_LINE_ENDS = re.compile(r"\r\n|\n|\r")
_TAB = 8


class Places:
    """Turns offsets of a text into lines and columns.

    Args:
        text: the template, or the content of a string literal inside of one.
        line: line of the first character.
        column: what is added to the columns of the first line.
    """

    def __init__(self, text: str, line: int = 1, column: int = 0) -> None:
        self._text = text
        self._line = line
        self._column = column
        self._starts = [0, *(match.end() for match in _LINE_ENDS.finditer(text))]

    def of(self, offset: int) -> tuple[int, int]:
        """Give line and column, both 1-based; a tab goes to the next multiple of 8."""
        index = bisect_right(self._starts, offset) - 1
        start = self._starts[index]
        column = offset - start
        if self._text.count("\t", start, offset):
            column = 0
            for char in self._text[start:offset]:
                column += _TAB - column % _TAB if char == "\t" else 1
        column += 1
        if index == 0:
            column += self._column
        return self._line + index, column
