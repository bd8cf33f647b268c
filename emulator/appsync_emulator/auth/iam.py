"""AWS_IAM: requests that are signed with a secret that the emulator knows.

Source: AppSync developer guide, AWS_IAM authorization; the texts of AWS's front door.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from appsync_emulator.auth.caller import (
    AccessDenied,
    AuthRequest,
    Caller,
    Rights,
    Signed,
    source_ips,
)
from appsync_emulator.auth.policy import Policy
from appsync_emulator.auth.sigv4 import (
    Signature,
    canonical_request,
    read_signature,
    signing_time,
    stamp,
    string_to_sign,
    verifies,
)
from appsync_emulator.clock import Clock
from appsync_emulator.types import JSON
from appsync_resolvers import Part

SKEW = timedelta(minutes=5)
TOKEN = "x-amz-security-token"  # noqa: S105 -- a header's name
SECRETS = (TOKEN, "authorization", "x-api-key", "cookie")
"""Headers whose values no answer repeats."""

PERMISSION_DENIED = "Permission denied"
"""Observed: amplify-cli #4137."""

IDENTITY = (
    "accountId",
    "cognitoIdentityPoolId",
    "cognitoIdentityId",
    "sourceIp",
    "username",
    "userArn",
    "cognitoIdentityAuthType",
    "cognitoIdentityAuthProvider",
)
"""The members of `ctx.identity`; those of an identity pool are null without one."""


@dataclass(frozen=True, slots=True)
class IamCredential:
    """An access key.

    Attributes:
        access_key: its id.
        identity: members of `ctx.identity`, all but `sourceIp`.
        session_token: that has to come with it; None when it is not looked at.
        expires: epoch seconds; None for never.
        policy: what its owner may; None when nothing is known, which allows all.
    """

    access_key: str
    secret: str = field(repr=False)
    identity: Mapping[str, JSON] = field(default_factory=dict)
    session_token: str | None = field(default=None, repr=False)
    expires: float | None = None
    policy: Policy | None = None


class IamAuthenticator:
    """Lets in whoever has signed with a known secret.

    Args:
        credentials: by access key.
        api_arn: of the API.
        clock: for the age of signatures.
    """

    def __init__(
        self, credentials: Mapping[str, IamCredential], api_arn: str, clock: Clock
    ) -> None:
        self._credentials = credentials
        self._api_arn = api_arn
        self._region = api_arn.split(":")[3]
        self._clock = clock

    def authenticate(self, request: AuthRequest) -> Caller:
        """Give who has signed.

        Raises:
            AccessDenied: in AWS's words, unless the signature holds.
        """
        signature = read_signature(request.credentials["authorization"])
        signed = request.signed()
        if signature is None:
            raise _bad("Authorization header is incomplete.", "not as SigV4 wants it")
        credential = self._credential(signature, signed)
        if "host" not in signature.signed:
            message = "'Host' or ':authority' must be a 'SignedHeader' in the AWS "
            raise _bad(f"{message}Authorization.", "the host is not signed")
        self._check_scope(signature)
        self._check_time(signature, signed)
        if not verifies(signed, signature, credential.secret):
            raise _bad(_mismatch(signed, signature), "the signature does not match")
        if credential.policy is not None and not credential.policy.allows_some(
            self._api_arn
        ):
            reason = "the caller's policies allow nothing of the API"
            raise AccessDenied(PERMISSION_DENIED, reason=reason)
        members: dict[str, Any] = dict.fromkeys(IDENTITY)
        members |= {**credential.identity, "sourceIp": source_ips(request.sources)}
        return Caller(Rights("AWS_IAM", policy=credential.policy), Part(members))

    def _credential(self, signature: Signature, signed: Signed) -> IamCredential:
        credential = self._credentials.get(signature.access_key)
        if credential is None:
            raise _unknown("no --iam-credential has the access key")
        token = credential.session_token
        given = signed.headers.get(TOKEN, "")
        if token is not None and not hmac.compare_digest(
            token.encode(), given.encode()
        ):
            raise _unknown("the session token is not the access key's")
        if credential.expires is not None and credential.expires <= self._clock.now():
            raise AccessDenied(
                "The security token included in the request is expired",
                "ExpiredTokenException",
                403,
                reason="the access key has expired",
            )
        return credential

    def _check_scope(self, signature: Signature) -> None:
        # The service is not compared: Amplify signs for `execute-api` when its
        # endpoint is not one of AWS's.
        if signature.region != self._region:
            raise _bad(
                "Credential should be scoped to a valid region, "
                f"not '{signature.region}'. ",
                f"it is signed for another region than {self._region} (--region)",
            )

    def _check_time(self, signature: Signature, signed: Signed) -> None:
        at = signing_time(signed.headers)
        if at is None:
            message = (
                "Authorization header requires existence of either a 'X-Amz-Date' or a "
                "'Date' header."
            )
            raise _bad(message, "there is no x-amz-date")
        if not stamp(at).startswith(signature.date):
            message = "Date in Credential scope does not match YYYYMMDD from ISO-8601"
            raise _bad(message, "its scope is of another day")
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        if at < now - SKEW:
            message = (
                f"Signature expired: {stamp(at)} is now earlier than "
                f"{stamp(now - SKEW)} ({stamp(now)} - 5 min.)"
            )
            raise _bad(message, "it was signed more than 5 minutes ago")
        if at > now + SKEW:
            message = (
                f"Signature not yet current: {stamp(at)} is still later than "
                f"{stamp(now + SKEW)} ({stamp(now)} + 5 min.)"
            )
            raise _bad(message, "it was signed more than 5 minutes from now")


