"""Upgrade requests, without I/O: read, checked, accepted, or taken as plain ones."""

import base64
import binascii
import hashlib
from urllib.parse import unquote

import httptools

from appsync_emulator.realtime.handshake import Handshake
from appsync_emulator.server.exchange import Answer, Headers, failure, request_id

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3


def read_handshake(url: bytes, headers: Headers, source_ip: str | None) -> Handshake:
    """Give an upgrade request in the form that the realtime protocol takes.

    Raises:
        httptools.HttpParserInvalidURLError: the request target is no URL.
    """
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    parsed = httptools.parse_url(url)
    return Handshake(
        path=unquote((parsed.path or b"/").decode("latin-1")),
        query=(parsed.query or b"").decode("latin-1"),
        headers=joined,
        source_ip=source_ip,
    )


def refusal(method: bytes, handshake: Handshake) -> Answer | None:
    """Give the answer to an upgrade that breaks RFC 6455, 4.2.1, None for others."""
    if handshake.headers.get("sec-websocket-version") != "13":
        message = "Websockets have version 13 here."
        answer = failure(426, "UpgradeRequiredException", message)
        answer.headers.append((b"sec-websocket-version", b"13"))
        return answer
    if method != b"GET" or not _is_key(handshake.headers.get("sec-websocket-key", "")):
        return failure(400, "BadRequestException", "This is no websocket upgrade.")
    return None


def acceptance(key: bytes, protocol: str | None) -> bytes:
    """Give the answer that accepts an upgrade, as it goes over HTTP/1.1.

    Args:
        key: the request's `sec-websocket-key`.
        protocol: the subprotocol to choose, None for none.
    """
    digest = hashlib.sha1(key + _GUID, usedforsecurity=False).digest()
    lines = [
        b"HTTP/1.1 101 Switching Protocols",
        b"upgrade: websocket",
        b"connection: upgrade",
        b"sec-websocket-accept: " + base64.b64encode(digest),
        b"x-amzn-requestid: " + request_id(),
    ]
    if protocol is not None:
        lines.append(b"sec-websocket-protocol: " + protocol.encode())
    return b"\r\n".join(lines) + b"\r\n\r\n"


def without_offer(method: bytes, url: bytes, version: str, headers: Headers) -> bytes:
    """Give the head of a request again, without its upgrade.

    The parser stops at the body of a request that offers another protocol. Java's
    HttpClient offers h2c with every request; what is not taken up is to be ignored (RFC
    9110, 7.8).

    Raises:
        httptools.HttpParserInvalidMethodError: it is a CONNECT, which nobody serves.
    """
    if method == b"CONNECT":
        raise httptools.HttpParserInvalidMethodError("CONNECT")
    lines = [method + b" " + url + b" HTTP/" + version.encode()]
    lines += [name + b": " + value for name, value in headers if name != b"upgrade"]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False
