"""Faults on demand, as clients see them."""

import asyncio
import json
from contextlib import closing
from typing import Any

import httpx
import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    HTTPClientError,
    ResponseStreamingError,
)
from urllib3.exceptions import ProtocolError

from .bedrock import CLAUDE, NOVA, PROMPT, text_of
from .conftest import Connect, HastyClock, StartModel

pytestmark = pytest.mark.ours("faults are our own; their form is AWS's and OpenAI's")

TOKENS = ["a", "b", "c"]
QUESTION = {"model": "any", "messages": [{"role": "user", "content": PROMPT}]}
INVOKED = {
    "anthropic_version": "bedrock-2023-05-31",
    "max_tokens": 9,
    "messages": [{"role": "user", "content": PROMPT}],
}


def rule(**fault: Any) -> dict[str, Any]:
    return {"tokens": TOKENS, "fault": fault}


async def streamed(url: str) -> tuple[int, list[str]]:
    """Give the status of OpenAI's answer and the texts of its events."""
    async with (
        httpx.AsyncClient(base_url=url, trust_env=False) as client,
        client.stream(
            "POST", "/v1/chat/completions", json={**QUESTION, "stream": True}
        ) as response,
    ):
        lines = [line async for line in response.aiter_lines() if line]
    return response.status_code, [line.removeprefix("data: ") for line in lines]


STATUSES = [
    (400, "ValidationException"),
    (403, "AccessDeniedException"),
    (404, "ResourceNotFoundException"),
    (408, "ModelTimeoutException"),
    (424, "ModelErrorException"),
    (429, "ThrottlingException"),
    (500, "InternalServerException"),
    (503, "ServiceUnavailableException"),
]


@pytest.mark.aws_doc("Bedrock API reference, errors of InvokeModel and Converse")
@pytest.mark.parametrize(("status", "name"), STATUSES)
async def test_an_error_before_the_first_token_is_a_status(
    start_model: StartModel, connect: Connect, status: int, name: str
) -> None:
    bedrock = connect(start_model(rule(kind="error", status=status, message="Why.")))
    for call in (
        bedrock.converse(),
        bedrock.stream(),
        bedrock.invoke(CLAUDE, INVOKED),
        bedrock.invoke_stream(CLAUDE, INVOKED),
    ):
        failure = await bedrock.failure(call)
        assert (failure.code, failure.message, failure.status) == (name, "Why.", status)


@pytest.mark.aws_doc("Bedrock API reference, ConverseStreamOutput")
@pytest.mark.parametrize(
    ("status", "converse", "invoke"),
    [
        (None, "modelStreamErrorException", "modelStreamErrorException"),
        (400, "validationException", "validationException"),
        (408, "modelStreamErrorException", "modelTimeoutException"),
        (429, "throttlingException", "throttlingException"),
        (500, "internalServerException", "internalServerException"),
        (503, "serviceUnavailableException", "serviceUnavailableException"),
    ],
)
async def test_an_error_in_mid_stream_is_an_exception_of_the_stream(
    start_model: StartModel,
    connect: Connect,
    status: int | None,
    converse: str,
    invoke: str,
) -> None:
    fault = {"kind": "error", "after": 2, "message": "Why."}
    bedrock = connect(start_model(rule(**fault, status=status)))
    failure = await bedrock.failure(bedrock.stream())
    assert (failure.code, failure.message) == (converse, "Why.")
    failure = await bedrock.failure(bedrock.invoke_stream(NOVA, NOVA_BODY))
    assert (failure.code, failure.message) == (invoke, "Why.")


NOVA_BODY = {"messages": [{"role": "user", "content": [{"text": PROMPT}]}]}


async def test_what_comes_before_an_error_is_read(
    start_model: StartModel, connect: Connect
) -> None:
    bedrock = connect(start_model(rule(kind="error", after=2)))
    answer = await asyncio.to_thread(
        bedrock.client.converse_stream,
        modelId=CLAUDE,
        messages=NOVA_BODY["messages"],
    )
    texts: list[str] = []

    async def read() -> None:
        def walk() -> None:
            with closing(answer["stream"]) as stream:
                # Each as it comes: the error must find them taken.
                texts.extend(text_of([event]) for event in stream)

        await asyncio.to_thread(walk)

    await bedrock.failure(read())
    assert texts == ["", "a", "b"]


