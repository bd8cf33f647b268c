"""Lambda's own API: invoke functions, list them, ask what they are like.

For boto3, the AWS CLI, any other SDK, and for functions that call functions. It is
REST-JSON with Lambda's own members in errors. Signatures are not checked: whoever
reaches this port may invoke whatever runs behind it. Every qualifier runs the one
version there is.

Sources: Lambda API reference (Invoke, InvokeWithResponseStream, InvokeAsync,
GetFunction, GetFunctionConfiguration, ListFunctions); paths, headers and members are
those of the service model that AWS's SDKs are made from.
"""

import base64
import binascii
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from appsync_emulator.background import Background
from appsync_emulator.errors import EmulatorError
from appsync_emulator.lambdas.invocation import (
    SYNC_REQUEST_LIMIT,
    Invocation,
    InvokeRejected,
    too_large,
)
from appsync_emulator.lambdas.names import (
    PATTERN,
    QUALIFIER,
    is_name,
    is_qualifier,
    region_of,
    split_name,
)
from appsync_emulator.lambdas.service import Lambdas
from appsync_emulator.server.exchange import request_id
from appsync_emulator.server.lambda_description import configuration, page
from appsync_emulator.server.lambda_stream import stream_response
from appsync_emulator.types import JSON

log = logging.getLogger(__name__)

FUNCTIONS = "/2015-03-31/functions"
INVOCATION_TYPES = ("Event", "RequestResponse", "DryRun")


@dataclass(frozen=True, slots=True)
class Call:
    """A request to invoke a function, checked.

    Attributes:
        name: of the function, with the qualifier when there is one.
        context: JSON text of the client context, None without one.
        tail: whether the end of the log is wanted.
    """

    name: str
    kind: str
    payload: bytes
    context: str | None
    tail: bool


def routes(lambdas: Lambdas, region: str, background: Background) -> list[Route]:
    """Give the routes.

    Args:
        lambdas: the functions.
        region: an ARN of another one is refused.
        background: owns invocations whose responses are streamed.
    """

    async def invoke(request: Request) -> Response:
        call = await _call(request, region)
        if call.kind == "DryRun":
            lambdas.find(call.name)
            return _answer(204)
        if call.kind == "Event":
            given = lambdas.invoke_event(call.name, call.payload, call.context)
            return _answer(202, known_as=given)
        return _invoked(
            await lambdas.invoke(call.name, call.payload, call.context), tail=call.tail
        )

    async def invoke_async(request: Request) -> Response:
        name = _name(request, region)
        payload = _json(await _body(request))
        given = lambdas.invoke_event(name, payload)
        return _answer(202, orjson.dumps({"Status": 202}), known_as=given)

    async def invoke_streaming(request: Request) -> Response:
        call = await _call(request, region)
        if call.kind == "Event":
            raise _invalid("invocationType", "Event", _allow("RequestResponse, DryRun"))
        if call.kind == "DryRun":
            lambdas.find(call.name)
            return _answer(204)
        return await stream_response(
            lambda parts: lambdas.invoke(call.name, call.payload, call.context, parts),
            background,
            tail=call.tail,
        )

    async def get_function(request: Request) -> Response:
        function = lambdas.find(_name(request, region))
        about: dict[str, JSON] = {"Configuration": configuration(function)}
        if function.code is not None:
            # On AWS a URL of S3; here the code lies on the same machine.
            location = function.code.resolve().as_uri()
            about["Code"] = {"RepositoryType": "FILE", "Location": location}
        if function.reserved_concurrency is not None:
            reserved = function.reserved_concurrency
            about["Concurrency"] = {"ReservedConcurrentExecutions": reserved}
        return _answer(200, orjson.dumps(about))

    async def get_configuration(request: Request) -> Response:
        function = lambdas.find(_name(request, region))
        return _answer(200, orjson.dumps(configuration(function)))

    async def list_functions(request: Request) -> Response:
        listed = page(lambdas.functions, request.query_params)
        return _answer(200, orjson.dumps(listed))

    one = FUNCTIONS + "/{name}"
    streaming = "/2021-11-15/functions/{name}/response-streaming-invocations"
    older = "/2014-11-13/functions/{name}/invoke-async"
    return [
        _route(f"{one}/invocations", invoke, "POST"),
        _route(streaming, invoke_streaming, "POST"),
        _route(older, invoke_async, "POST"),
        _route(older + "/", invoke_async, "POST"),
        _route(one, get_function, "GET"),
        _route(f"{one}/configuration", get_configuration, "GET"),
        _route(FUNCTIONS, list_functions, "GET"),
        _route(FUNCTIONS + "/", list_functions, "GET"),
    ]


