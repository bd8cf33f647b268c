"""What a poller does when its queue is not what it should be."""

import asyncio
from typing import Any

import pytest

from appsync_emulator.background import Background
from appsync_emulator.clock import RealClock
from appsync_emulator.lambdas.event_sources.poller import Poller
from appsync_emulator.model import EventSource, Queue
from appsync_emulator.services.client import ServiceError
from appsync_emulator.types import Origin

ARN = "arn:aws:sqs:us-east-1:000000000000:q"
ORIGIN = Origin("template.yaml")


class Failing:
    """A queue with one message, which cannot be read any more after it."""

    def __init__(self) -> None:
        self.given = False
        self.deleted = asyncio.Event()

    async def sqs(self, action: str, **_asked: Any) -> Any:
        if action == "DeleteMessageBatch":
            self.deleted.set()
            return {}
        if self.given:
            raise ServiceError("Unreachable", "it is gone")
        self.given = True
        message = {"MessageId": "1", "ReceiptHandle": "r", "Body": "hello"}
        return {"Messages": [message]}


@pytest.mark.ours("a message that was received must not wait for its time-out")
async def test_what_a_window_has_gathered_is_worked_on_when_the_queue_fails(
    make_function: Any, start: Any, caplog: Any
) -> None:
    bodies: list[str] = []

    async def handler(event: Any, _context: Any) -> None:
        bodies.extend(record["body"] for record in event["Records"])

    lambdas = await start(make_function(), stand_ins={"fn": handler})
    queue, tasks, pollers = Failing(), Background(), Background()
    poller = Poller(
        EventSource("fn", ARN, ORIGIN, window=300),
        Queue("q", ARN, "http://localhost/q", ORIGIN),
        lambdas,
        queue,  # type: ignore[arg-type] # what it needs of a client
        RealClock(),
        limit=1,
        tasks=tasks,
    )
    pollers.start(poller.run(), "poll")
    await queue.deleted.wait()
    await pollers.close()
    await tasks.close()
    assert bodies == ["hello"]
    assert "Queue q cannot be read: Unreachable: it is gone" in caplog.text
