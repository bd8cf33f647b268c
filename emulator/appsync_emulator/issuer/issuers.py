"""Whose place the emulator takes as an issuer of tokens.

That of every user pool in the templates, of every OpenID Connect issuer whose URL is
one of the emulator's own, and of those that the user names with `--local-issuer`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from appsync_emulator.model import Api, Application, AuthProvider, UserPool

PATH = "/_emulator/issuer/"
"""Where the emulator serves discovery documents, each at its issuer's name."""

_USER_POOL = re.compile(
    r"https://cognito-idp\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/(?P<id>[\w-]+_\w+)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """One issuer.

    Attributes:
        url: the claim `iss` of its tokens.
        name: the last part of its path at the emulator.
        is_pool: whether its tokens are those of a user pool, and not of an OpenID
            Connect provider.
        pool: as in the templates; None when it is in none of them.
    """

    url: str
    name: str
    is_pool: bool
    pool: UserPool | None = None


def issuers_of(
    application: Application, base_url: str = "", local: Iterable[str] = ()
) -> tuple[Issuer, ...]:
    """Give the issuers whose place the emulator takes.

    Args:
        application: with its user pools and the issuers that its APIs trust.
        base_url: the emulator's own, without a path; empty when it has none.
        local: URLs that the user named.
    """
    found: dict[str, Issuer] = {}
    named = {same(url): url for url in local}
    for pool in application.user_pools.values():
        found[same(pool.issuer)] = Issuer(pool.issuer, pool.id, True, pool)
    for url in trusted(application):
        own = bool(base_url) and url.startswith(base_url + PATH)
        if own or same(url) in named:
            found.setdefault(same(url), _issuer(url, base_url))
    for key, url in named.items():
        found.setdefault(key, _issuer(url, base_url))
    return tuple(found.values())


def trusted(application: Application) -> Iterator[str]:
    """Give the URLs of all issuers that APIs of the application trust."""
    for api in application.apis:
        for provider in providers(api):
            url = issuer_url(provider)
            if url is not None:
                yield url


def providers(api: Api) -> tuple[AuthProvider, ...]:
    """Give the authorization modes of an API, the default one first."""
    return (api.auth, *api.additional_auth)


def issuer_url(provider: AuthProvider) -> str | None:
    """Give the issuer that an authorization mode trusts; None for modes without one."""
    settings: Mapping[str, Any] = provider.settings
    if provider.type == "OPENID_CONNECT":
        issuer: str | None = settings.get("Issuer")
        return issuer
    if provider.type == "AMAZON_COGNITO_USER_POOLS":
        pool = str(settings.get("UserPoolId"))
        region = settings.get("AwsRegion") or pool.partition("_")[0]
        suffix = ".cn" if region.startswith("cn-") else ""
        return f"https://cognito-idp.{region}.amazonaws.com{suffix}/{pool}"
    return None


def same(url: str) -> str:
    """Give what is equal for two ways to write an issuer's URL."""
    return url.rstrip("/")


def _issuer(url: str, base_url: str) -> Issuer:
    pool = _USER_POOL.fullmatch(same(url))
    if pool is not None:
        return Issuer(same(url), pool["id"], True)
    if base_url and url.startswith(base_url + PATH):
        return Issuer(url, same(url).removeprefix(base_url + PATH), False)
    parts = urlsplit(same(url))
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", parts.netloc + parts.path)
    return Issuer(url, name, False)
