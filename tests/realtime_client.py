"""A realtime client that speaks the protocol frame by frame."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from support import KEY


class Client:
    """A connected client.

    Args:
        socket: its websocket.
        authorization: the headers that each of its starts carries.
    """

    def __init__(self, socket: ClientConnection, authorization: Any) -> None:
        self.socket = socket
        self.authorization = authorization

    async def send(self, **message: Any) -> None:
        """Send a message."""
        await self.socket.send(json.dumps(message))

    async def receive(self) -> Any:
        """Give the next message that is no `ka`."""
        async with asyncio.timeout(10):
            while True:
                message = json.loads(await self.socket.recv())
                if message["type"] != "ka":
                    return message

    async def start(
        self, query: str, variables: Any = None, id_: str = "1", **headers: str
    ) -> Any:
        """Subscribe and give the answer."""
        data = json.dumps({"query": query, "variables": variables or {}})
        authorization = {**self.authorization, **headers}
        extensions = {"authorization": authorization}
        await self.send(
            id=id_, type="start", payload={"data": data, "extensions": extensions}
        )
        return await self.receive()


@asynccontextmanager
async def client(server: Any, key: str = KEY) -> AsyncIterator[Client]:
    """Connect as Amplify does."""
    authorization = {"host": "localhost", "x-api-key": key}
    text = base64.urlsafe_b64encode(json.dumps(authorization).encode()).decode()
    protocols: Any = ["graphql-ws", "header-" + text.rstrip("=")]
    async with connect(server.socket_url, subprotocols=protocols) as socket:
        one = Client(socket, authorization)
        await one.send(type="connection_init")
        yield one


@asynccontextmanager
async def subscriber(server: Any) -> AsyncIterator[Client]:
    """Connect and take the `connection_ack`."""
    async with client(server) as one:
        assert (await one.receive())["type"] == "connection_ack"
        yield one
