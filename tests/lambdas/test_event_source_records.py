"""Events made of messages, and the answers of functions to them."""

import json
from typing import Any

import pytest

from appsync_emulator.lambdas.event_sources.records import (
    events_of,
    failed_ids,
    record_of,
)

pytestmark = pytest.mark.aws_doc(
    "Lambda developer guide, implementing partial batch responses"
)

IDS = {"1", "2", "3"}


def failures(*ids: Any) -> Any:
    return {"batchItemFailures": [{"itemIdentifier": one} for one in ids]}


@pytest.mark.parametrize(
    "answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}]
)
def test_an_answer_without_failures_is_a_success(answer: Any) -> None:
    assert failed_ids(json.dumps(answer).encode(), IDS) == set()


def test_the_named_messages_have_failed() -> None:
    assert failed_ids(json.dumps(failures("1", "3")).encode(), IDS) == {"1", "3"}


@pytest.mark.parametrize(
    "answer",
    [
        failures(""),
        failures(None),
        failures("1", None),
        failures(1),
        failures("unknown"),
        {"batchItemFailures": [{"itemIdentifer": "1"}]},
        {"batchItemFailures": ["1"]},
        {"batchItemFailures": {"itemIdentifier": "1"}},
        "no object",
        ["1"],
    ],
)
def test_an_answer_that_cannot_be_meant_is_a_failure_of_all(answer: Any) -> None:
    assert failed_ids(json.dumps(answer).encode(), IDS) == IDS


def test_what_is_no_json_is_a_failure_of_all() -> None:
    assert failed_ids(b"{", IDS) == IDS


@pytest.mark.aws_doc("Lambda developer guide, batching behavior: 6 MB")
def test_an_event_stays_within_six_megabytes() -> None:
    message = {"MessageId": "1", "ReceiptHandle": "r", "Body": "x" * 1_048_576}
    queue = "arn:aws:sqs:us-east-1:000000000000:q"
    records = [record_of(message, queue) for _ in range(10)]
    events = list(events_of(records))
    assert [len(part) for part, _ in events] == [5, 5]
    for part, text in events:
        assert json.loads(text) == {"Records": part}
        assert len(text) <= 6_291_456


@pytest.mark.aws_doc("Lambda developer guide, example Amazon SQS message event")
def test_binary_attributes_are_given_as_they_came() -> None:
    value = {"DataType": "Binary", "BinaryValue": "AQI="}
    message = {
        "MessageId": "1",
        "ReceiptHandle": "r",
        "Body": "",
        "MessageAttributes": {"b": value},
    }
    record = record_of(message, "arn:aws:sqs:eu-west-1:000000000000:q")
    assert record["awsRegion"] == "eu-west-1"
    assert record["messageAttributes"]["b"] == {
        "stringListValues": [],
        "binaryListValues": [],
        "binaryValue": "AQI=",
        "dataType": "Binary",
    }
