"""Invoking by name or ARN: limits, errors, cancellation, the end."""

import asyncio
from typing import Any

import pytest

from appsync_emulator.lambdas.service import Attempt, InvokeRejected
from appsync_emulator.settings import Settings

pytestmark = pytest.mark.aws_doc("Lambda API reference, Invoke")

ARN = "arn:aws:lambda:us-east-1:000000000000:function:fn"


async def arn_of(_event: Any, context: Any) -> str:
    arn: str = context.invoked_function_arn
    return arn


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("fn", ARN),
        (ARN, ARN),
        ("000000000000:function:fn", ARN),
        ("fn:live", f"{ARN}:live"),
        (f"{ARN}:live", f"{ARN}:live"),
        ("000000000000:function:fn:$LATEST", f"{ARN}:$LATEST"),
    ],
)
async def test_a_function_has_many_names(
    name: str, arn: str, make_function: Any, start: Any
) -> None:
    lambdas = await start(make_function(), stand_ins={"fn": arn_of})
    assert (await lambdas.invoke(name, b"{}")).payload == f'"{arn}"'.encode()


@pytest.mark.aws_observed("localstack lambda snapshots, test_invoke_exceptions")
@pytest.mark.parametrize("name", ["nope", ARN.replace(":fn", ":nope"), "nope:live"])
async def test_an_unknown_function_is_not_found(
    name: str, make_function: Any, start: Any
) -> None:
    lambdas = await start(make_function())
    qualifier = "live" if name.endswith(":live") else "$LATEST"
    with pytest.raises(InvokeRejected) as rejected:
        await lambdas.invoke(name, b"{}")
    error = rejected.value
    assert (error.error_type, error.status) == ("ResourceNotFoundException", 404)
    arn = ARN.replace(":fn", ":nope")
    assert error.message == f"Function not found: {arn}:{qualifier}"
    with pytest.raises(InvokeRejected):
        lambdas.invoke_event(name, b"{}")


@pytest.mark.aws_observed("aws-athena-query-federation #793")
async def test_a_request_over_6_mb_is_refused(make_function: Any, start: Any) -> None:
    async def size(event: str, _context: Any) -> int:
        return len(event)

    lambdas = await start(make_function(), stand_ins={"fn": size})
    payload = b'"' + b"x" * (6_291_456 - 2) + b'"'
    assert (await lambdas.invoke("fn", payload)).payload == b"6291454"
    with pytest.raises(InvokeRejected) as rejected:
        await lambdas.invoke("fn", payload + b" ")
    error = rejected.value
    assert (error.error_type, error.status) == ("RequestEntityTooLargeException", 413)
    assert error.message == (
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation"
    )


async def test_the_listener_is_told_of_every_invocation(
    make_function: Any, start: Any
) -> None:
    async def handler(event: Any, _context: Any) -> Any:
        if event is None:
            raise KeyError("x")
        return event

    told: list[Attempt] = []
    lambdas = await start(
        make_function(), stand_ins={"fn": handler}, listener=told.append
    )
    answer = await lambdas.invoke("fn", b"[1]")
    await lambdas.invoke("fn", b"null")
    first, second = told
    assert first.function == "fn"
    assert first.request_id == answer.request_id
    assert (first.kind, first.number) == ("RequestResponse", 1)
    assert (first.outcome, first.error_type) == ("Success", None)
    assert (first.request_size, first.response_size) == (3, 3)
    assert first.duration >= 0
    assert (second.outcome, second.error_type) == ("Unhandled", "KeyError")


@pytest.mark.ours("AppSync gives up after 30 s, the function goes on, as on AWS")
async def test_a_caller_that_goes_does_not_stop_the_function(
    make_function: Any, start: Any
) -> None:
    started, gate, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def handler(_event: Any, _context: Any) -> None:
        started.set()
        await gate.wait()
        ended.set()

    told: list[Attempt] = []
    lambdas = await start(
        make_function(timeout=20), stand_ins={"fn": handler}, listener=told.append
    )
    async with asyncio.TaskGroup() as group:
        call = group.create_task(lambdas.invoke("fn", b"{}"))
        await started.wait()
        call.cancel()
    gate.set()
    await lambdas.idle()
    assert ended.is_set()
    assert [attempt.outcome for attempt in told] == ["Success"]


@pytest.mark.ours("no new work while the old one ends")
async def test_after_closing_everything_is_refused(
    make_function: Any, start: Any
) -> None:
    lambdas = await start(make_function())
    await lambdas.close()
    await lambdas.close()
    with pytest.raises(InvokeRejected):
        await lambdas.invoke("fn", b"{}")
    with pytest.raises(InvokeRejected):
        lambdas.invoke_event("fn", b"{}")
    await lambdas.idle()


@pytest.mark.ours("the grace is for what runs")
async def test_closing_waits_for_running_functions_up_to_the_grace(
    make_function: Any, start: Any, caplog: Any
) -> None:
    started = asyncio.Event()
    seconds = {"short": 0.05, "long": 60.0}

    async def handler(event: str, _context: Any) -> str:
        started.set()
        await asyncio.sleep(seconds[event])
        return event

    lambdas = await start(make_function(timeout=100), stand_ins={"fn": handler})
    async with asyncio.TaskGroup() as group:
        short = group.create_task(lambdas.invoke("fn", b'"short"'))
        lambdas.invoke_event("fn", b'"short"')
        long = group.create_task(refused(lambdas.invoke("fn", b'"long"')))
        event = lambdas.invoke_event("fn", b'"long"')
        await started.wait()
        await lambdas.close(grace=0.5)
    assert short.result().payload == b'"short"'
    assert long.result().error_type == "ServiceException"
    lost = [record.getMessage() for record in caplog.records]
    assert len(lost) == 2
    assert lost[0].startswith("Function fn is stopped in request ")
    assert lost[1].startswith(f"Event {event} of function fn is lost: the emulator")


async def refused(call: Any) -> InvokeRejected:
    with pytest.raises(InvokeRejected) as rejected:
        await call
    return rejected.value


@pytest.mark.ours("the grace ends early when there is nothing to wait for")
async def test_closing_an_idle_emulator_takes_no_time(
    make_function: Any, start: Any
) -> None:
    code = "def handler(event, context): return 1"
    lambdas = await start(make_function(code))
    await lambdas.invoke("fn", b"{}")
    started = asyncio.get_running_loop().time()
    await lambdas.close(grace=30)
    assert asyncio.get_running_loop().time() - started < 5


@pytest.mark.ours("the emulator's region and account are settings")
async def test_unknown_functions_are_of_our_region_and_account(start: Any) -> None:
    settings = Settings(region="eu-central-1", account_id="123456789012")
    lambdas = await start(settings=settings)
    with pytest.raises(
        InvokeRejected, match="arn:aws:lambda:eu-central-1:123456789012:"
    ):
        await lambdas.invoke("x", b"{}")


async def test_an_endpoint_that_is_not_there_is_a_service_error(
    make_function: Any, start: Any
) -> None:
    url = "http://127.0.0.1:9"
    lambdas = await start(make_function(), stand_ins={"fn": url})
    error = await refused(lambdas.invoke("fn", b"{}"))
    assert (error.error_type, error.status) == ("ServiceException", 502)
    assert "http://127.0.0.1:9/2015-03-31/functions/fn/invocations" in error.message
