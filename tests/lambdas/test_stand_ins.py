"""What only callables and endpoints do; the rest is in the suite for all runners."""

import asyncio
from typing import Any

import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appsync_emulator.lambdas.service import InvokeRejected

pytestmark = pytest.mark.ours("a stand-in is to be told from a function by nobody")


async def test_a_callable_s_own_timeout_error_is_its_error(
    make_function: Any, start: Any
) -> None:
    async def handler(_event: Any, _context: Any) -> None:
        raise TimeoutError("of its own")

    lambdas = await start(make_function(), stand_ins={"fn": handler})
    error = orjson.loads((await lambdas.invoke("fn", b"{}")).payload)
    assert (error["errorType"], error["errorMessage"]) == ("TimeoutError", "of its own")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (0, "Runtime exited without providing a reason"),
        (3, "Runtime exited with error: exit status 3"),
    ],
)
async def test_a_callable_that_exits_ends_nothing_but_itself(
    status: int, reason: str, make_function: Any, start: Any
) -> None:
    def handler(_event: Any, _context: Any) -> None:
        raise SystemExit(status)

    lambdas = await start(make_function(), stand_ins={"fn": handler})
    answer = await lambdas.invoke("fn", b"{}")
    error = orjson.loads(answer.payload)
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"] == f"RequestId: {answer.request_id} Error: {reason}"


def stops(_event: Any, _context: Any) -> Any:
    return next(iter([]))


def interrupts(_event: Any, _context: Any) -> Any:
    raise KeyboardInterrupt


async def is_cancelled(_event: Any, _context: Any) -> Any:
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("handler", "error_type"),
    [
        (stops, "StopIteration"),
        (interrupts, "Runtime.ExitError"),
        (is_cancelled, "CancelledError"),
    ],
)
async def test_what_means_something_to_asyncio_is_the_callable_s_error(
    handler: Any, error_type: str, make_function: Any, start: Any
) -> None:
    lambdas = await start(make_function(), stand_ins={"fn": handler})
    answer = await lambdas.invoke("fn", b"{}")
    assert answer.function_error == "Unhandled"
    assert orjson.loads(answer.payload)["errorType"] == error_type


async def test_a_callable_s_stack_begins_with_the_callable(
    make_function: Any, start: Any
) -> None:
    def handler(_event: Any, _context: Any) -> None:
        raise ValueError("here")

    lambdas = await start(make_function(), stand_ins={"fn": handler})
    error = orjson.loads((await lambdas.invoke("fn", b"{}")).payload)
    assert "in handler" in error["stackTrace"][0]


async def test_a_stand_in_needs_neither_code_nor_interpreter(
    make_function: Any, start: Any
) -> None:
    async def handler(_event: Any, _context: Any) -> int:
        return 1

    function = make_function(runtime="java21")
    lambdas = await start(function, stand_ins={"fn": handler})
    assert lambdas.runner_problem(function) is None
    assert (await lambdas.invoke("fn", b"{}")).payload == b"1"


@pytest.fixture
def answering(make_function: Any, start: Any, serve: Any) -> Any:
    """Run a function whose endpoint, at the address that the runtime interface
    emulator has, always gives one answer."""

    async def enter(answer: Response) -> Any:
        whole = f"{serve(endpoint(answer))}/2015-03-31/functions/function/invocations"
        return await start(make_function(), stand_ins={"fn": whole})

    return enter


def endpoint(answer: Response) -> Starlette:
    async def invoke(_request: Request) -> Response:
        return answer

    path = "/2015-03-31/functions/function/invocations"
    return Starlette(routes=[Route(path, invoke, methods=["POST"])])


ERROR = b'{"errorMessage": "wrong", "errorType": "ValueError"}'


@pytest.mark.aws_observed(
    "aws-lambda-runtime-interface-emulator answers without headers"
)
@pytest.mark.parametrize(
    ("body", "headers", "error"),
    [
        (b'{"a": 1}', {}, None),
        (ERROR, {}, "Unhandled"),
        (ERROR, {"x-amz-executed-version": "$LATEST"}, None),
        (ERROR, {"x-amz-function-error": "Unhandled"}, "Unhandled"),
        (b"1", {"x-amz-function-error": "Handled"}, "Handled"),
        (b"not json", {}, None),
    ],
)
async def test_an_endpoint_tells_errors_by_header_or_by_shape(
    body: bytes, headers: dict[str, str], error: str | None, answering: Any
) -> None:
    lambdas = await answering(Response(body, headers=headers))
    answer = await lambdas.invoke("fn", b"{}")
    assert (answer.payload, answer.function_error) == (body, error)


@pytest.mark.aws_doc("Lambda API reference, Invoke, errors")
async def test_an_endpoint_s_rejection_is_passed_on(answering: Any) -> None:
    headers = {
        "x-amzn-errortype": "TooManyRequestsException:http://internal.amazon.com/"
    }
    lambdas = await answering(Response(b"Rate Exceeded.", 429, headers))
    with pytest.raises(InvokeRejected) as rejected:
        await lambdas.invoke("fn", b"{}")
    error = rejected.value
    assert (error.error_type, error.status) == ("TooManyRequestsException", 429)
    assert error.message == "Rate Exceeded."
