"""The demo's client against a small server of the wire contract.

The server can be told to spoil what it sends: the demo must see every one of it.
"""

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp
from websockets.asyncio.server import Server, ServerConnection
from websockets.asyncio.server import serve as serve_sockets

from appsync_emulator import demo, timeline
from appsync_emulator.server.model import routes
from appsync_emulator.server.model.text import answer, split
from appsync_emulator.settings import Settings

pytestmark = pytest.mark.ours("what the demo shows and checks is our choice")

Tokens = list[dict[str, Any]]


def as_they_are(tokens: Tokens) -> Tokens:
    return tokens


@dataclass
class Loop:
    """The wire of the streaming-chat example, without an emulator behind it."""

    graphql_url: str = ""
    realtime_url: str = ""
    spoil: Callable[[Tokens], Tokens] = as_they_are
    response: Any = None
    subscribed: dict[str, ServerConnection] = field(default_factory=dict)
    credentials: list[Any] = field(default_factory=list)
    silent: asyncio.Event = field(default_factory=asyncio.Event)

    async def mutate(self, request: Request) -> Response:
        assert request.headers["x-api-key"] == "da2-demo"
        body = await request.json()
        session = body["variables"]["session"]
        assert body["variables"]["prompt"] == demo.PROMPT
        (name,) = [name for name in demo.VARIANTS if f"{{ {name}(" in body["query"]]
        response = self.response or {"data": {name: None}}
        return JSONResponse(response, background=BackgroundTask(self.speak, session))

    async def speak(self, session: str) -> None:
        self.silent.clear()
        texts = [*split(answer(demo.PROMPT)), ""]
        tokens = [
            {
                "session": session,
                "sequence": number,
                "text": text,
                "done": number == len(texts) - 1,
                "error": None,
            }
            for number, text in enumerate(texts)
        ]
        for token in self.spoil(tokens):
            await asyncio.sleep(0.002)  # the pace of a very fast model
            payload = {"data": {"onToken": token}}
            await self.send(session, {"type": "data", "payload": payload})
        self.silent.set()

    async def send(self, session: str, message: dict[str, Any]) -> None:
        await self.subscribed[session].send(json.dumps({"id": session, **message}))

    async def socket(self, connection: ServerConnection) -> None:
        request = connection.request
        assert request is not None
        offered = request.headers["sec-websocket-protocol"].split(", ")
        encoded = offered[1].removeprefix("header-")
        self.credentials.append(json.loads(base64.urlsafe_b64decode(encoded + "===")))
        async for text in connection:
            message = json.loads(text)
            match message["type"]:
                case "connection_init":
                    ack = {"connectionTimeoutMs": 300000}
                    reply = {"type": "connection_ack", "payload": ack}
                    await connection.send(json.dumps(reply))
                    await connection.send('{"type":"ka"}')
                case "start":
                    assert "onToken(" in json.loads(message["payload"]["data"])["query"]
                    extensions = message["payload"]["extensions"]
                    self.credentials.append(extensions["authorization"])
                    self.subscribed[message["id"]] = connection
                    await self.send(message["id"], {"type": "start_ack"})
                case "stop":
                    await self.silent.wait()
                    await self.send(message["id"], {"type": "complete"})


@pytest.fixture
async def loop(serve: Callable[[ASGIApp], str]) -> AsyncIterator[Loop]:
    loop = Loop()
    settings = Settings()
    app = Starlette(
        routes=[
            Route("/graphql", loop.mutate, methods=["POST"]),
            Mount("/v1", routes=routes(settings)),
        ]
    )
    loop.graphql_url = serve(app) + "/graphql"
    sockets: Server
    async with serve_sockets(
        loop.socket, "127.0.0.1", 0, subprotocols=[demo.SUBPROTOCOL]
    ) as sockets:
        port = next(iter(sockets.sockets)).getsockname()[1]
        loop.realtime_url = f"ws://127.0.0.1:{port}/graphql/realtime"
        yield loop