@pytest.mark.aws_observed("aws-samples/aws-genai-llm-chatbot #220")
async def test_throttling_is_429_and_asks_to_wait(
    start_model: StartModel, connect: Connect
) -> None:
    bedrock = connect(start_model(rule(kind="throttle"), model_first_token=5.0))
    for call in (bedrock.converse(), bedrock.stream()):
        failure = await bedrock.failure(call)
        assert (failure.code, failure.status) == ("ThrottlingException", 429)
        assert failure.message.startswith("Too many requests, please wait")


async def test_a_client_that_tries_again_gets_through(
    start_model: StartModel, connect: Connect
) -> None:
    throttled = {"fault": {"kind": "throttle"}, "times": 2}
    bedrock = connect(start_model(throttled, {"reply": "Now."}))
    for _ in range(2):
        assert (await bedrock.failure(bedrock.converse())).status == 429
    given = await bedrock.converse()
    assert given["output"]["message"]["content"] == [{"text": "Now."}]


async def test_openais_errors_are_a_status_or_an_event(start_model: StartModel) -> None:
    url = start_model(
        {"tokens": TOKENS, "fault": {"kind": "throttle"}, "times": 1},
        {"tokens": TOKENS, "fault": {"kind": "error"}, "times": 1},
        {"tokens": TOKENS, "fault": {"kind": "error", "after": 1, "message": "Why."}},
    )
    status, (event,) = await streamed(url)
    assert status == 429
    assert json.loads(event)["error"]["code"] == "rate_limit_exceeded"
    status, (event,) = await streamed(url)
    assert status == 500
    assert json.loads(event)["error"]["type"] == "server_error"
    status, events = await streamed(url)
    assert status == 200
    assert json.loads(events[-1])["error"]["message"] == "Why."
    assert "[DONE]" not in events


async def test_without_streaming_a_late_error_is_a_status(
    start_model: StartModel,
    connect: Connect,
) -> None:
    bedrock = connect(start_model(rule(kind="error", after=2, status=503)))
    assert (await bedrock.failure(bedrock.converse())).status == 503


async def test_an_error_after_the_last_token_replaces_the_end(
    start_model: StartModel,
    connect: Connect,
) -> None:
    bedrock = connect(start_model(rule(kind="error", after=99)))
    failure = await bedrock.failure(bedrock.stream())
    assert failure.code == "modelStreamErrorException"


CLOSED = (
    ConnectionClosedError,
    HTTPClientError,
    ProtocolError,
    ResponseStreamingError,
    httpx.RemoteProtocolError,
)


@pytest.mark.parametrize("after", [0, 2])
async def test_a_cut_closes_the_connection(
    start_model: StartModel, connect: Connect, after: int
) -> None:
    url = start_model(rule(kind="cut", after=after))
    bedrock = connect(url)
    for call in (bedrock.stream, bedrock.converse, lambda: streamed(url)):
        with pytest.raises(CLOSED):
            await call()


async def test_a_stall_is_a_pause_in_mid_stream(
    start_model: StartModel, clock: HastyClock
) -> None:
    fault = {"kind": "stall", "after": 1, "seconds": 9}
    url = start_model({"tokens": TOKENS, "rate": 2, "fault": fault})
    _, events = await streamed(url)
    assert events[-1] == "[DONE]"
    assert clock.waits == [9.0, 0.5, 0.5]


async def test_a_stall_without_an_end_ends_with_the_connection(
    start_model: StartModel, clock: HastyClock
) -> None:
    url = start_model({"tokens": TOKENS, "fault": {"kind": "stall", "after": 1}})
    with pytest.raises(httpx.RemoteProtocolError):
        await streamed(url)
    assert clock.waits == [3600.0]


async def test_a_late_first_token_is_a_rule_of_its_own(
    start_model: StartModel, clock: HastyClock
) -> None:
    url = start_model({"first_token": 60, "times": 1})
    await streamed(url)
    assert clock.waits == [60.0]
    await streamed(url)
    assert clock.waits == [60.0]
