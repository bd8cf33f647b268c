"""Debuggers find functions, and find them for as long as they like."""

import asyncio
import json
import shutil
import socket
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from appsync_emulator.lambdas.service import Invocation
from appsync_emulator.settings import Settings

pytestmark = pytest.mark.ours("--debug-function")


@pytest.fixture
def port() -> int:
    """Give a port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found: int = listener.getsockname()[1]
        return found


def debugged(port: int, name: str = "fn") -> Settings:
    return Settings(debug_function=(f"{name}={port}",))


def begin(lambdas: Any, payload: bytes) -> asyncio.Task[Invocation]:
    """Invoke the function; the test goes on meanwhile."""
    return asyncio.get_running_loop().create_task(lambdas.invoke("fn", payload))


PDB = """
def handler(event, context):
    left = context.get_remaining_time_in_millis()
    breakpoint()
    return event, left
"""


async def speak(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    call: asyncio.Task[Invocation],
) -> None:
    """Change the event, for longer than the function may take when nobody looks."""
    for command in (b"import time; time.sleep(1.1)", b"event['b'] = 2", b"continue"):
        await reader.readuntil(b"(Pdb) ")
        writer.write(command + b"\n")
    event, left = json.loads((await call).payload)
    assert event == {"a": 1, "b": 2}
    assert 800_000 < left <= 900_000


async def test_a_breakpoint_waits_for_whoever_connects_to_pdb(
    make_function: Any, start: Any, lines: Any, until_printed: Any, port: int
) -> None:
    lambdas = await start(
        make_function(PDB, timeout=1), settings=debugged(port), init_limit=0.01
    )
    call = begin(lambdas, b'{"a": 1}')
    await until_printed("A breakpoint: ")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await speak(reader, writer, call)
    # The next event speaks to the same debugger.
    await speak(reader, writer, begin(lambdas, b'{"a": 1}'))
    writer.close()
    platform = [line.text for line in lines if line.platform]
    assert not [text for text in platform if "INIT_REPORT" in text]


async def test_lines_that_come_at_once_are_all_understood(
    make_function: Any, start: Any, until_printed: Any, port: int
) -> None:
    lambdas = await start(make_function(PDB), settings=debugged(port))
    call = begin(lambdas, b"1")
    await until_printed("A breakpoint: ")
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"p event\nc\n")
    assert (await call).function_error is None
    writer.close()


async def test_who_hangs_up_ends_the_event_only(
    make_function: Any, start: Any, until_printed: Any, lines: Any, port: int
) -> None:
    lambdas = await start(make_function(PDB), settings=debugged(port))
    for _ in range(2):
        call = begin(lambdas, b"1")
        await until_printed("A breakpoint: ")
        lines.clear()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readuntil(b"(Pdb) ")
        writer.close()
        assert json.loads((await call).payload)["errorType"] == "BdbQuit"


DEBUGPY = """
def listen(address): print("listens", *address)
def wait_for_client(): print("waits")
"""


async def test_debugpy_listens_before_the_function_is_loaded(
    make_function: Any, start: Any, lines: Any, port: int
) -> None:
    function = make_function("print('loaded')\ndef handler(event, context): pass")
    (function.code / "debugpy.py").write_text(DEBUGPY)
    lambdas = await start(function, settings=debugged(port))
    await lambdas.invoke("fn", b"{}")
    assert [line.text for line in lines if not line.platform] == [
        f"listens 127.0.0.1 {port}",
        f"Waiting for a debugger at port {port}.",
        "waits",
        "loaded",
    ]


@pytest.mark.skipif(not shutil.which("node"), reason="there is no node")
async def test_node_waits_for_its_inspector(
    make_function: Any, start: Any, lines: Any, until: Any, port: int
) -> None:
    function = make_function(
        "exports.handler = async () => 'done';",
        file="index.js",
        runtime="nodejs20.x",
        handler="index.handler",
        timeout=1,
    )
    lambdas = await start(function, settings=debugged(port), init_limit=0.01)
    call = begin(lambdas, b"{}")
    await until(lambda: any("listening on ws://" in line.text for line in lines))
    async with httpx.AsyncClient() as http:
        (target,) = (await http.get(f"http://127.0.0.1:{port}/json/list")).json()
    async with connect(target["webSocketDebuggerUrl"]) as inspector:
        command = {"id": 1, "method": "Runtime.runIfWaitingForDebugger"}
        await inspector.send(json.dumps(command))
        assert (await call).payload == b'"done"'


async def test_a_debugged_function_runs_in_one_environment(
    make_function: Any, start: Any, port: int
) -> None:
    code = "import os\ndef handler(event, context): return os.getpid()"
    lambdas = await start(make_function(code), settings=debugged(port))
    answers = await asyncio.gather(*(lambdas.invoke("fn", b"{}") for _ in range(5)))
    assert len({answer.payload for answer in answers}) == 1


async def test_others_have_their_time_outs(
    make_function: Any, start: Any, port: int
) -> None:
    code = "import time\ndef handler(event, context): time.sleep(30)"
    lambdas = await start(
        make_function(code, timeout=1), settings=debugged(port, "another")
    )
    answer = await lambdas.invoke("fn", b"{}")
    assert json.loads(answer.payload)["errorType"] == "Sandbox.Timedout"
