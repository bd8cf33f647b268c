"""The example's functions against the stand-in model and a tiny AppSync."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from appsync_emulator.server.model import routes
from appsync_emulator.server.model.text import answer, split
from appsync_emulator.settings import Settings

from .conftest import AppSync, Invoke

pytestmark = [
    pytest.mark.ours("the example's own promise"),
    pytest.mark.parametrize("runtime", ["python", "node"]),
]

ModelAt = Callable[[list[BaseRoute]], str]
PROMPT = "Why is the sky blue?"
EVENT = {"session": "s1", "prompt": PROMPT}


@pytest.fixture
async def stand_in(model_at: ModelAt) -> str:
    settings = Settings(model_rate=0.0, model_first_token=0.0)
    return model_at([*routes(settings)])


def completions(endpoint: Callable[[Request], Any]) -> list[BaseRoute]:
    return [Route("/chat/completions", endpoint, methods=["POST"])]


def event(content: Any) -> str:
    return f"data: {json.dumps(content)}\n\n"


def said(text: str) -> str:
    delta = {"content": text}
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})


async def test_every_token_is_published_once_in_order_and_then_the_end(
    runtime: str, invoke: Invoke, appsync: AppSync, stand_in: str
) -> None:
    ended = await invoke(runtime, EVENT, OPENAI_BASE_URL=stand_in)
    assert not ended.failed, ended.stderr
    tokens = split(answer(PROMPT))
    texts = [token["text"] for token in appsync.tokens]
    assert texts == [*tokens, ""]
    numbers = [token["sequence"] for token in appsync.tokens]
    assert numbers == list(range(len(tokens) + 1))
    assert {token["session"] for token in appsync.tokens} == {"s1"}
    assert [token["done"] for token in appsync.tokens] == [False] * len(tokens) + [True]
    assert not any(token.get("error") for token in appsync.tokens)


async def test_publishes_keep_their_connection_and_carry_the_key(
    runtime: str, invoke: Invoke, appsync: AppSync, stand_in: str
) -> None:
    await invoke(runtime, EVENT, OPENAI_BASE_URL=stand_in)
    # Node's fetch may open a second one before the first counts as free.
    assert len(appsync.connections) <= {"python": 1, "node": 2}[runtime]
    assert len(appsync.tokens) > 10
    assert appsync.headers["x-api-key"] == "da2-test"
    assert appsync.headers["content-type"] == "application/json"


async def test_a_token_is_published_before_the_next_is_spoken(
    runtime: str, invoke: Invoke, appsync: AppSync, model_at: ModelAt
) -> None:
    async def speak() -> AsyncIterator[str]:
        for number, text in enumerate(["one", " two", " three"]):
            async with asyncio.timeout(10):
                await appsync.until(number)
            yield said(text)
        yield "data: [DONE]\n\n"

    async def endpoint(_: Request) -> Response:
        return StreamingResponse(speak(), media_type="text/event-stream")

    ended = await invoke(
        runtime, EVENT, OPENAI_BASE_URL=model_at(completions(endpoint))
    )
    assert not ended.failed, ended.stderr
    texts = [token["text"] for token in appsync.tokens]
    assert texts == ["one", " two", " three", ""]


async def test_the_model_is_asked_as_configured(
    runtime: str, invoke: Invoke, model_at: ModelAt
) -> None:
    requests = []

    async def endpoint(request: Request) -> Response:
        requests.append((request.headers, await request.json()))
        return Response("data: [DONE]\n\n", media_type="text/event-stream")

    url = model_at(completions(endpoint))
    for variables in ({}, {"OPENAI_API_KEY": "sk-1", "OPENAI_MODEL": "big"}):
        await invoke(runtime, EVENT, OPENAI_BASE_URL=url, **variables)
    (bare, asked), (keyed, asked_big) = requests
    assert "authorization" not in bare
    assert keyed["authorization"] == "Bearer sk-1"
    assert (asked["model"], asked_big["model"]) == ("gpt-4o-mini", "big")
    assert asked["stream"] is True
    assert asked["messages"][-1] == {"role": "user", "content": PROMPT}


async def test_text_comes_through_whatever_it_is(
    runtime: str, invoke: Invoke, appsync: AppSync, model_at: ModelAt
) -> None:
    texts = ['"quoted"\n', " größer", " 🙂", " \\u0041", "$x ${y} #if"]

    async def endpoint(_: Request) -> Response:
        # Comments, unknown fields, empty deltas and pieces that end in the middle of a
        # character are all legal in such a stream.
        lines = [": ping\n\n", "event: x\n", *map(said, texts), event({"choices": []})]
        raw = "".join([*lines, "data: [DONE]\n\n"]).encode()

        async def dribble() -> AsyncIterator[bytes]:
            for start in range(0, len(raw), 7):
                yield raw[start : start + 7]

        return StreamingResponse(dribble(), media_type="text/event-stream")

    ended = await invoke(
        runtime, EVENT, OPENAI_BASE_URL=model_at(completions(endpoint))
    )
    assert not ended.failed, ended.stderr
    assert [token["text"] for token in appsync.tokens] == [*texts, ""]


async def test_a_refusal_of_the_model_reaches_the_subscriber(
    runtime: str, invoke: Invoke, appsync: AppSync, model_at: ModelAt
) -> None:
    async def endpoint(_: Request) -> Response:
        error = {"message": "Incorrect API key", "type": "invalid_request_error"}
        return JSONResponse({"error": error}, 401)

    ended = await invoke(
        runtime, EVENT, OPENAI_BASE_URL=model_at(completions(endpoint))
    )
    assert ended.failed
    (token,) = appsync.tokens
    assert token["error"] == "the model answered 401: Incorrect API key"
    assert (token["sequence"], token["text"], token["done"]) == (0, "", True)


async def test_a_refusal_that_is_no_json_is_told_too(
    runtime: str, invoke: Invoke, appsync: AppSync, model_at: ModelAt
) -> None:
    async def endpoint(_: Request) -> Response:
        return Response("upstream is gone", 502)

    ended = await invoke(
        runtime, EVENT, OPENAI_BASE_URL=model_at(completions(endpoint))
    )
    assert ended.failed
    assert appsync.tokens[-1]["error"] == "the model answered 502: upstream is gone"


@pytest.mark.parametrize(
    "ending", [event({"error": {"message": "the model's server broke off"}}), ""]
)
async def test_an_answer_that_breaks_off_is_told_after_what_came(
    runtime: str, invoke: Invoke, appsync: AppSync, model_at: ModelAt, *, ending: str
) -> None:
    async def endpoint(_: Request) -> Response:
        return Response(said("Well") + ending, media_type="text/event-stream")

    ended = await invoke(
        runtime, EVENT, OPENAI_BASE_URL=model_at(completions(endpoint))
    )
    assert ended.failed
    first, last = appsync.tokens
    assert (first["text"], first["done"]) == ("Well", False)
    assert (last["sequence"], last["done"]) == (1, True)
    assert "broke off" in last["error"]


async def test_errors_of_appsync_fail_the_invocation(
    runtime: str, invoke: Invoke, appsync: AppSync, stand_in: str
) -> None:
    appsync.errors = [{"message": "Not Authorized", "errorType": "Unauthorized"}]
    ended = await invoke(runtime, EVENT, OPENAI_BASE_URL=stand_in)
    assert ended.failed
    assert "Not Authorized" in ended.stderr
