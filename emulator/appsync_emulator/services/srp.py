"""The server's side of sign-in without sending the password, as Cognito does it.

SRP-6a (RFC 5054) with the group of 3,072 bits (RFC 3526), SHA-256, and a last step that
is Cognito's own: a key is derived from the shared secret by HKDF, and the client signs
with it. Source: the clients that AWS publishes (amplify-js, packages/auth, utils/srp).
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

# RFC 3526, section 4: 2^3072 - 2^3008 - 1 + 2^64 * (floor(2^2942 pi) + 1690314).
_N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
    "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
    "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33"
    "A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864"
    "D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2"
    "08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
_G = 2
_INFO = b"Caldera Derived Key\x01"


def padded(number: int) -> bytes:
    """Give the bytes of a number, with a zero before a first bit that is set."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def digest(*parts: bytes) -> int:
    """Give the hash of parts as a number."""
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


_K = digest(padded(_N), padded(_G))


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a client has to answer to prove that it knows a password.

    Attributes:
        pool: the user pool's id without its region.
        user: `USER_ID_FOR_SRP`.
        salt: a number.
        block: `SECRET_BLOCK`, base64.
    """

    pool: str
    user: str
    salt: int
    block: str
    _client: int
    _secret: int
    _verifier: int

    @classmethod
    def make(cls, pool: str, user: str, password: str, client: str) -> "Challenge":
        """Make a challenge.

        Args:
            pool: the user pool's id without its region.
            user: `USER_ID_FOR_SRP`.
            password: that the client has to know.
            client: `SRP_A`, hexadecimal.

        Raises:
            ValueError: `SRP_A` is no number that may be used.
        """
        public = int(client, 16)
        if public % _N == 0:
            raise ValueError("SRP_A cannot be 0")  # it would make any password good
        salt = secrets.randbits(128)
        known = hashlib.sha256(f"{pool}{user}:{password}".encode()).digest()
        verifier = pow(_G, digest(padded(salt), known), _N)
        block = base64.b64encode(secrets.token_bytes(64)).decode()
        return cls(pool, user, salt, block, public, secrets.randbits(256), verifier)

    @property
    def public(self) -> int:
        """`SRP_B`."""
        return (_K * self._verifier + pow(_G, self._secret, _N)) % _N

    def is_answered_by(self, signature: str, timestamp: str) -> bool:
        """Tell whether a signature proves that its maker knows the password.

        Args:
            signature: `PASSWORD_CLAIM_SIGNATURE`, base64.
            timestamp: `TIMESTAMP`, as it was signed.
        """
        mixed = digest(padded(self._client), padded(self.public))
        base = self._client * pow(self._verifier, mixed, _N)
        shared = pow(base, self._secret, _N)
        extracted = hmac.digest(padded(mixed), padded(shared), "sha256")
        key = hmac.digest(extracted, _INFO, "sha256")[:16]
        block = base64.b64decode(self.block)
        text = self.pool.encode() + self.user.encode() + block + timestamp.encode()
        wanted = base64.b64encode(hmac.digest(key, text, "sha256"))
        return hmac.compare_digest(wanted, signature.encode())
