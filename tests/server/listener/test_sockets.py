"""Binding: addresses, ports, and words for what cannot be."""

import contextlib
import socket
from collections.abc import Iterator

import pytest

from appsync_emulator.errors import EmulatorError
from appsync_emulator.server.sockets import bind

pytestmark = pytest.mark.ours("how the emulator listens")


@contextlib.contextmanager
def bound(host: str, port: int = 0) -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(one) for one in bind(host, port)]


def names(sockets: list[socket.socket]) -> list[tuple[str, int]]:
    return [one.getsockname()[:2] for one in sockets]


def test_localhost_is_both_loopback_addresses_on_one_port() -> None:
    with bound("localhost") as sockets:
        addresses, ports = zip(*names(sockets), strict=True)
        assert addresses[0] == "127.0.0.1"
        assert set(addresses) <= {"127.0.0.1", "::1"}
        assert len(set(ports)) == 1
        assert ports[0] > 0


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_address_is_that_address(host: str) -> None:
    with bound(host) as sockets:
        ((address, _),) = names(sockets)
        assert address == host


def test_only_this_machine_is_listened_on_without_a_host() -> None:
    with bound("") as sockets:
        assert {address for address, _ in names(sockets)} <= {"127.0.0.1", "::1"}
        port = sockets[0].getsockname()[1]
        socket.create_connection(("127.0.0.1", port), 5).close()


def test_a_given_port_can_be_bound_again_right_away() -> None:
    with bound("localhost") as sockets:
        port = sockets[0].getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port), 5)
        client.sendall(b"x")
        for one in sockets:
            one.setblocking(True)
        accepted, _ = sockets[0].accept()
        accepted.close()  # the server's end closes first, so TIME_WAIT is here
        client.close()
    with bound("localhost", port) as sockets:
        assert sockets[0].getsockname()[1] == port


@pytest.mark.parametrize("taken", ["127.0.0.1", "::1"])
def test_a_port_in_use_is_named_with_a_way_out(taken: str) -> None:
    with bound(taken) as sockets:
        port = sockets[0].getsockname()[1]
        with pytest.raises(EmulatorError) as raised:
            bind("localhost", port)
    assert raised.value.code == "E101"
    assert str(port) in str(raised.value)
    assert "--port" in str(raised.value)


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1", "a" * 70, "\udcff"])
def test_a_host_that_cannot_be_listened_on_is_named(host: str) -> None:
    with pytest.raises(EmulatorError) as raised:
        bind(host, 0)
    assert raised.value.code == "E102"


def test_sockets_are_made_for_nodelay() -> None:
    with bound("localhost") as sockets:
        for one in sockets:
            assert one.proto == socket.IPPROTO_TCP
            assert one.gettimeout() == 0
