"""Which class serves which authorization mode."""

from appsync_emulator.auth.api_key import ApiKeyAuthenticator
from appsync_emulator.auth.caller import (
    AccessDenied,
    Authenticator,
    Caller,
    Credentials,
)
from appsync_emulator.clock import Clock
from appsync_emulator.errors import NotEmulated
from appsync_emulator.model import Api, AuthProvider

MISSING = "Missing authorization header"
UNUSABLE = "Valid authorization header not provided."


class Gate:
    """Authenticates the callers of one API by the shape of their credentials.

    Args:
        api: its default and additional authorization modes, and its keys.
        clock: for the expiry of keys.
    """

    def __init__(self, api: Api, clock: Clock) -> None:
        providers = (api.auth, *api.additional_auth)
        self.authenticators = [_authenticator(one, api, clock) for one in providers]

    def authenticate(self, credentials: Credentials) -> Caller:
        """Give the caller.

        Raises:
            AccessDenied: with AppSync's status and text.
        """
        for authenticator in self.authenticators:
            if authenticator.claims(credentials):
                return authenticator.authenticate(credentials)
        if "authorization" not in credentials and "x-api-key" not in credentials:
            raise AccessDenied(MISSING)
        if "x-api-key" in credentials:
            # A key for an API without that mode (AppSync developer guide,
            # authorization: the mode is not enabled).
            raise AccessDenied
        raise AccessDenied(UNUSABLE)


def _authenticator(provider: AuthProvider, api: Api, clock: Clock) -> Authenticator:
    if provider.type == "API_KEY":
        return ApiKeyAuthenticator(api.api_keys, clock)
    return MissingAuthenticator(provider)


class MissingAuthenticator:
    """A mode that is not emulated: whoever uses it is told so."""

    def __init__(self, provider: AuthProvider) -> None:
        self.feature = NotEmulated(f"The authorization mode {provider.type}")

    def claims(self, credentials: Credentials) -> bool:
        """Tell whether an Authorization header was sent."""
        return "authorization" in credentials

    def authenticate(self, credentials: Credentials) -> Caller:  # noqa: ARG002
        """Refuse, naming the mode.

        Raises:
            AccessDenied: always.
        """
        raise AccessDenied(str(self.feature), "NotEmulated", 501)
