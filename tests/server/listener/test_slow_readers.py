"""A client that does not read is cut off; nobody else notices."""

import contextlib
import logging
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from appsync_emulator.server import websocket
from appsync_emulator.server.certificates import ensure_certificates
from server.listener.harness import (
    RawWebSocket,
    Running,
    received,
    start,
    subscribed,
)

pytestmark = pytest.mark.ours(
    "a slow client may neither slow a mutation nor eat memory"
)

EVENT = "x" * 200_000


def reader(connection: socket.socket) -> RawWebSocket:
    client = RawWebSocket(connection)
    client.send(0x81, start().encode())
    assert client.message() == {"id": "1", "type": "start_ack"}
    return client


def test_a_client_that_stops_reading_is_cut_off_while_others_go_on(
    server: Running, caplog: pytest.LogCaptureFixture
) -> None:
    with server.raw() as connection, server.connect(max_size=None) as other:
        reader(connection)
        subscribed(other, "2")
        published = 0
        while server.publish(EVENT).subscribed == 2:
            published += 1
            assert received(other)["id"] == "2"
            assert published < 300
        assert received(other)["id"] == "2"
        assert server.publish("after").matched == 1
        assert received(other)["payload"]["data"] == {"onMessage": "after"}
    (record,) = (r for r in caplog.records if r.name == websocket.__name__)
    assert record.levelno == logging.WARNING
    assert "reads too slowly" in record.getMessage()
    assert str(websocket.OUTBOX_LIMIT) in record.getMessage()


def test_a_slow_reader_costs_no_more_than_the_limit(server: Running) -> None:
    with server.raw() as connection:
        reader(connection)
        (one,) = server.listener._websockets
        transport = one._transport
        for _ in range(300):
            server.publish(EVENT)
            waiting = server.call(transport.get_write_buffer_size)
            assert waiting <= websocket.OUTBOX_LIMIT + len(EVENT) + 100
        server.until(lambda: server.listener.connections == 0)


def test_a_slow_reader_behind_tls_is_cut_off(
    run: Callable[..., Running], tmp_path: Path
) -> None:
    certificates = ensure_certificates(tmp_path, ["localhost"])
    server = run(tls=certificates.context)
    context = ssl.create_default_context(cafile=certificates.ca)
    with (
        server.raw() as connection,
        context.wrap_socket(connection, server_hostname="localhost") as secured,
    ):
        reader(secured)
        for _ in range(300):
            if not server.publish(EVENT).subscribed:
                return
    raise AssertionError("the slow reader is still there")


def test_a_client_that_pings_without_reading_is_cut_off(server: Running) -> None:
    with server.raw() as connection:
        RawWebSocket(connection)
        connection.settimeout(0.5)
        with contextlib.suppress(OSError):
            for _ in range(2_000):
                connection.sendall(_PINGS)
            pytest.fail("it may ping for ever")
    server.until(lambda: server.listener.connections == 0)


_PINGS = (b"\x89\xfd" + b"\0\0\0\0" + b"x" * 125) * 200


def test_a_client_that_only_pauses_misses_nothing(server: Running) -> None:
    with server.raw() as connection:
        client = reader(connection)
        (one,) = server.listener._websockets
        count = 0
        while not server.call(lambda: one._crowded):
            server.publish(EVENT)
            count += 1
        for _ in range(count):
            assert client.message()["payload"]["data"] == {"onMessage": EVENT}
        server.until(lambda: not one._crowded)
        assert server.publish("after").matched == 1
        assert client.message()["payload"]["data"] == {"onMessage": "after"}
