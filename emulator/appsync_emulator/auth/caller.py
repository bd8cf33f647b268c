"""Who calls, what they may, and why somebody may not."""

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from appsync_emulator.auth.policy import Policy
from appsync_emulator.model import AuthType
from appsync_emulator.types import JSON
from appsync_resolvers import Part
from appsync_resolvers.direct import DENIED

UNAUTHORIZED = DENIED
"""AppSync has one sentence for this, whoever denies it."""

UNUSABLE = "Valid authorization header not provided."
"""For credentials that are of no mode of the API."""

Credentials = Mapping[str, str]
"""Header names, in lower case, to values: from HTTP headers or a websocket message."""

Question = tuple[str, str | None, Mapping[str, JSON] | None]
"""Query, operation name and variables; the query is empty when nothing is asked."""

Sources = tuple[str | None, str | None]
"""`x-forwarded-for` and the address of who is connected; None for what there is not."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as its signature covers it.

    Attributes:
        paths: what may have been signed as the path: that of the request, and
            `/graphql`, which every API of AWS has and some clients take for granted.
        query: raw, without the question mark.
        headers: by lower-case name, repeated ones joined with commas.
    """

    method: str
    paths: tuple[str, ...]
    query: str
    headers: Mapping[str, str]
    body: bytes


class AuthRequest(Protocol):
    """What asks to be let in: an HTTP request, a connection, or a subscription."""

    @property
    def credentials(self) -> Credentials:
        """The headers that may authorize; there may be others among them."""
        ...

    @property
    def sources(self) -> Sources:
        """Where it comes from."""
        ...

    def headers(self) -> Mapping[str, JSON]:
        """Give all headers, as resolvers see them."""
        ...

    def signed(self) -> Signed:
        """Give what a signature has to cover."""
        ...

    def question(self) -> Question:
        """Give what is asked; a body that cannot be read asks nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Rights:
    """What decides which fields a caller may access; the same rights share plans.

    Attributes:
        mode: the authorization mode that let the caller in.
        groups: of a user pool.
        default_deny: the user pool's `DefaultAction` is DENY.
        denied: `Type.field` of each that the Lambda authorizer has denied.
        policy: of who signed; None when nothing is known of it, which allows all.
    """

    mode: AuthType
    groups: frozenset[str] = frozenset()
    default_deny: bool = False
    denied: frozenset[str] = frozenset()
    policy: Policy | None = None
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        members = (self.mode, self.groups, self.default_deny, self.denied, self.policy)
        object.__setattr__(self, "_hash", hash(members))

    def __hash__(self) -> int:
        # Every request looks its plan up by its rights.
        return self._hash


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller.

    Attributes:
        rights: what it may access.
        identity: `ctx.identity`; its value is None with an API key.
    """

    rights: Rights
    identity: Part


Admission = Caller | Coroutine[Any, Any, Caller]
"""The caller, or the coroutine that will give it or raise `AccessDenied`."""


class AccessDenied(Exception):
    """The credentials do not let the caller in.

    Attributes:
        error_type: AppSync's, sent as `errorType` and in `x-amzn-errortype`.
        message: AppSync's text; None for the answers that have none.
        status: the HTTP status.
        reason: for the log: what AppSync keeps for itself. Never a secret.
    """

    def __init__(
        self,
        message: str | None = UNAUTHORIZED,
        error_type: str = "UnauthorizedException",
        status: int = 401,
        *,
        reason: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_type = error_type
        self.status = status
        self.reason = reason


class Authenticator(Protocol):
    """One authorization mode of one API."""

    def authenticate(self, request: AuthRequest) -> Admission:
        """Give the caller, or what will give it.

        Raises:
            AccessDenied: the credentials are of this mode's shape but not valid.
        """
        ...


def source_ips(sources: Sources) -> list[JSON]:
    """Give `sourceIp` of an identity: who forwarded, in order, then who is connected.

    Source: AppSync developer guide, resolver context reference.
    """
    forwarded, peer = sources
    ips: list[JSON] = []
    if forwarded:
        ips += [part.strip() for part in forwarded.split(",") if part.strip()]
    if peer:
        ips.append(peer)
    return ips
