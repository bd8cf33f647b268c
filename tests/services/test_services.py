"""SQS, SNS and EventBridge as functions and people find them."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from appsync_emulator.background import Background
from appsync_emulator.banner import queue_rows, service_rows
from appsync_emulator.errors import EmulatorError
from appsync_emulator.services import client, service
from appsync_emulator.services.embedded import Embedded

from .conftest import World, client_of, queue_of, receive, send

pytestmark = pytest.mark.ours("SQS, SNS and EventBridge are moto's, started when used")

COMMAND = Path(sys.executable).with_name("appsync-emulator")
SENDER = """
    import boto3
    sent = boto3.client("sqs").send_message(QueueUrl=os.environ["URL"], MessageBody="x")
    note(sent=sent["MessageId"], account=os.environ.get("AWS_ENDPOINT_URL"))
"""


def boto(server: Any, name: str) -> Any:
    return boto3.client(
        name,
        endpoint_url=server.project.services.endpoints[name],
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )


async def test_without_queues_there_is_no_process(start: Any, world: World) -> None:
    server = await start(world.content)
    services = server.project.services
    assert services.embedded.pid is None
    assert services.variables(server.project.application) == {}
    port = int(services.endpoints["sqs"].rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):
        pass  # the port was given back


@pytest.mark.aws_doc("CloudFormation template reference, AWS::SQS::Queue")
async def test_ref_is_the_url_and_attributes_are_what_aws_gives(
    start: Any, world: World
) -> None:
    world.queue("Plain", DelaySeconds=3, VisibilityTimeout=77)
    world.queue("Ordered", FifoQueue=True, ContentBasedDeduplication=True)
    world.content["Outputs"] = {
        "Url": {"Value": {"Ref": "Plain"}},
        "Arn": {"Value": {"Fn::GetAtt": ["Plain", "Arn"]}},
        "Name": {"Value": {"Fn::GetAtt": ["Ordered", "QueueName"]}},
    }
    server = await start(world.content, region="eu-west-1", account_id="123456789012")
    outputs = server.project.application.outputs
    base = server.project.services.endpoints["sqs"]
    assert outputs == {
        "Url": f"{base}/123456789012/Plain",
        "Arn": "arn:aws:sqs:eu-west-1:123456789012:Plain",
        "Name": "Ordered.fifo",
    }
    found = await client_of(server).sqs(
        "GetQueueAttributes", QueueUrl=outputs["Url"], AttributeNames=["All"]
    )
    attributes = found["Attributes"]
    assert attributes["QueueArn"] == outputs["Arn"]
    assert (attributes["DelaySeconds"], attributes["VisibilityTimeout"]) == ("3", "77")


@pytest.mark.aws_doc("AWS SDKs reference guide, service-specific endpoints")
async def test_a_function_s_boto3_finds_the_queue_before_it_is_up(
    start: Any, world: World
) -> None:
    world.queue()
    world.function(body=SENDER, Timeout=20, variables={"URL": {"Ref": "Jobs"}})
    server = await start(world.content)
    done = await server.emulator.lambdas.invoke("Work", b"{}")
    assert done.function_error is None, done.payload
    note = world.notes()[-1]
    message = await receive(server)
    assert (message["MessageId"], message["Body"]) == (note["sent"], "x")
    assert note["account"] is None  # other services are not sent to ours


async def test_a_function_s_own_endpoint_wins(start: Any, world: World) -> None:
    world.queue()
    body = "    note(url=os.environ['AWS_ENDPOINT_URL_SQS'])"
    world.function(body=body, variables={"AWS_ENDPOINT_URL_SQS": "http://mine"})
    server = await start(world.content)
    await server.emulator.lambdas.invoke("Work", b"{}")
    assert world.notes()[-1] == {"url": "http://mine"}


@pytest.mark.aws_doc("SNS developer guide, fan-out to Amazon SQS queues")
async def test_what_a_topic_gets_its_queues_get(start: Any, world: World) -> None:
    world.queue()
    arn = {"Fn::GetAtt": ["Jobs", "Arn"]}
    subscription = {"Protocol": "sqs", "Endpoint": arn}
    world.add("News", "AWS::SNS::Topic", Subscription=[subscription])
    world.queue("Raw")
    world.add(
        "ToRaw",
        "AWS::SNS::Subscription",
        TopicArn={"Ref": "News"},
        Protocol="sqs",
        Endpoint={"Fn::GetAtt": ["Raw", "Arn"]},
        RawMessageDelivery=True,
        FilterPolicy={"kind": ["important"]},
    )
    server = await start(world.content)
    (topic,) = server.project.application.messaging.topics
    kind = {"kind": {"DataType": "String", "StringValue": "important"}}
    await client_of(server).publish(topic, "hello & bye", kind)
    assert json.loads((await receive(server))["Body"])["Message"] == "hello & bye"
    assert (await receive(server, "Raw"))["Body"] == "hello & bye"


async def test_sdks_without_our_help_reach_it_too(start: Any, world: World) -> None:
    world.queue("Ordered", FifoQueue=True)
    world.add("Bus", "AWS::Events::EventBus", Name="bus")
    server = await start(world.content)
    services = server.project.services
    assert await services.embedded.ready()
    url = boto(server, "sqs").get_queue_url(QueueName="Ordered.fifo")["QueueUrl"]
    assert url == queue_of(server, "Ordered").url
    buses = boto(server, "events").list_event_buses()["EventBuses"]
    assert {bus["Name"] for bus in buses} == {"default", "bus"}


@pytest.mark.aws_doc("SQS developer guide, dead-letter queues")
async def test_a_dead_letter_queue_may_come_after_the_queue_or_be_elsewhere(
    start: Any, world: World
) -> None:
    for name, arn in (
        ("A", {"Fn::GetAtt": ["Z", "Arn"]}),
        ("B", "arn:aws:sqs:us-east-1:000000000000:not-in-the-template"),
    ):
        policy = {"deadLetterTargetArn": arn, "maxReceiveCount": 3}
        world.queue(name, RedrivePolicy=policy)
    world.queue("Z")
    server = await start(world.content)
    for name, target in (("A", "Z"), ("B", "not-in-the-template")):
        found = await client_of(server).sqs(
            "GetQueueAttributes",
            QueueUrl=queue_of(server, name).url,
            AttributeNames=["RedrivePolicy"],
        )
        policy = json.loads(found["Attributes"]["RedrivePolicy"])
        assert policy["deadLetterTargetArn"].endswith(f":{target}")
        assert policy["maxReceiveCount"] == 3


async def test_what_ends_with_the_emulator_is_named(
    tmp_path: Path, data_dir: Path, world: World, caplog: Any
) -> None:
    from support import served

    world.queue()
    world.queue("Empty")
    async with served(tmp_path, world.content, data_dir) as server:
        await send(server, "a", "b")
        services: Any = server.emulator.services
        pid = services.embedded.pid
    warnings = [
        one.getMessage() for one in caplog.records if one.levelname == "WARNING"
    ]
    assert warnings == ["Queue Jobs is lost with 2 messages in it"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_without_moto_the_rest_is_served_and_it_is_said_what_is_missing(
    start: Any, world: World, caplog: Any, monkeypatch: Any
) -> None:
    text = "moto is not installed"
    monkeypatch.setattr(service, "missing", lambda: text)
    world.queue()
    world.function()
    world.mapping()
    server = await start(world.content)
    assert (await server.run("{ __typename }")) == {"data": {"__typename": "Query"}}
    assert text in caplog.text
    assert service_rows(server.project) == [("AWS services", f"none: {text}")]
    with pytest.raises(client.ServiceError, match="Unreachable"):
        await send(server, "a")


async def test_the_missing_extra_is_named(monkeypatch: Any) -> None:
    from appsync_emulator.services import embedded

    assert embedded.missing() is None
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert "pip install 'appsync-emulator[services]'" in str(embedded.missing())


async def test_the_banner_tells_of_services_and_queues(
    start: Any, world: World
) -> None:
    world.queue()
    world.queue("Idle")
    world.function()
    world.mapping()
    world.mapping(queue="Idle", Enabled=False)
    server = await start(world.content)
    url = server.project.services.endpoints["sqs"]
    assert service_rows(server.project) == [
        ("AWS services", f"AWS_ENDPOINT_URL_SQS={url}")
    ]
    assert queue_rows(server.project.application) == [
        ("Queues", "Jobs: Work"),
        ("Queues", "Idle: Work (not enabled)"),
    ]


async def test_another_endpoint_takes_moto_s_place(
    start: Any, world: World, until: Callable[[Any], Any]
) -> None:
    tasks = Background()
    other = Embedded()
    await other.start([], account="000000000000", region="us-east-1", tasks=tasks)
    world.queue()
    world.function(body="    note(url=os.environ['AWS_ENDPOINT_URL_SQS'])")
    world.mapping()
    try:
        server = await start(world.content, aws_endpoint=(f"sqs={other.url}/",))
        assert server.project.services.embedded.pid is None
        assert queue_of(server).url == f"{other.url}/000000000000/Jobs"
        await send(server, "hello")
        await until(lambda: len(world.notes()) == 2)
        assert world.bodies() == [["hello"]]
        assert world.notes()[1] == {"url": other.url}
    finally:
        await other.close()
        await tasks.close()


async def test_an_endpoint_that_is_not_there_ends_the_start(
    start: Any, world: World, monkeypatch: Any
) -> None:
    monkeypatch.setattr(client, "ATTEMPTS", 0)
    world.queue()
    with pytest.raises(EmulatorError, match="E031 An endpoint of --aws-endpoint"):
        await start(world.content, aws_endpoint=("sqs=http://127.0.0.1:9",))


async def test_endpoints_of_other_services_are_handed_on(
    start: Any, world: World
) -> None:
    names = ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_EVENTBRIDGE")
    world.function(body=f"    note(urls=[os.environ[name] for name in {names!r}])")
    given = ("dynamodb=http://127.0.0.1:8000", "eventbridge=http://127.0.0.1:8001")
    server = await start(world.content, aws_endpoint=given)
    await server.emulator.lambdas.invoke("Work", b"{}")
    urls = ["http://127.0.0.1:8000", "http://127.0.0.1:8001"]
    assert world.notes()[-1] == {"urls": urls}


async def test_a_process_that_dies_is_told_and_the_api_goes_on(
    start: Any, world: World, caplog: Any, until: Callable[[Any], Any]
) -> None:
    world.queue()
    world.function()
    world.mapping()
    server = await start(world.content)
    embedded = server.project.services.embedded
    assert await embedded.ready()
    os.kill(embedded.pid, signal.SIGKILL)
    await until(lambda: "and what was in queues is lost" in caplog.text)
    await until(lambda: "Queue Jobs cannot be read" in caplog.text)
    assert (await server.run("{ __typename }")) == {"data": {"__typename": "Query"}}


async def test_a_queue_that_sqs_refuses_is_told(
    start: Any, world: World, caplog: Any, until: Callable[[Any], Any]
) -> None:
    world.queue()
    world.add("News", "AWS::SNS::Topic", TopicName="no spaces allowed")
    await start(world.content)
    await until(lambda: "CreateTopic" in caplog.text)


def child_of(parent: int) -> str:
    """Give the process id of moto's server."""
    children = Path(f"/proc/{parent}/task/{parent}/children")
    (pid,) = [
        one
        for one in children.read_text().split()
        if b"moto_child" in Path(f"/proc/{one}/cmdline").read_bytes()
    ]
    return pid


