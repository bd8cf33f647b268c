"""`POST /graphql`: one GraphQL operation over HTTP.

The order of the checks is the order in which AppSync answers; each is a function of its
own. A plain ASGI function and not a Starlette route, because this is the path that
every token of a stream takes.
"""

import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import orjson

from appsync_emulator.auth.caller import Caller, Denied
from appsync_emulator.execution.operation import RequestRejected
from appsync_emulator.execution.outcome import Outcome
from appsync_emulator.execution.variables import VariableRejected
from appsync_emulator.servedapi import ServedApi
from appsync_emulator.types import JSON
from appsync_resolvers import Part

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

BODY_LIMIT = 10 * 1024 * 1024
"""Bytes. AWS publishes no limit; 10 MB is what the other HTTP front doors of AWS take,
and it keeps one request from filling the memory."""

CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        (
            b"x-amzn-RequestId,x-amzn-ErrorType,x-amz-user-agent,x-amzn-ErrorMessage,"
            b"Date,x-amz-schema-version"
        ),
    ),
]
JSON_TYPE = (b"content-type", b"application/json;charset=UTF-8")
TOKENS = (b"x-amzn-appsync-tokensconsumed", b"1")
UNPARSABLE = "Unable to parse GraphQL query."
Question = tuple[str, str | None, dict[str, JSON] | None]
"""Query, operation name and variables."""

HIDDEN = {b"cookie"}
"""Request headers that resolvers never see (developer guide, context reference)."""


class Refused(Exception):
    """A request that is answered without running anything.

    Attributes:
        status: of the response.
        errors: the `errors` member.
        error_type: sent as `x-amzn-errortype`, without which Amplify reports an
            unknown error; None for a status of 200.
        data_null: whether `data: null` stands before `errors`.
    """

    def __init__(
        self,
        status: int,
        errors: list[dict[str, JSON]],
        error_type: str | None,
        *,
        data_null: bool = False,
    ) -> None:
        super().__init__(error_type)
        self.status = status
        self.errors = errors
        self.error_type = error_type
        self.data_null = data_null


def refuse(status: int, error_type: str, message: str) -> Refused:
    """Make a refusal with AppSync's two-member error."""
    entry = {"errorType": error_type, "message": message}
    return Refused(status, [entry], error_type)


