"""Destinations and dead-letter queues, delivered by real services."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import World, client_of, receive

SNAPSHOT = "localstack test_lambda_destinations.snapshot.json, "
FAIL = "\n    if event.get('raise_error'): raise Exception('intentional')"
ARN = "arn:aws:lambda:us-east-1:000000000000:function:"


def destinations(success: Any = None, failure: Any = None, **more: Any) -> Any:
    """Give the properties of an EventInvokeConfig for the function Work."""
    config = {
        name: {"Destination": target}
        for name, target in (("OnSuccess", success), ("OnFailure", failure))
        if target
    }
    name = {"FunctionName": {"Ref": "Work"}, "Qualifier": "$LATEST"}
    return {**name, "DestinationConfig": config, "MaximumRetryAttempts": 0, **more}


def arn(name: str) -> Any:
    return {"Fn::GetAtt": [name, "Arn"]}


@pytest.mark.aws_observed(SNAPSHOT + "test_assess_lambda_destination_invocation")
async def test_a_success_is_told_to_a_queue(start: Any, world: World) -> None:
    world.queue()
    world.function(body="\n    return {'answer': 42}")
    config = destinations(success=arn("Jobs"))
    world.add("Config", "AWS::Lambda::EventInvokeConfig", **config)
    server = await start(world.content)
    request_id = server.emulator.lambdas.invoke_event("Work", b'{"a": 1}')
    record = json.loads((await receive(server))["Body"])
    assert record.pop("timestamp").endswith("Z")
    assert record == {
        "version": "1.0",
        "requestContext": {
            "requestId": request_id,
            "functionArn": f"{ARN}Work:$LATEST",
            "condition": "Success",
            "approximateInvokeCount": 1,
        },
        "requestPayload": {"a": 1},
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"},
        "responsePayload": {"answer": 42},
    }


@pytest.mark.aws_observed(SNAPSHOT + "test_retries, test_dead_letter_queue")
async def test_a_failure_is_told_to_the_destination_and_to_the_dead_letter_queue(
    start: Any, world: World, caplog: Any
) -> None:
    world.queue()
    world.queue("Dead")
    world.function(body=FAIL, DeadLetterConfig={"TargetArn": arn("Dead")})
    config = destinations(failure=arn("Jobs"), MaximumRetryAttempts=2)
    world.add("Config", "AWS::Lambda::EventInvokeConfig", **config)
    server = await start(world.content, time_scale=1_000)
    request_id = server.emulator.lambdas.invoke_event("Work", b'{"raise_error": 1}')
    record = json.loads((await receive(server))["Body"])
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert record["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled",
    }
    assert record["responsePayload"]["errorMessage"] == "intentional"
    assert record["responsePayload"]["errorType"] == "Exception"
    dead = await receive(server, "Dead")
    assert json.loads(dead["Body"]) == {"raise_error": 1}
    told = "goes to the destination for failures after 3 attempts (RetriesExhausted)"
    assert told in caplog.text
    assert dead["MessageAttributes"] == {
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": "intentional"},
        "RequestID": {"DataType": "String", "StringValue": request_id},
    }


@pytest.mark.aws_doc("Lambda developer guide, capturing records: EventBridge")
async def test_a_bus_gets_an_event_of_lambda(start: Any, world: World) -> None:
    world.queue()
    world.add("Bus", "AWS::Events::EventBus", Name="bus")
    world.function(body=FAIL)
    config = destinations(arn("Bus"), arn("Bus"))
    world.add("Config", "AWS::Lambda::EventInvokeConfig", **config)
    server = await start(world.content)
    await follow_bus(server)
    for payload, outcome in ((b"{}", "Success"), (b'{"raise_error":1}', "Failure")):
        server.emulator.lambdas.invoke_event("Work", payload)
        event = json.loads((await receive(server))["Body"])
        assert event["source"] == "lambda"
        kind = f"Lambda Function Invocation Result - {outcome}"
        assert event["detail-type"] == kind
        bus = "arn:aws:events:us-east-1:000000000000:event-bus/bus"
        assert event["resources"] == [bus, f"{ARN}Work:$LATEST"]
        assert event["detail"]["requestPayload"] == json.loads(payload)


async def follow_bus(server: Any) -> None:
    """Let the queue Jobs get everything that comes to the bus."""
    from appsync_emulator.services.wire import request

    for action, given in (
        ("PutRule", {"EventPattern": '{"source": ["lambda"]}', "Name": "all"}),
        (
            "PutTargets",
            {
                "Rule": "all",
                "Targets": [
                    {"Id": "1", "Arn": "arn:aws:sqs:us-east-1:000000000000:Jobs"}
                ],
            },
        ),
    ):
        asked = request("events", action, "us-east-1", EventBusName="bus", **given)
        await client_of(server).send(asked)


@pytest.mark.aws_doc("Lambda developer guide, capturing records: SNS and Lambda")
async def test_topics_and_functions_get_the_record(
    start: Any, world: World, until: Callable[[Any], Any]
) -> None:
    world.queue()
    subscription = {"Protocol": "sqs", "Endpoint": arn("Jobs")}
    world.add("News", "AWS::SNS::Topic", Subscription=[subscription])
    world.function(body=FAIL)
    world.function("Next")
    config = destinations(arn("Next"), {"Ref": "News"})
    world.add("Config", "AWS::Lambda::EventInvokeConfig", **config)
    server = await start(world.content)
    server.emulator.lambdas.invoke_event("Work", b'{"raise_error": 1}')
    message = json.loads((await receive(server))["Body"])["Message"]
    assert json.loads(message)["requestContext"]["condition"] == "RetriesExhausted"
    server.emulator.lambdas.invoke_event("Work", b'{"good": 1}')
    await until(lambda: len(world.notes()) == 3)
    record = world.notes()[-1]["event"]
    assert record["requestPayload"] == {"good": 1}
    assert record["requestContext"]["condition"] == "Success"


@pytest.mark.aws_doc("SNS API reference, Publish: MessageAttributes")
async def test_a_topic_may_be_the_dead_letter_queue(start: Any, world: World) -> None:
    world.queue()
    world.add("News", "AWS::SNS::Topic")
    world.add(
        "ToJobs",
        "AWS::SNS::Subscription",
        TopicArn={"Ref": "News"},
        Protocol="sqs",
        Endpoint=arn("Jobs"),
        RawMessageDelivery=True,
    )
    world.function(body=FAIL, DeadLetterConfig={"TargetArn": {"Ref": "News"}})
    config = destinations()
    world.add("Config", "AWS::Lambda::EventInvokeConfig", **config)
    server = await start(world.content)
    server.emulator.lambdas.invoke_event("Work", b'{"raise_error": 1}')
    message = await receive(server)
    assert json.loads(message["Body"]) == {"raise_error": 1}
    assert message["MessageAttributes"]["ErrorCode"]["StringValue"] == "200"


@pytest.mark.ours("the emulator's idle waits for deliveries")
async def test_idle_waits_for_deliveries(start: Any, world: World) -> None:
    world.queue()
    world.function()
    config = destinations(success=arn("Jobs"))
    world.add("Config", "AWS::Lambda::EventInvokeConfig", **config)
    server = await start(world.content)
    server.emulator.lambdas.invoke_event("Work", b"{}")
    await server.emulator.idle()
    from appsync_emulator.services.service import messages_in

    (queue,) = server.project.application.messaging.queues.values()
    assert await messages_in(client_of(server), queue.url) == 1
