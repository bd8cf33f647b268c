"""A function behind an HTTP endpoint that speaks Lambda's Invoke API.

The runtime interface emulator in a container, `sam local start-lambda`, LocalStack, or
AWS's own URL behind a signing proxy.
"""

import asyncio
import base64
import binascii
from typing import TYPE_CHECKING
from urllib.parse import quote

from appsync_emulator.background import Background
from appsync_emulator.lambdas.invocation import (
    LATEST,
    Done,
    Event,
    Invocation,
    InvokeRejected,
    Outcome,
    error_object,
    error_type_of,
    stopping,
)
from appsync_emulator.model import LambdaFunction

if TYPE_CHECKING:
    import httpx

PATH = "/2015-03-31/functions/"
MARGIN = 10.0
"""Seconds beyond the function's time-out: a container may have to start first."""


class EndpointRunner:
    """A function that runs elsewhere.

    Args:
        function: its name is part of the URL, its time-out limits the wait.
        url: of the server; or the whole URL up to `/invocations`, as the runtime
            interface emulator needs it, whose function is always named `function`.
        background: owns the requests.
    """

    def __init__(
        self, function: LambdaFunction, url: str, background: Background
    ) -> None:
        if PATH not in url:
            url = f"{url.rstrip('/')}{PATH}{quote(function.name)}/invocations"
        self._function = function
        self._url = url
        self._background = background

    def problem(self) -> str | None:
        """Whether the endpoint is there shows when it is used."""
        return None

    def changed(self) -> bool:
        """The endpoint looks after its code itself."""
        return False

    def environment(self) -> "EndpointEnvironment":
        """Make a further environment: a connection of its own."""
        return EndpointEnvironment(self._function, self._url, self._background)


class EndpointEnvironment:
    """Passes on one event at a time."""

    warm = True

    def __init__(
        self, function: LambdaFunction, url: str, background: Background
    ) -> None:
        self._function = function
        self._url = url
        self._background = background
        self._client: httpx.AsyncClient | None = None
        self._task: asyncio.Task[None] | None = None
        self._done: Done | None = None

    def run(self, event: Event, done: Done) -> None:
        """Begin to work on `event`."""
        self._done = done
        name = f"invoke {self._function.name} at {self._url}"
        self._task = self._background.start(self._work(event), name)

    async def close(self) -> None:
        """Give up a request that is still going on."""
        done, self._done = self._done, None
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self._client is not None:
            await self._client.aclose()
        if done is not None:
            done(stopping())

    async def _work(self, event: Event) -> None:
        outcome = await self._request(event)
        done, self._done = self._done, None
        if done is not None:
            done(outcome)

    async def _request(self, event: Event) -> Outcome:
        import httpx  # noqa: PLC0415 - 60 ms that only those with an endpoint pay

        if self._client is None:
            timeout = self._function.timeout + MARGIN
            self._client = httpx.AsyncClient(timeout=timeout)
        headers = {
            "content-type": "application/json",
            "x-amz-invocation-type": "RequestResponse",
            "x-amz-log-type": "Tail",
        }
        if event.client_context is not None:
            encoded = base64.b64encode(event.client_context.encode()).decode()
            headers["x-amz-client-context"] = encoded
        try:
            answer = await self._client.post(
                self._url, content=event.payload, headers=headers
            )
        except httpx.TimeoutException:
            seconds = f"{self._function.timeout:.2f}"
            text = (
                f"RequestId: {event.request_id} Error: Task timed out after {seconds}"
            )
            payload = error_object("Sandbox.Timedout", f"{text} seconds")
            return Invocation(payload, "Unhandled", event.request_id)
        except httpx.HTTPError as error:
            message = (
                f"{self._url} cannot be reached: {str(error) or type(error).__name__}"
            )
            return InvokeRejected("ServiceException", message, 502)
        return _outcome(answer, event)


def _outcome(answer: "httpx.Response", event: Event) -> Outcome:
    headers, payload = answer.headers, answer.content
    if answer.status_code != 200:
        error_type = headers.get("x-amzn-errortype", "ServiceException").split(":")[0]
        return InvokeRejected(error_type, answer.text[:500], answer.status_code)
    error = headers.get("x-amz-function-error")
    # The runtime interface emulator has neither header: there, only the shape of the
    # answer tells an error from a result.
    told = error is not None or "x-amz-executed-version" in headers
    if not told and error_type_of(payload) is not None:
        error = "Unhandled"
    return Invocation(
        payload,
        None if error is None else "Handled" if error == "Handled" else "Unhandled",
        headers.get("x-amzn-requestid", event.request_id),
        _log_tail(headers.get("x-amz-log-result", "")),
        headers.get("x-amz-executed-version", LATEST),
    )


def _log_tail(encoded: str) -> str:
    try:
        return base64.b64decode(encoded).decode("utf-8", "replace")
    except binascii.Error:
        return ""
