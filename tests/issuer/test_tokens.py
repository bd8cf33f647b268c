"""The claims of tokens."""

import json
import re
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.issuer.tokens import mint, role_claims
from appsync_emulator.model import UserPoolGroup

from .conftest import ADMIN_ROLE, ORIGIN, POOL_ID, POOL_URL, pool

ACCESS = pytest.mark.aws_doc("Cognito developer guide, Understanding the access token")
ID = pytest.mark.aws_doc(
    "Cognito developer guide, Understanding the identity (ID) token"
)
OURS = pytest.mark.ours("how tokens are asked for is our own choice")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOW = 1_700_000_000.9
MADE_UP = ("sub", "origin_jti", "event_id", "jti")


def claims(keys: LocalKeys, **about: Any) -> dict[str, Any]:
    given = {"user": "alice", "client": "phone", "now": NOW, **about}
    name = given.pop("issuer", POOL_ID)
    issuer = keys.find(name)
    assert issuer is not None
    token = mint(keys, issuer, given.pop("user"), **given)
    body: dict[str, Any] = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    return body


@ACCESS
def test_an_access_token_has_the_claims_of_cognito(keys: LocalKeys) -> None:
    found = claims(keys, groups=["admins", "readers"])
    for name in MADE_UP:
        assert UUID.fullmatch(found.pop(name)), name
    assert found == {
        "cognito:groups": ["admins", "readers"],
        "iss": POOL_URL,
        "client_id": "phone",
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "auth_time": 1_700_000_000,
        "exp": 1_700_003_600,
        "iat": 1_700_000_000,
        "username": "alice",
    }


@ID
def test_an_id_token_has_the_claims_of_cognito(keys: LocalKeys) -> None:
    found = claims(keys, use="id", groups=["admins", "readers"])
    for name in MADE_UP:
        assert UUID.fullmatch(found.pop(name)), name
    assert found == {
        "cognito:groups": ["admins", "readers"],
        "cognito:preferred_role": ADMIN_ROLE,
        "cognito:roles": [ADMIN_ROLE, "arn:reader"],
        "iss": POOL_URL,
        "cognito:username": "alice",
        "aud": "phone",
        "token_use": "id",
        "auth_time": 1_700_000_000,
        "exp": 1_700_003_600,
        "iat": 1_700_000_000,
    }


@ID
def test_without_groups_there_are_no_claims_about_them(keys: LocalKeys) -> None:
    assert not [name for name in claims(keys, use="id") if name.startswith("cognito:g")]
    assert "cognito:roles" not in claims(keys, use="id")


@pytest.mark.aws_doc("Cognito developer guide, Adding groups to a user pool")
@pytest.mark.parametrize(
    ("groups", "preferred"),
    [
        ([("a", "r1", 2), ("b", "r2", 1)], "r2"),
        ([("a", "r1", 1), ("b", "r2", None)], "r1"),
        ([("a", "r1", 1), ("b", "r2", 1)], None),
        ([("a", "r1", 1), ("b", "r1", 1)], "r1"),
        ([("a", None, 0), ("b", "r2", 1)], "r2"),
    ],
)
def test_the_lowest_precedence_has_the_preferred_role(
    groups: list[tuple[str, str | None, int | None]], preferred: str | None
) -> None:
    made = tuple(UserPoolGroup(name, ORIGIN, role, rank) for name, role, rank in groups)
    found = role_claims(pool(groups=made), [name for name, _, _ in groups])
    assert found.get("cognito:preferred_role") == preferred


@pytest.mark.aws_doc("Cognito API reference, UserPoolClientType: AccessTokenValidity")
def test_the_app_client_says_how_long_a_token_holds(keys: LocalKeys) -> None:
    found = claims(keys, client="web")
    assert found["exp"] - found["iat"] == 600
    found = claims(keys, client="web", use="id")
    assert found["exp"] - found["iat"] == 3_600


@OURS
@pytest.mark.parametrize("seconds", [60, -60, 0])
def test_a_token_can_hold_for_any_time(keys: LocalKeys, seconds: int) -> None:
    found = claims(keys, expires=seconds)
    assert found["exp"] - found["iat"] == seconds


@OURS
def test_a_user_has_the_same_sub_every_time_and_another_in_another_name(
    keys: LocalKeys,
) -> None:
    assert claims(keys)["sub"] == claims(keys, use="id")["sub"]
    assert claims(keys)["sub"] != claims(keys, user="bob")["sub"]
    assert claims(keys)["jti"] != claims(keys)["jti"]


@OURS
def test_given_claims_win(keys: LocalKeys) -> None:
    given = {"sub": "me", "custom:tenant": "7", "exp": 5}
    found = claims(keys, claims=given)
    assert {name: found[name] for name in given} == given


@pytest.mark.aws_doc("OpenID Connect Core 1.0, section 2, ID Token")
def test_an_openid_token_has_the_claims_of_openid_connect(keys: LocalKeys) -> None:
    found = claims(keys, issuer="login.example.com", client="app", groups=["admins"])
    assert UUID.fullmatch(found.pop("jti"))
    assert found == {
        "iss": "https://login.example.com/",
        "sub": "alice",
        "aud": "app",
        "azp": "app",
        "groups": ["admins"],
        "auth_time": 1_700_000_000,
        "exp": 1_700_003_600,
        "iat": 1_700_000_000,
    }
