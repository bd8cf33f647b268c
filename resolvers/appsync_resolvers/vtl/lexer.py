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
from enum import IntEnum, auto
from typing import NoReturn

from appsync_resolvers.errors import TemplateRejected
from appsync_resolvers.vtl.places import Places
from appsync_resolvers.vtl.tokens import Kind, Token


class State(IntEnum):
    """Which rules apply."""

    DEFAULT = auto()
    REFERENCE = auto()
    MODIFIER = auto()
    ARGUMENTS = auto()
    INDEX = auto()
    DIRECTIVE_NAME = auto()
    DIRECTIVE = auto()
    TEXTBLOCK = auto()
    LINE_COMMENT = auto()
    FORMAL_COMMENT = auto()
    MULTI_LINE_COMMENT = auto()


_GOBBLE = r"(?:[ \t]*(?:\r\n|\n|\r))"
_SET = r"(?P<SET_DIRECTIVE>[ \t]*\#(?:set|\{set\})\ *\()"
_WORD = r"[A-Za-z_@][A-Za-z0-9_@]*"
_BRACKETED = r"\{[A-Za-z_][A-Za-z0-9_@]*\}"
_BANG = r"(?P<more_bang>\\*\$\\*!)"
_DOLLAR = r"(?P<more_dollar>\\*\$)"
_HASHES = (
    r"(?P<more_block>\#\[\[)|(?P<more_formal>\#\*\*[^\#])|(?P<more_multi>\#\*)"
    r"|(?P<more_hash>\#)"
)
_LINE_COMMENT = r"(?P<LINE_COMMENT_START>\#\#)"
_EMPTY_INDEX = r"(?P<EMPTY_INDEX>\$\[|\$!\[|\$\\!\[|\$\.)"
_WHITESPACE = r"(?P<WHITESPACE>[ \t\n\r]+)"
_STRING = r"""(?P<STRING>"[^"]*(?:""[^"]*)*"|'[^']*(?:''[^']*)*')"""
_NUMBER = (
    r"(?P<range>-?[0-9]+\.\.)"
    r"|(?P<FLOAT>-?[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|-?\.[0-9]+(?:[eE][+-]?[0-9]+)?"
    r"|-?[0-9]+[eE][+-]?[0-9]+)"
    r"|(?P<INTEGER>-?[0-9]+)"
)
_BOOLEAN = r"(?P<TRUE>true)(?![A-Za-z0-9_-])|(?P<FALSE>false)(?![A-Za-z0-9_-])"
_IDENTIFIER = r"(?P<IDENTIFIER>[A-Za-z_][A-Za-z0-9_-]*)"
_DOT = r"(?P<DOT>\.[A-Za-z])"
_BRACKETS = (
    r"(?P<LBRACKET>\[)|(?P<RBRACKET>\])|(?P<COMMA>,)|(?P<DOUBLEDOT>\.\.)|(?P<COLON>:)"
)

