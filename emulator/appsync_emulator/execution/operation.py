"""Documents: from the text of a request to an operation that can be executed.

The checks stand in AppSync's order: the length, the syntax, which operation is meant,
the rules of GraphQL. A text is checked once and then kept, because clients send the
same few texts again and again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    SelectionSetNode,
    TokenKind,
)
from graphql.language.parser import Parser

from appsync_emulator.execution.validation import Validation
from appsync_emulator.execution.validation.findings import location
from appsync_emulator.schema import Schema
from appsync_emulator.types import JSON

MOST_TOKENS = 15_000
"""Tokens of a query (AWS General Reference, AppSync quotas)."""
KEPT_DOCUMENTS = 500
KEPT_CHARACTERS = 1_000_000
"""What is kept of documents at most; a syntax tree takes about 100 times its text."""

Kind = Literal["query", "mutation", "subscription"]


class RequestRejected(Exception):
    """A request that is answered without executing anything.

    Attributes:
        status: 400 when there is no operation to speak of, 200 when there is one that
            is not valid; then the response has `data: null` before the errors.
        errors: the `errors` of the response.
        error_type: for the header `x-amzn-errortype`; None with status 200.
    """

    def __init__(
        self, status: int, errors: list[dict[str, JSON]], error_type: str | None
    ) -> None:
        super().__init__(errors[0]["message"])
        self.status = status
        self.errors = errors
        self.error_type = error_type


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Operation:
    """A valid operation of a document.

    Attributes:
        name: None when it is anonymous.
        fragments: of the document, by name.
    """

    text: str
    name: str | None
    kind: Kind
    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    schema: Schema


class Documents:
    """The documents of one API, each parsed and validated once.

    Args:
        introspection: False hides `__schema` and `__type`.
    """

    def __init__(self, schema: Schema, *, introspection: bool) -> None:
        self._schema = schema
        self._introspection = introspection
        self._kept: dict[tuple[str, str | None], Operation] = {}
        self._kept_characters = 0

    def get(self, query: str, operation_name: str | None = None) -> Operation:
        """Give the operation that a request asks for.

        Args:
            query: the document's text.
            operation_name: needed when the document has several operations; an empty
                name is none.

        Raises:
            RequestRejected: with AppSync's answer.
        """
        key = (query, operation_name)
        operation = self._kept.get(key)
        if operation is None:
            try:
                document = parse_query(query)
            except RecursionError:
                raise _malformed() from None
            try:
                operation = self._read(query, document, operation_name or None)
            except RecursionError:
                raise expands_too_far() from None
            self._keep(key, operation)
        return operation

    def _keep(self, key: tuple[str, str | None], operation: Operation) -> None:
        size = len(operation.text)
        if size > KEPT_CHARACTERS // 10:
            return
        self._kept[key] = operation
        self._kept_characters += size
        while (
            len(self._kept) > KEPT_DOCUMENTS or self._kept_characters > KEPT_CHARACTERS
        ):
            # The oldest goes; if it is still in use, it comes back as the newest.
            oldest = next(iter(self._kept))
            self._kept_characters -= len(self._kept.pop(oldest).text)

    def _read(self, query: str, document: DocumentNode, name: str | None) -> Operation:
        node = _choose(document, name)
        schema = self._schema.graphql
        found = Validation(schema, document, introspection=self._introspection)
        if found.errors:
            raise RequestRejected(200, found.errors, None)
        if found.oversized:
            # AppSync has no such limit that is known; without one of ours a small
            # document could keep this process busy for ever.
            raise expands_too_far()
        kind: Kind = node.operation.value
        if schema.get_root_type(node.operation) is None:
            message = f"Schema is not configured for {KINDS[kind]}."
            error = {"path": None, "locations": [location(node)], "message": message}
            raise RequestRejected(200, [error], None)
        return Operation(
            text=query,
            name=None if node.name is None else node.name.value,
            kind=kind,
            node=node,
            fragments={
                each.name.value: each
                for each in document.definitions
                if isinstance(each, FragmentDefinitionNode)
            },
            schema=self._schema,
        )


KINDS = {
    "query": "queries",
    "mutation": "mutations",
    "subscription": "subscriptions",
}


class QueryParser(Parser):
    """graphql-core's parser with AppSync's grammar and limit.

    Raises `TooLongError` from any of its methods.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._tokens = 0

    def advance_lexer(self) -> None:
        """Go to the next token."""
        if self._lexer.advance().kind is not TokenKind.EOF:
            self._tokens += 1
            if self._tokens > MOST_TOKENS:
                raise TooLongError

    def parse_selection_set(self) -> SelectionSetNode:
        """Read a selection set, which may not be empty as graphql-core lets it."""
        node = super().parse_selection_set()
        if not node.selections:
            raise self.unexpected()
        return node

    def peek_description(self) -> bool:
        """Descriptions of operations are newer than AppSync's grammar."""
        if self.peek(TokenKind.STRING) or self.peek(TokenKind.BLOCK_STRING):
            raise self.unexpected()
        return False


class TooLongError(Exception):
    """The document has more tokens than AppSync takes."""


def parse_query(text: str) -> DocumentNode:
    """Parse the text of a request.

    Raises:
        RequestRejected: it is too long, or no GraphQL document.
    """
    try:
        return QueryParser(text).parse_document()
    except TooLongError:
        # AWS documents the message; type and status are chosen like those of other
        # requests that are refused as a whole.
        message = "Maximum char length exceeded"
        raise _refused("BadRequestException", message) from None
    except GraphQLSyntaxError:
        raise _malformed() from None


def _choose(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Give the operation that is meant.

    Raises:
        RequestRejected: there is none, or not just one.
    """
    operations = [
        node
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    if not operations:
        raise _malformed()
    if name is None:
        if len(operations) > 1:
            raise _refused("BadRequestException", "Missing operation name.")
        return operations[0]
    for node in operations:
        if node.name is not None and node.name.value == name:
            return node
    # graphql-java's sentence; AppSync's own answer is not known.
    raise _refused("BadRequestException", f"Unknown operation named '{name}'.")


def expands_too_far() -> RequestRejected:
    """Refuse a document that is valid but larger than this process can take."""
    message = "The query expands to too many fields or levels."
    return _refused("BadRequestException", message)


def _malformed() -> RequestRejected:
    message = "Unable to parse GraphQL query."
    return _refused("MalformedHttpRequestException", message)


def _refused(error_type: str, message: str) -> RequestRejected:
    error = {"errorType": error_type, "message": message}
    return RequestRejected(400, [error], error_type)
