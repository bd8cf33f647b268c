"""AWS_LAMBDA: a function of the application decides over each token.

Source: AppSync developer guide, AWS_LAMBDA authorization.
"""

import asyncio
import logging
import re
import uuid
from dataclasses import dataclass
from typing import Any

import orjson

from appsync_emulator.auth.admitted import Admitted
from appsync_emulator.auth.caller import (
    AccessDenied,
    Admission,
    AuthRequest,
    Caller,
    Rights,
)
from appsync_emulator.auth.pattern import compile_setting
from appsync_emulator.clock import Clock
from appsync_emulator.errors import EmulatorError
from appsync_emulator.jsontext import dumps
from appsync_emulator.lambdas.service import InvokeRejected, Lambdas
from appsync_emulator.model import AuthProvider
from appsync_emulator.types import JSON
from appsync_resolvers import Part

log = logging.getLogger(__name__)

SECONDS = 10.0
"""The guide's limit for an authorizer, however long the function itself may take."""

CACHED_LIMIT = 1_048_576
"""Bytes from which on a response is not kept."""

CONTEXT_LIMIT = 5 * 1024 * 1024
"""Bytes of `resolverContext`."""

_FIELD = re.compile(r"[^.]+\.[^.]+")
_ARN = re.compile(r"(arn:[^/]+:apis/[^/]+)/types/([^/]+)/fields/([^/]+)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an authorizer said of a token.

    Attributes:
        caller: None when the token is refused.
        reason: for the log, why it is.
        ttl: seconds for which this counts; None for the API's setting.
    """

    caller: Caller | None
    reason: str = ""
    ttl: float | None = None


class LambdaAuthorizer:
    """Asks a function, or remembers what it said.

    Args:
        provider: with a `LambdaAuthorizerConfig`.
        api_arn: of the API.
        lambdas: with the function.
        clock: for how long an answer counts.

    Raises:
        ProjectError: `IdentityValidationExpression` is no regular expression.
    """

    def __init__(
        self, provider: AuthProvider, api_arn: str, lambdas: Lambdas, clock: Clock
    ) -> None:
        settings = provider.settings
        self._function: str = settings["AuthorizerUri"]
        self._ttl: float = settings.get("AuthorizerResultTtlInSeconds", 0)
        self._pattern = compile_setting(provider, "IdentityValidationExpression")
        self._api_arn = api_arn
        self._lambdas = lambdas
        self._clock = clock
        self._known: Admitted[Verdict] = Admitted()

    def authenticate(self, request: AuthRequest) -> Admission:
        """Give the caller at once when the function's word still counts.

        Raises:
            AccessDenied: it does, against the caller; or the token is not of the form
                that the API asks for, which the function is not bothered with.
        """
        token = request.credentials["authorization"]
        if self._pattern is not None and not self._pattern.matches(token):
            reason = "the token does not match IdentityValidationExpression"
            raise AccessDenied(reason=reason)
        verdict = self._known.get(token, self._clock.now())
        if verdict is not None:
            return _admitted(verdict)
        return self._ask(token, request)

    def forget(self) -> None:
        """Ask again for every token."""
        self._known = Admitted()

    async def _ask(self, token: str, request: AuthRequest) -> Caller:
        answer = await self._invoke(dumps(self._event(token, request)))
        verdict = self._read(answer)
        ttl = self._ttl if verdict.ttl is None else verdict.ttl
        if ttl > 0 and len(answer) < CACHED_LIMIT:
            self._known.put(token, verdict, self._clock.now() + ttl)
        return _admitted(verdict)

    def _event(self, token: str, request: AuthRequest) -> dict[str, JSON]:
        query, name, variables = request.question()
        account, api_id = self._api_arn.split(":")[4], self._api_arn.split("/")[1]
        return {
            "authorizationToken": token,
            "requestContext": {
                "apiId": api_id,
                "accountId": account,
                "requestId": str(uuid.uuid4()),
                "queryString": query,
                "operationName": name,
                "variables": variables or {},
            },
            "requestHeaders": request.headers(),
        }

    async def _invoke(self, event: bytes) -> bytes:
        """Give what the function returned.

        Raises:
            AccessDenied: it returned nothing.
        """
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self._lambdas.invoke(self._function, event)
        except (InvokeRejected, EmulatorError) as error:
            # AppSync's answer when it cannot invoke it has no text at all (observed:
            # aws-cdk #19239), so the log has to have one.
            log.warning("The Lambda authorizer cannot be invoked: %s", error)
            raise AccessDenied(None, "BadRequestException", 400) from None
        except TimeoutError:
            reason = f"the Lambda authorizer took longer than {SECONDS:g} s"
            raise AccessDenied(reason=reason) from None
        if answer.function_error is not None:
            raise AccessDenied(reason="the Lambda authorizer failed")
        return answer.payload

    def _read(self, answer: bytes) -> Verdict:
        try:
            said = orjson.loads(answer)
        except orjson.JSONDecodeError:
            said = None
        if not isinstance(said, dict):
            return Verdict(None, "the Lambda authorizer returned no object")
        ttl = said.get("ttlOverride")
        if isinstance(ttl, bool) or not isinstance(ttl, int | float):
            ttl = None
        if said.get("isAuthorized") is not True:
            return Verdict(None, "the Lambda authorizer said no", ttl)
        context = said.get("resolverContext")
        if context is not None and (problem := _context_problem(context)):
            log.warning("The Lambda authorizer's resolverContext %s.", problem)
            return Verdict(None, f"resolverContext {problem}", ttl)
        denied = frozenset(self._denied(said.get("deniedFields")))
        # Without a context the identity has no member (LocalStack's recording of
        # `authType`).
        identity: dict[str, Any] = {}
        if context is not None:
            identity["resolverContext"] = context
        rights = Rights("AWS_LAMBDA", denied=denied)
        return Verdict(Caller(rights, Part(identity)), ttl=ttl)

    def _denied(self, fields: JSON) -> list[str]:
        """Give `Type.field` of each denied field; those of other APIs are left out."""
        found = []
        for one in fields if isinstance(fields, list) else ():
            arn = _ARN.fullmatch(one) if isinstance(one, str) else None
            if arn is not None and arn[1] == self._api_arn:
                found.append(f"{arn[2]}.{arn[3]}")
            elif arn is None and isinstance(one, str) and _FIELD.fullmatch(one):
                found.append(one)
            elif arn is None:
                # Neither wildcards nor types (aws-appsync-community #272).
                log.warning("deniedFields: %r is no Type.field and no ARN.", one)
        return found


def _admitted(verdict: Verdict) -> Caller:
    if verdict.caller is None:
        raise AccessDenied(reason=verdict.reason)
    return verdict.caller


def _context_problem(context: JSON) -> str | None:
    """Tell what AppSync does not take of a `resolverContext`, None for nothing."""
    if not isinstance(context, dict):
        return "is no object"
    if any(isinstance(one, dict | list) for one in context.values()):
        return "has nested values, which AppSync does not support"
    if len(dumps(context)) > CONTEXT_LIMIT:
        return "is larger than 5 MB"
    return None
