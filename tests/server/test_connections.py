"""GraphQL over real connections: kept alive, in pieces, in a row, cut off."""

import asyncio
import json
from typing import Any, Self

import pytest

from support import KEY, inline_python, js, lambda_js, template

pytestmark = pytest.mark.ours("RFC 9112, over sockets")

SCHEMA = "type Query { echo(msg: String): String  slow(path: String): Boolean }"
WAIT = (
    "import os, time\n"
    "def handler(event, context):\n"
    "    while not os.path.exists(event['args']['path']): time.sleep(0.005)\n"
    "    return True\n"
)


@pytest.fixture
async def server(start: Any) -> Any:
    """An API that echoes, and one field that waits for a file."""
    resolvers = {
        "Query.echo": js("{ return { payload: ctx.args.msg }; }"),
        "Query.slow": {"DataSourceName": "fn", **lambda_js()},
    }
    functions = {"fn": inline_python(WAIT)}
    return await start(template(SCHEMA, resolvers, functions=functions))


def post(query: str, *headers: str, chunked: bool = False) -> bytes:
    """Write a request as a client would."""
    body = json.dumps({"query": query}).encode()
    length = "transfer-encoding: chunked" if chunked else f"content-length: {len(body)}"
    head = "\r\n".join(
        (
            "POST /graphql HTTP/1.1",
            "host: localhost",
            f"x-api-key: {KEY}",
            length,
            *headers,
        )
    )
    if chunked:
        pieces = [body[:5], body[5:]]
        body = b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in pieces)
        body += b"0\r\n\r\n"
    return head.encode() + b"\r\n\r\n" + body


def echo(msg: str) -> str:
    """Give a query whose answer is `msg`."""
    return f'{{ echo(msg: "{msg}") }}'


class Connection:
    """A socket that reads HTTP answers."""

    def __init__(self, server: Any) -> None:
        self.port = server.project.port

    async def __aenter__(self) -> Self:
        opened = await asyncio.open_connection("127.0.0.1", self.port)
        self.reader, self.writer = opened
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()
        await self.writer.wait_closed()

    async def answer(self) -> Any:
        """Read one answer and give the JSON of its body."""
        async with asyncio.timeout(20):
            head = await self.reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 OK\r\n"), head
            (length,) = [
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.startswith(b"content-length")
            ]
            return json.loads(await self.reader.readexactly(length))


async def test_one_connection_serves_many_requests(server: Any) -> None:
    async with Connection(server) as one:
        for n in range(5):
            one.writer.write(post(echo(str(n)), chunked=n % 2 == 1))
            assert await one.answer() == {"data": {"echo": str(n)}}


async def test_a_request_may_come_byte_by_byte(server: Any) -> None:
    async with Connection(server) as one:
        for byte in post(echo("slow")):
            one.writer.write(bytes([byte]))
            await one.writer.drain()
        assert await one.answer() == {"data": {"echo": "slow"}}


async def test_requests_in_a_row_are_answered_in_order(
    server: Any, tmp_path: Any
) -> None:
    flag = tmp_path / "flag"
    async with Connection(server) as one:
        waiting = f'{{ slow(path: "{flag}") }}'
        one.writer.write(
            post(echo("1")) + post(waiting) + post(echo("2")) + post(echo("3"))
        )
        assert await one.answer() == {"data": {"echo": "1"}}
        flag.touch()
        assert await one.answer() == {"data": {"slow": True}}
        assert await one.answer() == {"data": {"echo": "2"}}
        assert await one.answer() == {"data": {"echo": "3"}}


async def test_connection_close_ends_it_after_the_answer(server: Any) -> None:
    async with Connection(server) as one:
        one.writer.write(post(echo("x"), "connection: close"))
        assert await one.answer() == {"data": {"echo": "x"}}
        assert await one.reader.read() == b""


async def test_a_client_that_expects_100_is_told_to_go_on(server: Any) -> None:
    request = post(echo("x"), "expect: 100-continue")
    head, body = request.split(b"\r\n\r\n")
    async with Connection(server) as one:
        one.writer.write(head + b"\r\n\r\n")
        told = await one.reader.readuntil(b"\r\n\r\n")
        assert told == b"HTTP/1.1 100 Continue\r\n\r\n"
        one.writer.write(body)
        assert await one.answer() == {"data": {"echo": "x"}}


async def test_a_client_that_leaves_while_a_function_runs_harms_nobody(
    server: Any, tmp_path: Any
) -> None:
    flag = tmp_path / "flag"
    async with Connection(server) as one:
        one.writer.write(post(f'{{ slow(path: "{flag}") }}'))
        await one.writer.drain()
    async with Connection(server) as other:
        other.writer.write(post(echo("still here")))
        assert await other.answer() == {"data": {"echo": "still here"}}
    flag.touch()
    await server.emulator.idle()