async def run(loop: Loop, *mutations: str) -> tuple[bool, list[str]]:
    out = io.StringIO()
    async with asyncio.timeout(30):
        success = await demo.run_demo(
            loop.graphql_url,
            loop.realtime_url,
            "da2-demo",
            mutations=mutations or ("ask",),
            out=out,
        )
    return success, out.getvalue().splitlines()


async def test_a_whole_loop_is_shown_and_succeeds(loop: Loop) -> None:
    success, lines = await run(loop, *demo.VARIANTS)
    assert success, lines
    text = "\n".join(lines)
    for mutation in demo.VARIANTS:
        assert f'the mutation is answered: {{"data":{{"{mutation}":null}}}}' in text
    total = len(split(answer(demo.PROMPT)))
    assert text.count(f"{total} tokens, once each and in order") == 3
    assert text.count("Proved") == 1


async def test_every_token_is_shown_with_its_time_within_the_width(loop: Loop) -> None:
    _, lines = await run(loop)
    assert max(map(len, lines)) <= timeline.WIDTH
    shown = [line.split(" ms  ", 1)[1] for line in lines if ' ms  "' in line]
    assert len(shown) > 1
    tokens = split(answer(demo.PROMPT))
    assert sum(line.count("  +") for line in shown) + len(shown) == len(tokens)
    for token in tokens:
        assert any(json.dumps(token) in line for line in shown)


async def test_credentials_go_with_the_socket_and_with_the_subscription(
    loop: Loop,
) -> None:
    await run(loop)
    host = urlsplit(loop.graphql_url).netloc
    assert loop.credentials == [{"host": host, "x-api-key": "da2-demo"}] * 2


async def test_what_is_left_out_is_named(loop: Loop) -> None:
    _, lines = await run(loop, "ask")
    assert [line.split()[2] for line in lines if line.startswith("Left out")] == [
        "askVtl",
        "askNode",
    ]


SPOILT: dict[str, tuple[Callable[[Tokens], Tokens], str]] = {
    "nothing comes but the end": (lambda tokens: tokens[-1:], "missing"),
    "a token is missing": (lambda tokens: tokens[:3] + tokens[4:], "missing"),
    "a token comes twice": (lambda tokens: tokens[:3] + tokens[2:], "doubled"),
    "tokens change places": (
        lambda tokens: [*tokens[1::-1], *tokens[2:]],
        "out of order",
    ),
    "a token comes after the end": (lambda tokens: [*tokens, tokens[0]], "doubled"),
    "another text comes": (
        lambda tokens: [{**token, "text": token["text"].upper()} for token in tokens],
        "but the model said",
    ),
    "the function fails": (
        lambda tokens: [{**tokens[0], "done": True, "error": "no model"}],
        "the function says: no model",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
async def test_the_demo_fails_when(loop: Loop, name: str) -> None:
    loop.spoil, reason = SPOILT[name]
    success, lines = await run(loop)
    assert not success
    assert "FAILED" in lines[-1]
    assert reason in lines[-1]


async def test_the_demo_fails_when_the_mutation_is_not_answered_null(
    loop: Loop,
) -> None:
    loop.response = {"data": {"ask": True}}
    loop.spoil = lambda _: []
    success, lines = await run(loop)
    assert not success
    assert "answer is not null" in lines[-1]


async def test_the_demo_fails_when_nothing_comes(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "PATIENCE", 0.2)
    loop.spoil = lambda tokens: tokens[:2]
    success, lines = await run(loop)
    assert not success
    assert lines[-1].endswith("nothing more came for 0.2 s")


async def test_the_demo_fails_when_no_server_is_there(loop: Loop) -> None:
    loop.realtime_url = "ws://127.0.0.1:1/graphql/realtime"
    success, lines = await run(loop)
    assert not success
    assert "FAILED" in lines[-1]


def test_the_example_is_found() -> None:
    folder = demo.example_folder()
    assert (folder / "template.yaml").is_file()
    assert (folder / "functions" / "python" / "app.py").is_file()
