"""What a test's client shows to be let in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from appsync_emulator.auth.caller import Signed
from appsync_emulator.auth.sigv4 import (
    ALGORITHM,
    canonical_request,
    sign,
    stamp,
    string_to_sign,
)

GRAPHQL = "/graphql"
CONNECT = "/graphql/connect"
"""The path for which a realtime connection is signed (developer guide)."""

HOST = {"host": "localhost"}


class Credentials(Protocol):
    """Headers for a request, or for a message that stands for one."""

    def headers(self, path: str, body: bytes) -> Mapping[str, str]:
        """Give them, by lower-case name, `host` among them."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same headers for everything: an API key, a token, or none."""

    given: Mapping[str, str]

    def headers(self, path: str, body: bytes) -> Mapping[str, str]:  # noqa: ARG002 -- nothing is signed
        """Give the headers."""
        return {**HOST, **{name.lower(): text for name, text in self.given.items()}}


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Signature Version 4, by an access key.

    Attributes:
        region: of the API.
        session_token: of temporary credentials; None without one.
        now: gives epoch seconds.
    """

    access_key: str
    secret: str = field(repr=False)
    region: str
    session_token: str | None = field(repr=False)
    now: Callable[[], float] = field(repr=False)

    def headers(self, path: str, body: bytes) -> Mapping[str, str]:
        """Sign."""
        date = stamp(datetime.fromtimestamp(self.now(), UTC))
        headers = {**HOST, "x-amz-date": date}
        if self.session_token is not None:
            headers["x-amz-security-token"] = self.session_token
        names = tuple(sorted(headers))
        request = Signed("POST", (path,), "", headers, body)
        scope = f"{date[:8]}/{self.region}/appsync/aws4_request"
        canonical = canonical_request(request, path, names)
        digest = sign(self.secret, scope, string_to_sign(canonical, scope, date))
        headers["authorization"] = (
            f"{ALGORITHM} Credential={self.access_key}/{scope}, "
            f"SignedHeaders={';'.join(names)}, Signature={digest}"
        )
        return headers
