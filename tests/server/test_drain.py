"""The end of a server: functions that still work may still publish."""

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from support import KEY, Server, inline_python, js, lambda_js, served, template

pytestmark = pytest.mark.ours("nothing that was accepted is lost by ending")

SCHEMA = """
type Query { published: [String] }
type Mutation { ask(path: String): Boolean  publish(text: String): String }
"""
FUNCTION = """
import json, os, time, urllib.request

def ask(query):
    headers = {"x-api-key": os.environ["KEY"], "content-type": "application/json"}
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(os.environ["URL"], body, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()

def handler(event, context):
    path = event["args"]["path"]
    open(path + ".begun", "w").close()
    while not os.path.exists(path):
        time.sleep(0.005)
    answers = [ask('mutation { publish(text: "%d") }' % n) for n in range(20)]
    with open(path, "w") as file:
        file.write("\\n".join(answers))
"""


def content() -> dict[str, Any]:
    """Give an API with a function that publishes twenty times when it may."""
    environment = {"URL": {"Fn::GetAtt": ["Api", "GraphQLUrl"]}, "KEY": KEY}
    function = inline_python(FUNCTION, Environment={"Variables": environment})
    return template(
        SCHEMA,
        {
            "Mutation.ask": {"DataSourceName": "fn", **lambda_js("Event")},
            "Mutation.publish": js("{ return { payload: ctx.args.text }; }"),
        },
        functions={"fn": function},
    )


def texts(file: Path) -> Sequence[str]:
    """Give what the function was answered."""
    answers = map(json.loads, file.read_text().splitlines())
    return [answer["data"]["publish"] for answer in answers]


async def begin(server: Server, flag: Path) -> None:
    """Have the function run until `flag` is there."""
    begun = Path(f"{flag}.begun")
    os.mkfifo(begun)
    answer = await server.run(f'mutation {{ ask(path: "{flag}") }}')
    assert answer == {"data": {"ask": None}}
    await asyncio.to_thread(begun.read_text)


async def test_a_function_publishes_to_its_end_while_the_server_ends(
    tmp_path: Path, data_dir: Path
) -> None:
    flag = tmp_path / "flag"
    async with served(tmp_path, content(), data_dir) as server:
        await begin(server, flag)
        flag.touch()  # and the server ends at once
    assert texts(flag) == [str(number) for number in range(20)]


async def test_idle_waits_for_functions_that_events_have_started(
    start: Any, tmp_path: Path
) -> None:
    server = await start(content())
    flag = tmp_path / "flag"
    await begin(server, flag)
    flag.touch()
    await server.emulator.idle()
    assert texts(flag) == [str(number) for number in range(20)]
