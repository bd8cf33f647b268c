"""The parser of Java's regular expressions (java.util.regex.Pattern)."""

import re
from typing import NoReturn

from appsync_resolvers.vtl.regex import nodes
from appsync_resolvers.vtl.regex.classes import (
    LINE_ENDS,
    by_property,
    from_source,
    negated,
    predefined,
)
from appsync_resolvers.vtl.regex.nodes import One, Regex
from appsync_resolvers.vtl.values.failure import Thrown

_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\x07", "e": "\x1b"}
_PLACES = "AZzGbB"
_PREDEFINED = "dDwWsShHvV"
_FLAGS = "imsxduU"
_COUNT = re.compile(r"\{(\d+)(,?)(\d*)", re.ASCII)
_QUANTIFIERS: dict[str, tuple[int, int | None]] = {
    "?": (0, 1),
    "*": (0, None),
    "+": (1, None),
}
_MOST = 2**31 - 1
_DIGITS = 11
_NAME = re.compile("[a-zA-Z][a-zA-Z0-9]*")
_ANY_LINE_END = nodes.Atomic(
    nodes.Choice(
        (
            nodes.Sequence((from_source(r"\r"), from_source(r"\n"))),
            from_source(r"[\n\x0b\f\r\x85\u2028\u2029]"),
        )
    )
)


