"""What a model is asked and what it answers, in no API's form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal

import orjson

from appsync_emulator.server.model.pace import Pace
from appsync_emulator.server.model.text import split
from appsync_emulator.types import JSON

Reason = Literal["end", "length", "stop", "tool"]
"""Why an answer ends: by itself, cut by the limit, by a stop sequence, for a tool."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a checked request comes down to.

    Attributes:
        model: the name or id as the client wrote it.
        conversation: role (`system`, `user` or `assistant`) and text of each message.
        limit: tokens of the answer at most, None for no limit.
        stops: the answer ends before any of these.
        must_call: the model may not answer with text alone.
        sampling: `temperature` and `top_p`, as far as given; for a real model.
        beyond_text: names of what the request holds beside text; for a real model.
    """

    model: str
    conversation: Sequence[tuple[str, str]]
    limit: int | None = None
    stops: Sequence[str] = ()
    must_call: bool = False
    sampling: dict[str, float] = field(default_factory=dict)
    beyond_text: Sequence[str] = ()

    @property
    def prompt(self) -> str:
        """The text of the last message of a user, or else of the last message."""
        asked = [text for role, text in self.conversation if role == "user"]
        return (asked or [text for _, text in self.conversation])[-1]

    def count(self) -> int:
        """Count the tokens of the request."""
        return sum(len(split(text)) for _, text in self.conversation)


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call that the model asks for.

    Attributes:
        id: tells it from others of the conversation.
        input: a JSON object.
    """

    id: str
    name: str
    input: JSON


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an answer.

    Attributes:
        tokens: pieces of the text, or of the JSON text of a tool's input.
        tool: None for text.
    """

    tokens: Sequence[str]
    tool: ToolUse | None = None

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.tokens)


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answer ended.

    Attributes:
        stop: the stop sequence that ended it, None for another reason.
        read: tokens of the request.
        said: tokens of the answer.
    """

    reason: Reason
    stop: str | None
    read: int
    said: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong on purpose.

    Attributes:
        kind: `stall` says nothing for a while, `error` and `throttle` tell of an
            error, `cut` closes the connection.
        after: tokens before it happens.
        status: of an error; None for what the API uses for its model's errors.
        message: None for the API's own.
        seconds: of a stall; None for until the reader has left, `FOREVER` at most.
    """

    kind: Literal["stall", "error", "throttle", "cut"]
    after: int = 0
    status: int | None = None
    message: str | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is spoken.

    Attributes:
        rhythm: what its pauses depend on.
    """

    blocks: Sequence[Block]
    ending: Ending
    pace: Pace
    rhythm: str
    fault: Fault | None = None


def cut_at_stops(
    tokens: Sequence[str], stops: Sequence[str]
) -> tuple[list[str], str | None]:
    """Give the tokens before the first stop sequence, and which one it was."""
    text = "".join(tokens)
    found = [(text.find(stop), stop) for stop in stops if stop in text]
    if not found:
        return list(tokens), None
    at, stop = min(found)
    ends = list(accumulate(map(len, tokens)))
    whole = sum(end <= at for end in ends)
    left = at - (ends[whole - 1] if whole else 0)
    rest = [tokens[whole][:left]] if left else []
    return [*tokens[:whole], *rest], stop


def compose(
    asked: Asked, text: Sequence[str], tools: Sequence[ToolUse]
) -> tuple[list[Block], Ending]:
    """Put an answer together, no longer than the request allows.

    Args:
        asked: has the limit and the stop sequences, which are for text only.
        text: tokens of the text; none for an answer that only calls tools.
        tools: called after the text; not any more when that was cut.
    """
    said, stop = cut_at_stops(text, asked.stops)
    reason: Reason = "end" if stop is None else "stop"
    blocks = [Block(said)] if said else []
    if tools and stop is None:
        reason = "tool"
        blocks += [Block(split(_json(tool.input)), tool) for tool in tools]
    total = sum(len(block.tokens) for block in blocks)
    if asked.limit is not None and total > asked.limit:
        reason, stop, total = "length", None, asked.limit
        blocks = _limited(blocks, asked.limit)
    return blocks, Ending(reason, stop, asked.count(), total)


def _json(value: JSON) -> str:
    return orjson.dumps(value).decode()


def _limited(blocks: Sequence[Block], limit: int) -> list[Block]:
    kept = []
    for block in blocks:
        if limit > 0:
            kept.append(Block(block.tokens[:limit], block.tool))
            limit -= len(block.tokens)
    return kept
