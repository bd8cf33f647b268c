"""Sign-in without sending the password: the client's side, written from RFC 5054."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from appsync_emulator.services.srp import _N as PRIME
from appsync_emulator.services.srp import Challenge
from support import Server

from .pools import PASSWORD, Cognito, pool_template

pytestmark = pytest.mark.aws_observed(
    "amplify-js, packages/auth, utils/srp: what Cognito's clients compute"
)
Start = Callable[..., Awaitable[Server]]
STAMP = "Tue Nov 24 01:00:00 UTC 2026"


def unsigned(number: int) -> bytes:
    """Write a number so that its first bit is not taken for a sign."""
    text = f"{number:x}"
    text = text if len(text) % 2 == 0 else f"0{text}"
    return bytes.fromhex(text if text[0] < "8" else f"00{text}")


def sha(*parts: bytes) -> int:
    return int(hashlib.sha256(b"".join(parts)).hexdigest(), 16)


class Client:
    """What a client keeps to itself, and what it tells."""

    def __init__(self) -> None:
        self.private = secrets.randbits(1_024)
        self.public = pow(2, self.private, PRIME)

    def answer(self, pool: str, password: str, given: dict[str, str]) -> str:
        """Give PASSWORD_CLAIM_SIGNATURE."""
        user, theirs = given["USER_ID_FOR_SRP"], int(given["SRP_B"], 16)
        mixed = sha(unsigned(self.public), unsigned(theirs))
        secret = hashlib.sha256(f"{pool}{user}:{password}".encode()).digest()
        known = sha(unsigned(int(given["SALT"], 16)), secret)
        factor = sha(unsigned(PRIME), unsigned(2))
        base = (theirs - factor * pow(2, known, PRIME)) % PRIME
        shared = pow(base, self.private + mixed * known, PRIME)
        extracted = hmac.new(unsigned(mixed), unsigned(shared), "sha256").digest()
        info = b"Caldera Derived Key" + bytes([1])
        key = hmac.new(extracted, info, "sha256").digest()[:16]
        block = base64.b64decode(given["SECRET_BLOCK"])
        text = pool.encode() + user.encode() + block + STAMP.encode()
        return base64.b64encode(hmac.new(key, text, "sha256").digest()).decode()


def test_the_prime_is_that_of_the_group_of_3072_bits() -> None:
    # RFC 3526, section 4: its first and last 64 bits are ones.
    assert PRIME.bit_length() == 3_072
    assert PRIME % (1 << 64) == PRIME >> 3_008 == (1 << 64) - 1
    assert pow(2, (PRIME - 1) // 2, PRIME) in (1, PRIME - 1)  # as for every prime


def parameters(challenge: Challenge) -> dict[str, str]:
    return {
        "SALT": f"{challenge.salt:x}",
        "SRP_B": f"{challenge.public:x}",
        "USER_ID_FOR_SRP": challenge.user,
        "SECRET_BLOCK": challenge.block,
    }


@pytest.mark.parametrize("_", range(8))  # lengths of numbers differ by chance
def test_who_knows_the_password_answers_the_challenge(_: int) -> None:
    client = Client()
    made = Challenge.make("pool", "älice", "pässword", f"{client.public:x}")
    answer = client.answer("pool", "pässword", parameters(made))
    assert made.is_answered_by(answer, STAMP)
    assert not made.is_answered_by(answer, "another time")
    assert not made.is_answered_by("ä", STAMP)
    wrong = client.answer("pool", "password", parameters(made))
    assert not made.is_answered_by(wrong, STAMP)


@pytest.mark.parametrize("public", ["0", f"{PRIME:x}", f"{2 * PRIME:x}", "", "xyz"])
def test_a_number_that_makes_every_password_good_is_refused(public: str) -> None:
    with pytest.raises(ValueError, match=r"SRP_A|invalid literal"):
        Challenge.make("pool", "alice", "password", public)


async def begin(cognito: Cognito, client: Client) -> Any:
    return await cognito.call(
        "initiate_auth",
        ClientId=cognito.client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": "alice", "SRP_A": f"{client.public:x}"},
    )


async def end(cognito: Cognito, client: Client, given: Any, password: str) -> Any:
    return await cognito.call(
        "respond_to_auth_challenge",
        ClientId=cognito.client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses={
            "USERNAME": given["USERNAME"],
            "PASSWORD_CLAIM_SECRET_BLOCK": given["SECRET_BLOCK"],
            "TIMESTAMP": STAMP,
            "PASSWORD_CLAIM_SIGNATURE": client.answer(
                cognito.pool.id.partition("_")[2], password, given
            ),
        },
    )


async def test_a_user_signs_in_without_sending_the_password(start: Start) -> None:
    cognito, client = Cognito(await start(pool_template())), Client()
    await cognito.sign_up()
    begun = await begin(cognito, client)
    assert begun["ChallengeName"] == "PASSWORD_VERIFIER"
    assert "Session" not in begun
    ended = await end(cognito, client, begun["ChallengeParameters"], PASSWORD)
    assert ended["AuthenticationResult"]["AccessToken"]


async def test_a_wrong_password_does_not_sign_in_and_a_challenge_is_used_up(
    start: Start,
) -> None:
    cognito, client = Cognito(await start(pool_template())), Client()
    await cognito.sign_up()
    given = (await begin(cognito, client))["ChallengeParameters"]
    for password in ("Wrong-1234", PASSWORD):
        with pytest.raises(ClientError, match="Incorrect username or password"):
            await end(cognito, client, given, password)
