"""Rules of the whole suite: where each expectation comes from, and no skips in CI."""

import os
import socket
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from appsync_emulator.background import Background

if TYPE_CHECKING:
    from starlette.types import ASGIApp

PROVENANCE = {"aws_doc", "aws_observed", "ours"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests that do not say, exactly once, where their expectation is from.

    The nearest mark counts: a mark on the test overrides one on its module.
    """
    for item in items:
        for node in reversed(item.listchain()):
            marks = [mark for mark in node.own_markers if mark.name in PROVENANCE]
            if marks:
                break
        if len(marks) != 1:
            message = f"{item.nodeid}: mark it with exactly one of {sorted(PROVENANCE)}"
            raise pytest.UsageError(message)
        if not marks[0].args:
            raise pytest.UsageError(f"{item.nodeid}: {marks[0].name} needs its source")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[
    None, pytest.TestReport, pytest.TestReport
]:
    """Turn a skip into a failure in CI: there nothing may be missing."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture
async def serve() -> AsyncIterator[Callable[["ASGIApp"], str]]:
    """Serve an ASGI app by a real uvicorn on a free port; gives its base URL.

    The socket listens before the server runs, so a client need not wait for it.
    """
    import uvicorn

    background = Background()
    servers = []

    def start(app: "ASGIApp") -> str:
        # asyncio turns Nagle's algorithm off only when the protocol is named.
        listener = socket.socket(proto=socket.IPPROTO_TCP)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        config = uvicorn.Config(
            app, ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        servers.append(server)
        background.start(server._serve([listener]), "uvicorn")
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for server in servers:
        server.should_exit = True
    await background.idle()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of one CA for all tests."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
async def start(tmp_path: Path, data_dir: Path) -> AsyncIterator[Callable[..., Any]]:
    """Serve a template on a free port until the test ends."""
    from support import Server, served  # the pure packages' tests need no server

    async with AsyncExitStack() as stack:

        async def start(content: dict[str, Any], **settings: Any) -> Server:
            running = served(tmp_path, content, data_dir, **settings)
            return await stack.enter_async_context(running)

        yield start
