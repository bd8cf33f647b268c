"""Conversations over real sockets, under asyncio and uvloop."""

import base64
import json
import socket
import struct
import time

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from appsync_emulator.realtime import protocol
from server.listener.harness import (
    ACK,
    CREDENTIALS,
    PATIENCE,
    RawWebSocket,
    Running,
    encoded,
    masked,
    received,
    start,
    stop,
    subscribed,
    upgrade,
)

TEXT, BINARY, CLOSE, PING = 0x81, 0x82, 0x88, 0x89
INIT = '{"type":"connection_init"}'


# The whole way


@pytest.mark.aws_doc("devguide, real-time-websocket-client: sequence of events")
def test_a_conversation(server: Running) -> None:
    with server.connect() as client:
        assert client.subprotocol == "graphql-ws"
        client.send(INIT)
        assert received(client) == ACK
        assert received(client) == {"type": "ka"}
        subscribed(client, "7", room="a")
        assert server.publish({"room": "a"}).matched == 1
        assert received(client) == {
            "id": "7",
            "type": "data",
            "payload": {"data": {"onMessage": {"room": "a"}}},
        }
        assert server.publish({"room": "b"}).matched == 0
        client.send(stop("7"))
        assert received(client) == {"id": "7", "type": "complete"}
        assert server.publish({"room": "a"}).subscribed == 0


@pytest.mark.aws_doc("devguide, real-time-websocket-client: three ways for headers")
@pytest.mark.parametrize("path", ["/graphql", "/graphql/realtime", "/abc123/graphql"])
def test_credentials_by_every_carrier(server: Running, path: str) -> None:
    header = base64.urlsafe_b64encode(json.dumps(CREDENTIALS).encode()).decode()
    offers = ["graphql-ws", f"header-{header.rstrip('=')}"]
    for options in (
        {"path": f"{path}?header={encoded()}&payload=e30="},
        {"path": path, "subprotocols": offers},
        {"path": path, "additional_headers": CREDENTIALS | {"host": "localhost"}},
    ):
        with server.connect(**options) as client:
            assert client.subprotocol == "graphql-ws"
            client.send(INIT)
            assert received(client) == ACK


@pytest.mark.ours("what authenticators and resolvers may ask of the upgrade")
def test_the_handshake_is_handed_on(server: Running) -> None:
    with server.connect(additional_headers={"X-Custom": "ä"}) as client:
        subscribed(client)
    (handshake,) = server.api.handshakes
    assert handshake.path == "/graphql"
    assert handshake.query.startswith("header=")
    assert handshake.headers["x-custom"] == "ä"
    assert handshake.source_ip in ("127.0.0.1", "::1")


@pytest.mark.ours("events keep their order, whatever their size")
def test_order_and_sizes(server: Running) -> None:
    sizes = [0, 60, 125, 126, 200, 65_000, 66_000, 200_000]
    with server.connect(max_size=None) as client:
        subscribed(client)
        for size in sizes:
            server.publish("x" * size)
        got = [received(client)["payload"]["data"]["onMessage"] for _ in sizes]
    assert [len(text) for text in got] == sizes


@pytest.mark.ours("nothing published after a start_ack is missed")
def test_start_ack_means_registered(server: Running) -> None:
    with server.connect() as client:
        for number in range(50):
            client.send(start(str(number)))
        for number in range(50):
            assert received(client) == {"id": str(number), "type": "start_ack"}
        assert server.publish(1).matched == 50
        ids = [received(client)["id"] for _ in range(50)]
    assert ids == [str(number) for number in range(50)]


@pytest.mark.ours("a client may send before it has read the answer to its upgrade")
def test_frames_right_behind_the_upgrade(server: Running) -> None:
    with server.raw() as connection:
        behind = masked(TEXT, INIT.encode()) + masked(TEXT, start().encode())
        client = RawWebSocket(connection, behind)
        assert client.head.startswith(b"HTTP/1.1 101 ")
        assert client.message() == ACK
        assert client.message() == {"type": "ka"}
        assert client.message() == {"id": "1", "type": "start_ack"}


# Refusals


@pytest.mark.aws_observed("amplify-flutter #2763; closing as gql needs it")
def test_a_refused_connection_hears_why_before_it_is_closed(server: Running) -> None:
    header = encoded({"host": "localhost", "x-api-key": "wrong"})
    with server.connect(path=f"/graphql?header={header}") as client:
        client.send(INIT)
        assert received(client) == {
            "payload": {
                "errors": [
                    {
                        "errorType": "UnauthorizedException",
                        "message": "You are not authorized to make this call.",
                        "errorCode": 401,
                    }
                ]
            },
            "type": "connection_error",
        }
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(PATIENCE)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1008


