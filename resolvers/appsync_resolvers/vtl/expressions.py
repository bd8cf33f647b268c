"""The parser's half for references and expressions."""

from collections.abc import Callable

from appsync_resolvers.errors import TemplateRejected
from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.stream import Stream
from appsync_resolvers.vtl.tokens import Kind

MAX_DEPTH = 64
"""How deep expressions and blocks may be nested; Velocity ends in a StackOverflowError
somewhere, we name the reason."""

MAX_OPERATORS = 150
"""How many operators of one kind may follow each other."""

REFERENCE_START = frozenset({Kind.IDENTIFIER, Kind.LCURLY})
_SIMPLE_START = frozenset({Kind.STRING, Kind.INTEGER, Kind.TRUE, Kind.FALSE})
INDEX_START = _SIMPLE_START | REFERENCE_START
VALUE_START = INDEX_START | {Kind.FLOAT, Kind.LBRACKET, Kind.LEFT_CURLY}
PARAMETER_START = VALUE_START | {Kind.WHITESPACE}
PRIMARY_START = VALUE_START | {Kind.LPAREN}

_INDEX = frozenset({Kind.INDEX_LBRACKET})
_MAP_END = frozenset({Kind.RIGHT_CURLY, Kind.RCURLY})

_LEVELS: tuple[dict[Kind, str], ...] = (
    {Kind.OR: "or"},
    {Kind.AND: "and"},
    {Kind.EQ: "==", Kind.NE: "!="},
    {Kind.LT: "<", Kind.GT: ">", Kind.LE: "<=", Kind.GE: ">="},
    {Kind.PLUS: "+", Kind.MINUS: "-"},
    {Kind.MULTIPLY: "*", Kind.DIVIDE: "/", Kind.MODULUS: "%"},
)
_LEVEL_KINDS = tuple(frozenset(level) for level in _LEVELS)


