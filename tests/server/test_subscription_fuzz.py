"""Arbitrary clients on a live socket: every answer is a message AppSync has."""

import asyncio
import base64
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.test_protocol_fuzz import check
from server.listener.harness import masked, upgrade
from support import KEY, Server, js, served, template

pytestmark = pytest.mark.ours("robustness")

SCHEMA = """
type Query { q: String }
type Mutation { say(text: String, n: Int): Message }
type Message { text: String! n: Int }
type Subscription {
  onSay(n: Int): Message @aws_subscribe(mutations: ["say"])
  filtered(filter: AWSJSON): Message @aws_subscribe(mutations: ["say"])
}
"""
FILTERED = js(
    "{ return { payload: null }; }",
    "{ extensions.setSubscriptionFilter(ctx.args.filter); return null; }",
)
AUTHORIZATION = {"authorization": {"host": "localhost", "x-api-key": KEY}}
HEADER = base64.b64encode(json.dumps(AUTHORIZATION["authorization"]).encode()).decode()

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
IDS = st.sampled_from(["1", "2", "\ud83d\ude00", ""])
QUERIES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "subscription { onSay { text } }",
            "subscription ($n: Int) { onSay(n: $n) { text n } }",
            "subscription ($f: AWSJSON) { filtered(filter: $f) { n } }",
            "subscription { onSay { text } filtered { n } }",
            "subscription { __typename }",
            "subscription { onSay @skip(if: true) { text } }",
            "query { q }",
            "{",
        ]
    ),
)
FILTERS = st.fixed_dictionaries(
    {
        "filterGroup": st.lists(
            st.fixed_dictionaries(
                {
                    "filters": st.lists(
                        st.fixed_dictionaries(
                            {
                                "fieldName": st.sampled_from(["n", "text", "a.b"]),
                                "operator": st.sampled_from(["eq", "in", "gt", "no"]),
                                "value": VALUES,
                            }
                        ),
                        max_size=3,
                    )
                }
            )
            | VALUES,
            max_size=3,
        )
    }
)
VARIABLES = VALUES | st.fixed_dictionaries(
    {}, optional={"n": VALUES, "f": (FILTERS | VALUES).map(json.dumps)}
)


def start(id_: Any, data: Any, extensions: Any) -> bytes:
    payload = {"data": data, "extensions": extensions}
    return json.dumps({"type": "start", "id": id_, "payload": payload}).encode()


DATA = st.builds(
    lambda query, variables: json.dumps({"query": query, "variables": variables}),
    QUERIES,
    VARIABLES,
)
TEXTS = st.one_of(
    st.text(max_size=20).map(str.encode),
    VALUES.map(lambda value: json.dumps(value).encode()),
    st.just(b'{"type":"connection_init"}'),
    IDS.map(lambda id_: json.dumps({"type": "stop", "id": id_}).encode()),
    st.builds(start, IDS | VALUES, DATA | VALUES, st.just(AUTHORIZATION) | VALUES),
    st.builds(start, IDS, DATA, st.just(AUTHORIZATION)),
)
INIT = masked(0x81, b'{"type":"connection_init"}')
GOODBYE = masked(0x88, b"\x03\xe8")
PUBLISH = "publish"
FRAMES = st.lists(
    st.one_of(
        TEXTS.map(lambda text: masked(0x81, text)),
        st.binary(max_size=20).map(lambda data: masked(0x82, data)),
        st.binary(max_size=20).map(lambda data: masked(0x89, data)),
        st.just(PUBLISH),
    ),
    max_size=12,
)


class Faults(logging.Handler):
    """What was logged as an error: exceptions that nobody expected."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


class Live:
    """A server on a loop that runs while somebody converses with it."""

    def __init__(self, runner: asyncio.Runner, server: Server) -> None:
        self.runner = runner
        self.port = int(server.url.split(":")[2].split("/")[0])
        (api,) = server.emulator.apis.values()
        self.hub = api.hub
        self.faults = Faults()

    def converse(self, frames: list[Any], *, break_off: bool = False) -> list[bytes]:
        """Say everything and then that this was all; give what was answered."""
        answers = self.runner.run(self._converse(frames, break_off))
        assert self.faults.texts == []
        assert len(self.hub) == 0
        return answers

    async def _converse(self, frames: list[Any], break_off: bool) -> list[bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        texts = []
        try:
            async with asyncio.timeout(20):
                writer.write(upgrade(f"/graphql?header={HEADER}&payload=e30="))
                await reader.readuntil(b"\r\n\r\n")
                await self._say(writer, frames)
                if not break_off:
                    writer.write(b"".join((INIT, GOODBYE)))
                elif writer.can_write_eof() and not writer.transport.is_closing():
                    writer.write_eof()
                async for first, payload in messages(reader):
                    if first == 0x81:
                        texts.append(payload)
                while len(self.hub):  # noqa: ASYNC110 -- sockets tell nobody
                    await asyncio.sleep(0)
        finally:
            writer.close()
        return texts

    async def _say(self, writer: asyncio.StreamWriter, frames: list[Any]) -> None:
        for frame in frames:
            if frame == PUBLISH:
                self.hub.publish("say", {"text": "t", "n": 1})
                await asyncio.sleep(0)
            else:
                writer.write(frame)
        with suppress(ConnectionError):
            await writer.drain()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Iterator[Live]:
    resolvers = {"Mutation.say": js(), "Subscription.filtered": FILTERED}
    folder = tmp_path_factory.mktemp("fuzz")
    with asyncio.Runner() as runner:
        running = served(folder, template(SCHEMA, resolvers), data_dir)
        one = Live(runner, runner.run(running.__aenter__()))
        logging.getLogger().addHandler(one.faults)
        yield one
        logging.getLogger().removeHandler(one.faults)
        runner.run(running.__aexit__(None, None, None))


async def messages(reader: asyncio.StreamReader) -> Any:
    """Give what the server says until it closes."""
    while True:
        try:
            first, size = await reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await reader.readexactly(2))
            elif size == 127:
                size = int.from_bytes(await reader.readexactly(8))
            payload = await reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        yield first, payload


def check_any(text: bytes) -> str:
    """Check a message of the server's; gives its type."""
    message = json.loads(text)
    if message["type"] != "data":
        check(text)
    else:
        assert list(message) == ["id", "type", "payload"]
        (name,) = message["payload"]["data"]
        assert name in ("onSay", "filtered")
        assert set(message["payload"]) <= {"data", "errors"}
    return str(message["type"])


@given(FRAMES)
def test_any_conversation_on_a_live_socket(live: Live, frames: list[Any]) -> None:
    kinds = [check_any(text) for text in live.converse(frames)]
    # However it went, the connection still answers, and is still good.
    assert kinds.count("connection_ack") == frames.count(INIT) + 1


@given(FRAMES, st.binary(max_size=60))
def test_any_bytes_end_in_a_close(live: Live, frames: list[Any], data: bytes) -> None:
    for text in live.converse([*frames, data], break_off=True):
        check_any(text)
