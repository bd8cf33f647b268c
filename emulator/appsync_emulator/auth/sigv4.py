"""Signature Version 4, looked at from the other side.

Source: IAM user guide, create a signed AWS API request. Ours and not botocore's: that
signs and does not verify, it rewrites what it signs, and it is 30 MB.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote_to_bytes

from appsync_emulator.auth.caller import Signed

ALGORITHM = "AWS4-HMAC-SHA256"
_PART = re.compile(r"(Credential|SignedHeaders|Signature)=([^\s,]+)")
_DATE = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Signature:
    """What an `Authorization` header says.

    Attributes:
        access_key: whose secret signed.
        scope: date, region, service and `aws4_request`, joined with slashes.
        signed: names of the headers that are signed, in lower case.
        digest: the signature itself.
    """

    access_key: str
    scope: str
    signed: tuple[str, ...]
    digest: str

    @property
    def date(self) -> str:
        """The date of the scope."""
        return self.scope.split("/")[0]

    @property
    def region(self) -> str:
        """The region of the scope."""
        return self.scope.split("/")[1]


def read_signature(authorization: str) -> Signature | None:
    """Read a header; None when something is missing."""
    if not authorization.startswith(ALGORITHM):
        return None
    found = dict(_PART.findall(authorization))
    credential = found.get("Credential", "").split("/")
    if len(found) != 3 or len(credential) != 5 or credential[4] != "aws4_request":
        return None
    names = tuple(found["SignedHeaders"].split(";"))
    return Signature(credential[0], "/".join(credential[1:]), names, found["Signature"])


def signing_time(headers: Mapping[str, str]) -> datetime | None:
    """Give when a request was signed; None when it does not say."""
    try:
        return datetime.strptime(headers["x-amz-date"], _DATE).replace(tzinfo=UTC)
    except (KeyError, ValueError):
        return None


def stamp(at: datetime) -> str:
    """Give a time in the form of signatures."""
    return at.strftime(_DATE)


def canonical_request(request: Signed, path: str, names: tuple[str, ...]) -> str:
    """Give the text whose digest is signed."""
    headers = "".join(
        f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in names
    )
    return "\n".join(
        (
            request.method,
            quote(path, safe="/~-_."),
            _canonical_query(request.query),
            headers,
            ";".join(names),
            hashlib.sha256(request.body).hexdigest(),
        )
    )


def string_to_sign(canonical: str, scope: str, date: str) -> str:
    """Give the text that is signed."""
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return f"{ALGORITHM}\n{date}\n{scope}\n{digest}"


def sign(secret: str, scope: str, text: str) -> str:
    """Sign a text with the key that a secret has for a scope."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def verifies(request: Signed, signature: Signature, secret: str) -> bool:
    """Tell whether a secret has signed a request, by any of its paths."""
    date = request.headers.get("x-amz-date", "")
    for path in request.paths:
        canonical = canonical_request(request, path, signature.signed)
        text = string_to_sign(canonical, signature.scope, date)
        digest = sign(secret, signature.scope, text)
        if hmac.compare_digest(digest.encode(), signature.digest.encode()):
            return True
    return False


def _canonical_query(query: str) -> str:
    pairs = (part.partition("=") for part in query.split("&") if part)
    coded = sorted((_coded(name), _coded(value)) for name, _, value in pairs)
    return "&".join(f"{name}={value}" for name, value in coded)


def _coded(text: str) -> str:
    return quote(unquote_to_bytes(text), safe="~-_.")