class Parser:
    """Parses one pattern.

    Attributes:
        groups: how many groups remember what they took.
        names: their numbers by name.
    """

    def __init__(self, pattern: str) -> None:
        self.groups = 0
        self.names: dict[str, int] = {}
        self._pattern = pattern
        self._position = 0
        self._flags: frozenset[str] = frozenset()

    def parse(self) -> Regex:
        """Parse the pattern.

        Raises:
            Thrown: PatternSyntaxException, in Java's words.
        """
        result = self._choice()
        if self._position < len(self._pattern):
            self._fail("Unmatched closing ')'", self._position - 1)
        return result

    def _fail(self, description: str, index: int) -> NoReturn:
        text = f"java.util.regex.PatternSyntaxException: {description}"
        if index >= 0:
            text += f" near index {index}"
        text += f"\n{self._pattern}"
        if 0 <= index < len(self._pattern):
            text += "\n" + " " * index + "^"
        raise Thrown(text)

    def _peek(self) -> str:
        return self._pattern[self._position : self._position + 1]

    def _take(self) -> str:
        char = self._peek()
        self._position += 1
        return char

    def _skip(self, text: str) -> bool:
        if self._pattern.startswith(text, self._position):
            self._position += len(text)
            return True
        return False

    def _choice(self) -> Regex:
        flags = self._flags
        branches = [self._sequence()]
        while self._skip("|"):
            branches.append(self._sequence())
        self._flags = flags
        return branches[0] if len(branches) == 1 else nodes.Choice(tuple(branches))

    def _sequence(self) -> Regex:
        items: list[Regex] = []
        while self._position < len(self._pattern) and self._peek() not in "|)":
            if "x" in self._flags and self._comment():
                continue
            item = self._item()
            if item is not None:
                items.append(self._repeated(item))
        return items[0] if len(items) == 1 else nodes.Sequence(tuple(items))

    def _comment(self) -> bool:
        if self._peek().isspace():
            self._position += 1
            return True
        if self._peek() == "#":
            end = self._pattern.find("\n", self._position)
            self._position = len(self._pattern) if end < 0 else end + 1
            return True
        return False

    def _repeated(self, item: Regex) -> Regex:
        """Read the quantifier that may follow."""
        char = self._peek()
        if char == "{":
            least, most = self._bounds()
        elif char and char in _QUANTIFIERS:
            self._position += 1
            least, most = _QUANTIFIERS[char]
        else:
            return item
        mode = "greedy"
        if self._skip("?"):
            mode = "lazy"
        elif self._skip("+"):
            mode = "possessive"
        return nodes.Repeat(item, least, most, mode)

    def _bounds(self) -> tuple[int, int | None]:
        count = _COUNT.match(self._pattern, self._position)
        if count is None:
            self._fail("Illegal repetition", self._position + 1)
        least = int(count[1][:_DIGITS])
        most = int(count[3][:_DIGITS] or _MOST) if count[2] else least
        if self._pattern[count.end() : count.end() + 1] != "}":
            self._fail("Unclosed counted closure", count.end())
        if least > _MOST or most > _MOST or most < least:
            self._fail("Illegal repetition range", count.end())
        self._position = count.end() + 1
        return least, None if count[2] and not count[3] else most

    def _item(self) -> Regex | None:
        char = self._take()
        if char == "(":
            return self._group()
        if char == "[":
            return self._cased(self._set())
        if char == "\\":
            return self._escape()
        if char in "^$":
            return nodes.Place(char, "m" in self._flags)
        if char == ".":
            return self._dot()
        if char in "*+?":
            self._fail(f"Dangling meta character '{char}'", self._position - 1)
        if char == "{":
            self._position -= 1
            return nodes.Sequence(())
        return self._literal(char)

    def _dot(self) -> One:
        if "s" in self._flags:
            return from_source("(?s:.)")
        return from_source(r"[^\n]" if "d" in self._flags else f"[^{LINE_ENDS}]")

    def _literal(self, char: str) -> One:
        return self._cased(One(lambda other: other == char, re.escape(char)))

    def _cased(self, one: One) -> One:
        """Let a class ignore case where that is switched on; only ASCII unless `u`."""
        if "i" not in self._flags:
            return one
        test, unicode = one.test, "u" in self._flags
        source = None
        if one.source is not None:
            source = f"(?i:{one.source})" if unicode else f"(?ai:{one.source})"

        def either(char: str) -> bool:
            if not unicode and not char.isascii():
                return test(char)
            return test(char) or test(char.lower()) or test(char.upper())

        return One(either, source)

    def _group(self) -> Regex | None:
        if not self._skip("?"):
            self.groups += 1
            number = self.groups
            return nodes.Group(self._closed(), number)
        for start, ahead, negative in (
            ("<=", False, False),
            ("<!", False, True),
            ("=", True, False),
            ("!", True, True),
        ):
            if self._skip(start):
                return nodes.Look(self._closed(), ahead, negative)
        if self._skip(">"):
            return nodes.Atomic(self._closed())
        if self._skip("<"):
            return self._named()
        return self._switch()

    def _named(self) -> Regex:
        match = self._name()
        self.groups += 1
        number = self.groups
        if match[0] in self.names:
            self._fail(
                f"Named capturing group <{match[0]}> is already defined",
                self._position - 1,
            )
        self.names[match[0]] = number
        return nodes.Group(self._closed(), number)

    def _name(self) -> re.Match[str]:
        match = _NAME.match(self._pattern, self._position)
        if match is None:
            what = "capturing group name does not start with a Latin letter"
            self._fail(what, self._position)
        self._position = match.end()
        if not self._skip(">"):
            self._fail("named capturing group is missing trailing '>'", match.end())
        return match

    def _switch(self) -> Regex | None:
        """Read `(?flags)` and `(?flags:…)`."""
        before = self._flags
        adding = True
        while (char := self._take()) not in (":", ")"):
            if char == "-":
                adding = False
            elif char and char in _FLAGS:
                self._flags = self._flags | {char} if adding else self._flags - {char}
            else:
                self._fail("Unknown inline modifier", self._position - 1)
        if char == ")":
            return None
        inner = self._closed()
        self._flags = before
        return inner

    def _closed(self) -> Regex:
        inner = self._choice()
        if not self._skip(")"):
            self._fail("Unclosed group", len(self._pattern))
        return inner

    def _escape(self) -> Regex | None:
        char = self._peek()
        if char == "Q":
            self._position += 1
            return self._quoted()
        if char and char in _PLACES:
            self._position += 1
            return nodes.Place(char)
        if char == "R":
            self._position += 1
            return _ANY_LINE_END
        if char and char in "123456789":
            return self._back()
        if char == "k":
            self._position += 1
            return self._named_back()
        return self._cased(self._character())

    def _quoted(self) -> Regex:
        """Read quoted text; a quantifier after it belongs to its last character."""
        text = self._quotation()
        last = self._literal(text[-1]) if text else nodes.Sequence(())
        if len(text) <= 1:
            return last
        rest = tuple(self._literal(char) for char in text[:-1])
        return nodes.Sequence((*rest, self._repeated(last)))

    def _quotation(self) -> str:
        end = self._pattern.find("\\E", self._position)
        stop = len(self._pattern) if end < 0 else end
        text = self._pattern[self._position : stop]
        self._position = stop if end < 0 else end + 2
        return text

    def _back(self) -> Regex:
        """Read a number as far as there are groups with it."""
        number = int(self._take())
        while self._peek() and self._peek() in "0123456789":
            longer = number * 10 + int(self._peek())
            if longer > self.groups:
                break
            number = longer
            self._position += 1
        return nodes.Back(number, "i" in self._flags)

    def _named_back(self) -> Regex:
        if not self._skip("<"):
            what = "\\k is not followed by '<' for named capturing group"
            self._fail(what, self._position)
        match = self._name()
        if match[0] not in self.names:
            what = f"named capturing group <{match[0]}> does not exist"
            self._fail(what, self._position - 1)
        return nodes.Back(self.names[match[0]], "i" in self._flags)

    def _character(self) -> One:
        """Read what follows a backslash and takes one character."""
        char = self._take()
        if not char:
            self._fail("Unexpected internal error", len(self._pattern))
        if char in _PREDEFINED:
            return predefined(char)
        if char in "pP":
            return self._property(negative=char == "P")
        code = self._code(char)
        if code is None:
            if char.isascii() and char.isalpha():
                self._fail("Illegal/unsupported escape sequence", self._position - 1)
            code = char
        literal = code
        return One(lambda other: other == literal, re.escape(literal))

    def _code(self, char: str) -> str | None:
        r"""Give the character of `\n`, `\x41`, `\u0041`, `\0101`, `\cA`; else None."""
        if char in _CONTROLS:
            return _CONTROLS[char]
        for letter, pattern, base in (
            ("x", r"([0-9a-fA-F]{2})", 16),
            ("x", r"\{([0-9a-fA-F]{1,6})\}", 16),
            ("u", r"([0-9a-fA-F]{4})", 16),
            ("0", r"([0-3][0-7]{2}|[0-7]{1,2})", 8),
        ):
            if char == letter:
                match = re.compile(pattern).match(self._pattern, self._position)
                if match and int(match[1], base) <= 0x10FFFF:
                    self._position = match.end()
                    return chr(int(match[1], base))
        names = {"x": "hexadecimal", "u": "Unicode", "0": "octal"}
        if char in names:
            self._fail(f"Illegal {names[char]} escape sequence", self._position)
        if char == "c" and self._peek():
            return chr(ord(self._take()) ^ 64)
        return None

    def _property(self, *, negative: bool) -> One:
        if self._skip("{"):
            end = self._pattern.find("}", self._position)
            if end < 0:
                self._fail("Unclosed character family", len(self._pattern))
            name = self._pattern[self._position : end]
            self._position = end + 1
        else:
            name = self._take() or "\0"
        one = by_property(name)
        if one is None:
            what = f"Unknown character property name {{{name}}}"
            self._fail(what, self._position - 1)
        return negated(one) if negative else one

    def _set(self) -> One:
        """Read a character class after its `[`; classes nest and intersect."""
        negative = self._skip("^")
        parts: list[One] = []
        wholes: list[One] = []
        first = True
        while True:
            char = self._peek()
            if not char:
                self._fail("Unclosed character class", len(self._pattern) - 1)
            if char == "]" and not first:
                self._position += 1
                break
            first = False
            if self._skip("&&"):
                if parts:
                    wholes.append(_union(parts))
                parts = []
            elif self._skip("["):
                parts.append(self._set())
            elif self._skip("\\Q"):
                parts += [self._single(char) for char in self._quotation()]
            elif not ("x" in self._flags and self._comment()):
                parts.append(self._range())
        if parts:
            wholes.append(_union(parts))
        whole = _intersection(wholes)
        return negated(whole) if negative else whole

    def _range(self) -> One:
        start = self._member()
        follows = self._pattern[self._position : self._position + 2]
        if not isinstance(start, str) or follows[:1] != "-" or follows == "-]":
            return self._single(start)
        if follows == "-[":
            return self._single(start)
        self._position += 1
        end = self._member()
        if not isinstance(end, str) or end < start:
            self._fail("Illegal character range", self._position - 1)
        low, high = start, end
        source = f"[{_in_class(low)}-{_in_class(high)}]"
        return One(lambda char: low <= char <= high, source)

    def _single(self, member: str | One) -> One:
        if isinstance(member, One):
            return member
        return One(lambda char: char == member, re.escape(member))

    def _member(self) -> str | One:
        char = self._take()
        if char != "\\":
            return char
        escaped = self._peek()
        if escaped and (escaped in _PREDEFINED or escaped in "pP"):
            return self._character()
        self._position += 1
        code = self._code(escaped)
        if code is None and escaped.isascii() and escaped.isalpha():
            self._fail("Illegal/unsupported escape sequence", self._position - 1)
        return code if code is not None else escaped


def _in_class(char: str) -> str:
    return "\\" + char if char in "\\]^-[&~|" else char


def _union(parts: list[One]) -> One:
    if len(parts) == 1:
        return parts[0]
    tests = [part.test for part in parts]
    sources = [part.source for part in parts if part.source is not None]
    source = "(?:" + "|".join(sources) + ")" if len(sources) == len(parts) else None
    return One(lambda char: any(test(char) for test in tests), source)


def _intersection(wholes: list[One]) -> One:
    if len(wholes) == 1:
        return wholes[0]
    tests = [whole.test for whole in wholes]
    sources = [whole.source for whole in wholes if whole.source is not None]
    source = None
    if len(sources) == len(wholes):
        ahead = "".join(f"(?={one})" for one in sources[:-1])
        source = f"(?:{ahead}{sources[-1]})"
    return One(lambda char: all(test(char) for test in tests), source)
