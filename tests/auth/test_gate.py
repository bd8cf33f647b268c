"""Who is let in, by the shape of the credentials."""

from collections.abc import Callable

import pytest

from appsync_emulator.auth.caller import AccessDenied
from appsync_emulator.auth.registry import Gate
from appsync_emulator.clock import ManualClock
from appsync_emulator.model import AuthType

MakeGate = Callable[..., Gate]
DOC = "developer guide, authorization and authentication"
UNAUTHORIZED = "You are not authorized to make this call."
SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20250101/us-east-1/appsync/aws4_request"


def denial(gate: Gate, **headers: str) -> tuple[str, str, int]:
    """Give type, message and status of a refusal."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(AccessDenied) as denied:
        gate.authenticate(sent)
    return denied.value.error_type, denied.value.message, denied.value.status


@pytest.mark.aws_doc("resolver context reference: no identity with an API key")
def test_a_good_key_lets_in_without_an_identity(gate: MakeGate) -> None:
    caller = gate(da2_good=None).authenticate({"x-api-key": "da2-good"})
    assert caller.mode == "API_KEY"
    assert caller.identity.value is None


@pytest.mark.aws_doc(f"{DOC}: an API may have several keys")
def test_each_of_several_keys_lets_in(gate: MakeGate) -> None:
    several = gate(da2_first=None, da2_second=None)
    for key in ("da2-first", "da2-second"):
        assert several.authenticate({"x-api-key": key}).mode == "API_KEY"


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
    assert one.authenticate({"x-api-key": "da2-good"}).mode == "API_KEY"
    clock.advance(1)
    expected = ("UnauthorizedException", UNAUTHORIZED, 401)
    assert denial(one, x_api_key="da2-good") == expected
    assert one.authenticate({"x-api-key": "da2-other"}).mode == "API_KEY"


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
@pytest.mark.parametrize("token", [SIGNED, "a.b.c", "Bearer a.b.c", "custom"])
def test_a_token_is_of_no_use_where_only_keys_are(gate: MakeGate, token: str) -> None:
    assert denial(gate(da2_good=None), authorization=token) == (
        "UnauthorizedException",
        "Valid authorization header not provided.",
        401,
    )


@pytest.mark.ours("a key is a key, whatever else a client sends")
def test_a_token_beside_a_key_does_not_matter_where_only_keys_are(
    gate: MakeGate,
) -> None:
    one = gate(da2_good=None)
    caller = one.authenticate({"x-api-key": "da2-good", "authorization": "a.b.c"})
    assert caller.mode == "API_KEY"
    assert denial(one, x_api_key="da2-bad", authorization="a.b.c")[1] == UNAUTHORIZED


@pytest.mark.aws_doc(f"{DOC}: a mode that is not enabled is unauthorized")
def test_a_key_is_of_no_use_where_keys_are_not_enabled(gate: MakeGate) -> None:
    # Keys may be left over from when the mode was enabled.
    expected = ("UnauthorizedException", UNAUTHORIZED, 401)
    assert denial(gate("AWS_IAM", da2_good=None), x_api_key="da2-good") == expected


OTHERS: list[AuthType] = [
    "AWS_IAM",
    "AMAZON_COGNITO_USER_POOLS",
    "OPENID_CONNECT",
    "AWS_LAMBDA",
]


@pytest.mark.ours("what is not emulated is named, and lets nobody in")
@pytest.mark.parametrize("mode", OTHERS)
@pytest.mark.parametrize("default", [True, False])
def test_a_mode_that_is_not_emulated_is_named(
    gate: MakeGate, mode: AuthType, default: bool
) -> None:
    modes = (mode, "API_KEY") if default else ("API_KEY", mode)
    error_type, message, status = denial(gate(*modes), authorization="a.b.c")
    assert (error_type, status) == ("NotEmulated", 501)
    assert f"The authorization mode {mode}" in message


@pytest.mark.aws_doc(f"{DOC}: additional authorization modes")
@pytest.mark.parametrize("mode", OTHERS)
@pytest.mark.parametrize("default", [True, False])
def test_keys_work_beside_other_modes(
    gate: MakeGate, mode: AuthType, default: bool
) -> None:
    modes = (mode, "API_KEY") if default else ("API_KEY", mode)
    one = gate(*modes, da2_good=None)
    assert one.authenticate({"x-api-key": "da2-good"}).mode == "API_KEY"
    assert denial(one, x_api_key="da2-bad")[1] == UNAUTHORIZED
