"""The subscribers of realtime.py: many sockets, as little work as can be.

    python -m bench.realtime_clients PORT

Answers `{"do": …}` lines. A websocket library would cost more than what is measured.
"""

import asyncio
import base64
import json
import sys
from typing import Any

import uvloop

from support import KEY

CREDENTIALS = {"host": "localhost", "x-api-key": KEY}
HEADER = base64.b64encode(json.dumps(CREDENTIALS).encode()).decode()
UPGRADE = (
    f"GET /graphql/realtime?header={HEADER}&payload=e30= HTTP/1.1\r\n"
    "host: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
    "sec-websocket-version: 13\r\nsec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
    "sec-websocket-protocol: graphql-ws\r\n\r\n"
).encode()
INIT = '{"type":"connection_init"}'
NUMBER = b'"n":'
TOGETHER = 50
PATIENCE = 120.0


def frame(text: str) -> bytes:
    """Give a client's text frame; a mask of zeros is a mask."""
    payload = text.encode()
    size = len(payload)
    head = (
        bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe%b" % size.to_bytes(2)
    )
    return head + b"\0\0\0\0" + payload


class Crowd:
    """What all subscribers have in common.

    Attributes:
        received: `data` messages, of all of them.
        disorder: how many came with a number that is not above the one before.
    """

    def __init__(self) -> None:
        self.members: list[Subscriber] = []
        self.received = 0
        self.wanted = 0
        self.disorder = 0
        self.lost = 0
        self.enough = asyncio.Event()

    def count(self, messages: int) -> None:
        """Take note of messages."""
        self.received += messages
        if self.received >= self.wanted:
            self.enough.set()

    async def expect(self, messages: int) -> dict[str, int]:
        """Wait until so many messages have come in all."""
        self.wanted = messages
        self.enough.clear()
        if self.received < messages:
            async with asyncio.timeout(PATIENCE):
                await self.enough.wait()
        numbers = [member.last for member in self.members]
        return {
            "received": self.received,
            "disorder": self.disorder,
            "lost": self.lost,
            "last": min(numbers, default=-1),
        }


class Subscriber(asyncio.Protocol):
    """A connection with one subscription."""

    def __init__(self, crowd: Crowd, field: str, room: str | None) -> None:
        self.crowd = crowd
        argument = "" if room is None else f'(room: "{room}")'
        # A document for all, as real clients write it, and values in variables.
        query = f"subscription ($r: ID) {{ {field}(room: $r) {{ room n text }} }}"
        variables = {} if room is None else {"r": room}
        if not argument:
            query = f"subscription {{ {field} {{ room n text }} }}"
        data = json.dumps({"query": query, "variables": variables})
        payload = {"data": data, "extensions": {"authorization": CREDENTIALS}}
        self.hello = frame(INIT) + frame(
            json.dumps({"id": "1", "type": "start", "payload": payload})
        )
        self.ready = asyncio.get_running_loop().create_future()
        self.last = -1
        self.buffer = b""
        self.upgraded = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(UPGRADE + self.hello)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- asyncio's
        self.crowd.lost += 1

    def data_received(self, data: bytes) -> None:
        buffer = self.buffer + data if self.buffer else data
        start, end, found = 0, len(buffer), 0
        if not self.upgraded:
            start = buffer.find(b"\r\n\r\n") + 4
            if start == 3:
                self.buffer = buffer
                return
            self.upgraded = True
        while end - start >= 2:
            size, body = buffer[start + 1], start + 2
            if size == 126:
                size = int.from_bytes(buffer[start + 2 : start + 4])
                body += 2
            if end - body < size:
                break
            found += self.take(buffer, body, body + size)
            start = body + size
        self.buffer = buffer[start:]
        if found:
            self.crowd.count(found)

    def take(self, buffer: bytes, start: int, end: int) -> int:
        """Take one message; gives 1 if it is an event."""
        place = buffer.find(NUMBER, start, end)
        if place < 0:
            if buffer.find(b"start_ack", start, end) >= 0:
                self.ready.set_result(None)
            elif buffer.find(b'"error', start, end) >= 0:
                self.ready.set_exception(RuntimeError(buffer[start:end].decode()))
            return 0
        number = int(buffer[place + 4 : buffer.find(b",", place, end)])
        if number <= self.last:
            self.crowd.disorder += 1
        self.last = number
        return 1


async def open_all(crowd: Crowd, port: int, field: str, count: int) -> None:
    """Connect and subscribe, some at a time."""
    loop = asyncio.get_running_loop()
    for first in range(0, count, TOGETHER):
        rooms = range(first, min(count, first + TOGETHER))
        for number in rooms:
            room = None if field == "all" else f"r{number:05d}"
            subscriber = Subscriber(crowd, field, room)
            crowd.members.append(subscriber)
            await loop.create_connection(
                lambda made=subscriber: made,  # type: ignore[misc]  # bound now
                "127.0.0.1",
                port,
            )
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(one.ready for one in crowd.members[first:]))


async def main(port: int) -> None:
    """Obey until stdin ends."""
    loop = asyncio.get_running_loop()
    crowd = Crowd()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        asked = json.loads(line)
        given: Any = {}
        if asked["do"] == "open":
            await open_all(crowd, port, asked["field"], asked["count"])
        else:
            given = await crowd.expect(asked["messages"])
        sys.stdout.write(json.dumps(given) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1])))
