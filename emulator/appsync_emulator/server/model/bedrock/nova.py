"""Amazon Nova's own form, for InvokeModel: Converse's members, its events as chunks.

See "Using the Invoke API" in the Amazon Nova user guide.
"""

from collections.abc import Sequence
from typing import ClassVar

from appsync_emulator.server.model.bedrock import converse, fields
from appsync_emulator.server.model.bedrock.converse import Conversation
from appsync_emulator.server.model.bedrock.errors import IN_INVOKED_STREAM
from appsync_emulator.server.model.bedrock.form import BedrockForm
from appsync_emulator.server.model.reply import Asked, Block, Ending
from appsync_emulator.types import JSON


def parse(model: str, body: bytes) -> Asked:
    """Check a request.

    Raises:
        Invalid: it is wrong.
    """
    given = fields.load(body)
    fields.require(given, "messages")
    config = fields.member(given, "inferenceConfig")
    if "max_new_tokens" in config:  # the older name
        config = {"maxTokens": config["max_new_tokens"], **config}
    return converse.read(model, {**given, "inferenceConfig": config})


class NovaMessage(Conversation):
    """The form of an answer."""

    exceptions: ClassVar[tuple[int, ...]] = IN_INVOKED_STREAM

    def event(self, kind: str, about: JSON) -> bytes:
        """Write an event as a chunk, under its name."""
        return self.chunk({kind: about})

    def metadata(self, ending: Ending) -> bytes:
        """Give the last event."""
        about = {"usage": converse.usage(ending), "metrics": {}, "trace": {}}
        return self.last_chunk({"metadata": about}, ending)

    def headers_of(self, ending: Ending) -> dict[str, str]:
        """Give the headers that `InvokeModel` answers with."""
        return BedrockForm.headers_of(self, ending)

    def whole(self, blocks: Sequence[Block], ending: Ending) -> JSON:
        """Give the body of an answer that is not streamed."""
        body = super().whole(blocks, ending)
        return {name: body[name] for name in ("output", "stopReason", "usage")}
