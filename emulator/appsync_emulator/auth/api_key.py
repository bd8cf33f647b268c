"""API_KEY: a key in the header `x-api-key`.

Source: AppSync developer guide, authorization; a wrong and an expired key get the same
answer.
"""

from collections.abc import Iterable

from appsync_emulator.auth.caller import AccessDenied, AuthRequest, Caller, Rights
from appsync_emulator.clock import Clock
from appsync_emulator.model import ApiKey
from appsync_resolvers import Part

HEADER = "x-api-key"


class ApiKeyAuthenticator:
    """Lets in whoever has a key of the API that has not expired."""

    def __init__(self, keys: Iterable[ApiKey], clock: Clock) -> None:
        self.keys = {key.key: key.expires for key in keys}
        self.clock = clock
        self.caller = Caller(Rights("API_KEY"), Part(None))

    def authenticate(self, request: AuthRequest) -> Caller:
        """Give the caller, which has no identity.

        Raises:
            AccessDenied: the key is unknown or has expired.
        """
        key = request.credentials[HEADER]
        if key not in self.keys:
            raise AccessDenied(reason="the API has no such key")
        expires = self.keys[key]
        if expires is not None and expires <= self.clock.now():
            raise AccessDenied(reason="the API key has expired")
        return self.caller