async def test_it_ends_with_an_emulator_that_is_killed(
    world: World, tmp_path: Path, data_dir: Path, until: Callable[[Any], Any]
) -> None:
    world.queue()
    (tmp_path / "template.json").write_text(json.dumps(world.content))
    ready = tmp_path / "ready.json"
    options = ["--port", "0", "--data-dir", str(data_dir), "--ready-file", str(ready)]
    null = asyncio.subprocess.DEVNULL
    emulator = await asyncio.create_subprocess_exec(
        COMMAND,
        "start",
        str(tmp_path / "template.json"),
        *options,
        stdout=null,
        stderr=null,
    )
    try:
        await until(ready.exists)
        pid = child_of(emulator.pid)
    finally:
        emulator.kill()
        await emulator.wait()

    def gone() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
        except FileNotFoundError:
            return True

    await until(gone)


def test_a_checked_project_starts_nothing(world: World, tmp_path: Path) -> None:
    world.queue()
    world.function()
    world.mapping()
    (tmp_path / "template.json").write_text(json.dumps(world.content))
    done = subprocess.run(
        [COMMAND, "check", str(tmp_path / "template.json")],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.ours("a poller must survive whoever answers at an endpoint")
async def test_an_answer_that_is_no_json_is_an_error_of_the_service(
    pages: str,
) -> None:
    asker = client.Client({"sqs": pages, "events": pages}, "us-east-1")
    with pytest.raises(client.ServiceError, match="answers ReceiveMessage by <html>"):
        await asker.sqs("ReceiveMessage")
    with pytest.raises(client.ServiceError, match="answers PutEvents by <html>"):
        await asker.put_event({})
    await asker.close()


@pytest.fixture
async def pages() -> AsyncIterator[str]:
    """Serve a page of HTML, whatever is asked for."""

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
