import json
from typing import Any

import httpx
import pytest

from appsync_emulator.server.model.bedrock.llama import last_turn as llama_turn
from appsync_emulator.server.model.bedrock.titan import last_turn as titan_turn
from appsync_emulator.server.model.text import answer, split

from .bedrock import CLAUDE, LLAMA, MESSAGES, NOVA, PROMPT, TITAN, Bedrock

ANSWER = answer(PROMPT)
TOKENS = split(ANSWER)
READ, SAID = len(split(PROMPT)), len(TOKENS)
METRICS = "amazon-bedrock-invocationMetrics"

CLAUDE_BODY = {
    "anthropic_version": "bedrock-2023-05-31",
    "max_tokens": 1000,
    "messages": [{"role": "user", "content": PROMPT}],
}
NOVA_BODY = {"schemaVersion": "messages-v1", "messages": MESSAGES}
TITAN_BODY = {"inputText": f"User: {PROMPT}\nBot:"}
LLAMA_BODY = {
    "prompt": "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n"
    f"{PROMPT}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
}

pytestmark = pytest.mark.aws_doc("Bedrock user guide, inference request parameters")


def measured(chunk: dict[str, Any]) -> dict[str, Any]:
    """Give a last chunk without its measurements, which must be there."""
    metrics = chunk.pop(METRICS)
    assert (metrics["inputTokenCount"], metrics["outputTokenCount"]) == (READ, SAID)
    assert metrics["invocationLatency"] >= metrics["firstByteLatency"] >= 0
    return chunk


async def test_claude_answers_with_a_message(bedrock: Bedrock) -> None:
    message = await bedrock.invoke(CLAUDE, CLAUDE_BODY)
    assert message.pop("id").startswith("msg_bdrk_")
    assert message == {
        "type": "message",
        "role": "assistant",
        "model": CLAUDE,
        "content": [{"type": "text", "text": ANSWER}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": READ, "output_tokens": SAID},
    }


async def test_claude_streams_the_events_of_messages(bedrock: Bedrock) -> None:
    chunks = await bedrock.invoke_stream(CLAUDE, CLAUDE_BODY)
    start, open_, *deltas, close, delta, stop = chunks
    assert start["type"] == "message_start"
    assert start["message"]["usage"]["input_tokens"] == READ
    assert open_ == {
        "type": "content_block_start",
        "index": 0,
        "content_block": {"type": "text", "text": ""},
    }
    assert deltas[0] == {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "text_delta", "text": TOKENS[0]},
    }
    assert [one["delta"]["text"] for one in deltas] == TOKENS
    assert close == {"type": "content_block_stop", "index": 0}
    assert delta == {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn", "stop_sequence": None},
        "usage": {"output_tokens": SAID},
    }
    assert measured(stop) == {"type": "message_stop"}


async def test_claude_says_which_stop_sequence_it_was(bedrock: Bedrock) -> None:
    body = {**CLAUDE_BODY, "stop_sequences": ["asked"]}
    message = await bedrock.invoke(CLAUDE, body)
    assert message["content"] == [{"type": "text", "text": "You "}]
    assert (message["stop_reason"], message["stop_sequence"]) == (
        "stop_sequence",
        "asked",
    )
    *_, delta, _ = await bedrock.invoke_stream(CLAUDE, body)
    assert delta["delta"]["stop_sequence"] == "asked"


async def test_claude_reads_blocks_and_a_system_prompt(bedrock: Bedrock) -> None:
    blocks = [{"type": "image", "source": {}}, {"type": "text", "text": PROMPT}]
    messages = [{"role": "user", "content": blocks}]
    body = {**CLAUDE_BODY, "system": "Be brief.", "messages": messages}
    message = await bedrock.invoke(CLAUDE, body)
    assert message["content"][0]["text"] == ANSWER
    assert message["usage"]["input_tokens"] == READ + 3


async def test_nova_answers_as_converse_does(bedrock: Bedrock) -> None:
    assert await bedrock.invoke(NOVA, NOVA_BODY) == {
        "output": {"message": {"role": "assistant", "content": [{"text": ANSWER}]}},
        "stopReason": "end_turn",
        "usage": {
            "inputTokens": READ,
            "outputTokens": SAID,
            "totalTokens": READ + SAID,
        },
    }


async def test_nova_streams_converses_events_as_chunks(bedrock: Bedrock) -> None:
    start, *deltas, close, stop, last = await bedrock.invoke_stream(NOVA, NOVA_BODY)
    assert start == {"messageStart": {"role": "assistant"}}
    texts = [one["contentBlockDelta"]["delta"]["text"] for one in deltas]
    assert texts == TOKENS
    assert close == {"contentBlockStop": {"contentBlockIndex": 0}}
    assert stop == {"messageStop": {"stopReason": "end_turn"}}
    assert measured(last)["metadata"]["usage"]["outputTokens"] == SAID


