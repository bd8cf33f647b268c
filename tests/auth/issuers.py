"""Issuers of tokens, and what their tokens get."""

import base64
import json
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from appsync_emulator.auth.caller import AccessDenied, Caller
from appsync_emulator.auth.keys import UnknownIssuer
from appsync_emulator.auth.registry import Gate

from .conftest import NOON, Asking

POOL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool"
OPENID = "https://issuer.example.com"
SECRET = "a secret of 32 letters or even more"


class Issuers:
    """Issuers that all have the same keys, because keys take time to make.

    Attributes:
        asked: how often somebody wanted their keys.
    """

    def __init__(self) -> None:
        self.rsa = RSAKey.generate_key(2048, {"kid": "rsa"})
        self.others = RSAKey.generate_key(2048, {"kid": "rsa"})
        self.curves = {
            "ES256": ECKey.generate_key("P-256", {"kid": "ES256"}),
            "ES384": ECKey.generate_key("P-384", {"kid": "ES384"}),
            "ES512": ECKey.generate_key("P-521", {"kid": "ES512"}),
        }
        self.oct = OctKey.import_key(SECRET * 2, {"kid": "oct"})
        self.asked = 0

    @property
    def keys(self) -> "Issuers":
        return self

    async def key(self, issuer: str, kid: str | None) -> KeySet:
        assert kid is None or isinstance(kid, str)
        self.asked += 1
        if "unknown" in issuer:
            raise UnknownIssuer(f"nobody knows {issuer}")
        return KeySet([self.rsa, *self.curves.values(), self.oct])

    def claims(self, issuer: str, **more: Any) -> dict[str, Any]:
        """Give the claims of a good token."""
        times = {"iat": NOON - 60, "auth_time": NOON - 60, "exp": NOON + 3600}
        about = {"iss": issuer, "sub": "user-1", "token_use": "id", "aud": "app"}
        return {**about, **times, **more}

    def key_of(self, algorithm: str) -> Any:
        if algorithm.startswith("ES"):
            return self.curves[algorithm]
        return self.oct if algorithm.startswith("HS") else self.rsa

    def sign(
        self,
        claims: dict[str, Any],
        algorithm: str = "RS256",
        key: Any = None,
        **header: Any,
    ) -> str:
        """Give a token."""
        if algorithm == "none":
            return unsigned({"alg": "none"}, claims)
        key = key or self.key_of(algorithm)
        head = {"alg": algorithm, "kid": key.kid, **header}
        head = {name: value for name, value in head.items() if value is not None}
        return jws.serialize_compact(
            head, json.dumps(claims), key, algorithms=[algorithm]
        )


def unsigned(
    header: dict[str, Any], claims: dict[str, Any], signature: str = ""
) -> str:
    """Give a token with a signature that is none."""
    parts = (
        base64.urlsafe_b64encode(json.dumps(one).encode()) for one in (header, claims)
    )
    return ".".join([*(part.decode().rstrip("=") for part in parts), signature])


async def admit(gate: Gate, asking: Asking) -> Caller:
    """Give who is let in."""
    admission = gate.authenticate(asking)
    return admission if isinstance(admission, Caller) else await admission


async def denied(gate: Gate, token: str) -> tuple[str, str | None, int]:
    """Give type, message and status of a token's refusal."""
    with pytest.raises(AccessDenied) as refusal:
        await admit(gate, Asking({"authorization": token}))
    error = refusal.value
    return error.error_type, error.message, error.status
