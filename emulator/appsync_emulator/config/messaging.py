"""Queues, topics and event sources while the application is being put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from appsync_emulator.config.attributes import messaging
from appsync_emulator.config.codes import COMBINATION, DUPLICATE
from appsync_emulator.config.resources import (
    event_source_mapping,
    sns_topic,
    sqs_queue,
)
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.model import (
    EventSource,
    LambdaFunction,
    Messaging,
    NotRun,
    Queue,
    Topic,
    TopicSubscription,
)


@dataclass(slots=True)
class MessagingParts:
    """What was read so far, and what of it the emulator does not run."""

    queues: dict[str, Queue] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    subscriptions: list[TopicSubscription] = field(default_factory=list)
    buses: list[str] = field(default_factory=list)
    mappings: list[tuple[Reading, EventSource]] = field(default_factory=list)
    not_run: list[NotRun] = field(default_factory=list)

    def add_queue(self, reading: Reading) -> None:
        """Add an AWS::SQS::Queue.

        Raises:
            ProjectError: SQS would refuse it, or there is one of that name.
        """
        queue = sqs_queue.read(reading)
        other = self.queues.get(queue.arn)
        if other is not None:
            message = f"The queue {queue.name!r} is there already: {other.origin}."
            raise reading.wrong(DUPLICATE, message, "QueueName")
        self.queues[queue.arn] = queue

    def add_topic(self, reading: Reading) -> None:
        """Add an AWS::SNS::Topic.

        Raises:
            ProjectError: there is one of that name.
        """
        topic = sns_topic.read(reading)
        other = self.topics.get(topic.arn)
        if other is not None:
            message = f"The topic {topic.name!r} is there already: {other.origin}."
            raise reading.wrong(DUPLICATE, message, "TopicName")
        self.topics[topic.arn] = topic
        for one in sns_topic.own_subscriptions(reading):
            self._subscribe(reading, one)

    def add_subscription(self, reading: Reading) -> None:
        """Add an AWS::SNS::Subscription."""
        self._subscribe(reading, sns_topic.read_subscription(reading))

    def add_bus(self, reading: Reading) -> None:
        """Add an AWS::Events::EventBus."""
        self.buses.append(messaging.bus_name(reading.resource))

    def add_mapping(self, reading: Reading) -> None:
        """Add an AWS::Lambda::EventSourceMapping; its queue may come later.

        Raises:
            ProjectError: Lambda would refuse it.
        """
        self.mappings.append((reading, event_source_mapping.read(reading)))

    def _subscribe(self, reading: Reading, one: TopicSubscription) -> None:
        if one.protocol in sns_topic.DELIVERED:
            self.subscriptions.append(one)
        else:
            kind = f"AWS::SNS::Subscription with Protocol {one.protocol}"
            self.not_run.append(NotRun(kind, reading.origin))

    def messaging(self) -> Messaging:
        """Give queues, topics and event buses."""
        return Messaging(
            self.queues, self.topics, tuple(self.subscriptions), tuple(self.buses)
        )

    def event_source(
        self, reading: Reading, source: EventSource, has: Mapping[str, LambdaFunction]
    ) -> EventSource | None:
        """Give a mapping that can be run; None for one that is named as not run.

        Raises:
            ProjectError: the queue shows messages again before the function is done.
        """
        function, queue = has.get(source.function), self.queues.get(source.queue)
        if function is None or queue is None:
            # Both may exist in the account, which is enough for AWS.
            service = source.queue.split(":")[2:3]
            kind = reading.resource.type
            if function is not None and service not in ([], ["sqs"]):
                kind = f"{kind} for {service[0]}"
            self.not_run.append(NotRun(kind, reading.origin))
            return None
        if queue.visibility_timeout < function.timeout:
            message = (
                f"Queue visibility timeout: {queue.visibility_timeout} seconds is less "
                f"than Function timeout: {function.timeout} seconds"
            )
            raise reading.wrong(COMBINATION, message, "EventSourceArn")
        return source
