"""Bedrock's requests, passed on to an OpenAI-compatible endpoint."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from appsync_emulator.server.model.text import answer

from .bedrock import CLAUDE, LLAMA, PROMPT, text_of
from .conftest import Connect, Serve, StartModel

pytestmark = pytest.mark.ours("what is passed on follows OpenAI's API reference")

EVENTS = [
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]},
    {"choices": [{"index": 0, "delta": {"content": "Real"}}]},
    {"choices": [{"index": 0, "delta": {"content": " words."}}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]},
    {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}},
]


class Endpoint:
    """Stands for Ollama: remembers what it was asked, answers with `events`."""

    def __init__(self, serve: Serve) -> None:
        self.asked: list[Any] = []
        self.keys: list[str | None] = []
        self.events: list[Any] = EVENTS
        self.refusal: Response | None = None
        route = Route("/v1/chat/completions", self.answer, methods=["POST"])
        self.url = serve(Starlette(routes=[route])) + "/v1"

    async def answer(self, request: Request) -> Response:
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("authorization"))
        if self.refusal is not None:
            return self.refusal
        return StreamingResponse(self.stream(), media_type="text/event-stream")

    async def stream(self) -> AsyncIterator[bytes]:
        for event in self.events:
            text = event if isinstance(event, bytes) else orjson.dumps(event)
            yield b"data: " + text + b"\n\n"


@pytest.fixture
async def endpoint(serve: Serve) -> Endpoint:
    return Endpoint(serve)


async def test_a_conversation_is_translated_there_and_back(
    start_model: StartModel, connect: Connect, endpoint: Endpoint
) -> None:
    url = start_model(model_url=endpoint.url, model_name="llama3.2", key="sk-1")
    config = {"maxTokens": 9, "temperature": 0.5, "topP": 0.25, "stopSequences": ["x"]}
    events = await connect(url).stream(
        system=[{"text": "Be brief."}], inferenceConfig=config
    )
    assert endpoint.asked == [
        {
            "model": "llama3.2",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": PROMPT},
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0.5,
            "top_p": 0.25,
            "max_tokens": 9,
            "stop": ["x"],
        }
    ]
    assert endpoint.keys == ["Bearer sk-1"]
    assert text_of(events) == "Real words."
    assert events[-2]["messageStop"] == {"stopReason": "max_tokens"}
    assert events[-1]["metadata"]["usage"] == {
        "inputTokens": 7,
        "outputTokens": 2,
        "totalTokens": 9,
    }


async def test_without_a_name_the_id_is_the_model(
    start_model: StartModel, connect: Connect, endpoint: Endpoint
) -> None:
    given = await connect(start_model(model_url=endpoint.url)).converse("a.b")
    assert given["output"]["message"]["content"] == [{"text": "Real words."}]
    assert (endpoint.asked[0]["model"], endpoint.keys) == ("a.b", [None])


async def test_invoked_models_are_passed_on_too(
    start_model: StartModel, connect: Connect, endpoint: Endpoint
) -> None:
    bedrock = connect(start_model(model_url=endpoint.url))
    body = await bedrock.invoke(LLAMA, {"prompt": PROMPT})
    assert (body["generation"], body["generation_token_count"]) == ("Real words.", 2)


async def test_rules_of_a_script_come_first(
    start_model: StartModel, connect: Connect, endpoint: Endpoint
) -> None:
    rule = {"match": "sky", "fault": {"kind": "throttle"}, "times": 1}
    bedrock = connect(start_model(rule, model_url=endpoint.url))
    assert (await bedrock.failure(bedrock.converse())).status == 429
    assert text_of(await bedrock.stream()) == "Real words."
    assert len(endpoint.asked) == 1


async def test_one_stand_in_may_be_the_model_of_another(
    start_model: StartModel, connect: Connect
) -> None:
    real = start_model()
    bedrock = connect(start_model(model_url=f"{real}/v1/"))
    assert text_of(await bedrock.stream()) == answer(PROMPT)


@pytest.mark.parametrize(
    "given",
    [
        {
            "toolConfig": {
                "tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {}}}}]
            }
        },
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"image": {"format": "png", "source": {"bytes": b"x"}}},
                        {"text": PROMPT},
                    ],
                }
            ]
        },
    ],
)
async def test_only_text_is_passed_on(
    start_model: StartModel, connect: Connect, endpoint: Endpoint, given: Any
) -> None:
    bedrock = connect(start_model(model_url=endpoint.url))
    failure = await bedrock.failure(bedrock.converse(**given))
    assert failure.code == "ValidationException"
    assert "is not passed on to --model-url" in failure.message
    assert not endpoint.asked


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (
            JSONResponse({"error": {"message": "model 'x' not found"}}, 404),
            ("ModelErrorException", f"404 for '{CLAUDE}': model 'x' not found"),
        ),
        (
            JSONResponse({"error": "Slow down."}, 429),
            ("ThrottlingException", "Slow down."),
        ),
        (Response("<html>", 503), ("ServiceUnavailableException", "<html>")),
        (JSONResponse(["?"], 500), ("ModelErrorException", "answers 500")),
    ],
)
async def test_what_the_endpoint_refuses_is_told(
    start_model: StartModel,
    connect: Connect,
    endpoint: Endpoint,
    refusal: Response,
    expected: tuple[str, str],
) -> None:
    endpoint.refusal = refusal
    bedrock = connect(start_model(model_url=endpoint.url))
    failure = await bedrock.failure(bedrock.stream())
    assert failure.code == expected[0]
    assert expected[1] in failure.message


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([EVENTS[1]], "broke off in the middle"),
        ([EVENTS[1], {"error": {"message": "Out of memory."}}], "Out of memory."),
        ([b"{"], "another form"),
        ([b'"text"'], "another form"),
        ([{"choices": [{"delta": {"content": 4}}]}], "another form"),
        ([{"choices": 7}], "another form"),
    ],
)
async def test_an_answer_that_breaks_off_is_an_exception_of_the_stream(
    start_model: StartModel,
    connect: Connect,
    endpoint: Endpoint,
    events: list[Any],
    words: str,
) -> None:
    endpoint.events = events
    bedrock = connect(start_model(model_url=endpoint.url))
    failure = await bedrock.failure(bedrock.stream())
    assert failure.code == "modelStreamErrorException"
    assert words in failure.message


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://[::1"])
async def test_an_endpoint_that_is_not_there_is_named(
    start_model: StartModel, connect: Connect, address: str
) -> None:
    bedrock = connect(start_model(model_url=address))
    failure = await bedrock.failure(bedrock.converse())
    assert (failure.code, failure.status) == ("ServiceUnavailableException", 503)
    assert address in failure.message


async def test_openais_own_route_stays_the_stand_in(
    start_model: StartModel, endpoint: Endpoint
) -> None:
    url = start_model(model_url=endpoint.url)
    question = {"model": "x", "messages": [{"role": "user", "content": PROMPT}]}
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        response = await client.post("/v1/chat/completions", json=question)
    text = response.json()["choices"][0]["message"]["content"]
    assert (text, endpoint.asked) == (answer(PROMPT), [])
