"""Who calls, and why somebody may not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from appsync_emulator.model import AuthType
from appsync_resolvers import Part
from appsync_resolvers.direct import DENIED

UNAUTHORIZED = DENIED
"""AppSync has one sentence for this, whoever denies it."""

Credentials = Mapping[str, str]
"""Header names, in lower case, to values: from HTTP headers or a websocket message."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller.

    Attributes:
        mode: the authorization mode that let it in.
        identity: `ctx.identity`; its value is None with an API key.
    """

    mode: AuthType
    identity: Part


class AccessDenied(Exception):
    """The credentials do not let the caller in.

    Attributes:
        error_type: AppSync's, sent as `errorType` and in `x-amzn-errortype`.
        message: AppSync's text.
        status: the HTTP status.
    """

    def __init__(
        self,
        message: str = UNAUTHORIZED,
        error_type: str = "UnauthorizedException",
        status: int = 401,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_type = error_type
        self.status = status


class Authenticator(Protocol):
    """One authorization mode of one API."""

    def claims(self, credentials: Credentials) -> bool:
        """Tell whether the credentials have this mode's shape."""
        ...

    def authenticate(self, credentials: Credentials) -> Caller:
        """Give the caller.

        Raises:
            AccessDenied: the credentials are of this mode's shape but not valid.
        """
        ...
