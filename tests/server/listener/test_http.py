"""HTTP on the shared port: what it bears beyond well-behaved clients."""

import errno
import http.client
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from appsync_emulator.server import http_config, http_protocol, listener
from appsync_emulator.server.sockets import bind
from server.listener.harness import PATIENCE, Running, upgrade

POST = "POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n{}\r\n"


def post(body: bytes = b"", headers: str = "") -> bytes:
    return POST.format(len(body), headers).encode() + body


class Client:
    """A bare connection that can read HTTP responses."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.file = connection.makefile("rb")

    def answer(self) -> tuple[int, dict[str, str], Any]:
        line = self.file.readline()
        if not line:
            raise EOFError
        headers = http.client.parse_headers(self.file)
        body = self.file.read(int(headers["content-length"]))
        status = int(line.split()[1])
        return status, dict(headers), json.loads(body) if status == 200 else body


def told(headers: dict[str, str], body: bytes) -> str:
    """Give the type of a refusal that any client, a browser's page too, can read."""
    assert headers["connection"] == "close"
    assert headers["access-control-allow-origin"] == "*"
    assert "x-amzn-ErrorType" in headers["access-control-expose-headers"]
    assert headers["content-type"] == "application/json;charset=UTF-8"
    assert len(headers["x-amzn-requestid"]) == 36
    assert headers["date"].endswith(" GMT")
    (error,) = json.loads(body)["errors"]
    assert error["message"]
    assert headers["x-amzn-errortype"] == error["errorType"]
    return str(error["errorType"])


@pytest.fixture
def client(server: Running) -> Iterator[Client]:
    with server.raw() as connection:
        client = Client(connection)
        with client.file:
            yield client


@pytest.mark.aws_observed("captures of AppSync have date, and no server header")
def test_requests_on_a_kept_connection(client: Client) -> None:
    for size in (0, 5, 100_000):
        client.socket.sendall(post(b"x" * size))
        status, headers, answer = client.answer()
        assert status == 200
        assert answer["body"] == size
        assert headers["date"].endswith(" GMT")
        assert "server" not in headers


@pytest.mark.ours("clients differ in which loopback address they try first")
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_both_loopback_addresses(server: Running, address: str) -> None:
    try:
        connection = http.client.HTTPConnection(address, server.port, timeout=PATIENCE)
        connection.request("GET", "/echo")
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            pytest.skip("no IPv6 here")
        raise
    with connection.getresponse() as response:
        assert response.status == 200
    connection.close()


@pytest.mark.ours("Nagle and delayed acknowledgements cost 40 ms an answer")
def test_every_connection_has_nodelay(server: Running, client: Client) -> None:
    client.socket.sendall(post())
    client.answer()

    def options() -> list[int]:
        return [
            protocol.transport.get_extra_info("socket").getsockopt(
                socket.IPPROTO_TCP, socket.TCP_NODELAY
            )
            for protocol in server.listener._state.connections
        ]

    assert server.call(options) == [1]


@pytest.mark.ours("JSON web tokens are long; the usual 8 KB do not hold them")
def test_long_header_lines_are_taken(client: Client) -> None:
    client.socket.sendall(post(b"", f"authorization: {'x' * 65_536}\r\n"))
    assert client.answer()[2]["longest"] == 65_536


@pytest.mark.ours("memory must be bounded")
@pytest.mark.parametrize("line", [b"x-long: " + b"x" * 600_000, b"x: y\r\n" * 100_000])
def test_endless_headers_are_refused(client: Client, line: bytes) -> None:
    client.socket.sendall(b"POST /echo HTTP/1.1\r\n")
    try:
        client.socket.sendall(line)
        status, headers, body = client.answer()
    except ConnectionResetError:
        return  # the refusal was lost because the client was still sending
    assert status == 431
    assert told(headers, body) == "RequestHeaderFieldsTooLargeException"


@pytest.mark.ours("the limit holds for heads that are complete in one read, too")
@pytest.mark.parametrize(("size", "status"), [(-1000, 200), (1, 431), (100_000, 431)])
def test_a_head_has_a_limit_however_it_is_read(
    server: Running, monkeypatch: pytest.MonkeyPatch, size: int, status: int
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_LIMIT", 16_384)
    line = f"x-long: {'x' * (16_384 + size)}\r\n"
    with server.raw() as connection:
        connection.sendall(post(b"", line))
        client = Client(connection)
        with client.file:
            assert client.answer()[0] == status


@pytest.mark.ours("a long body is not a long head")
def test_a_head_does_not_pay_for_its_body(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_LIMIT", 1000)
    client.socket.sendall(post(b"x" * 50_000))
    assert client.answer()[2]["body"] == 50_000


@pytest.mark.ours("RFC 9112")
@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02\x03",
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
        b"CONNECT localhost:80 HTTP/1.1\r\nhost: localhost\r\n\r\n",
    ],
)
def test_garbage_is_refused(client: Client, garbage: bytes) -> None:
    client.socket.sendall(garbage)
    status, headers, body = client.answer()
    assert status == 400
    assert told(headers, body) == "BadRequestException"
    assert client.file.read() == b""


@pytest.mark.ours("bodies may come in any pieces")
def test_a_request_in_pieces(client: Client) -> None:
    for byte in post(b"x" * 50):
        client.socket.sendall(bytes((byte,)))
    assert client.answer()[2]["body"] == 50


