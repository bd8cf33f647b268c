"""Our encoder against AWS's decoder."""

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from appsync_emulator.server.eventstream import (
    encode,
    encode_headers,
    event_headers,
    exception_headers,
)

pytestmark = pytest.mark.aws_doc(
    "Amazon Transcribe developer guide, event stream encoding"
)

NAMES = st.text(min_size=1, max_size=60)
HEADERS = st.dictionaries(NAMES, st.text(max_size=200), max_size=8)


@given(HEADERS, st.binary(max_size=2000))
def test_a_message_is_read_as_it_was_written(
    headers: dict[str, str], payload: bytes
) -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(encode(encode_headers(headers.items()), payload))
    (message,) = list(buffer)
    assert (message.headers, message.payload) == (headers, payload)


@given(st.lists(st.binary(max_size=50), max_size=6), st.integers(1, 40))
def test_messages_are_told_apart_however_they_are_cut(
    payloads: list[bytes], size: int
) -> None:
    data = b"".join(encode(event_headers("chunk"), payload) for payload in payloads)
    buffer = EventStreamBuffer()
    found = []
    for start in range(0, len(data), size):
        buffer.add_data(data[start : start + size])
        found += [message.payload for message in buffer]
    assert found == payloads


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (event_headers("chunk"), {":event-type": "chunk", ":message-type": "event"}),
        (
            exception_headers("throttlingException"),
            {
                ":exception-type": "throttlingException",
                ":message-type": "exception",
            },
        ),
    ],
)
def test_headers_tell_events_from_exceptions(
    headers: bytes, expected: dict[str, str]
) -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(encode(headers, b"{}"))
    (message,) = list(buffer)
    assert message.headers == {**expected, ":content-type": "application/json"}


def test_the_documented_layout_byte_by_byte() -> None:
    # The smallest message of the specification's own test vectors: no headers, no
    # payload; and one with the payload {'foo':'bar'}.
    assert encode(b"", b"").hex() == "000000100000000005c248eb7d98c8ff"
    assert (
        encode(b"", b"{'foo':'bar'}").hex()
        == "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936"
    )
