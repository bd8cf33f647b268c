"""Amazon Titan Text's own form, for InvokeModel.

See "Amazon Titan Text models" in the Amazon Bedrock user guide.
"""

from collections.abc import Sequence

from appsync_emulator.server.model.bedrock import fields
from appsync_emulator.server.model.bedrock.form import BedrockForm
from appsync_emulator.server.model.reply import Asked, Block, Ending, ToolUse
from appsync_emulator.types import JSON

# The guide lists FINISHED; what Titan has been seen to send is FINISH, and clients
# know that.
REASONS = {
    "end": "FINISH",
    "length": "LENGTH",
    "stop": "STOP_CRITERIA_MET",
    "tool": "FINISH",
}


def parse(model: str, body: bytes) -> Asked:
    """Check a request.

    Raises:
        Invalid: it is wrong.
    """
    given = fields.load(body)
    prompt = fields.text(fields.require(given, "inputText"), "inputText")
    config = fields.member(given, "textGenerationConfig")
    place = "textGenerationConfig."
    return Asked(
        model=model,
        conversation=[("user", last_turn(prompt))],
        limit=fields.limit(config, "maxTokenCount", place),
        stops=fields.stops(config, "stopSequences", place),
        sampling=fields.sampling(
            fields.fraction(config, "temperature", place),
            fields.fraction(config, "topP", place),
        ),
    )


def last_turn(prompt: str) -> str:
    """Give what the user said last, where turns begin with `User:` and `Bot:`."""
    said = prompt.rpartition("User:")[2] if "User:" in prompt else prompt
    return said.removesuffix("Bot:").strip()


class TitanText(BedrockForm):
    """The form of an answer, streamed or not."""

    def token(self, index: int, tool: ToolUse | None, text: str) -> bytes:  # noqa: ARG002 -- text only
        """Write a piece of text."""
        return self.chunk(_part(text))

    def end(self, ending: Ending) -> bytes:
        """Give the reason, the counts and the measurements."""
        about = {
            **_part(""),
            "totalOutputTextTokenCount": ending.said,
            "completionReason": REASONS[ending.reason],
            "inputTextTokenCount": ending.read,
        }
        return self.last_chunk(about, ending)

    def whole(self, blocks: Sequence[Block], ending: Ending) -> JSON:
        """Give the only result."""
        result = {
            "tokenCount": ending.said,
            "outputText": "".join(block.text for block in blocks),
            "completionReason": REASONS[ending.reason],
        }
        return {"inputTextTokenCount": ending.read, "results": [result]}


def _part(text: str) -> dict[str, JSON]:
    return {
        "outputText": text,
        "index": 0,
        "totalOutputTextTokenCount": None,
        "completionReason": None,
        "inputTextTokenCount": None,
    }
