"""Anthropic's Messages, for InvokeModel.

See "Anthropic Claude Messages API" in the Amazon Bedrock user guide.
"""

from collections.abc import Sequence
from secrets import token_hex
from typing import Any

from appsync_emulator.server.model.bedrock import fields
from appsync_emulator.server.model.bedrock.converse import REASONS
from appsync_emulator.server.model.bedrock.errors import Invalid
from appsync_emulator.server.model.bedrock.form import BedrockForm
from appsync_emulator.server.model.reply import Asked, Block, Ending, ToolUse
from appsync_emulator.types import JSON

UNSEEN = ("text", "tool_use", "tool_result")


def parse(model: str, body: bytes) -> Asked:
    """Check a request.

    Raises:
        Invalid: it is wrong.
    """
    given = fields.load(body)
    for name in ("anthropic_version", "max_tokens", "messages"):
        if name not in given:
            raise Invalid(f"{name}: Field required")
    fields.not_emulated(given, "output_config", "output_format", "mcp_servers")
    if fields.member(given, "thinking").get("type", "disabled") != "disabled":
        raise Invalid("thinking is not emulated by the stand-in model.")
    spoken, kinds = _messages(given)
    beyond = ["tools"] if given.get("tools") else []
    choice = fields.member(given, "tool_choice").get("type")
    return Asked(
        model=model,
        conversation=[*_system(given), *spoken],
        limit=fields.limit(given, "max_tokens"),
        stops=fields.stops(given, "stop_sequences"),
        must_call=choice in ("any", "tool"),
        sampling=fields.sampling(
            fields.fraction(given, "temperature"), fields.fraction(given, "top_p")
        ),
        beyond_text=[*beyond, *(kind for kind in kinds if kind not in UNSEEN)],
    )


def _system(given: dict[str, Any]) -> list[tuple[str, str]]:
    if "system" not in given:
        return []
    return [("system", _text(given["system"], "system", {}))]


def _messages(given: dict[str, Any]) -> tuple[list[tuple[str, str]], list[str]]:
    messages = fields.objects(given["messages"], "messages")
    if not messages:
        raise Invalid("messages: at least one message is required")
    spoken: list[tuple[str, str]] = []
    kinds: dict[str, None] = {}
    for number, message in enumerate(messages):
        place = f"messages.{number}"
        for name in ("role", "content"):
            if name not in message:
                raise Invalid(f"{place}.{name}: Field required")
        if message["role"] not in ("user", "assistant"):
            raise Invalid(f"{place}.role: Input should be 'user' or 'assistant'")
        text = _text(message["content"], f"{place}.content", kinds)
        last = number == len(messages) - 1 and message["role"] == "assistant"
        if not message["content"] and not last:
            raise Invalid(
                f"{place}: all messages must have non-empty content except for the "
                "optional final assistant message"
            )
        spoken.append((message["role"], text))
    return spoken, list(kinds)


def _text(content: JSON, place: str, kinds: dict[str, None]) -> str:
    """Give the text in a string or a list of blocks; adds the kinds of the blocks."""
    if isinstance(content, str):
        return content
    blocks = fields.objects(content, place)
    kinds |= dict.fromkeys(str(block.get("type")) for block in blocks)
    return "".join(
        fields.text(block.get("text"), f"{place}.{index}.text")
        for index, block in enumerate(blocks)
        if block.get("type") == "text"
    )


class AnthropicMessage(BedrockForm):
    """The form of an answer, streamed or not."""

    def begin(self) -> bytes:
        """Give the message without its content."""
        usage = {"input_tokens": self.asked.count(), "output_tokens": 1}
        message = self._message([], None, None, usage)
        return self.chunk({"type": "message_start", "message": message})

    def open(self, index: int, tool: ToolUse | None) -> bytes:
        """Begin a block."""
        block = {"type": "text", "text": ""} if tool is None else _tool(tool, {})
        start = {"type": "content_block_start", "index": index, "content_block": block}
        return self.chunk(start)

    def token(self, index: int, tool: ToolUse | None, text: str) -> bytes:
        """Write a piece of text or of a tool's input."""
        delta = (
            {"type": "text_delta", "text": text}
            if tool is None
            else {"type": "input_json_delta", "partial_json": text}
        )
        about = {"type": "content_block_delta", "index": index, "delta": delta}
        return self.chunk(about)

    def close(self, index: int) -> bytes:
        """End a block."""
        return self.chunk({"type": "content_block_stop", "index": index})

    def end(self, ending: Ending) -> bytes:
        """Give the reason, the usage and the measurements."""
        delta = {"stop_reason": REASONS[ending.reason], "stop_sequence": ending.stop}
        usage = {"output_tokens": ending.said}
        last = self.chunk({"type": "message_delta", "delta": delta, "usage": usage})
        return last + self.last_chunk({"type": "message_stop"}, ending)

    def whole(self, blocks: Sequence[Block], ending: Ending) -> JSON:
        """Give the message."""
        content = [
            {"type": "text", "text": block.text}
            if block.tool is None
            else _tool(block.tool, block.tool.input)
            for block in blocks
        ]
        usage = {"input_tokens": ending.read, "output_tokens": ending.said}
        return self._message(content, REASONS[ending.reason], ending.stop, usage)

    def _message(
        self, content: JSON, reason: str | None, stop: str | None, usage: JSON
    ) -> dict[str, Any]:
        return {
            "id": f"msg_bdrk_{token_hex(12)}",
            "type": "message",
            "role": "assistant",
            "model": self.asked.model,
            "content": content,
            "stop_reason": reason,
            "stop_sequence": stop,
            "usage": usage,
        }


def _tool(tool: ToolUse, content: JSON) -> dict[str, Any]:
    return {"type": "tool_use", "id": tool.id, "name": tool.name, "input": content}
