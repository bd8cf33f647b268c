"""What the forms of all Bedrock's operations have in common."""

import time
from base64 import b64encode
from typing import Any, ClassVar
from uuid import uuid4

import orjson
from starlette.responses import Response

from appsync_emulator.server.eventstream import (
    MEDIA_TYPE,
    encode,
    event_headers,
)
from appsync_emulator.server.model.bedrock.errors import (
    IN_INVOKED_STREAM,
    exception,
    refusal,
)
from appsync_emulator.server.model.reply import Asked, Ending, ToolUse
from appsync_emulator.server.model.speech import Failed
from appsync_emulator.types import JSON

METRICS = "amazon-bedrock-invocationMetrics"
"""What Bedrock adds to the last chunk of every model."""


class BedrockForm:
    """The form of one answer.

    Args:
        asked: what is answered.
    """

    media_type = MEDIA_TYPE
    exceptions: ClassVar[tuple[int, ...]] = IN_INVOKED_STREAM

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.headers = {
            "x-amzn-requestid": str(uuid4()),
            "x-amzn-bedrock-content-type": "application/json",
        }
        self._started = time.monotonic()
        self._first: float | None = None

    def latency(self) -> int:
        """Give the milliseconds since the request."""
        return round((time.monotonic() - self._started) * 1000)

    def begin(self) -> bytes:
        """Give nothing."""
        return b""

    def open(self, index: int, tool: ToolUse | None) -> bytes:  # noqa: ARG002 -- may be overridden
        """Give nothing."""
        return b""

    def close(self, index: int) -> bytes:  # noqa: ARG002 -- may be overridden
        """Give nothing."""
        return b""

    def broken(self, failed: Failed) -> bytes:
        """Give an exception; no end follows it."""
        return exception(failed, self.exceptions)

    def refusal(self, failed: Failed) -> Response:
        """Give the error with its status."""
        return refusal(failed)

    def headers_of(self, ending: Ending) -> dict[str, str]:
        """Give the headers that `InvokeModel` answers with."""
        return {
            "x-amzn-requestid": self.headers["x-amzn-requestid"],
            "x-amzn-bedrock-invocation-latency": str(self.latency()),
            "x-amzn-bedrock-input-token-count": str(ending.read),
            "x-amzn-bedrock-output-token-count": str(ending.said),
        }

    def chunk(self, content: JSON) -> bytes:
        """Give a chunk of `InvokeModelWithResponseStream`."""
        if self._first is None:
            self._first = self.latency()
        payload = b'{"bytes":"' + b64encode(orjson.dumps(content)) + b'"}'
        return encode(event_headers("chunk"), payload)

    def last_chunk(self, content: dict[str, Any], ending: Ending) -> bytes:
        """Give the last chunk, which tells how long it took."""
        metrics = {
            "inputTokenCount": ending.read,
            "outputTokenCount": ending.said,
            "invocationLatency": self.latency(),
            "firstByteLatency": self._first or 0,
        }
        return self.chunk({**content, METRICS: metrics})
