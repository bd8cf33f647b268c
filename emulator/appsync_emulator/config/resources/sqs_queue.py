"""AWS::SQS::Queue."""

import json
import re

from appsync_emulator.config.attributes import messaging
from appsync_emulator.config.codes import COMBINATION, PROPERTY_VALUE
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import (
    FLAG,
    TEXT,
    UNREAD,
    Block,
    choice,
    integer,
)
from appsync_emulator.model import Queue

SHAPE = Block(
    {
        "ContentBasedDeduplication": FLAG,
        "DeduplicationScope": choice("messageGroup", "queue"),
        "DelaySeconds": integer(0, 900),
        "FifoQueue": FLAG,
        "FifoThroughputLimit": choice("perQueue", "perMessageGroupId"),
        "KmsDataKeyReusePeriodSeconds": UNREAD,
        "KmsMasterKeyId": UNREAD,
        "MaximumMessageSize": integer(1_024, 1_048_576),
        "MessageRetentionPeriod": integer(60, 1_209_600),
        "QueueName": TEXT,
        "ReceiveMessageWaitTimeSeconds": integer(0, 20),
        "RedriveAllowPolicy": UNREAD,  # who may: a matter of rights
        "RedrivePolicy": Block(
            {"deadLetterTargetArn": TEXT, "maxReceiveCount": integer(1, 1_000)},
            required=("deadLetterTargetArn", "maxReceiveCount"),
        ),
        "SqsManagedSseEnabled": UNREAD,
        "Tags": UNREAD,
        "VisibilityTimeout": integer(0, 43_200),
    }
)

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,80}")
_FIFO_NAME = re.compile(r"[a-zA-Z0-9_-]{1,75}\.fifo")
_OF_FIFO = ("ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")


def read(reading: Reading) -> Queue:
    """Give the queue.

    Raises:
        ProjectError: its name is none, or it has attributes of the other kind of queue.
    """
    values = reading.values
    name = messaging.queue_name(reading.resource)
    fifo = values.get("FifoQueue", False)
    if not (_FIFO_NAME if fifo else _NAME).fullmatch(name):
        rule = (
            "The name of a FIFO queue can only include alphanumeric characters, "
            "hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in "
            "length."
            if fifo
            else "Can only include alphanumeric characters, hyphens, or underscores. "
            "1 to 80 in length"
        )
        raise reading.wrong(PROPERTY_VALUE, f"{name!r}: {rule}", "QueueName")
    for other in _OF_FIFO:
        if other in values and not fifo:
            message = f"Unknown Attribute {other}: only FIFO queues have it."
            raise reading.wrong(COMBINATION, message, other)
    attributes = {
        key: _text(value)
        for key, value in values.items()
        if key != "QueueName" and value is not None and (fifo or key != "FifoQueue")
    }
    return Queue(
        name=name,
        arn=str(messaging.queue_arn(reading.resource)),
        url=messaging.queue_url(reading.resource),
        origin=reading.origin,
        attributes=attributes,
    )


def _text(value: object) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
