"""Works on questions from a queue: asks a model, publishes its answer token by token.

Only the standard library is used, so the deployment package is this one file.
"""

import http.client
import json
import os
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

OPENAI_BASE_URL = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1")
OPENAI_MODEL = os.environ.get("OPENAI_MODEL", "gpt-4o-mini")

# All fields are selected: subscribers get no more than the mutation selected.
PUBLISH = """
mutation Publish(
  $session: ID!, $sequence: Int!, $text: String!, $done: Boolean!, $error: String
) {
  publishToken(
    session: $session, sequence: $sequence, text: $text, done: $done, error: $error
  ) { session sequence text done error }
}
"""


class RequestFailed(Exception):
    """The model or AppSync answered with an error."""


class Connection:
    """A kept-alive HTTP connection to the host of `url`."""

    def __init__(self, url: str, timeout: float) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self.path = parts.path
        self._connection = kind(parts.netloc, timeout=timeout)

    def post(
        self, path: str, content: Any, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        headers = {"content-type": "application/json", **headers}
        return self._request("POST", path, json.dumps(content).encode(), headers)

    def _request(self, *request: Any) -> http.client.HTTPResponse:
        # A warm function may find that the server has closed the connection since the
        # last invocation. Publishing twice does no harm: tokens are numbered.
        try:
            return self._send(*request)
        except ConnectionError:
            return self._send(*request)

    def _send(self, *request: Any) -> http.client.HTTPResponse:
        try:
            self._connection.request(*request)
            return self._connection.getresponse()
        except Exception:
            self.close()  # half used; the next request opens it anew
            raise

    def close(self) -> None:
        self._connection.close()


class Answer:
    """The tokens of one answer, numbered as they are published."""

    # Kept from one invocation to the next while the environment is warm.
    appsync: Connection | None = None

    def __init__(self, session: str) -> None:
        self.session = session
        self.sequence = 0

    def publish(
        self, text: str, *, done: bool = False, error: str | None = None
    ) -> None:
        """Publish one token and wait until AppSync has taken it: that keeps order."""
        variables = {
            "session": self.session,
            "sequence": self.sequence,
            "text": text,
            "done": done,
            "error": error,
        }
        self.sequence += 1
        if Answer.appsync is None:
            Answer.appsync = Connection(os.environ["GRAPHQL_URL"], timeout=10)
        response = Answer.appsync.post(
            Answer.appsync.path,
            {"query": PUBLISH, "variables": variables},
            {"x-api-key": os.environ["API_KEY"]},
        )
        result = json.loads(response.read())
        if result.get("errors"):
            raise RequestFailed(f"publishToken failed: {result['errors']}")


def work(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer the questions of a batch, and say which of them have to come back.

    Those come back when the queue's visibility time-out has passed, and after a few
    times they go to the dead-letter queue.
    """
    failed = []
    for record in event["Records"]:
        try:
            question = json.loads(record["body"])
            answer(question["session"], question["prompt"])
        except Exception as error:  # noqa: BLE001 - one must not fail the others
            print(f"message {record['messageId']} failed: {error!r}")
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def answer(session: str, prompt: str) -> None:
    """Stream the answer to `prompt` into the session."""
    stream = Answer(session)
    try:
        for text in tokens(prompt):
            stream.publish(text)
    except Exception as error:
        # Whoever waits for the answer is told, and so is the queue.
        stream.publish("", done=True, error=str(error) or type(error).__name__)
        raise
    stream.publish("", done=True)


def tokens(prompt: str) -> Iterator[str]:
    """Yield the pieces of the model's answer as they arrive."""
    question = {
        "model": OPENAI_MODEL,
        "stream": True,
        "messages": [
            {"role": "system", "content": "Answer in one short paragraph."},
            {"role": "user", "content": prompt},
        ],
    }
    model = Connection(OPENAI_BASE_URL, timeout=60)
    try:
        path = f"{model.path}/chat/completions"
        yield from pieces(accepted(model.post(path, question, credentials())))
    finally:
        model.close()


def pieces(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield the text in the server-sent events of a streamed chat completion."""
    for line in lines:
        field, _, value = line.decode().partition(":")
        if field != "data":
            continue
        if value.strip() == "[DONE]":
            return
        chunk = json.loads(value)
        if "error" in chunk:
            raise RequestFailed(chunk["error"]["message"])
        for choice in chunk["choices"]:
            if text := choice["delta"].get("content"):
                yield text
    raise RequestFailed("the model's answer broke off")


def credentials() -> dict[str, str]:
    """Give the headers that the model asks for."""
    key = os.environ.get("OPENAI_API_KEY")
    return {"authorization": f"Bearer {key}"} if key else {}


def accepted(response: http.client.HTTPResponse) -> http.client.HTTPResponse:
    """Give the response back, or raise what the model says is wrong."""
    if response.status == 200:
        return response
    body = response.read()
    try:
        reason = json.loads(body)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        reason = body.decode(errors="replace")[:200]
    raise RequestFailed(f"the model answered {response.status}: {reason}")
