"""OPENID_CONNECT: tokens of any issuer that publishes its keys.

Source: AppSync developer guide, OPENID_CONNECT authorization.
"""

from appsync_emulator.auth.caller import AccessDenied, Caller, Rights, Sources
from appsync_emulator.auth.pattern import compile_setting
from appsync_emulator.auth.tokens import (
    ALGORITHMS,
    EXPIRED_TOKEN,
    NOT_TRUSTED,
    Token,
    check_times,
)
from appsync_emulator.model import AuthProvider
from appsync_emulator.types import JSON
from appsync_resolvers import Part

RIGHTS = Rights("OPENID_CONNECT")


class OpenIdProvider:
    """One OpenID provider of an API.

    Args:
        provider: with an `OpenIDConnectConfig`.

    Attributes:
        issuer: as configured.
        algorithms: that AppSync takes.

    Raises:
        ProjectError: `ClientId` is no regular expression.
    """

    algorithms = ALGORITHMS

    def __init__(self, provider: AuthProvider) -> None:
        settings = provider.settings
        self.issuer: str = settings["Issuer"]
        self._clients = compile_setting(provider, "ClientId")
        self._ages = {
            claim: settings[name] / 1000
            for claim, name in (("iat", "IatTTL"), ("auth_time", "AuthTTL"))
            if settings.get(name)
        }

    def check(self, token: Token, now: float) -> float:
        """Hold the claims of a token against the provider's settings.

        Returns:
            Until when it is good.

        Raises:
            AccessDenied: they do not fit.
        """
        until = check_times(token, now)
        for claim, age in self._ages.items():
            since = token.seconds(claim)
            if since is None:
                continue  # the guide: tokens may have an `auth_time`
            if since + age <= now:
                reason = f"the token's {claim} is longer ago than the TTL allows"
                raise AccessDenied(EXPIRED_TOKEN, reason=reason)
            until = min(until, since + age)
        if self._clients is not None and not any(
            self._clients.matches(one) for one in _clients(token)
        ):
            reason = "neither aud nor azp of the token matches ClientId"
            raise AccessDenied(NOT_TRUSTED, reason=reason)
        return until

    def caller(self, token: Token, sources: Sources) -> Caller:  # noqa: ARG002
        """Give the user of a token that was checked; where from does not count."""
        identity: dict[str, JSON] = {
            "sub": token.claims.get("sub"),
            "issuer": token.issuer,
            "claims": token.claims,
        }
        return Caller(RIGHTS, Part(identity))


def _clients(token: Token) -> list[str]:
    audience = token.claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    named = [*named, token.claims.get("azp")]
    return [one for one in named if isinstance(one, str)]
