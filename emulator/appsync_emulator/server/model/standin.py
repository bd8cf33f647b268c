"""The stand-in model: a request in, an answer out."""

from collections.abc import Callable
from pathlib import Path

from appsync_emulator.clock import Clock, RealClock
from appsync_emulator.server.model.pace import Pace
from appsync_emulator.server.model.remote import Remote
from appsync_emulator.server.model.reply import Asked, Reply, compose
from appsync_emulator.server.model.script import Rule, Script
from appsync_emulator.server.model.scriptfile import read_script
from appsync_emulator.server.model.speech import Source, Speech
from appsync_emulator.server.model.text import answer, split
from appsync_emulator.settings import Settings

Change = Callable[[Rule], Rule]


class CannotAnswer(Exception):
    """The request asks for what the stand-in does not do; the message says what."""


class StandIn:
    """Answers as its script says, or else as it always does.

    Args:
        settings: have pace, seed, script and the address of a real model.
        clock: what pauses are measured by.
        key: for the real model; empty for none.
        change: makes another rule of the one for an answer; None for none.

    Raises:
        ProjectErrors: the script is wrong.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        key: str = "",
        change: Change | None = None,
    ) -> None:
        self._change = change
        self._settings = settings
        self._clock = clock or RealClock()
        self._key = key
        self._pace = Pace(
            settings.model_rate, settings.model_first_token, settings.model_jitter
        )
        self._script = Script()
        if settings.model_script:
            self._script = Script(read_script(Path(settings.model_script)))

    def ask(self, asked: Asked) -> Source:
        """Give the answer of the script, else the built-in one.

        Raises:
            CannotAnswer: a tool must be called, and no script says which.
        """
        return self._speech(asked, self._script.take(asked))

    def ask_real(self, asked: Asked, *, tools: bool = True) -> Source:
        """Give the answer of the script, else of the real model if there is one.

        Args:
            asked: the request.
            tools: whether an answer can call tools.

        Raises:
            CannotAnswer: the request holds more than text, which is all that is passed
                on; or as `ask`.
        """
        rule = self._script.take(asked)
        if rule is not None and rule.tools and not tools:
            raise CannotAnswer(
                "The rule of --model-script has a tool_use, but the answers of "
                f"{asked.model} have none when it is invoked."
            )
        if rule is not None or not self._settings.model_url:
            return self._speech(asked, rule)
        if asked.beyond_text:
            raise CannotAnswer(
                f"{asked.beyond_text[0]} is not passed on to --model-url: "
                "Bedrock's requests are translated as far as they are text."
            )
        settings = self._settings
        model = settings.model_name or asked.model
        return Remote(asked, settings.model_url, model, self._key)

    def _speech(self, asked: Asked, rule: Rule | None) -> Speech:
        rule = rule or Rule()
        if self._change is not None:
            rule = self._change(rule)
        if asked.must_call and not rule.tools:
            raise CannotAnswer(
                "The stand-in calls a tool only when a rule of --model-script has a "
                "tool_use for the message."
            )
        prompt = asked.prompt
        text = rule.tokens
        if text is None:
            text = () if rule.tools else tuple(split(answer(prompt)))
        blocks, ending = compose(asked, text, rule.tools)
        return Speech(
            Reply(
                blocks,
                ending,
                rule.paced(self._pace).of_model(asked.model),
                f"{self._settings.model_seed}\n{prompt}",
                rule.fault,
            ),
            self._clock,
        )
