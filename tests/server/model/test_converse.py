from typing import Any

import pytest

from appsync_emulator.server.model.text import answer, split

from .bedrock import CLAUDE, MESSAGES, PROMPT, Bedrock, text_of

pytestmark = pytest.mark.aws_doc("Bedrock API reference, Converse and ConverseStream")


async def test_an_answer_comes_whole(bedrock: Bedrock) -> None:
    given = await bedrock.converse()
    assert given["output"]["message"] == {
        "role": "assistant",
        "content": [{"text": answer(PROMPT)}],
    }
    assert given["stopReason"] == "end_turn"
    read, said = len(split(PROMPT)), len(split(answer(PROMPT)))
    assert given["usage"] == {
        "inputTokens": read,
        "outputTokens": said,
        "totalTokens": read + said,
    }
    assert given["metrics"]["latencyMs"] >= 0


async def test_a_stream_has_start_deltas_stop_and_metadata(bedrock: Bedrock) -> None:
    events = await bedrock.stream()
    tokens = split(answer(PROMPT))
    assert [next(iter(event)) for event in events] == [
        "messageStart",
        *["contentBlockDelta"] * len(tokens),
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]
    assert events[0]["messageStart"] == {"role": "assistant"}
    assert events[1]["contentBlockDelta"] == {
        "delta": {"text": tokens[0]},
        "contentBlockIndex": 0,
    }
    assert text_of(events) == answer(PROMPT)
    assert events[-2]["messageStop"] == {"stopReason": "end_turn"}
    assert events[-1]["metadata"]["usage"]["outputTokens"] == len(tokens)


@pytest.mark.parametrize(
    ("config", "text", "reason"),
    [
        ({"maxTokens": 3}, "You asked:", "max_tokens"),
        ({"stopSequences": ["asked"]}, "You ", "stop_sequence"),
        ({"stopSequences": ["never", "ask"]}, "You ", "stop_sequence"),
        ({"stopSequences": ["ked"]}, "You as", "stop_sequence"),
        ({"maxTokens": 1, "stopSequences": ["asked"]}, "You", "max_tokens"),
    ],
)
async def test_limit_and_stop_sequences_are_honoured(
    bedrock: Bedrock, config: dict[str, Any], text: str, reason: str
) -> None:
    events = await bedrock.stream(inferenceConfig=config)
    assert (text_of(events), events[-2]["messageStop"]["stopReason"]) == (text, reason)
    whole = await bedrock.converse(inferenceConfig=config)
    assert whole["output"]["message"]["content"] == [{"text": text}]
    assert whole["stopReason"] == reason


async def test_the_system_prompt_counts_but_is_not_what_is_asked(
    bedrock: Bedrock,
) -> None:
    given = await bedrock.converse(system=[{"text": "Be brief."}])
    assert given["output"]["message"]["content"] == [{"text": answer(PROMPT)}]
    assert given["usage"]["inputTokens"] == len(split(PROMPT)) + 3


@pytest.mark.parametrize(
    "model",
    [
        CLAUDE,
        "us.anthropic.claude-sonnet-4-20250514-v1:0",
        "mistral.mistral-large-2402-v1:0",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3",
        "arn:aws:bedrock:us-east-1::foundation-model/cohere.command-r-v1:0",
        "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/a1b2c3",
    ],
)
async def test_any_model_is_conversed_with(bedrock: Bedrock, model: str) -> None:
    assert text_of(await bedrock.stream(model)) == answer(PROMPT)


async def test_images_and_tools_are_taken_and_not_looked_at(bedrock: Bedrock) -> None:
    image = {"image": {"format": "png", "source": {"bytes": b"\x89PNG"}}}
    messages = [{"role": "user", "content": [image, {"text": PROMPT}]}]
    tool = {"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object"}}}}
    given = await bedrock.converse(messages=messages, toolConfig={"tools": [tool]})
    assert given["output"]["message"]["content"] == [{"text": answer(PROMPT)}]


TOOLS = {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {}}}}]}
RESULT = {"toolResult": {"toolUseId": "t", "content": [{"text": "4"}]}}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param(
            {"messages": []},
            "A conversation must start with a user message.",
            id="none",
            marks=pytest.mark.aws_observed("elastic/kibana #246393"),
        ),
        pytest.param(
            {"messages": [{"role": "assistant", "content": [{"text": "Hi"}]}]},
            "A conversation must start with a user message.",
            id="assistant first",
            marks=pytest.mark.aws_observed("elastic/kibana #246393"),
        ),
        pytest.param(
            {"messages": MESSAGES * 2},
            "A conversation must alternate between user and assistant roles.",
            id="user twice",
            marks=pytest.mark.aws_observed("langchain-ai/langchainjs #6724"),
        ),
        ({"messages": [{"role": "robot", "content": [{"text": "Hi"}]}]}, "enum value"),
        ({"messages": [{"role": "user", "content": []}]}, "Add a ContentBlock object"),
        ({"messages": [{"role": "user", "content": [{"text": " "}]}]}, "is blank"),
        (
            {"messages": [{"role": "user", "content": [RESULT]}]},
            "The toolConfig field must be defined",
        ),
        ({"inferenceConfig": {"temperature": 1.5}}, "less than or equal to 1"),
        (
            {"guardrailConfig": {"guardrailIdentifier": "g", "guardrailVersion": "1"}},
            "guardrailConfig is not emulated",
        ),
        ({"toolConfig": {**TOOLS, "toolChoice": {"any": {}}}}, "--model-script"),
        (
            {"toolConfig": {**TOOLS, "toolChoice": {"tool": {"name": "f"}}}},
            "--model-script",
        ),
    ],
)
async def test_what_is_wrong_is_told_as_a_validation_exception(
    bedrock: Bedrock, given: dict[str, Any], words: str
) -> None:
    for call in (bedrock.converse(**given), bedrock.stream(**given)):
        failure = await bedrock.failure(call)
        assert (failure.code, failure.status) == ("ValidationException", 400)
        assert words in failure.message


@pytest.mark.aws_observed("aws-samples/build-an-agentic-llm-assistant #6")
@pytest.mark.parametrize("model", ["no model", "arn:aws:bedrock:here", "a?b"])
async def test_what_is_no_model_id_is_refused(bedrock: Bedrock, model: str) -> None:
    failure = await bedrock.failure(bedrock.converse(model))
    assert failure.message == "The provided model identifier is invalid."


@pytest.mark.ours("prompts of Prompt management are not emulated")
async def test_a_prompt_is_not_emulated(bedrock: Bedrock) -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1"
    failure = await bedrock.failure(bedrock.converse(arn))
    assert "not emulated" in failure.message
