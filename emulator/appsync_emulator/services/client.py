"""What Lambda itself sends to SQS, SNS and EventBridge."""

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from appsync_emulator.services.wire import ServiceRequest, request
from appsync_emulator.types import JSON

if TYPE_CHECKING:
    import httpx

PATIENCE = 30.0
"""Seconds that an answer may take, beyond those that it was asked to wait."""

ATTEMPTS, PAUSE = 10, 0.5
"""How often an endpoint that is not there is tried again, and after how many
seconds."""


class ServiceError(Exception):
    """A service refused a request, or is not there.

    Attributes:
        code: AWS's name for the error, `Unreachable` when nobody answered.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Client:
    """A client of the services at `endpoints`.

    Args:
        endpoints: by `sqs`, `sns`, `events`.
        region: of all of them.
    """

    def __init__(self, endpoints: Mapping[str, str], region: str) -> None:
        self._endpoints = endpoints
        self._region = region
        self._http: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Close its connections."""
        if self._http is not None:
            await self._http.aclose()

    def queue_url(self, arn: str) -> str:
        """Give the URL of the queue of an ARN."""
        account, name = arn.split(":")[4:6]
        return f"{self._endpoints['sqs']}/{account}/{name}"

    async def sqs(self, action: str, *, wait: float = 0.0, **given: Any) -> JSON:
        """Call SQS, which may hold its answer back for `wait` seconds.

        Raises:
            ServiceError: it was refused, or nobody answered.
        """
        asked = request("sqs", action, self._region, **given)
        return await self._ask(asked, wait)

    async def publish(
        self, topic: str, message: str, attributes: Mapping[str, Mapping[str, str]]
    ) -> None:
        """Publish a message to a topic.

        Raises:
            ServiceError: it was refused, or nobody answered.
        """
        given = {
            "TopicArn": topic,
            "Message": message,
            "MessageAttributes": attributes,
        }
        await self.send(request("sns", "Publish", self._region, **given))

    async def put_event(self, entry: Mapping[str, JSON]) -> None:
        """Put an event on a bus.

        Raises:
            ServiceError: it was refused, or nobody answered.
        """
        asked = request("events", "PutEvents", self._region, Entries=[entry])
        answer = await self._ask(asked)
        if answer.get("FailedEntryCount"):
            first = answer["Entries"][0]
            raise ServiceError(str(first.get("ErrorCode")), first.get("ErrorMessage"))

    async def reach(self, asked: ServiceRequest) -> bytes:
        """Send the first request to an endpoint, which may just be starting.

        Raises:
            ServiceError: it was refused, or nobody answered for some seconds.
        """
        for _ in range(ATTEMPTS):
            try:
                return await self.send(asked)
            except ServiceError as error:
                if error.code != "Unreachable":
                    raise
                await asyncio.sleep(PAUSE)
        return await self.send(asked)

    async def forward(
        self, service: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Pass somebody else's request on; gives status and body of the answer.

        Raises:
            ServiceError: nobody answered.
        """
        answer = await self._post(service, headers, body, PATIENCE)
        return answer.status_code, answer.content

    async def send(self, asked: ServiceRequest, wait: float = 0.0) -> bytes:
        """Send a request and give the body of its answer.

        Raises:
            ServiceError: it was refused, or nobody answered.
        """
        answer = await self._post(
            asked.service, asked.headers, asked.body.encode(), PATIENCE + wait
        )
        if answer.is_error:
            raise _refused(answer.content, answer.status_code)
        return answer.content

    async def _ask(self, asked: ServiceRequest, wait: float = 0.0) -> dict[str, Any]:
        """Send a request and give the JSON object that is its answer."""
        content = await self.send(asked, wait)
        try:
            answer = orjson.loads(content or b"{}")
        except orjson.JSONDecodeError:
            answer = None
        if not isinstance(answer, dict):
            # Some other server, most often: a poller must survive it as an error.
            text = content[:100].decode("utf-8", "replace")
            url = self._endpoints[asked.service]
            raise ServiceError("Unreadable", f"{url} answers {asked.action} by {text}")
        return answer

    async def _post(
        self, service: str, headers: Mapping[str, str], body: bytes, patience: float
    ) -> "httpx.Response":
        # Imported when used: an application without queues has no use for it.
        import httpx  # noqa: PLC0415

        if self._http is None:
            # It would tell of every request, and a poller makes them all day long.
            logging.getLogger("httpx").setLevel(logging.WARNING)
            limits = httpx.Limits(max_connections=None)
            self._http = httpx.AsyncClient(trust_env=False, limits=limits)
        url = self._endpoints[service]
        try:
            return await self._http.post(
                url, content=body, headers=dict(headers), timeout=patience
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            text = str(error) or type(error).__name__
            raise ServiceError("Unreachable", f"{url}: {text}") from None


def _refused(content: bytes, status: int) -> ServiceError:
    try:
        value = orjson.loads(content)
        code = str(value["__type"]).rpartition("#")[2]
        return ServiceError(code, str(value.get("message")))
    except (orjson.JSONDecodeError, LookupError, TypeError):
        text = content[:300].decode("utf-8", "replace")
        return ServiceError(f"HTTP {status}", text)
