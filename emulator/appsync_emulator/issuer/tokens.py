"""Tokens as Cognito and OpenID Connect providers make them.

Sources: Cognito developer guide, "Understanding the identity (ID) token" and
"Understanding the access token"; OpenID Connect Core 1.0, section 2.
"""

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from appsync_emulator.config.ids import stable_uuid
from appsync_emulator.issuer.issuers import Issuer
from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.model import UserPool, UserPoolGroup
from appsync_emulator.types import JSON

Use = Literal["id", "access"]

HOUR = 3_600
"""Seconds for which a token holds when nobody says otherwise."""

ADMIN_SCOPE = "aws.cognito.signin.user.admin"
"""The scope of access tokens that come from sign-in with an SDK."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a token of a user pool is for.

    Attributes:
        username: the user's name in the pool.
        sub: the user's id.
        groups: in the order of the claim.
        attributes: what an ID token tells of the user.
    """

    username: str
    sub: str
    groups: Sequence[str] = ()
    attributes: Mapping[str, JSON] | None = None


def mint(
    keys: LocalKeys,
    issuer: Issuer,
    user: str,
    *,
    client: str,
    groups: Sequence[str] = (),
    claims: Mapping[str, JSON] | None = None,
    use: Use = "access",
    expires: float | None = None,
    now: float | None = None,
) -> str:
    """Make a token of a local issuer.

    Args:
        keys: that the issuer is one of.
        issuer: whose token it is.
        user: name of a user pool's user, or `sub` of an OpenID Connect token.
        client: id of the app client.
        groups: `cognito:groups`, or the claim `groups` of an OpenID Connect token.
        claims: further claims; they win over those that the token has by itself.
        use: which of a user pool's two tokens. OpenID Connect knows only ID tokens.
        expires: seconds from `now`, also below 0; None for what the app client says.
        now: epoch seconds; None for the machine's clock.

    Raises:
        EmulatorError: the issuer's key has to be kept and cannot be (E106).
    """
    issued = int(time.time() if now is None else now)
    lasts = validity(issuer.pool, client, use) if expires is None else expires
    if issuer.is_pool:
        holder = _holder(issuer, user, groups)
        own = pool_claims(issuer.url, holder, client=client, use=use)
        if issuer.pool is not None and use == "id":
            own |= role_claims(issuer.pool, groups)
    else:
        own = openid_claims(issuer.url, user, client, groups)
    times: dict[str, JSON] = {
        "auth_time": issued,
        "exp": int(issued + lasts),
        "iat": issued,
    }
    return keys.sign(issuer.url, {**own, **times, **(claims or {})})


def _holder(issuer: Issuer, user: str, groups: Sequence[str]) -> Holder:
    """Give the user of a name.

    Where users sign in with an address, their `sub` is their name (Cognito developer
    guide, "Customizing sign-in attributes").
    """
    sub = user_id(issuer.name, user)
    by_address = issuer.pool and issuer.pool.settings.get("UsernameAttributes")
    if not by_address:
        return Holder(user, sub, groups)
    name = "email" if "@" in user else "phone_number"
    return Holder(sub, sub, groups, {name: user})


def user_id(pool_id: str, username: str) -> str:
    """Give the `sub` of a user: the same for tokens made here and from sign-in."""
    return stable_uuid(pool_id, username)


def validity(pool: UserPool | None, client: str, use: Use) -> int:
    """Give the seconds for which an app client's tokens hold."""
    for one in pool.clients if pool is not None else ():
        if one.id == client:
            return one.id_validity if use == "id" else one.access_validity
    return HOUR


def pool_claims(
    issuer: str, holder: Holder, *, client: str, use: Use, origin: str | None = None
) -> dict[str, JSON]:
    """Give the claims of a user pool's token, without its times.

    Args:
        issuer: URL.
        holder: the user.
        client: id of the app client.
        use: which of the two tokens.
        origin: `origin_jti`, which all tokens of one sign-in share; None makes one up.
    """
    common: dict[str, JSON] = {
        "sub": holder.sub,
        "iss": issuer,
        "origin_jti": origin or _unique(),
        "event_id": _unique(),
        "token_use": use,
        "jti": _unique(),
    }
    if holder.groups:
        common["cognito:groups"] = list(holder.groups)
    if use == "access":
        return {
            **common,
            "client_id": client,
            "scope": ADMIN_SCOPE,
            "username": holder.username,
        }
    return {
        **(holder.attributes or {}),
        **common,
        "aud": client,
        "cognito:username": holder.username,
    }


def role_claims(pool: UserPool, groups: Sequence[str]) -> dict[str, JSON]:
    """Give the claims about roles of groups, which only ID tokens have.

    Source: Cognito developer guide, "Adding groups to a user pool": the preferred role
    is that of the group with the lowest precedence, unless two groups share it and
    have different roles.
    """
    member = [one for one in pool.groups if one.name in groups and one.role]
    if not member:
        return {}
    claims: dict[str, JSON] = {
        "cognito:roles": list(dict.fromkeys(one.role for one in member))
    }
    lowest = min(map(_precedence, member))
    first = {one.role for one in member if _precedence(one) == lowest}
    if len(first) == 1:
        claims["cognito:preferred_role"] = first.pop()
    return claims


def _precedence(group: UserPoolGroup) -> float:
    return inf if group.precedence is None else group.precedence


def openid_claims(
    issuer: str, user: str, client: str, groups: Sequence[str]
) -> dict[str, JSON]:
    """Give the claims of an OpenID Connect ID token, without its times."""
    claims: dict[str, JSON] = {
        "iss": issuer,
        "sub": user,
        "aud": client,
        "azp": client,
        "jti": _unique(),
    }
    if groups:
        claims["groups"] = list(groups)
    return claims


def _unique() -> str:
    return str(uuid.uuid4())
