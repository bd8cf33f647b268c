"""What destinations and dead-letter queues are told, and what is told of failures."""

import asyncio
from typing import Any

import orjson
import pytest

from appsync_emulator.lambdas.async_queue import Condition, FinishedEvent
from appsync_emulator.lambdas.destinations import (
    AT_ONCE,
    attributes_of,
    event_of,
    record_of,
)
from appsync_emulator.lambdas.invocation import (
    Event,
    Invocation,
    InvokeRejected,
    Outcome,
)

pytestmark = pytest.mark.aws_doc(
    "Lambda developer guide, capturing records of Lambda asynchronous invocations"
)

QUEUE = "arn:aws:sqs:us-east-1:000000000000:q"


def ended(
    function: Any,
    condition: Condition,
    outcome: Outcome | None,
    payload: bytes = b"{}",
    qualifier: str = "",
) -> FinishedEvent:
    event = Event("id", payload, function.arn + qualifier, None, "trace")
    return FinishedEvent(function, event, condition, 1, outcome)


def throttled() -> InvokeRejected:
    return InvokeRejected("TooManyRequestsException", "Rate Exceeded.", 429, "why")


def test_the_time_is_of_the_end_in_milliseconds(make_function: Any) -> None:
    finished = ended(make_function(), "Success", Invocation(b"null", None, "id"))
    record = record_of(finished, 1_700_000_000.25)
    assert record["timestamp"] == "2023-11-14T22:13:20.250Z"
    assert record["responsePayload"] is None


@pytest.mark.parametrize(
    ("qualifier", "expected"), [("", ":$LATEST"), (":live", ":live")]
)
def test_the_function_s_arn_has_a_qualifier(
    qualifier: str, expected: str, make_function: Any
) -> None:
    function = make_function()
    outcome = Invocation(b"1", None, "id")
    finished = ended(function, "Success", outcome, qualifier=qualifier)
    context = record_of(finished, 0.0)["requestContext"]
    assert context["functionArn"] == function.arn + expected


@pytest.mark.ours("what was not run has no response; AWS does not document the form")
def test_what_was_never_run_has_no_response(make_function: Any) -> None:
    function = make_function()
    never = record_of(ended(function, "ZeroReservedConcurrency", None), 0.0)
    assert not {"responseContext", "responsePayload"} & never.keys()
    late = record_of(ended(function, "EventAgeExceeded", throttled()), 0.0)
    assert late["responseContext"] == {"statusCode": 429}
    assert "responsePayload" not in late


def test_events_for_a_bus_tell_success_from_failure(make_function: Any) -> None:
    bus = "arn:aws:events:us-east-1:000000000000:event-bus/mine"
    failed = Invocation(b"{}", "Unhandled", "id")
    record = record_of(ended(make_function(), "RetriesExhausted", failed), 0.0)
    event = event_of(bus, record)
    assert event["EventBusName"] == "mine"
    assert event["DetailType"].endswith("Result - Failure")
    assert orjson.loads(event["Detail"]) == record


@pytest.mark.aws_doc("Lambda developer guide, dead-letter queues: message attributes")
@pytest.mark.parametrize(
    ("outcome", "code", "message"),
    [
        (Invocation(b'{"errorMessage":"no"}', "Unhandled", "id"), "200", "no"),
        (Invocation(b'{"errorMessage":""}', "Unhandled", "id"), "200", None),
        (throttled(), "429", "Rate Exceeded."),
        (
            Invocation(b'{"errorMessage":"%s"}' % (b"x" * 2000), "Unhandled", "id"),
            "200",
            "x" * 1024,
        ),
    ],
)
def test_a_dead_letter_tells_what_was_wrong(
    outcome: Any, code: str, message: str | None, make_function: Any
) -> None:
    attributes = attributes_of(ended(make_function(), "RetriesExhausted", outcome))
    assert attributes["RequestID"]["StringValue"] == "id"
    assert attributes["ErrorCode"] == {"DataType": "Number", "StringValue": code}
    found = attributes.get("ErrorMessage", {}).get("StringValue")
    assert found == message


@pytest.mark.ours("a destination that gets nothing must not go unnoticed")
@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (QUEUE, "SQS, SNS and EventBridge are not served"),
        ("arn:aws:s3:::bucket", "s3 is no destination here"),
        ("arn:aws:lambda:us-east-1:000000000000:function:gone", "Function not found"),
        ("nonsense", "is no destination here"),
    ],
)
async def test_what_cannot_be_delivered_is_told(
    target: str, reason: str, make_function: Any, start: Any, caplog: Any
) -> None:
    async def handler(_event: Any, _context: Any) -> None:
        pass

    config = {"DestinationConfig": {"OnSuccess": {"Destination": target}}}
    function = make_function(async_config=config)
    lambdas = await start(function, stand_ins={"fn": handler})
    lambdas.invoke_event("fn", b"{}")
    await lambdas.idle()
    await lambdas._background.idle()
    assert f"Nothing was delivered to {target}: " in caplog.text
    assert reason in caplog.text


@pytest.mark.ours("a burst of events ends at once; a connection each is too many")
async def test_only_so_many_deliveries_are_on_their_way(
    make_function: Any, start: Any
) -> None:
    under_way = most = delivered = 0

    class Queues:
        def queue_url(self, arn: str) -> str:
            return arn

        async def sqs(self, _action: str, **_given: Any) -> None:
            nonlocal under_way, most, delivered
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1
            delivered += 1

    async def handler(_event: Any, _context: Any) -> None:
        pass

    config = {"DestinationConfig": {"OnSuccess": {"Destination": QUEUE}}}
    function = make_function(async_config=config)
    lambdas = await start(function, stand_ins={"fn": handler}, services=Queues())
    for _ in range(3 * AT_ONCE):
        lambdas.invoke_event("fn", b"{}")
    await lambdas.idle()
    await lambdas._background.idle()
    assert (most, delivered) == (AT_ONCE, 3 * AT_ONCE)


@pytest.mark.ours("a payload may be nested deeper than our fast encoder follows")
async def test_a_deep_payload_is_delivered(make_function: Any, start: Any) -> None:
    got = asyncio.Event()

    async def handler(_event: Any, _context: Any) -> None:
        pass

    async def other(event: Any, _context: Any) -> None:
        assert event["requestPayload"] == orjson.loads(deep)
        got.set()

    deep = b"[" * 400 + b"]" * 400
    target = make_function(name="other")
    config = {"DestinationConfig": {"OnSuccess": {"Destination": target.arn}}}
    function = make_function(async_config=config)
    stand_ins = {"fn": handler, "other": other}
    lambdas = await start(function, target, stand_ins=stand_ins)
    lambdas.invoke_event("fn", deep)
    await got.wait()


@pytest.mark.ours("a function that cannot run is told of as one that is not there")
async def test_a_function_that_cannot_run_gets_nothing(
    make_function: Any, start: Any, caplog: Any
) -> None:
    async def handler(_event: Any, _context: Any) -> None:
        pass

    target = make_function(name="other", runtime="java21")
    config = {"DestinationConfig": {"OnSuccess": {"Destination": target.arn}}}
    function = make_function(async_config=config)
    lambdas = await start(function, target, stand_ins={"fn": handler})
    lambdas.invoke_event("fn", b"{}")
    await lambdas.idle()
    await lambdas._background.idle()
    assert f"Nothing was delivered to {target.arn}: " in caplog.text
    assert "Traceback" not in caplog.text
