"""Which of an application's issuers a token is wanted from, and for which client."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from appsync_emulator.config.ids import stable_id
from appsync_emulator.issuer.issuers import Issuer, issuer_url, providers, same
from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.model import Api, Application, AuthProvider


@dataclass(frozen=True, slots=True)
class Choice:
    """An issuer, and a client whose tokens an API lets in.

    Attributes:
        api: that trusts the issuer; None when none of the application does.
        client: id of the app client.
    """

    api: Api | None
    issuer: Issuer
    client: str


def choose(
    application: Application,
    keys: LocalKeys,
    *,
    api: str | None = None,
    issuer: str | None = None,
    client: str | None = None,
) -> Choice:
    """Choose for what is not named: the first that will do, default modes first.

    Args:
        application: with the APIs.
        keys: with the local issuers.
        api: name or id; None for any.
        issuer: its name, URL, or the user pool's name; None for any.
        client: id or name of an app client; None for one that the API lets in.

    Raises:
        ValueError: there is none, in a sentence for the user.
    """
    apis = [one for one in application.apis if api in (None, one.id, one.name)]
    if api is not None and not apis:
        names = ", ".join(one.name for one in application.apis) or "none"
        raise ValueError(f"There is no API {api!r}; there is: {names}.")
    for one in apis:
        for provider, found in _local(one, keys):
            if issuer is None or _is_called(found, issuer):
                return Choice(one, found, _client(found, provider, client))
    if issuer is not None and api is None:
        for found in keys.issuers:
            if _is_called(found, issuer):
                return Choice(None, found, _client(found, None, client))
    raise ValueError(_nothing(apis, keys, issuer))


def _local(api: Api, keys: LocalKeys) -> Iterator[tuple[AuthProvider, Issuer]]:
    by_url = {same(one.url): one for one in keys.issuers}
    for provider in providers(api):
        found = by_url.get(same(issuer_url(provider) or ""))
        if found is not None:
            yield provider, found


def _is_called(issuer: Issuer, text: str) -> bool:
    names = {issuer.name, same(issuer.url)}
    if issuer.pool is not None:
        names.add(issuer.pool.name)
    return same(text) in names


def _client(issuer: Issuer, provider: AuthProvider | None, given: str | None) -> str:
    """Give the id of the client.

    Raises:
        ValueError: only a pattern of it is known.
    """
    clients = () if issuer.pool is None else issuer.pool.clients
    if given is not None:
        ids = [one.id for one in clients if one.name == given]
        return ids[0] if ids else given
    settings = {} if provider is None else provider.settings
    pattern = settings.get("AppIdClientRegex") or settings.get("ClientId")
    for one in clients:
        if pattern is None or _fits(pattern, one.id):
            return one.id
    if pattern is None:
        return stable_id(issuer.url, "client")
    if _fits(pattern, pattern) and re.fullmatch(r"[\w.:/-]+", pattern):
        return str(pattern)
    raise ValueError(
        f"The API lets in clients that match {pattern!r}: name one with --client."
    )


def _fits(pattern: str, client: str) -> bool:
    try:
        return re.fullmatch(pattern, client) is not None
    except re.error:
        return False


def _nothing(apis: list[Api], keys: LocalKeys, issuer: str | None) -> str:
    """Say why there is no issuer to choose."""
    if issuer is not None:
        names = ", ".join(one.name for one in keys.issuers) or "none"
        return f"There is no local issuer {issuer!r} for it; there is: {names}."
    foreign = [
        url for api in apis for one in providers(api) if (url := issuer_url(one))
    ]
    if foreign:
        return (
            f"{foreign[0]} is no issuer of this machine: --local-issuer {foreign[0]} "
            "lets the emulator take its place."
        )
    names = ", ".join(repr(one.name) for one in apis) or "no API"
    return (
        f"No issuer is trusted by {names}: tokens need an authorization mode "
        "AMAZON_COGNITO_USER_POOLS or OPENID_CONNECT."
    )
