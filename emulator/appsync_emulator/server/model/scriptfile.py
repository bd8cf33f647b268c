"""Reads a script of replies: YAML or JSON, a list of rules.

    - match: weather            # in the last user message; /…/ is a regular expression
      model: anthropic.*        # a glob
      reply: It is sunny.       # or tokens: [It, " is", " sunny."]
      tool_use: {name: f, input: {city: Rome}}
      first_token: 0.5
      rate: 20
      jitter: 0.3
      fault: {kind: error, after: 3, status: 503, message: Busy.}
      times: 2

Everything that is wrong is told at once, with its line.
"""

import hashlib
import re
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

from appsync_emulator.config.node import Node, kind_of, plain
from appsync_emulator.config.source import read_source
from appsync_emulator.errors import ProjectError, ProjectErrors
from appsync_emulator.server.model.reply import Fault, ToolUse
from appsync_emulator.server.model.script import Rule
from appsync_emulator.server.model.text import split
from appsync_emulator.types import JSON

NAME = "P501"
VALUE = "P502"

CODES = {
    NAME: "The script of the model has a name in it that means nothing there.",
    VALUE: "A value in the script of the model is not what it may be.",
}
"""Each code of its own and what it stands for, one sentence each."""

STATUSES = (400, 403, 404, 408, 424, 429, 500, 503)
"""What an error may be answered with: those that Bedrock has an exception for."""

Check = Callable[[Any], bool]


def read_script(path: Path) -> list[Rule]:
    """Read the rules of a file.

    Raises:
        ProjectError: it cannot be read or is not well-formed.
        ProjectErrors: it is no script.
    """
    reader = _Reader()
    rules = reader.rules(read_source(path, str(path)))
    if reader.errors:
        raise ProjectErrors(reader.errors)
    return rules


class _Reader:
    """Collects what is wrong, so that each method can go on without it."""

    def __init__(self) -> None:
        self.errors: list[ProjectError] = []

    def rules(self, node: Node) -> list[Rule]:
        if not isinstance(node.value, list):
            self.wrong(node, f"A script is a list of rules, not {kind_of(node.value)}.")
            return []
        return [self.rule(item) for item in node.value]

    def rule(self, node: Node) -> Rule:
        given = self.members(node, "a rule", RULE)
        if "reply" in given and "tokens" in given:
            self.wrong(given["tokens"], "A rule has either reply or tokens, not both.")
        return Rule(
            match=self.match(given.get("match")),
            model=self.value(given.get("model"), "model", TEXT),
            tokens=self.tokens(given),
            tools=self.tools(given.get("tool_use")),
            rate=self.value(given.get("rate"), "rate", AMOUNT),
            first=self.value(given.get("first_token"), "first_token", AMOUNT),
            jitter=self.value(given.get("jitter"), "jitter", PART),
            fault=self.fault(given.get("fault")),
            times=self.value(given.get("times"), "times", COUNT),
        )

    def match(self, node: Node | None) -> re.Pattern[str] | None:
        text = self.value(node, "match", TEXT)
        if node is None or text is None:
            return None
        expression = re.fullmatch(r"/(.*)/(i?)", text, re.DOTALL)
        if expression is None:
            return re.compile(re.escape(text))
        flags = re.IGNORECASE if expression[2] else re.NOFLAG
        try:
            return re.compile(expression[1], flags)
        except (re.error, OverflowError, RecursionError) as error:
            self.wrong(node, f"{text} is no regular expression: {error}.")
            return None

    def tokens(self, given: dict[str, Node]) -> tuple[str, ...] | None:
        if "reply" in given:
            text = self.value(given["reply"], "reply", TEXT_OR_EMPTY)
            return None if text is None else tuple(split(text))
        node = given.get("tokens")
        if node is None:
            return None
        if not isinstance(node.value, list):
            self.wrong(node, f"tokens must be a list, not {kind_of(node.value)}.")
            return None
        found = [self.value(item, "a token", TEXT) for item in node.value]
        return tuple(token for token in found if token is not None)

    def tools(self, node: Node | None) -> tuple[ToolUse, ...]:
        if node is None:
            return ()
        several = node.value if isinstance(node.value, list) else [node]
        return tuple(self.tool(item, number) for number, item in enumerate(several))

    def tool(self, node: Node, number: int) -> ToolUse:
        given = self.members(node, "tool_use", TOOL)
        name = self.value(given.get("name"), "name", TOOL_NAME)
        if name is None and isinstance(node.value, dict) and "name" not in given:
            self.wrong(node, "tool_use needs the name of the tool.")
        own = self.value(given.get("id"), "id", TOOL_ID)
        value = given.get("input")
        if value is not None and not isinstance(value.value, dict):
            kind = kind_of(value.value)
            self.wrong(value, f"The input of a tool must be an object, not {kind}.")
        content = {} if value is None else plain(value)
        return ToolUse(own or _id(name, number, node), name or "", content)

    def fault(self, node: Node | None) -> Fault | None:
        if node is None:
            return None
        given = self.members(node, "a fault", FAULT)
        kind = self.value(given.get("kind"), "kind", KIND)
        if isinstance(node.value, dict) and "kind" not in given:
            self.wrong(node, f"A fault needs its kind: {', '.join(KINDS)}.")
        if kind is None:
            return None
        for name in given:
            if name not in KINDS[kind]:
                allowed = ", ".join(KINDS[kind])
                message = f"A fault of kind {kind} has no {name}, but {allowed}."
                self.wrong(given[name], message, code=NAME)
        return Fault(
            kind,
            self.value(given.get("after"), "after", COUNT_OR_ZERO) or 0,
            self.value(given.get("status"), "status", STATUS),
            self.value(given.get("message"), "message", TEXT),
            self.value(given.get("seconds"), "seconds", AMOUNT),
        )

    def members(
        self, node: Node, what: str, allowed: tuple[str, ...]
    ) -> dict[str, Node]:
        """Give the members that `what` may have, without nulls."""
        if not isinstance(node.value, dict):
            kind = kind_of(node.value)
            self.wrong(node, f"{what[0].upper()}{what[1:]} is an object, not {kind}.")
            return {}
        for name, value in node.value.items():
            if name not in allowed:
                self.errors.append(
                    ProjectError(
                        NAME,
                        f"There is no {name!r} in {what}.",
                        value.key_origin(),
                        found=str(name),
                        allowed=allowed,
                    )
                )
        given: dict[str, Node] = node.value
        return {
            name: value
            for name, value in given.items()
            if name in allowed and value.value is not None
        }

    def value(self, node: Node | None, name: str, kind: tuple[str, Check]) -> Any:
        """Give the value when it is of the kind, else None."""
        if node is None:
            return None
        words, fits = kind
        value = node.value
        if fits(value):
            return value
        scalar = not isinstance(value, dict | list)
        shown = repr(value) if scalar else kind_of(value)
        self.wrong(node, f"{name} is {shown}, but must be {words}.")
        return None

    def wrong(self, node: Node, message: str, *, code: str = VALUE) -> None:
        self.errors.append(ProjectError(code, message, node.origin()))


