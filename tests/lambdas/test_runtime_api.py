"""The Runtime API as a runtime sees it, spoken by hand over a socket."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from appsync_emulator.lambdas.invocation import Event
from appsync_emulator.lambdas.runtime_api import RuntimeApi

pytestmark = pytest.mark.aws_doc(
    "Lambda developer guide, using the Lambda runtime API for custom runtimes"
)

NEXT = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n"
RIE = "aws-lambda-runtime-interface-emulator, lambda/rapi/rendering"


class Told:
    """Keeps what the API tells its environment."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.initialised = asyncio.Event()

    def ready(self) -> None:
        self.calls.append("ready")
        self.initialised.set()

    def succeeded(self, body: bytes) -> None:
        self.calls.append(("succeeded", body))

    def failed(self, body: bytes) -> None:
        self.calls.append(("failed", body))

    def answered_too_much(self) -> None:
        self.calls.append("answered too much")

    def init_failed(self, body: bytes) -> None:
        self.calls.append(("init failed", body))


class Client:
    """A runtime's connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, text: str | bytes) -> None:
        self.writer.write(text.encode() if isinstance(text, str) else text)

    def post(self, path: str, body: bytes = b"{}", head: str = "") -> None:
        size = f"Content-Length: {len(body)}\r\n"
        start = f"POST /2018-06-01/runtime/{path} HTTP/1.1\r\nHost: x\r\n{size}{head}"
        self.send(start.encode() + b"\r\n" + body)

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        status, *lines = head.strip().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        body = await self.reader.readexactly(int(headers.get("Content-Length", 0)))
        return int(status.split()[1]), headers, body


@asynccontextmanager
async def connect(api: RuntimeApi) -> AsyncIterator[Client]:
    host, port = api.address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    yield Client(reader, writer)
    writer.close()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def api(told: Told) -> AsyncIterator[RuntimeApi]:
    api = RuntimeApi(told)
    await api.listen()
    yield api
    await api.close()


def event(
    request_id: str = "id-1", payload: bytes = b"{}", context: str | None = None
) -> Event:
    return Event(request_id, payload, "arn:fn", context, "Root=1-2-3")


async def test_an_event_comes_with_lambdas_headers(api: RuntimeApi, told: Told) -> None:
    async with connect(api) as client:
        client.send(NEXT)
        await told.initialised.wait()
        api.send(event(payload=b'{"a": 1}', context='{"custom":\n{}}'), 1700000000.5)
        status, headers, body = await client.answer()
    assert (status, body) == (200, b'{"a": 1}')
    assert headers == {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": "id-1",
        "Lambda-Runtime-Deadline-Ms": "1700000000500",
        "Lambda-Runtime-Invoked-Function-Arn": "arn:fn",
        "Lambda-Runtime-Trace-Id": "Root=1-2-3",
        "Lambda-Runtime-Client-Context": '{"custom": {}}',
        "Content-Length": "8",
    }


async def given(api: RuntimeApi, told: Told, client: Client) -> None:
    """Have the client take the event `id-1`."""
    client.send(NEXT)
    await told.initialised.wait()
    api.send(event(), time.time())
    await client.answer()


@pytest.mark.parametrize(
    ("path", "call"),
    [("response", ("succeeded", b"[1]")), ("error", ("failed", b"[1]"))],
)
async def test_a_report_is_accepted(
    path: str, call: Any, api: RuntimeApi, told: Told
) -> None:
    async with connect(api) as client:
        await given(api, told, client)
        client.post(f"invocation/id-1/{path}", b"[1]")
        status, _, body = await client.answer()
    assert (status, body) == (202, b'{"status":"OK"}\n')
    assert told.calls == ["ready", call]


async def test_a_connection_serves_many_events(api: RuntimeApi, told: Told) -> None:
    async with connect(api) as client:
        await given(api, told, client)
        for number in range(2, 5):
            client.post(f"invocation/id-{number - 1}/response")
            assert (await client.answer())[0] == 202
            api.send(event(f"id-{number}"), time.time())  # before it asks for it
            client.send(NEXT)
            _, headers, _ = await client.answer()
            assert headers["Lambda-Runtime-Aws-Request-Id"] == f"id-{number}"


@pytest.mark.ours("fewer system calls: our own bootstraps send both requests at once")
async def test_report_and_next_can_travel_together(
    api: RuntimeApi, told: Told, until: Any
) -> None:
    async with connect(api) as client:
        await given(api, told, client)
        size = "Content-Length: 2\r\n\r\n"
        path = "/2018-06-01/runtime/invocation/id-1/response"
        client.send(f"POST {path} HTTP/1.1\r\nHost: x\r\n{size}{{}}{NEXT}")
        await until(lambda: len(told.calls) == 2)
        api.send(event("id-2"), time.time())
        assert (await client.answer())[0] == 202
        _, headers, _ = await client.answer()
    assert headers["Lambda-Runtime-Aws-Request-Id"] == "id-2"


@pytest.mark.ours("a large body's end and the request behind it come as they come")
async def test_requests_may_come_byte_by_byte(api: RuntimeApi, told: Told) -> None:
    async with connect(api) as client:
        path = "/2018-06-01/runtime/invocation/id-1/response"
        report = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[]"
        for text in (NEXT, report + NEXT):
            for byte in text.encode():
                client.send(bytes([byte]))
                await asyncio.sleep(0)  # the other end is in the same loop
            await told.initialised.wait()
            if text is NEXT:
                api.send(event(), time.time())
                assert (await client.answer())[0] == 200
        api.send(event("id-2"), time.time())
        assert (await client.answer())[0] == 202
        _, headers, _ = await client.answer()
    assert headers["Lambda-Runtime-Aws-Request-Id"] == "id-2"


@pytest.mark.ours("Java's HttpClient offers h2c each time; RFC 9110, 7.8")
async def test_an_offer_of_another_protocol_is_ignored(
    api: RuntimeApi, told: Told
) -> None:
    offer = (
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: A\r\n"
    )
    async with connect(api) as client:
        client.send(NEXT[:-2] + offer + "\r\n")
        await told.initialised.wait()
        api.send(event(), time.time())
        assert (await client.answer())[0] == 200
        client.post("invocation/id-1/response", b"[1]", offer)
        assert (await client.answer())[0] == 202
    assert told.calls == ["ready", ("succeeded", b"[1]")]


async def test_a_response_may_be_chunked(api: RuntimeApi, told: Told) -> None:
    async with connect(api) as client:
        await given(api, told, client)
        client.send(
            "POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\nHost: x\r\n"
            "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
            "Transfer-Encoding: chunked\r\n\r\n"
            "3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n"
        )
        assert (await client.answer())[0] == 202
    assert told.calls[1] == ("succeeded", b"[1,2]")


async def test_a_streamed_response_may_break_off(api: RuntimeApi, told: Told) -> None:
    error = b'{"errorType": "Late", "errorMessage": "too late"}'
    async with connect(api) as client:
        await given(api, told, client)
        client.send(
            "POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\nHost: x\r\n"
            "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
            "Transfer-Encoding: chunked\r\n"
            "Trailer: Lambda-Runtime-Function-Error-Type, "
            "Lambda-Runtime-Function-Error-Body\r\n\r\n"
            "3\r\n[1,\r\n0\r\n"
            "Lambda-Runtime-Function-Error-Type: Late\r\n"
            f"Lambda-Runtime-Function-Error-Body: {base64.b64encode(error).decode()}"
            "\r\n\r\n"
        )
        assert (await client.answer())[0] == 202
    assert told.calls[1] == ("failed", error)


@pytest.mark.aws_observed(RIE)
async def test_a_response_that_is_too_large_is_refused(
    api: RuntimeApi, told: Told
) -> None:
    async with connect(api) as client:
        await given(api, told, client)
        client.post("invocation/id-1/response", b"x" * 6_291_557)
        status, _, body = await client.answer()
    assert status == 413
    assert body == (
        b'{"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).",'
        b'"errorType":"RequestEntityTooLarge"}\n'
    )
    assert told.calls[1] == "answered too much"


@pytest.mark.aws_observed(RIE)
@pytest.mark.parametrize("path", ["response", "error"])
async def test_another_request_id_is_refused(
    path: str, api: RuntimeApi, told: Told
) -> None:
    async with connect(api) as client:
        await given(api, told, client)
        client.post(f"invocation/id-0/{path}")
        status, _, body = await client.answer()
    assert status == 400
    assert b'"errorType":"InvalidRequestID"' in body
    assert told.calls == ["ready"]


@pytest.mark.aws_observed(RIE)
async def test_a_second_report_is_refused(api: RuntimeApi, told: Told) -> None:
    async with connect(api) as client:
        await given(api, told, client)
        client.post("invocation/id-1/response")
        client.post("invocation/id-1/response")
        assert [(await client.answer())[0] for _ in range(2)] == [202, 400]


@pytest.mark.aws_observed(RIE)
async def test_next_before_the_report_is_refused(api: RuntimeApi, told: Told) -> None:
    async with connect(api) as client:
        await given(api, told, client)
        client.send(NEXT)
        status, _, body = await client.answer()
    assert status == 403
    assert b'"errorType":"InvalidStateTransition"' in body


async def test_an_init_error_is_accepted_before_the_first_next(
    api: RuntimeApi, told: Told
) -> None:
    async with connect(api) as client:
        client.post("init/error", b'{"errorType":"X"}')
        assert (await client.answer())[0] == 202
    assert told.calls == [("init failed", b'{"errorType":"X"}')]


@pytest.mark.aws_observed(RIE)
async def test_an_init_error_is_refused_later(api: RuntimeApi, told: Told) -> None:
    async with connect(api) as client:
        await given(api, told, client)
        client.post("init/error")
        assert (await client.answer())[0] == 403


@pytest.mark.aws_observed(RIE)
@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET /", 404),
        ("GET /2018-06-01/runtime/invocation/id-1/other", 404),
        ("POST /2018-06-01/runtime/invocation/next", 405),
        ("GET /2018-06-01/runtime/invocation/id-1/response", 405),
        ("GET /2018-06-01/runtime/init/error", 405),
    ],
)
async def test_other_requests_are_refused(
    request_line: str, status: int, api: RuntimeApi
) -> None:
    async with connect(api) as client:
        client.send(f"{request_line} HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await client.answer())[0] == status


@pytest.mark.ours("malformed input ends the connection, nothing else")
@pytest.mark.parametrize(
    "data",
    [b"\x16\x03\x01 not http\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n\r\nx y z"],
)
async def test_what_is_not_http_ends_the_connection(
    data: bytes, api: RuntimeApi
) -> None:
    async with connect(api) as client:
        client.send(data)
        assert (await client.answer())[0] == 400
        assert await client.reader.read() == b""
    async with connect(api) as client:
        client.send("GET / HTTP/1.1\r\n\r\n")
        assert (await client.answer())[0] == 404


@pytest.mark.ours("curl sends Expect with larger bodies and would wait a second")
async def test_expect_continue_is_answered(api: RuntimeApi, told: Told) -> None:
    async with connect(api) as client:
        await given(api, told, client)
        head = "Expect: 100-continue\r\n"
        client.post("invocation/id-1/response", head=head)
        assert (await client.answer())[0] == 100
        assert (await client.answer())[0] == 202


@pytest.mark.ours("urllib closes after each request, also after the long poll")
async def test_connection_close_is_honoured(api: RuntimeApi, told: Told) -> None:
    async with connect(api) as client:
        client.send(NEXT.replace("Host: x", "Connection: close"))
        await told.initialised.wait()
        api.send(event(), time.time())
        assert (await client.answer())[0] == 200
        assert await client.reader.read() == b""


@pytest.mark.ours("the process of a timed-out event must not answer the next one")
async def test_after_forgetting_the_process_has_no_connection(
    api: RuntimeApi, told: Told
) -> None:
    async with connect(api) as client:
        client.send(NEXT)
        await told.initialised.wait()
        api.forget()
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await client.answer()


@pytest.mark.ours("an answer behind an unanswered request would be taken for that one")
async def test_a_request_behind_the_long_poll_ends_the_connection(
    api: RuntimeApi,
) -> None:
    async with connect(api) as client:
        client.send(NEXT)
        client.post("init/error")
        assert (await client.answer())[0] == 400
        assert await client.reader.read() == b""