def _route(
    path: str, act: Callable[[Request], Awaitable[Response]], method: str
) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return await act(request)
        except InvokeRejected as error:
            return _failure(error)
        except ClientDisconnect:
            return _answer(400)
        except EmulatorError as error:
            # Not one of the 5xx that SDKs repeat: it would fail again each time.
            return _failure(InvokeRejected("NotEmulated", str(error), 501))
        except Exception:
            log.exception("%s %s failed", request.method, request.url.path)
            message = "The emulator failed; its log says how."
            return _failure(InvokeRejected("ServiceException", message, 500))

    return Route(path, endpoint, methods=[method])


# What comes in.


async def _call(request: Request, region: str) -> Call:
    headers = request.headers
    kind = headers.get("x-amz-invocation-type", "RequestResponse")
    if kind not in INVOCATION_TYPES:
        raise _invalid("invocationType", kind, _allow(", ".join(INVOCATION_TYPES)))
    name = _name(request, region)
    return Call(
        name=name,
        kind=kind,
        payload=_json(await _body(request)),
        context=_client_context(headers.get("x-amz-client-context")),
        tail=headers.get("x-amz-log-type", "None") == "Tail",
    )


def _name(request: Request, region: str) -> str:
    """Give the name of the function with its qualifier, from path and query."""
    name: str = request.path_params["name"]
    if not is_name(name):
        raise _invalid("functionName", name, f"regular expression pattern: {PATTERN}")
    other = region_of(name)
    if other is not None and other != region:
        message = (
            f"Functions from '{other}' are not reachable in this region ('{region}')"
        )
        raise InvokeRejected("ResourceNotFoundException", message, 404)
    asked = request.query_params.get("Qualifier")
    if asked and not is_qualifier(asked):
        raise _invalid("qualifier", asked, f"regular expression pattern: {QUALIFIER}")
    derived = split_name(name)[1]
    if asked and derived and asked != derived:
        raise InvokeRejected(
            "InvalidParameterValueException",
            "The derived qualifier from the function name does not match the specified "
            "qualifier.",
            400,
        )
    return f"{name}:{asked}" if asked and not derived else name


async def _body(request: Request) -> bytes:
    """Read the body, but not much more of it than a function could get."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > SYNC_REQUEST_LIMIT:
            raise too_large(
                f"Request must be smaller than {SYNC_REQUEST_LIMIT} bytes for the "
                "InvokeFunction operation"
            )
    return bytes(body)


def _json(payload: bytes) -> bytes:
    """Give the event; without a payload the function gets an empty object."""
    if not payload:
        return b"{}"
    try:
        orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise InvokeRejected(
            "InvalidRequestContentException",
            "Could not parse request body into json: Could not parse payload into "
            f"json: {error}",
            400,
        ) from None
    return payload


def _client_context(encoded: str | None) -> str | None:
    if not encoded:
        return None
    try:
        text = base64.b64decode(encoded, validate=True)
        orjson.loads(text)
    except (binascii.Error, orjson.JSONDecodeError):
        message = "Client context must be a valid Base64-encoded JSON object."
        raise InvokeRejected("InvalidRequestContentException", message, 400) from None
    return text.decode()


def _invalid(member: str, value: str, constraint: str) -> InvokeRejected:
    message = (
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy "
        f"constraint: Member must satisfy {constraint}"
    )
    return InvokeRejected("ValidationException", message, 400)


def _allow(allowed: str) -> str:
    return f"enum value set: [{allowed}]"


# What goes out.


def _invoked(invocation: Invocation, *, tail: bool) -> Response:
    headers = {"x-amz-executed-version": invocation.executed_version}
    if invocation.function_error is not None:
        headers["x-amz-function-error"] = invocation.function_error
    if tail:
        text = invocation.log_tail.encode()
        headers["x-amz-log-result"] = base64.b64encode(text).decode()
    known_as = invocation.request_id
    return _answer(200, invocation.payload, headers, known_as=known_as)


def _failure(error: InvokeRejected) -> Response:
    body = {"Type": "User" if error.status < 500 else "Service"}
    if error.reason is not None:
        body["Reason"] = error.reason
    # The service model writes this one member in two ways.
    word = "Message" if error.error_type in _CAPITAL else "message"
    headers = {"x-amzn-errortype": error.error_type}
    return _answer(error.status, orjson.dumps({**body, word: error.message}), headers)


_CAPITAL = {"ResourceNotFoundException", "ServiceException"}


def _answer(
    status: int,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    *,
    known_as: str | None = None,
) -> Response:
    given = {"x-amzn-requestid": known_as or request_id().decode(), **(headers or {})}
    return Response(body, status, given, media_type="application/json")
