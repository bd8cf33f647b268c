"""The parser's view of the tokens: look-ahead, going back, and what was expected."""

from collections.abc import Iterable
from typing import NoReturn

from appsync_resolvers.errors import TemplateRejected
from appsync_resolvers.vtl.lexer import Lexer, escape
from appsync_resolvers.vtl.places import Places
from appsync_resolvers.vtl.tokens import Kind, Token, name


class Stream:
    """Tokens read on demand.

    Attributes:
        lexer: where they come from.
        places: lines and columns of the text.
    """

    def __init__(self, text: str, places: Places) -> None:
        self.places = places
        self.lexer = Lexer(text, places)
        self._tokens: list[Token] = []
        self._index = 0
        self._expected: set[Kind] = set()
        self._again: tuple[Kind, ...] = ()

    @property
    def kind(self) -> Kind:
        """Kind of the next token."""
        return self.peek(0).kind

    def peek(self, distance: int) -> Token:
        """Give a token ahead, 0 being the next one."""
        index = self._index + distance
        while len(self._tokens) <= index:
            self._tokens.append(self.lexer.next_token())
        return self._tokens[index]

    def mark(self) -> int:
        """Give the position, for `back` and `literal`."""
        return self._index

    def back(self, mark: int) -> None:
        """Go back to a marked position."""
        self._index = mark

    def advance(self) -> Token:
        """Take the next token, whatever it is."""
        token = self.peek(0)
        self._index += 1
        self._expected.clear()
        self._again = ()
        return token

    def take(self, kind: Kind) -> Token:
        """Take a token of this kind.

        Raises:
            TemplateRejected: the next token is another one.
        """
        if self.peek(0).kind is not kind:
            self._expected.add(kind)
            self.fail()
        return self.advance()

    def skip(self, kind: Kind) -> bool:
        """Take the next token if it is of this kind."""
        if self.peek(0).kind is kind:
            self.advance()
            return True
        self._expected.add(kind)
        return False

    def at(self, kinds: frozenset[Kind]) -> bool:
        """Say whether the next token is one of these."""
        if self.peek(0).kind in kinds:
            return True
        self._expected |= kinds
        return False

    def literal(self, mark: int) -> str:
        """Give the text of the tokens from a mark up to here, comments left out."""
        return "".join(
            token.special + token.image
            for token in self._tokens[mark : self._index]
            if token.kind is not Kind.MULTI_LINE_COMMENT
        )

    def rename(self, mark: int, image: str) -> None:
        """Replace the text of a token, because a part of it belongs to no literal."""
        self._tokens[mark].image = image

    def images(self, mark: int) -> str:
        """Give the text of the tokens from a mark up to here, prefixes left out."""
        return "".join(token.image for token in self._tokens[mark : self._index])

    def expects(self, kind: Kind) -> bool:
        """Say whether a kind has been looked for here."""
        return kind in self._expected

    def expect_again(self, *kinds: Kind) -> None:
        """Remember kinds that look-ahead has tried; errors list them once more."""
        self._again = kinds

    def fail(self, expected: Iterable[Kind] = ()) -> NoReturn:
        """Refuse the template at the next token, in Velocity's words."""
        token = self.peek(0)
        kinds = sorted(self._expected.union(expected))
        kinds += [kind for kind in self._again if kind in kinds]
        names = [name(kind) for kind in kinds]
        end = token.kind is Kind.EOF
        line, column = self.places.of(max(token.start - end, 0))
        found = "<EOF>" if end else escape(token.image)
        lead = "Was expecting:" if len(names) == 1 else "Was expecting one of:"
        message = f'Encountered "{found}" at velocity[line {line}, column {column}]\n'
        message += f"{lead}\n    "
        for shown in names:
            message += shown + (" \n    " if shown == "<EOF>" else " ...\n    ")
        raise TemplateRejected(message, line, column)

    def reject(self, message: str, at: int) -> NoReturn:
        """Refuse the template with a message of its own."""
        line, column = self.places.of(at)
        raise TemplateRejected(
            f"{message} at velocity[line {line}, column {column}]", line, column
        )
