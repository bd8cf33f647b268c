"""How OpenAI's chat completions write an answer."""

import secrets
import time
from collections.abc import Sequence
from typing import Any

import orjson
from starlette.responses import Response

from appsync_emulator.server.model.reply import Block, Ending, ToolUse
from appsync_emulator.server.model.request import Question, Refused
from appsync_emulator.server.model.speech import TOO_MANY, Failed
from appsync_emulator.types import JSON

REASONS = {"end": "stop", "stop": "stop", "length": "length", "tool": "tool_calls"}

THROTTLED = "Rate limit reached for requests."
FAILED = "The server had an error while processing your request."


class Completion:
    """The form of one chat completion, streamed or not.

    Args:
        question: what is answered.
    """

    media_type = "text/event-stream"

    def __init__(self, question: Question) -> None:
        kind = "chat.completion.chunk" if question.stream else "chat.completion"
        self.headers = {"cache-control": "no-cache"}
        self._usage = question.include_usage
        self._calls: dict[int, int] = {}
        self._about = {
            "id": f"chatcmpl-{secrets.token_hex(12)}",
            "object": kind,
            "created": int(time.time()),
            "model": question.asked.model,
            "system_fingerprint": "fp_stand_in",
        }
        self._chunk = {**self._about, "usage": None} if self._usage else self._about

    def begin(self) -> bytes:
        """Give the role."""
        return self._delta({"role": "assistant", "content": "", "refusal": None})

    def open(self, index: int, tool: ToolUse | None) -> bytes:
        """Name the tool that a block calls."""
        if tool is None:
            return b""
        call = self._calls[index] = len(self._calls)
        return self._delta({"tool_calls": [{"index": call, **_call(tool, "")}]})

    def token(self, index: int, tool: ToolUse | None, text: str) -> bytes:
        """Write a piece of the text or of a call's arguments."""
        if tool is None:
            return self._delta({"content": text})
        call = {"index": self._calls[index], "function": {"arguments": text}}
        return self._delta({"tool_calls": [call]})

    def close(self, index: int) -> bytes:  # noqa: ARG002 -- blocks have no end here
        """Give nothing."""
        return b""

    def end(self, ending: Ending) -> bytes:
        """Give the reason, the usage if it is wanted, and the end."""
        last = self._delta({}, REASONS[ending.reason])
        if self._usage:
            last += _event({**self._about, "choices": [], "usage": _usage(ending)})
        return last + b"data: [DONE]\n\n"

    def broken(self, failed: Failed) -> bytes:
        """Give an event with the error; no end follows it."""
        return _event(_error(failed))

    def refusal(self, failed: Failed) -> Response:
        """Give the error with its status."""
        return answer_json(_error(failed), failed.status or 500)

    def whole(self, blocks: Sequence[Block], ending: Ending) -> JSON:
        """Give the `chat.completion` object."""
        text = "".join(block.text for block in blocks if block.tool is None)
        calls = [_call(block.tool, block.text) for block in blocks if block.tool]
        message: dict[str, Any] = {
            "role": "assistant",
            "content": None if calls and not text else text,
            "refusal": None,
        }
        choice = {
            "index": 0,
            "message": {**message, "tool_calls": calls} if calls else message,
            "logprobs": None,
            "finish_reason": REASONS[ending.reason],
        }
        return {**self._about, "choices": [choice], "usage": _usage(ending)}

    def headers_of(self, ending: Ending) -> dict[str, str]:  # noqa: ARG002 -- none here
        """Give nothing."""
        return {}

    def _delta(self, delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {
            "index": 0,
            "delta": delta,
            "logprobs": None,
            "finish_reason": finish_reason,
        }
        return _event({**self._chunk, "choices": [choice]})


def answer_json(content: JSON, status: int = 200) -> Response:
    """Give a response with a JSON text."""
    return Response(orjson.dumps(content), status, media_type="application/json")


def refuse(error: Refused) -> Response:
    """Answer a request that is wrong."""
    about = {
        "message": error.message,
        "type": "invalid_request_error",
        "param": error.param,
        "code": error.code,
    }
    return answer_json({"error": about}, error.status)


def _event(content: JSON) -> bytes:
    return b"data: " + orjson.dumps(content) + b"\n\n"


def _call(tool: ToolUse, arguments: str) -> dict[str, Any]:
    function = {"name": tool.name, "arguments": arguments}
    return {"id": tool.id, "type": "function", "function": function}


def _usage(ending: Ending) -> dict[str, int]:
    return {
        "prompt_tokens": ending.read,
        "completion_tokens": ending.said,
        "total_tokens": ending.read + ending.said,
    }


def _error(failed: Failed) -> JSON:
    throttled = failed.status == TOO_MANY
    about = {
        "message": failed.message or (THROTTLED if throttled else FAILED),
        "type": "requests" if throttled else "server_error",
        "param": None,
        "code": "rate_limit_exceeded" if throttled else None,
    }
    return {"error": about}
