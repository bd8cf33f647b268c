"""A real model behind an OpenAI-compatible endpoint, such as Ollama."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import orjson

from appsync_emulator.server.model.reply import Asked, Ending, Reason
from appsync_emulator.server.model.speech import TOO_MANY, Failed, Token

if TYPE_CHECKING:
    import httpx

CONNECT = 10.0
"""Seconds to reach the endpoint."""

PATIENCE = 600.0
"""Seconds without a word; a model on a small machine may have to be loaded first."""

OK = 200
UNAVAILABLE = 503
REASONS: dict[str, Reason] = {"length": "length", "tool_calls": "tool"}


class Remote:
    """The source of an answer that another endpoint streams.

    Args:
        asked: the request; only text of it is passed on.
        url: of the API, such as `http://localhost:11434/v1`.
        model: as the endpoint calls it.
        key: empty for none.
    """

    def __init__(self, asked: Asked, url: str, model: str, key: str) -> None:
        self._asked = asked
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._headers = {"authorization": f"Bearer {key}"} if key else {}
        self._stack = AsyncExitStack()
        self._response: httpx.Response | None = None
        self._reason: Reason | None = None
        self._usage: dict[str, int] = {}
        self._said = 0

    @property
    def ending(self) -> Ending:
        """How it ended, with the endpoint's counts where it tells them."""
        read = self._usage.get("prompt_tokens")
        said = self._usage.get("completion_tokens")
        return Ending(
            self._reason or "end",
            None,  # the endpoint does not say which stop sequence it was
            self._asked.count() if read is None else read,
            self._said if said is None else said,
        )

    async def open(self) -> None:
        """Send the request.

        Raises:
            Failed: the endpoint cannot be reached, or refuses.
        """
        import httpx  # noqa: PLC0415 -- takes 40 ms, for those who have a real model

        timeout = httpx.Timeout(PATIENCE, connect=CONNECT)
        async with AsyncExitStack() as stack:
            client = httpx.AsyncClient(timeout=timeout, trust_env=False)
            await stack.enter_async_context(client)
            request = client.stream(
                "POST", self._url, json=self._request(), headers=self._headers
            )
            try:
                response = await stack.enter_async_context(request)
                refused = await self._refusal(response)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                about = f"{type(error).__name__} {error}".strip()
                raise Failed(UNAVAILABLE, f"--model-url {self._url}: {about}") from None
            if refused is not None:
                raise refused
            self._response, self._stack = response, stack.pop_all()

    async def tokens(self) -> AsyncGenerator[Token, None]:
        """Yield the pieces of text as they come.

        Raises:
            Failed: the answer breaks off.
        """
        import httpx  # noqa: PLC0415 -- as above

        try:
            async with self._stack:
                assert self._response is not None  # noqa: S101 -- `open` came before
                async for line in self._response.aiter_lines():
                    text = self._read(line)
                    if text:
                        self._said += 1
                        yield 0, None, text
        except httpx.HTTPError as error:
            about = f"{type(error).__name__} {error}".strip()
            raise Failed(None, f"--model-url broke off: {about}") from None
        if self._reason is None:
            raise Failed(None, "--model-url broke off in the middle of its answer.")

    def _request(self) -> dict[str, Any]:
        asked = self._asked
        given: dict[str, Any] = {
            "model": self._model,
            "messages": [
                {"role": role, "content": text} for role, text in asked.conversation
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
            **asked.sampling,
        }
        if asked.limit is not None:
            given["max_tokens"] = asked.limit
        if asked.stops:
            given["stop"] = list(asked.stops)
        return given

    def _read(self, line: str) -> str:
        """Give the text in a line of the stream; remembers what else it tells."""
        name, _, value = line.partition(":")
        value = value.strip()
        if name != "data" or value == "[DONE]":
            return ""
        try:
            event = orjson.loads(value)
            if "error" in event:
                raise Failed(None, str(_message(event)))
            self._usage = event.get("usage") or self._usage
            text = ""
            for choice in event.get("choices") or ():
                text += choice.get("delta", {}).get("content") or ""
                if reason := choice.get("finish_reason"):
                    self._reason = REASONS.get(reason, "end")
        except (orjson.JSONDecodeError, AttributeError, TypeError):
            raise Failed(None, "--model-url answers in another form.") from None
        return text

    async def _refusal(self, response: "httpx.Response") -> Failed | None:
        """Give what the endpoint says against the request; None for nothing."""
        status = response.status_code
        if status == OK:
            return None
        body = await response.aread()
        try:
            about = _message(orjson.loads(body))
        except (orjson.JSONDecodeError, AttributeError, TypeError):
            about = body.decode(errors="replace")[:200]
        message = f"--model-url answers {status} for {self._model!r}: {about}"
        kept = status if status in (TOO_MANY, UNAVAILABLE) else None
        return Failed(kept, message)


def _message(answer: Any) -> Any:
    """Give the message of an error in OpenAI's form."""
    error = answer.get("error", answer)
    return error.get("message", error) if isinstance(error, dict) else error
