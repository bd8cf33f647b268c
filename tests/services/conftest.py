"""Templates with queues, and functions that write down what they get."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.model import Queue
from support import Server, inline_python, template

WORKER = """
import json, os, time

def note(**what):
    with open(os.environ["OUT"], "a") as out:
        out.write(json.dumps(what) + "\\n")

def handler(event, context):
    note(event=event, id=context.aws_request_id)
"""


@dataclass
class World:
    """A template in the making, and what its functions write down.

    Attributes:
        content: the template.
        out: the file with a line for everything that was noted.
    """

    out: Path
    content: dict[str, Any] = field(
        default_factory=lambda: template("type Query { a: String }")
    )

    def add(self, name: str, kind: str, **properties: Any) -> None:
        """Add a resource."""
        self.content["Resources"][name] = {"Type": kind, "Properties": properties}

    def queue(self, name: str = "Jobs", **properties: Any) -> None:
        """Add a queue whose name is its logical id, `.fifo` left out of the latter."""
        fifo = ".fifo" if properties.get("FifoQueue") else ""
        given = {"VisibilityTimeout": 1, "QueueName": name + fifo, **properties}
        self.add(name, "AWS::SQS::Queue", **given)

    def function(
        self, name: str = "Work", body: str = "    pass", **about: Any
    ) -> None:
        """Add a function that notes its event, then does as `body` says."""
        variables = {"OUT": str(self.out), **about.pop("variables", {})}
        given = {"Timeout": 1, "Environment": {"Variables": variables}, **about}
        code = inline_python(WORKER + body, **given)
        self.add(name, "AWS::Lambda::Function", FunctionName=name, **code)

    def mapping(
        self, function: str = "Work", queue: str = "Jobs", **about: Any
    ) -> None:
        """Let a function work on a queue."""
        self.add(
            f"{function}{queue}Mapping",
            "AWS::Lambda::EventSourceMapping",
            EventSourceArn={"Fn::GetAtt": [queue, "Arn"]},
            FunctionName={"Ref": function},
            **about,
        )

    def notes(self) -> list[Any]:
        """Give what was noted so far."""
        if not self.out.exists():
            return []
        return [json.loads(line) for line in self.out.read_text().splitlines()]

    def bodies(self) -> list[list[str]]:
        """Give the bodies of the messages of each event so far."""
        return [
            [record["body"] for record in note["event"]["Records"]]
            for note in self.notes()
            if "event" in note
        ]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Begin a template."""
    return World(tmp_path / "notes")


@pytest.fixture
def until() -> Callable[[Callable[[], object]], Awaitable[None]]:
    """Wait for what other processes bring about; the test's time-out is the limit."""

    async def wait(condition: Callable[[], object]) -> None:
        while not condition():  # noqa: ASYNC110 - they set no event of ours
            await asyncio.sleep(0.01)

    return wait


def queue_of(server: Server, name: str = "Jobs") -> Queue:
    """Give a queue by its name."""
    queues = server.project.application.messaging.queues.values()
    (found,) = [queue for queue in queues if queue.name.partition(".")[0] == name]
    return found


def client_of(server: Server) -> Any:
    """Give the client of the server's services."""
    services = server.project.services
    assert services is not None
    return services.client


async def send(
    server: Server, *bodies: str, name: str = "Jobs", group: str = ""
) -> None:
    """Send messages in one request, so that they are there nearly at once."""
    entries: list[dict[str, Any]] = [
        {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)
    ]
    if group:
        for entry in entries:
            entry["MessageGroupId"] = group
            entry["MessageDeduplicationId"] = group + entry["MessageBody"]
    url = queue_of(server, name).url
    answer = await client_of(server).sqs(
        "SendMessageBatch", QueueUrl=url, Entries=entries
    )
    assert not answer.get("Failed")


async def receive(server: Server, name: str = "Jobs") -> Any:
    """Wait for a message and give it."""
    answer = await client_of(server).sqs(
        "ReceiveMessage",
        wait=20,
        QueueUrl=queue_of(server, name).url,
        WaitTimeSeconds=20,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    (message,) = answer["Messages"]
    return message
