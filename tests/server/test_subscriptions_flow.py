"""Subscribers that read slowly, stop reading or vanish: nobody else notices."""

import asyncio
import json
import logging
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from appsync_emulator.server import websocket
from realtime_client import subscriber
from server.listener.harness import masked, upgrade
from support import KEY, js, template

pytestmark = pytest.mark.ours(
    "a slow client may neither slow a mutation nor eat memory"
)

SCHEMA = """
type Query { q: String }
type Mutation { say(text: String): Message }
type Message { text: String }
type Subscription { onSay: Message @aws_subscribe(mutations: ["say"]) }
"""
SAY = "mutation ($text: String) { say(text: $text) { text } }"
ALL = "subscription { onSay { text } }"
TEXT = "x" * 60_000
SMALL = 4096
CREDENTIALS = {"host": "localhost", "x-api-key": KEY}


@pytest.fixture
async def server(start: Any) -> Any:
    return await start(template(SCHEMA, {"Mutation.say": js()}))


class Slow:
    """A subscriber with a small window, which reads only when it is told to."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.loop = asyncio.get_running_loop()
        self.buffer = b""

    async def send(self, data: bytes) -> None:
        await self.loop.sock_sendall(self.socket, data)

    async def read(self, size: int) -> bytes:
        async with asyncio.timeout(20):
            while len(self.buffer) < size:
                data = await self.loop.sock_recv(self.socket, SMALL)
                if not data:
                    raise EOFError
                self.buffer += data
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    async def message(self) -> Any:
        _, size = await self.read(2)
        if size == 126:
            (size,) = struct.unpack("!H", await self.read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self.read(8))
        return json.loads(await self.read(size))

    async def subscribe(self) -> None:
        head = upgrade("/graphql", x_api_key=KEY)
        data = {"query": ALL}
        start = {
            "id": "1",
            "type": "start",
            "payload": {
                "data": json.dumps(data),
                "extensions": {"authorization": CREDENTIALS},
            },
        }
        await self.send(head + masked(0x81, json.dumps(start).encode()))
        end = b"\r\n\r\n"
        while end not in self.buffer:
            self.buffer += await self.loop.sock_recv(self.socket, SMALL)
        self.buffer = self.buffer.split(end, 1)[1]
        assert await self.message() == {"id": "1", "type": "start_ack"}


@pytest.fixture
async def slow(server: Any) -> AsyncIterator[Callable[[], Awaitable[Slow]]]:
    """Give what connects subscribers that hardly read."""
    opened = []

    async def connect() -> Slow:
        connection = socket.socket()
        opened.append(connection)
        # Before connecting, because the window is agreed on then.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        connection.setblocking(False)
        port = int(server.url.split(":")[2].split("/")[0])
        loop = asyncio.get_running_loop()
        await loop.sock_connect(connection, ("127.0.0.1", port))
        one = Slow(connection)
        await one.subscribe()
        return one

    yield connect
    for connection in opened:
        connection.close()


@asynccontextmanager
async def others(server: Any, count: int = 3) -> AsyncIterator[list[Any]]:
    """Connect subscribers that read as they should."""
    async with (
        subscriber(server) as one,
        subscriber(server) as two,
        subscriber(server) as three,
    ):
        good = [one, two, three][:count]
        for each in good:
            assert (await each.start(ALL))["type"] == "start_ack"
        yield good


async def publish(server: Any, good: Iterable[Any], text: str) -> None:
    """Run a mutation, and have the good subscribers get its event."""
    await server.run(SAY, {"text": text})
    for each in good:
        assert (await each.receive())["payload"]["data"]["onSay"] == {"text": text}


def hub(server: Any) -> Any:
    (api,) = server.emulator.apis.values()
    return api.hub


async def gone(server: Any, left: int) -> None:
    """Wait until the server has no more than `left` subscriptions."""
    async with asyncio.timeout(20):
        while len(hub(server)) > left:  # noqa: ASYNC110 -- sockets tell nobody
            await asyncio.sleep(0.001)


async def test_one_that_stops_reading_is_cut_off_and_told_of(
    server: Any, slow: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await slow()
    (stuck,) = hub(server).subscriptions("onSay")
    transport = stuck.outbox._transport
    waiting = []
    async with others(server) as good:
        for number in range(300):
            await publish(server, good, f"{number} {TEXT}")
            waiting.append(transport.get_write_buffer_size())
            if len(hub(server)) == 3:
                break
        await publish(server, good, "after")
    assert max(waiting) <= websocket.OUTBOX_LIMIT + len(TEXT) + 200
    (text,) = (one.getMessage() for one in caplog.records if "cut off" in one.msg)
    assert stuck.outbox.name in text
    assert "reads too slowly" in text


async def test_one_that_reads_slowly_gets_everything_in_order(
    server: Any, slow: Any
) -> None:
    one = await slow()
    (lagging,) = hub(server).subscriptions("onSay")
    async with others(server) as good:
        published = 0
        while not lagging.outbox._crowded:
            await publish(server, good, f"{published} {TEXT}")
            published += 1
        for number in range(published):
            message = await one.message()
            text = message["payload"]["data"]["onSay"]["text"]
            assert text == f"{number} {TEXT}"
        await publish(server, good, "after")
        message = await one.message()
        assert message["payload"]["data"]["onSay"]["text"] == "after"


async def test_one_that_vanishes_leaves_nothing_behind(
    server: Any, slow: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    one = await slow()
    (vanishing,) = hub(server).subscriptions("onSay")
    # Closing with a reset, as when its host has crashed.
    linger = struct.pack("ii", 1, 0)
    async with others(server) as good:
        one.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        one.socket.close()
        for number in range(3):
            await publish(server, good, str(number))
        await gone(server, 3)
        await publish(server, good, "after")
    (text,) = (one for one in caplog.messages if "broke" in one)
    assert text.startswith(f"{vanishing.outbox.name}: the connection broke: ")


async def test_one_that_hangs_up_without_a_close_frame_is_noted(
    server: Any, slow: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, websocket.__name__)
    one = await slow()
    one.socket.shutdown(socket.SHUT_WR)
    await gone(server, 0)
    assert any("hung up without a close frame" in text for text in caplog.messages)


async def test_many_that_stop_reading_cost_the_others_nothing(
    server: Any, slow: Any
) -> None:
    for _ in range(10):
        await slow()
    stuck = [one.outbox._transport for one in hub(server).subscriptions("onSay")]
    async with others(server, 1) as good:
        for number in range(300):
            await publish(server, good, f"{number} {TEXT}")
            for transport in stuck:
                size = transport.get_write_buffer_size()
                assert size <= websocket.OUTBOX_LIMIT + len(TEXT) + 200
            if len(hub(server)) == 1:
                return
    raise AssertionError("they are still there")
