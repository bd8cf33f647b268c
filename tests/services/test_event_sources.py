"""Queues that functions work on, with a real SQS and real functions."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import World, client_of, queue_of, receive, send

pytestmark = pytest.mark.aws_doc("Lambda developer guide, using Lambda with Amazon SQS")

Until = Callable[[Callable[[], object]], Any]

FAIL_ONCE = """
    for record in event["Records"]:
        first = record["attributes"]["ApproximateReceiveCount"] == "1"
        if "fail" in record["body"] and first:
            raise ValueError("not yet")
"""
PARTIAL = """
    return {"batchItemFailures": [
        {"itemIdentifier": record["messageId"]}
        for record in event["Records"]
        if "fail" in record["body"]
        and record["attributes"]["ApproximateReceiveCount"] == "1"
    ]}
"""


async def left_in(server: Any, name: str = "Jobs") -> int:
    """Count what a queue holds, also what is hidden."""
    from appsync_emulator.services.service import messages_in

    return await messages_in(client_of(server), queue_of(server, name).url)


async def emptied(server: Any, name: str = "Jobs") -> None:
    """Wait until a queue is empty."""
    while await left_in(server, name):  # noqa: ASYNC110 - another process's state
        await asyncio.sleep(0.01)


@pytest.mark.aws_observed(
    "localstack test_lambda_integration_sqs.snapshot.json, "
    "test_failing_lambda_retries_after_visibility_timeout"
)
async def test_a_record_has_the_shape_that_aws_gives_it(
    start: Any, world: World, until: Until
) -> None:
    world.queue()
    world.function()
    world.mapping()
    server = await start(world.content)
    attribute = {"DataType": "String", "StringValue": "red"}
    await client_of(server).sqs(
        "SendMessage",
        QueueUrl=queue_of(server).url,
        MessageBody="hello",
        MessageAttributes={"colour": attribute},
    )
    await until(world.notes)
    (record,) = world.notes()[0]["event"]["Records"]
    attributes = record.pop("attributes")
    assert attributes.keys() == {
        "ApproximateReceiveCount",
        "SentTimestamp",
        "SenderId",
        "ApproximateFirstReceiveTimestamp",
    }
    assert set(map(type, attributes.values())) == {str}
    assert record.pop("messageId")
    assert record.pop("receiptHandle")
    assert record.pop("md5OfMessageAttributes")
    assert record == {
        "body": "hello",
        "messageAttributes": {
            "colour": {
                "stringValue": "red",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            }
        },
        "md5OfBody": "5d41402abc4b2a76b9719d911017c592",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:Jobs",
        "awsRegion": "us-east-1",
    }
    await emptied(server)


async def test_a_batching_window_collects_messages(
    start: Any, world: World, until: Until
) -> None:
    world.queue()
    world.function()
    world.mapping(BatchSize=3, MaximumBatchingWindowInSeconds=300)
    server = await start(world.content)
    await send(server, "a", "b")
    await send(server, "c", "d")
    await until(world.notes)
    assert world.bodies() == [["a", "b", "c"]]


async def test_a_batching_window_ends(start: Any, world: World, until: Until) -> None:
    world.queue(VisibilityTimeout=30)
    world.function()
    world.mapping(BatchSize=100, MaximumBatchingWindowInSeconds=300)
    server = await start(world.content, time_scale=300)
    await send(server, "a", "b")
    await until(world.notes)
    assert world.bodies() == [["a", "b"]]


@pytest.mark.aws_doc("Lambda API reference, CreateEventSourceMapping: BatchSize")
async def test_an_event_has_no_more_messages_than_the_batch_size(
    start: Any, world: World
) -> None:
    world.queue()
    world.function()
    world.mapping(BatchSize=2)
    server = await start(world.content)
    await send(server, *"abcde")
    await emptied(server)
    assert sorted(body for event in world.bodies() for body in event) == [*"abcde"]
    assert max(map(len, world.bodies())) <= 2


@pytest.mark.aws_observed(
    "localstack test_lambda_integration_sqs.snapshot.json, "
    "test_failing_lambda_retries_after_visibility_timeout"
)
async def test_a_failed_batch_comes_back_whole_after_the_visibility_timeout(
    start: Any, world: World, caplog: Any
) -> None:
    world.queue()
    world.function(body=FAIL_ONCE)
    world.mapping(BatchSize=2, MaximumBatchingWindowInSeconds=300)
    server = await start(world.content)
    await send(server, "fine", "fail")
    await emptied(server)
    assert world.bodies() == [["fine", "fail"], ["fine", "fail"]]
    again = world.notes()[1]["event"]["Records"]
    counts = [one["attributes"]["ApproximateReceiveCount"] for one in again]
    assert counts == ["2", "2"]
    assert (
        "Function Work failed on 2 of 2 messages of queue Jobs (they come back 1 s "
        "after they were received): ValueError: not yet"
    ) in caplog.text


@pytest.mark.aws_doc("Lambda developer guide, implementing partial batch responses")
async def test_with_partial_responses_only_failed_messages_come_back(
    start: Any, world: World
) -> None:
    world.queue()
    world.function(body=PARTIAL)
    world.mapping(
        BatchSize=3,
        MaximumBatchingWindowInSeconds=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    server = await start(world.content)
    await send(server, "a", "fail", "c")
    await emptied(server)
    assert world.bodies() == [["a", "fail", "c"], ["fail"]]


async def test_without_the_setting_partial_responses_mean_nothing(
    start: Any, world: World
) -> None:
    world.queue()
    world.function(body=PARTIAL)
    world.mapping()
    server = await start(world.content)
    await send(server, "fail")
    await emptied(server)
    assert world.bodies() == [["fail"]]


@pytest.mark.aws_observed(
    "localstack test_lambda_integration_sqs.snapshot.json, "
    "test_redrive_policy_with_failing_lambda"
)
async def test_what_fails_too_often_goes_to_the_dead_letter_queue(
    start: Any, world: World, caplog: Any
) -> None:
    arn = {"Fn::GetAtt": ["Dead", "Arn"]}
    world.queue(RedrivePolicy={"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    world.queue("Dead")
    world.function(body="\n    raise ValueError('never')")
    world.mapping()
    server = await start(world.content)
    await send(server, "hopeless")
    dead = await receive(server, "Dead")
    assert (dead["Body"], world.bodies()) == ("hopeless", [["hopeless"]] * 2)
    assert "(they go to Dead 1 s after they were received)" in caplog.text
    assert await left_in(server) == 0


@pytest.mark.aws_doc("Lambda developer guide, event filtering with Amazon SQS")
async def test_filtered_messages_are_deleted_unseen(start: Any, world: World) -> None:
    world.queue()
    world.function()
    patterns = [{"body": {"kind": [{"prefix": "im"}]}}, {"body": {"n": [1]}}]
    filters = [{"Pattern": json.dumps(one)} for one in patterns]
    world.mapping(BatchSize=1, FilterCriteria={"Filters": filters})
    server = await start(world.content)
    wanted = ['{"kind": "important"}', '{"n": 1}']
    await send(server, '{"kind": "other"}', *wanted, "no JSON", '{"n": 2}')
    await emptied(server)
    assert sorted(world.bodies()) == [[one] for one in wanted]


@pytest.mark.aws_doc("SQS developer guide, message group ids of FIFO queues")
async def test_groups_keep_their_order_and_do_not_wait_for_each_other(
    start: Any, world: World
) -> None:
    world.queue(FifoQueue=True)
    world.function(body=FAIL_ONCE)
    world.mapping(BatchSize=1)
    server = await start(world.content)
    await send(server, "fail 1", "a2", "a3", group="a")
    await send(server, "b1", "b2", group="b")
    await emptied(server)
    order = [body for event in world.bodies() for body in event]
    assert [one for one in order if one.startswith("b")] == ["b1", "b2"]
    of_a = [one for one in order if not one.startswith("b")]
    assert of_a == ["fail 1", "fail 1", "a2", "a3"]
    assert order.index("b2") < order.index("a2")


@pytest.mark.aws_doc("Lambda developer guide, maximum concurrency for SQS sources")
async def test_maximum_concurrency_bounds_how_many_run_at_once(
    start: Any, world: World
) -> None:
    world.queue(VisibilityTimeout=20)
    world.function(
        body="\n    note(begin=time.time())\n    time.sleep(0.2)\n    note(end=1)",
        Timeout=10,
    )
    world.mapping(BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})
    server = await start(world.content)
    await send(server, *"abcdef")
    await emptied(server)
    running = most = 0
    for note in world.notes():
        running += ("begin" in note) - ("end" in note)
        most = max(most, running)
    assert most == 2


@pytest.mark.aws_doc("Lambda API reference, CreateEventSourceMapping: Enabled")
async def test_a_mapping_that_is_not_enabled_reads_nothing(
    start: Any, world: World
) -> None:
    world.queue()
    world.queue("Other")
    world.function()
    world.mapping(Enabled=False)
    world.mapping(queue="Other")
    server = await start(world.content)
    await send(server, "stays")
    await send(server, "goes", name="Other")
    await emptied(server, "Other")
    assert await left_in(server) == 1
    assert world.bodies() == [["goes"]]


async def test_a_throttled_batch_is_tried_again_while_its_messages_are_ours(
    start: Any, world: World
) -> None:
    world.queue(VisibilityTimeout=30)
    world.function(
        body="\n    time.sleep(0.1)", Timeout=10, ReservedConcurrentExecutions=1
    )
    world.mapping(BatchSize=1)
    server = await start(world.content, time_scale=20)
    await send(server, *"abc")
    await emptied(server)
    records = [note["event"]["Records"][0] for note in world.notes()]
    assert sorted(record["body"] for record in records) == [*"abc"]
    counts = {record["attributes"]["ApproximateReceiveCount"] for record in records}
    assert counts == {"1"}


async def test_a_throttled_batch_is_given_back_when_the_time_is_over(
    start: Any, world: World, caplog: Any
) -> None:
    arn = {"Fn::GetAtt": ["Dead", "Arn"]}
    world.queue(RedrivePolicy={"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    world.queue("Dead")
    world.function(ReservedConcurrentExecutions=0)
    world.mapping()
    server = await start(world.content, time_scale=20)
    await send(server, "never")
    assert (await receive(server, "Dead"))["Body"] == "never"
    assert "Function Work took no batch: TooManyRequestsException" in caplog.text
    assert world.notes() == []


@pytest.mark.ours("a batch that is being worked on is finished, then deleted")
async def test_a_running_batch_ends_before_the_emulator_does(
    tmp_path: Any, data_dir: Any, world: World, until: Until, caplog: Any
) -> None:
    from support import served

    world.queue(VisibilityTimeout=20)
    world.function(body="\n    time.sleep(0.5)\n    note(end=1)", Timeout=10)
    world.mapping()
    async with served(tmp_path, world.content, data_dir) as server:
        await send(server, "slow")
        await until(world.notes)
    assert world.notes()[-1] == {"end": 1}
    assert "is lost" not in caplog.text
    assert "in the middle" not in caplog.text
