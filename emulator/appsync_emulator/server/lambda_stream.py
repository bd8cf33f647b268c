"""InvokeWithResponseStream: a function's response as it is written.

Source: Lambda API reference, InvokeWithResponseStream: `PayloadChunk` events with
bytes, then one `InvokeComplete`, in AWS's event-stream encoding.
"""

import base64
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import orjson
from starlette.responses import Response, StreamingResponse

from appsync_emulator.background import Background
from appsync_emulator.errors import EmulatorError
from appsync_emulator.lambdas.invocation import LATEST, Invocation, InvokeRejected
from appsync_emulator.lambdas.parts import Parts
from appsync_emulator.server.eventstream import (
    MEDIA_TYPE,
    encode,
    encode_headers,
    event_headers,
)
from appsync_emulator.server.exchange import request_id

Invoke = Callable[[Parts], Coroutine[Any, Any, Invocation]]

CHUNK = encode_headers(
    [
        (":event-type", "PayloadChunk"),
        (":content-type", "application/octet-stream"),
        (":message-type", "event"),
    ]
)
PIECE = 262_144
"""Bytes of a function's answer in one message, where it did not stream it itself."""


class _Running:
    """An invocation on its way, and how it ended.

    Attributes:
        outcome: None as long as it runs.
    """

    def __init__(self, invoke: Invoke) -> None:
        self.parts = Parts()
        self.outcome: Invocation | Exception | None = None
        self._invoke = invoke

    async def run(self) -> None:
        try:
            self.outcome = await self._invoke(self.parts)
        except (InvokeRejected, EmulatorError) as error:
            self.outcome = error
        finally:
            self.parts.end()


async def stream_response(
    invoke: Invoke, background: Background, *, tail: bool
) -> Response:
    """Invoke a function and answer as soon as it does.

    The function goes on to its end when the client goes away, as it does on AWS.

    Args:
        invoke: called with where a streamed response goes.
        background: owns the invocation.
        tail: whether the end of the log is wanted.

    Raises:
        InvokeRejected, EmulatorError: the function was not run.
    """
    running = _Running(invoke)
    background.start(running.run(), "invoke with response stream")
    await running.parts.begun.wait()
    if isinstance(running.outcome, Exception):
        raise running.outcome
    headers = {
        "x-amzn-requestid": request_id().decode(),
        "x-amz-executed-version": LATEST,
    }
    messages = _messages(running, tail=tail)
    return StreamingResponse(messages, 200, headers, media_type=MEDIA_TYPE)


async def _messages(running: _Running, *, tail: bool) -> AsyncIterator[bytes]:
    try:
        async for part in running.parts:
            yield encode(CHUNK, part)
    finally:
        running.parts.abandon()
    outcome = running.outcome
    complete = {}
    if isinstance(outcome, Invocation):
        if outcome.function_error is None:
            for at in range(0, len(outcome.payload), PIECE):
                yield encode(CHUNK, outcome.payload[at : at + PIECE])
        else:
            complete = {
                # Not the function's own error type (observed: Remotion's client).
                "ErrorCode": outcome.function_error,
                "ErrorDetails": outcome.payload.decode("utf-8", "replace"),
            }
        if tail:
            text = outcome.log_tail.encode()
            complete["LogResult"] = base64.b64encode(text).decode()
    else:  # the emulator ended while the function ran
        complete = {"ErrorCode": "ServiceException", "ErrorDetails": str(outcome)}
    yield encode(event_headers("InvokeComplete"), orjson.dumps(complete))