class ExpressionParser:
    """Reads expressions from a stream of tokens.

    Args:
        stream: the tokens.
        parse_string: makes the node of a string literal from its image and offset.
    """

    def __init__(
        self, stream: Stream, parse_string: Callable[[str, int], tree.String]
    ) -> None:
        self.stream = stream
        self.depth = 0
        self.names: dict[str, None] = {}
        self._parse_string = parse_string
        self._ranges: dict[int, bool] = {}
        self._trying = False

    def nest(self, weight: int = 1) -> None:
        """Go one level deeper; the caller takes off `depth` again when it is done."""
        self.depth += weight
        if self.depth > MAX_DEPTH:
            at = self.stream.peek(0).start
            self.stream.reject(f"Nested more than {MAX_DEPTH} levels deep", at)

    def expression(self, level: int = 0) -> tree.Expression:
        """Read an expression of at least this level of precedence."""
        if level == len(_LEVELS):
            return self._unary()
        stream = self.stream
        mark = stream.mark()
        left = self.expression(level + 1)
        count = 0
        while stream.at(_LEVEL_KINDS[level]):
            count += 1
            if count > MAX_OPERATORS:
                stream.reject("Too many operators", stream.peek(0).start)
            operator = _LEVELS[level][stream.advance().kind]
            right = self.expression(level + 1)
            left = tree.Binary(operator, left, right, stream.literal(mark))
        return left

    def _unary(self) -> tree.Expression:
        stream = self.stream
        ahead = 1 if stream.kind is Kind.WHITESPACE else 0
        if stream.peek(ahead).kind is not Kind.NOT:
            return self._primary()
        mark = stream.mark()
        for _ in range(ahead + 1):
            stream.advance()
        self.nest()
        operand = self._unary()
        self.depth -= 1
        return tree.Not(operand, stream.literal(mark))

    def _primary(self) -> tree.Expression:
        stream = self.stream
        stream.skip(Kind.WHITESPACE)
        if stream.kind is Kind.LPAREN:
            stream.advance()
            self.nest()
            value = self.expression()
            self.depth -= 1
            stream.take(Kind.RPAREN)
        else:
            value = self.value(PRIMARY_START)
        stream.skip(Kind.WHITESPACE)
        return value

    def parameter(self) -> tree.Expression:
        """Read a value with white space around it, as in lists, maps and calls."""
        self.stream.skip(Kind.WHITESPACE)
        value = self.value(VALUE_START)
        self.stream.skip(Kind.WHITESPACE)
        return value

    def value(self, allowed: frozenset[Kind]) -> tree.Expression:
        """Read a reference or a literal of one of the allowed kinds."""
        stream = self.stream
        if not stream.at(allowed):
            if Kind.LPAREN in allowed and stream.expects(Kind.WHITESPACE):
                stream.expect_again(Kind.WHITESPACE)
            elif Kind.LBRACKET in allowed:
                stream.expect_again(Kind.LBRACKET)
            stream.fail()
        mark = stream.mark()
        kind = stream.kind
        if kind in REFERENCE_START:
            return self.reference()
        if kind is Kind.LBRACKET:
            return self._range() if self._is_range() else self._list()
        if kind is Kind.LEFT_CURLY:
            return self._map()
        token = stream.advance()
        if kind is Kind.STRING:
            return self._parse_string(token.image, token.start)
        literal = stream.literal(mark)
        if kind in (Kind.TRUE, Kind.FALSE):
            return tree.Boolean(kind is Kind.TRUE, literal)
        try:
            if kind is Kind.INTEGER:
                return tree.Integer(int(token.image), literal)
            return tree.Float(float(token.image), literal)
        except ValueError:
            line, column = stream.places.of(token.start)
            message = f'For input string: "{token.image}"'
            raise TemplateRejected(message, line, column) from None

    def _list(self) -> tree.ListLiteral:
        stream = self.stream
        mark = stream.mark()
        stream.take(Kind.LBRACKET)
        self.nest()
        items: list[tree.Expression] = []
        if stream.at(PARAMETER_START):
            items.append(self.parameter())
            while stream.skip(Kind.COMMA):
                items.append(self.parameter())
        else:
            stream.expect_again(
                Kind.WHITESPACE, Kind.IDENTIFIER, Kind.LCURLY, Kind.INTEGER
            )
        self.depth -= 1
        stream.take(Kind.RBRACKET)
        return tree.ListLiteral(items, stream.literal(mark))

    def _map(self) -> tree.MapLiteral:
        stream = self.stream
        mark = stream.mark()
        stream.take(Kind.LEFT_CURLY)
        self.nest()
        items: list[tuple[tree.Expression, tree.Expression]] = []
        ahead = 1 if stream.kind is Kind.WHITESPACE else 0
        if stream.peek(ahead).kind in VALUE_START:
            items.append(self._pair())
            while stream.skip(Kind.COMMA):
                items.append(self._pair())
        else:
            stream.skip(Kind.WHITESPACE)
        self.depth -= 1
        if not stream.at(_MAP_END):
            stream.expect_again(Kind.WHITESPACE)
            stream.fail()
        stream.advance()
        return tree.MapLiteral(items, stream.literal(mark))

    def _pair(self) -> tuple[tree.Expression, tree.Expression]:
        key = self.parameter()
        self.stream.take(Kind.COLON)
        return key, self.parameter()

    def _is_range(self) -> bool:
        """Look whether `[` begins a range; remembered, for lists nested in calls."""
        stream = self.stream
        mark = stream.mark()
        known = self._ranges.get(mark)
        if known is None:
            names, depth, trying = dict(self.names), self.depth, self._trying
            self._trying = True
            try:
                stream.take(Kind.LBRACKET)
                self._bound()
                known = stream.kind is Kind.DOUBLEDOT
            except TemplateRejected:
                known = False
            stream.back(mark)
            self.names, self.depth, self._trying = names, depth, trying
            self._ranges[mark] = known
        return known

    def _bound(self) -> tree.Expression:
        stream = self.stream
        stream.skip(Kind.WHITESPACE)
        bound = self.value(REFERENCE_START | {Kind.INTEGER})
        stream.skip(Kind.WHITESPACE)
        return bound

    def _range(self) -> tree.Range:
        stream = self.stream
        mark = stream.mark()
        stream.take(Kind.LBRACKET)
        first = self._bound()
        stream.take(Kind.DOUBLEDOT)
        last = self._bound()
        stream.take(Kind.RBRACKET)
        return tree.Range(first, last, stream.literal(mark))

    def reference(self) -> tree.Reference:
        """Read `$name…` or `${name…}`."""
        stream = self.stream
        mark = stream.mark()
        first = stream.peek(0)
        braces = stream.skip(Kind.LCURLY)
        root = stream.take(Kind.IDENTIFIER)
        steps: list[tree.Step] = []
        self.nest()
        self._indexes(steps)
        while stream.kind is Kind.DOT and stream.peek(1).kind is Kind.IDENTIFIER:
            stream.advance()
            steps.append(self._member())
            self._indexes(steps)
        self.depth -= 1
        if braces:
            stream.take(Kind.RCURLY)
        return self._finish(mark, first.image, root.image, steps)

    def _indexes(self, steps: list[tree.Step]) -> None:
        stream = self.stream
        while stream.at(_INDEX):
            at = stream.places.of(stream.advance().start)
            stream.skip(Kind.WHITESPACE)
            key = self.value(INDEX_START)
            stream.skip(Kind.WHITESPACE)
            stream.take(Kind.INDEX_RBRACKET)
            steps.append(tree.Index(key, at))

    def _member(self) -> tree.Step:
        stream = self.stream
        identifier = stream.advance()
        name = identifier.image
        called = stream.kind is Kind.LPAREN and (
            stream.peek(1).kind in PARAMETER_START
            or stream.peek(1).kind is Kind.METHOD_RPAREN
        )
        if not called:
            return tree.Property(name)
        stream.advance()
        arguments: list[tree.Expression] = []
        if stream.at(PARAMETER_START):
            arguments.append(self.parameter())
            while stream.skip(Kind.COMMA):
                arguments.append(self.parameter())
        stream.take(Kind.METHOD_RPAREN)
        return tree.Method(name, arguments, stream.places.of(identifier.start))

    def _finish(
        self, mark: int, image: str, root: str, steps: list[tree.Step]
    ) -> tree.Reference:
        """Sort out what stands in front of the name: escapes, `$`, `!`, `{`."""
        stream = self.stream
        if "\\!" in image:
            return _text_only(_without_one_backslash(image), steps)
        bare = image.lstrip("\\")
        backslashes = len(image) - len(bare)
        prefix, dollar, rest = bare.rpartition("$")
        stripped = dollar + rest
        if not self._trying:
            stream.rename(mark, stripped)
        literal = stream.literal(mark)
        escaped = backslashes % 2 == 1
        null = literal
        name: str | None = root if stripped in ("${", "$!{") else rest
        if stripped.startswith("$!"):
            null = literal if escaped else ""
            if stripped != "$!{":
                name = stripped[2:]
        elif not dollar:
            name = None
            null = rest
        if name is not None:
            self.names.setdefault(name)
        return tree.Reference(
            name=name,
            steps=steps,
            literal=literal,
            null=null,
            prefix=prefix,
            escapes="\\" * (backslashes // 2),
            escaped=escaped,
            target=stripped[1:],
        )


def _text_only(text: str, steps: list[tree.Step]) -> tree.Reference:
    """Give a reference that never has a value and prints this text."""
    return tree.Reference(
        name=None,
        steps=steps,
        literal=text,
        null=text,
        prefix="",
        escapes="",
        escaped=False,
        target=text,
    )


def _without_one_backslash(image: str) -> str:
    r"""Give what `$\!name` prints: the same with one backslash less."""
    start = image.index("\\", image.index("$"))
    end = start
    while image[end] == "\\":
        end += 1
    return image[: end - 1] + image[end:]
