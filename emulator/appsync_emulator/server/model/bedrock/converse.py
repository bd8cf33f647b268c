"""Converse and ConverseStream (Amazon Bedrock API reference)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar

import orjson

from appsync_emulator.server.eventstream import encode, event_headers
from appsync_emulator.server.model.bedrock import fields
from appsync_emulator.server.model.bedrock.errors import IN_STREAM, Invalid
from appsync_emulator.server.model.bedrock.form import BedrockForm
from appsync_emulator.server.model.reply import Asked, Block, Ending, ToolUse
from appsync_emulator.types import JSON

REASONS = {
    "end": "end_turn",
    "length": "max_tokens",
    "stop": "stop_sequence",
    "tool": "tool_use",
}
ROLES = ("user", "assistant", "system")
UNSEEN = ("text", "cachePoint", "toolUse", "toolResult")
"""Blocks that need no looking at something beside text."""

START = (
    "A conversation must start with a user message. Try again with a conversation that "
    "starts with a user message."
)
ALTERNATE = (
    "A conversation must alternate between user and assistant roles. Make sure the "
    "conversation alternates between user and assistant roles and try again."
)
NO_TOOLS = (
    "The toolConfig field must be defined when using toolUse and toolResult content "
    "blocks."
)


def parse(model: str, body: bytes) -> Asked:
    """Check a request.

    Raises:
        Invalid: in Bedrock's words where they are known.
    """
    return read(model, fields.load(body))


def read(model: str, given: dict[str, Any]) -> Asked:
    """Check the members of a request; Nova's own are the same."""
    fields.not_emulated(given, "guardrailConfig", "promptVariables")
    fields.not_emulated(fields.member(given, "outputConfig"), "textFormat")
    config = fields.member(given, "inferenceConfig")
    place = "inferenceConfig."
    choice = fields.member(fields.member(given, "toolConfig"), "toolChoice")
    spoken, kinds = _messages(given)
    beyond = ["toolConfig"] if "toolConfig" in given else []
    return Asked(
        model=model,
        conversation=[*_system(given), *spoken],
        limit=fields.limit(config, "maxTokens", place),
        stops=fields.stops(config, "stopSequences", place),
        must_call="any" in choice or "tool" in choice,
        sampling=fields.sampling(
            fields.fraction(config, "temperature", place),
            fields.fraction(config, "topP", place),
        ),
        beyond_text=[*beyond, *(kind for kind in kinds if kind not in UNSEEN)],
    )


def _system(given: dict[str, Any]) -> list[tuple[str, str]]:
    parts = fields.objects(given.get("system", []), "system")
    return [
        ("system", fields.text(part["text"], f"system.{number}.text"))
        for number, part in enumerate(parts)
        if "text" in part
    ]


def _messages(given: dict[str, Any]) -> tuple[list[tuple[str, str]], list[str]]:
    """Give role and text of each message, and the kinds of blocks there are."""
    messages = fields.objects(given.get("messages", []), "messages")
    spoken: list[tuple[str, str]] = []
    kinds: dict[str, None] = {}
    for number, message in enumerate(messages):
        role = message.get("role")
        if role not in ROLES:
            raise Invalid(
                f"1 validation error detected: Value '{role}' at "
                f"'messages.{number + 1}.member.role' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{', '.join(ROLES)}]"
            )
        spoken.append((str(role), _text(message, number)))
        kinds |= dict.fromkeys(name for block in message["content"] for name in block)
    turns = [role for role, _ in spoken if role != "system"]
    if not turns or turns[0] != "user":
        raise Invalid(START)
    if any(one == other for one, other in pairwise(turns)):
        raise Invalid(ALTERNATE)
    if {"toolUse", "toolResult"} & kinds.keys() and "toolConfig" not in given:
        raise Invalid(NO_TOOLS)
    return spoken, list(kinds)


def _text(message: dict[str, Any], number: int) -> str:
    blocks = fields.objects(message.get("content", []), f"messages.{number}.content")
    if not blocks:
        raise Invalid(
            f"The content field in the Message object at messages.{number} is empty. "
            "Add a ContentBlock object to the content field and try again."
        )
    texts = []
    for index, block in enumerate(blocks):
        if "text" in block:
            place = f"messages.{number}.content.{index}"
            text = fields.text(block["text"], f"{place}.text")
            if not text.strip():
                raise Invalid(
                    f"The text field in the ContentBlock object at {place} is blank. "
                    "Add text to the text field, and try again."
                )
            texts.append(text)
    return "".join(texts)


class Conversation(BedrockForm):
    """The form of an answer, streamed or not."""

    exceptions: ClassVar[tuple[int, ...]] = IN_STREAM

    def begin(self) -> bytes:
        """Give the role."""
        return self.event("messageStart", {"role": "assistant"})

    def open(self, index: int, tool: ToolUse | None) -> bytes:
        """Name the tool that a block calls; text begins without a word."""
        if tool is None:
            return b""
        start = {"toolUse": {"toolUseId": tool.id, "name": tool.name}}
        about = {"start": start, "contentBlockIndex": index}
        return self.event("contentBlockStart", about)

    def token(self, index: int, tool: ToolUse | None, text: str) -> bytes:
        """Write a piece of text or of a tool's input."""
        delta = {"text": text} if tool is None else {"toolUse": {"input": text}}
        about = {"delta": delta, "contentBlockIndex": index}
        return self.event("contentBlockDelta", about)

    def close(self, index: int) -> bytes:
        """End a block."""
        return self.event("contentBlockStop", {"contentBlockIndex": index})

    def end(self, ending: Ending) -> bytes:
        """Give the reason and the usage."""
        stop = self.event("messageStop", {"stopReason": REASONS[ending.reason]})
        return stop + self.metadata(ending)

    def metadata(self, ending: Ending) -> bytes:
        """Give the last event."""
        about = {"usage": usage(ending), "metrics": {"latencyMs": self.latency()}}
        return self.event("metadata", about)

    def whole(self, blocks: Sequence[Block], ending: Ending) -> JSON:
        """Give the body of `Converse`."""
        return {
            "output": {"message": {"role": "assistant", "content": content(blocks)}},
            "stopReason": REASONS[ending.reason],
            "usage": usage(ending),
            "metrics": {"latencyMs": self.latency()},
        }

    def headers_of(self, ending: Ending) -> dict[str, str]:  # noqa: ARG002 -- in the body
        """Give the request's id."""
        return {"x-amzn-requestid": self.headers["x-amzn-requestid"]}

    def event(self, kind: str, about: JSON) -> bytes:
        """Write one event."""
        return encode(event_headers(kind), orjson.dumps(about))


def content(blocks: Sequence[Block]) -> list[JSON]:
    """Give the content blocks of a message."""
    return [
        {"text": block.text}
        if block.tool is None
        else {
            "toolUse": {
                "toolUseId": block.tool.id,
                "name": block.tool.name,
                "input": block.tool.input,
            }
        }
        for block in blocks
    ]


def usage(ending: Ending) -> dict[str, int]:
    """Give the counts of tokens."""
    return {
        "inputTokens": ending.read,
        "outputTokens": ending.said,
        "totalTokens": ending.read + ending.said,
    }
