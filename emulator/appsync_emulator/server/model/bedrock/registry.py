"""Which form a model has, by its id or by what it is asked."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from appsync_emulator.server.model.bedrock import (
    anthropic,
    converse,
    fields,
    llama,
    nova,
    titan,
)
from appsync_emulator.server.model.bedrock.errors import Invalid
from appsync_emulator.server.model.reply import Asked
from appsync_emulator.server.model.respond import Form

INVALID = "The provided model identifier is invalid."
"""Bedrock's words."""

MODEL_ID = re.compile(r"[\w.:/-]+(@[\w.=,]+)?", re.ASCII)
"""What ids and ARNs are made of, and a pace behind them."""

ARN = re.compile(r"arn:aws[\w-]*:(bedrock|sagemaker):[\w-]*:\d*:([\w-]+)/(.+)")
REGION = re.compile(r"^(?:global|[a-z]{2,4}(?:-gov)?)\.")
"""What inference profiles have in front of the model's id."""


@dataclass(frozen=True, slots=True)
class Family:
    """Models that are asked and answer in the same way.

    Attributes:
        known_as: for people.
        id: beginning of their ids, after a region.
        member: of the body, which tells the family when the id does not.
        tools: whether answers can call tools.
    """

    known_as: str
    id: re.Pattern[str]
    member: str
    parse: Callable[[str, bytes], Asked]
    form: Callable[[Asked], Form]
    tools: bool = True


FAMILIES = (
    Family(
        "anthropic.claude*",
        re.compile(r"anthropic\.claude"),
        "anthropic_version",
        anthropic.parse,
        anthropic.AnthropicMessage,
    ),
    Family(
        "amazon.nova-*",
        re.compile(r"amazon\.nova-(?!canvas|reel|sonic|.*-sonic|.*embed)"),
        "messages",
        nova.parse,
        nova.NovaMessage,
    ),
    Family(
        "amazon.titan-text-*",
        re.compile(r"amazon\.titan-(?:text|tg1)-"),
        "inputText",
        titan.parse,
        titan.TitanText,
        tools=False,
    ),
    Family(
        "meta.llama*",
        re.compile(r"meta\.llama"),
        "prompt",
        llama.parse,
        llama.LlamaText,
        tools=False,
    ),
)
"""What InvokeModel knows."""

ANY = Family("any model", re.compile(""), "", converse.parse, converse.Conversation)
"""What Converse answers for."""

NAMED = ("foundation-model", "inference-profile")
"""Resources whose ARN ends in the id of the model."""


def conversational(model: str) -> Family:
    """Check the id of a model that is conversed with.

    Raises:
        Invalid: it is no id, or that of a prompt.
    """
    _resource(model)
    return ANY


def invoked(model: str, body: bytes) -> Family:
    """Find how a model is invoked.

    Raises:
        Invalid: its form is not known; tells which are.
    """
    kind, name = _resource(model)
    if kind in NAMED:
        for family in FAMILIES:
            if family.id.match(name) or family.id.match(REGION.sub("", name, 1)):
                return family
    else:  # an ARN of one's own, which hides the model
        given = fields.load(body)
        for family in FAMILIES:
            if family.member in given:
                return family
    known = ", ".join(family.known_as for family in FAMILIES)
    raise Invalid(
        f"{INVALID} The stand-in model knows the requests and answers of {known}; "
        "Converse and ConverseStream answer for any model."
    )


def _resource(model: str) -> tuple[str, str]:
    """Give the kind and the name of what an id or an ARN stands for."""
    if not MODEL_ID.fullmatch(model):
        raise Invalid(INVALID)
    if not model.startswith("arn:"):
        return "foundation-model", model
    found = ARN.fullmatch(model)
    if found is None:
        raise Invalid(INVALID)
    if found[2] == "prompt":
        raise Invalid("Prompts of Prompt management are not emulated.")
    return found[2], found[3]