async def serve_graphql(
    api: ServedApi, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer one HTTP request to an API's endpoint."""
    request_id = str(uuid.uuid4())
    try:
        body, headers = await answer(api, scope, receive)
        status = 200
    except Refused as refused:
        status, body, headers = refusal(refused)
        log.debug("%s refused: %s", request_id, body.decode())
    if scope["method"] == "OPTIONS":
        headers = preflight_headers(scope)
    start = [
        JSON_TYPE,
        (b"content-length", b"%d" % len(body)),
        (b"x-amzn-requestid", request_id.encode()),
        *CORS,
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def answer(
    api: ServedApi, scope: Scope, receive: Receive
) -> tuple[bytes, Headers]:
    """Give the body and the further headers of the response.

    Raises:
        Refused: with the answer instead.
    """
    method = scope["method"]
    if method == "OPTIONS":
        return b"", []
    if method not in {"POST", "GET"}:
        # Coral, the framework in front of AppSync, answers so to unknown operations.
        raise refuse(404, "UnknownOperationException", f"Unknown operation: {method}")
    body = await read_body(receive)
    headers = fold_headers(scope["headers"])
    caller = authenticate(api, headers)
    request = read_query(scope) if method == "GET" else read_json(body)
    outcome = await run(api, caller, headers, members(request))
    extra = [(name.encode(), value.encode()) for name, value in outcome.headers.items()]
    return encode(outcome), [TOKENS, *extra]


async def read_body(receive: Receive) -> bytes:
    """Read the request's body.

    Raises:
        Refused: it is too large.
    """
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            break
    if len(body) > BODY_LIMIT:
        raise refuse(413, "RequestEntityTooLargeException", "Request body too large.")
    return body


def fold_headers(raw: Headers) -> dict[str, JSON]:
    """Give the headers as resolvers see them: lower case, repeated ones as a list."""
    headers: dict[str, JSON] = {}
    for name, value in raw:
        if name in HIDDEN:
            continue
        key, text = name.decode("latin-1"), value.decode("latin-1")
        known = headers.get(key)
        if known is None:
            headers[key] = text
        elif isinstance(known, list):
            known.append(text)
        else:
            headers[key] = [known, text]
    return headers


def authenticate(api: ServedApi, headers: Mapping[str, JSON]) -> Caller:
    """Give the caller.

    Raises:
        Refused: with AppSync's status, header and body.
    """
    credentials = {
        name: value for name, value in headers.items() if isinstance(value, str)
    }
    try:
        return api.gate.authenticate(credentials)
    except Denied as denied:
        raise refuse(denied.status, denied.error_type, denied.message) from None


def read_json(body: bytes) -> JSON:
    """Parse a POST body, whatever its content type: AWS's own examples vary.

    Raises:
        Refused: it is empty or not JSON.
    """
    if not body.strip():
        raise malformed("Request body is empty.")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise malformed(UNPARSABLE) from None


def read_query(scope: Scope) -> JSON:
    """Take the request of a GET from its query string.

    Raises:
        Refused: its variables are not JSON.
    """
    text = scope["query_string"].decode("latin-1")
    found = {name: values[0] for name, values in parse_qs(text).items()}
    request: dict[str, JSON] = {
        name: found[name] for name in ("query", "operationName") if name in found
    }
    if "variables" in found:
        request["variables"] = read_json(found["variables"].encode())
    return request


def members(request: JSON) -> Question:
    """Give query, operation name and variables of a request; others are ignored.

    Raises:
        Refused: a member is missing or not of its type.
    """
    if not isinstance(request, dict) or not isinstance(request.get("query"), str):
        raise malformed(UNPARSABLE)
    name, variables = request.get("operationName"), request.get("variables")
    if not isinstance(name, str | None) or not isinstance(variables, dict | None):
        raise malformed(UNPARSABLE)
    # An empty operationName is sent by tools that mean none.
    return request["query"], name or None, variables


async def run(
    api: ServedApi,
    caller: Caller,
    headers: dict[str, JSON],
    question: Question,
) -> Outcome:
    """Execute the operation.

    Raises:
        Refused: the document or its variables are not valid.
    """
    request = Part({"headers": headers, "domainName": None})
    try:
        outcome = api.execute(caller, request, *question)
        return outcome if isinstance(outcome, Outcome) else await outcome
    except RequestRejected as rejected:
        raise Refused(
            rejected.status,
            rejected.errors,
            rejected.error_type,
            data_null=rejected.status == 200,
        ) from None
    except VariableRejected as rejected:
        raise Refused(200, rejected.errors, None, data_null=True) from None


def malformed(message: str) -> Refused:
    """Refuse a body that is not a GraphQL request."""
    return refuse(400, "MalformedHttpRequestException", message)


def encode(outcome: Outcome) -> bytes:
    """Give the response body: `data`, then `errors` and `extensions` if any."""
    response: dict[str, JSON] = {"data": outcome.data}
    if outcome.errors:
        response["errors"] = outcome.errors
    if outcome.extensions:
        response["extensions"] = outcome.extensions
    return orjson.dumps(response, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def refusal(refused: Refused) -> tuple[int, bytes, Headers]:
    """Give status, body and further headers of a refusal."""
    response: dict[str, JSON] = {"data": None} if refused.data_null else {}
    response["errors"] = refused.errors
    headers: Headers = []
    if refused.error_type is not None:
        headers.append((b"x-amzn-errortype", refused.error_type.encode()))
    return refused.status, orjson.dumps(response), headers


def preflight_headers(scope: Scope) -> Headers:
    """Give what a browser needs to go on after its preflight.

    Captures show no `allow-headers`; what was asked for is echoed, because a browser
    does not let `*` cover `authorization`.
    """
    asked = dict(scope["headers"]).get(b"access-control-request-headers", b"*")
    return [
        (b"access-control-allow-headers", asked),
        (b"access-control-allow-methods", b"POST, GET, OPTIONS"),
        (b"access-control-max-age", b"172800"),
    ]
