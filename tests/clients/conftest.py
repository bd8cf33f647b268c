"""The checks of all clients that a run selects, done before the first test."""

import asyncio
from collections.abc import Iterator

import pytest

from .players import Played, play_all
from .server import Server
from .ways import HERE, WAYS


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start `appsync-emulator`, end it by SIGTERM."""
    server = Server(tmp_path_factory.mktemp("server"))
    try:
        yield server
        server.stop()
    finally:
        server.kill()


@pytest.fixture(scope="session")
def played(
    request: pytest.FixtureRequest,
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Played]:
    """Play with the clients that tests of this run ask for and that can run here."""
    asked = {
        item.callspec.params.get("client")
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and item.path.parent == HERE
        and hasattr(item, "callspec")
    }
    names = [name for name in WAYS if name in asked and not WAYS[name].missing()]
    return asyncio.run(play_all(names, server, tmp_path_factory.mktemp("clients")))
