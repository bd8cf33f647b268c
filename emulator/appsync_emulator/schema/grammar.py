"""The schema language as AppSync reads it: that of 2018, and more lenient.

Three differences to what graphql-core reads matter to real schemas: interfaces cannot
implement interfaces (aws-appsync-community #387), and several interfaces of a type may
be separated by commas or spaces, as before `&` (awslabs/graphql-schema-utilities #36).
"""

from graphql import DocumentNode, GraphQLSyntaxError, NamedTypeNode, TokenKind
from graphql.language.parser import Parser


class SchemaParser(Parser):
    """graphql-core's parser with AppSync's lists of interfaces."""

    def parse_implements_interfaces(self) -> tuple[NamedTypeNode, ...] | None:
        """Read `implements A & B`, `implements A, B` and `implements A B`."""
        found = super().parse_implements_interfaces()
        if not found:
            return found
        names = list(found)
        while self.peek(TokenKind.NAME):
            names.append(self.parse_named_type())
        return tuple(names)


def parse_schema(text: str) -> DocumentNode:
    """Parse a schema.

    Raises:
        GraphQLSyntaxError: it is not written in the schema language.
    """
    parser = SchemaParser(text)
    try:
        return parser.parse_document()
    except RecursionError:
        # Brackets thousands deep; nothing a person writes.
        pass
    source = parser._lexer.source  # noqa: SLF001 -- a subclass reads its own lexer
    raise GraphQLSyntaxError(source, 0, "The document is nested too deeply.")
