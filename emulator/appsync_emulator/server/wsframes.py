"""Websocket frames (RFC 6455) as a server needs them, without I/O.

Receiving is `FrameReader`; sending is `text_header` and the control frames. No
extensions: AppSync does not compress, and compression would cost memory per socket.
"""

from collections.abc import Iterator
from dataclasses import dataclass

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
_CONTINUATION = 0x0
_FIN, _RESERVED, _OPCODE, _MASKED, _LENGTH = 0x80, 0x70, 0x0F, 0x80, 0x7F
_CONTROL_LIMIT = 125

NORMAL, PROTOCOL_ERROR, NO_STATUS = 1000, 1002, 1005
INVALID_DATA, TOO_BIG = 1007, 1009
_EXTERNAL = frozenset((*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)))
"""Codes that may stand in a close frame."""

_SHORT = [bytes((_FIN | TEXT, size)) for size in range(126)]


class FrameError(Exception):
    """The client broke the websocket protocol; the connection ends with `code`."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{reason} ({code})")
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """A complete message or control frame.

    Attributes:
        kind: `TEXT`, `BINARY`, `CLOSE`, `PING` or `PONG`.
        payload: unmasked.
        text: the payload of a text message, else empty.
    """

    kind: int
    payload: bytes
    text: str = ""

    @property
    def close_code(self) -> int:
        """The code of a close frame, `NO_STATUS` when it has none."""
        return int.from_bytes(self.payload[:2], "big") if self.payload else NO_STATUS


class FrameReader:
    """Makes messages out of what a client sends.

    Args:
        limit: bytes of a message; more ends the connection with 1009.
    """

    __slots__ = ("_buffer", "_kind", "_limit", "_parts")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = b""
        self._kind = 0
        self._parts: bytearray | None = None

    def feed(self, data: bytes) -> Iterator[Message]:
        """Take bytes, give what is complete.

        Raises:
            FrameError: after which nothing more must be fed.
        """
        buffer = self._buffer + data if self._buffer else data
        start, end = 0, len(buffer)
        while end - start >= 2:
            size, body = self._measure(buffer, start)
            if end - start < body + size:
                break
            first = buffer[start]
            start += body
            payload = _unmask(buffer, start, size)
            start += size
            message = self._take(first, payload)
            if message is not None:
                yield message
        self._buffer = buffer[start:]

    def _measure(self, buffer: bytes, start: int) -> tuple[int, int]:
        """Check a frame's head; gives sizes of payload and of all that precedes it.

        The head's own size is right even when the length field is not there yet.
        """
        first, second = buffer[start], buffer[start + 1]
        if first & _RESERVED:
            raise FrameError(PROTOCOL_ERROR, "reserved bits are set")
        if not second & _MASKED:
            raise FrameError(PROTOCOL_ERROR, "a client's frames must be masked")
        size, head = second & _LENGTH, 6
        if first & _OPCODE >= CLOSE:
            if size > _CONTROL_LIMIT or not first & _FIN:
                raise FrameError(PROTOCOL_ERROR, "control frame too long or fragmented")
            return size, head
        if size > _CONTROL_LIMIT:
            width = 2 if size == 126 else 8
            head += width
            size = int.from_bytes(buffer[start + 2 : start + 2 + width], "big")
            if len(buffer) - start < 2 + width:
                size = 0
        gathered = len(self._parts) if self._parts is not None else 0
        if gathered + size > self._limit:
            raise FrameError(TOO_BIG, f"messages may have {self._limit} bytes")
        return size, head

    def _take(self, first: int, payload: bytes) -> Message | None:
        kind, final = first & _OPCODE, bool(first & _FIN)
        if kind >= CLOSE:
            return _control(kind, payload)
        if kind == _CONTINUATION:
            if self._parts is None:
                raise FrameError(PROTOCOL_ERROR, "nothing to continue")
            self._parts += payload
            if not final:
                return None
            kind, payload, self._parts = self._kind, bytes(self._parts), None
        elif kind not in (TEXT, BINARY):
            raise FrameError(PROTOCOL_ERROR, f"unknown opcode {kind}")
        elif self._parts is not None:
            raise FrameError(PROTOCOL_ERROR, "a fragmented message is unfinished")
        elif not final:
            self._kind, self._parts = kind, bytearray(payload)
            return None
        return Message(kind, payload, _decoded(payload) if kind == TEXT else "")


def text_header(size: int) -> bytes:
    """Give the head of an unfragmented text frame of `size` bytes."""
    if size < 126:
        return _SHORT[size]
    if size < 0x10000:
        return b"\x81\x7e" + size.to_bytes(2, "big")
    return b"\x81\x7f" + size.to_bytes(8, "big")


def close_frame(code: int, reason: str = "") -> bytes:
    """Give a close frame; `NO_STATUS` makes one without a code."""
    payload = b"" if code == NO_STATUS else code.to_bytes(2, "big") + reason.encode()
    return _control_frame(CLOSE, payload[:_CONTROL_LIMIT])


def pong_frame(payload: bytes) -> bytes:
    """Give the answer to a ping."""
    return _control_frame(PONG, payload)


def _control_frame(kind: int, payload: bytes) -> bytes:
    return bytes((_FIN | kind, len(payload))) + payload


def _unmask(buffer: bytes, start: int, size: int) -> bytes:
    """XOR with the four bytes before `start`, as one long integer: fast without C."""
    mask = buffer[start - 4 : start] * (size // 4 + 1)
    masked = int.from_bytes(buffer[start : start + size], "little")
    return (masked ^ int.from_bytes(mask[:size], "little")).to_bytes(size, "little")


def _control(kind: int, payload: bytes) -> Message:
    if kind > PONG:
        raise FrameError(PROTOCOL_ERROR, f"unknown opcode {kind}")
    message = Message(kind, payload)
    if kind == CLOSE and payload:
        _decoded(payload[2:])
        if len(payload) == 1 or message.close_code not in _EXTERNAL:
            raise FrameError(PROTOCOL_ERROR, "invalid close code")
    return message


def _decoded(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError as error:
        raise FrameError(INVALID_DATA, "text is not UTF-8") from error
