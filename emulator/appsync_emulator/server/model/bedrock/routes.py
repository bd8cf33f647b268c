"""Bedrock's runtime API: which request goes where."""

from collections.abc import Callable, Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from appsync_emulator.server.model.bedrock.errors import Invalid, failure, invalid
from appsync_emulator.server.model.bedrock.registry import (
    Family,
    conversational,
    invoked,
)
from appsync_emulator.server.model.respond import TooLarge, read_body, respond
from appsync_emulator.server.model.standin import CannotAnswer, StandIn

MAX_BODY = 25_000_000
"""Bytes of a request (Bedrock API reference, InvokeModel)."""

NOT_EMULATED = {
    "count-tokens": "CountTokens",
    "invoke-with-bidirectional-stream": "InvokeModelWithBidirectionalStream",
}

Find = Callable[[str, bytes], Family]


def bedrock_routes(stand_in: StandIn) -> list[Route]:
    """Give the routes to mount at `/model`.

    An id in a path may have slashes, once it is decoded: ARNs do.
    """

    def route(operation: str, find: Find, *, stream: bool) -> Route:
        async def serve(request: Request) -> Response:
            return await _serve(stand_in, request, find, stream=stream)

        return Route(f"/{{model:path}}/{operation}", serve, methods=["POST"])

    def converse(model: str, _: bytes) -> Family:
        return conversational(model)

    return [
        route("converse", converse, stream=False),
        route("converse-stream", converse, stream=True),
        route("invoke", invoked, stream=False),
        route("invoke-with-response-stream", invoked, stream=True),
        Route("/{path:path}", _other, methods=["GET", "POST", "PUT", "DELETE"]),
    ]


async def _serve(
    stand_in: StandIn, request: Request, find: Find, *, stream: bool
) -> Response:
    model = request.path_params["model"]
    try:
        body = await read_body(request, MAX_BODY)
        check_headers(request.headers)
        family = find(model, body)
        asked = family.parse(model, body)
        source = stand_in.ask_real(asked, tools=family.tools)
    except TooLarge:
        return failure(413, "The request is larger than 25 MB.", "ValidationException")
    except ClientDisconnect:
        return failure(400, "The client went away.")
    except (Invalid, CannotAnswer) as error:
        return invalid(error)
    return await respond(source, family.form(asked), stream=stream)


def check_headers(headers: Mapping[str, str]) -> None:
    """Check what `InvokeModel` is told beside its body.

    Raises:
        Invalid: it is not emulated.
    """
    if headers.get("x-amzn-bedrock-guardrailidentifier"):
        raise Invalid("Guardrails are not emulated by the stand-in model.")


async def _other(request: Request) -> Response:
    operation = request.path_params["path"].rpartition("/")[2]
    name = NOT_EMULATED.get(operation, f"{request.method} {request.url.path}")
    message = f"{name} is not emulated by the stand-in model."
    return failure(404, message, "UnknownOperationException")
