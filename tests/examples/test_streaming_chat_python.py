"""What only the example's Python functions do."""

import asyncio
from collections.abc import Callable

import pytest
from starlette.routing import BaseRoute

from appsync_emulator.server.model import routes
from appsync_emulator.settings import Settings

from .conftest import AppSync, Invoke

pytestmark = pytest.mark.ours("the example's own promise")


async def test_the_models_are_listed(
    invoke: Invoke, model_at: Callable[[list[BaseRoute]], str]
) -> None:
    url = model_at([*routes(Settings())])
    ended = await invoke("python", {}, handler="models", OPENAI_BASE_URL=url)
    assert ended.result == ["stand-in"]


async def test_a_connection_that_was_closed_meanwhile_is_opened_anew(
    invoke: Invoke, appsync: AppSync, model_at: Callable[[list[BaseRoute]], str]
) -> None:
    """Put a server in between that hangs up after each response."""
    opened = []

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        port = int(appsync.url.split(":")[2].split("/")[0])
        inner, outer = await asyncio.open_connection("127.0.0.1", port)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        outer.write(head + await reader.readexactly(length))
        head = await inner.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        writer.write(head + await inner.readexactly(length))
        for each in (writer, outer):
            await each.drain()
            each.close()
            await each.wait_closed()

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        fast = Settings(model_rate=0.0, model_first_token=0.0)
        ended = await invoke(
            "python",
            {"session": "s1", "prompt": "Hello?"},
            OPENAI_BASE_URL=model_at([*routes(fast)]),
            GRAPHQL_URL=f"http://127.0.0.1:{port}/graphql",
        )
    assert not ended.failed, ended.stderr
    assert len(opened) >= len(appsync.tokens) > 10
    assert appsync.tokens[-1]["done"]
