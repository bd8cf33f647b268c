"""Functions in temporary folders, and a running `Lambdas` for them."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import uvloop

from appsync_emulator.background import Background
from appsync_emulator.clock import Clock, RealClock
from appsync_emulator.lambdas.logs import LogLine
from appsync_emulator.lambdas.service import Lambdas
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings
from appsync_emulator.types import Origin, Text

ON_BOTH_LOOPS = {"test_failures.py", "test_runners.py", "test_runtime_api.py"}

MakeFunction = Callable[..., LambdaFunction]
Start = Callable[..., Awaitable[Lambdas]]


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run what touches processes and sockets on asyncio's loop and on uvloop."""
    both = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    return both if item.path.name in ON_BOTH_LOOPS else {"asyncio": both["asyncio"]}


@pytest.fixture
def make_function(tmp_path: Path) -> MakeFunction:
    """Write a function's code to a folder of its own."""

    def make(code: str | Path = "", name: str = "fn", **about: Any) -> LambdaFunction:
        about = {"runtime": "python3.12", "handler": "app.handler", **about}
        origin = Origin("template.yaml")
        inline = about.pop("inline", None)
        if inline is not None:
            about["inline"] = Text(dedent(inline), origin)
        elif isinstance(code, Path):
            about["code"] = code
        else:
            folder = tmp_path / name
            file = folder / about.pop("file", "app.py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(code))
            about["code"] = folder
        arn = f"arn:aws:lambda:us-east-1:000000000000:function:{name}"
        return LambdaFunction(name=name, arn=arn, origin=origin, **about)

    return make


@pytest.fixture
def lines() -> list[LogLine]:
    """What the functions of `start` have logged."""
    return []


@pytest.fixture
async def start(lines: list[LogLine]) -> AsyncIterator[Start]:
    """Run functions; all is ended in good order when the test is over."""
    async with AsyncExitStack() as stack:

        async def enter(
            *functions: LambdaFunction,
            settings: Settings | None = None,
            clock: Clock | None = None,
            environment: Mapping[str, str] | None = None,
            **options: Any,
        ) -> Lambdas:
            background = Background()
            stack.push_async_callback(_no_task_left, background)
            options = {"on_line": lines.append, "grace": 0.0, **options}
            lambdas = Lambdas(
                {function.name: function for function in functions},
                settings or Settings(),
                clock or RealClock(),
                background,
                environment or {},
                **options,
            )
            return await stack.enter_async_context(lambdas)

        yield enter


async def wait_until(condition: Callable[[], object]) -> None:
    """Wait for what other processes bring about; the test's time-out is the limit."""
    while not condition():  # noqa: ASYNC110 - they set no event of ours
        await asyncio.sleep(0.002)


@pytest.fixture
def until() -> Callable[[Callable[[], object]], Awaitable[None]]:
    """Wait for a condition."""
    return wait_until


@pytest.fixture
def until_printed(lines: list[LogLine]) -> Callable[[str], Awaitable[None]]:
    """Wait for a function to print a line that begins so."""

    def printed(start: str) -> bool:
        texts = [line.text for line in lines if not line.platform]
        return any(text.startswith(start) for text in texts)

    return lambda start: wait_until(lambda: printed(start))


class Lifeline:
    """A pipe with a name: it ends when the last process that holds it has ended."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.env = {"LIFELINE": str(path)}
        self.path = path
        loop = asyncio.get_running_loop()
        self._read = loop.run_in_executor(None, path.read_bytes)

    async def gone(self) -> None:
        """Wait until nobody holds it; the test's time-out is the limit."""
        await self._read


@pytest.fixture
async def lifeline(tmp_path: Path) -> AsyncIterator[Lifeline]:
    """Tell when processes have really ended, zombies and all."""
    made = Lifeline(tmp_path / "lifeline")
    yield made
    # Let the reader go if nobody ever held it.
    with contextlib.suppress(OSError):
        os.close(os.open(made.path, os.O_WRONLY | os.O_NONBLOCK))


async def _no_task_left(background: Background) -> None:
    assert await background.close(grace=1) == []
