"""What goes into a function and what comes out of it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import orjson

from appsync_emulator.lambdas.parts import Parts

SYNC_REQUEST_LIMIT = 6_291_456
"""Bytes of a `RequestResponse` payload (Lambda developer guide, quotas)."""

EVENT_REQUEST_LIMIT = 1_048_576
"""Bytes of an `Event` payload (Lambda developer guide, quotas)."""

RESPONSE_LIMIT = 6_291_556
"""Bytes of a response; Lambda's own error text names this number."""

TOO_LARGE = (
    b'{"errorMessage":"Response payload size exceeded maximum allowed payload size '
    b'(%d bytes).","errorType":"Function.ResponseSizeTooLarge"}' % RESPONSE_LIMIT
)
"""The error object for a larger response."""

LATEST = "$LATEST"


@dataclass(frozen=True, slots=True)
class Event:
    """One event on its way into a function.

    Attributes:
        request_id: a UUID; the same on every retry of an asynchronous event.
        payload: JSON text, passed through as it is.
        arn: the ARN as invoked, with the qualifier when there was one.
        client_context: JSON text of the caller's client context, None without one.
        trace_id: value of `_X_AMZN_TRACE_ID`.
        parts: where a streamed response goes; None to have it in one piece.
    """

    request_id: str
    payload: bytes
    arn: str
    client_context: str | None
    trace_id: str
    parts: Parts | None = None


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a function answered.

    Attributes:
        payload: the function's JSON, or Lambda's error object; never parsed here.
        function_error: None for success. Lambda's managed runtimes only ever report
            `Unhandled`, also for exceptions of the function's own classes.
        request_id: of the event.
        log_tail: the last 4 KB that the function logged.
        executed_version: versions are not emulated, so always `$LATEST`.
    """

    payload: bytes
    function_error: Literal["Handled", "Unhandled"] | None
    request_id: str
    log_tail: str = ""
    executed_version: str = LATEST


class InvokeRejected(Exception):
    """Lambda did not run the function.

    Attributes:
        error_type: Lambda's name for it, as in `x-amzn-errortype`.
        message: Lambda's text.
        status: the HTTP status of Lambda's answer; 5xx and 429 are worth a retry.
        reason: the `Reason` member of a throttle, else None.
    """

    def __init__(
        self, error_type: str, message: str, status: int, reason: str | None = None
    ) -> None:
        super().__init__(f"{error_type}: {message}")
        self.error_type = error_type
        self.message = message
        self.status = status
        self.reason = reason


Outcome = Invocation | InvokeRejected
Done = Callable[[Outcome], None]
"""Called exactly once, on the event loop, when an event has been worked on."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One finished attempt to run a function, for logs and tests.

    Attributes:
        kind: the invocation type.
        number: from 1; above 1 only for retries of events.
        outcome: `Success`, `Unhandled`, or the error type of a rejection.
        error_type: of the function's error object, None for a success.
        duration: seconds from the request to its end, waiting included.
        request_size: bytes of the payload.
        response_size: bytes of the answer; 0 for a rejection.
        payload: JSON text that went in.
        answer: JSON text that came out; empty for a rejection.
        log_tail: the last 4 KB that the function logged.
    """

    function: str
    request_id: str
    kind: Literal["RequestResponse", "Event"]
    number: int
    outcome: str
    error_type: str | None
    duration: float
    request_size: int
    response_size: int
    payload: bytes = b""
    answer: bytes = b""
    log_tail: str = ""


def new_event(
    payload: bytes,
    arn: str,
    client_context: str | None,
    now: float,
    parts: Parts | None = None,
) -> Event:
    """Give `payload` its request id and trace id.

    Args:
        payload: JSON text.
        arn: the ARN as invoked.
        client_context: JSON text or None.
        now: epoch seconds.
        parts: for a response that the caller wants streamed.
    """
    unique = uuid.uuid4()
    digits = unique.hex
    trace = f"Root=1-{int(now):08x}-{digits[:24]};Parent={digits[16:]};Sampled=0"
    return Event(str(unique), payload, arn, client_context, trace, parts)


def attempt_of(
    function: str,
    event: Event,
    outcome: Outcome,
    *,
    kind: Literal["RequestResponse", "Event"],
    number: int,
    duration: float,
) -> Attempt:
    """Put together what is told of an attempt."""
    answer, tail = b"", ""
    error_type: str | None = None
    if isinstance(outcome, InvokeRejected):
        result = error_type = outcome.error_type
    else:
        answer, tail = outcome.payload, outcome.log_tail
        result = outcome.function_error or "Success"
        if outcome.function_error is not None:
            error_type = error_type_of(outcome.payload)
    return Attempt(
        function=function,
        request_id=event.request_id,
        kind=kind,
        number=number,
        outcome=result,
        error_type=error_type,
        duration=duration,
        request_size=len(event.payload),
        response_size=len(answer),
        payload=event.payload,
        answer=answer,
        log_tail=tail,
    )


def call_of(function: str, event: Event, outcome: Outcome, duration: float) -> Attempt:
    """Put together what is told of a `RequestResponse` invocation."""
    return attempt_of(
        function, event, outcome, kind="RequestResponse", number=1, duration=duration
    )


def error_object(error_type: str, message: str) -> bytes:
    """Give the error object that Lambda itself (not a runtime) puts together."""
    return orjson.dumps({"errorType": error_type, "errorMessage": message})


def error_type_of(payload: bytes) -> str | None:
    """Read `errorType` from an error object; None when it is not one."""
    found = member_of(payload, "errorType")
    return found if isinstance(found, str) else None


def error_text_of(payload: bytes) -> str:
    """Put type and message of an error object into one line for the log."""
    error_type = error_type_of(payload)
    if error_type is None:
        return payload[:200].decode("utf-8", "replace")
    return f"{error_type}: {member_of(payload, 'errorMessage')}"


def member_of(payload: bytes, name: str) -> object:
    """Read a member of a JSON object; None when it is none, or has no such member."""
    try:
        value = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
    return value.get(name) if isinstance(value, dict) else None


def too_large(message: str) -> InvokeRejected:
    """Give Lambda's answer to a payload that is too large."""
    # The API reference calls it RequestTooLargeException; what comes over the wire has
    # another name (observed: ASFHyP3/hyp3 #2241, aws-athena-query-federation #793).
    return InvokeRejected("RequestEntityTooLargeException", message, 413)


def throttled(reason: str) -> InvokeRejected:
    """Give Lambda's answer when no more of a function may run."""
    return InvokeRejected("TooManyRequestsException", "Rate Exceeded.", 429, reason)


def stopping() -> InvokeRejected:
    """Give the answer to whoever invokes while the emulator ends."""
    return InvokeRejected("ServiceException", "The emulator is stopping.", 500)
