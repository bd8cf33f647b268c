"""Runs the checks in Python: python -m clients.python.driver CLIENT OPTIONS."""

import asyncio
import json
import os
import sys
from functools import partial

from . import gql_client, ws_client
from .checks import Checks
from .lines import Lines

CLIENTS = {"gql": gql_client, "appsync-ws-client": ws_client}


async def main(client: str, options: dict[str, object]) -> None:
    lines = Lines()
    module = CLIENTS[client]
    module.spy(lines)
    await Checks(partial(module.connect, options, lines), lines, options).play()


asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
sys.stdout.flush()
os._exit(0)  # threads of a client may still be waiting to connect again
