"""HTTP/2 by prior knowledge, spoken by a bare client."""

import contextlib
import json
import random
import socket
from collections.abc import Iterator
from typing import Any

import h2.config
import h2.connection
import h2.events
import pytest
from h2.errors import ErrorCodes
from h2.settings import SettingCodes, Settings

from appsync_emulator.server import http2
from server.listener.harness import PATIENCE, Running

pytestmark = pytest.mark.ours("AWS's JavaScript client speaks HTTP/2 to http:// too")


class Client:
    """A connection; gathers what comes for each stream."""

    def __init__(self, connection: socket.socket, **settings: int) -> None:
        self.socket = connection
        self.state = h2.connection.H2Connection(
            h2.config.H2Configuration(header_encoding="utf-8")
        )
        given = {SettingCodes[name]: value for name, value in settings.items()}
        self.state.local_settings = Settings(client=True, initial_values=given)
        self.state.initiate_connection()
        self.heads: dict[int, dict[str, str]] = {}
        self.bodies: dict[int, bytes] = {}
        self.ended: list[int] = []
        self.reset: dict[int, int] = {}
        self.going = False
        self.frames = 0
        self.flush()

    def flush(self) -> None:
        self.socket.sendall(self.state.data_to_send())

    def request(self, path: str, body: bytes | None = None) -> int:
        number = self.state.get_next_available_stream_id()
        headers = [
            (":method", "GET" if body is None else "POST"),
            (":path", path),
            (":scheme", "http"),
            (":authority", "localhost"),
            ("x-test", "yes"),
        ]
        self.state.send_headers(number, headers, end_stream=body is None)
        while body is not None:
            room = min(
                self.state.local_flow_control_window(number),
                self.state.max_outbound_frame_size,
            )
            if room == 0:
                self.flush()
                self.read()
                continue
            part, body = body[:room], body[room:]
            self.state.send_data(number, part, end_stream=not body)
            body = body or None
        self.flush()
        return number

    def read(self) -> None:
        """Take in what comes next.

        Raises:
            EOFError: the connection is closed.
        """
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        for event in self.state.receive_data(data):
            self.take(event)
        self.flush()

    def take(self, event: Any) -> None:
        match event:
            case h2.events.ResponseReceived():
                self.heads[event.stream_id] = {
                    str(name): str(value) for name, value in event.headers
                }
            case h2.events.DataReceived():
                self.frames += 1
                number = event.stream_id
                self.bodies[number] = self.bodies.get(number, b"") + event.data
                size = event.flow_controlled_length
                self.state.acknowledge_received_data(size, number)
            case h2.events.StreamEnded():
                self.ended.append(event.stream_id)
            case h2.events.StreamReset():
                self.reset[event.stream_id] = event.error_code
            case h2.events.ConnectionTerminated():
                self.going = True

    def answer(self, number: int) -> Any:
        while number not in self.ended:
            self.read()
        assert self.heads[number][":status"] == "200"
        return json.loads(self.bodies[number])

    def until_closed(self) -> None:
        with contextlib.suppress(EOFError, ConnectionError):
            while True:
                self.read()


@pytest.fixture
def client(server: Running) -> Iterator[Client]:
    with server.raw() as connection:
        yield Client(connection)


def test_requests_follow_each_other_on_one_connection(client: Client) -> None:
    first = client.answer(client.request("/echo?a=b"))
    assert first == {"path": "/echo", "scheme": "http", "body": 0, "longest": 9}
    number = client.request("/caf%C3%A9", b"12345")
    second = client.answer(number)
    assert (second["path"], second["body"]) == ("/café", 5)
    assert client.heads[number]["date"].endswith(" GMT")


def test_a_large_body_gets_its_window_back(client: Client) -> None:
    assert client.answer(client.request("/echo", b"x" * 1_000_000))["body"] == 1_000_000


def test_requests_are_answered_at_once_and_in_any_order(
    server: Running, client: Client
) -> None:
    waiting = client.request("/wait")
    assert server.api.waiting.wait(PATIENCE)
    others = [client.request(f"/echo/{number}") for number in range(20)]
    for other in others:
        client.answer(other)
    assert waiting not in client.heads
    server.call(server.api.gate.set)
    assert client.answer(waiting)["path"] == "/wait"


