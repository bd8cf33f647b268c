"""Functions and data sources that are callables of the test's own process."""

import asyncio
import sys
import threading
from typing import Any

import pytest

from appsync_emulator.testing import Appsync, DataSourceError

from .project import ASK, ECHO, ON_TOKEN, PUBLISH

pytestmark = pytest.mark.ours("replacing functions is our own")
ITEM = 'query { item(id: "1") }'


@pytest.mark.parametrize("name", ["Echo", "EchoFunction"])
def test_a_function_is_named_by_resource_or_data_source(
    appsync: Appsync, name: str
) -> None:
    appsync.functions[name] = lambda event, _context: event["field"]
    assert appsync.client.execute(ECHO).data == {"echo": "echo"}
    assert list(appsync.functions) == ["Echo"]
    del appsync.functions[name]
    assert appsync.client.execute(ECHO).data == {"echo": "hello"}


def test_an_unknown_function_is_told_with_the_nearest(appsync: Appsync) -> None:
    with pytest.raises(KeyError, match="Did you mean 'Echo'"):
        appsync.functions["Ecco"] = print
    with pytest.raises(KeyError, match="There is no data source"):
        appsync.data_sources["Nowhere"] = print


def test_a_handler_runs_in_this_process_and_may_execute_operations(
    appsync: Appsync,
) -> None:
    seen: list[Any] = []

    def ask(event: Any, context: Any) -> None:
        seen.append((threading.current_thread(), context.aws_request_id))
        appsync.client.execute(PUBLISH, {"text": event["args"]["session"]})

    appsync.functions["Ask"] = ask
    with appsync.subscribe(ON_TOKEN) as events:
        assert appsync.client.execute(ASK).data == {"ask": None}
        assert events.take(1) == [{"session": "s", "text": "s"}]
    appsync.idle()
    assert seen[0][1] == appsync.invocations[0].request_id


async def test_a_coroutine_function_runs_on_the_loop_of_the_test(
    appsync: Appsync,
) -> None:
    here = asyncio.get_running_loop()
    go_on = asyncio.Event()

    async def ask(_event: Any, _context: Any) -> None:
        assert asyncio.get_running_loop() is here
        await go_on.wait()
        await appsync.client.execute(PUBLISH, {"text": "went on"})

    appsync.functions["Ask"] = ask
    async with appsync.subscribe(ON_TOKEN) as events:
        await appsync.client.execute(ASK)
        assert appsync.invocations == []
        go_on.set()
        assert (await anext(events))["text"] == "went on"
    await appsync.idle()
    assert appsync.invocations.outcomes == ["Success"]


async def test_a_handler_that_is_cancelled_has_failed(appsync: Appsync) -> None:
    async def ask(_event: Any, _context: Any) -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(0)

    appsync.functions["Ask"] = ask
    await appsync.client.execute(ASK)
    await appsync.idle(advance=True)
    assert [one.error_type for one in appsync.invocations] == ["RuntimeError"] * 3


def test_a_coroutine_function_of_another_test_runs_on_our_loop(
    appsync: Appsync,
) -> None:
    async def echo(event: Any, _context: Any) -> Any:
        await asyncio.sleep(0)
        return event["args"]["text"]

    appsync.functions["Echo"] = echo
    assert appsync.client.execute(ECHO).data == {"echo": "hello"}


def test_a_debugger_or_coverage_sees_the_handler(appsync: Appsync) -> None:
    lines: list[int] = []

    def echo(_event: Any, _context: Any) -> str:
        return "traced"

    def trace(frame: Any, kind: str, _argument: Any) -> Any:
        if frame.f_code is echo.__code__:
            lines.append(frame.f_lineno)
        return trace if kind == "call" else None

    before = sys.gettrace()
    threading.settrace(trace)
    try:
        appsync.functions["Echo"] = echo
        assert appsync.client.execute(ECHO).data == {"echo": "traced"}
    finally:
        threading.settrace(before)
    assert lines


def test_what_a_handler_raises_is_an_error_of_the_function(appsync: Appsync) -> None:
    def echo(_event: Any, _context: Any) -> None:
        raise LookupError("nothing there")

    appsync.functions["Echo"] = echo
    answer = appsync.client.execute(ECHO)
    assert answer.error_types == ["Lambda:Unhandled"]
    assert answer.errors[0]["message"] == "nothing there"
    (call,) = appsync.invocations
    assert not call.succeeded
    assert call.error_type == "LookupError"
    assert "nothing there" in call.log


def test_the_next_test_has_the_functions_own_code_again(appsync: Appsync) -> None:
    appsync.functions["Echo"] = lambda _event, _context: "mine"
    appsync.data_sources["Table"] = lambda _request: "mine"
    assert appsync.client.execute(ECHO).data == {"echo": "mine"}
    appsync.reset()
    assert appsync.client.execute(ECHO).data == {"echo": "hello"}
    assert not appsync.functions
    assert not appsync.data_sources


def test_a_data_source_of_any_type_can_be_replaced(appsync: Appsync) -> None:
    asked: list[Any] = []

    def table(request: Any) -> str:
        asked.append(request)
        return "found"

    appsync.data_sources["Table"] = table
    assert appsync.data_sources["Table"] is table
    assert appsync.client.execute(ITEM).data == {"item": "found"}
    assert asked == [{"operation": "PutEvents", "events": ["1"]}]


async def test_it_can_be_a_coroutine_function(appsync: Appsync) -> None:
    answer = asyncio.get_running_loop().create_future()

    async def table(_request: Any) -> Any:
        return await answer

    appsync.data_sources["Table"] = table
    waiting = appsync.client.execute(ITEM)
    answer.set_result("late")
    assert (await waiting).data == {"item": "late"}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (DataSourceError("Table:Slow", "wait a bit", "part"), "Table:Slow"),
        (ValueError("wait a bit"), "ValueError"),
    ],
)
def test_what_it_raises_is_the_resolvers_error(
    appsync: Appsync, error: Exception, expected: str
) -> None:
    def table(_request: Any) -> None:
        raise error

    appsync.data_sources["Table"] = table
    answer = appsync.client.execute(ITEM)
    assert answer.error_types == [expected]
    assert answer.errors[0]["message"] == "wait a bit"


def test_a_functions_environment_is_at_hand(appsync: Appsync) -> None:
    environment = appsync.environment("Ask")
    assert environment["OPENAI_BASE_URL"].endswith("/v1")
