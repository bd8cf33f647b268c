"""Events made of messages, and what functions answer to them.

The shape of records is AWS's (observed: recordings of SQS event source mappings in
LocalStack's test suite; Lambda developer guide, "Using Lambda with Amazon SQS").
"""

from collections.abc import Collection, Iterator, Sequence

import orjson

from appsync_emulator.lambdas.invocation import SYNC_REQUEST_LIMIT
from appsync_emulator.types import JSON

_ROOM = len(b'{"Records":[]}')


def record_of(message: JSON, queue: str) -> JSON:
    """Make the record of a message as ReceiveMessage gives it.

    Args:
        message: with all its attributes.
        queue: ARN.
    """
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: _attribute(value)
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message.get("MD5OfBody"),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue,
        "awsRegion": queue.split(":")[3],
    }
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record


def _attribute(value: JSON) -> JSON:
    made: dict[str, JSON] = {"stringListValues": [], "binaryListValues": []}
    for name in ("StringValue", "BinaryValue"):
        if value.get(name) is not None:
            made[name[0].lower() + name[1:]] = value[name]
    return {**made, "dataType": value["DataType"]}


def events_of(records: Sequence[JSON]) -> Iterator[tuple[list[JSON], bytes]]:
    """Pack records into events, each within the 6 MB of an invocation.

    Yields:
        The records of an event, and its JSON text.
    """
    taken: list[JSON] = []
    texts: list[bytes] = []
    size = _ROOM
    for record in records:
        text = orjson.dumps(record)
        if taken and size + len(text) + 1 > SYNC_REQUEST_LIMIT:
            yield taken, _event(texts)
            taken, texts, size = [], [], _ROOM
        taken.append(record)
        texts.append(text)
        size += len(text) + 1
    if taken:
        yield taken, _event(texts)


def _event(texts: Sequence[bytes]) -> bytes:
    return b'{"Records":[%b]}' % b",".join(texts)


def failed_ids(answer: bytes, ids: Collection[str]) -> set[str]:
    """Read which messages a function with ReportBatchItemFailures has failed on.

    Nothing at all is a success. What cannot be read, or names a message that the event
    did not have, is a failure of all (Lambda developer guide, "Success and failure
    conditions" of partial batch responses).

    Args:
        answer: JSON text.
        ids: the message ids of the event.
    """
    try:
        value = orjson.loads(answer)
    except orjson.JSONDecodeError:
        return set(ids)
    if not value:
        return set()
    if not isinstance(value, dict):
        return set(ids)
    failures = value.get("batchItemFailures")
    if not failures:
        return set()
    if not isinstance(failures, list):
        return set(ids)
    named = {_identifier(one) for one in failures}
    return {one for one in named if one} if named <= set(ids) else set(ids)


def _identifier(failure: JSON) -> str:
    found = failure.get("itemIdentifier") if isinstance(failure, dict) else None
    return found if isinstance(found, str) else ""