def known_credential(
    access_key: str, secret: str, account: str, given: Mapping[str, Any]
) -> IamCredential:
    """Make a credential from what a user wrote.

    Args:
        access_key: its id.
        secret: what signs.
        account: of the emulator.
        given: members of `ctx.identity`; beside them `sessionToken`, `expiration`
            (epoch seconds).
    """
    digits = hashlib.sha256(access_key.encode()).hexdigest().upper()
    identity: dict[str, JSON] = {
        "accountId": account,
        "username": f"AIDA{digits[:17]}",
        "userArn": f"arn:aws:iam::{account}:user/local",
    }
    identity |= {name: given[name] for name in IDENTITY if name in given}
    return IamCredential(
        access_key,
        secret,
        identity,
        session_token=given.get("sessionToken"),
        expires=given.get("expiration"),
        policy=given.get("policy"),
    )


def _unknown(reason: str) -> AccessDenied:
    # Observed: amplify-js #3447 (the status), amplify-cli #3380 (the body).
    return AccessDenied(
        "The security token included in the request is invalid.",
        "UnrecognizedClientException",
        403,
        reason=reason,
    )


def _bad(message: str, reason: str) -> AccessDenied:
    """Refuse a signature.

    The status was 403 in 2018 with `InvalidSignatureException` in the header
    (amplify-js #2422); since 2020 it is 400, and `BadRequestException` over HTTP and
    websockets (amplify-js #5869 and #11480, aws-mobile-appsync-sdk-js #619).
    """
    return AccessDenied(message, "BadRequestException", 400, reason=reason)


def _mismatch(signed: Signed, signature: Signature) -> str:
    """Give AWS's text, which shows what should have been signed (amplify-js #14001).

    The session token, which is in there on AWS, is left out.
    """
    headers = {
        name: "***" if name in SECRETS else value
        for name, value in signed.headers.items()
    }
    shown = Signed(signed.method, signed.paths, signed.query, headers, signed.body)
    canonical = canonical_request(shown, signed.paths[0], signature.signed)
    real = canonical_request(signed, signed.paths[0], signature.signed)
    text = string_to_sign(real, signature.scope, signed.headers.get("x-amz-date", ""))
    return (
        "The request signature we calculated does not match the signature you "
        "provided. Check your AWS Secret Access Key and signing method. Consult the "
        "service documentation for details.\n\nThe Canonical String for this request "
        f"should have been\n'{canonical}'\n\nThe String-to-Sign should have been\n"
        f"'{text}'\n"
    )
