r"""The lexer of Velocity 1.7, which changes its rules with what it has just seen.

A `$` starts the rules for references, a `#` those for directives, and so on; a stack
remembers what to go back to. Three peculiarities shape the output of real templates and
are kept: a prefix (`$`, `#`, `\\`) is glued to the token that follows; `)`, `#else` and
`#end` swallow white space up to and including a line end; `#set` swallows the blanks in
front of it when they begin a token.

The lexer works on demand, because the parser decides after a directive's name what
comes next.
"""

import re
from typing import NoReturn

from appsync_resolvers.errors import TemplateRejected
from appsync_resolvers.vtl.lexical_rules import (
    ESCAPED_NAME,
    PATTERNS,
    RAW_PATTERNS,
    SLASHES,
    WORDS,
    State,
)
from appsync_resolvers.vtl.places import Places
from appsync_resolvers.vtl.tokens import Kind, Token

_KINDS = dict(Kind.__members__)
_NAMED = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "'": "\\'",
    "\\": "\\\\",
}


class Lexer:
    """Gives the tokens of one template, one at a time.

    Attributes:
        text: the template.
        position: offset of the next character to read.
        in_set: whether a `#set` is being read; the parser resets it.
    """

    def __init__(self, text: str, places: Places) -> None:
        self.text = text
        self.position = 0
        self.in_set = False
        self._places = places
        self._state = State.DEFAULT
        self._stack: list[tuple[int, int, State]] = []
        self._opened = 0
        self._closed = 0
        self._slashes_end = 0
        self._slashes_escape = False

    def next_token(self) -> Token:
        """Read the next token.

        Raises:
            TemplateRejected: no token begins here.
        """
        special = ""
        while True:
            start = self.position
            if start >= len(self.text):
                return Token(Kind.EOF, "", special, start)
            token = self._scan(start)
            if token is None:
                continue
            if token.kind in (Kind.REFERENCE_END, Kind.DIRECTIVE_END):
                special += _literal_part(token.image)
                continue
            token.special = special
            return token

    def enter_directive(self) -> None:
        """Go on with a directive's arguments."""
        self._state = State.DIRECTIVE

    def leave_directive(self) -> None:
        """Go back to what was before the directive."""
        self._pop()

    def _scan(self, start: int) -> Token | None:
        """Read prefixes and the token they are glued to; None in a comment's middle."""
        while True:
            raw = RAW_PATTERNS.get(self._state)
            if raw is not None:
                return self._scan_raw(start, raw, glued=self.position > start)
            if self.position >= len(self.text):
                self._fail()
            if self._state is State.DEFAULT and self.text[self.position] == "\\":
                escape = self._plain_escape(start)
                if escape is not None:
                    return escape
            match = PATTERNS[self._state].match(self.text, self.position)
            if match is None:
                self._fail()
            group = match.lastgroup or ""
            self.position = match.end()
            if group.startswith("more_"):
                self._prefix(group)
                continue
            return self._finish(start, group)

    def _plain_escape(self, start: int) -> Token | None:
        """Read backslashes that stand before nothing special, two at a time.

        Where they end is only looked for once, however many there are.
        """
        if start >= self._slashes_end:
            run = SLASHES.match(self.text, start)
            self._slashes_end = run.end() if run else start
            follower = self.text[self._slashes_end : self._slashes_end + 1]
            self._slashes_escape = follower == "$" or (
                follower == "#"
                and ESCAPED_NAME.match(self.text, self._slashes_end) is not None
            )
        if self._slashes_escape:
            return None
        double = start + 2 <= self._slashes_end
        self.position = start + (2 if double else 1)
        kind = Kind.DOUBLE_ESCAPE if double else Kind.ESCAPE
        return Token(kind, self.text[start : self.position], "", start)

    def _scan_raw(
        self, start: int, pattern: re.Pattern[str], *, glued: bool
    ) -> Token | None:
        """Read a comment or an unparsed block up to its end.

        In comments, prefixes are still glued together: one that ends the template is an
        error, and `#**` swallows the character that follows it.
        """
        block = self._state is State.TEXTBLOCK
        while True:
            match = pattern.match(self.text, self.position)
            if match is None:
                if block or glued:
                    self._fail()
                return None
            self.position = match.end()
            if match.lastgroup == "end":
                break
            if not block:
                if match.lastgroup == "more":
                    if not glued:
                        start = match.start()
                    glued = True
                else:
                    glued = False
        kind = _KINDS[self._state.name]
        self._pop()
        if not glued:
            start = match.start()
        return Token(kind, self.text[start : self.position], "", start)

    def _prefix(self, group: str) -> None:
        state = self._state
        if group in ("more_dollar", "more_bang"):
            if state is State.REFERENCE:
                self._pop()
            self._push(State.REFERENCE)
        elif group == "more_hash":
            if state in (State.REFERENCE, State.MODIFIER):
                self._pop()
            self._push(State.DIRECTIVE_NAME)
        elif group == "more_block":
            self._push(State.TEXTBLOCK)
        elif group == "more_multi":
            self._push(State.MULTI_LINE_COMMENT)
        else:
            self.position -= 1
            self._push(State.FORMAL_COMMENT)

    def _finish(self, start: int, group: str) -> Token:
        image = self.text[start : self.position]
        if group == "range":
            self.position -= 2
            image = image[:-2]
            group = "INTEGER"
        elif group == "word":
            kind = WORDS.get(image, Kind.WORD)
            return Token(kind, image, "", start)
        token = Token(_KINDS[group], image, "", start)
        self._act(token)
        return token

    def _act(self, token: Token) -> None:
        """Change the rules as the token demands."""
        kind = token.kind
        if kind in (Kind.REFERENCE_END, Kind.DIRECTIVE_END):
            self.position -= 1
            self._pop()
        elif kind is Kind.DOT:
            self.position -= 1
            token.image = "."
            self._state = State.MODIFIER
        elif kind in (Kind.END, Kind.ELSE, Kind.RCURLY, Kind.INDEX_RBRACKET):
            self._pop()
        elif kind in (Kind.IF, Kind.ELSEIF):
            self._state = State.DIRECTIVE
        elif kind is Kind.INDEX_LBRACKET:
            self._push(State.INDEX)
        elif kind is Kind.LPAREN:
            self._opened += 1
            if self._state is State.MODIFIER:
                self._state = State.ARGUMENTS
        elif kind is Kind.METHOD_RPAREN:
            self._state = State.REFERENCE
        elif kind is Kind.RPAREN:
            self._close()
        elif kind is Kind.SET_DIRECTIVE:
            self._push(State.DIRECTIVE)
            self.in_set = True
            self._opened += 1
        elif kind is Kind.LINE_COMMENT_START:
            if self._state is State.REFERENCE:
                self._pop()
            self._push(State.LINE_COMMENT)
        elif kind in (Kind.INTEGER, Kind.FLOAT, Kind.STRING):
            self._leave_after_literal(kind)

    def _leave_after_literal(self, kind: Kind) -> None:
        """End a directive at a literal outside of parentheses, such as in `#5`."""
        if self._opened or self.in_set:
            return
        state = self._state
        if kind is Kind.STRING:
            leave = state is State.DIRECTIVE
        elif kind is Kind.INTEGER:
            leave = state not in (State.ARGUMENTS, State.INDEX)
        else:
            leave = state is not State.ARGUMENTS
        if leave:
            self._pop()

    def _push(self, state: State) -> None:
        self._stack.append((self._opened, self._closed, self._state))
        self._opened = 0
        self._state = state

    def _pop(self) -> bool:
        if not self._stack:
            self._opened = 0
            self._state = State.DEFAULT
            return False
        self._opened, self._closed, self._state = self._stack.pop()
        return True

    def _close(self) -> None:
        """Leave the rules whose opening parenthesis is closed by this one."""
        while not self._opened:
            if not self._pop():
                return
        if self._opened == self._closed + 1:
            self._pop()
        else:
            self._closed += 1

    def _fail(self) -> NoReturn:
        """Refuse the text; what might have become a token counts as read."""
        text, position = self.text, self.position
        read = ""
        if text[position : position + 1] in ("'", '"'):
            read, position = text[position:], len(text)
        elif text[position : position + 1] in ("&", "|", "\\"):
            read = text[position]
            position += 1
        line, column = self._places.of(position)
        found = "<EOF>"
        if position < len(text):
            char = text[position]
            found = f'"{escape(char)}" ({ord(char)}),'
        message = f'Lexical error,   Encountered: {found} after : "{escape(read)}"'
        message += f" at *unset*[line {line}, column {column}]"
        raise TemplateRejected(message, line, column)


def _literal_part(image: str) -> str:
    r"""Give what Velocity prints of a prefix that no token took: `#`, `$`, `\$`."""
    kept = []
    i = 0
    while i < len(image):
        if image[i] in "#$":
            kept.append(image[i])
        elif image[i] == "\\":
            end = i
            while end < len(image) and image[end] == "\\":
                end += 1
            if end < len(image) and image[end] == "$":
                kept.append(image[i : end + 1])
                i = end + 1
        i += 1
    return "".join(kept)


def escape(text: str) -> str:
    """Write text as Java's string literals do, for messages."""
    return "".join(_escaped(char) for char in text)


def _escaped(char: str) -> str:
    if char in _NAMED:
        return _NAMED[char]
    return char if " " <= char <= "~" else f"\\u{ord(char):04x}"
