"""Frames against another implementation, in any pieces and in any order."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import OPEN, SERVER, Protocol

from appsync_emulator.server.wsframes import (
    BINARY,
    CLOSE,
    PING,
    TEXT,
    FrameError,
    FrameReader,
    Message,
    close_frame,
    pong_frame,
    text_header,
)
from server.listener.harness import masked

pytestmark = pytest.mark.ours("RFC 6455, as the websockets library understands it")

LIMIT = 100_000
FRAMES = st.lists(
    st.builds(
        masked,
        st.sampled_from([0x81, 0x82, 0x01, 0x00, 0x80, 0x89, 0x8A, 0x88, 0x83, 0xC1]),
        st.one_of(
            st.text(max_size=40).map(str.encode),
            st.binary(max_size=10),
            st.sampled_from([b"x" * 125, b"x" * 126, b"x" * 65_535, b"x" * 65_536]),
            st.sampled_from([b"\x03\xe8", b"\x03\xe8bye", b"\x03\xed", b"\x0b\xb8"]),
        ),
    ),
    max_size=8,
)


def ours(data: bytes, sizes: list[int]) -> tuple[list[Message], int | None]:
    reader, messages = FrameReader(LIMIT), []
    for piece in pieces(data, sizes):
        try:
            for message in reader.feed(piece):
                messages.append(message)
                if message.kind == CLOSE:
                    return messages, None
        except FrameError as error:
            return messages, error.code
    return messages, None


def pieces(data: bytes, sizes: list[int]) -> list[bytes]:
    cut = []
    for size in sizes:
        cut.append(data[:size])
        data = data[size:]
    return [*cut, data]


def theirs(data: bytes) -> tuple[list[Message], int | None]:
    protocol = Protocol(SERVER, state=OPEN, max_size=LIMIT)
    protocol.receive_data(data)
    messages: list[Message] = []
    parts, kind = b"", 0
    for event in protocol.events_received():
        assert isinstance(event, Frame)
        if event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            parts += bytes(event.data)
            kind = event.opcode or kind
            if not event.fin:
                continue
            payload, parts = parts, b""
        else:
            payload, kind_ = bytes(event.data), event.opcode
            messages.append(Message(kind_, payload))
            continue
        text = payload.decode() if kind == TEXT else ""
        messages.append(Message(kind, payload, text))
    closed = protocol.close_rcvd
    if closed and not any(message.kind == CLOSE for message in messages):
        # They want no close amid a message, where RFC 6455 5.4 lets control frames be.
        payload = b"" if closed.code == CloseCode.NO_STATUS_RCVD else closed.serialize()
        messages.append(Message(CLOSE, payload))
    failed = closed is None and protocol.close_sent is not None
    return (
        messages,
        protocol.close_sent.code if failed and protocol.close_sent else None,
    )


def is_text(data: bytes) -> bool:
    try:
        theirs(data)
    except UnicodeDecodeError:
        return False
    return True


@given(FRAMES, st.lists(st.integers(1, 200), max_size=10))
@example([masked(0x01, b""), masked(0x88, b"\x03\xe8bye")], [])
@example([masked(0x01, b"x" * 65_535), masked(0x89, b"x" * 65_535)], [])
def test_any_frames_in_any_pieces(frames: list[bytes], sizes: list[int]) -> None:
    data = b"".join(frames)
    if not is_text(data):
        # They leave the check of the text to their caller, we make it.
        assert ours(data, sizes)[1] == 1007
        return
    expected, code = theirs(data)
    messages, our_code = ours(data, sizes)
    if our_code != code:
        # A control frame beyond both limits breaks two rules; either may be told.
        assert (our_code, code) == (1002, 1009)
    assert messages == expected


@given(st.binary(max_size=300), st.lists(st.integers(1, 20), max_size=10))
def test_any_bytes(data: bytes, sizes: list[int]) -> None:
    _, code = ours(data, sizes)
    assert code in (None, 1002, 1007, 1009)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 70_000])
def test_text_headers(size: int) -> None:
    payload = b"x" * size
    expected = Frame(Opcode.TEXT, payload).serialize(mask=False)
    assert text_header(size) + payload == expected


def test_control_frames() -> None:
    pong = Frame(Opcode.PONG, b"hello").serialize(mask=False)
    assert pong_frame(b"hello") == pong
    assert close_frame(1005) == Frame(Opcode.CLOSE, b"").serialize(mask=False)
    close = Frame(Opcode.CLOSE, b"\x03\xe9bye").serialize(mask=False)
    assert close_frame(1001, "bye") == close
    assert len(close_frame(1001, "x" * 500)) == 127


def test_messages_at_the_limit() -> None:
    reader = FrameReader(10)
    (largest,) = reader.feed(masked(0x82, b"x" * 10))
    assert largest.kind == BINARY
    (ping,) = reader.feed(masked(0x01, b"x" * 9) + masked(0x89, b"p" * 5))
    assert ping.kind == PING
    with pytest.raises(FrameError) as raised:
        list(reader.feed(masked(0x80, b"xx")))
    assert raised.value.code == 1009


def test_a_length_that_no_memory_holds() -> None:
    with pytest.raises(FrameError) as raised:
        list(FrameReader(10).feed(b"\x82\xff" + b"\x7f" + b"\xff" * 7))
    assert raised.value.code == 1009
