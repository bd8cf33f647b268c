"""What every way to run a function has in common: one suite for all of them."""

import asyncio
import base64
import shutil
import time
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appsync_emulator.lambdas.service import InvokeRejected, Lambdas

PYTHON = """
import time

class Failure(Exception):
    pass

def handler(event, context):
    match event['do']:
        case 'echo':
            return event
        case 'nothing':
            return None
        case 'tell':
            return {
                'id': context.aws_request_id,
                'arn': context.invoked_function_arn,
                'name': context.function_name,
                'left': context.get_remaining_time_in_millis() > 500,
                'custom': context.client_context and context.client_context.custom,
            }
        case 'fail':
            raise Failure('it failed')
        case 'hang':
            time.sleep(30)
        case 'overflow':
            return 'x' * 7_000_000
"""

NODE = """
class Failure extends Error { name = 'Failure'; }

exports.handler = async (event, context) => {
  switch (event.do) {
    case 'echo': return event;
    case 'nothing': return;
    case 'tell': return {
      id: context.awsRequestId,
      arn: context.invokedFunctionArn,
      name: context.functionName,
      left: context.getRemainingTimeInMillis() > 500,
      custom: context.clientContext?.custom ?? null,
    };
    case 'fail': throw new Failure('it failed');
    case 'hang': await new Promise((then) => setTimeout(then, 30_000)); break;
    case 'overflow': return 'x'.repeat(7_000_000);
  }
};
"""

KINDS = ["python", "node", "callable", "async callable", "endpoint"]

Run = Callable[..., Awaitable[Lambdas]]


@pytest.fixture(params=KINDS)
def run(request: Any, make_function: Any, start: Any, serve: Any) -> Run:
    """Start a function of one kind; all kinds behave the same."""
    kind = request.param
    if kind == "node" and not shutil.which("node"):
        pytest.skip("there is no node")
    names: dict[str, Any] = {}
    exec(PYTHON, names)
    sync_handler = names["handler"]

    async def async_handler(event: Any, context: Any) -> Any:
        if event["do"] == "hang":
            await asyncio.sleep(30)
        return sync_handler(event, context)

    async def enter(**about: Any) -> Lambdas:
        if kind == "node":
            about |= {"runtime": "nodejs20.x", "handler": "index.handler"}
            function = make_function(NODE, file="index.js", **about)
        else:
            function = make_function(PYTHON, **about)
        stand_in: Any = None
        if kind == "callable":
            stand_in = sync_handler
        elif kind == "async callable":
            stand_in = async_handler
        elif kind == "endpoint":
            stand_in = serve(invoke_api(await start(function)))
        stand_ins = {} if stand_in is None else {function.name: stand_in}
        lambdas: Lambdas = await start(function, stand_ins=stand_ins)
        return lambdas

    return enter


def invoke_api(lambdas: Lambdas) -> Starlette:
    """Serve Lambda's Invoke API, as its reference describes it."""

    async def invoke(request: Request) -> Response:
        context = request.headers.get("x-amz-client-context")
        decoded = None if context is None else base64.b64decode(context).decode()
        payload = await request.body()
        try:
            answer = await lambdas.invoke(request.path_params["name"], payload, decoded)
        except InvokeRejected as error:
            headers = {"x-amzn-errortype": error.error_type}
            return Response(error.message, error.status, headers)
        tail = base64.b64encode(answer.log_tail.encode()).decode()
        headers = {
            "x-amzn-requestid": answer.request_id,
            "x-amz-executed-version": answer.executed_version,
            "x-amz-log-result": tail,
        }
        if answer.function_error:
            headers["x-amz-function-error"] = answer.function_error
        return Response(answer.payload, headers=headers)

    path = "/2015-03-31/functions/{name}/invocations"
    return Starlette(routes=[Route(path, invoke, methods=["POST"])])


