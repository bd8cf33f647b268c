"""The opening of a connection: which subprotocol, and where its credentials are.

AppSync takes the headers that authorize a connection from three places (developer
guide, building a real-time WebSocket client): the query parameter `header`, a second
subprotocol `header-…`, or the headers of the upgrade request itself.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

import orjson

from appsync_emulator.realtime import refusals

PROTOCOL = "graphql-ws"
_CARRIER = "header-"


@dataclass(frozen=True, slots=True)
class Handshake:
    """An upgrade request.

    Attributes:
        path: decoded, without the query.
        query: raw, without the question mark.
        headers: by lower-case name; a repeated header is joined with commas.
        source_ip: the client's address, None when the transport has none.
    """

    path: str
    query: str
    headers: Mapping[str, str]
    source_ip: str | None = None

    @property
    def offered(self) -> tuple[str, ...]:
        """The subprotocols the client offers, in order."""
        text = self.headers.get("sec-websocket-protocol", "")
        return tuple(part for part in map(str.strip, text.split(",")) if part)


def chosen_protocol(handshake: Handshake) -> str | None:
    """Give the one subprotocol to echo, None when it was not offered.

    Never the `header-…` one: it holds credentials, and browsers would accept it.
    """
    return PROTOCOL if PROTOCOL in handshake.offered else None


def find_credentials(handshake: Handshake) -> dict[str, str]:
    """Give the headers that authorize the connection, by lower-case name.

    Raises:
        Denied: wrong subprotocol, or headers that are missing or cannot be decoded.
    """
    offered = handshake.offered
    if not offered:
        raise refusals.no_protocol()
    if PROTOCOL not in offered:
        raise refusals.protocol_not_supported()
    found = _carried(handshake, offered)
    if not found.get("host") or not (
        found.get("x-api-key") or found.get("authorization")
    ):
        raise refusals.headers_missing()
    return found


def fold(headers: Mapping[Any, Any]) -> dict[str, str]:
    """Give headers with lower-case names; the last of several spellings wins.

    Clients mix cases (`authorization`, `X-Amz-Date`) and even send one header in two
    spellings (Apollo: `x-api-key` and `X-Api-Key`). What is not text is left out.
    """
    return {
        name.lower(): value
        for name, value in headers.items()
        if isinstance(name, str) and isinstance(value, str)
    }


def _carried(handshake: Handshake, offered: tuple[str, ...]) -> dict[str, str]:
    # Nothing says which carrier wins; no client sends two.
    for parameter in handshake.query.split("&"):
        if parameter.startswith("header="):
            return _decoded(unquote_plus(parameter.removeprefix("header=")))
    for protocol in offered:
        if protocol.startswith(_CARRIER):
            return _decoded(protocol.removeprefix(_CARRIER))
    return fold(handshake.headers)


def _decoded(text: str) -> dict[str, str]:
    if not text:
        raise refusals.headers_missing()
    # Both alphabets; a space was a `+`, which gql sends unescaped in the query.
    text = text.replace("\r", "").replace("\n", "")  # some encoders break lines
    digits = text.replace("-", "+").replace("_", "/").replace(" ", "+").rstrip("=")
    try:
        raw = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
        headers = orjson.loads(raw)
    except (binascii.Error, ValueError) as error:
        raise refusals.headers_malformed() from error
    if not isinstance(headers, dict):
        raise refusals.headers_malformed()
    return fold(headers)