@pytest.mark.parametrize("name", ["maxTokens", "max_new_tokens"])
async def test_nova_has_two_names_for_its_limit(bedrock: Bedrock, name: str) -> None:
    given = await bedrock.invoke(NOVA, {**NOVA_BODY, "inferenceConfig": {name: 2}})
    assert given["stopReason"] == "max_tokens"
    assert given["output"]["message"]["content"] == [{"text": "You asked"}]


@pytest.mark.aws_observed("completionReason FINISH, not the guide's FINISHED")
async def test_titan_answers_with_a_result(bedrock: Bedrock) -> None:
    assert await bedrock.invoke(TITAN, TITAN_BODY) == {
        "inputTextTokenCount": READ,
        "results": [
            {"tokenCount": SAID, "outputText": ANSWER, "completionReason": "FINISH"}
        ],
    }


async def test_titan_streams_parts_of_its_text(bedrock: Bedrock) -> None:
    *parts, last = await bedrock.invoke_stream(TITAN, TITAN_BODY)
    assert [part["outputText"] for part in parts] == TOKENS
    assert measured(last) == {
        "outputText": "",
        "index": 0,
        "totalOutputTextTokenCount": SAID,
        "completionReason": "FINISH",
        "inputTextTokenCount": READ,
    }


async def test_titan_honours_its_configuration(bedrock: Bedrock) -> None:
    for config, reason in (
        ({"maxTokenCount": 2}, "LENGTH"),
        ({"stopSequences": [":"]}, "STOP_CRITERIA_MET"),
    ):
        body = {**TITAN_BODY, "textGenerationConfig": config}
        (result,) = (await bedrock.invoke(TITAN, body))["results"]
        assert (result["outputText"], result["completionReason"]) == (
            "You asked",
            reason,
        )


async def test_llama_answers_with_a_generation(bedrock: Bedrock) -> None:
    assert await bedrock.invoke(LLAMA, LLAMA_BODY) == {
        "generation": ANSWER,
        "prompt_token_count": READ,
        "generation_token_count": SAID,
        "stop_reason": "stop",
    }
    cut = await bedrock.invoke(LLAMA, {**LLAMA_BODY, "max_gen_len": 2})
    assert (cut["generation"], cut["stop_reason"]) == ("You asked", "length")


async def test_llama_streams_parts_and_counts(bedrock: Bedrock) -> None:
    first, *parts, last = await bedrock.invoke_stream(LLAMA, LLAMA_BODY)
    assert first["prompt_token_count"] == READ
    assert {part["prompt_token_count"] for part in parts} == {None}
    assert [part["generation"] for part in (first, *parts)] == TOKENS
    assert measured(last)["stop_reason"] == "stop"


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("User: One?\nBot: Yes.\nUser: Two?\nBot:", "Two?"),
        ("Just this", "Just this"),
    ],
)
def test_titans_prompts_have_turns(prompt: str, said: str) -> None:
    assert titan_turn(prompt) == said


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        (LLAMA_BODY["prompt"], PROMPT),
        ("<|header_start|>user<|header_end|>\n\nHi<|eot|>", "Hi"),
        ("<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST]", "Hi"),
        ("[INST] One [/INST] Yes. [INST] Two [/INST]", "Two"),
        ("Just this", "Just this"),
    ],
)
def test_llamas_prompts_have_turns(prompt: str, said: str) -> None:
    assert llama_turn(prompt) == said


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", CLAUDE_BODY),
        ("global.anthropic.claude-sonnet-4-20250514-v1:0", CLAUDE_BODY),
        (f"arn:aws:bedrock:us-east-1::foundation-model/{CLAUDE}", CLAUDE_BODY),
        (
            f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{CLAUDE}",
            CLAUDE_BODY,
        ),
        ("apac.amazon.nova-pro-v1:0", NOVA_BODY),
        ("us.meta.llama4-scout-17b-instruct-v1:0", LLAMA_BODY),
        ("arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", CLAUDE_BODY),
        ("arn:aws:bedrock:us-east-1:1:provisioned-model/abc", TITAN_BODY),
        ("arn:aws:bedrock:us-east-1:1:imported-model/abc", LLAMA_BODY),
        ("arn:aws:bedrock:us-east-1:1:custom-model-deployment/abc", NOVA_BODY),
    ],
)
async def test_ids_profiles_and_arns_lead_to_a_model(
    bedrock: Bedrock, model: str, body: Any
) -> None:
    given = await bedrock.invoke(model, body)
    assert json.dumps(ANSWER) in json.dumps(given)


