"""The server that realtime.py measures: an application behind its listener.

    python -m bench.realtime_server

Prints its port, then answers `{"do": …}` lines with the CPU time since the last one.
"""

import asyncio
import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import uvloop

from appsync_emulator.process import settle_memory
from appsync_emulator.realtime.hub import Hub
from appsync_emulator.server.serving import Project, serve
from appsync_emulator.settings import Settings
from support import KEY, js, template

FILTERS = {
    "equal": "{ room: { eq: ctx.args.room }, kind: { eq: 'text' } }",
    "among": "{ room: { in: [ctx.args.room, 'nowhere'] } }",
    "prefix": "{ room: { beginsWith: ctx.args.room } }",
}
FIELDS = ("all", "argument", *FILTERS)
SCHEMA = "\n".join(
    [
        "type Query { q: String }",
        "type Event { room: ID! n: Int kind: String text: String }",
        "type Mutation {",
        *(f"  send_{name}(n: Int): Event" for name in FIELDS),
        "}",
        "type Subscription {",
        *(
            f'  {name}(room: ID): Event @aws_subscribe(mutations: ["send_{name}"])'
            for name in FIELDS
        ),
        "}",
    ]
)


def content() -> dict[str, Any]:
    """Give the template: one subscription field for each way to choose events."""
    resolvers = {
        f"Subscription.{name}": js(
            "{ return { payload: null }; }",
            "{ extensions.setSubscriptionFilter("
            f"util.transform.toSubscriptionFilter({filter_})); return null; }}",
        )
        for name, filter_ in FILTERS.items()
    }
    return template(SCHEMA, resolvers)


async def publish(hub: Hub, field: str, count: int, rooms: int, start: int) -> int:
    """Publish as requests would, one after the other; gives how many matched."""
    matched = 0
    for number in range(start, start + count):
        room = f"r{number * 7919 % rooms:05d}"
        tree = {"room": room, "n": number, "kind": "text", "text": "some words"}
        matched += sum(one.matched for one in hub.publish(f"send_{field}", tree))
        await asyncio.sleep(0)
    return matched


async def obey(hub: Hub, read: Callable[[], str]) -> None:
    """Do what the lines say until there are no more."""
    loop = asyncio.get_running_loop()
    since = process_time()
    while line := await loop.run_in_executor(None, read):
        asked = json.loads(line)
        given: dict[str, Any] = {}
        match asked.pop("do"):
            case "publish":
                since = process_time()
                given["matched"] = await publish(hub, **asked)
            case "begin":
                since = process_time()
            case "look":
                pass
        given |= {"cpu": process_time() - since, "subscriptions": len(hub)}
        tell(given)


def tell(value: Any) -> None:
    """Write a line."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


async def main() -> None:
    """Serve until stdin ends."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.json"
        path.write_text(json.dumps(content()))
        settings = Settings(port=0, data_dir=folder, api_key=(KEY,), host="127.0.0.1")
        project = Project.open([path], settings)
        async with serve(project, os.environ) as served:
            settle_memory()
            (api,) = served.emulator.apis.values()
            tell({"url": project.endpoints[0].realtime_url})
            await obey(api.hub, sys.stdin.readline)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
