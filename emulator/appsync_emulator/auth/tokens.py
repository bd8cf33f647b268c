"""JSON web tokens: their shape, their signature, their times.

Source: AppSync developer guide, OPENID_CONNECT authorization.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from appsync_emulator.auth.caller import AccessDenied
from appsync_emulator.types import JSON

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

UNPARSABLE_TOKEN = "Unable to parse JWT token."  # noqa: S105 -- a message
EXPIRED_TOKEN = "Token has expired."  # noqa: S105 -- a message
"""Clients look for "Token expired" or the like; no capture shows AppSync's sentence."""

NOT_TRUSTED = "Unauthorized"
"""For a token that is well formed and does not hold (observed: aws-appsync-community
#115, amplify-js #13252)."""

RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
ALGORITHMS = (*RSA, "ES256", "ES384", "ES512", "HS256", "HS384", "HS512")
"""What AppSync takes. HS… is in the guide's table: it can only fit a key of the type
`oct` that the issuer's own set holds, never the text of a public key."""

_BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it came, nothing of it checked.

    Attributes:
        text: without a scheme before it.
    """

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, JSON]

    @property
    def issuer(self) -> str:
        """The `iss`; empty when there is none."""
        issuer = self.claims.get("iss")
        return issuer if isinstance(issuer, str) else ""

    @property
    def key_id(self) -> str | None:
        """The `kid` of the header."""
        kid = self.header.get("kid")
        return kid if isinstance(kid, str) else None

    def seconds(self, claim: str) -> float | None:
        """Give a time of the token, in epoch seconds.

        Raises:
            AccessDenied: it is no number.
        """
        value = self.claims.get(claim)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise AccessDenied(NOT_TRUSTED, reason=f"the token's {claim} is no number")
        return value


def read_token(authorization: str) -> Token | None:
    """Read a token that may stand behind the word Bearer; None when it is none.

    The guide allows the scheme, though it was refused once (aws-appsync-community
    #198).
    """
    text = authorization.strip()
    if text[: len(_BEARER)].lower() == _BEARER:
        text = text[len(_BEARER) :].strip()
    parts = text.split(".")
    if len(parts) != 3:
        return None
    header, claims = _member(parts[0]), _member(parts[1])
    if header is None or claims is None:
        return None
    return Token(text, header, claims)


def _member(part: str) -> dict[str, Any] | None:
    try:
        padded = part + "=" * (-len(part) % 4)
        value = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return None
    return value if isinstance(value, dict) else None


def check_signature(token: Token, keys: "KeySet", allowed: tuple[str, ...]) -> None:
    """Hold a token against its issuer's keys.

    Raises:
        AccessDenied: none of them has signed it.
    """
    # joserfc brings cryptography, 30 MB that most runs do not need.
    from joserfc import jws  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415

    algorithm = token.header.get("alg")
    if algorithm not in allowed:
        raise AccessDenied(NOT_TRUSTED, reason="the token's algorithm is not allowed")
    if token.key_id is not None:
        fitting = [key for key in keys.keys if key.kid == token.key_id]
    else:
        fitting = list(keys.keys)
    kind = {"H": "oct", "E": "EC"}.get(algorithm[0], "RSA")
    for key in fitting:
        if key.key_type != kind:
            continue
        try:
            jws.deserialize_compact(token.text, key, algorithms=[algorithm])
        except (JoseError, ValueError, TypeError):
            continue
        return
    known = "signed by another key" if fitting else "signed by a key nobody knows"
    raise AccessDenied(NOT_TRUSTED, reason=f"the token was {known}")


def check_times(token: Token, now: float) -> float:
    """Hold `exp`, `nbf` and `iat` of a token against the clock.

    Returns:
        Until when it is good.

    Raises:
        AccessDenied: it is not good now, or says not for how long.
    """
    expires, starts = token.seconds("exp"), token.seconds("nbf")
    if token.seconds("iat") is None or expires is None:
        raise AccessDenied(NOT_TRUSTED, reason="the token lacks iat or exp")
    if starts is not None and starts > now + SKEW:
        raise AccessDenied(NOT_TRUSTED, reason="the token is not good yet (nbf)")
    if expires <= now:
        raise AccessDenied(EXPIRED_TOKEN, reason="the token has expired (exp)")
    return expires


SKEW = 60.0
"""Seconds by which an issuer's clock may be ahead of ours."""