def _id(name: str | None, number: int, node: Node) -> str:
    """Make an id that is the same in each run."""
    text = f"{name} {number} {node.origin()}"
    return f"tooluse_{hashlib.sha256(text.encode()).hexdigest()[:22]}"


def _is_number(value: JSON) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value < inf


def _is_whole(value: JSON) -> bool:
    return isinstance(value, int) and _is_number(value)


def _is_text(value: JSON, pattern: str = r"[\s\S]+") -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


KINDS = {
    "stall": ("kind", "after", "seconds"),
    "error": ("kind", "after", "status", "message"),
    "throttle": ("kind", "after", "message"),
    "cut": ("kind", "after"),
}
"""The faults and what each may have."""

RULE = (
    "match",
    "model",
    "reply",
    "tokens",
    "tool_use",
    "first_token",
    "rate",
    "jitter",
    "fault",
    "times",
)
TOOL = ("name", "input", "id")
FAULT = ("kind", "after", "status", "message", "seconds")

TEXT = ("a string that is not empty", _is_text)
TEXT_OR_EMPTY = ("a string", lambda value: isinstance(value, str))
AMOUNT = ("a number from 0 up", _is_number)
PART = ("a number from 0 to 1", lambda value: _is_number(value) and value <= 1)
COUNT = ("a whole number from 1 up", lambda value: _is_whole(value) and value > 0)
COUNT_OR_ZERO = ("a whole number from 0 up", _is_whole)
KIND = (
    f"one of {', '.join(KINDS)}",
    lambda value: isinstance(value, str) and value in KINDS,
)
STATUS = (
    f"one of {', '.join(map(str, STATUSES))}",
    lambda value: _is_whole(value) and value in STATUSES,
)
# The patterns of ToolName and ToolUseId in Bedrock's API reference.
TOOL_NAME = (
    "1 to 64 letters, digits, _ and -",
    lambda value: _is_text(value, r"[a-zA-Z0-9_-]{1,64}"),
)
TOOL_ID = (
    "1 to 64 letters, digits, _, ., : and -",
    lambda value: _is_text(value, r"[a-zA-Z0-9_.:-]{1,64}"),
)
