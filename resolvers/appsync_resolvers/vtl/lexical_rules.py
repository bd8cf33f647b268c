"""What tokens look like, for each of the lexer's states.

The order of the alternatives is such that the first that matches is the longest one,
which is the one that counts.
"""

import re
from enum import IntEnum, auto

from appsync_resolvers.vtl.tokens import Kind


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
PATTERNS = {
    state: re.compile("|".join(rules), re.DOTALL) for state, rules in _RULES.items()
}

SLASHES = re.compile(r"\\+")
ESCAPED_NAME = re.compile(rf"\#(?:{_WORD}|{_BRACKETED})")
_PREFIXES = r"\\*\$\\*!|\\*\$|\#\[\[|\#\*\*[^\#]|\#\*|\#"
RAW_PATTERNS = {
    State.TEXTBLOCK: re.compile(rf"(?P<end>\]\]\#)|(?P<more>{_PREFIXES}|.)", re.DOTALL),
    State.LINE_COMMENT: re.compile(
        rf"(?P<end>\r\n|\n|\r)|(?P<more>{_PREFIXES})|[^$\#\\\r\n]+|.", re.DOTALL
    ),
    State.FORMAL_COMMENT: re.compile(
        rf"(?P<end>\*\#)|(?P<more>{_PREFIXES})|[^$\#\\*]+|.", re.DOTALL
    ),
}
RAW_PATTERNS[State.MULTI_LINE_COMMENT] = RAW_PATTERNS[State.FORMAL_COMMENT]

WORDS = {
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
