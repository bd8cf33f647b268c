"""A function that is killed in the middle of a stream, seen by a subscriber."""

import logging
import os
import signal
from typing import Any

import pytest

from realtime_client import subscriber
from support import inline_python, js, lambda_js, template

SCHEMA = """
type Token { session: ID! sequence: Int! pid: Int! done: Boolean! }
type Query { a: String }
type Mutation {
  ask(session: ID!): Boolean
  publish(session: ID!, sequence: Int!, pid: Int!, done: Boolean!): Token
}
type Subscription { onToken(session: ID): Token @aws_subscribe(mutations: ["publish"]) }
"""
PUBLISH = (
    "mutation($session: ID!, $sequence: Int!, $pid: Int!, $done: Boolean!) { "
    "publish(session: $session, sequence: $sequence, pid: $pid, done: $done) "
    "{ session sequence pid done } }"
)
STREAM = f"""
import json, os, time, urllib.request

def publish(**token):
    body = {{"query": {PUBLISH!r}, "variables": token}}
    headers = {{"content-type": "application/json", "x-api-key": os.environ["KEY"]}}
    url = os.environ["URL"]
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    urllib.request.urlopen(request, timeout=10).read()

def handler(event, context):
    session = event["args"]["session"]
    for number in range(3):
        publish(session=session, sequence=number, pid=os.getpid(), done=False)
    while session == "victim" and not os.path.exists(os.environ["FLAG"]):
        time.sleep(0.01)
    publish(session=session, sequence=3, pid=os.getpid(), done=True)
"""


@pytest.mark.aws_doc(
    "Lambda developer guide, how Lambda handles errors and retries with asynchronous "
    "invocation"
)
async def test_the_second_attempt_s_tokens_come_and_nothing_else_is_disturbed(
    start: Any, tmp_path: Any, caplog: Any
) -> None:
    caplog.set_level(logging.INFO)
    flag = tmp_path / "flag"
    variables = {
        "URL": {"Fn::GetAtt": ["Api", "GraphQLUrl"]},
        "KEY": {"Fn::GetAtt": ["Key", "ApiKey"]},
        "FLAG": str(flag),
    }
    environment = {"Variables": variables}
    content = template(
        SCHEMA,
        {
            "Mutation.ask": {"DataSourceName": "Stream", **lambda_js("Event")},
            "Mutation.publish": js(),
        },
        functions={
            "Stream": inline_python(STREAM, Environment=environment, Timeout=30)
        },
    )
    server = await start(content, time_scale=100)
    ask = "mutation($s: ID!) { ask(session: $s) }"
    query = "subscription { onToken { session sequence pid done } }"
    async with subscriber(server) as socket:
        assert (await socket.start(query))["type"] == "start_ack"
        assert await server.run(ask, {"s": "victim"}) == {"data": {"ask": None}}
        tokens = [await token(socket) for _ in range(3)]
        victim = tokens[0]["pid"]
        # Another stream runs beside it, in an environment of its own, and ends.
        await server.run(ask, {"s": "other"})
        others = [await token(socket) for _ in range(4)]
        os.kill(victim, signal.SIGKILL)
        again = [await token(socket) for _ in range(3)]
        flag.touch()
        last = await token(socket)
    assert [one["sequence"] for one in tokens] == [0, 1, 2]
    assert {one["session"] for one in others} == {"other"}
    assert [one["sequence"] for one in others] == [0, 1, 2, 3]
    assert [one["sequence"] for one in [*again, last]] == [0, 1, 2, 3]
    assert {one["session"] for one in [*again, last]} == {"victim"}
    assert victim not in {one["pid"] for one in again}
    await server.emulator.idle()
    (told,) = [line for line in caplog.messages if "goes back to the queue" in line]
    assert told.partition("of function")[2].startswith(
        " Stream goes back to the queue for 60 s: Runtime.ExitError: "
    )
    assert "signal: killed" in told
    assert not [line for line in caplog.messages if "is lost" in line]


async def token(socket: Any) -> Any:
    """Give the next token."""
    message = await socket.receive()
    assert message["type"] == "data", message
    return message["payload"]["data"]["onToken"]
