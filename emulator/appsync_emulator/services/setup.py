"""What has to be made in AWS's services before functions may use them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from appsync_emulator.model import Application, Messaging
from appsync_emulator.services.wire import ServiceRequest, request


@dataclass(frozen=True, slots=True)
class Targets:
    """The ARNs that the asynchronous configuration of functions sends to."""

    arns: tuple[str, ...]

    def of(self, service: str) -> list[str]:
        """Give those of one service, without the emulator's own functions."""
        return [arn for arn in self.arns if arn.split(":")[2:3] == [service]]


def targets(application: Application) -> Targets:
    """Collect destinations and dead-letter queues of all functions."""
    arns = []
    for function in application.functions.values():
        config = function.async_config
        arns.append((config.get("DeadLetterConfig") or {}).get("TargetArn"))
        destinations = config.get("DestinationConfig") or {}
        arns += [(one or {}).get("Destination") for one in destinations.values()]
    return Targets(tuple(arn for arn in arns if arn))


def services_of(application: Application) -> list[str]:
    """Name the services that an application uses, empty when it uses none."""
    messaging, found = application.messaging, targets(application)
    has = {
        "sqs": bool(messaging.queues) or bool(found.of("sqs")),
        "sns": bool(messaging.topics) or bool(found.of("sns")),
        "events": bool(messaging.buses) or bool(found.of("events")),
        "cognito-idp": bool(application.user_pools),
    }
    return [service for service, needed in has.items() if needed]


def setup_requests(application: Application, region: str) -> list[ServiceRequest]:
    """Give the requests, in an order in which all can be answered."""
    messaging = application.messaging
    found = targets(application)
    buses = [
        request("events", "CreateEventBus", region, Name=bus) for bus in messaging.buses
    ]
    return [
        *_queues(messaging, found.of("sqs"), region),
        *_topics(messaging, found.of("sns"), region),
        *buses,
    ]


def _queues(
    messaging: Messaging, used: list[str], region: str
) -> Iterator[ServiceRequest]:
    """Make queues, also those that are only named.

    On AWS these would be in the account.
    """
    named = [*used]
    for queue in messaging.queues.values():
        policy = queue.attributes.get("RedrivePolicy")
        if policy:
            named.append(json.loads(policy)["deadLetterTargetArn"])
    for arn in dict.fromkeys(named):
        if arn not in messaging.queues:
            name = arn.rpartition(":")[2]
            fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
            yield request("sqs", "CreateQueue", region, QueueName=name, Attributes=fifo)
    # Two rounds: attributes that name another queue wait until all queues are there.
    for queue in messaging.queues.values():
        attributes = dict(queue.attributes)
        attributes.pop("RedrivePolicy", None)
        yield request(
            "sqs", "CreateQueue", region, QueueName=queue.name, Attributes=attributes
        )
    for queue in messaging.queues.values():
        policy = queue.attributes.get("RedrivePolicy")
        if policy:
            yield request(
                "sqs",
                "SetQueueAttributes",
                region,
                QueueUrl=queue.url,
                Attributes={"RedrivePolicy": policy},
            )


def _topics(
    messaging: Messaging, used: list[str], region: str
) -> Iterator[ServiceRequest]:
    for topic in messaging.topics.values():
        name, attributes = topic.name, topic.attributes
        yield request("sns", "CreateTopic", region, Name=name, Attributes=attributes)
    for arn in used:
        if arn not in messaging.topics:
            yield request("sns", "CreateTopic", region, Name=arn.rpartition(":")[2])
    for one in messaging.subscriptions:
        yield request(
            "sns",
            "Subscribe",
            region,
            TopicArn=one.topic,
            Protocol=one.protocol,
            Endpoint=one.endpoint,
            Attributes=one.attributes,
        )
