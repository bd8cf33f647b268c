"""AWS's clients as functions have them: the environment alone tells where Bedrock is.

The whole server is between them and the stand-in, so Node's client meets it in HTTP/2.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.server.model.text import answer, split
from clients.node_packages import install
from support import Server, inline_python, js, lambda_js, template

from .bedrock import CLAUDE, MESSAGES, NOVA, PROMPT

pytestmark = pytest.mark.aws_doc("Bedrock API reference; SDKs' service endpoints")

HERE = Path(__file__).parent
SCHEMA = "type Query { q: String }"
FAST = {"model_rate": 0.0, "model_first_token": 0.0}
TOKENS = split(answer(PROMPT))

PYTHON = """
import boto3

def handler(event, context):
    client = boto3.client("bedrock-runtime")
    answer = client.converse_stream(
        modelId="us.anthropic.claude-sonnet-4-20250514-v1:0",
        messages=[{"role": "user", "content": [{"text": event["args"]["prompt"]}]}],
    )
    deltas = [event.get("contentBlockDelta") for event in answer["stream"]]
    return "".join(delta["delta"]["text"] for delta in deltas if delta)
"""


async def test_a_function_needs_no_settings(start: Callable[..., Any]) -> None:
    content = template(
        "type Query { ask(prompt: String!): String }",
        {"Query.ask": {**lambda_js(), "DataSourceName": "Ask"}},
        functions={"Ask": inline_python(PYTHON, Timeout=30)},
    )
    server: Server = await start(content, **FAST)
    answered = await server.run("query($p: String!) { ask(prompt: $p) }", {"p": PROMPT})
    assert answered == {"data": {"ask": answer(PROMPT)}}


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Put the script beside its packages, which are kept outside the repository."""
    for command in ("node", "npm"):
        if shutil.which(command) is None:
            pytest.skip(f"{command} is not on the PATH: install Node.js and npm")
    folder = tmp_path_factory.mktemp("node")
    shutil.copy(HERE / "node" / "ask.mjs", folder)
    (folder / "node_modules").symlink_to(install(HERE / "node") / "node_modules")
    return folder


Ask = Callable[..., Any]


@pytest.fixture
async def ask(start: Callable[..., Any], scripts: Path, tmp_path: Path) -> Ask:
    """Start a server with a script, and let Node's client ask it."""

    async def ask(operation: str, *rules: dict[str, Any], **given: Any) -> list[Any]:
        settings: dict[str, Any] = dict(FAST)
        if rules:
            script = tmp_path / "script.json"
            script.write_text(json.dumps(rules))
            settings["model_script"] = str(script)
        server = await start(template(SCHEMA, {"Query.q": js()}), **settings)
        process = await asyncio.create_subprocess_exec(
            "node",
            "ask.mjs",
            json.dumps({"operation": operation, "input": given}),
            cwd=scripts,
            env={
                "PATH": os.environ["PATH"],
                "NODE_NO_WARNINGS": "1",
                "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "ASIA",
                "AWS_SECRET_ACCESS_KEY": "x",
                "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": server.project.base,
            },
            stdout=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(30):
            out, _ = await process.communicate()
        assert process.returncode == 0, out
        return [json.loads(line) for line in out.splitlines()]

    return ask


async def test_node_converses(ask: Ask) -> None:
    (given,) = await ask("converse", modelId=CLAUDE, messages=MESSAGES)
    content = [{"text": answer(PROMPT)}]
    assert given["output"]["message"] == {"role": "assistant", "content": content}
    assert given["stopReason"] == "end_turn"


async def test_node_reads_a_streamed_conversation(ask: Ask) -> None:
    start, *deltas, close, stop, last = await ask(
        "converseStream", modelId=CLAUDE, messages=MESSAGES
    )
    assert start == {"messageStart": {"role": "assistant"}}
    texts = [delta["contentBlockDelta"]["delta"]["text"] for delta in deltas]
    assert texts == TOKENS
    assert close == {"contentBlockStop": {"contentBlockIndex": 0}}
    assert stop == {"messageStop": {"stopReason": "end_turn"}}
    assert last["metadata"]["usage"]["outputTokens"] == len(TOKENS)


@pytest.mark.parametrize("operation", ["invoke", "invokeStream"])
async def test_node_invokes_a_model_by_its_arn(ask: Ask, operation: str) -> None:
    arn = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{CLAUDE}"
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 1000,
        "messages": [{"role": "user", "content": PROMPT}],
    }
    found = await ask(operation, modelId=arn, body=body)
    if operation == "invoke":
        (given,) = found
        assert given["contentType"] == "application/json"
        assert given["body"]["content"] == [{"type": "text", "text": answer(PROMPT)}]
    else:
        deltas = [one for one in found if one["type"] == "content_block_delta"]
        assert [delta["delta"]["text"] for delta in deltas] == TOKENS


@pytest.mark.parametrize(
    ("fault", "read", "expected"),
    [
        (
            {"kind": "throttle"},
            0,
            {"error": "ThrottlingException", "message": "Why.", "status": 429},
        ),
        (
            {"kind": "error", "after": 1},
            2,
            {"error": "ModelStreamErrorException", "message": "Why."},
        ),
    ],
)
async def test_node_understands_errors(
    ask: Ask, fault: Any, read: int, expected: Any
) -> None:
    rule = {"fault": {**fault, "message": "Why."}}
    found = await ask("converseStream", rule, modelId=NOVA, messages=MESSAGES)
    assert len(found) == read + 1
    assert expected.items() <= found[-1].items()


async def test_node_notices_a_cut(ask: Ask) -> None:
    rule = {"fault": {"kind": "cut", "after": 1}}
    found = await ask("converseStream", rule, modelId=NOVA, messages=MESSAGES)
    assert found[1] == {
        "contentBlockDelta": {"delta": {"text": "You"}, "contentBlockIndex": 0}
    }
    # The SDK throws, except when the end of the stream comes along with a token.
    assert ["error" in one for one in found[2:]] in ([True], [])


@pytest.mark.ours("what a template sets wins")
async def test_the_template_may_say_where_bedrock_is(
    start: Callable[..., Any],
) -> None:
    url = "http://elsewhere:1"
    environment = {"Variables": {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": url}}
    functions = {
        "One": inline_python("", Environment=environment),
        "Other": inline_python(""),
    }
    content = template(SCHEMA, {"Query.q": js()}, functions=functions)
    server: Server = await start(content)
    name = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"
    found = {
        key: one.environment[name]
        for key, one in server.project.application.functions.items()
    }
    assert found == {"One": url, "Other": server.project.base}