async def invoke(lambdas: Lambdas, **event: Any) -> tuple[Any, str | None]:
    answer = await lambdas.invoke("fn", orjson.dumps(event))
    return orjson.loads(answer.payload), answer.function_error


pytestmark = pytest.mark.aws_doc("Lambda API reference, Invoke")


async def test_the_result_is_the_function_s_json(run: Run) -> None:
    lambdas = await run()
    event = {
        "do": "echo",
        "list": [1, 2.5, None, True],
        "text": "Grüße, \u4e16\u754c \U0001f600",
    }
    assert await invoke(lambdas, **event) == (event, None)


async def test_no_result_is_null(run: Run) -> None:
    assert await invoke(await run(), do="nothing") == (None, None)


async def test_the_context_tells_about_the_invocation(run: Run) -> None:
    lambdas = await run(timeout=10)
    payload = orjson.dumps({"do": "tell"})
    answer = await lambdas.invoke("fn", payload, '{"custom": {"a": "ä"}}')
    assert orjson.loads(answer.payload) == {
        "id": answer.request_id,
        "arn": "arn:aws:lambda:us-east-1:000000000000:function:fn",
        "name": "fn",
        "left": True,
        "custom": {"a": "ä"},
    }


async def test_an_exception_is_an_unhandled_error(run: Run) -> None:
    error, kind = await invoke(await run(), do="fail")
    assert kind == "Unhandled"
    assert (error["errorType"], error["errorMessage"]) == ("Failure", "it failed")


async def test_events_follow_each_other_also_after_an_error(run: Run) -> None:
    lambdas = await run()
    for do in ["echo", "fail", "echo", "nothing", "echo"]:
        await invoke(lambdas, do=do)
    assert await invoke(lambdas, do="echo") == ({"do": "echo"}, None)


@pytest.mark.aws_observed(
    "localstack lambda snapshots, test_lambda_invoke_with_timeout"
)
async def test_the_function_s_timeout_ends_it(run: Run) -> None:
    lambdas = await run(timeout=1)
    started = time.monotonic()
    error, kind = await invoke(lambdas, do="hang")
    assert kind == "Unhandled"
    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
    assert time.monotonic() - started < 20
    assert await invoke(lambdas, do="echo") == ({"do": "echo"}, None)


@pytest.mark.aws_observed("localstack lambda snapshots, test_lambda_too_large_response")
async def test_a_response_over_6_mb_is_an_error(run: Run) -> None:
    error, kind = await invoke(await run(timeout=10), do="overflow")
    assert kind == "Unhandled"
    assert error["errorType"] == "Function.ResponseSizeTooLarge"


async def test_the_log_tail_frames_the_invocation(run: Run) -> None:
    lambdas = await run()
    answer = await lambdas.invoke("fn", b'{"do": "nothing"}')
    start, end, report = answer.log_tail.splitlines()
    assert start == f"START RequestId: {answer.request_id} Version: $LATEST"
    assert end == f"END RequestId: {answer.request_id}"
    assert report.startswith(f"REPORT RequestId: {answer.request_id}\tDuration: ")


@pytest.mark.ours("several events at once need several environments")
async def test_events_run_side_by_side(run: Run) -> None:
    lambdas = await run(timeout=10)
    answers = await asyncio.gather(
        *(invoke(lambdas, do="echo", number=number) for number in range(30))
    )
    assert [answer["number"] for answer, _ in answers] == list(range(30))


@pytest.mark.ours("nobody waits for ever when the emulator ends")
async def test_closing_rejects_what_still_runs(run: Run) -> None:
    lambdas = await run(timeout=60)
    await invoke(lambdas, do="echo")
    async with asyncio.TaskGroup() as group:
        hanging = group.create_task(rejected(invoke(lambdas, do="hang")))
        await asyncio.sleep(0)
        await lambdas.close()
    assert hanging.result().error_type == "ServiceException"


async def rejected(call: Awaitable[Any]) -> InvokeRejected:
    with pytest.raises(InvokeRejected) as error:
        await call
    return error.value