def test_an_answer_waits_for_the_clients_window(server: Running) -> None:
    with server.raw() as connection:
        client = Client(connection, INITIAL_WINDOW_SIZE=10)
        assert client.answer(client.request("/echo"))["path"] == "/echo"
        assert client.frames > 3


def test_a_request_that_is_taken_back_leaves_the_connection(
    server: Running, client: Client
) -> None:
    number = client.request("/wait-first", b"x")
    assert server.api.waiting.wait(PATIENCE)
    client.state.reset_stream(number, ErrorCodes.CANCEL)
    client.flush()
    assert client.answer(client.request("/echo"))["path"] == "/echo"
    server.call(server.api.gate.set)
    assert client.answer(client.request("/echo"))["path"] == "/echo"


def test_a_client_that_leaves_leaves_nothing(server: Running) -> None:
    with server.raw() as connection:
        Client(connection).request("/wait-first", b"x")
        assert server.api.waiting.wait(PATIENCE)
    server.until(lambda: not server.listener.connections)
    server.call(server.api.gate.set)
    server.close()
    assert server.left == []


def test_an_idle_connection_ends(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http2, "IDLE", 0.05)
    with run().raw() as connection:
        client = Client(connection)
        client.answer(client.request("/echo"))
        client.until_closed()
        assert client.going


def test_a_connection_whose_request_is_worked_on_is_not_idle(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http2, "IDLE", 0.05)
    server = run()
    with server.raw() as connection:
        client = Client(connection)
        number = client.request("/wait")
        assert server.api.waiting.wait(PATIENCE)
        server.wait(several_turns(server))
        server.call(server.api.gate.set)
        assert client.answer(number)["path"] == "/wait"


async def several_turns(server: Running) -> None:
    """Wait on the server's loop until three idle times have passed."""
    future = server.loop.create_future()
    server.loop.call_later(3 * http2.IDLE, future.set_result, None)
    await future


def test_the_end_of_the_server_lets_requests_finish(
    server: Running, client: Client
) -> None:
    number = client.request("/wait")
    assert server.api.waiting.wait(PATIENCE)
    server.grace = PATIENCE
    server.loop.call_soon_threadsafe(server._stop.set)
    server.until(lambda: server.listener._closing)
    server.call(server.api.gate.set)
    client.until_closed()
    assert number in client.ended
    assert client.going


def test_a_client_that_says_farewell_is_let_go(server: Running, client: Client) -> None:
    client.request("/wait-first", b"x")
    assert server.api.waiting.wait(PATIENCE)
    client.state.close_connection()
    client.flush()
    while client.socket.recv(65536):
        pass
    server.call(server.api.gate.set)
    server.close()
    assert server.left == []


def test_the_end_of_the_server_closes_what_is_idle(
    server: Running, client: Client
) -> None:
    client.answer(client.request("/echo"))
    server.close()
    client.until_closed()
    assert client.going


@pytest.mark.parametrize("seed", range(8))
def test_nonsense_ends_its_own_connection_only(server: Running, seed: int) -> None:
    chance = random.Random(seed)
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    with server.raw() as connection, contextlib.suppress(ConnectionError):
        connection.sendall(preface[: chance.choice([20, 24])] + chance.randbytes(400))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    with server.raw() as connection:
        client = Client(connection)
        assert client.answer(client.request("/echo"))["path"] == "/echo"


def test_a_client_that_asks_without_reading_is_not_read_from(server: Running) -> None:
    ping = b"\0\0\x08\x06" + bytes(5) + b"12345678"
    with server.raw() as connection:
        client = Client(connection)
        connection.settimeout(1)
        with pytest.raises(TimeoutError):
            client.socket.sendall(ping * 2_000_000)  # beyond what a kernel keeps
    with server.raw() as connection:
        another = Client(connection)
        assert another.answer(another.request("/echo"))["path"] == "/echo"
