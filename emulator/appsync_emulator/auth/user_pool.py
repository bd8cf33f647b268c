"""AMAZON_COGNITO_USER_POOLS: ID and access tokens of a user pool.

Source: AppSync developer guide, authorization, and resolver context reference;
Cognito developer guide, verifying JSON web tokens.
"""

from typing import Any

from appsync_emulator.auth.caller import (
    AccessDenied,
    Caller,
    Rights,
    Sources,
    source_ips,
)
from appsync_emulator.auth.pattern import compile_setting
from appsync_emulator.auth.tokens import NOT_TRUSTED, Token, check_times
from appsync_emulator.model import AuthProvider
from appsync_emulator.types import JSON
from appsync_resolvers import Part

USES = {"id": "aud", "access": "client_id"}
"""The claim that names the app client, by `token_use`."""


class UserPool:
    """One user pool of an API.

    Args:
        provider: with a `UserPoolConfig`.

    Attributes:
        issuer: `iss` of its tokens.
        algorithms: that its keys are for.

    Raises:
        ProjectError: `AppIdClientRegex` is no regular expression.
    """

    algorithms = ("RS256",)

    def __init__(self, provider: AuthProvider) -> None:
        settings = provider.settings
        pool: str = settings["UserPoolId"]
        # A pool's id begins with its region.
        region = settings.get("AwsRegion") or pool.partition("_")[0]
        domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        self.issuer = f"https://cognito-idp.{region}.{domain}/{pool}"
        self._clients = compile_setting(provider, "AppIdClientRegex")
        self._action = settings.get("DefaultAction", "ALLOW")

    def check(self, token: Token, now: float) -> float:
        """Hold the claims of a token against the pool's settings.

        Returns:
            Until when it is good.

        Raises:
            AccessDenied: they do not fit.
        """
        until = check_times(token, now)
        client = USES.get(str(token.claims.get("token_use")))
        if client is None:
            reason = "the token's token_use is neither id nor access"
            raise AccessDenied(NOT_TRUSTED, reason=reason)
        if self._clients is not None:
            name = token.claims.get(client)
            if not isinstance(name, str) or not self._clients.matches(name):
                reason = f"the token's {client} does not match AppIdClientRegex"
                raise AccessDenied(NOT_TRUSTED, reason=reason)
        return until

    def caller(self, token: Token, sources: Sources) -> Caller:
        """Give the user of a token that was checked."""
        claims = token.claims
        groups = _groups(claims.get("cognito:groups"))
        identity: dict[str, Any] = {
            "sub": claims.get("sub"),
            "issuer": token.issuer,
            "username": claims.get("cognito:username") or claims.get("username"),
            "claims": claims,
            "sourceIp": source_ips(sources),
            "defaultAuthStrategy": self._action,
            "groups": groups,
        }
        rights = Rights(
            "AMAZON_COGNITO_USER_POOLS",
            frozenset(groups or ()),
            default_deny=self._action == "DENY",
        )
        return Caller(rights, Part(identity))


def _groups(claim: JSON) -> list[str] | None:
    """Give the groups of a user; null and not empty when there are none."""
    if not isinstance(claim, list):
        return None
    return [one for one in claim if isinstance(one, str)]