@pytest.mark.ours(
    "without any init the error comes half a second later, and the close with it"
)
def test_a_refused_connection_that_says_nothing(server: Running) -> None:
    with server.connect(subprotocols=None) as client:
        connected = time.monotonic()
        (error,) = received(client)["payload"]["errors"]
        assert time.monotonic() - connected > 0.3
        assert error == {"message": "NoProtocolError", "errorCode": 400}
        with pytest.raises(ConnectionClosed):
            client.recv(PATIENCE)


@pytest.mark.aws_observed("name of the error: aws-mobile-appsync-sdk-js #768")
@pytest.mark.parametrize(
    "path", ["/", "/graphql/other", "/a/b/graphql", "/missing/graphql"]
)
def test_other_paths_are_not_found(server: Running, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        server.connect(path=path)
    response = refused.value.response
    assert response.status_code == 404
    assert response.headers["x-amzn-errortype"].endswith("#HttpNotFoundException")
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-amzn-requestid"]


@pytest.mark.ours("RFC 6455, 4.2.2")
@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (upgrade(sec_websocket_version="8"), b"426"),
        (upgrade(sec_websocket_version=""), b"426"),
        (upgrade(sec_websocket_key=""), b"400"),
        (upgrade(sec_websocket_key="MDEyMzQ1Njc4OWFiY2RlZg"), b"400"),
        (upgrade(sec_websocket_key="c2hvcnQ="), b"400"),
        (upgrade(sec_websocket_key="!"), b"400"),
        (upgrade().replace(b"GET", b"POST", 1), b"400"),
    ],
)
def test_bad_upgrades(server: Running, request_: bytes, status: bytes) -> None:
    with server.raw() as connection:
        connection.sendall(request_)
        answer = connection.recv(65536)
        assert answer.split()[1] == status
        assert b"access-control-allow-origin: *" in answer
        assert (b"sec-websocket-version: 13" in answer) == (status == b"426")
        assert connection.recv(1) == b""


@pytest.mark.ours("the user's authorizer may fail in ways nobody foresaw")
def test_faults_while_connecting(
    server: Running, caplog: pytest.LogCaptureFixture
) -> None:
    header = encoded({"host": "localhost", "x-api-key": "broken"})
    with server.connect(path=f"/graphql?header={header}") as client:
        (error,) = received(client)["payload"]["errors"]
    assert error == {
        "errorType": "InternalFailure",
        "message": "Internal Failure",
        "errorCode": 500,
    }
    assert "RuntimeError: broken" in caplog.text


@pytest.mark.ours("one subscription's fault is not the connection's")
def test_faults_while_subscribing(
    server: Running, caplog: pytest.LogCaptureFixture
) -> None:
    with server.connect() as client:
        client.send(start("1", "subscription { broken }"))
        assert received(client)["payload"]["errors"] == [
            {"errorType": "InternalFailure", "message": "Internal Failure"}
        ]
        client.send(start("2", "query { a }"))
        assert received(client)["payload"]["errors"] == [
            {
                "errorType": "UnsupportedOperation",
                "message": "query not supported through the realtime channel",
            }
        ]
        subscribed(client, "1")
    assert "RuntimeError: broken" in caplog.text


# Starts and stops that overlap


@pytest.mark.ours("a stop beats the start it follows")
def test_a_stop_wins_over_a_start_under_way(server: Running) -> None:
    with server.connect() as client:
        client.send(start("1", "subscription { slow }"))
        assert server.api.waiting.wait(PATIENCE)
        client.send(stop("1"))
        assert received(client) == {"id": "1", "type": "complete"}
        assert server.api.cancelled.wait(PATIENCE)
        server.call(server.api.gate.set)
        subscribed(client, "2")
        assert server.publish(1).subscribed == 1
        assert received(client)["id"] == "2"


@pytest.mark.ours("a slow start holds up neither others nor its own id's next life")
def test_starts_run_side_by_side(server: Running) -> None:
    with server.connect() as client:
        client.send(start("1", "subscription { slow }"))
        subscribed(client, "2")
        client.send(stop("1"))
        assert received(client) == {"id": "1", "type": "complete"}
        subscribed(client, "1")
        client.send(start("3", "subscription { slow }"))
        server.call(server.api.gate.set)
        assert received(client) == {"id": "3", "type": "start_ack"}
        assert server.publish(1).matched == 3


@pytest.mark.ours("a client may vanish in the middle of everything")
def test_a_client_that_vanishes_leaves_nothing(server: Running) -> None:
    with server.raw() as connection:
        client = RawWebSocket(connection)
        client.send(TEXT, start("1").encode())
        client.send(TEXT, start("2", "subscription { slow }").encode())
        assert client.message() == {"id": "1", "type": "start_ack"}
        assert server.api.waiting.wait(PATIENCE)
        assert len(server.api.hub) == 1
        # Closing without lingering sends RST, as a killed client would.
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    assert server.api.cancelled.wait(PATIENCE)
    server.until(lambda: server.listener.connections == 0)
    assert len(server.api.hub) == 0
    assert server.api.hub.metrics["ActiveConnections"] == 0
    assert server.call(lambda: server.background.names) == []


