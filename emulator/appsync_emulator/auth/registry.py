"""Which class serves which authorization mode, and which mode which credentials."""

import logging
from collections.abc import Coroutine
from typing import Any

from appsync_emulator.auth.api_key import HEADER, ApiKeyAuthenticator
from appsync_emulator.auth.authorities import Authorities
from appsync_emulator.auth.caller import (
    UNUSABLE,
    AccessDenied,
    Admission,
    Authenticator,
    AuthRequest,
    Caller,
)
from appsync_emulator.auth.iam import IamAuthenticator
from appsync_emulator.auth.lambda_authorizer import LambdaAuthorizer
from appsync_emulator.auth.openid import OpenIdProvider
from appsync_emulator.auth.sigv4 import ALGORITHM
from appsync_emulator.auth.token_authenticator import Issuer, TokenAuthenticator
from appsync_emulator.auth.tokens import read_token
from appsync_emulator.auth.user_pool import UserPool
from appsync_emulator.clock import Clock
from appsync_emulator.model import Api, AuthProvider

log = logging.getLogger(__name__)

MISSING = "Missing authorization header"


class Gate:
    """Authenticates the callers of one API, each by one of its modes.

    A wrong key is not made good by a token beside it, nor the other way round.

    Args:
        api: its default and additional authorization modes, and its keys.
        clock: for what expires.
        authorities: who vouches for callers.

    Raises:
        ProjectError: a setting of a mode is not what it may be.
    """

    def __init__(self, api: Api, clock: Clock, authorities: Authorities) -> None:
        self._name = api.name
        providers = {one.type: one for one in (api.auth, *api.additional_auth)}
        self._keys: Authenticator | None = None
        self._signed: Authenticator | None = None
        self._lambda: LambdaAuthorizer | None = None
        if "API_KEY" in providers:
            self._keys = ApiKeyAuthenticator(api.api_keys, clock)
        if "AWS_IAM" in providers:
            arn = authorities.arn(api)
            self._signed = IamAuthenticator(authorities.credentials, arn, clock)
        if (provider := providers.get("AWS_LAMBDA")) is not None:
            self._lambda = LambdaAuthorizer(
                provider, authorities.arn(api), authorities.lambdas, clock
            )
        self._tokens = _token_authenticator(api, clock, authorities)

    def authenticate(self, request: AuthRequest) -> Admission:
        """Give the caller, or the coroutine that will.

        Raises:
            AccessDenied: with AppSync's status and text.
        """
        try:
            admission = self._choose(request).authenticate(request)
        except AccessDenied as denied:
            self._tell(denied)
            raise
        if isinstance(admission, Caller):
            return admission
        return self._wait(admission)

    def forget(self) -> None:
        """Ask authorizers again for every token; for the next test."""
        if self._lambda is not None:
            self._lambda.forget()

    async def _wait(self, admission: Coroutine[Any, Any, Caller]) -> Caller:
        try:
            return await admission
        except AccessDenied as denied:
            self._tell(denied)
            raise

    def _choose(self, request: AuthRequest) -> Authenticator:
        credentials = request.credentials
        authorization = credentials.get("authorization")
        if HEADER in credentials and self._keys is not None:
            # Who signs and sends a key beside it means the signature.
            if not self._signed or not _is_signed(authorization):
                return self._keys
        elif authorization is None:
            if HEADER in credentials:
                raise AccessDenied(reason="the API has no API_KEY mode")
            raise AccessDenied(MISSING)
        return self._by_shape(authorization or "")

    def _by_shape(self, authorization: str) -> Authenticator:
        """Choose by what an `Authorization` header looks like.

        The guide says which shapes a Lambda authorizer does not get: signatures where
        AWS_IAM is on, tokens of OpenID Connect where one of their modes is.
        """
        if self._signed is not None and _is_signed(authorization):
            return self._signed
        tokens = self._tokens
        if self._lambda is not None and authorization:
            wanted = tokens is not None and read_token(authorization) is not None
            return tokens if tokens is not None and wanted else self._lambda
        if tokens is not None and authorization:
            return tokens
        raise AccessDenied(UNUSABLE, reason="no mode of the API takes such a header")

    def _tell(self, denied: AccessDenied) -> None:
        reason = denied.reason or denied.message
        log.info("%s: a caller is refused: %s", self._name, reason)


def _is_signed(authorization: str | None) -> bool:
    return authorization is not None and authorization.startswith(ALGORITHM)


def _token_authenticator(
    api: Api, clock: Clock, authorities: Authorities
) -> TokenAuthenticator | None:
    providers = (api.auth, *api.additional_auth)
    made = (_issuer(one) for one in providers)
    issuers = [one for one in made if one is not None]
    if not issuers:
        return None
    alone = len(providers) == 1 and api.auth.type == "OPENID_CONNECT"
    return TokenAuthenticator(
        issuers,
        authorities.keys,
        clock,
        any_issuer=alone,
        unverified=authorities.unverified,
    )


def _issuer(provider: AuthProvider) -> Issuer | None:
    if provider.type == "OPENID_CONNECT":
        return OpenIdProvider(provider)
    if provider.type == "AMAZON_COGNITO_USER_POOLS":
        return UserPool(provider)
    return None
