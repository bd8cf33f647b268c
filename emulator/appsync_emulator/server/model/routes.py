"""OpenAI's API: which request goes where."""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from appsync_emulator.server.model.openai import Completion, answer_json, refuse
from appsync_emulator.server.model.request import Refused, parse
from appsync_emulator.server.model.respond import TooLarge, read_body, respond
from appsync_emulator.server.model.standin import CannotAnswer, StandIn

MAX_BODY = 10 * 1024 * 1024
"""Bytes of a request that are read; beyond it the answer is 413."""

MODEL = "stand-in"
"""The model that is listed; any other name is answered too."""


def openai_routes(stand_in: StandIn) -> list[Route]:
    """Give the routes to mount at `/v1`."""

    async def completions(request: Request) -> Response:
        try:
            question = parse(await _body(request))
            source = stand_in.ask(question.asked)
        except Refused as error:
            return refuse(error)
        except CannotAnswer as error:
            return refuse(
                Refused(str(error), param="tool_choice", code="invalid_value")
            )
        return await respond(source, Completion(question), stream=question.stream)

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [
        Route("/chat/completions", completions, methods=["POST"]),
        Route("/models", _models, methods=["GET"]),
        Route("/{path:path}", _other, methods=methods),
    ]


async def _models(_: Request) -> Response:
    model = {
        "id": MODEL,
        "object": "model",
        "created": 1_700_000_000,
        "owned_by": "appsync-emulator",
    }
    return answer_json({"object": "list", "data": [model]})


async def _other(request: Request) -> Response:
    message = (
        f"{request.method} {request.url.path} is not emulated by the stand-in model: "
        "it has POST /v1/chat/completions and GET /v1/models."
    )
    return refuse(Refused(message, status=404))


async def _body(request: Request) -> bytes:
    try:
        return await read_body(request, MAX_BODY)
    except TooLarge:
        raise Refused("The request is larger than 10 MB.", status=413) from None
    except ClientDisconnect:
        raise Refused("The client went away.") from None
