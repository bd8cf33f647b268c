"""Stopping: who hears what, and that nothing is left."""

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from appsync_emulator.server import websocket
from appsync_emulator.server.certificates import ensure_certificates
from server.listener.harness import (
    PATIENCE,
    RawWebSocket,
    Running,
    encoded,
    start,
    subscribed,
    upgrade,
)

pytestmark = pytest.mark.ours("a graceful end")


def test_websockets_are_closed_with_going_away(server: Running) -> None:
    with server.connect() as client:
        subscribed(client)
        server.close()
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(PATIENCE)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1001
    assert server.left == []
    assert len(server.api.hub) == 0


def test_an_open_exchange_may_finish(server: Running) -> None:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE)
    connection.request("GET", "/wait")
    assert server.api.waiting.wait(PATIENCE)
    loop, gate = server.loop, server.api.gate
    server.grace = PATIENCE
    loop.call_soon_threadsafe(server._stop.set)
    server.until(lambda: server.listener._closing)
    with pytest.raises(ConnectionRefusedError):
        server.raw()
    loop.call_soon_threadsafe(gate.set)
    with connection.getresponse() as response:
        assert response.status == 200
        assert response.headers["connection"] == "close"
    connection.close()
    server.close(PATIENCE)


def test_what_does_not_finish_is_cut_off_after_the_grace(server: Running) -> None:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE)
    connection.request("GET", "/wait")
    assert server.api.waiting.wait(PATIENCE)
    began = time.monotonic()
    server.close(grace=0.2)
    assert time.monotonic() - began < 2
    assert server.api.cancelled.is_set()
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()
    connection.close()


def test_clients_in_every_state_are_ended(
    run: Callable[..., Running], tmp_path: Path
) -> None:
    certificates = ensure_certificates(tmp_path, ["localhost"])
    server = run(tls=certificates.context)
    trusting = ssl.create_default_context(cafile=certificates.ca)
    slow = encoded({"host": "localhost", "x-api-key": "slow"})
    with (
        server.raw() as silent,
        server.raw() as in_handshake,
        server.raw() as in_head,
        server.raw() as idle,
        server.raw() as authenticating,
        server.raw() as not_reading,
        server.connect(scheme="wss", ssl=trusting) as secured,
    ):
        in_handshake.sendall(b"\x16\x03\x01\x02\x00")
        in_head.sendall(b"GET / HT")
        idle.sendall(b"GET /echo HTTP/1.1\r\n\r\n")
        assert idle.recv(1000)
        authenticating.sendall(upgrade(f"/graphql?header={slow}"))
        assert server.api.waiting.wait(PATIENCE)
        RawWebSocket(not_reading).send(0x81, start().encode())
        subscribed(secured, room="quiet")
        server.until(lambda: len(server.api.hub) == 2)
        for _ in range(20):
            server.publish({"room": "x" * 100_000})
        server.until(lambda: server.listener.connections == 7)
        server.close(grace=1.0)
        for connection in (silent, in_handshake, in_head, idle):
            assert ended(connection)
        assert server.api.cancelled.is_set()
    assert server.left == []


def ended(connection: socket.socket) -> bool:
    with contextlib.suppress(ConnectionResetError):
        while connection.recv(1000):
            pass
    return True


def test_a_client_that_ignores_the_close_is_cut_off(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "_CLOSE_WAIT", 0.1)
    with server.raw() as connection:
        client = RawWebSocket(connection)
        server.close(grace=PATIENCE)
        assert client.close_code() == 1001
        assert ended(connection)


def test_a_client_that_half_closes_and_does_not_read_is_cut_off(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "_CLOSE_WAIT", 0.1)
    with server.raw() as connection:
        client = RawWebSocket(connection)
        client.send(0x81, start().encode())
        server.until(lambda: len(server.api.hub) == 1)
        (one,) = server.listener._websockets
        while not server.call(lambda: one._crowded):
            server.publish("x" * 200_000)
        connection.shutdown(socket.SHUT_WR)
        server.until(lambda: server.listener.connections == 0)


def test_closing_twice_and_closing_an_idle_listener(server: Running) -> None:
    server.close()
    server.close()
    with pytest.raises(ConnectionRefusedError), server.raw():
        pass
