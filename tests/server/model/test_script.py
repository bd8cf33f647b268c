"""What a script makes of answers, through the clients that ask."""

from typing import Any

import httpx
import pytest

from appsync_emulator.server.model.text import answer

from .bedrock import CLAUDE, LLAMA, NOVA, PROMPT, text_of
from .conftest import Connect, HastyClock, StartModel

pytestmark = pytest.mark.ours("scripts are our own")

PATH = "/v1/chat/completions"
TOOL = {"id": "t1", "name": "weather", "input": {"city": "Rome"}}
TOOL_CONFIG = {
    "tools": [{"toolSpec": {"name": "weather", "inputSchema": {"json": {}}}}]
}


def question(text: str = PROMPT, **given: Any) -> dict[str, Any]:
    return {"model": "any", "messages": [{"role": "user", "content": text}], **given}


async def ask(url: str, text: str = PROMPT, **given: Any) -> Any:
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        response = await client.post(PATH, json=question(text, **given))
    assert response.status_code == 200, response.text
    return response.json()["choices"][0]["message"]


async def said(url: str, text: str = PROMPT, **given: Any) -> Any:
    return (await ask(url, text, **given))["content"]


async def test_the_first_rule_that_matches_counts(start_model: StartModel) -> None:
    url = start_model(
        {"match": "weather", "reply": "It rains."},
        {"match": "/^hi\\b/i", "reply": "Hello."},
        {"match": "the weather", "reply": "never"},
    )
    assert await said(url, "How is the weather?") == "It rains."
    assert await said(url, "HI there") == "Hello."
    assert await said(url, "Weather?") == answer("Weather?")


async def test_a_rule_may_be_for_some_models(
    start_model: StartModel, connect: Connect
) -> None:
    url = start_model({"model": "*claude*", "reply": "I am Claude."})
    bedrock = connect(url)
    assert text_of(await bedrock.stream(CLAUDE)) == "I am Claude."
    assert text_of(await bedrock.stream(NOVA)) == answer(PROMPT)
    assert await said(url, model="claude-x") == "I am Claude."


async def test_a_rule_may_hold_for_some_times(start_model: StartModel) -> None:
    url = start_model({"reply": "Once.", "times": 1}, {"reply": "Twice.", "times": 2})
    found = [await said(url) for _ in range(4)]
    assert found == ["Once.", "Twice.", "Twice.", answer(PROMPT)]


async def test_both_apis_share_what_is_left_of_a_rule(
    start_model: StartModel, connect: Connect
) -> None:
    url = start_model({"reply": "Once.", "times": 1})
    assert text_of(await connect(url).stream()) == "Once."
    assert await said(url) == answer(PROMPT)


async def test_tokens_are_sent_as_they_stand(
    start_model: StartModel, connect: Connect
) -> None:
    events = await connect(start_model({"tokens": ["a b", "c", " "]})).stream()
    deltas = [e["contentBlockDelta"] for e in events if "contentBlockDelta" in e]
    assert [delta["delta"]["text"] for delta in deltas] == ["a b", "c", " "]


async def test_an_empty_reply_has_no_content(
    start_model: StartModel, connect: Connect
) -> None:
    url = start_model({"reply": ""})
    assert await said(url) == ""
    given = await connect(url).converse()
    assert (given["output"]["message"]["content"], given["stopReason"]) == (
        [],
        "end_turn",
    )


async def test_converse_calls_a_tool(start_model: StartModel, connect: Connect) -> None:
    bedrock = connect(start_model({"reply": "Let me see.", "tool_use": TOOL}))
    config = {**TOOL_CONFIG, "toolChoice": {"any": {}}}
    given = await bedrock.converse(toolConfig=config)
    use = {"toolUseId": "t1", "name": "weather", "input": {"city": "Rome"}}
    assert given["stopReason"] == "tool_use"
    assert given["output"]["message"]["content"] == [
        {"text": "Let me see."},
        {"toolUse": use},
    ]
    events = await bedrock.stream(toolConfig=config)
    starts = [e["contentBlockStart"] for e in events if "contentBlockStart" in e]
    assert starts == [
        {
            "start": {"toolUse": {"toolUseId": "t1", "name": "weather"}},
            "contentBlockIndex": 1,
        }
    ]
    pieces = [
        event["contentBlockDelta"]["delta"]["toolUse"]["input"]
        for event in events
        if "toolUse" in event.get("contentBlockDelta", {}).get("delta", {})
    ]
    assert "".join(pieces) == '{"city":"Rome"}'
    assert len(pieces) > 1


async def test_claude_calls_a_tool(start_model: StartModel, connect: Connect) -> None:
    bedrock = connect(start_model({"tool_use": [TOOL, {"name": "time"}]}))
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": PROMPT}],
        "tool_choice": {"type": "any"},
    }
    message = await bedrock.invoke(CLAUDE, body)
    assert message["stop_reason"] == "tool_use"
    first, second = message["content"]
    assert first == {"type": "tool_use", **TOOL}
    assert (second["name"], second["input"]) == ("time", {})
    chunks = await bedrock.invoke_stream(CLAUDE, body)
    start = next(one for one in chunks if one["type"] == "content_block_start")
    assert start["content_block"] == {"type": "tool_use", **TOOL, "input": {}}
    pieces = [
        one["delta"]["partial_json"]
        for one in chunks
        if one.get("index") == 0 and one["type"] == "content_block_delta"
    ]
    assert "".join(pieces) == '{"city":"Rome"}'


async def test_openai_calls_a_tool(start_model: StartModel) -> None:
    url = start_model({"tool_use": TOOL})
    message = await ask(url, tool_choice="required")
    assert message["content"] is None
    assert message["tool_calls"] == [
        {
            "id": "t1",
            "type": "function",
            "function": {"name": "weather", "arguments": '{"city":"Rome"}'},
        }
    ]


async def test_text_models_call_no_tools(
    start_model: StartModel, connect: Connect
) -> None:
    bedrock = connect(start_model({"tool_use": TOOL}))
    failure = await bedrock.failure(bedrock.invoke(LLAMA, {"prompt": PROMPT}))
    assert failure.code == "ValidationException"
    assert "tool_use" in failure.message


async def test_a_rule_has_its_own_pace(
    start_model: StartModel, clock: HastyClock
) -> None:
    url = start_model(
        {"tokens": ["a", "b", "c"], "first_token": 2, "rate": 4}, model_rate=1.0
    )
    assert await said(url) == "abc"
    assert clock.waits == [2.0, 0.25, 0.25]


async def test_the_models_name_wins_over_the_rules_pace(
    start_model: StartModel, clock: HastyClock
) -> None:
    url = start_model({"tokens": ["a", "b"], "first_token": 2, "rate": 4})
    assert await said(url, model="any@first=1,rate=2") == "ab"
    assert clock.waits == [1.0, 0.5]


async def test_the_seed_gives_the_same_pauses_again(
    start_model: StartModel, clock: HastyClock
) -> None:
    found = []
    for seed in (1, 1, 2):
        url = start_model(
            model_rate=10.0, model_first_token=1.0, model_jitter=0.5, model_seed=seed
        )
        clock.waits.clear()
        await said(url)
        found.append(list(clock.waits))
    assert found[0] == pytest.approx(found[1])
    assert found[0] != pytest.approx(found[2])
