"""AWS's event-stream encoding, the way in.

A message is a prelude (its length, the length of its headers, their CRC), headers, a
payload and a CRC of all before it; numbers are big-endian (`application/
vnd.amazon.eventstream`, as described in the developer guides of Transcribe and S3).
"""

from collections.abc import Iterable
from functools import lru_cache
from struct import Struct
from zlib import crc32

MEDIA_TYPE = "application/vnd.amazon.eventstream"

_PRELUDE = Struct(">II")
_WORD = Struct(">I")
_VALUE = Struct(">BH")
_STRING = 7
"""The type of a header's value; Lambda's and Bedrock's headers are all strings."""


def encode(headers: bytes, payload: bytes) -> bytes:
    """Give one message.

    Args:
        headers: from `encode_headers`.
        payload: at most 24 MB, which is what readers take.
    """
    prelude = _PRELUDE.pack(16 + len(headers) + len(payload), len(headers))
    crc = crc32(prelude)
    head = prelude + _WORD.pack(crc) + headers
    return head + payload + _WORD.pack(crc32(payload, crc32(head)))


def encode_headers(headers: Iterable[tuple[str, str]]) -> bytes:
    """Give the headers of a message; names have at most 255 bytes, values 32 KB."""
    found = b""
    for name, value in headers:
        key, text = name.encode(), value.encode()
        found += bytes([len(key)]) + key
        found += _VALUE.pack(_STRING, len(text)) + text
    return found


@lru_cache(maxsize=64)
def event_headers(kind: str) -> bytes:
    """Give the headers of an event with a JSON payload."""
    return _json_headers("event", kind)


@lru_cache(maxsize=64)
def exception_headers(kind: str) -> bytes:
    """Give the headers of an exception with a JSON payload."""
    return _json_headers("exception", kind)


def _json_headers(message: str, kind: str) -> bytes:
    return encode_headers(
        [
            (f":{message}-type", kind),
            (":content-type", "application/json"),
            (":message-type", message),
        ]
    )
