"""Which mode a caller is of, by the shape of the credentials."""

from collections.abc import Callable

import pytest

from appsync_emulator.auth.caller import AccessDenied, Caller
from appsync_emulator.auth.registry import Gate
from appsync_emulator.clock import ManualClock
from appsync_emulator.model import AuthType

from .conftest import Asking

MakeGate = Callable[..., Gate]
DOC = "developer guide, authorization and authentication"
UNAUTHORIZED = "You are not authorized to make this call."
UNUSABLE = "Valid authorization header not provided."
UNPARSABLE = "Unable to parse JWT token."
SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20250101/us-east-1/appsync/aws4_request"


def admitted(gate: Gate, **headers: str) -> Caller:
    """Give who is let in at once."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    caller = gate.authenticate(Asking(sent))
    assert isinstance(caller, Caller)
    return caller


def denial(gate: Gate, **headers: str) -> tuple[str, str | None, int]:
    """Give type, message and status of a refusal."""
    with pytest.raises(AccessDenied) as denied:
        admitted(gate, **headers)
    return denied.value.error_type, denied.value.message, denied.value.status


@pytest.mark.aws_doc("resolver context reference: no identity with an API key")
def test_a_good_key_lets_in_without_an_identity(gate: MakeGate) -> None:
    caller = admitted(gate(da2_good=None), x_api_key="da2-good")
    assert caller.rights.mode == "API_KEY"
    assert caller.identity.value is None


@pytest.mark.aws_doc(f"{DOC}: an API may have several keys")
def test_each_of_several_keys_lets_in(gate: MakeGate) -> None:
    several = gate(da2_first=None, da2_second=None)
    for key in ("da2-first", "da2-second"):
        assert admitted(several, x_api_key=key).rights.mode == "API_KEY"


@pytest.mark.aws_doc(f"{DOC}: API_KEY")
@pytest.mark.parametrize(
    "key", ["da2-wrong", "DA2-GOOD", "da2-good ", "da2-goo", "", "schlüssel"]
)
def test_another_key_does_not(gate: MakeGate, key: str) -> None:
    assert denial(gate(da2_good=None), x_api_key=key) == (
        "UnauthorizedException",
        UNAUTHORIZED,
        401,
    )


@pytest.mark.aws_doc(f"{DOC}: keys expire at a time given in seconds")
def test_a_key_is_good_until_the_second_of_its_expiry(
    gate: MakeGate, clock: ManualClock
) -> None:
    one = gate(da2_good=1_700_000_060, da2_other=1_700_000_061)
    clock.advance(59)
    assert admitted(one, x_api_key="da2-good").rights.mode == "API_KEY"
    clock.advance(1)
    expected = ("UnauthorizedException", UNAUTHORIZED, 401)
    assert denial(one, x_api_key="da2-good") == expected
    assert admitted(one, x_api_key="da2-other").rights.mode == "API_KEY"


@pytest.mark.ours("the words for missing credentials are from third-party reports")
@pytest.mark.parametrize("modes", [("API_KEY",), ("AWS_IAM",), ("AWS_IAM", "API_KEY")])
def test_without_credentials_the_header_is_missing(
    gate: MakeGate, modes: tuple[AuthType, ...]
) -> None:
    assert denial(gate(*modes), host="localhost") == (
        "UnauthorizedException",
        "Missing authorization header",
        401,
    )


@pytest.mark.aws_observed("aws-appsync-realtime-client-ios #108")
@pytest.mark.parametrize("token", [SIGNED, "a.b.c", "Bearer a.b.c", "custom", ""])
def test_a_token_is_of_no_use_where_only_keys_are(gate: MakeGate, token: str) -> None:
    assert denial(gate(da2_good=None), authorization=token) == (
        "UnauthorizedException",
        UNUSABLE,
        401,
    )


@pytest.mark.ours("a key is a key, whatever else a client sends")
@pytest.mark.parametrize("mode", ["AWS_LAMBDA", "OPENID_CONNECT", "AWS_IAM"])
def test_a_token_beside_a_key_does_not_matter(gate: MakeGate, mode: AuthType) -> None:
    one = gate("API_KEY", mode, da2_good=None)
    caller = admitted(one, x_api_key="da2-good", authorization="a.b.c")
    assert caller.rights.mode == "API_KEY"
    assert denial(one, x_api_key="da2-bad", authorization="a.b.c")[1] == UNAUTHORIZED


@pytest.mark.ours("who signs and has a key, too, means the signature")
def test_a_signature_beside_a_key_is_looked_at_where_signatures_are(
    gate: MakeGate,
) -> None:
    sent = {"x_api_key": "da2-good", "authorization": SIGNED}
    assert denial(gate("API_KEY", "AWS_IAM", da2_good=None), **sent)[2] == 400
    assert admitted(gate(da2_good=None), **sent).rights.mode == "API_KEY"


@pytest.mark.aws_doc(f"{DOC}: a mode that is not enabled is unauthorized")
def test_a_key_is_of_no_use_where_keys_are_not_enabled(gate: MakeGate) -> None:
    # Keys may be left over from when the mode was enabled.
    expected = ("UnauthorizedException", UNAUTHORIZED, 401)
    assert denial(gate("AWS_IAM", da2_good=None), x_api_key="da2-good") == expected


@pytest.mark.aws_observed("aws-appsync-community #198, amplify-js #2645")
@pytest.mark.parametrize("mode", ["OPENID_CONNECT", "AMAZON_COGNITO_USER_POOLS"])
@pytest.mark.parametrize("token", ["custom", "a.b.c", "Bearer a.b", SIGNED])
def test_what_is_no_jwt_cannot_be_parsed_where_tokens_are(
    gate: MakeGate, mode: AuthType, token: str
) -> None:
    expected = ("UnauthorizedException", UNPARSABLE, 401)
    assert denial(gate(mode), authorization=token) == expected


@pytest.mark.ours("what AppSync says to a token of another issuer is not recorded")
@pytest.mark.parametrize("modes", [("OPENID_CONNECT", "API_KEY"), ("API_KEY",)])
def test_a_token_of_no_issuer_of_the_api_is_of_no_use(
    gate: MakeGate, modes: tuple[AuthType, ...]
) -> None:
    token = "e30.eyJpc3MiOiJodHRwczovL290aGVyLmV4YW1wbGUuY29tIn0.c2ln"
    expected = ("UnauthorizedException", UNUSABLE, 401)
    assert denial(gate(*modes), authorization=token) == expected


OTHERS: list[AuthType] = [
    "AWS_IAM",
    "AMAZON_COGNITO_USER_POOLS",
    "OPENID_CONNECT",
    "AWS_LAMBDA",
]


@pytest.mark.aws_doc(f"{DOC}: additional authorization modes")
@pytest.mark.parametrize("mode", OTHERS)
@pytest.mark.parametrize("default", [True, False])
def test_keys_work_beside_other_modes(
    gate: MakeGate, mode: AuthType, default: bool
) -> None:
    modes = (mode, "API_KEY") if default else ("API_KEY", mode)
    one = gate(*modes, da2_good=None)
    assert admitted(one, x_api_key="da2-good").rights.mode == "API_KEY"
    assert denial(one, x_api_key="da2-bad")[1] == UNAUTHORIZED
