"""No function outlives the emulator, not even one that was killed."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.lambdas.orphans import Guard

pytestmark = pytest.mark.ours("a killed emulator must leave nothing behind")

EMULATOR = """
import asyncio, sys
from pathlib import Path
from appsync_emulator.background import Background
from appsync_emulator.clock import RealClock
from appsync_emulator.lambdas.service import Lambdas
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings
from appsync_emulator.types import Origin

async def main():
    function = LambdaFunction(
        name='fn', arn='arn', runtime='python3.12', handler='app.handler',
        origin=Origin('x'), code=Path(sys.argv[1]), timeout=100,
    )
    lambdas = Lambdas(
        {'fn': function}, Settings(), RealClock(), Background(),
        {'LIFELINE': sys.argv[2]}, on_line=lambda line: print(line.text, flush=True),
    )
    async with lambdas:
        await lambdas.invoke('fn', b'1')

asyncio.run(main())
"""

FUNCTION = """
import os, signal, subprocess, tempfile
lifeline = open(os.environ['LIFELINE'], 'w')
def handler(event, context):
    subprocess.Popen(['sleep', '100'], stdout=lifeline)
    print('temporary', tempfile.gettempdir(), flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    while True:
        signal.pause()
"""


async def test_a_killed_emulator_takes_hanging_functions_with_it(
    make_function: Any, lifeline: Any, until: Any
) -> None:
    function = make_function(FUNCTION)
    emulator = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        EMULATOR,
        str(function.code),
        str(lifeline.path),
        stdout=asyncio.subprocess.PIPE,
    )
    assert emulator.stdout is not None
    line = b""
    while not line.startswith(b"temporary"):
        line = await emulator.stdout.readline()
        assert line, "the emulator ended"
    temporary = Path(line.split()[1].decode())
    os.kill(emulator.pid, signal.SIGKILL)
    await emulator.wait()
    await lifeline.gone()
    await until(lambda: not temporary.exists())  # right after the last kill


async def test_a_cancelled_emulator_ends_its_functions(
    make_function: Any, start: Any, lifeline: Any, until_printed: Any
) -> None:
    function = make_function(FUNCTION, timeout=100)
    lambdas = await start(function, environment=lifeline.env)
    lambdas.invoke_event("fn", b"1")
    await until_printed("temporary")
    await lambdas.close(grace=0)
    await lifeline.gone()


def test_a_closed_guard_writes_to_nobody_s_file(tmp_path: Path) -> None:
    guard = Guard(tmp_path / "gone")
    guard.watch(2**22 + 1)  # no process has such an id
    guard.close()
    other, writing = os.pipe()  # gets the number that was the guard's
    os.set_blocking(other, False)
    guard.release(2**22 + 1)
    guard.close()
    with pytest.raises(BlockingIOError):
        os.read(other, 1)
    os.close(other)
    os.close(writing)
