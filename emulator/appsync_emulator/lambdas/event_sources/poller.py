"""Reads one queue for one function, as Lambda's pollers do.

A batch is received, held against the filters, and handed to the function, which is
waited for. What it was done with is deleted; all else comes back when the queue's
visibility time-out has passed, and goes to the dead-letter queue when it has come back
too often: that is SQS's business (Lambda developer guide, "Using Lambda with Amazon
SQS" and "Handling errors for an SQS event source").
"""

import asyncio
import json
import logging
from collections.abc import Sequence

from appsync_emulator.background import Background
from appsync_emulator.clock import Clock
from appsync_emulator.errors import EmulatorError
from appsync_emulator.lambdas.event_sources.patterns import message_matches
from appsync_emulator.lambdas.event_sources.records import (
    events_of,
    failed_ids,
    record_of,
)
from appsync_emulator.lambdas.invocation import (
    SYNC_REQUEST_LIMIT,
    Invocation,
    InvokeRejected,
    error_text_of,
)
from appsync_emulator.lambdas.service import Lambdas
from appsync_emulator.model import EventSource, Queue
from appsync_emulator.services.client import Client, ServiceError
from appsync_emulator.types import JSON

log = logging.getLogger(__name__)

LONG_POLL = 20
"""Seconds that a request waits for a message; the most that SQS allows."""

AT_ONCE = 10
"""Messages that SQS gives at once."""

BUSY_PAUSE = 0.2
"""Seconds between requests to a FIFO queue of which a message group is held back."""

TROUBLE_PAUSE = 1.0
"""Seconds between requests to a queue that cannot be reached."""

BACK_OFF = (1.0, 16.0)
"""Seconds before a throttled batch is tried again, at first and at most."""


