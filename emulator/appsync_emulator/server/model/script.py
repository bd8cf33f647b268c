"""Replies that a script tells, rule by rule."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from appsync_emulator.server.model.pace import Pace
from appsync_emulator.server.model.reply import Asked, Fault, ToolUse


@dataclass(frozen=True, slots=True)
class Rule:
    """What is answered to some of the requests.

    Attributes:
        match: found in the last user message; None for any message.
        model: a glob for the whole name or id of the model; None for any.
        tokens: of the text; None when the rule tells none.
        tools: called after the text.
        rate, first, jitter: as in `Pace`; None for what is set for all.
        times: how often the rule holds; None for always.
    """

    match: re.Pattern[str] | None = None
    model: str | None = None
    tokens: tuple[str, ...] | None = None
    tools: tuple[ToolUse, ...] = ()
    rate: float | None = None
    first: float | None = None
    jitter: float | None = None
    fault: Fault | None = None
    times: int | None = None

    def fits(self, asked: Asked, prompt: str) -> bool:
        """Tell whether the rule is for this request."""
        if self.model is not None and not fnmatchcase(asked.model, self.model):
            return False
        return self.match is None or self.match.search(prompt) is not None

    def paced(self, pace: Pace) -> Pace:
        """Give `pace` with what the rule changes of it."""
        return Pace(
            pace.rate if self.rate is None else self.rate,
            pace.first if self.first is None else self.first,
            pace.jitter if self.jitter is None else self.jitter,
        )


class Script:
    """Rules in their order, the first that fits counts.

    Args:
        rules: of the file.
    """

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self._rules = rules
        self._used = [0] * len(rules)

    def take(self, asked: Asked) -> Rule | None:
        """Give the rule for a request and count its use; None when none fits."""
        if not self._rules:
            return None
        prompt = asked.prompt
        for number, rule in enumerate(self._rules):
            left = rule.times is None or self._used[number] < rule.times
            if left and rule.fits(asked, prompt):
                self._used[number] += 1
                return rule
        return None
