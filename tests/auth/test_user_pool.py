"""AMAZON_COGNITO_USER_POOLS: which tokens a user pool vouches for."""

from typing import Any

import pytest

from appsync_emulator.clock import ManualClock
from appsync_emulator.errors import ProjectError

from .conftest import NOON, Asking, Makes, provider
from .issuers import POOL, Issuers, admit, denied

DOC = "developer guide, AMAZON_COGNITO_USER_POOLS authorization"
MODE: Any = "AMAZON_COGNITO_USER_POOLS"


@pytest.fixture
def gate(clock: ManualClock, issuers: Issuers) -> Makes:
    return Makes(clock, issuers.keys)


@pytest.mark.aws_doc("developer guide, resolver context reference: identity")
@pytest.mark.parametrize(
    ("use", "names"),
    [
        ("id", {"cognito:username": "ada", "aud": "app"}),
        ("access", {"username": "ada", "client_id": "app"}),
    ],
)
async def test_identity_is_that_of_the_user(
    gate: Makes, issuers: Issuers, use: str, names: dict[str, Any]
) -> None:
    claims = issuers.claims(POOL, token_use=use, **{"cognito:groups": ["x", "y"]})
    token = issuers.sign({**claims, **names})
    asking = Asking({"authorization": token}, ("10.0.0.1, 10.0.0.2", "127.0.0.1"))
    caller = await admit(gate(MODE), asking)
    assert caller.identity.value == {
        "sub": "user-1",
        "issuer": POOL,
        "username": "ada",
        "claims": {**claims, **names},
        "sourceIp": ["10.0.0.1", "10.0.0.2", "127.0.0.1"],
        "defaultAuthStrategy": "ALLOW",
        "groups": ["x", "y"],
    }
    assert caller.rights.groups == {"x", "y"}


@pytest.mark.aws_doc("developer guide, resolver context reference: groups may be null")
async def test_who_is_in_no_group_has_null_groups(
    gate: Makes, issuers: Issuers
) -> None:
    pool = provider(MODE, DefaultAction="DENY")
    token = issuers.sign(issuers.claims(POOL))
    caller = await admit(gate.api([pool]), Asking({"authorization": token}))
    assert caller.identity.value["groups"] is None
    assert caller.identity.value["defaultAuthStrategy"] == "DENY"
    assert caller.rights.default_deny


CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"exp": NOON}, "Token has expired."),
    ({"exp": "later"}, "Unauthorized"),
    ({"exp": None}, "Unauthorized"),
    ({"nbf": NOON + 3600}, "Unauthorized"),
    ({"token_use": "refresh"}, "Unauthorized"),
    ({"token_use": None}, "Unauthorized"),
    ({"iss": POOL + "x"}, "Valid authorization header not provided."),
]


@pytest.mark.ours("the words for tokens that do not hold are known in part only")
@pytest.mark.parametrize(("change", "message"), CHANGES)
async def test_a_token_that_does_not_hold_is_refused(
    gate: Makes, issuers: Issuers, change: dict[str, Any], message: str
) -> None:
    claims = issuers.claims(POOL)
    for name, value in change.items():
        claims[name] = value
    claims = {name: value for name, value in claims.items() if value is not None}
    token = issuers.sign(claims)
    assert await denied(gate(MODE), token) == ("UnauthorizedException", message, 401)


@pytest.mark.aws_doc("CloudFormation, UserPoolConfig: AppIdClientRegex")
@pytest.mark.parametrize(("use", "claim"), [("id", "aud"), ("access", "client_id")])
async def test_the_app_client_has_to_match(
    gate: Makes, issuers: Issuers, use: str, claim: str
) -> None:
    one = gate.api([provider(MODE, AppIdClientRegex="web|ios")])
    for client, good in (("web", True), ("ios", True), ("website", False)):
        token = issuers.sign(issuers.claims(POOL, token_use=use, **{claim: client}))
        if good:
            caller = await admit(one, Asking({"authorization": token}))
            assert caller.identity.value["sub"] == "user-1"
        else:
            assert (await denied(one, token))[1] == "Unauthorized"


@pytest.mark.aws_doc("Cognito developer guide: tokens are signed with RS256")
async def test_a_token_of_another_algorithm_is_refused(
    gate: Makes, issuers: Issuers
) -> None:
    claims = issuers.claims(POOL)
    for algorithm in ("RS512", "PS256", "ES256", "HS256", "none"):
        token = issuers.sign(claims, algorithm)
        assert (await denied(gate(MODE), token))[1] == "Unauthorized"


@pytest.mark.ours("whoever forges a token has none of the pool's keys")
async def test_a_forged_token_is_refused(gate: Makes, issuers: Issuers) -> None:
    token = issuers.sign(issuers.claims(POOL))
    head, body, signature = token.split(".")
    other = issuers.sign(issuers.claims(POOL, sub="user-2")).split(".")[1]
    turned = ("B" if signature[5] == "A" else "A").join((signature[:5], signature[6:]))
    one = gate(MODE)
    for forged in (f"{head}.{other}.{signature}", f"{head}.{body}.{turned}"):
        assert (await denied(one, forged))[1] == "Unauthorized"
    caller = await admit(one, Asking({"authorization": token}))
    assert caller.identity.value["sub"] == "user-1"


@pytest.mark.ours("each pool has its keys")
async def test_of_several_pools_the_tokens_one_counts(
    gate: Makes, issuers: Issuers
) -> None:
    pools = [provider(MODE), provider(MODE, UserPoolId="eu-west-1_other")]
    other = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other"
    one = gate.api(pools)
    for issuer in (POOL, other):
        token = issuers.sign(issuers.claims(issuer))
        caller = await admit(one, Asking({"authorization": token}))
        assert caller.identity.value["issuer"] == issuer


@pytest.mark.ours("a pattern that cannot be compiled is a mistake of the template")
def test_a_pattern_that_is_none_is_told_when_the_api_is_loaded(gate: Makes) -> None:
    with pytest.raises(ProjectError, match=r"AppIdClientRegex .* \(web"):
        gate.api([provider(MODE, AppIdClientRegex="(web")])


@pytest.mark.ours("streams send one token with every request")
async def test_a_good_token_is_looked_at_once_until_it_ends(
    gate: Makes, issuers: Issuers, clock: ManualClock
) -> None:
    one = gate(MODE)
    asking = Asking({"authorization": issuers.sign(issuers.claims(POOL))})
    caller = await admit(one, asking)
    assert one.authenticate(asking) is caller
    assert issuers.asked == 1
    elsewhere = Asking(asking.credentials, (None, "10.9.8.7"))
    assert (await admit(one, elsewhere)).identity.value["sourceIp"] == ["10.9.8.7"]
    clock.advance(3600)
    expired = await denied(one, asking.credentials["authorization"])
    assert expired[1] == "Token has expired."
