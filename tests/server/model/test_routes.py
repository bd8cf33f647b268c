import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from appsync_emulator.server.model import routes
from appsync_emulator.server.model.respond import log
from appsync_emulator.server.model.routes import MAX_BODY
from appsync_emulator.server.model.text import answer, split
from appsync_emulator.settings import Settings

pytestmark = pytest.mark.ours("the stand-in follows OpenAI's API reference")

PROMPT = "Why is the sky blue?"
ASKED = {"model": "any", "messages": [{"role": "user", "content": PROMPT}]}
PATH = "/v1/chat/completions"


@pytest.fixture
def logged() -> Iterator[asyncio.Queue[str]]:
    """Give what the stand-in logs, to be waited for."""
    messages = asyncio.Queue[str]()

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.put_nowait(record.getMessage())

    handler = Handler()
    log.addHandler(handler)
    before = log.level
    log.setLevel(logging.INFO)
    yield messages
    log.setLevel(before)
    log.removeHandler(handler)


async def events(response: httpx.Response) -> AsyncIterator[str]:
    async for line in response.aiter_lines():
        if line:
            assert line.startswith("data: ")
            yield line.removeprefix("data: ")


async def streamed(model: httpx.AsyncClient, **changes: Any) -> list[Any]:
    """Give all events but the last, which must be `[DONE]`."""
    request = {**ASKED, "stream": True, **changes}
    async with model.stream("POST", PATH, json=request) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        found = [event async for event in events(response)]
    assert found[-1] == "[DONE]"
    return [json.loads(event) for event in found[:-1]]


async def test_a_stream_has_the_role_first_then_tokens_then_the_reason(
    model: httpx.AsyncClient,
) -> None:
    chunks = await streamed(model)
    choices = [chunk["choices"][0] for chunk in chunks]
    assert choices[0]["delta"] == {"role": "assistant", "content": "", "refusal": None}
    said = [choice["delta"]["content"] for choice in choices[1:-1]]
    assert said == split(answer(PROMPT))
    assert choices[-1]["delta"] == {}
    reasons = [choice["finish_reason"] for choice in choices]
    assert reasons == [None] * (len(choices) - 1) + ["stop"]


async def test_all_chunks_of_an_answer_tell_the_same_about_it(
    model: httpx.AsyncClient,
) -> None:
    chunks = await streamed(model)
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert {chunk["model"] for chunk in chunks} == {"any"}
    assert len({(chunk["id"], chunk["created"]) for chunk in chunks}) == 1
    assert chunks[0]["id"].startswith("chatcmpl-")
    assert not any("usage" in chunk for chunk in chunks)


async def test_usage_comes_in_a_last_chunk_when_asked_for(
    model: httpx.AsyncClient,
) -> None:
    chunks = await streamed(model, stream_options={"include_usage": True})
    assert [chunk["usage"] for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["completion_tokens"] == len(split(answer(PROMPT)))


async def test_a_cut_stream_ends_with_the_reason_length(
    model: httpx.AsyncClient,
) -> None:
    chunks = await streamed(model, max_tokens=2)
    assert len(chunks) == 4
    assert chunks[-1]["choices"][0]["finish_reason"] == "length"


async def test_without_streaming_the_answer_comes_whole(
    model: httpx.AsyncClient,
) -> None:
    response = await model.post(PATH, json=ASKED)
    completion = response.json()
    assert completion["object"] == "chat.completion"
    assert completion["choices"] == [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": answer(PROMPT),
                "refusal": None,
            },
            "logprobs": None,
            "finish_reason": "stop",
        }
    ]
    assert completion["usage"]["total_tokens"] > 0


async def test_tokens_keep_their_pace_without_drifting(
    serve: Callable[[ASGIApp], str],
) -> None:
    settings = Settings(model_rate=100.0, model_first_token=0.05)
    app = Starlette(routes=[Mount("/v1", routes=routes(settings))])
    async with httpx.AsyncClient(base_url=serve(app), trust_env=False) as model:
        await model.get("/v1/models")
        start = time.monotonic()
        chunks = await streamed(model)
        took = time.monotonic() - start
    due = 0.05 + (len(chunks) - 3) / 100
    assert due <= took < due + 0.25


async def test_a_reader_that_leaves_ends_the_stream(
    serve: Callable[[ASGIApp], str], logged: asyncio.Queue[str]
) -> None:
    app = Starlette(routes=[Mount("/v1", routes=routes(Settings()))])
    request = {**ASKED, "stream": True, "model": "any@rate=0.01,first=0"}
    async with (
        httpx.AsyncClient(base_url=serve(app), trust_env=False) as model,
        model.stream("POST", PATH, json=request) as response,
    ):
        stream = events(response)
        assert json.loads(await anext(stream))["choices"][0]["delta"]["role"]
        assert json.loads(await anext(stream))["choices"][0]["delta"]["content"]
    async with asyncio.timeout(5):
        message = await logged.get()
    assert message == "The reader left after 1 tokens"


async def test_the_models_are_listed(model: httpx.AsyncClient) -> None:
    listed = (await model.get("/v1/models")).json()
    assert listed["object"] == "list"
    assert [entry["id"] for entry in listed["data"]] == ["stand-in"]
    assert {"id", "object", "created", "owned_by"} == set(listed["data"][0])


async def test_errors_have_the_shape_of_openais(model: httpx.AsyncClient) -> None:
    response = await model.post(PATH, json={"model": "any"})
    assert response.status_code == 400
    assert response.json() == {
        "error": {
            "message": "Missing required parameter: 'messages'.",
            "type": "invalid_request_error",
            "param": "messages",
            "code": "missing_required_parameter",
        }
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/responses"), ("GET", PATH), ("GET", "/v1/models/gpt-4o")],
)
async def test_what_is_not_there_is_named(
    model: httpx.AsyncClient, method: str, path: str
) -> None:
    response = await model.request(method, path)
    assert response.status_code == 404
    assert f"{method} {path}" in response.json()["error"]["message"]


async def test_a_huge_body_is_refused(model: httpx.AsyncClient) -> None:
    response = await model.post(PATH, content=b" " * (MAX_BODY + 1))
    assert response.status_code == 413
    assert response.json()["error"]["type"] == "invalid_request_error"
