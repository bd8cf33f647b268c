"""Who vouches for callers, beyond what an API itself declares."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from appsync_emulator.auth.iam import IamCredential, known_credential
from appsync_emulator.auth.keys import (
    DiscoveredKeys,
    GivenKeys,
    KeySource,
    KeySources,
    NamedKeys,
    plain,
)
from appsync_emulator.auth.policy import Policy, read_policy
from appsync_emulator.lambdas.service import Lambdas
from appsync_emulator.model import Api
from appsync_emulator.settings import Settings

FUNCTIONS = ("ASIAEMULATOREMULATOR", "emulator")
"""The access key that the emulator's functions find in their environment."""

KINDS: Mapping[str, Any] = {
    "sessionToken": str,
    "expiration": int | float,
    "policy": dict | list,
    "role": str,
}
"""What members of a credential's file are; the others are for `ctx.identity`."""

USUAL = "test:test"
"""What people give SDKs that talk to something local."""


LocalKeys = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Authorities:
    """What the authorization modes of all APIs share.

    Attributes:
        keys: of token issuers.
        credentials: known access keys.
        lambdas: with the authorizers.
        unverified: issuers whose tokens are taken as they are.
    """

    region: str
    account_id: str
    keys: KeySource
    credentials: Mapping[str, IamCredential]
    lambdas: Lambdas
    unverified: frozenset[str] = frozenset()

    def arn(self, api: Api) -> str:
        """Give the ARN of an API."""
        partition = "aws-cn" if self.region.startswith("cn-") else "aws"
        place = f"{self.region}:{self.account_id}"
        return f"arn:{partition}:appsync:{place}:apis/{api.id}"


def make_authorities(
    settings: Settings,
    lambdas: Lambdas,
    *,
    policies: Mapping[str, tuple[Mapping[str, Any], ...]] | None = None,
    local: LocalKeys | None = None,
) -> Authorities:
    """Put together what the settings name.

    Args:
        settings: of the run.
        lambdas: the application's functions.
        policies: policy documents of the template's roles, by role name.
        local: gives the JWKS document of an issuer of the emulator's own, None for a
            foreign one; asked first.

    Raises:
        ValueError: a file of `--iam-credential` is not what it should be.
    """
    named = NamedKeys(dict(one.split("=", 1) for one in settings.jwks))
    own: list[KeySource] = [] if local is None else [GivenKeys(local)]
    return Authorities(
        settings.region,
        settings.account_id,
        KeySources([*own, named, DiscoveredKeys()]),
        {one.access_key: one for one in _credentials(settings, policies or {})},
        lambdas,
        frozenset(map(plain, settings.unverified_issuer)),
    )


def _credentials(
    settings: Settings, policies: Mapping[str, tuple[Mapping[str, Any], ...]]
) -> Iterable[IamCredential]:
    """Give the functions' own access key, and those of the settings."""
    access_key, secret = FUNCTIONS
    role = f"arn:aws:sts::{settings.account_id}:assumed-role/functions/local"
    identity = {"userArn": role, "username": "AROAEMULATOR:local"}
    yield known_credential(access_key, secret, settings.account_id, identity)
    for entry in settings.iam_credential or (USUAL,):
        access_key, secret, *file = entry.split(":", 2)
        given = _read(Path(file[0])) if file else {}
        given = {**given, "policy": _policy(given, policies)}
        yield known_credential(access_key, secret, settings.account_id, given)


def _read(path: Path) -> dict[str, Any]:
    try:
        given = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise ValueError(f"--iam-credential: {path}: {error}") from None
    if not isinstance(given, dict):
        raise ValueError(f"--iam-credential: {path} holds no JSON object.")  # noqa: TRY004 -- of the file
    for name, kind in KINDS.items():
        if name in given and not isinstance(given[name], kind):
            raise ValueError(f"--iam-credential: {path}: {name} is of another kind.")
    return given


def _policy(
    given: Mapping[str, Any], policies: Mapping[str, tuple[Mapping[str, Any], ...]]
) -> Policy | None:
    """Give the policy that a file holds, or that of the role which it names.

    Raises:
        ValueError: there is no such role.
    """
    if "policy" in given:
        document = given["policy"]
        return read_policy(document if isinstance(document, list) else [document])
    role = given.get("role")
    if role is None:
        return None
    if role not in policies:
        known = ", ".join(sorted(policies)) or "none"
        message = f"there is no role {role!r} in the template (there are: {known})."
        raise ValueError(f"--iam-credential: {message}")
    return read_policy(policies[role])
