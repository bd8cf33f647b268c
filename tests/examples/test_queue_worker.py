"""The example with a queue: its template, and the whole way of a question."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from appsync_emulator import timeline
from appsync_emulator.config import Deployment, load
from appsync_emulator.schema import build
from appsync_emulator.schema.check import check_resolvers
from appsync_emulator.server.model.text import answer, split
from appsync_emulator.server.serving import Project, serve
from appsync_emulator.settings import Settings
from realtime_client import Client, subscriber
from support import KEY, Server

pytestmark = pytest.mark.ours("the example's own promise")

EXAMPLE = Path(__file__).parents[2] / "examples" / "queue-worker"
TEMPLATE = EXAMPLE / "template.yaml"
PROMPT = "Why a queue?"
TOKENS = [*split(answer(PROMPT)), ""]


@asynccontextmanager
async def served(data_dir: Path, **more: Any) -> AsyncIterator[Server]:
    """Serve the example with a model that talks fast."""
    rate = {"model_rate": 500.0, "model_first_token": 0.0}
    given = {"port": 0, "data_dir": str(data_dir), "api_key": (KEY,), **rate, **more}
    project = Project.open([TEMPLATE], Settings(**given))
    async with (
        serve(project, os.environ) as running,
        httpx.AsyncClient(timeout=55) as http,
    ):
        yield Server(project, running.emulator, running.ca, http)


async def follow(socket: Client, session: str) -> None:
    """Subscribe to a session."""
    fields = "sequence text done error"
    query = f'subscription {{ onToken(session: "{session}") {{ {fields} }} }}'
    assert (await socket.start(query, id_=session))["type"] == "start_ack"


async def tokens(socket: Client) -> list[Any]:
    """Take tokens until the last one of an answer."""
    found: list[Any] = []
    while not (found and found[-1]["done"]):
        message = await socket.receive()
        assert message["type"] == "data", message
        found.append(message["payload"]["data"]["onToken"])
    return found


@pytest.mark.aws_doc("AppSync developer guide, real-time data: subscriptions")
@pytest.mark.parametrize("field", ["ask", "askNode"])
async def test_a_question_goes_through_the_queue_and_its_answer_streams(
    field: str, data_dir: Path
) -> None:
    if field == "askNode" and shutil.which("node") is None:
        pytest.skip("needs node (Debian package nodejs)")
    async with served(data_dir) as server, subscriber(server) as socket:
        await follow(socket, "s1")
        query = f'mutation($p: String!) {{ {field}(session: "s1", prompt: $p) }}'
        message_id = (await server.run(query, {"p": PROMPT}))["data"][field]
        assert len(message_id) == 36
        found = await tokens(socket)
        assert [one["sequence"] for one in found] == list(range(len(TOKENS)))
        assert [one["text"] for one in found] == TOKENS
        assert {one["error"] for one in found} == {None}


async def test_a_worker_that_fails_tells_the_subscriber_and_the_queue(
    data_dir: Path, caplog: Any
) -> None:
    dead = "http://127.0.0.1:9/v1"
    async with served(data_dir, model_url=dead) as server, subscriber(server) as socket:
        await follow(socket, "s1")
        query = 'mutation { ask(session: "s1", prompt: "x") }'
        assert (await server.run(query))["data"]["ask"]
        (last,) = await tokens(socket)
        assert "refused" in last["error"]
        async with asyncio.timeout(10):
            while "(they come back 130 s after" not in caplog.text:  # noqa: ASYNC110 - logs set no event
                await asyncio.sleep(0.01)


def test_everything_of_the_template_is_run() -> None:
    application = load([TEMPLATE], Deployment())
    assert application.not_run == ()
    (api,) = application.apis
    assert api.schema is not None
    schema = build(api.schema)
    assert check_resolvers(api, schema) == []
    assert schema.subscriptions["onToken"] == ("publishToken",)
    assert len(application.event_sources) == 2
    assert all(source.partial for source in application.event_sources)


@pytest.mark.aws_doc("Lambda developer guide, SQS: visibility time-out and retries")
def test_a_failed_question_is_tried_three_times_and_then_kept() -> None:
    application = load([TEMPLATE], Deployment())
    queues = application.messaging.queues
    for source in application.event_sources:
        queue = queues[source.queue]
        policy = json.loads(queue.attributes["RedrivePolicy"])
        assert policy["maxReceiveCount"] == 3
        assert policy["deadLetterTargetArn"] in queues
        function = application.functions[source.function]
        assert queue.visibility_timeout > function.timeout


class Tagged(yaml.SafeLoader):
    """Reads `!Ref x` and the like as `x`."""


Tagged.add_multi_constructor(
    "!",
    lambda loader, _, node: (
        loader.construct_scalar(node)
        if isinstance(node, yaml.ScalarNode)
        else loader.construct_sequence(node)
    ),
)


@pytest.mark.aws_doc("AWS CLI reference, cloudformation package")
def test_local_paths_stand_only_where_the_packager_uploads_them() -> None:
    resources = yaml.load(TEMPLATE.read_text(), Tagged)["Resources"]
    uploaded = {
        "AWS::AppSync::GraphQLSchema": "DefinitionS3Location",
        "AWS::AppSync::Resolver": "CodeS3Location",
        "AWS::Lambda::Function": "Code",
    }
    paths = [
        EXAMPLE / one["Properties"][uploaded[one["Type"]]]
        for one in resources.values()
        if one["Type"] in uploaded
    ]
    assert [path for path in paths if not path.exists()] == []
    written = {
        path.parent if "functions" in path.parts else path
        for path in EXAMPLE.rglob("*.*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {path.name for path in written - set(paths)} == {"README.md", TEMPLATE.name}


def test_the_timelines_of_both_ways_stand_side_by_side() -> None:
    events = [timeline.Answer("ask", answered=0.004, times=[0.35, 2.3])]
    queued = [timeline.Answer("ask", queued=True, answered=0.45, times=[0.8, 2.8])]
    text = timeline.side_by_side(events, queued)
    rows = [line.split() for line in text.splitlines() if "cold:" in line]
    assert [row[-2:] for row in rows] == [
        ["4", "450"],
        ["350", "800"],
        ["2300", "2800"],
    ]
