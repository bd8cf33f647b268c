import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvloop

from server.listener.harness import NewLoop, Running


@pytest.fixture(params=["asyncio", "uvloop"])
def new_loop(request: pytest.FixtureRequest) -> NewLoop:
    """Run the test under both event loops."""
    return (
        asyncio.new_event_loop if request.param == "asyncio" else uvloop.new_event_loop
    )


@pytest.fixture
def run(new_loop: NewLoop) -> Iterator[Callable[..., Running]]:
    """Run listeners until the test ends."""
    started = []

    def start(**options: Any) -> Running:
        started.append(Running(new_loop, **options))
        return started[-1]

    yield start
    for running in started:
        running.close()


@pytest.fixture
def server(run: Callable[..., Running]) -> Running:
    """Run one listener without TLS."""
    return run()
