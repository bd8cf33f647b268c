"""HTTP responses made of a source of tokens and the form of an API."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Protocol

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from appsync_emulator.server.model.reply import Block, Ending, ToolUse
from appsync_emulator.server.model.speech import Cut, Failed, Source
from appsync_emulator.types import JSON

log = logging.getLogger("appsync_emulator.model")


class TooLarge(Exception):
    """A request that is not read to its end."""


class Form(Protocol):
    """How one API writes answers. Made for one answer; it may remember things.

    Attributes:
        media_type: of a streamed answer.
        headers: of a streamed answer.
    """

    media_type: str
    headers: dict[str, str]

    def begin(self) -> bytes:
        """Give what comes before the first token."""
        ...

    def open(self, index: int, tool: ToolUse | None) -> bytes:
        """Begin a block."""
        ...

    def token(self, index: int, tool: ToolUse | None, text: str) -> bytes:
        """Write a token."""
        ...

    def close(self, index: int) -> bytes:
        """End a block."""
        ...

    def end(self, ending: Ending) -> bytes:
        """End the answer."""
        ...

    def broken(self, failed: Failed) -> bytes:
        """Tell in mid-stream that there will be no more."""
        ...

    def refusal(self, failed: Failed) -> Response:
        """Tell that there will be no answer at all."""
        ...

    def whole(self, blocks: Sequence[Block], ending: Ending) -> JSON:
        """Give the answer that is not streamed."""
        ...

    def headers_of(self, ending: Ending) -> dict[str, str]:
        """Give the headers of the answer that is not streamed."""
        ...


async def read_body(request: Request, limit: int) -> bytes:
    """Read a request.

    Raises:
        TooLarge: it has more than `limit` bytes.
        starlette.requests.ClientDisconnect: its sender went away.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise TooLarge
    return bytes(body)


async def respond(source: Source, form: Form, *, stream: bool) -> Response:
    """Give the response to a request that has been understood."""
    try:
        await source.open()
        if stream:
            events = _events(source, form)
            return _Stream(events, media_type=form.media_type, headers=form.headers)
        blocks = await _collect(source)
    except Failed as failed:
        return form.refusal(failed)
    except Cut:
        return _Broken(b"{", media_type="application/json")
    body = orjson.dumps(form.whole(blocks, source.ending))
    headers = form.headers_of(source.ending)
    return Response(body, media_type="application/json", headers=headers)


async def _collect(source: Source) -> list[Block]:
    found: dict[int, tuple[list[str], ToolUse | None]] = {}
    async with aclosing(source.tokens()) as tokens:
        async for index, tool, text in tokens:
            found.setdefault(index, ([], tool))[0].append(text)
    return [Block(texts, tool) for texts, tool in found.values()]


async def _events(source: Source, form: Form) -> AsyncIterator[bytes]:
    """Yield a streamed answer, each token when it comes."""
    sent, open_block, over = 0, -1, False
    ready = form.begin()
    try:
        async with aclosing(source.tokens()) as tokens:
            async for index, tool, text in tokens:
                if index != open_block:
                    if open_block >= 0:
                        ready += form.close(open_block)
                    ready += form.open(index, tool)
                    open_block = index
                yield ready + form.token(index, tool, text)
                ready = b""
                sent += 1
        if open_block >= 0:
            ready += form.close(open_block)
        over = True
        yield ready + form.end(source.ending)
    except Failed as failed:
        over = True
        log.info("The answer broke off after %d tokens: %s", sent, failed.message)
        yield ready + form.broken(failed)
    except Cut:
        over = True
        log.info("The answer is cut after %d tokens", sent)
        raise
    finally:
        if not over:
            log.info("The reader left after %d tokens", sent)


class _Stream(StreamingResponse):
    """A streamed response that can end in the middle.

    An ASGI application that returns before its response is complete makes the server
    close the connection, which is what a cut is.
    """

    async def stream_response(self, send: Send) -> None:
        """Send what the iterator gives."""
        try:
            await super().stream_response(send)
        except Cut:
            return


class _Broken(Response):
    """A response of which the beginning is sent, and then the connection closed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- ASGI
        """Send the beginning."""
        # In chunks, whose end is missed; too few bytes are not noticed by botocore.
        headers = [(b"content-type", b"application/json")]
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
