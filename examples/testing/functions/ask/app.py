"""Asks a model and publishes its answer token by token."""

import json
import os
import urllib.request
from collections.abc import Iterator
from typing import Any

PUBLISH = """
mutation Publish(
  $session: ID!, $sequence: Int!, $text: String!, $done: Boolean!, $error: String
) {
  publishToken(
    session: $session, sequence: $sequence, text: $text, done: $done, error: $error
  ) { session sequence text done error }
}
"""


def handler(event: dict[str, Any], _context: object) -> None:
    session, sequence, error = event["session"], 0, None
    try:
        for text in tokens(event["prompt"]):
            publish(session, sequence, text)
            sequence += 1
    except BrokeOff as broken:
        error = str(broken)
    publish(session, sequence, "", done=True, error=error)


class BrokeOff(Exception):
    """The model did not come to the end of its answer."""


def tokens(prompt: str) -> Iterator[str]:
    """Yield the answer of an OpenAI-compatible model as it comes."""
    message = {"role": "user", "content": prompt}
    body = {"model": "small", "stream": True, "messages": [message]}
    url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
    with post(url, body, {}) as response:
        for line in response:
            if not line.startswith(b"data: "):
                continue
            text = line.removeprefix(b"data: ").strip()
            if text == b"[DONE]":
                return
            chunk = json.loads(text)
            if "error" in chunk:
                raise BrokeOff(chunk["error"]["message"])
            for choice in chunk["choices"]:
                if content := choice["delta"].get("content"):
                    yield content
    raise BrokeOff("The model fell silent.")


def publish(
    session: str,
    sequence: int,
    text: str,
    *,
    done: bool = False,
    error: str | None = None,
) -> None:
    variables = {
        "session": session,
        "sequence": sequence,
        "text": text,
        "done": done,
        "error": error,
    }
    body = {"query": PUBLISH, "variables": variables}
    headers = {"x-api-key": os.environ["API_KEY"]}
    with post(os.environ["GRAPHQL_URL"], body, headers) as response:
        answer = json.load(response)
    if answer.get("errors"):
        raise RuntimeError(f"publishToken failed: {answer['errors']}")


def post(url: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
    sent = {"content-type": "application/json", **headers}
    request = urllib.request.Request(url, json.dumps(body).encode(), sent)
    return urllib.request.urlopen(request, timeout=20)
