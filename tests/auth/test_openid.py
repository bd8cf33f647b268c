"""OPENID_CONNECT: which tokens an issuer vouches for."""

from typing import Any

import pytest

from appsync_emulator.clock import ManualClock

from .conftest import NOON, Asking, Makes, provider
from .issuers import OPENID, Issuers, admit, denied, unsigned

DOC = "developer guide, OPENID_CONNECT authorization"
MODE: Any = "OPENID_CONNECT"
KEYS: Any = "API_KEY"


@pytest.fixture
def gate(clock: ManualClock, issuers: Issuers) -> Makes:
    return Makes(clock, issuers.keys)


async def let_in(gate: Any, token: str) -> Any:
    return (await admit(gate, Asking({"authorization": token}))).identity.value


@pytest.mark.aws_doc("LocalStack's recording of authType: sub, issuer, claims")
async def test_identity_is_subject_issuer_and_claims(
    gate: Makes, issuers: Issuers
) -> None:
    claims = issuers.claims(OPENID)
    assert await let_in(gate(MODE), issuers.sign(claims)) == {
        "sub": "user-1",
        "issuer": OPENID,
        "claims": claims,
    }


ALGORITHMS = [
    f"{kind}{size}" for kind in ("RS", "PS", "ES", "HS") for size in (256, 384, 512)
]


@pytest.mark.aws_doc(f"{DOC}: the table of signing algorithms")
@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_every_algorithm_of_the_guide_is_taken(
    gate: Makes, issuers: Issuers, algorithm: str
) -> None:
    token = issuers.sign(issuers.claims(OPENID), algorithm)
    assert (await let_in(gate(MODE), token))["sub"] == "user-1"


@pytest.mark.ours("what anybody can make proves nothing")
async def test_what_anybody_can_make_is_refused(gate: Makes, issuers: Issuers) -> None:
    from joserfc.jwk import OctKey

    one, claims = gate(MODE), issuers.claims(OPENID)
    public = issuers.rsa.as_pem(private=False)
    confused = OctKey.import_key(public.replace(b"-----", b"").strip(), {"kid": "rsa"})
    forged = [
        unsigned({"alg": "none"}, claims),
        unsigned({"alg": "None"}, claims),
        unsigned({"alg": "RS256", "kid": "rsa"}, claims),
        unsigned({"alg": "RS256", "kid": "rsa"}, claims, "c2lnbmF0dXJl"),
        unsigned({"alg": ["RS256"]}, claims, "c2lnbmF0dXJl"),
        unsigned({"kid": "rsa"}, claims, "c2lnbmF0dXJl"),
        # The public key as the secret of a MAC.
        issuers.sign(claims, "HS256", confused),
        issuers.sign(claims, "HS256", confused, kid=None),
        # Somebody else's key of the same name, or of a name nobody knows.
        issuers.sign(claims, "RS256", issuers.others),
        issuers.sign(claims, kid="nobody"),
    ]
    for token in forged:
        assert await denied(one, token) == (
            "UnauthorizedException",
            "Unauthorized",
            401,
        )


@pytest.mark.ours("AppSync wants a kid in key sets, not in tokens")
async def test_a_token_may_leave_the_key_open(gate: Makes, issuers: Issuers) -> None:
    token = issuers.sign(issuers.claims(OPENID), kid=None)
    assert await let_in(gate(MODE), token)


@pytest.mark.aws_doc(f"{DOC}: a Bearer scheme is allowed")
@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "Bearer   ", ""])
async def test_a_token_may_stand_behind_bearer(
    gate: Makes, issuers: Issuers, scheme: str
) -> None:
    assert await let_in(gate(MODE), scheme + issuers.sign(issuers.claims(OPENID)))


@pytest.mark.aws_doc(f"{DOC}: iss is compared where there are several modes")
async def test_the_issuer_counts_where_there_are_several_modes(
    gate: Makes, issuers: Issuers
) -> None:
    token = issuers.sign(issuers.claims("https://other.example.com"))
    identity = await let_in(gate(MODE), token)
    assert identity["issuer"] == "https://other.example.com"
    message = "Valid authorization header not provided."
    assert (await denied(gate(MODE, KEYS), token))[1] == message


@pytest.mark.aws_observed("amplify-cli #6463: AppSync takes either")
@pytest.mark.parametrize("configured", [OPENID, OPENID + "/"])
@pytest.mark.parametrize("named", [OPENID, OPENID + "/"])
async def test_a_slash_at_the_issuers_end_does_not_count(
    gate: Makes, issuers: Issuers, configured: str, named: str
) -> None:
    one = gate.api([provider(MODE, Issuer=configured), provider(KEYS)])
    assert (await let_in(one, issuers.sign(issuers.claims(named))))["issuer"] == named


@pytest.mark.aws_doc(f"{DOC}: clientId matches aud or azp")
@pytest.mark.parametrize(
    ("claims", "good"),
    [
        ({"aud": "1F4G9H"}, True),
        ({"aud": ["x", "1J6L4B"]}, True),
        ({"aud": "x", "azp": "6GS5MG"}, True),
        ({"aud": "x", "azp": "y"}, False),
        ({"aud": "1F4G9H2"}, False),
        ({"aud": None}, False),
        ({"aud": 7, "azp": {}}, False),
    ],
)
async def test_the_client_has_to_match(
    gate: Makes, issuers: Issuers, claims: dict[str, Any], good: bool
) -> None:
    one = gate.api([provider(MODE, ClientId="1F4G9H|1J6L4B|6GS5MG")])
    token = issuers.sign(issuers.claims(OPENID, **claims))
    if good:
        assert await let_in(one, token)
    else:
        # Observed: aws-appsync-community #115.
        expected = ("UnauthorizedException", "Unauthorized", 401)
        assert await denied(one, token) == expected


@pytest.mark.aws_doc(f"{DOC}: iatTTL and authTTL in milliseconds")
@pytest.mark.parametrize(
    ("name", "claim"), [("IatTTL", "iat"), ("AuthTTL", "auth_time")]
)
async def test_a_token_ends_when_the_api_says_so(
    gate: Makes, issuers: Issuers, clock: ManualClock, name: str, claim: str
) -> None:
    one = gate.api([provider(MODE, **{name: 90_000})])
    token = issuers.sign(issuers.claims(OPENID, **{claim: NOON - 60}))
    assert await let_in(one, token)
    clock.advance(29)
    assert await let_in(one, token)
    clock.advance(1)
    assert (await denied(one, token))[1] == "Token has expired."


@pytest.mark.aws_doc(f"{DOC}: tokens have iat and may have auth_time")
async def test_iat_is_needed_and_auth_time_is_not(
    gate: Makes, issuers: Issuers
) -> None:
    one = gate.api([provider(MODE, IatTTL=90_000, AuthTTL=1)])
    claims = issuers.claims(OPENID)
    del claims["auth_time"]
    assert await let_in(one, issuers.sign(claims))
    del claims["iat"]
    assert (await denied(one, issuers.sign(claims)))[1] == "Unauthorized"


@pytest.mark.ours("an issuer that cannot be reached vouches for nobody")
async def test_without_keys_nobody_is_let_in(gate: Makes, issuers: Issuers) -> None:
    url = "https://unknown.example.com"
    one = gate.api([provider(MODE, Issuer=url)])
    assert (await denied(one, issuers.sign(issuers.claims(url))))[1] == "Unauthorized"
