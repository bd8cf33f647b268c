"""AWS::SNS::Topic and AWS::SNS::Subscription."""

import json
from collections.abc import Iterator

from appsync_emulator.config.attributes import messaging
from appsync_emulator.config.node import plain
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import (
    FLAG,
    TEXT,
    UNREAD,
    Block,
    ListOf,
    choice,
)
from appsync_emulator.model import Topic, TopicSubscription

SHAPE = Block(
    {
        "ArchivePolicy": UNREAD,
        "ContentBasedDeduplication": FLAG,
        "DataProtectionPolicy": UNREAD,
        "DeliveryStatusLogging": UNREAD,
        "DisplayName": UNREAD,
        "FifoThroughputScope": UNREAD,
        "FifoTopic": FLAG,
        "KmsMasterKeyId": UNREAD,
        "SignatureVersion": UNREAD,
        "Subscription": ListOf(
            Block(
                {"Endpoint": TEXT, "Protocol": TEXT}, required=("Endpoint", "Protocol")
            )
        ),
        "Tags": UNREAD,
        "TopicName": TEXT,
        "TracingConfig": UNREAD,
    }
)

SUBSCRIPTION = Block(
    {
        "DeliveryPolicy": UNREAD,
        "Endpoint": TEXT,
        "FilterPolicy": UNREAD,  # any JSON: read below
        "FilterPolicyScope": choice("MessageAttributes", "MessageBody"),
        "Protocol": TEXT,
        "RawMessageDelivery": FLAG,
        "RedrivePolicy": UNREAD,
        "Region": UNREAD,
        "ReplayPolicy": UNREAD,
        "SubscriptionRoleArn": UNREAD,
        "TopicArn": TEXT,
    },
    required=("Protocol", "TopicArn"),
)

DELIVERED = ("sqs", "http", "https")
"""The protocols that reach something on this machine; functions are not reached."""


def read(reading: Reading) -> Topic:
    """Give the topic."""
    names = ("FifoTopic", "ContentBasedDeduplication")
    return Topic(
        name=messaging.topic_name(reading.resource),
        arn=str(messaging.topic_arn(reading.resource)),
        origin=reading.origin,
        attributes={name: "true" for name in names if reading.values.get(name) is True},
    )


def own_subscriptions(reading: Reading) -> Iterator[TopicSubscription]:
    """Give the subscriptions in the topic itself."""
    arn = str(messaging.topic_arn(reading.resource))
    for one in reading.values.get("Subscription", []):
        yield TopicSubscription(arn, one["Protocol"], one["Endpoint"])


def read_subscription(reading: Reading) -> TopicSubscription:
    """Give a subscription that is a resource.

    Raises:
        ProjectError: its filter cannot be evaluated.
    """
    values = reading.values
    attributes = {}
    if values.get("RawMessageDelivery"):
        attributes["RawMessageDelivery"] = "true"
    if "FilterPolicyScope" in values:
        attributes["FilterPolicyScope"] = values["FilterPolicyScope"]
    policy = reading.resource.value("FilterPolicy")
    if policy is not None:
        attributes["FilterPolicy"] = json.dumps(plain(policy))
    return TopicSubscription(
        values["TopicArn"], values["Protocol"], values.get("Endpoint", ""), attributes
    )
