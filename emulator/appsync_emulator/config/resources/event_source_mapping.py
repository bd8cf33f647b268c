"""AWS::Lambda::EventSourceMapping; only queues are event sources here."""

import json

from appsync_emulator.config.codes import COMBINATION, PROPERTY_VALUE, REFERENCE
from appsync_emulator.config.ids import function_name
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import (
    FLAG,
    TEXT,
    UNREAD,
    Block,
    ListOf,
    choice,
    integer,
)
from appsync_emulator.model import EventSource
from appsync_emulator.types import JSON

_UNREAD = (
    *("AmazonManagedKafkaEventSourceConfig", "BisectBatchOnFunctionError"),
    *("DestinationConfig", "DocumentDBEventSourceConfig", "KmsKeyArn"),
    *("LoggingConfig", "MaximumRecordAgeInSeconds", "MaximumRetryAttempts"),
    *("MetricsConfig", "ParallelizationFactor", "ProvisionedPollerConfig", "Queues"),
    *("SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig"),
    *("SourceAccessConfigurations", "StartingPosition", "StartingPositionTimestamp"),
    *("Tags", "Topics", "TumblingWindowInSeconds"),
)

SHAPE = Block(
    {
        "BatchSize": integer(1, 10_000),
        "Enabled": FLAG,
        "EventSourceArn": TEXT,
        "FilterCriteria": Block({"Filters": ListOf(Block({"Pattern": TEXT}))}),
        "FunctionName": TEXT,
        "FunctionResponseTypes": ListOf(choice("ReportBatchItemFailures")),
        "MaximumBatchingWindowInSeconds": integer(0, 300),
        "ScalingConfig": Block({"MaximumConcurrency": integer(2, 1_000)}),
        **dict.fromkeys(_UNREAD, UNREAD),
    },
    required=("FunctionName",),
)

AT_ONCE = 10
"""Messages that SQS hands out at once; more need time to be collected."""

MOST_FILTERS = 10


def read(reading: Reading) -> EventSource:
    """Give the mapping, whatever its source is.

    Raises:
        ProjectError: FunctionName is no function, or Lambda would refuse what it says.
    """
    values = reading.values
    name = function_name(values["FunctionName"])
    if name is None:
        message = f"{values['FunctionName']!r} is no Lambda function."
        raise reading.wrong(REFERENCE, message, "FunctionName")
    queue = values.get("EventSourceArn", "")
    size = values.get("BatchSize", 10)
    window = values.get("MaximumBatchingWindowInSeconds", 0)
    if queue.split(":")[2:3] == ["sqs"]:
        _check_batch(reading, queue, size, window)
    return EventSource(
        function=name,
        queue=queue,
        origin=reading.origin,
        batch_size=size,
        window=window,
        enabled=values.get("Enabled", True),
        filters=_filters(reading),
        partial=bool(values.get("FunctionResponseTypes")),
        concurrency=(values.get("ScalingConfig") or {}).get("MaximumConcurrency"),
    )


def _check_batch(reading: Reading, queue: str, size: int, window: int) -> None:
    """Refuse what CreateEventSourceMapping refuses (Lambda API reference)."""
    fifo = queue.endswith(".fifo")
    if fifo and window:
        message = "Batching window is not supported for FIFO queues."
        raise reading.wrong(COMBINATION, message, "MaximumBatchingWindowInSeconds")
    if size <= AT_ONCE:
        return
    if fifo:
        message = f"BatchSize is {size}: a FIFO queue gives at most {AT_ONCE}."
        raise reading.wrong(COMBINATION, message, "BatchSize")
    if not window:
        message = (
            "Maximum batch window in seconds must be greater than 0 if maximum batch "
            f"size is greater than {AT_ONCE}"
        )
        raise reading.wrong(COMBINATION, message, "BatchSize")


def _filters(reading: Reading) -> tuple[dict[str, JSON], ...]:
    criteria = reading.values.get("FilterCriteria") or {}
    found = criteria.get("Filters") or []
    if len(found) > MOST_FILTERS:
        message = f"FilterCriteria has more than {MOST_FILTERS} filters."
        raise reading.wrong(PROPERTY_VALUE, message, "FilterCriteria")
    return tuple(_pattern(reading, one.get("Pattern", "")) for one in found)


def _pattern(reading: Reading, text: str) -> dict[str, JSON]:
    try:
        pattern = json.loads(text)
    except json.JSONDecodeError:
        pattern = None
    if not isinstance(pattern, dict) or not _is_pattern(pattern):
        message = f"Invalid filter pattern definition: {text!r}."
        raise reading.wrong(PROPERTY_VALUE, message, "FilterCriteria")
    return pattern


def _is_pattern(value: JSON) -> bool:
    """Tell whether every leaf is a list of rules, as EventBridge's patterns are."""
    if isinstance(value, dict):
        return bool(value) and all(map(_is_pattern, value.values()))
    return isinstance(value, list) and bool(value)