class Poller:
    """Runs one event source mapping.

    Args:
        source: the mapping.
        queue: what it reads.
        lambdas: runs the function.
        client: reaches SQS.
        clock: for batching windows and back-offs; visibility is SQS's own time.
        limit: how many batches may be worked on at once.
        tasks: owns the batches that are being worked on.
    """

    def __init__(
        self,
        source: EventSource,
        queue: Queue,
        lambdas: Lambdas,
        client: Client,
        clock: Clock,
        *,
        limit: int,
        tasks: Background,
    ) -> None:
        self._source = source
        self._queue = queue
        self._lambdas = lambdas
        self._client = client
        self._clock = clock
        self._room = asyncio.Semaphore(limit)
        self._tasks = tasks
        self._working = 0
        self._held_until = 0.0
        self._released = asyncio.Event()
        self._in_trouble = False

    async def run(self) -> None:
        """Read for ever; what was received is worked on even after this has ended."""
        while True:
            await self._room.acquire()
            batch: list[JSON] = []
            try:
                batch = await self._collect()
                self._in_trouble = False
            except ServiceError as error:
                self._tell_of_trouble(error)
                await asyncio.sleep(TROUBLE_PAUSE)
            finally:
                if not batch:
                    self._room.release()
            if batch:
                self._working += 1
                name = f"a batch of {self._queue.name} for {self._source.function}"
                self._tasks.start(self._work(batch), name)

    async def _collect(self) -> list[JSON]:
        """Give messages: those that are there, or those of a batching window."""
        size, window = self._source.batch_size, self._source.window
        batch = await self._receive(min(size, AT_ONCE), self._patience())
        if not batch or not window or self._queue.fifo:
            return batch
        started = self._tasks.start(self._clock.sleep(window), "a batching window")
        room = SYNC_REQUEST_LIMIT - _size(batch)
        try:
            while len(batch) < size and room > 0 and not started.done():
                more = await self._receive(min(size - len(batch), AT_ONCE), 1)
                batch += more
                room -= _size(more)
        except ServiceError as error:
            # What was received goes to the function: nobody else gets it in this time.
            self._tell_of_trouble(error)
        finally:
            started.cancel()
        return batch

    def _patience(self) -> int:
        """Give the seconds that a request may wait.

        A request that waits while a message group is held back does not see, in some
        stand-ins, that the group is released, or keeps them busy. So it must not wait.
        """
        if not self._queue.fifo:
            return LONG_POLL
        now = asyncio.get_running_loop().time()
        return 0 if self._working or now < self._held_until else LONG_POLL

    async def _receive(self, most: int, wait: int) -> list[JSON]:
        self._released.clear()
        answer = await self._client.sqs(
            "ReceiveMessage",
            wait=wait,
            QueueUrl=self._queue.url,
            MaxNumberOfMessages=most,
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=["All"],
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[JSON] = answer.get("Messages") or []
        if not messages and wait == 0:
            try:
                async with asyncio.timeout(BUSY_PAUSE):
                    await self._released.wait()
            except TimeoutError:
                pass
        return messages

    async def _work(self, messages: Sequence[JSON]) -> None:
        """Filter, invoke, delete."""
        try:
            records = [record_of(one, self._queue.arn) for one in messages]
            wanted: list[JSON] = []
            unwanted: list[JSON] = []
            for record in records:
                matching = message_matches(self._source.filters, record)
                (wanted if matching else unwanted).append(record)
            await self._delete(unwanted)
            for part, event in events_of(wanted):
                await self._invoke(part, event)
        except ServiceError as error:
            self._tell_of_trouble(error)
        finally:
            self._working -= 1
            self._released.set()
            self._room.release()

    async def _invoke(self, records: list[JSON], event: bytes) -> None:
        answer = await self._answer(event)
        failed = {record["messageId"] for record in records}
        reason = "the function could not be run"
        if answer is not None and answer.function_error is not None:
            reason = error_text_of(answer.payload)
        elif answer is not None:
            reason = "the function says so"
            ids = failed
            failed = failed_ids(answer.payload, ids) if self._source.partial else set()
        done = [record for record in records if record["messageId"] not in failed]
        if failed:
            left = [record for record in records if record["messageId"] in failed]
            self._tell_of_failures(left, len(records), reason)
            loop = asyncio.get_running_loop()
            self._held_until = loop.time() + self._queue.visibility_timeout
        await self._delete(done)

    async def _answer(self, event: bytes) -> Invocation | None:
        """Invoke the function; while it is throttled, again until the time is over.

        The time is the visibility time-out: after it the messages are another's.
        """
        name = self._source.function
        loop = asyncio.get_running_loop()
        end = loop.time() + self._queue.visibility_timeout
        wait, longest = BACK_OFF
        while True:
            try:
                return await self._lambdas.invoke(name, event)
            except InvokeRejected as rejected:
                if rejected.status not in (429, 500) or loop.time() + wait > end:
                    log.warning("Function %s took no batch: %s", name, rejected)
                    return None
            except EmulatorError as error:
                log.error("%s", error)  # noqa: TRY400 - the message says it all
                return None
            await self._clock.sleep(wait)
            wait = min(2 * wait, longest)

    async def _delete(self, records: Sequence[JSON]) -> None:
        for start in range(0, len(records), AT_ONCE):
            entries = [
                {"Id": str(number), "ReceiptHandle": record["receiptHandle"]}
                for number, record in enumerate(records[start : start + AT_ONCE])
            ]
            answer = await self._client.sqs(
                "DeleteMessageBatch", QueueUrl=self._queue.url, Entries=entries
            )
            for one in answer.get("Failed") or []:
                log.warning(
                    "A message of queue %s was worked on but not deleted: %s",
                    self._queue.name,
                    one.get("Message"),
                )

    def _tell_of_failures(self, left: list[JSON], all_of: int, reason: str) -> None:
        log.warning(
            "Function %s failed on %d of %d messages of queue %s (%s): %s",
            self._source.function,
            len(left),
            all_of,
            self._queue.name,
            self._what_next(left),
            reason,
        )

    def _what_next(self, left: list[JSON]) -> str:
        """Say what becomes of messages that a function has failed on."""
        policy = json.loads(self._queue.attributes.get("RedrivePolicy", "{}"))
        most = int(policy.get("maxReceiveCount", 0))
        tries = [
            int(record["attributes"].get("ApproximateReceiveCount", 1))
            for record in left
        ]
        after = f"{self._queue.visibility_timeout} s after they were received"
        if most and all(number >= most for number in tries):
            name = policy["deadLetterTargetArn"].rpartition(":")[2]
            return f"they go to {name} {after}"
        return f"they come back {after}"

    def _tell_of_trouble(self, error: ServiceError) -> None:
        """Say once that the queue cannot be read, until it can."""
        if not self._in_trouble:
            log.error("Queue %s cannot be read: %s", self._queue.name, error)
        self._in_trouble = True


def _size(messages: Sequence[JSON]) -> int:
    return sum(len(one["Body"].encode()) for one in messages)