@pytest.mark.ours("a client may vanish while it is being authenticated")
def test_a_client_that_vanishes_early_leaves_nothing(server: Running) -> None:
    header = encoded({"host": "localhost", "x-api-key": "slow"})
    with server.raw() as connection:
        connection.sendall(upgrade(f"/graphql?header={header}"))
        assert server.api.waiting.wait(PATIENCE)
    assert server.api.cancelled.wait(PATIENCE)
    server.until(lambda: server.listener.connections == 0)
    assert server.api.hub.metrics["ActiveConnections"] == 0


@pytest.mark.aws_doc("devguide, aws-appsync-real-time-invalidation")
def test_an_invalidation_closes_the_connection(server: Running) -> None:
    with server.connect() as client, server.connect() as other:
        subscribed(client, "7", user="a")
        subscribed(client, "8", user="b")
        subscribed(other, "7", user="b")
        payload = {"user": "a"}
        assert server.call(lambda: server.api.hub.invalidate("onMessage", payload)) == 1
        assert received(client) == {"id": "7", "type": "complete"}
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(PATIENCE)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 1000
        assert closed.value.rcvd.reason == "Subscription complete."
        assert server.publish({"user": "b"}).matched == 1
        assert received(other)["id"] == "7"


# Time


@pytest.mark.aws_doc("devguide, real-time-websocket-client: keep-alive message")
def test_keep_alives_come_by_themselves(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "KEEP_ALIVE", 0.05)
    with server.connect() as client:
        assert [received(client) for _ in range(3)] == [{"type": "ka"}] * 3


@pytest.mark.aws_doc("devguide, real-time-websocket-client: ends after 24 hours")
def test_a_connection_has_an_end(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "LIFETIME", 0.3)
    monkeypatch.setattr(protocol, "KEEP_ALIVE", 0.2)
    with server.connect() as client:
        subscribed(client)
        assert received(client) == {"type": "ka"}
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(PATIENCE)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1001
    assert len(server.api.hub) == 0


# Frames


@pytest.mark.ours("RFC 6455")
def test_pings_are_answered(server: Running) -> None:
    with server.connect() as client:
        assert client.ping(b"12345").wait(PATIENCE)


@pytest.mark.ours("RFC 6455: fragments, with a ping in between")
def test_fragmented_messages(server: Running) -> None:
    with server.raw() as connection:
        client = RawWebSocket(connection)
        text = start("é").encode()
        for number, byte in enumerate(text):
            first = 0x01 if number == 0 else 0x80 if number == len(text) - 1 else 0x00
            client.send(first, bytes((byte,)))
            if number == 5:
                client.send(PING, b"hello")
        assert client.frame() == (0x8A, b"hello")
        assert client.message() == {"id": "é", "type": "start_ack"}


@pytest.mark.ours("RFC 6455: the close is echoed")
@pytest.mark.parametrize("payload", [b"", b"\x03\xe8", b"\x0b\xb9bye"])
def test_the_close_handshake(server: Running, payload: bytes) -> None:
    with server.raw() as connection:
        client = RawWebSocket(connection)
        client.send(CLOSE, payload)
        assert client.frame() == (CLOSE, payload[:2])
        assert connection.recv(1) == b""
    server.until(lambda: server.listener.connections == 0)


@pytest.mark.ours("RFC 6455: close codes of broken streams")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"\x81\x02{}", 1002, id="not masked"),
        pytest.param(masked(0xC1, b"{}"), 1002, id="reserved bit"),
        pytest.param(masked(0x83, b"{}"), 1002, id="unknown opcode"),
        pytest.param(masked(0x80, b"{}"), 1002, id="nothing to continue"),
        pytest.param(masked(0x01, b"{") + masked(0x81, b"}"), 1002, id="interleaved"),
        pytest.param(masked(0x89, b"x" * 126), 1002, id="long ping"),
        pytest.param(masked(0x09, b"x"), 1002, id="fragmented ping"),
        pytest.param(masked(CLOSE, b"x"), 1002, id="short close"),
        pytest.param(masked(CLOSE, b"\x03\xed"), 1002, id="close code 1005"),
        pytest.param(masked(TEXT, b"\xff"), 1007, id="not UTF-8"),
        pytest.param(
            masked(TEXT, b"x" * (protocol.MAX_MESSAGE + 1))[:20], 1009, id="big"
        ),
    ],
)
def test_broken_streams_are_closed(server: Running, data: bytes, code: int) -> None:
    with server.raw() as connection:
        client = RawWebSocket(connection)
        connection.sendall(data)
        assert client.close_code() == code
    server.until(lambda: server.listener.connections == 0)


@pytest.mark.ours("binary frames are no messages of the protocol")
def test_a_binary_frame_gets_an_error(server: Running) -> None:
    with server.connect() as client:
        client.send(b"\x00\x01")
        (error,) = received(client)["payload"]["errors"]
        assert error["errorType"] == "UnsupportedOperation"
        subscribed(client)
