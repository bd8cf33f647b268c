"""Sign-up and sign-in through AWS's own client."""

import hmac
import json
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from appsync_emulator.issuer.tokens import user_id
from support import Server

from .pools import PASSWORD, Cognito, pool_template

pytestmark = [
    pytest.mark.aws_doc("Cognito API reference, SignUp, InitiateAuth and their errors"),
]
OURS = pytest.mark.ours("the sub of a user is the same for all ways to a token")
Start = Callable[..., Awaitable[Server]]


def claims(token: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    return body


@pytest.fixture
async def cognito(start: Start) -> Cognito:
    return Cognito(await start(pool_template()))


async def test_a_user_signs_up_and_in_and_the_api_knows_it(cognito: Cognito) -> None:
    await cognito.sign_up(email="alice@example.com")
    tokens = await cognito.sign_in()
    assert tokens["TokenType"] == "Bearer"
    assert tokens["ExpiresIn"] == 3_600
    server = cognito.server
    answer = await server.http.post(
        server.url,
        json={"query": "{ me }"},
        headers={"authorization": tokens["AccessToken"]},
    )
    identity = json.loads(answer.json()["data"]["me"])
    assert identity["username"] == "alice"
    assert identity["issuer"] == cognito.pool.issuer
    assert identity["claims"] == claims(tokens["AccessToken"])


async def test_the_tokens_have_the_claims_of_cognito(cognito: Cognito) -> None:
    await cognito.sign_up(
        email="alice@example.com", email_verified="true", **{"custom:team": "7"}
    )
    tokens = await cognito.sign_in()
    access, identity = claims(tokens["AccessToken"]), claims(tokens["IdToken"])
    assert access.keys() == {
        *("sub", "iss", "client_id", "origin_jti", "event_id", "token_use", "scope"),
        *("auth_time", "exp", "iat", "jti", "username"),
    }
    assert identity.keys() == {
        *("sub", "iss", "aud", "origin_jti", "event_id", "token_use", "auth_time"),
        *("exp", "iat", "jti", "cognito:username", "email", "email_verified"),
        "custom:team",
    }
    assert identity["email_verified"] is True
    assert access["origin_jti"] == identity["origin_jti"]


async def test_groups_of_the_template_are_in_the_tokens(cognito: Cognito) -> None:
    await cognito.sign_up()
    admin = Cognito(cognito.server, signed=True)
    for group in ("a-readers", "admins"):
        await admin.call(
            "admin_add_user_to_group",
            UserPoolId=cognito.pool.id,
            Username="alice",
            GroupName=group,
        )
    tokens = await cognito.sign_in()
    assert claims(tokens["AccessToken"])["cognito:groups"] == ["admins", "a-readers"]
    identity = claims(tokens["IdToken"])
    assert identity["cognito:roles"] == ["arn:admin"]
    assert identity["cognito:preferred_role"] == "arn:admin"


@OURS
async def test_a_user_has_the_sub_that_the_command_gives(cognito: Cognito) -> None:
    answer = await cognito.sign_up()
    wanted = user_id(cognito.pool.id, "alice")
    assert answer["UserSub"] == wanted
    assert claims((await cognito.sign_in())["AccessToken"])["sub"] == wanted
    answer = await cognito.call(
        "get_user", AccessToken=(await cognito.sign_in())["AccessToken"]
    )
    assert {"Name": "sub", "Value": wanted} in answer["UserAttributes"]


async def test_an_address_as_name_makes_the_sub_the_name(start: Start) -> None:
    cognito = Cognito(await start(pool_template({"UsernameAttributes": ["email"]})))
    await cognito.sign_up("alice@example.com")
    tokens = await cognito.sign_in("alice@example.com")
    identity = claims(tokens["IdToken"])
    assert identity["cognito:username"] == identity["sub"]
    assert identity["email"] == "alice@example.com"
    assert identity["sub"] == user_id(cognito.pool.id, "alice@example.com")
    assert claims(tokens["AccessToken"])["username"] == identity["sub"]


@pytest.mark.parametrize("action", ["initiate_auth", "get_tokens_from_refresh_token"])
async def test_a_refresh_token_gives_new_tokens(cognito: Cognito, action: str) -> None:
    await cognito.sign_up()
    tokens = await cognito.sign_in()
    given: dict[str, Any] = {"RefreshToken": tokens["RefreshToken"]}
    if action == "initiate_auth":
        parameters = {"REFRESH_TOKEN": tokens["RefreshToken"]}
        given = {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters}
    answer = await cognito.call(action, ClientId=cognito.client_id, **given)
    before = claims(tokens["AccessToken"])
    after = claims(answer["AuthenticationResult"]["AccessToken"])
    assert after["jti"] != before["jti"]
    same = ("origin_jti", "auth_time", "sub", "username")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


async def test_a_revoked_refresh_token_gives_nothing(cognito: Cognito) -> None:
    await cognito.sign_up()
    token = (await cognito.sign_in())["RefreshToken"]
    await cognito.call("revoke_token", ClientId=cognito.client_id, Token=token)
    with pytest.raises(ClientError, match="Refresh Token has been revoked"):
        await cognito.call(
            "get_tokens_from_refresh_token",
            ClientId=cognito.client_id,
            RefreshToken=token,
        )


async def test_a_user_deletes_itself(cognito: Cognito) -> None:
    await cognito.sign_up()
    token = (await cognito.sign_in())["AccessToken"]
    await cognito.call("delete_user", AccessToken=token)
    with pytest.raises(ClientError, match="User does not exist"):
        await cognito.sign_in()


async def test_a_code_is_sent_again(cognito: Cognito) -> None:
    await cognito.sign_up(email="alice@example.com")
    answer = await cognito.call(
        "resend_confirmation_code", ClientId=cognito.client_id, Username="alice"
    )
    assert answer["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"


@pytest.mark.parametrize(
    ("name", "password", "error", "message"),
    [
        ("alice", "wrong", "NotAuthorizedException", "Incorrect username or password."),
        ("bob", PASSWORD, "UserNotFoundException", "User does not exist."),
    ],
)
async def test_who_may_not_sign_in_is_told_why(
    cognito: Cognito, name: str, password: str, error: str, message: str
) -> None:
    await cognito.sign_up()
    with pytest.raises(ClientError, match=message) as caught:
        await cognito.sign_in(name, password)
    assert caught.value.response["Error"]["Code"] == error


async def test_a_client_can_hide_which_users_there_are(start: Start) -> None:
    rules = {"PreventUserExistenceErrors": "ENABLED"}
    cognito = Cognito(await start(pool_template(client=rules)))
    with pytest.raises(ClientError, match="Incorrect username or password"):
        await cognito.sign_in("bob")


async def test_a_flow_that_the_client_does_not_allow_is_refused(start: Start) -> None:
    rules = {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}
    cognito = Cognito(await start(pool_template(client=rules)))
    await cognito.sign_up()
    words = "USER_PASSWORD_AUTH flow not enabled for this client"
    with pytest.raises(ClientError, match=words) as caught:
        await cognito.sign_in()
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


async def test_a_client_with_a_secret_has_to_prove_it(start: Start) -> None:
    cognito = Cognito(await start(pool_template(client={"GenerateSecret": True})))
    secret = cognito.pool.clients[0].secret
    assert secret is not None
    text = f"alice{cognito.client_id}".encode()
    proof = b64encode(hmac.digest(secret.encode(), text, "sha256")).decode()
    who = {"ClientId": cognito.client_id, "Username": "alice"}
    for given, words in (
        ({}, "is configured with secret but SECRET_HASH was not received"),
        ({"SecretHash": "AAAA"}, "Unable to verify secret hash for client"),
    ):
        with pytest.raises(ClientError, match=words):
            await cognito.call("sign_up", **who, **given, Password=PASSWORD)
    proven = {**who, "SecretHash": proof}
    await cognito.call("sign_up", **proven, Password=PASSWORD)
    await cognito.call("confirm_sign_up", **proven, ConfirmationCode="1")
    with pytest.raises(ClientError, match="SECRET_HASH was not received"):
        await cognito.sign_in()
    parameters = {"USERNAME": "alice", "PASSWORD": PASSWORD, "SECRET_HASH": proof}
    answer = await cognito.call(
        "initiate_auth",
        ClientId=cognito.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters=parameters,
    )
    assert answer["AuthenticationResult"]["IdToken"]


async def test_a_pool_can_be_closed_to_sign_up(start: Start) -> None:
    rules = {"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}}
    cognito = Cognito(await start(pool_template(rules)))
    with pytest.raises(ClientError, match="SignUp is not permitted for this user pool"):
        await cognito.sign_up()


async def test_the_template_says_what_a_password_needs(start: Start) -> None:
    rules = {"Policies": {"PasswordPolicy": {"MinimumLength": 20}}}
    cognito = Cognito(await start(pool_template(rules)))
    with pytest.raises(ClientError, match="InvalidPasswordException"):
        await cognito.sign_up()
    about = {"ClientId": cognito.client_id, "Username": "bob"}
    await cognito.call("sign_up", **about, Password="only-letters-in-here")


async def test_a_user_that_an_admin_made_sets_a_password_first(
    cognito: Cognito,
) -> None:
    admin = Cognito(cognito.server, signed=True)
    await admin.call(
        "admin_create_user",
        UserPoolId=cognito.pool.id,
        Username="carol",
        TemporaryPassword=PASSWORD,
    )
    begun = await cognito.call(
        "initiate_auth",
        ClientId=cognito.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "carol", "PASSWORD": PASSWORD},
    )
    assert begun["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    ended = await cognito.call(
        "respond_to_auth_challenge",
        ClientId=cognito.client_id,
        Session=begun["Session"],
        ChallengeName=begun["ChallengeName"],
        ChallengeResponses={"USERNAME": "carol", "NEW_PASSWORD": "Another-1"},
    )
    assert claims(ended["AuthenticationResult"]["IdToken"])["sub"]


@pytest.mark.ours("what is not emulated is named")
async def test_an_action_that_nobody_serves_is_named(cognito: Cognito) -> None:
    with pytest.raises(ClientError, match="'ListDevices' is not emulated"):
        await cognito.call("list_devices", AccessToken="a")


@pytest.mark.ours("pools that functions make are moto's own")
async def test_a_pool_made_at_run_time_works_beside_those_of_the_template(
    cognito: Cognito,
) -> None:
    admin = Cognito(cognito.server, signed=True)
    made = await admin.call("create_user_pool", PoolName="second")
    pools = await admin.call("list_user_pools", MaxResults=10)
    ids = {one["Id"] for one in pools["UserPools"]}
    assert ids == {made["UserPool"]["Id"], cognito.pool.id}
