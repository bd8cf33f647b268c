"""Whatever somebody sends, it is let in or refused, and nothing else."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appsync_emulator.auth.caller import AccessDenied, Signed
from appsync_emulator.auth.policy import read_policy
from appsync_emulator.clock import ManualClock

from .conftest import Asking, Makes
from .issuers import OPENID, POOL, Issuers, admit

pytestmark = pytest.mark.ours("no credentials may break the server")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
CLAIMS = st.dictionaries(
    st.sampled_from(
        (
            *("iss", "exp", "iat", "nbf", "auth_time", "aud", "azp", "token_use"),
            *("sub", "cognito:groups", "cognito:username", "client_id"),
        )
    ),
    JSON | st.sampled_from([POOL, OPENID, "id", "access"]) | st.integers(0, 2 * 10**9),
)
HEADERS = st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64"]), JSON)
PARTS = st.lists(
    st.sampled_from(
        [
            *("Credential=", "SignedHeaders=", "Signature=", "AKIATEST", "/", ";", ","),
            *(
                "20231114",
                "us-east-1",
                "appsync",
                "aws4_request",
                "host",
                " ",
                "=",
                "ä",
            ),
        ]
    ),
    max_size=20,
)


def part(value: Any) -> str:
    text = json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


TOKENS = st.tuples(HEADERS, CLAIMS, st.text("abcAB-_=", max_size=12)).map(
    lambda made: f"{part(made[0])}.{part(made[1])}.{made[2]}"
)
SIGNATURES = PARTS.map(lambda parts: "AWS4-HMAC-SHA256 " + "".join(parts))
AUTHORIZATIONS = (
    st.text(max_size=40)
    | TOKENS
    | TOKENS.map(lambda token: f"Bearer {token}")
    | SIGNATURES
    | st.text("ab.=", max_size=12)
)


async def decide(makes: Makes, headers: dict[str, str]) -> str:
    gate = makes("API_KEY", "AWS_IAM", "OPENID_CONNECT", "AMAZON_COGNITO_USER_POOLS")
    signed = Signed("POST", ("/graphql",), "a=b&c", headers, b"{}")
    try:
        await admit(gate, Asking(headers, signed_as=signed))
    except AccessDenied as denied:
        return denied.error_type
    return "in"


@given(
    AUTHORIZATIONS, st.dictionaries(st.sampled_from(["x-amz-date", "host"]), st.text())
)
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_header_is_refused(
    issuers: Issuers, authorization: str, more: dict[str, str]
) -> None:
    makes = Makes(ManualClock(), issuers.keys)
    makes.know("AKIATEST", "secret")
    assert await decide(makes, {**more, "authorization": authorization}) != "in"


@given(CLAIMS, st.sampled_from(["RS256", "ES256", "HS256"]))
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_claims_of_a_good_signature_are_decided_upon(
    issuers: Issuers, claims: dict[str, Any], algorithm: str
) -> None:
    makes = Makes(ManualClock(), issuers.keys)
    token = issuers.sign(claims, algorithm)
    assert await decide(makes, {"authorization": token}) in (
        "in",
        "UnauthorizedException",
    )


@given(JSON, JSON, JSON, JSON)
def test_any_policy_can_be_read(
    statement: Any, effect: Any, action: Any, to: Any
) -> None:
    built = {"Effect": effect, "Action": action, "Resource": to}
    for document in ({"Statement": statement}, {"Statement": [built, statement]}):
        assert not read_policy([document]).allows("arn")
