"""The parser of Velocity 1.7's template language, as AppSync lets it be used.

AppSync takes away `#evaluate`, `#include`, `#parse` and macros ("AppSync does not
support the #macro feature", aws-appsync-community #222; API Gateway, its sibling,
prints calls of macros literally) and adds `#return`. A definition of a macro is still
read, prints nothing and has no effect.
"""

import re
from collections.abc import Callable

from appsync_resolvers.errors import TemplateRejected
from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.expressions import (
    REFERENCE_START,
    VALUE_START,
    ExpressionParser,
)
from appsync_resolvers.vtl.places import Places
from appsync_resolvers.vtl.stream import Stream
from appsync_resolvers.vtl.tokens import Kind

_LINE_DIRECTIVES = frozenset({"break", "return", "stop"})
_BLOCK_DIRECTIVES = frozenset({"define", "foreach", "literal", "macro"})
_OTHER_DIRECTIVES = frozenset({"else", "elseif", "end", "if", "set"})
_DIRECTIVES = _LINE_DIRECTIVES | _BLOCK_DIRECTIVES

_PLAIN_TEXT = frozenset(
    {
        Kind.TEXT,
        Kind.DOT,
        Kind.RPAREN,
        Kind.LPAREN,
        Kind.INTEGER,
        Kind.FLOAT,
        Kind.STRING,
        Kind.ESCAPE,
        Kind.LCURLY,
        Kind.RCURLY,
        Kind.EMPTY_INDEX,
    }
)
_STATEMENT_START = _PLAIN_TEXT | {
    Kind.ESCAPE_DIRECTIVE,
    Kind.SET_DIRECTIVE,
    Kind.LINE_COMMENT_START,
    Kind.DOUBLE_ESCAPE,
    Kind.FORMAL_COMMENT,
    Kind.MULTI_LINE_COMMENT,
    Kind.TEXTBLOCK,
    Kind.IF,
    Kind.WORD,
    Kind.BRACKETED_WORD,
    Kind.IDENTIFIER,
}
_CONTROL = frozenset({Kind.IF, Kind.ELSE, Kind.ELSEIF, Kind.END})
_DIRECTIVE_WEIGHT = 3
_ARGUMENT_START = VALUE_START | {Kind.WORD}
_BEFORE_PARENTHESIS = re.compile(r"[ \t\n\r]*\(")
_UNICODE_ESCAPE = re.compile(r"\\u(.{0,4})", re.DOTALL)


def parse(text: str) -> tree.Template:
    """Parse a template.

    Raises:
        TemplateRejected: with Velocity's message, which AppSync shows when the template
            is used: `Encountered "in" at velocity[line 7, column 30] …`.
    """
    parser = _Parser(text, Places(text), set(), {})
    return tree.Template(parser.template(), parser.names)


