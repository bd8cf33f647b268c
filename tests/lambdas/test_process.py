"""One subprocess: its output in order, its end in Go's words, its whole group."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.lambdas.process import Process

pytestmark = pytest.mark.ours("the same on systems with and without pidfd")


class Watched:
    """A process and what it did."""

    def __init__(self, code: str) -> None:
        self.output = b""
        self.exit: asyncio.Future[str | None] = asyncio.Future()
        self.process = Process(
            [sys.executable, "-c", code],
            environment=dict(os.environ),
            folder=Path("/"),
            on_output=self.print,
            on_exit=self.exit.set_result,
        )

    def print(self, data: bytes) -> None:
        self.output += data


@pytest.fixture(params=["pidfd", "thread"])
def _watch(request: Any, monkeypatch: Any) -> None:
    if request.param == "thread":
        monkeypatch.delattr(os, "pidfd_open", raising=False)


@pytest.mark.usefixtures("_watch")
@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("", None),
        ("exit(3)", "exit status 3"),
        ("import os; os.kill(os.getpid(), 9)", "signal: killed"),
        ("import os; os.kill(os.getpid(), 15)", "signal: terminated"),
    ],
)
async def test_its_end_is_told_in_go_s_words(code: str, text: str | None) -> None:
    watched = Watched(code)
    assert await watched.exit == text
    assert not watched.process.running


@pytest.mark.usefixtures("_watch")
async def test_all_its_output_comes_in_order_and_before_its_end() -> None:
    code = """
import sys
for number in range(20000):
    print(number, file=(sys.stdout, sys.stderr)[number % 2], flush=True)
"""
    watched = Watched(code)
    await watched.exit
    assert watched.output.split() == [b"%d" % number for number in range(20000)]


@pytest.mark.usefixtures("_watch")
async def test_stopping_gives_it_a_moment_to_clean_up(until: Any) -> None:
    code = """
import signal, sys
def stop(*_): print('cleaned up', flush=True); sys.exit(7)
signal.signal(signal.SIGTERM, stop)
print('ready', flush=True)
signal.pause()
"""
    watched = Watched(code)
    await until(lambda: b"ready\n" in watched.output)
    await watched.process.stop(patience=10)
    assert await watched.exit == "exit status 7"
    assert watched.output == b"ready\ncleaned up\n"


@pytest.mark.usefixtures("_watch")
async def test_one_that_does_not_stop_is_killed(until: Any) -> None:
    code = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('ready', flush=True)
while True: signal.pause()
"""
    watched = Watched(code)
    await until(lambda: b"ready\n" in watched.output)
    await watched.process.stop(patience=0.05)
    assert await watched.exit == "signal: killed"


async def test_its_memory_is_measured_where_the_system_tells() -> None:
    watched = Watched("import time; time.sleep(60)")
    memory = watched.process.peak_memory()
    if sys.platform == "linux":
        assert memory is not None
    watched.process.kill()
    await watched.exit
    assert watched.process.peak_memory() is None


async def test_a_program_that_is_not_there_is_an_os_error() -> None:
    before = open_files()
    with pytest.raises(FileNotFoundError):
        Process(
            ["/no/such/program"],
            environment={},
            folder=Path("/"),
            on_output=lambda _: None,
            on_exit=lambda _: None,
        )
    assert open_files() == before


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))
