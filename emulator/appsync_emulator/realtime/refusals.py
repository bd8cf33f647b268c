"""Refusals of a connection or of a subscription, in AppSync's own words.

    Exception
    ├── Denied          a connection was refused: one entry of `connection_error`
    └── StartRejected   a subscription was refused: `payload.errors` of `error`

Both hold what goes on the wire. Key order is that of captures: `errorType`, `message`,
`errorCode`.
"""

from typing import Self

from appsync_emulator.auth.caller import UNAUTHORIZED
from appsync_emulator.errors import UNPARSABLE
from appsync_emulator.realtime.messages import ErrorEntry


class Denied(Exception):
    """The connection was refused.

    Attributes:
        error: the entry of `payload.errors`.

    Args:
        error_type: AppSync's `errorType`; None for the entries that have none.
        message: None for the entries that have none.
        code: `errorCode`; clients do not try again on 400, 401 and 403.
    """

    def __init__(
        self,
        error_type: str | None = "UnauthorizedException",
        message: str | None = UNAUTHORIZED,
        code: int = 401,
    ) -> None:
        self.error: ErrorEntry = {}
        if error_type is not None:
            self.error["errorType"] = error_type
        if message is not None:
            self.error["message"] = message
        self.error["errorCode"] = code
        super().__init__(f"{error_type or message} ({code})")


def no_protocol() -> Denied:
    """Refuse an upgrade that offers no subprotocol (observed: websocket-php #92)."""
    return Denied(None, "NoProtocolError", 400)


def protocol_not_supported() -> Denied:
    """Refuse one that offers others (observed: graphql-dotnet/graphql-client #591)."""
    return Denied(None, "SubProtocolNotSupportedError", 400)


def headers_missing() -> Denied:
    """Refuse one without host and credentials (observed: graphql-client #662)."""
    return Denied(None, "Required headers are missing.", 400)


def headers_malformed() -> Denied:
    """Refuse credentials that cannot be decoded.

    The entry was seen with `BadRequest` in 2020 (apollo-kotlin #1864); clients know
    `BadRequestException`, which fits the names the service has used since.
    """
    return Denied("BadRequestException", None, 400)


class StartRejected(Exception):
    """A subscription was refused; its id stays free.

    Attributes:
        errors: `payload.errors`.
    """

    def __init__(self, errors: list[ErrorEntry]) -> None:
        self.errors = errors
        super().__init__(str(errors))

    @classmethod
    def of(cls, error_type: str | None, message: str | None) -> Self:
        """Make a refusal with one entry; what is None is left out."""
        entry: ErrorEntry = {}
        if error_type is not None:
            entry["errorType"] = error_type
        if message is not None:
            entry["message"] = message
        return cls([entry])


def duplicated(id_: str) -> StartRejected:
    """Refuse an id that is in use, or a document with more than one root field.

    Observed with both causes: amplify-js #12818, #4813.
    """
    return StartRejected.of(
        "DuplicatedOperationError", f"Duplicated operation with id {id_}"
    )


def unsupported(kind: str) -> StartRejected:
    """Refuse a query, a mutation or a message of unknown type.

    Observed with `unknown` (artillery #1567) and with an empty word, for a document of
    several operations (amplify-cli #4118).

    Args:
        kind: `query`, `mutation`, `unknown` or the empty string.
    """
    return StartRejected.of(
        "UnsupportedOperation", f"{kind} not supported through the realtime channel"
    )


def too_many(limit: int) -> StartRejected:
    """Refuse one subscription too many (observed: amplify-js #8370, #5050).

    Those captures show `errors` as an object. A list with one entry is what the guide
    shows for every error, and what all clients read.
    """
    return StartRejected.of(
        "MaxSubscriptionsReachedError", f"Max number of {limit} subscriptions reached"
    )


def unknown_operation(id_: str) -> StartRejected:
    """Answer a `stop` for an id that is not there.

    Nobody recorded what a GraphQL API says; this is what the guide to AppSync Events
    documents for the same mistake.
    """
    return StartRejected.of("UnknownOperationError", f"Unknown operation id {id_}")


def unreadable() -> StartRejected:
    """Refuse a `start` whose `data` is no JSON object with a query.

    Not recorded for sockets; it is what the same text gets as an HTTP body (observed:
    graphql-over-http #81).
    """
    return StartRejected.of("MalformedHttpRequestException", UNPARSABLE)
