"""TLS and plain text on one port."""

import contextlib
import http.client
import logging
import socket
import ssl
from collections.abc import Callable

import pytest

from appsync_emulator.server import listener
from appsync_emulator.server.certificates import (
    Certificates,
    ensure_certificates,
    server_names,
)
from server.listener.harness import (
    ACK,
    PATIENCE,
    Running,
    received,
    subscribed,
    upgrade,
)

pytestmark = pytest.mark.aws_observed(
    "amplify-category-api #2221: Amplify JS v6 dials wss:// for http:// endpoints"
)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return ensure_certificates(
        tmp_path_factory.mktemp("data"), server_names("eu-west-1")
    )


@pytest.fixture
def trusting(certificates: Certificates) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificates.ca)


@pytest.fixture
def secure(run: Callable[..., Running], certificates: Certificates) -> Running:
    return run(tls=certificates.context)


def test_websockets_with_and_without_tls(
    secure: Running, trusting: ssl.SSLContext
) -> None:
    with (
        secure.connect(scheme="wss", ssl=trusting) as secured,
        secure.connect() as plain,
    ):
        for client in (secured, plain):
            client.send('{"type":"connection_init"}')
            assert received(client) == ACK
            assert received(client) == {"type": "ka"}
            subscribed(client)
        assert secure.publish("x" * 100_000).matched == 2
        for client in (secured, plain):
            assert len(received(client)["payload"]["data"]["onMessage"]) == 100_000


def test_http_with_and_without_tls(secure: Running, trusting: ssl.SSLContext) -> None:
    plain = http.client.HTTPConnection("localhost", secure.port, timeout=PATIENCE)
    secured = http.client.HTTPSConnection(
        "localhost", secure.port, timeout=PATIENCE, context=trusting
    )
    for connection, scheme in ((plain, b"http"), (secured, b"https")):
        for _ in range(2):
            connection.request("POST", "/echo", b"x" * 50_000)
            body = connection.getresponse().read()
            assert b'"body": 50000' in body
            assert b'"scheme": "' + scheme + b'"' in body
        connection.close()


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "127.0.0.1",
        "::1",
        "abc.appsync-api.eu-west-1.localhost",
        "abc.appsync-realtime-api.eu-west-1.localhost",
    ],
)
def test_the_names_that_are_certified(
    secure: Running, trusting: ssl.SSLContext, name: str
) -> None:
    with (
        secure.raw() as connection,
        trusting.wrap_socket(connection, server_hostname=name) as secured,
    ):
        assert secured.version() in ("TLSv1.2", "TLSv1.3")
        secured.sendall(b"GET /echo HTTP/1.1\r\nconnection: close\r\n\r\n")
        assert secured.recv(12) == b"HTTP/1.1 200"


def test_browsers_that_offer_http2_get_http1(
    secure: Running, trusting: ssl.SSLContext
) -> None:
    trusting.set_alpn_protocols(["h2", "http/1.1"])
    with (
        secure.raw() as connection,
        trusting.wrap_socket(connection, server_hostname="localhost") as secured,
    ):
        assert secured.selected_alpn_protocol() == "http/1.1"


def test_a_client_without_our_ca_is_told_what_to_do(
    secure: Running, caplog: pytest.LogCaptureFixture
) -> None:
    strict = ssl.create_default_context()
    for _ in range(2):
        with secure.raw() as connection, pytest.raises(ssl.SSLCertVerificationError):
            strict.wrap_socket(connection, server_hostname="localhost")
    secure.until(lambda: secure.listener.connections == 0)
    warnings = [r for r in caplog.records if r.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "NODE_EXTRA_CA_CERTS" in warnings[0].getMessage()


@pytest.mark.ours("a TLS byte and then nonsense")
@pytest.mark.parametrize("rest", [b"", b"\x03\x01", b"\x16" * 500])
def test_tls_garbage_ends(
    secure: Running, monkeypatch: pytest.MonkeyPatch, rest: bytes
) -> None:
    monkeypatch.setattr(listener, "FIRST_BYTE_TIME", 0.3)
    with secure.raw() as connection:
        connection.sendall(b"\x16" + rest)
        with contextlib.suppress(ConnectionResetError):
            while connection.recv(1000):
                pass
    secure.until(lambda: secure.listener.connections == 0)


@pytest.mark.ours("a client may vanish in the middle of a handshake")
def test_tls_clients_that_vanish(secure: Running) -> None:
    with secure.raw() as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00")
        secure.until(lambda: len(secure.listener._opening) == 1)
    secure.until(lambda: secure.listener.connections == 0)


@pytest.mark.ours("upgrades are found in TLS in any pieces")
def test_a_tls_upgrade_byte_by_byte(secure: Running, trusting: ssl.SSLContext) -> None:
    with (
        secure.raw() as connection,
        trusting.wrap_socket(connection, server_hostname="localhost") as secured,
    ):
        for byte in upgrade():
            secured.sendall(bytes((byte,)))
        assert secured.recv(12) == b"HTTP/1.1 101"


@pytest.mark.ours("certificates may be impossible, plain text still works")
@pytest.mark.parametrize("reason", ["turned off", "broken"])
def test_without_certificates_tls_is_refused(
    run: Callable[..., Running], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> ssl.SSLContext:
        raise FileNotFoundError("broken")

    server = run(tls=broken if reason == "broken" else None)
    for _ in range(2):
        with server.raw() as connection:
            connection.sendall(b"\x16\x03\x01")
            with contextlib.suppress(ConnectionResetError):
                assert connection.recv(1) == b""
    with server.connect() as client:
        subscribed(client)
    assert reason in caplog.text


def test_plain_text_on_the_same_address_family(secure: Running) -> None:
    with socket.create_connection(("::1", secure.port), PATIENCE) as connection:
        connection.sendall(b"GET /echo HTTP/1.1\r\nconnection: close\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 200"
