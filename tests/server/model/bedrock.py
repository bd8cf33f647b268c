"""AWS's Python client, whose calls block and so have a thread."""

import asyncio
import json
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError

CLAUDE = "anthropic.claude-3-5-sonnet-20240620-v1:0"
NOVA = "amazon.nova-lite-v1:0"
TITAN = "amazon.titan-text-express-v1"
LLAMA = "meta.llama3-8b-instruct-v1:0"

PROMPT = "Why is the sky blue?"
MESSAGES = [{"role": "user", "content": [{"text": PROMPT}]}]


@cache
def _session() -> Any:
    return boto3.Session(
        aws_access_key_id="ASIA", aws_secret_access_key="x", region_name="us-east-1"
    )


@dataclass
class Failure:
    """An error as AWS's client understood it."""

    code: str
    message: str
    status: int | None


class Bedrock:
    """A client of the stand-in at `url`."""

    def __init__(self, url: str) -> None:
        config = Config(
            retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=10
        )
        self.client = _session().client(
            "bedrock-runtime", endpoint_url=url, config=config
        )

    async def converse(self, model: str = CLAUDE, **given: Any) -> Any:
        given = {"messages": MESSAGES, **given}
        return await asyncio.to_thread(self.client.converse, modelId=model, **given)

    async def stream(self, model: str = CLAUDE, **given: Any) -> list[Any]:
        """Give all events of ConverseStream."""
        given = {"messages": MESSAGES, **given}

        def read() -> list[Any]:
            answer = self.client.converse_stream(modelId=model, **given)
            with closing(answer["stream"]) as stream:
                return list(stream)

        return await asyncio.to_thread(read)

    async def invoke(self, model: str, body: Any) -> Any:
        """Give the body of InvokeModel's answer."""

        def read() -> Any:
            answer = self.client.invoke_model(modelId=model, body=json.dumps(body))
            assert answer["contentType"] == "application/json"
            return json.loads(answer["body"].read())

        return await asyncio.to_thread(read)

    async def invoke_stream(self, model: str, body: Any) -> list[Any]:
        """Give the chunks of InvokeModelWithResponseStream."""

        def read() -> list[Any]:
            answer = self.client.invoke_model_with_response_stream(
                modelId=model, body=json.dumps(body)
            )
            assert answer["contentType"] == "application/json"
            with closing(answer["body"]) as events:
                return [json.loads(event["chunk"]["bytes"]) for event in events]

        return await asyncio.to_thread(read)

    async def failure(self, call: Any) -> Failure:
        """Give the error that a call ends with."""
        with pytest.raises(ClientError) as caught:
            await call
        about = caught.value.response["Error"]
        told = caught.value.response.get("ResponseMetadata", {})
        status = told.get("HTTPStatusCode")
        if isinstance(caught.value, EventStreamError):
            status = None
        return Failure(about["Code"], about["Message"], status)


def text_of(events: list[Any]) -> str:
    """Give the text of ConverseStream's events."""
    deltas = [
        event["contentBlockDelta"] for event in events if "contentBlockDelta" in event
    ]
    return "".join(delta["delta"].get("text", "") for delta in deltas)