@pytest.mark.ours("RFC 9112, 9.3.2")
def test_pipelined_requests(client: Client) -> None:
    client.socket.sendall(post(b"1") + post(b"22") + post(b"333"))
    assert [client.answer()[2]["body"] for _ in range(3)] == [1, 2, 3]


@pytest.mark.ours("Java's HttpClient offers h2c with every request")
def test_an_upgrade_that_is_not_for_us_is_ignored(client: Client) -> None:
    offer = (
        "connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n"
        "http2-settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n"
    )
    for size in (0, 5, 7):
        client.socket.sendall(post(b"x" * size, offer))
        assert client.answer()[2]["body"] == size
    client.socket.sendall(post(b"1", offer) + post(b"22", offer))
    assert [client.answer()[2]["body"] for _ in range(2)] == [1, 2]


@pytest.mark.ours("nobody upgrades behind an unanswered request")
def test_a_pipelined_upgrade_is_cut_off(server: Running, client: Client) -> None:
    client.socket.sendall(post().replace(b"/echo", b"/wait"))
    assert server.api.waiting.wait(PATIENCE)
    client.socket.sendall(upgrade())
    assert client.file.read() == b""
    server.call(server.api.gate.set)


@pytest.mark.ours("a client may leave while its request is under way")
def test_a_client_that_leaves(server: Running) -> None:
    with server.raw() as connection:
        connection.sendall(post().replace(b"/echo", b"/wait"))
        assert server.api.waiting.wait(PATIENCE)
    server.until(lambda: server.listener.connections == 0)
    server.call(server.api.gate.set)


# Time


@pytest.mark.ours("every wait has an end")
@pytest.mark.parametrize("part", [b"POST /ec", b"POST /echo HTTP/1.1\r\na: b\r\n"])
def test_unfinished_headers_have_an_end(
    client: Client, monkeypatch: pytest.MonkeyPatch, part: bytes
) -> None:
    monkeypatch.setattr(http_protocol, "SILENCE", 0.1)
    client.socket.sendall(part)
    status, headers, body = client.answer()
    assert status == 408
    assert told(headers, body) == "RequestTimeoutException"
    assert client.file.read() == b""


@pytest.mark.ours("every wait has an end")
def test_an_unfinished_body_has_an_end(
    server: Running, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "SILENCE", 0.1)
    client.socket.sendall(post(b"x" * 100)[:-1])
    assert client.file.read() == b""
    server.until(lambda: server.listener.connections == 0)


@pytest.mark.ours("when the application is slow, the client is not to blame")
def test_a_body_that_nobody_reads_yet_is_waited_for(
    server: Running, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "SILENCE", 0.05)
    request = post(b"x" * 300_000).replace(b"/echo", b"/wait-first")
    client.socket.sendall(request[:-100_000])
    assert server.api.waiting.wait(PATIENCE)
    (connection,) = server.listener._state.connections
    assert isinstance(connection, http_protocol.HttpProtocol)
    server.until(lambda: connection.flow.read_paused)
    first = connection._silence
    server.until(lambda: connection._silence is not first)
    monkeypatch.setattr(http_protocol, "SILENCE", 20.0)
    server.call(server.api.gate.set)
    client.socket.sendall(request[-100_000:])
    assert client.answer()[2]["body"] == 300_000


@pytest.mark.ours("every wait has an end")
@pytest.mark.parametrize("first", [b"\r\n", post()])
def test_an_idle_connection_has_an_end(
    run: Callable[..., Running], monkeypatch: pytest.MonkeyPatch, first: bytes
) -> None:
    monkeypatch.setattr(http_config, "KEEP_ALIVE", 0.2)
    server = run()
    with server.raw() as connection:
        connection.sendall(first)
        client = Client(connection)
        with client.file:
            if len(first) > 2:
                client.answer()
            assert client.file.read() == b""


@pytest.mark.ours("every wait has an end")
def test_a_silent_connection_has_an_end(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "FIRST_BYTE_TIME", 0.1)
    with server.raw() as connection:
        assert connection.recv(1) == b""
    assert server.listener.connections == 0


@pytest.mark.ours("half-open connections are bounded")
def test_too_many_silent_connections_cost_the_oldest(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MAX_SILENT", 2)
    with server.raw() as first:
        server.until(lambda: server.listener.connections == 1)
        with server.raw() as second, server.raw() as third:
            assert first.recv(1) == b""
            for connection in (second, third):
                client = Client(connection)
                connection.sendall(post())
                with client.file:
                    assert client.answer()[0] == 200


class Exhausted(socket.socket):
    """A listening socket whose process is out of file descriptors, once."""

    __slots__ = ("refused",)

    def accept(self) -> tuple[socket.socket, Any]:
        if not hasattr(self, "refused"):
            self.refused = True
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


@pytest.mark.ours("too many open files must neither end nor spin the server")
def test_accepting_goes_on_when_file_descriptors_are_back(
    run: Callable[..., Running],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(listener, "_PAUSE", 0.05)
    (bound,) = bind("127.0.0.1", 0)
    exhausted = Exhausted(bound.family, bound.type, bound.proto, bound.detach())
    server = run(listening=[exhausted])
    with server.raw() as connection:
        client = Client(connection)
        connection.sendall(post())
        with client.file:
            assert client.answer()[0] == 200
    assert "Too many open files" in caplog.text


@pytest.mark.ours("a client may connect and leave without a word")
def test_a_connection_without_a_byte(server: Running) -> None:
    for _ in range(3):
        server.raw().close()
    with server.raw() as connection:
        client = Client(connection)
        connection.sendall(post())
        with client.file:
            assert client.answer()[0] == 200
