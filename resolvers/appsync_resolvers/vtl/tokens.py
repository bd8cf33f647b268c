"""Tokens of the Velocity 1.7 language, and how its parse errors name them.

The members stand in the order in which a parse error lists what it expected.
"""

from dataclasses import dataclass
from enum import IntEnum, auto


class Kind(IntEnum):
    """What a token is."""

    EOF = 0
    INDEX_LBRACKET = auto()
    INDEX_RBRACKET = auto()
    LBRACKET = auto()
    RBRACKET = auto()
    COMMA = auto()
    DOUBLEDOT = auto()
    COLON = auto()
    LEFT_CURLY = auto()
    RIGHT_CURLY = auto()
    LPAREN = auto()
    RPAREN = auto()
    METHOD_RPAREN = auto()
    ESCAPE_DIRECTIVE = auto()
    SET_DIRECTIVE = auto()
    LINE_COMMENT_START = auto()
    DOUBLE_ESCAPE = auto()
    ESCAPE = auto()
    TEXT = auto()
    LINE_COMMENT = auto()
    FORMAL_COMMENT = auto()
    MULTI_LINE_COMMENT = auto()
    TEXTBLOCK = auto()
    WHITESPACE = auto()
    STRING = auto()
    TRUE = auto()
    FALSE = auto()
    NEWLINE = auto()
    MINUS = auto()
    PLUS = auto()
    MULTIPLY = auto()
    DIVIDE = auto()
    MODULUS = auto()
    AND = auto()
    OR = auto()
    LT = auto()
    LE = auto()
    GT = auto()
    GE = auto()
    EQ = auto()
    NE = auto()
    NOT = auto()
    EQUALS = auto()
    END = auto()
    IF = auto()
    ELSEIF = auto()
    ELSE = auto()
    INTEGER = auto()
    FLOAT = auto()
    WORD = auto()
    BRACKETED_WORD = auto()
    IDENTIFIER = auto()
    DOT = auto()
    LCURLY = auto()
    RCURLY = auto()
    REFERENCE_END = auto()
    DIRECTIVE_END = auto()
    EMPTY_INDEX = auto()


IMAGES: dict[Kind, str] = {
    Kind.INDEX_LBRACKET: '"["',
    Kind.INDEX_RBRACKET: '"]"',
    Kind.LBRACKET: '"["',
    Kind.RBRACKET: '"]"',
    Kind.COMMA: '","',
    Kind.DOUBLEDOT: '".."',
    Kind.COLON: '":"',
    Kind.LEFT_CURLY: '"{"',
    Kind.RIGHT_CURLY: '"}"',
    Kind.LPAREN: '"("',
    Kind.METHOD_RPAREN: '")"',
    Kind.LINE_COMMENT_START: '"##"',
    Kind.DOUBLE_ESCAPE: '"\\\\\\\\"',
    Kind.ESCAPE: '"\\\\"',
    Kind.LINE_COMMENT: "<SINGLE_LINE_COMMENT>",
    Kind.FORMAL_COMMENT: '"*#"',
    Kind.MULTI_LINE_COMMENT: '"*#"',
    Kind.TEXTBLOCK: '"]]#"',
    Kind.STRING: "<STRING_LITERAL>",
    Kind.TRUE: '"true"',
    Kind.FALSE: '"false"',
    Kind.MINUS: '"-"',
    Kind.PLUS: '"+"',
    Kind.MULTIPLY: '"*"',
    Kind.DIVIDE: '"/"',
    Kind.MODULUS: '"%"',
    Kind.AND: "<LOGICAL_AND>",
    Kind.OR: "<LOGICAL_OR>",
    Kind.LT: "<LOGICAL_LT>",
    Kind.LE: "<LOGICAL_LE>",
    Kind.GT: "<LOGICAL_GT>",
    Kind.GE: "<LOGICAL_GE>",
    Kind.EQ: "<LOGICAL_EQUALS>",
    Kind.NE: "<LOGICAL_NOT_EQUALS>",
    Kind.NOT: "<LOGICAL_NOT>",
    Kind.EQUALS: '"="',
    Kind.IF: "<IF_DIRECTIVE>",
    Kind.ELSEIF: "<ELSEIF_DIRECTIVE>",
    Kind.ELSE: "<ELSE_DIRECTIVE>",
    Kind.INTEGER: "<INTEGER_LITERAL>",
    Kind.FLOAT: "<FLOATING_POINT_LITERAL>",
    Kind.LCURLY: '"{"',
    Kind.RCURLY: '"}"',
}
"""Names that differ from `<KIND>`."""


def name(kind: Kind) -> str:
    """Give the name of a kind as Velocity's parse errors print it."""
    return IMAGES.get(kind, f"<{kind.name}>")


@dataclass(slots=True)
class Token:
    """A token of a template.

    Attributes:
        kind: see `Kind`.
        image: its text; what the lexer glued in front (`$`, `#`, backslashes) included.
        special: literal text that stood before and belongs to no other token, such as
            the `#` of `# title`.
        start: offset of the first character.
    """

    kind: Kind
    image: str
    special: str
    start: int
