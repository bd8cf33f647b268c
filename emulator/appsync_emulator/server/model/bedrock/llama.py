"""Meta Llama's own form, for InvokeModel.

See "Meta Llama models" in the Amazon Bedrock user guide.
"""

import re
from collections.abc import Sequence

from appsync_emulator.server.model.bedrock import fields
from appsync_emulator.server.model.bedrock.form import BedrockForm
from appsync_emulator.server.model.reply import Asked, Block, Ending, ToolUse
from appsync_emulator.types import JSON

REASONS = {"end": "stop", "length": "length", "stop": "stop", "tool": "stop"}

TURN = re.compile(
    r"<\|start_header_id\|>user<\|end_header_id\|>(.*?)(?:<\|eot_id\|>|\Z)"
    r"|<\|header_start\|>user<\|header_end\|>(.*?)(?:<\|eot\|>|\Z)"
    r"|\[INST\](.*?)(?:\[/INST\]|\Z)",
    re.DOTALL,
)
"""What the user says in the prompt formats of Llama 3, 4 and 2."""


def parse(model: str, body: bytes) -> Asked:
    """Check a request.

    Raises:
        Invalid: it is wrong.
    """
    given = fields.load(body)
    prompt = fields.text(fields.require(given, "prompt"), "prompt")
    fields.not_emulated(given, "images")
    return Asked(
        model=model,
        conversation=[("user", last_turn(prompt))],
        limit=fields.limit(given, "max_gen_len"),
        sampling=fields.sampling(
            fields.fraction(given, "temperature"), fields.fraction(given, "top_p")
        ),
    )


def last_turn(prompt: str) -> str:
    """Give what the user said last; the whole prompt when it has none of the formats.

    The system prompt of Llama 2, in `<<SYS>>`, stands in the user's turn.
    """
    turns = [next(filter(None, found), "") for found in TURN.findall(prompt)]
    said = turns[-1] if turns else prompt
    return re.sub(r"<<SYS>>.*?<</SYS>>", "", said, flags=re.DOTALL).strip()


class LlamaText(BedrockForm):
    """The form of an answer, streamed or not."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked)
        self._said = 0

    def token(self, index: int, tool: ToolUse | None, text: str) -> bytes:  # noqa: ARG002 -- text only
        """Write a piece of text; the first one tells how long the prompt was."""
        read = None if self._said else self.asked.count()
        self._said += 1
        return self.chunk(self._part(text, read, self._said, None))

    def end(self, ending: Ending) -> bytes:
        """Give the reason and the measurements."""
        reason = REASONS[ending.reason]
        return self.last_chunk(self._part("", None, ending.said, reason), ending)

    def whole(self, blocks: Sequence[Block], ending: Ending) -> JSON:
        """Give the generation."""
        text = "".join(block.text for block in blocks)
        return self._part(text, ending.read, ending.said, REASONS[ending.reason])

    def _part(
        self, text: str, read: int | None, said: int, reason: str | None
    ) -> dict[str, JSON]:
        return {
            "generation": text,
            "prompt_token_count": read,
            "generation_token_count": said,
            "stop_reason": reason,
        }
