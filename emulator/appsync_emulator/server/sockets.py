"""Listening sockets, bound before anything else starts."""

import errno
import socket
from collections.abc import Iterable
from ipaddress import ip_address

from appsync_emulator.errors import EmulatorError

_BACKLOG = 4096
_ATTEMPTS = 20
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - to compare with
_LOCAL = {"", "localhost", "127.0.0.1", "::1", *_EVERYWHERE}
_LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
_NO_FAMILY = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT}


def bind(host: str, port: int) -> list[socket.socket]:
    """Give listening sockets for every address of `host`, all on one port.

    `localhost` means both loopback addresses, because clients differ in which of them
    they try first; a machine without IPv6 has only the one.

    Args:
        host: a name or an address; `localhost` when empty, because nobody means the
            whole network by saying nothing.
        port: 0 picks one that is free on all addresses.

    Raises:
        EmulatorError: the port is taken (E101), or the host cannot be listened on
            (E102).
    """
    addresses = _addresses(host)
    for _ in range(_ATTEMPTS if port == 0 else 1):
        sockets = _bind_all(addresses, port)
        if sockets:
            return sockets
    raise EmulatorError(
        "E101",
        f"Port {port} of {host} is already in use. Stop what is listening there, or "
        "choose another port with --port (0 picks a free one)."
        if port
        else f"No port is free on all addresses of {host}.",
    )


def reached_at(host: str) -> str:
    """Give what clients on this machine write for `host` in a URL.

    Args:
        host: what is listened on.
    """
    if host in _LOCAL:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def own_address(host: str) -> tuple[str, ...]:
    """Give the address that a certificate has to name so that clients may use `host`.

    Returns:
        Nothing for a name, and for what clients reach as `localhost`.
    """
    try:
        return () if host in _LOCAL else (str(ip_address(host)),)
    except ValueError:
        return ()


def _addresses(host: str) -> Iterable[tuple[int, str]]:
    if host in ("", "localhost"):
        return _LOOPBACK
    try:
        found = socket.getaddrinfo(
            host, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, UnicodeError) as error:
        raise EmulatorError(
            "E102", f"The host {host!r} is unknown: {error}. Choose one with --host."
        ) from error
    return dict.fromkeys((family, str(address[0])) for family, *_, address in found)


def _bind_all(addresses: Iterable[tuple[int, str]], port: int) -> list[socket.socket]:
    """Bind every address; gives nothing when the port is taken on one of them."""
    sockets: list[socket.socket] = []
    missing: OSError | None = None
    tried: list[str] = []
    for family, address in addresses:
        tried.append(address)
        try:
            sockets.append(_bind(family, address, port))
        except OSError as error:
            if error.errno in _NO_FAMILY:
                missing = error
                continue
            for bound in sockets:
                bound.close()
            if error.errno == errno.EADDRINUSE:
                return []
            raise _cannot_listen(address, port, error) from error
        port = sockets[0].getsockname()[1]
    if missing is not None and not sockets:
        raise _cannot_listen(" and ".join(tried), port, missing) from missing
    return sockets


def _bind(family: int, address: str, port: int) -> socket.socket:
    # IPPROTO_TCP by name: asyncio sets TCP_NODELAY only on sockets that say so.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # Otherwise `::` would take the port of 0.0.0.0 too.
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if hasattr(socket, "TCP_DEFER_ACCEPT"):
            # Linux then shows a connection when it has data, which saves waiting for
            # the first byte of each; one that stays silent shows after a second.
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1)
        listening.bind((address, port))
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except BaseException:
        listening.close()
        raise
    return listening


def _cannot_listen(address: str, port: int, error: OSError) -> EmulatorError:
    text = f"Cannot listen on {address}, port {port}: {error.strerror or error}."
    if error.errno == errno.EACCES:
        text += " Ports below 1024 are reserved; choose another with --port."
    return EmulatorError("E102", text)
