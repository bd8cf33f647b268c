"""User pools and APIs that trust issuers, without templates."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.issuer.issuers import issuers_of
from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.model import (
    Api,
    Application,
    AuthProvider,
    AuthType,
    UserPool,
    UserPoolClient,
    UserPoolGroup,
)
from appsync_emulator.types import Origin

ORIGIN = Origin("template.yaml", 1)
POOL_ID = "eu-west-1_abcdefghi"
POOL_URL = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL_ID}"
BASE = "http://localhost:20002"
ADMIN_ROLE = "arn:aws:iam::000000000000:role/admin"


def pool(**about: Any) -> UserPool:
    """Give a pool with two clients and two groups."""
    given: dict[str, Any] = {
        "clients": (
            UserPoolClient("web", "Web", ORIGIN, access_validity=600),
            UserPoolClient("phone", "Phone", ORIGIN),
        ),
        "groups": (
            UserPoolGroup("admins", ORIGIN, ADMIN_ROLE, 1),
            UserPoolGroup("readers", ORIGIN, "arn:reader", 5),
        ),
        **about,
    }
    return UserPool(POOL_ID, "arn:pool", "people", POOL_URL, ORIGIN, **given)


def provider(kind: AuthType, **settings: Any) -> AuthProvider:
    """Give an authorization mode."""
    return AuthProvider(kind, ORIGIN, settings)


def pool_mode(**settings: Any) -> AuthProvider:
    """Give the mode of the pool."""
    given = {"UserPoolId": POOL_ID, "AwsRegion": "eu-west-1", **settings}
    return provider("AMAZON_COGNITO_USER_POOLS", **given)


def openid_mode(issuer: str, **settings: Any) -> AuthProvider:
    """Give the mode of an OpenID Connect issuer."""
    return provider("OPENID_CONNECT", Issuer=issuer, **settings)


def application(
    *modes: AuthProvider, pools: Mapping[str, UserPool] | None = None
) -> Application:
    """Give an application with one API."""
    found = {POOL_ID: pool()} if pools is None else pools
    api = Api("api1", "chat", ORIGIN, modes[0], additional_auth=modes[1:])
    return Application(apis=(api,), user_pools=found)


@pytest.fixture
def keys(tmp_path: Path) -> LocalKeys:
    """The keys of the pool and of one OpenID Connect issuer."""
    app = application(pool_mode(), openid_mode("https://login.example.com/"))
    issuers = issuers_of(app, BASE, ["https://login.example.com"])
    return LocalKeys(issuers, tmp_path, lasting=True)