class _Parser:
    """Parses the statements of a template or of a string literal inside of one."""

    def __init__(
        self, text: str, places: Places, macros: set[str], names: dict[str, None]
    ) -> None:
        self._text = text
        self._stream = Stream(text, places)
        self._places = places
        self._macros = macros
        self._at = 0
        self._string_error: TemplateRejected | None = None
        self._expressions = ExpressionParser(self._stream, self._string)
        self._expressions.names = names

    @property
    def names(self) -> dict[str, None]:
        """Every variable seen."""
        return self._expressions.names

    def deepen(self, depth: int) -> None:
        """Begin at a depth that is not 0."""
        self._expressions.depth = depth

    def template(self) -> list[tree.Node]:
        """Parse everything.

        Velocity looks into string literals last, so that is when their errors come.
        """
        nodes = self._statements()
        self._stream.take(Kind.EOF)
        if self._string_error is not None:
            raise self._string_error
        return nodes

    def _statements(self) -> list[tree.Node]:
        nodes: list[tree.Node] = []
        while self._stream.at(_STATEMENT_START):
            node = self._statement()
            if isinstance(node, tree.Text):
                if node.text and nodes and isinstance(nodes[-1], tree.Text):
                    nodes[-1] = tree.Text(nodes[-1].text + node.text)
                elif node.text:
                    nodes.append(node)
            elif node is not None:
                nodes.append(node)
        return nodes

    def _block(self, weight: int = 1) -> list[tree.Node]:
        self._expressions.nest(weight)
        nodes = self._statements()
        self._expressions.depth -= weight
        return nodes

    def _statement(self) -> tree.Node | None:
        stream = self._stream
        kind = stream.kind
        if kind is Kind.IDENTIFIER or (
            kind is Kind.LCURLY and stream.peek(1).kind is Kind.IDENTIFIER
        ):
            return self._expressions.reference()
        if kind in _PLAIN_TEXT:
            token = stream.advance()
            return tree.Text(token.special + token.image)
        if kind in (Kind.WORD, Kind.BRACKETED_WORD):
            return self._directive()
        return _STATEMENTS[kind](self)

    def comment(self) -> tree.Text:
        """Read a comment; a prefix glued to it is printed."""
        token = self._stream.advance()
        if token.kind is Kind.LINE_COMMENT_START:
            self._stream.skip(Kind.LINE_COMMENT)
        start = token.image.find("##")
        if start < 0:
            start = token.image.find("#*")
        return tree.Text(token.image[: max(start, 0)])

    def textblock(self) -> tree.Text:
        return tree.Text(self._stream.advance().image[3:-3])

    def escaped_directive(self) -> tree.Text:
        image = self._stream.advance().image
        last = image.rindex("\\")
        directive = image[last + 1 :]
        if self._is_directive(directive[1:].strip("{}")):
            image = image[: last // 2] + directive
        return tree.Text(image)

    def escapes(self) -> tree.Text:
        stream = self._stream
        count = 0
        while stream.kind is Kind.DOUBLE_ESCAPE:
            stream.advance()
            count += 1
        follower = stream.peek(0)
        control = follower.kind in _CONTROL or self._is_known(follower.image[1:])
        return tree.Text(("\\" if control else "\\\\") * count)

    def _is_known(self, name: str) -> bool:
        return name in _DIRECTIVES or name in self._macros

    def _is_directive(self, name: str) -> bool:
        return self._is_known(name) or name in _OTHER_DIRECTIVES

    def assignment(self) -> tree.Set:
        stream = self._stream
        stream.take(Kind.SET_DIRECTIVE)
        stream.skip(Kind.WHITESPACE)
        if not stream.at(REFERENCE_START):
            stream.fail()
        target = self._expressions.reference()
        stream.skip(Kind.WHITESPACE)
        stream.take(Kind.EQUALS)
        value = self._expressions.expression()
        stream.take(Kind.RPAREN)
        stream.lexer.in_set = False
        stream.skip(Kind.NEWLINE)
        self.names.setdefault(target.target)
        return tree.Set(target, value)

    def conditional(self) -> tree.If:
        stream = self._stream
        branches: list[tuple[tree.Expression | None, list[tree.Node]]] = []
        stream.take(Kind.IF)
        branches.append((self._condition(), self._block()))
        while stream.skip(Kind.ELSEIF):
            branches.append((self._condition(), self._block()))
        if stream.skip(Kind.ELSE):
            branches.append((None, self._block()))
        stream.take(Kind.END)
        return tree.If(branches)

    def _condition(self) -> tree.Expression:
        stream = self._stream
        stream.skip(Kind.WHITESPACE)
        stream.take(Kind.LPAREN)
        condition = self._expressions.expression()
        stream.take(Kind.RPAREN)
        return condition

    def _directive(self) -> tree.Node | None:
        """Read a directive that is not built into the grammar, or what looks like one.

        Without a parenthesis it is no directive; a call of an unknown one is printed.
        """
        stream = self._stream
        mark = stream.mark()
        word = stream.advance()
        name = word.image[1:]
        if word.kind is Kind.BRACKETED_WORD:
            name = word.image[2:-1]
        stream.lexer.enter_directive()
        if not _BEFORE_PARENTHESIS.match(self._text, stream.lexer.position):
            if name == "macro":
                message = "A macro declaration requires at least a name argument"
                stream.reject(message, word.start)
            stream.lexer.leave_directive()
            return self._bare_directive(name, mark, word.start)
        arguments = self._arguments(name, word.image, word.start)
        block = name in _BLOCK_DIRECTIVES or name.startswith("@")
        if not block:
            return self._line_directive(name, arguments, mark, word.start)
        start = stream.mark()
        body = self._block(_DIRECTIVE_WEIGHT)
        literal = stream.literal(start)
        stream.take(Kind.END)
        self._at = word.start
        return self._block_directive(name, arguments, body, literal, mark)

    def _bare_directive(self, name: str, mark: int, at: int) -> tree.Node:
        if name in _LINE_DIRECTIVES:
            return self._line_directive(name, [], mark, at)
        if name in _BLOCK_DIRECTIVES:
            self._stream.reject(f"#{name} needs arguments and a block", at)
        return tree.Text(self._stream.images(mark))

    def _arguments(self, name: str, image: str, at: int) -> list[tree.Expression]:
        stream = self._stream
        stream.skip(Kind.WHITESPACE)
        stream.take(Kind.LPAREN)
        arguments: list[tree.Expression] = []
        while self._argument_follows():
            stream.skip(Kind.WHITESPACE)
            if stream.skip(Kind.COMMA):
                stream.skip(Kind.WHITESPACE)
            if stream.kind is not Kind.WORD:
                if name == "macro" and not arguments:
                    message = "Invalid first arg in #macro() directive - must be a word"
                    message += " token (no ' or \" surrounding)"
                    stream.reject(message, at)
                arguments.append(self._expressions.value(_ARGUMENT_START))
                continue
            position = len(arguments)
            allowed = (name == "macro" and position == 0) or (
                name == "foreach" and position == 1
            )
            if name in _DIRECTIVES and not allowed:
                line, column = self._places.of(at + len(image))
                message = f"Invalid arg #{position} in directive {image} "
                message += f"at velocity[line {line}, column {column}]\n"
                raise TemplateRejected(message, line, column)
            arguments.append(tree.Word(stream.advance().image))
        stream.expect_again(Kind.WHITESPACE)
        stream.skip(Kind.WHITESPACE)
        stream.take(Kind.RPAREN)
        return arguments

    def _argument_follows(self) -> bool:
        peek = self._stream.peek
        first = peek(0).kind
        if first is Kind.WHITESPACE:
            return peek(1).kind in _ARGUMENT_START or peek(1).kind is Kind.COMMA
        if first is Kind.COMMA:
            return peek(1).kind in _ARGUMENT_START or peek(1).kind is Kind.WHITESPACE
        return first in _ARGUMENT_START

    def _line_directive(
        self, name: str, arguments: list[tree.Expression], mark: int, at: int
    ) -> tree.Node:
        if name not in _LINE_DIRECTIVES:
            return tree.Text(self._stream.images(mark))
        argument = arguments[0] if arguments else None
        if name == "return":
            return tree.Return(argument)
        if len(arguments) > 1:
            what = "message parameter" if name == "stop" else "scope object"
            message = f"The #stop directive only accepts a single {what}"
            self._stream.reject(message, at)
        if name == "break":
            return tree.Break(argument, self._places.of(at))
        return tree.Stop()

    def _block_directive(
        self,
        name: str,
        arguments: list[tree.Expression],
        body: list[tree.Node],
        literal: str,
        mark: int,
    ) -> tree.Node | None:
        at = self._at
        if name == "literal":
            return tree.Text(literal)
        if name == "macro":
            if not arguments:
                message = "First argument to #macro() must be  macro name"
                self._stream.reject(message, at)
            self._macros.add(arguments[0].literal)
            return None
        if name.startswith("@"):
            return tree.Text(self._stream.images(mark))
        if name == "define":
            if len(arguments) != 1:
                self._stream.reject("parameter missing: block name", at)
            key = _target(arguments[0])
            self.names.setdefault(key)
            return tree.Define(key, body)
        if len(arguments) < 2:
            self._stream.reject("#foreach needs a variable, in, and a list", at)
        source = arguments[2] if len(arguments) > 2 else tree.Word("")
        if len(arguments) > 3:
            extra = arguments[3]
            body = [extra] if isinstance(extra, tree.Reference) else []
        key = _element(arguments[0])
        self.names.setdefault(key)
        return tree.Foreach(key, source, body)

    def _string(self, image: str, at: int) -> tree.String:
        """Make the node of a string literal; its references and directives count."""
        quote, content = image[0], image[1:-1]
        if quote == '"':
            content = self._unescape(content, at)
        value = content.replace(quote * 2, quote)
        if quote == "'" or not ("$" in image or "#" in image):
            return tree.String(value, None, trim=False, literal=image)
        trim = "##" not in value
        text = value + " " if trim else value
        line, column = self._places.of(at)
        parser = _Parser(text, Places(text, line, column), self._macros, self.names)
        parser.deepen(self._expressions.depth)
        try:
            nodes = parser.template()
        except TemplateRejected as error:
            place = f"velocity[line {line}, column {column}]"
            message = f"Failed to parse String literal at {place}"
            self._string_error = self._string_error or TemplateRejected(
                message, line, column
            )
            self._string_error.__cause__ = error
            return tree.String(value, None, trim=False, literal=image)
        last = nodes[-1] if nodes else None
        if trim and isinstance(last, tree.Text):
            nodes[-1] = tree.Text(last.text[:-1])
            trim = False
        return tree.String(value, nodes, trim, image)

    def _unescape(self, content: str, at: int) -> str:
        def character(match: re.Match[str]) -> str:
            try:
                return chr(int(match[1], 16))
            except ValueError:
                what = f'For input string: "{match[1]}" under radix 16'
                line, column = self._places.of(at)
                raise TemplateRejected(what, line, column) from None

        return _UNICODE_ESCAPE.sub(character, content)


def _target(argument: tree.Expression) -> str:
    if isinstance(argument, tree.Reference):
        return argument.target
    return argument.literal[1:]


def _element(argument: tree.Expression) -> str:
    if isinstance(argument, tree.Reference) and argument.name is not None:
        return argument.name
    return argument.literal[1:]


_STATEMENTS: dict[Kind, Callable[[_Parser], tree.Node | None]] = {
    Kind.ESCAPE_DIRECTIVE: _Parser.escaped_directive,
    Kind.SET_DIRECTIVE: _Parser.assignment,
    Kind.LINE_COMMENT_START: _Parser.comment,
    Kind.DOUBLE_ESCAPE: _Parser.escapes,
    Kind.FORMAL_COMMENT: _Parser.comment,
    Kind.MULTI_LINE_COMMENT: _Parser.comment,
    Kind.TEXTBLOCK: _Parser.textblock,
    Kind.IF: _Parser.conditional,
}
