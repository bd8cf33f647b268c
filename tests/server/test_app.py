"""Which POSTs are answered straight from their connection, and what is remembered."""

from typing import Any

import pytest

from appsync_emulator.server.app import KEPT_LENGTH, KEPT_POSTS, App
from support import js, template

pytestmark = pytest.mark.ours("POSTs go a way of our own; memory must be bounded")

SCHEMA = "type Query { q: String }"


@pytest.fixture
async def app(start: Any) -> App:
    """The application of a server with one API."""
    server = await start(template(SCHEMA, {"Query.q": js()}))
    return App(server.emulator, server.project.settings)


@pytest.mark.parametrize("url", [b"/v1/chat/completions", b"/graphql/realtime", b"/x"])
async def test_a_post_to_somewhere_else_is_left_to_the_application(
    app: App, url: bytes
) -> None:
    assert app.find_post(url, [(b"host", b"localhost")]) is None


async def test_a_target_and_host_are_looked_up_once(app: App) -> None:
    first = app.find_post(b"/graphql", [(b"a", b"b"), (b"host", b"localhost")])
    assert first is not None
    assert app.find_post(b"/graphql", [(b"host", b"localhost")]) is first


async def test_what_is_not_there_is_not_remembered(app: App) -> None:
    for number in range(10):
        url = b"/missing%d/graphql" % number
        assert app.find_post(url, [(b"host", b"localhost")]) is None
    assert len(app._posts) == 0


async def test_a_long_host_is_served_and_not_remembered(app: App) -> None:
    host = b"x" * (KEPT_LENGTH + 1)
    assert app.find_post(b"/graphql", [(b"host", host)]) is not None
    assert len(app._posts) == 0


async def test_many_hosts_are_served_and_few_remembered(app: App) -> None:
    for number in range(2 * KEPT_POSTS):
        headers = [(b"host", b"host%d" % number)]
        assert app.find_post(b"/graphql", headers) is not None
    assert 0 < len(app._posts) <= KEPT_POSTS
