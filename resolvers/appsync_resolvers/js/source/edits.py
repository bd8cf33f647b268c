"""Changing a text without losing where each part of it came from."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the bytes from `start` to `end` of a source by `text`."""

    start: int
    end: int
    text: bytes = b""


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in one of the sources of an assembled script."""

    source: int
    offset: int


class Assembly:
    """A script put together from slices of sources and from text of our own.

    Columns of the engine are bytes of UTF-8, so all offsets here are bytes.
    """

    __slots__ = ("_length", "_parts", "_starts")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0
        # (offset in the script, source or -1, offset in the source)
        self._starts: list[tuple[int, int, int]] = []

    def add(self, text: str) -> None:
        """Append text that belongs to no source."""
        self._append(text.encode(), -1, 0)

    def add_source(self, index: int, data: bytes, edits: Iterable[Edit]) -> None:
        """Append a whole source with its edits; those inside others are dropped."""
        done = 0
        for edit in sorted(edits, key=_order):
            if edit.start < done:
                continue
            self._append(data[done : edit.start], index, done)
            self._append(edit.text, index, edit.start, fixed=True)
            done = edit.end
        self._append(data[done:], index, done)

    def finish(self) -> "Script":
        """Give the script; the assembly is done."""
        return Script(b"".join(self._parts), tuple(self._starts))

    def _append(
        self, data: bytes, source: int, offset: int, *, fixed: bool = False
    ) -> None:
        if data:
            # Replaced text is of one place: -2 - source marks it.
            self._starts.append(
                (self._length, -2 - source if fixed else source, offset)
            )
            self._parts.append(data)
            self._length += len(data)


def _order(edit: Edit) -> tuple[int, bool, int]:
    """Sort insertions before replacements at one place, and outer before inner ones."""
    return edit.start, edit.start != edit.end, -edit.end


@dataclass(frozen=True, slots=True)
class Script:
    """What the engine gets, with the way back.

    Attributes:
        data: the script in UTF-8.
        starts: where each part starts: in the script, of which source, where in it.
    """

    data: bytes
    starts: tuple[tuple[int, int, int], ...]

    def origin(self, line: int, column: int) -> Origin | None:
        """Give the place behind a position of the engine, None for our own text.

        Args:
            line: 1-based.
            column: 1-based, in bytes.
        """
        start = 0
        for _ in range(line - 1):
            start = self.data.find(b"\n", start) + 1
            if start == 0:
                return None
        position = start + max(column, 1) - 1
        index = bisect_right(self.starts, position, key=lambda part: part[0]) - 1
        if index < 0:
            return None
        begin, source, offset = self.starts[index]
        if source == -1:
            return None
        if source < -1:
            return Origin(-2 - source, offset)
        return Origin(source, offset + position - begin)
