"""`POST /graphql`: one GraphQL operation over HTTP.

The order of the checks is the order in which AppSync answers; each is a function of its
own. A plain ASGI function and not a Starlette route, because this is the path that
every token of a stream takes.
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import orjson

from appsync_emulator.auth.caller import AccessDenied, Admission, Caller, Question
from appsync_emulator.errors import UNPARSABLE
from appsync_emulator.execution.operation import RequestRejected
from appsync_emulator.execution.outcome import Outcome
from appsync_emulator.execution.variables import VariableRejected
from appsync_emulator.jsontext import dumps
from appsync_emulator.servedapi import ServedApi
from appsync_emulator.server.authrequest import HttpAuthRequest, fold_headers
from appsync_emulator.server.exchange import (
    BODY_LIMIT,
    Answer,
    Answered,
    Headers,
    HttpRequest,
    internal_failure,
    preflight,
)
from appsync_emulator.types import JSON
from appsync_resolvers import Part

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

TOKENS = (b"x-amzn-appsync-tokensconsumed", b"1")

NOTHING: Question = ("", None, None)
"""What a body that cannot be read asks."""


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


def refuse(status: int, error_type: str, message: str | None) -> Refused:
    """Make a refusal with AppSync's two-member error; without a text it has one."""
    entry: dict[str, JSON] = {"errorType": error_type}
    if message is not None:
        entry["message"] = message
    return Refused(status, [entry], error_type)


async def serve_graphql(
    api: ServedApi, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer a request as an ASGI application does."""
    body = await read_body(receive)
    client = scope.get("client")
    request = HttpRequest(
        scope["method"],
        scope["query_string"],
        scope["headers"],
        body,
        scope.get("raw_path") or scope["path"].encode(),
        client[0] if client else None,
    )
    answered = answer(api, request)
    done = answered if isinstance(answered, Answer) else await answered
    start = {"type": "http.response.start", "status": done.status}
    await send({**start, "headers": done.head()})
    await send({"type": "http.response.body", "body": done.body})


async def read_body(receive: Receive) -> bytes:
    """Read the request's body, up to a little more than is allowed."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= BODY_LIMIT:
        message = await receive()
        body += message.get("body", b"")
    return body


def answer(api: ServedApi, request: HttpRequest) -> Answered:
    """Answer a request to an API's endpoint, whatever happens.

    Returns:
        The answer, or a coroutine that gives it when a data source waits.
    """
    if request.method == "OPTIONS":
        return preflight(request.headers)
    try:
        outcome = start(api, request)
        return success(outcome) if isinstance(outcome, Outcome) else finish(outcome)
    except Refused as refused:
        return refusal(refused)
    except Exception:
        log.exception("a request failed")
        return internal_failure()


async def finish(running: Coroutine[Any, Any, Outcome]) -> Answer:
    """Wait for an operation and give its answer, whatever happens."""
    try:
        return success(await running)
    except Refused as refused:
        return refusal(refused)
    except Exception:
        log.exception("a request failed")
        return internal_failure()


def start(
    api: ServedApi, request: HttpRequest
) -> Outcome | Coroutine[Any, Any, Outcome]:
    """Check the request and start its operation.

    Raises:
        Refused: with the answer instead.
    """
    if request.method not in {"POST", "GET"}:
        # Coral, the framework in front of AppSync, answers so to unknown operations.
        message = f"Unknown operation: {request.method}"
        raise refuse(404, "UnknownOperationException", message)
    if len(request.body) > BODY_LIMIT:
        raise refuse(413, "RequestEntityTooLargeException", "Request body too large.")
    caller = authenticate(api, request)
    if isinstance(caller, Caller):
        return execute(api, request, caller)
    return execute_later(api, request, caller)


async def execute_later(
    api: ServedApi, request: HttpRequest, admission: Coroutine[Any, Any, Caller]
) -> Outcome:
    """Wait for the caller, then run what it asks.

    Raises:
        Refused: with the answer instead.
    """
    try:
        caller = await admission
    except AccessDenied as denied:
        raise refuse(denied.status, denied.error_type, denied.message) from None
    outcome = execute(api, request, caller)
    return outcome if isinstance(outcome, Outcome) else await outcome


def execute(
    api: ServedApi, request: HttpRequest, caller: Caller
) -> Outcome | Coroutine[Any, Any, Outcome]:
    """Start the operation of somebody who was let in.

    Raises:
        Refused: with the answer instead.
    """
    question = read_question(request)
    headers = Part(None, partial(context_request, request.headers))
    try:
        return api.execute(caller, headers, *question)
    except RequestRejected as rejected:
        valid = rejected.status == 200
        raise Refused(
            rejected.status, rejected.errors, rejected.error_type, data_null=valid
        ) from None
    except VariableRejected as rejected:
        raise Refused(200, rejected.errors, None, data_null=True) from None


def context_request(raw: Headers) -> dict[str, JSON]:
    """Give `ctx.request`."""
    return {"headers": fold_headers(raw), "domainName": None}


def authenticate(api: ServedApi, request: HttpRequest) -> Admission:
    """Give the caller, or the coroutine that will.

    Raises:
        Refused: with AppSync's status, header and body.
    """
    try:
        return api.gate.authenticate(HttpAuthRequest(request, question_of))
    except AccessDenied as denied:
        raise refuse(denied.status, denied.error_type, denied.message) from None


def read_question(request: HttpRequest) -> Question:
    """Give query, operation name and variables.

    Raises:
        Refused: the request has none that can be read.
    """
    posted = request.method == "POST"
    return members(read_json(request.body) if posted else read_query(request))


def question_of(request: HttpRequest) -> Question:
    """Give what is asked to those who authorize, before it is known to be readable."""
    try:
        return read_question(request)
    except Refused:
        return NOTHING


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


def read_query(request: HttpRequest) -> JSON:
    """Take the request of a GET from its query string.

    Raises:
        Refused: its variables are not JSON.
    """
    text = request.query_string.decode("latin-1")
    found = {name: values[0] for name, values in parse_qs(text).items()}
    question: dict[str, JSON] = {
        name: found[name] for name in ("query", "operationName") if name in found
    }
    if "variables" in found:
        question["variables"] = read_json(found["variables"].encode())
    return question


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


def malformed(message: str) -> Refused:
    """Refuse a body that is not a GraphQL request."""
    return refuse(400, "MalformedHttpRequestException", message)


def success(outcome: Outcome) -> Answer:
    """Give the answer: `data`, then `errors` and `extensions` if any."""
    response: dict[str, JSON] = {"data": outcome.data}
    if outcome.errors:
        response["errors"] = outcome.errors
    if outcome.extensions:
        response["extensions"] = outcome.extensions
    headers = [TOKENS]
    for name, value in outcome.headers.items():
        headers.append((name.encode(), value.encode()))
    return Answer(200, dumps(response), headers)


def refusal(refused: Refused) -> Answer:
    """Give the answer to a request that is refused."""
    response: dict[str, JSON] = {"data": None} if refused.data_null else {}
    response["errors"] = refused.errors
    body = dumps(response)
    log.debug("refused with status %d: %s", refused.status, body)
    headers: Headers = []
    if refused.error_type is not None:
        headers.append((b"x-amzn-errortype", refused.error_type.encode()))
    return Answer(refused.status, body, headers)
