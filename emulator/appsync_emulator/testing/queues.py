"""Messages that still wait in queues from which functions read."""

from appsync_emulator.emulator import Emulator
from appsync_emulator.services.client import Client, ServiceError

_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)


class Queues:
    """The queues of an application.

    Args:
        emulator: that serves them.
    """

    def __init__(self, emulator: Emulator) -> None:
        application = emulator.application
        read = {one.queue for one in application.event_sources if one.enabled}
        self._services = emulator.services
        self._read = [arn for arn in application.messaging.queues if arn in read]
        self._all = list(application.messaging.queues)

    async def waiting(self) -> dict[str, int]:
        """Count what functions have yet to work on, by name of the queue."""
        if (client := self._client()) is None:
            return {}
        found = {arn: await _count(client, arn) for arn in self._read}
        return {arn.split(":")[-1]: count for arn, count in found.items() if count}

    async def purge(self) -> None:
        """Forget all messages."""
        if (client := self._client()) is None:
            return
        for arn in self._all:
            if await _count(client, arn):
                await client.sqs("PurgeQueue", QueueUrl=client.queue_url(arn))

    def _client(self) -> Client | None:
        services = self._services
        if services is None or services.problem is not None:
            return None
        return services.client


async def _count(client: Client, arn: str) -> int:
    """Count messages, of every kind; 0 when the queue does not say."""
    url = client.queue_url(arn)
    try:
        answer = await client.sqs(
            "GetQueueAttributes", QueueUrl=url, AttributeNames=list(_COUNTS)
        )
    except ServiceError:
        return 0
    attributes = answer.get("Attributes", {})
    return sum(int(attributes.get(name, 0)) for name in _COUNTS)
