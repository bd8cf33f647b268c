"""A GraphQL request over HTTP and its answer, whoever carries them."""

import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson

Headers = list[tuple[bytes, bytes]]

JSON_TYPE = (b"content-type", b"application/json;charset=UTF-8")
CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        (
            b"x-amzn-RequestId,x-amzn-ErrorType,x-amz-user-agent,x-amzn-ErrorMessage,"
            b"Date,x-amz-schema-version"
        ),
    ),
]
"""On every answer, errors too: without them a browser reports a network error."""


BODY_LIMIT = 10 * 1024 * 1024
"""Bytes. AWS publishes no limit; 10 MB is what the other HTTP front doors of AWS take,
and it keeps one request from filling the memory."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request with its whole body, or a little more of it than is allowed.

    Attributes:
        query_string: raw, without the question mark.
        headers: raw, names in lower case.
        path: raw, as it is in the request line.
        peer: address of who is connected, None when the transport has none.
    """

    method: str
    query_string: bytes
    headers: Headers
    body: bytes
    path: bytes = b"/graphql"
    peer: str | None = None


@dataclass(slots=True)
class Answer:
    """A complete response.

    Attributes:
        headers: beside those that every answer has.
    """

    status: int
    body: bytes
    headers: Headers = field(default_factory=list)

    def head(self) -> Headers:
        """Give all headers but the date."""
        return [
            JSON_TYPE,
            (b"content-length", b"%d" % len(self.body)),
            (b"x-amzn-requestid", request_id()),
            *CORS,
            *self.headers,
        ]

    def text(self, date: bytes, *, close: bool) -> bytes:
        """Give the whole response as it goes over HTTP/1.1.

        Args:
            date: value of the `date` header.
            close: whether the connection ends with it.
        """
        more = b"".join([b"%b: %b\r\n" % header for header in self.headers])
        if close:
            more += b"connection: close\r\n"
        return _TEXT % (
            _STATUS_LINES[self.status],
            date,
            request_id(),
            more,
            len(self.body),
            self.body,
        )


Answered = Answer | Coroutine[Any, Any, Answer]
"""An answer, or the coroutine that will give it."""

Respond = Callable[[Headers, bytes, str | None], Answered]
"""(headers, body, the client's address) -> the answer to one kind of POST; neither it
nor its coroutine raises."""

FindPost = Callable[[bytes, Headers], Respond | None]
"""(request target, headers) -> what answers a POST directly, None for the ASGI app."""


def failure(status: int, error_type: str, message: str) -> Answer:
    """Give an answer with AppSync's two-member error.

    Args:
        status: of the response.
        error_type: also sent as `x-amzn-errortype`, without which Amplify reports an
            unknown error.
        message: for people.
    """
    entry = {"errorType": error_type, "message": message}
    headers = [(b"x-amzn-errortype", error_type.encode())]
    return Answer(status, orjson.dumps({"errors": [entry]}), headers)


def internal_failure() -> Answer:
    """Give the answer when the emulator itself failed; AWS's own is not recorded."""
    return failure(500, "InternalFailure", "Internal Failure")


def preflight(headers: Headers) -> Answer:
    """Give the answer to the `OPTIONS` with which a browser asks before its request.

    Captures show no `allow-headers`; what was asked for is echoed, because a browser
    does not let `*` cover `authorization`.
    """
    asked = dict(headers).get(b"access-control-request-headers", b"*")
    return Answer(
        200,
        b"",
        [
            (b"access-control-allow-headers", asked),
            (b"access-control-allow-methods", b"POST, GET, OPTIONS"),
            (b"access-control-max-age", b"172800"),
        ],
    )


def request_id() -> bytes:
    """Make the value of `x-amzn-requestid`: a UUID of version 4."""
    digits = os.urandom(16).hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    text = (
        f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}"
        f"-{variant}{digits[17:20]}-{digits[20:]}"
    )
    return text.encode()


_STATUS_LINES = {
    int(status): b"%d %b" % (status, status.phrase.encode()) for status in HTTPStatus
}
_TEXT = b"".join(
    [
        b"HTTP/1.1 %b\r\ndate: %b\r\n",
        *[b"%b: %b\r\n" % header for header in (JSON_TYPE, *CORS)],
        b"x-amzn-requestid: %b\r\n%bcontent-length: %d\r\n\r\n%b",
    ]
)