_RULES = {
    State.DEFAULT: (
        _SET,
        _EMPTY_INDEX,
        rf"(?P<ESCAPE_DIRECTIVE>(?:\\\\)*\\\#(?:{_WORD}|{_BRACKETED}))",
        _BANG,
        _DOLLAR,
        r"(?P<DOUBLE_ESCAPE>\\\\)",
        r"(?P<ESCAPE>\\)",
        _LINE_COMMENT,
        _HASHES,
        r"(?P<TEXT>[^$\#\\]+)",
    ),
    State.REFERENCE: (
        _SET,
        _EMPTY_INDEX,
        _BANG,
        _DOLLAR,
        r"(?P<INDEX_LBRACKET>\[)",
        _BOOLEAN,
        _IDENTIFIER,
        _DOT,
        r"(?P<LCURLY>\{)|(?P<RCURLY>\})",
        _LINE_COMMENT,
        _HASHES,
        r"(?P<REFERENCE_END>.)",
    ),
    State.MODIFIER: (
        _SET,
        _BANG,
        _DOLLAR,
        r"(?P<INDEX_LBRACKET>\[)|(?P<LPAREN>\()",
        _BOOLEAN,
        _IDENTIFIER,
        _DOT,
        r"(?P<LCURLY>\{)|(?P<RCURLY>\})",
        _HASHES,
        r"(?P<REFERENCE_END>.)",
    ),
    State.ARGUMENTS: (
        _SET,
        _BANG,
        _DOLLAR,
        _BRACKETS,
        r"(?P<LEFT_CURLY>\{)|(?P<RIGHT_CURLY>\})|(?P<METHOD_RPAREN>\))",
        _WHITESPACE,
        _STRING,
        _BOOLEAN,
        _NUMBER,
        _IDENTIFIER,
        _DOT,
        _HASHES,
    ),
    State.INDEX: (
        _BANG,
        _DOLLAR,
        r"(?P<INDEX_RBRACKET>\])",
        _WHITESPACE,
        _STRING,
        r"(?P<TRUE>true)|(?P<FALSE>false)",
        _NUMBER,
        _HASHES,
    ),
    State.DIRECTIVE: (
        _BANG,
        _DOLLAR,
        _WHITESPACE,
        _STRING,
        _NUMBER,
        rf"(?P<word>{_WORD})|(?P<BRACKETED_WORD>{_BRACKETED})",
        _BRACKETS,
        r"(?P<LEFT_CURLY>\{)|(?P<RIGHT_CURLY>\})|(?P<LPAREN>\()",
        rf"(?P<RPAREN>\){_GOBBLE}?)",
        r"(?P<LE><=)|(?P<LT><)|(?P<GE>>=)|(?P<GT>>)|(?P<EQ>==)|(?P<EQUALS>=)",
        r"(?P<NE>!=)|(?P<NOT>!)|(?P<AND>&&)|(?P<OR>\|\|)",
        r"(?P<MINUS>-)|(?P<PLUS>\+)|(?P<MULTIPLY>\*)|(?P<DIVIDE>/)|(?P<MODULUS>%)",
        _LINE_COMMENT,
        _HASHES,
    ),
    State.DIRECTIVE_NAME: (
        _BANG,
        _DOLLAR,
        rf"(?P<END>end{_GOBBLE}|\{{end\}}{_GOBBLE}?|end(?![A-Za-z0-9_@]))",
        r"(?P<IF>\{if\}|if(?![A-Za-z0-9_@]))",
        r"(?P<ELSEIF>\{elseif\}|elseif(?![A-Za-z0-9_@]))",
        rf"(?P<ELSE>else{_GOBBLE}|\{{else\}}{_GOBBLE}?|else(?![A-Za-z0-9_@]))",
        rf"(?P<WORD>{_WORD})|(?P<BRACKETED_WORD>{_BRACKETED})",
        _NUMBER,
        _LINE_COMMENT,
        _HASHES,
        r"(?P<DIRECTIVE_END>.)",
    ),
}
_PATTERNS = {
    state: re.compile("|".join(rules), re.DOTALL) for state, rules in _RULES.items()
}

_PREFIXES = r"\\*\$\\*!|\\*\$|\#\[\[|\#\*\*[^\#]|\#\*|\#"
_RAW_PATTERNS = {
    State.TEXTBLOCK: re.compile(rf"(?P<end>\]\]\#)|(?P<more>{_PREFIXES}|.)", re.DOTALL),
    State.LINE_COMMENT: re.compile(
        rf"(?P<end>\r\n|\n|\r)|(?P<more>{_PREFIXES})|[^$\#\\\r\n]+|.", re.DOTALL
    ),
    State.FORMAL_COMMENT: re.compile(
        rf"(?P<end>\*\#)|(?P<more>{_PREFIXES})|[^$\#\\*]+|.", re.DOTALL
    ),
}
_RAW_PATTERNS[State.MULTI_LINE_COMMENT] = _RAW_PATTERNS[State.FORMAL_COMMENT]

_WORDS = {
    "true": Kind.TRUE,
    "false": Kind.FALSE,
    "and": Kind.AND,
    "or": Kind.OR,
    "lt": Kind.LT,
    "le": Kind.LE,
    "gt": Kind.GT,
    "ge": Kind.GE,
    "eq": Kind.EQ,
    "ne": Kind.NE,
    "not": Kind.NOT,
}
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
            raw = _RAW_PATTERNS.get(self._state)
            if raw is not None:
                return self._scan_raw(start, raw, glued=self.position > start)
            if self.position >= len(self.text):
                self._fail()
            match = _PATTERNS[self._state].match(self.text, self.position)
            if match is None:
                self._fail()
            group = match.lastgroup or ""
            self.position = match.end()
            if group.startswith("more_"):
                self._prefix(group)
                continue
            return self._finish(start, group)

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
            kind = _WORDS.get(image, Kind.WORD)
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
        elif text[position : position + 1] in ("&", "|"):
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
