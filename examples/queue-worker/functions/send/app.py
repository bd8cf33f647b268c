"""Puts a question into the queue of its workers.

boto3 is part of Lambda's Python runtimes, so the deployment package is this one file.
"""

import json
import os
from typing import Any

import boto3

# Made once for each environment: it costs more than many messages.
SQS = boto3.client("sqs")
QUEUES = {"ask": os.environ["QUEUE_URL"], "askNode": os.environ["NODE_QUEUE_URL"]}


def send(event: dict[str, Any], _context: object) -> str:
    """Send `event["session"]` and `event["prompt"]`; give the id of the message."""
    question = {"session": event["session"], "prompt": event["prompt"]}
    sent = SQS.send_message(
        QueueUrl=QUEUES[event["field"]], MessageBody=json.dumps(question)
    )
    message_id: str = sent["MessageId"]
    return message_id
