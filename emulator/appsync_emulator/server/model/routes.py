"""How the stand-in model answers over HTTP."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from appsync_emulator.server.model.request import Pace, Question, Refused, parse
from appsync_emulator.settings import Settings
from appsync_emulator.types import JSON

log = logging.getLogger(__name__)

MAX_BODY = 10 * 1024 * 1024
"""Bytes of a request that are read; beyond it the answer is 413."""

MODEL = "stand-in"
"""The model that is listed; any other name is answered too."""


def routes(settings: Settings) -> list[Route]:
    """Give the routes to mount at `/v1`."""
    pace = Pace(settings.model_rate, settings.model_first_token)

    async def completions(request: Request) -> Response:
        try:
            question = parse(await _body(request), pace)
        except Refused as error:
            return _refusal(error)
        if question.stream:
            return StreamingResponse(
                _events(question),
                media_type="text/event-stream",
                headers={"cache-control": "no-cache"},
            )
        await asyncio.sleep(question.pace.due(len(question.tokens)))
        return _json(_completion(question))

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
    return _json({"object": "list", "data": [model]})


async def _other(request: Request) -> Response:
    message = (
        f"{request.method} {request.url.path} is not emulated by the stand-in model: "
        "it has POST /v1/chat/completions and GET /v1/models."
    )
    return _refusal(Refused(message, status=404))


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MAX_BODY:
                raise Refused("The request is larger than 10 MB.", status=413)
    except ClientDisconnect:
        raise Refused("The client went away.") from None
    return bytes(body)


def _about(question: Question, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": question.model,
        "system_fingerprint": "fp_stand_in",
    }


def _completion(question: Question) -> dict[str, Any]:
    """Give the `chat.completion` object, for a request that is not streamed."""
    text = "".join(question.tokens)
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, "refusal": None},
        "logprobs": None,
        "finish_reason": question.finish_reason,
    }
    about = _about(question, "chat.completion")
    return {**about, "choices": [choice], "usage": question.usage}


async def _events(question: Question) -> AsyncIterator[bytes]:
    """Yield the server-sent events of a streamed answer, each at its time.

    Times count from the start of the answer, so neither a slow reader nor the grain of
    the clock makes the pace drift.
    """
    about = _about(question, "chat.completion.chunk")
    if question.include_usage:
        about["usage"] = None

    def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {
            "index": 0,
            "delta": delta,
            "logprobs": None,
            "finish_reason": finish_reason,
        }
        return _event({**about, "choices": [choice]})

    loop = asyncio.get_running_loop()
    start = loop.time()
    sent = 0
    try:
        await asyncio.sleep(question.pace.due(0))
        yield chunk({"role": "assistant", "content": "", "refusal": None})
        for number, token in enumerate(question.tokens):
            wait = start + question.pace.due(number) - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            yield chunk({"content": token})
            sent += 1
        yield chunk({}, question.finish_reason)
        if question.include_usage:
            yield _event({**about, "choices": [], "usage": question.usage})
        yield b"data: [DONE]\n\n"
    finally:
        if sent < len(question.tokens):
            log.info(
                "The reader left after %d of %d tokens", sent, len(question.tokens)
            )


def _event(content: JSON) -> bytes:
    return b"data: " + orjson.dumps(content) + b"\n\n"


def _json(content: JSON, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


def _refusal(error: Refused) -> Response:
    about = {
        "message": error.message,
        "type": "invalid_request_error",
        "param": error.param,
        "code": error.code,
    }
    return _json({"error": about}, error.status)
