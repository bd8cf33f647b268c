"""What issuers of tokens serve: discovery document, keys, and Cognito's sign-in.

Everything is at the emulator's own port, because clients keep these URLs in their
configuration: `userPoolEndpoint` of Amplify, `--endpoint-url` of AWS's SDKs.

Sources: OpenID Connect Discovery 1.0; Cognito developer guide, "Verifying JSON web
tokens". What Cognito's document says of its web pages is left out: there are none here.
"""

import logging

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from appsync_emulator.issuer.issuers import PATH, Issuer
from appsync_emulator.issuer.keys import ALGORITHM, LocalKeys
from appsync_emulator.services.client import ServiceError
from appsync_emulator.services.service import Services
from appsync_emulator.types import JSON

log = logging.getLogger(__name__)

COGNITO = "/_emulator/cognito-idp"
"""Where Cognito's sign-in is."""

MAX_BODY = 131_072
"""Bytes of a request to Cognito; its own limits are far below."""

_TYPE = "application/x-amz-json-1.1"
_CORS = {"access-control-allow-origin": "*", "access-control-expose-headers": "*"}
_PASSED_ON = ("authorization", "content-type", "x-amz-target", "x-amz-user-agent")


def routes(keys: LocalKeys | None, services: Services | None) -> list[Route]:
    """Give the routes.

    Args:
        keys: of the local issuers; None when there are none.
        services: where Cognito is; None when it is not served.
    """
    known = {} if keys is None else {one.name: one for one in keys.issuers}

    async def discovery(request: Request) -> Response:
        issuer = known.get(request.path_params["name"])
        if issuer is None:
            return _unknown(request)
        return JSONResponse(_document(issuer, _place(request)), headers=_CORS)

    async def jwks(request: Request) -> Response:
        issuer = known.get(request.path_params["name"])
        if issuer is None or keys is None:
            return _unknown(request)
        return JSONResponse(keys.jwks(issuer.url), headers=_CORS)

    async def cognito(request: Request) -> Response:
        return await _cognito(request, services)

    base = f"{PATH}{{name}}/.well-known"
    return [
        Route(f"{base}/openid-configuration", discovery),
        Route(f"{base}/jwks.json", jwks),
        Route(COGNITO, cognito, methods=["POST"]),
        Route(f"{COGNITO}/", cognito, methods=["POST"]),
    ]


def _place(request: Request) -> str:
    """Give the issuer's URL at the emulator, as the client writes it."""
    name = request.path_params["name"]
    return f"{str(request.base_url).rstrip('/')}{PATH}{name}"


def _document(issuer: Issuer, place: str) -> dict[str, JSON]:
    return {
        "issuer": issuer.url,
        "jwks_uri": f"{place}/.well-known/jwks.json",
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
    }


def _unknown(request: Request) -> Response:
    name = request.path_params["name"]
    message = f"There is no local issuer {name!r}."
    return JSONResponse({"message": message}, 404, headers=_CORS)


async def _cognito(request: Request, services: Services | None) -> Response:
    """Pass a request to Cognito on to whoever serves it."""
    if services is None or "cognito-idp" not in services.running:
        reason = services.problem if services is not None else None
        text = reason or "No template has a user pool."
        return _refusal(501, "NotEmulated", f"Cognito is not served: {text}")
    try:
        body = await _body(request)
    except ClientDisconnect:
        return Response(status_code=400)
    if body is None:
        return _refusal(413, "RequestEntityTooLarge", "Request size is too large")
    headers = {
        name: request.headers[name] for name in _PASSED_ON if name in request.headers
    }
    try:
        status, answer = await services.client.forward("cognito-idp", headers, body)
    except ServiceError as error:
        return _refusal(503, "ServiceUnavailableException", str(error))
    if status >= 500 and not _is_json(answer):
        # What moto does not have ends in a page of HTML.
        action = request.headers.get("x-amz-target", "").rpartition(".")[2]
        text = f"Cognito's action {action!r} is not emulated."
        return _refusal(501, "NotEmulated", text)
    return Response(answer, status, headers=_CORS, media_type=_TYPE)


async def _body(request: Request) -> bytes | None:
    """Read the body; None when it is too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            return None
    return body


def _refusal(status: int, kind: str, message: str) -> Response:
    content = orjson.dumps({"__type": kind, "message": message})
    headers = {**_CORS, "x-amzn-errortype": kind}
    return Response(content, status, headers=headers, media_type=_TYPE)


def _is_json(content: bytes) -> bool:
    try:
        return isinstance(orjson.loads(content), dict)
    except orjson.JSONDecodeError:
        return False
