"""Java's regular expressions, which no pattern can use to stop the process.

Wherever `re` is fast enough it does the work; a machine of ours, which looks at the
clock, does the rest.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from appsync_resolvers.vtl.limits import tick
from appsync_resolvers.vtl.regex.emit import cost, emit
from appsync_resolvers.vtl.regex.machine import Compiler, Machine, Program
from appsync_resolvers.vtl.regex.parser import Parser
from appsync_resolvers.vtl.values.failure import MAX_TEXT, Thrown, too_large

_BEARABLE = 200_000
_SPECIAL = frozenset("\\[](){}.*+?^$|")

Spans = list[tuple[int, int]]
"""Start and end of the match and of its groups; (-1, -1) for one that took nothing."""


class Pattern:
    """A compiled Java pattern."""

    def __init__(self, pattern: str) -> None:
        parser = Parser(pattern)
        try:
            self._tree = parser.parse()
            self._cost = cost(self._tree)
            source = emit(self._tree)
        except RecursionError:
            raise Thrown("java.lang.StackOverflowError") from None
        self.groups = parser.groups
        self.names = parser.names
        self._python = None if source is None else re.compile(source)
        self._program: Program | None = None

    def _is_bearable(self, length: int, *, search: bool) -> bool:
        if self._cost is None:
            return False
        steps = self._cost.steps(length)
        return (steps * (length + 1) if search else steps) <= _BEARABLE

    def matches(self, text: str) -> bool:
        """Say whether the pattern takes the whole text."""
        if self._python is not None and self._is_bearable(len(text), search=False):
            return self._python.fullmatch(text) is not None
        saved = [-1] * self._compiled().slots
        return Machine(text).run(self._compiled(), 0, saved, len(text)) is not None

    def find_all(self, text: str) -> Iterator[Spans]:
        """Give the matches from left to right, as Java's `find` does.

        After an empty match the search goes on one character further, where Python
        would first look for a longer match at the same place.
        """
        position = end = 0
        while position <= len(text):
            tick()
            spans = self._find(text, position, end)
            if spans is None:
                return
            yield spans
            start, end = spans[0]
            position = end if end > start else end + 1

    def _find(self, text: str, position: int, after: int) -> Spans | None:
        if self._python is not None and self._is_bearable(len(text), search=True):
            match = self._python.search(text, position)
            if match is None:
                return None
            return [match.span(number) for number in range(self.groups + 1)]
        program, machine = self._compiled(), Machine(text, after)
        for start in range(position, len(text) + 1):
            if not start & 1023:
                tick()
            saved = [-1] * program.slots
            end = machine.run(program, start, saved, None)
            if end is not None:
                groups = range(2, 2 * self.groups + 2, 2)
                return [(start, end), *((saved[i], saved[i + 1]) for i in groups)]
        return None

    def _compiled(self) -> Program:
        if self._program is None:
            self._program = Compiler(self.groups).compile(self._tree)
        return self._program


@lru_cache(maxsize=512)
def compile_pattern(pattern: str) -> Pattern:
    """Compile a pattern, or find it compiled.

    Raises:
        Thrown: PatternSyntaxException.
    """
    return Pattern(pattern)


def replace(pattern: str, text: str, replacement: str, *, once: bool = False) -> str:
    """Do what `String.replaceAll` and `replaceFirst` do.

    Raises:
        Thrown: PatternSyntaxException, or a replacement that names no group.
    """
    compiled = compile_pattern(pattern)
    parts: list[str] = []
    position = size = 0
    for spans in compiled.find_all(text):
        start, end = spans[0]
        new = _expanded(replacement, compiled, spans, text)
        parts += (text[position:start], new)
        size += start - position + len(new)
        if size > MAX_TEXT:
            too_large()
        position = end
        if once:
            break
    parts.append(text[position:])
    return "".join(parts)


def _expanded(replacement: str, pattern: Pattern, spans: Spans, text: str) -> str:
    """Put groups in place of `$1` and `${name}`; a backslash quotes what follows."""
    if "$" not in replacement and "\\" not in replacement:
        return replacement
    parts: list[str] = []
    position = 0
    while position < len(replacement):
        char = replacement[position]
        position += 1
        if char == "\\":
            if position == len(replacement):
                what = "character to be escaped is missing"
                raise Thrown(f"java.lang.IllegalArgumentException: {what}")
            parts.append(replacement[position])
            position += 1
        elif char == "$":
            number, position = _group(replacement, position, pattern)
            start, end = spans[number]
            parts.append(text[start:end] if start >= 0 else "")
        else:
            parts.append(char)
    return "".join(parts)


def _group(replacement: str, position: int, pattern: Pattern) -> tuple[int, int]:
    name = re.compile(r"\{([a-zA-Z][a-zA-Z0-9]*)\}").match(replacement, position)
    if name:
        if name[1] not in pattern.names:
            what = f"No group with name {{{name[1]}}}"
            raise Thrown(f"java.lang.IllegalArgumentException: {what}")
        return pattern.names[name[1]], name.end()
    digits = re.compile(r"[0-9]+").match(replacement, position)
    if digits is None:
        missing = position >= len(replacement)
        what = "group reference" + (": group index is missing" if missing else "")
        raise Thrown(f"java.lang.IllegalArgumentException: Illegal {what}")
    number = int(digits[0][0])
    if number > pattern.groups:
        raise Thrown(f"java.lang.IndexOutOfBoundsException: No group {number}")
    position += 1
    for digit in digits[0][1:]:
        longer = number * 10 + int(digit)
        if longer > pattern.groups:
            break
        number = longer
        position += 1
    return number, position


def split(pattern: str, text: str, limit: int) -> list[str]:
    """Do what `String.split` does: 0 drops empty strings at the end.

    Raises:
        Thrown: PatternSyntaxException.
    """
    if len(pattern) == 1 and pattern not in _SPECIAL:
        parts = text.split(pattern) if limit <= 0 else text.split(pattern, limit - 1)
    else:
        parts = _split(compile_pattern(pattern), text, limit)
    if limit == 0 and len(parts) > 1:
        while parts and not parts[-1]:
            parts.pop()
    return parts


def _split(pattern: Pattern, text: str, limit: int) -> list[str]:
    parts: list[str] = []
    position = 0
    for spans in pattern.find_all(text):
        start, end = spans[0]
        if limit > 0 and len(parts) == limit - 1:
            break
        if end == 0:
            continue
        parts.append(text[position:start])
        position = end
    parts.append(text[position:])
    return parts
