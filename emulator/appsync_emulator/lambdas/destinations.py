"""Where Lambda sends the outcome of an asynchronous invocation, and what could not be.

Shapes and words are AWS's (Lambda developer guide, "Capturing records of Lambda
asynchronous invocations"; observed: recordings of destinations and dead-letter queues
in LocalStack's test suite).
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import orjson

from appsync_emulator.background import Background
from appsync_emulator.clock import Clock
from appsync_emulator.errors import EmulatorError
from appsync_emulator.jsontext import dumps
from appsync_emulator.lambdas.async_queue import FinishedEvent
from appsync_emulator.lambdas.invocation import (
    LATEST,
    Invocation,
    InvokeRejected,
    member_of,
)
from appsync_emulator.services.client import Client, ServiceError
from appsync_emulator.types import JSON

log = logging.getLogger(__name__)

MESSAGE_LIMIT = 1_024
"""Characters of an error message that a dead letter carries (its first 1 KB)."""

SERVICES = ("sqs", "sns")
"""That a message can be sent to."""

AT_ONCE = 32
"""Deliveries on their way at the same time; each has a connection, and of a burst of
events all end together. The others wait."""

Invoke = Callable[[str, bytes], Any]


class Destinations:
    """Delivers the ends of events; a failure to deliver is logged.

    Args:
        client: reaches SQS, SNS and EventBridge; None when they are not served.
        invoke: leaves an event for a function.
        clock: for timestamps.
        background: owns the deliveries.
    """

    def __init__(
        self,
        client: Client | None,
        invoke: Invoke,
        clock: Clock,
        background: Background,
    ) -> None:
        self._client = client
        self._invoke = invoke
        self._clock = clock
        self._background = background
        self._open: set[asyncio.Task[Any]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)

    def deliver(self, ended: FinishedEvent) -> None:
        """Send the end of an event to wherever its function's configuration says."""
        config = ended.function.async_config
        success = ended.condition == "Success"
        destinations = config.get("DestinationConfig") or {}
        one = destinations.get("OnSuccess" if success else "OnFailure") or {}
        if one.get("Destination"):
            record = record_of(ended, self._clock.now())
            self._start(self._send(one["Destination"], record), ended)
        dead_letters = (config.get("DeadLetterConfig") or {}).get("TargetArn")
        if dead_letters and not success:
            self._start(self._bury(dead_letters, ended), ended)

    async def drain(self, grace: float) -> None:
        """Wait for what is being delivered, at most `grace` seconds; name the rest."""
        if self._open:
            await asyncio.wait(self._open, timeout=max(grace, 0.1))
        for task in self._open:
            log.warning("%s is given up: the emulator stops", task.get_name())
            task.cancel()

    def _start(self, work: Any, ended: FinishedEvent) -> None:
        name = (
            f"The delivery of the outcome ({ended.condition}) of event "
            f"{ended.event.request_id} of function {ended.function.name}"
        )
        task = self._background.start(work, name)
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _send(self, arn: str, record: JSON) -> None:
        """Send a record to a destination of any kind."""
        service = _service_of(arn)
        async with self._told(arn):
            text = dumps(record)
            if service == "lambda":
                self._invoke(arn, text)
            elif service == "events":
                await self._there().put_event(event_of(arn, record))
            else:
                await self._message(arn, text.decode(), {})

    async def _bury(self, arn: str, ended: FinishedEvent) -> None:
        """Send an event itself to a dead-letter queue, with what was wrong."""
        async with self._told(arn):
            text = ended.event.payload.decode("utf-8", "replace")
            await self._message(arn, text, attributes_of(ended))

    async def _message(
        self, arn: str, text: str, attributes: dict[str, dict[str, str]]
    ) -> None:
        service = _service_of(arn)
        if service not in SERVICES:
            message = f"{service or arn} is no destination here"
            raise ServiceError("NotEmulated", message)
        client = self._there()
        if service == "sns":
            await client.publish(arn, text, attributes)
        else:
            given: dict[str, JSON] = {"MessageBody": text}
            if attributes:
                given["MessageAttributes"] = attributes
            await client.sqs("SendMessage", QueueUrl=client.queue_url(arn), **given)

    def _there(self) -> Client:
        if self._client is None:
            raise ServiceError("Unreachable", "SQS, SNS and EventBridge are not served")
        return self._client

    @contextlib.asynccontextmanager
    async def _told(self, arn: str) -> AsyncIterator[None]:
        """Wait until there is room for a delivery; log why it fails."""
        try:
            async with self._room:
                yield
        except (EmulatorError, InvokeRejected, ServiceError, ValueError) as error:
            log.error("Nothing was delivered to %s: %s", arn, error)  # noqa: TRY400 - the message says it all


def _service_of(arn: str) -> str:
    return arn.split(":")[2] if arn.count(":") >= 5 else ""


def record_of(ended: FinishedEvent, now: float) -> JSON:
    """Make the invocation record that destinations get.

    Args:
        ended: the end of the event.
        now: epoch seconds.
    """
    moment = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
    qualified = ended.event.arn
    if qualified == ended.function.arn:
        qualified = f"{qualified}:{LATEST}"
    record: dict[str, JSON] = {
        "version": "1.0",
        "timestamp": moment.replace("+00:00", "Z"),
        "requestContext": {
            "requestId": ended.event.request_id,
            "functionArn": qualified,
            "condition": ended.condition,
            "approximateInvokeCount": ended.attempts,
        },
        "requestPayload": _json(ended.event.payload),
    }
    outcome = ended.outcome
    if isinstance(outcome, Invocation):
        context = {"statusCode": 200, "executedVersion": outcome.executed_version}
        if outcome.function_error is not None:
            context["functionError"] = outcome.function_error
        record["responseContext"] = context
        record["responsePayload"] = _json(outcome.payload)
    elif outcome is not None:
        record["responseContext"] = {"statusCode": outcome.status}
    return record


def event_of(bus: str, record: JSON) -> JSON:
    """Make the entry of PutEvents that carries a record.

    Args:
        bus: ARN of the event bus.
        record: the invocation record.
    """
    context = record["requestContext"]
    outcome = "Success" if context["condition"] == "Success" else "Failure"
    return {
        "Source": "lambda",
        "DetailType": f"Lambda Function Invocation Result - {outcome}",
        "Resources": [bus, context["functionArn"]],
        "Detail": dumps(record).decode(),
        "EventBusName": bus.rpartition("/")[2],
    }


def attributes_of(ended: FinishedEvent) -> dict[str, dict[str, str]]:
    """Make the message attributes of a dead letter."""
    outcome = ended.outcome
    code = 200
    if isinstance(outcome, Invocation):
        message = str(member_of(outcome.payload, "errorMessage") or "")
    elif outcome is not None:
        code, message = outcome.status, outcome.message
    else:
        # The missing blank is Lambda's.
        code = 429
        message = (
            "Function not invoked. Function isconfigured with zero reserved concurrent "
            "executions"
        )
    made = {
        "RequestID": {"DataType": "String", "StringValue": ended.event.request_id},
        "ErrorCode": {"DataType": "Number", "StringValue": str(code)},
    }
    if message:  # SQS refuses an empty attribute
        text = message[:MESSAGE_LIMIT]
        made["ErrorMessage"] = {"DataType": "String", "StringValue": text}
    return made


def _json(text: bytes) -> JSON:
    """Parse a payload; what is no JSON stays the text it is."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text.decode("utf-8", "replace")