@pytest.mark.parametrize(
    "model",
    [
        "mistral.mistral-7b-instruct-v0:2",
        "amazon.titan-embed-text-v2:0",
        "amazon.nova-canvas-v1:0",
        "amazon.nova-sonic-v1:0",
        "arn:aws:bedrock:us-east-1:123456789012:imported-model/abc",
    ],
)
async def test_another_model_is_refused_and_the_known_ones_named(
    bedrock: Bedrock, model: str
) -> None:
    for call in (bedrock.invoke(model, {}), bedrock.invoke_stream(model, {})):
        failure = await bedrock.failure(call)
        assert (failure.code, failure.status) == ("ValidationException", 400)
        assert failure.message.startswith("The provided model identifier is invalid.")
        for known in ("anthropic.claude*", "amazon.nova-*", "meta.llama*", "Converse"):
            assert known in failure.message


@pytest.mark.parametrize(
    ("model", "body", "words"),
    [
        (CLAUDE, {}, "anthropic_version: Field required"),
        (CLAUDE, {**CLAUDE_BODY, "max_tokens": None}, "max_tokens: Field required"),
        (CLAUDE, {**CLAUDE_BODY, "max_tokens": 0}, "greater than or equal to 1"),
        (CLAUDE, {**CLAUDE_BODY, "messages": []}, "at least one message is required"),
        (
            CLAUDE,
            {**CLAUDE_BODY, "messages": [{"role": "user", "content": ""}]},
            "messages.0: all messages must have non-empty content",
        ),
        (
            CLAUDE,
            {**CLAUDE_BODY, "messages": [{"role": "system", "content": "x"}]},
            "messages.0.role",
        ),
        (
            CLAUDE,
            {**CLAUDE_BODY, "thinking": {"type": "enabled", "budget_tokens": 1024}},
            "thinking is not emulated",
        ),
        (CLAUDE, {**CLAUDE_BODY, "tool_choice": {"type": "any"}}, "--model-script"),
        (NOVA, {}, "required key [messages] not found"),
        (TITAN, {}, "required key [inputText] not found"),
        (TITAN, {"inputText": 4}, "Malformed input request: #/inputText"),
        (LLAMA, {}, "required key [prompt] not found"),
        (LLAMA, {"prompt": "x", "temperature": "hot"}, "#/temperature"),
    ],
)
async def test_a_body_that_is_not_the_models_is_refused(
    bedrock: Bedrock, model: str, body: Any, words: str
) -> None:
    failure = await bedrock.failure(bedrock.invoke(model, body))
    assert (failure.code, failure.status) == ("ValidationException", 400)
    assert words in failure.message


@pytest.mark.ours("malformed requests must never be a failure of ours")
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b'{"messages":[null]}', b'{"messages":4}']
)
@pytest.mark.parametrize("path", [f"/model/{CLAUDE}/converse", f"/model/{NOVA}/invoke"])
async def test_what_is_no_request_is_refused(
    model: httpx.AsyncClient, path: str, body: bytes
) -> None:
    response = await model.post(path, content=body)
    assert response.status_code == 400
    assert response.headers["x-amzn-errortype"] == "ValidationException"
    assert response.json()["message"]


@pytest.mark.ours("what is not emulated is named")
@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"/model/{CLAUDE}/count-tokens", "CountTokens"),
        (
            f"/model/{CLAUDE}/invoke-with-bidirectional-stream",
            "InvokeModelWithBidirectionalStream",
        ),
        ("/model/x", "POST /model/x"),
    ],
)
async def test_other_operations_are_named(
    model: httpx.AsyncClient, path: str, name: str
) -> None:
    response = await model.post(path, json={})
    assert response.status_code == 404
    assert (
        response.json()["message"] == f"{name} is not emulated by the stand-in model."
    )


@pytest.mark.ours("guardrails would change the answer")
async def test_guardrails_are_refused(model: httpx.AsyncClient) -> None:
    response = await model.post(
        f"/model/{NOVA}/invoke",
        json=NOVA_BODY,
        headers={"x-amzn-bedrock-guardrailidentifier": "g1"},
    )
    assert response.status_code == 400
    assert "Guardrails" in response.json()["message"]


async def test_headers_tell_the_counts(model: httpx.AsyncClient) -> None:
    response = await model.post(f"/model/{NOVA}/invoke", json=NOVA_BODY)
    headers = response.headers
    assert headers["x-amzn-bedrock-input-token-count"] == str(READ)
    assert headers["x-amzn-bedrock-output-token-count"] == str(SAID)
    assert headers["x-amzn-requestid"]
