"""The three places in which a connection carries its credentials."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import connect

from realtime_client import Client

Carried = tuple[str, list[str], dict[str, str]]
"""What is put behind the URL, subprotocols, headers of the upgrade."""


def by_query(text: bytes) -> Carried:
    encoded = base64.b64encode(text).decode()
    return f"?header={encoded}&payload=e30=", ["graphql-ws"], {}


def by_protocol(text: bytes) -> Carried:
    encoded = base64.urlsafe_b64encode(text).decode().rstrip("=")
    return "", ["graphql-ws", f"header-{encoded}"], {}


def by_headers(text: bytes) -> Carried:
    headers = json.loads(text)
    headers.pop("host", None)
    return "", ["graphql-ws"], headers


@asynccontextmanager
async def connected(
    server: Any, carrier: Any, headers: dict[str, str]
) -> AsyncIterator[Client]:
    """Connect and ask for the `connection_ack`."""
    authorization = {"host": "localhost", **headers}
    query, protocols, sent = carrier(json.dumps(authorization).encode())
    async with connect(
        server.socket_url + query, subprotocols=protocols, additional_headers=sent
    ) as socket:
        assert socket.subprotocol == "graphql-ws"
        one = Client(socket, authorization)
        await one.send(type="connection_init")
        yield one


async def refused(one: Client, error: dict[str, Any]) -> None:
    """Expect one `connection_error`, and the end."""
    assert await one.receive() == {
        "payload": {"errors": [error]},
        "type": "connection_error",
    }
    async with asyncio.timeout(10):
        await one.socket.wait_closed()
