"""A strict JSON reader that says what is wrong in the words of Jackson.

AppSync shows Jackson's messages; where they changed over the years, the words are those
of Jackson 2.14. Trailing commas are allowed, as AppSync allows them.
"""

import math
import re
from typing import Any, NoReturn

from appsync_resolvers.vtl.limits import tick
from appsync_resolvers.vtl.values.failure import failed

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'[^"\\\x00-\x1f]*')
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FRACTION = re.compile(r"\.[0-9]*")
_EXPONENT = re.compile(r"[eE][+-]?[0-9]*")
_TOKEN = re.compile(r"[\w$]*")
_ESCAPES = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
_WORDS = {"true": True, "false": False, "null": None}
_HEX = frozenset("0123456789abcdefABCDEF")
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
_VALID = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_FEATURE = "enable `JsonReadFeature."
_MAX_DEPTH = 300
_TICK = 1000
_SNIPPET = 500


class Refused(Exception):
    """The text is no JSON.

    Attributes:
        message: what Jackson says, with the place.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Reader:
    """Reads one document.

    Args:
        text: the document.
        unique: whether a key that occurs twice is an error.
    """

    def __init__(self, text: str, *, unique: bool) -> None:
        self._text = text
        self._at = 0
        self._count = 0
        self._unique = unique

    def document(self) -> Any:
        """Read the document.

        Raises:
            Refused: it is no JSON.
            EvaluationError: a duplicate key, or something after the document.
        """
        self._skip()
        value = self._value(0)
        follower = self._text[self._at : self._at + 1]
        if type(value) in (int, float) and follower and follower not in " \t\r\n":
            self._unexpected(": Expected space separating root-level values")
        self._skip()
        if self._at < len(self._text):
            raise failed(
                "Trailing characters at the end of the JSON string are not allowed."
            )
        return value

    def _skip(self) -> None:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _peek(self) -> str:
        """Give the next character, an empty string at the end."""
        return self._text[self._at : self._at + 1]

    def _place(self, at: int) -> str:
        before = self._text[:at].replace("\r\n", "\n").replace("\r", "\n")
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        return f"[Source: {self._source()}; line: {line}, column: {column}]"

    def _source(self) -> str:
        text = _CONTROL.sub(
            lambda match: f"\\u{ord(match[0]):04X}", self._text[:_SNIPPET]
        )
        rest = len(self._text) - _SNIPPET
        cut = f"[truncated {rest} chars]" if rest > 0 else ""
        return f'(String)"{text}"{cut}'

    def _refuse(self, message: str, at: int) -> NoReturn:
        raise Refused(f"{message}\n at {self._place(at)}")

    def _unexpected(self, wanted: str, ahead: int = 1) -> NoReturn:
        char = self._text[self._at]
        shown = f"'{char}'" if char >= " " else "CTRL-CHAR,"
        code = f"(code {ord(char)})" if char >= " " else f"code {ord(char)}"
        what = f"Unexpected character ({shown} {code}){wanted}"
        self._refuse(what, self._at + ahead)

    def _ended(self, what: str) -> NoReturn:
        self._refuse(f"Unexpected end-of-input{what}", len(self._text))

    def _value(self, depth: int) -> Any:
        if depth > _MAX_DEPTH:
            raise failed("java.lang.StackOverflowError")
        self._count += 1
        if not self._count % _TICK:
            tick()
        char = self._peek()
        if char == "{":
            return self._object(depth)
        if char == "[":
            return self._array(depth)
        if char == '"':
            return self._string("string value")
        if char == "-" or (char.isascii() and char.isdigit()):
            return self._number()
        return self._word(depth)

    def _object(self, depth: int) -> dict[str, Any]:
        start = self._at
        self._at += 1
        members: dict[str, Any] = {}
        while not self._closed("}", "Object", start, first=not members):
            if self._peek() != '"':
                self._unexpected(": was expecting double-quote to start field name")
            key = self._string("name")
            if key in members and self._unique:
                raise failed(
                    f"Duplicate field '{key}' detected on Object. "
                    "Duplicate JSON keys are not allowed."
                )
            self._skip()
            self._need("Object")
            if self._peek() != ":":
                what = ": was expecting a colon to separate field name and value"
                self._unexpected(what)
            self._at += 1
            self._skip()
            self._need("Object")
            members[key] = self._value(depth + 1)
        return members

    def _array(self, depth: int) -> list[Any]:
        start = self._at
        self._at += 1
        items: list[Any] = []
        while not self._closed("]", "Array", start, first=not items):
            items.append(self._value(depth + 1))
        return items

    def _closed(self, close: str, what: str, start: int, *, first: bool) -> bool:
        """Go to the next member; says whether there is none."""
        self._skip()
        if self._at >= len(self._text):
            marker = f"(start marker at {self._place(start)})"
            self._ended(f": expected close marker for {what} {marker}")
        if self._peek() == close:
            self._at += 1
            return True
        if not first and self._peek() == ",":
            self._at += 1
            self._skip()
            self._need(what)
            if self._peek() == close:
                self._at += 1
                return True
        elif not first and self._peek() not in "]}":
            self._unexpected(f": was expecting comma to separate {what} entries")
        if self._peek() in "]}":
            self._refuse(
                f"Unexpected close marker '{self._peek()}': expected '{close}' "
                f"(for {what} starting at {self._place(start)})",
                self._at + 1,
            )
        return False

    def _need(self, what: str) -> None:
        if self._at >= len(self._text):
            self._ended(f" within/between {what} entries")

    def _string(self, what: str) -> str:
        parts: list[str] = []
        text = self._text
        self._at += 1
        while True:
            match = _STRING.match(text, self._at)
            parts.append(match[0] if match else "")
            self._at += len(parts[-1])
            char = self._peek()
            if not char:
                value = " for a string value" if what != "name" else " for name"
                self._ended(f": was expecting closing quote{value}")
            if char < " ":
                self._illegal(char, what)
            self._at += 1
            if char == '"':
                return "".join(parts)
            parts.append(self._escape())

    def _illegal(self, char: str, what: str) -> NoReturn:
        place = self._place(self._at)
        shown, _, column = place[:-1].rpartition(" ")
        raise Refused(
            f"Illegal unquoted character ((CTRL-CHAR, code {ord(char)})): has to be "
            f"escaped using backslash to be included in {what}\n"
            f" at {shown} {int(column) + 1}]"
        )

    def _escape(self) -> str:
        char = self._peek()
        if not char:
            self._ended(" in character escape sequence")
        if char in _ESCAPES:
            self._at += 1
            return _ESCAPES[char]
        if char != "u":
            what = f"'{char}' (code {ord(char)})"
            self._refuse(f"Unrecognized character escape {what}", self._at + 1)
        self._at += 1
        first = self._hex()
        if 0xD800 <= first < 0xDC00 and self._text.startswith("\\u", self._at):
            mark = self._at
            self._at += 2
            second = self._hex()
            if 0xDC00 <= second < 0xE000:
                return chr(0x10000 + ((first - 0xD800) << 10) + second - 0xDC00)
            self._at = mark
        return chr(first)

    def _hex(self) -> int:
        start = self._at
        for _ in range(4):
            if not self._peek():
                self._ended(" in character escape sequence")
            if self._peek() not in _HEX:
                what = ": expected a hex-digit for character escape sequence"
                self._unexpected(what)
            self._at += 1
        return int(self._text[start : self._at], 16)

    def _number(self) -> int | float:
        start = self._at
        match = _INTEGER.match(self._text, start)
        if match is None:
            return self._no_digit()
        self._at = match.end()
        if match[0][-1] == "0" and len(match[0].lstrip("-")) == 1:
            follower = self._peek()
            if follower.isascii() and follower.isdigit():
                what = "Invalid numeric value: Leading zeroes not allowed"
                self._refuse(what, self._at)
        fraction = _FRACTION.match(self._text, self._at)
        if fraction:
            self._at = fraction.end()
            if len(fraction[0]) == 1:
                what = " in numeric value: Decimal point not followed by a digit"
                if self._peek():
                    self._unexpected(what, 0)
                self._at -= 1
                self._unexpected(what)
        exponent = _EXPONENT.match(self._text, self._at)
        if exponent:
            self._at = exponent.end()
            if not exponent[0][-1].isdigit():
                if not self._peek():
                    self._ended("expected a digit for number exponent")
                what = " in numeric value: Exponent indicator not followed by a digit"
                self._unexpected(what, 0)
        text = self._text[start : self._at]
        whole = not (fraction or exponent)
        value = float(text)
        if math.isinf(value):
            raise failed(f"The number {text[:20]}… is too large")
        return int(text) if whole else value

    def _no_digit(self) -> NoReturn:
        self._at += 1
        if not self._peek():
            self._ended("No digit following minus sign")
        if self._text.startswith("Infinity", self._at):
            self._non_standard("-Infinity", self._at + len("Infinity"))
        what = "expected digit (0-9) to follow minus sign, for valid numeric value"
        self._unexpected(f" in numeric value: {what}")

    def _non_standard(self, token: str, end: int) -> NoReturn:
        how = f"{_FEATURE}ALLOW_NON_NUMERIC_NUMBERS` to allow"
        self._refuse(f"Non-standard token '{token}': {how}", end)

    def _word(self, depth: int) -> Any:
        match = _TOKEN.match(self._text, self._at)
        token = match[0] if match else ""
        if token not in _WORDS:
            self._no_word(token, depth)
        self._at += len(token)
        return _WORDS[token]

    def _no_word(self, token: str, depth: int) -> NoReturn:
        end = self._at + len(token)
        if token in ("NaN", "Infinity"):
            self._non_standard(token, end)
        if token:
            what = f"Unrecognized token '{token}': was expecting {_VALID}"
            self._refuse(what, end)
        self._no_value(depth)

    def _no_value(self, depth: int) -> NoReturn:
        char = self._peek()
        if not char:
            self._ended("")
        if char == "/":
            self._unexpected(
                ": maybe a (non-standard) comment? (not recognized as one since "
                "Feature 'ALLOW_COMMENTS' not enabled for parser)"
            )
        if char == "+":
            how = f"{_FEATURE}ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow"
            what = f"JSON spec does not allow numbers to have plus signs: {how}"
            self._unexpected(f" in numeric value: {what}", 2)
        if char in "]}" and depth == 0:
            expected = "}" if char == "]" else "]"
            root = self._place(0).replace("column: 1]", "column: 0]")
            self._refuse(
                f"Unexpected close marker '{char}': expected '{expected}' "
                f"(for root starting at {root})",
                self._at + 1,
            )
        if char < " ":
            what = "only regular white space (\\r, \\n, \\t) is allowed between tokens"
            shown = f"Illegal character ((CTRL-CHAR, code {ord(char)})): {what}"
            self._refuse(shown, self._at + 1)
        self._unexpected(f": expected a valid value {_VALID}")
