"""Asynchronous invocation: at least once, retries, ages, bounds."""

import asyncio
import logging
from typing import Any

import orjson
import pytest

from appsync_emulator.clock import ManualClock
from appsync_emulator.lambdas import async_queue
from appsync_emulator.lambdas.async_queue import FinishedEvent
from appsync_emulator.lambdas.service import Attempt, InvokeRejected

pytestmark = pytest.mark.aws_doc(
    "Lambda developer guide, how Lambda handles errors and retries with asynchronous "
    "invocation"
)


class World:
    """A function `fn` whose answers the test decides, and what is told of it."""

    def __init__(self, until: Any) -> None:
        self.clock = ManualClock()
        self.until = until
        self.lambdas: Any = None
        self.attempts: list[Attempt] = []
        self.finished: list[FinishedEvent] = []
        self.request_ids: list[str] = []
        self.failures = 0

    def handler(self, _event: Any, context: Any) -> str:
        self.request_ids.append(context.aws_request_id)
        if self.failures:
            self.failures -= 1
            raise ValueError("not yet")
        return "done"

    async def wait_for_sleeper(self) -> None:
        """Wait until an event waits for its next attempt."""
        await self.until(lambda: self.clock.sleeping)

    async def wait_for_attempt(self, number: int) -> None:
        """Wait until so many attempts have ended."""
        await self.until(lambda: len(self.attempts) >= number)


@pytest.fixture
def world(until: Any) -> World:
    return World(until)


@pytest.fixture
def run(world: World, make_function: Any, start: Any) -> Any:
    async def enter(**about: Any) -> World:
        async def handler(event: Any, context: Any) -> str:
            return world.handler(event, context)

        world.lambdas = await start(
            make_function(**about),
            clock=world.clock,
            stand_ins={"fn": handler},
            listener=world.attempts.append,
            finished=world.finished.append,
        )
        return world

    return enter


async def test_an_event_is_accepted_at_once_and_run_later(
    run: Any, world: World
) -> None:
    await run()
    request_id = world.lambdas.invoke_event("fn", b'{"a": 1}')
    assert world.request_ids == []
    await world.lambdas.idle()
    assert world.request_ids == [request_id]
    (attempt,) = world.attempts
    assert (attempt.kind, attempt.number, attempt.outcome) == ("Event", 1, "Success")
    assert (attempt.request_size, attempt.response_size) == (8, 6)
    (finished,) = world.finished
    assert (finished.condition, finished.attempts) == ("Success", 1)


async def test_a_failing_event_is_tried_again_after_one_and_two_minutes(
    run: Any, world: World, caplog: Any
) -> None:
    await run()
    world.failures = 99
    request_id = world.lambdas.invoke_event("fn", b"{}")
    for wait in (60, 120):
        await world.wait_for_sleeper()
        tried = len(world.attempts)
        world.clock.advance(wait - 1)
        await asyncio.sleep(0.01)
        assert len(world.attempts) == tried
        world.clock.advance(1)
        await world.wait_for_attempt(tried + 1)
    await world.lambdas.idle()
    assert world.request_ids == [request_id] * 3
    assert [attempt.number for attempt in world.attempts] == [1, 2, 3]
    assert [attempt.error_type for attempt in world.attempts] == ["ValueError"] * 3
    (finished,) = world.finished
    assert (finished.condition, finished.attempts) == ("RetriesExhausted", 3)
    (warning,) = [
        record.getMessage()
        for record in caplog.records
        if record.levelno == logging.WARNING
    ]
    assert warning == (
        f"Event {request_id} of function fn is lost after 3 attempts "
        "(RetriesExhausted): ValueError: not yet"
    )


async def test_a_success_ends_the_retries(run: Any, world: World) -> None:
    await run()
    world.failures = 1
    world.lambdas.invoke_event("fn", b"{}")
    await world.wait_for_sleeper()
    world.clock.advance(60)
    await world.lambdas.idle()
    assert [attempt.outcome for attempt in world.attempts] == ["Unhandled", "Success"]
    assert world.finished[0].condition == "Success"


@pytest.mark.parametrize("retries", [0, 1, 2, "1"])
async def test_the_function_s_own_number_of_retries_counts(
    retries: Any, run: Any, world: World
) -> None:
    await run(async_config={"MaximumRetryAttempts": retries})
    world.failures = 99
    world.lambdas.invoke_event("fn", b"{}")
    for _ in range(int(retries)):
        await world.wait_for_sleeper()
        world.clock.advance(120)
    await world.lambdas.idle()
    assert len(world.attempts) == int(retries) + 1


@pytest.mark.aws_observed(
    "localstack test_lambda_destinations.snapshot.json, test_maxeventage"
)
async def test_an_event_that_would_get_too_old_is_given_up_at_once(
    run: Any, world: World
) -> None:
    await run(async_config={"MaximumEventAgeInSeconds": 60})
    world.failures = 99
    world.clock.advance(1)
    world.lambdas.invoke_event("fn", b"{}")
    world.clock.advance(1)
    await world.lambdas.idle()
    (finished,) = world.finished
    assert (finished.condition, finished.attempts) == ("EventAgeExceeded", 1)


@pytest.mark.aws_observed("localstack lambda snapshots, test_reserved_concurrency")
async def test_without_concurrency_an_event_is_given_up_at_once(
    run: Any, world: World
) -> None:
    await run(reserved_concurrency=0)
    world.lambdas.invoke_event("fn", b"{}")
    await world.lambdas.idle()
    (finished,) = world.finished
    assert (finished.condition, finished.attempts) == ("ZeroReservedConcurrency", 0)
    assert world.request_ids == []


async def test_throttled_events_come_back_later_without_counting_as_attempts(
    make_function: Any, start: Any, world: World
) -> None:
    gate = asyncio.Event()

    async def handler(_event: Any, _context: Any) -> None:
        await gate.wait()

    function = make_function(
        reserved_concurrency=1,
        timeout=20,
        async_config={"MaximumRetryAttempts": 0},
    )
    lambdas = await start(
        function,
        clock=world.clock,
        stand_ins={"fn": handler},
        listener=world.attempts.append,
        finished=world.finished.append,
    )
    lambdas.invoke_event("fn", b"1")
    lambdas.invoke_event("fn", b"2")
    waits = []
    for wait in (1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300):
        await world.wait_for_sleeper()
        tried = len(world.attempts)
        world.clock.advance(wait - 0.5)
        await asyncio.sleep(0.002)
        assert len(world.attempts) == tried
        world.clock.advance(0.5)
        await world.wait_for_attempt(tried + 1)
        waits.append(world.attempts[-1].outcome)
    assert set(waits) == {"TooManyRequestsException"}
    gate.set()
    await world.wait_for_sleeper()
    world.clock.advance(300)
    await lambdas.idle()
    ended = [(one.event.payload, one.condition, one.attempts) for one in world.finished]
    assert ended == [(b"1", "Success", 1), (b"2", "Success", 1)]


@pytest.mark.ours("the limit of environments is ours, so it throttles no event")
async def test_events_beyond_the_environments_wait_without_back_off(
    run: Any, world: World
) -> None:
    await run()
    for _ in range(500):
        world.lambdas.invoke_event("fn", b"{}")
    await world.lambdas.idle()
    assert {attempt.outcome for attempt in world.attempts} == {"Success"}
    assert len(world.attempts) == 500


@pytest.mark.parametrize("size", [1_048_576, 1_048_577])
async def test_an_event_may_have_one_megabyte(
    size: int, run: Any, world: World
) -> None:
    await run()
    payload = b'"' + b"x" * (size - 2) + b'"'
    if size <= 1_048_576:
        assert world.lambdas.invoke_event("fn", payload)
        await world.lambdas.idle()
        return
    with pytest.raises(InvokeRejected) as rejected:
        world.lambdas.invoke_event("fn", payload)
    assert rejected.value.status == 413
    assert rejected.value.message == (
        "1048577 byte payload is too large for the Event invocation type "
        "(limit 1048576 bytes)"
    )


@pytest.mark.ours("a bound for every queue")
@pytest.mark.parametrize(("name", "value"), [("LONGEST", 3), ("LARGEST", 8)])
async def test_a_full_queue_refuses(
    name: str, value: int, run: Any, world: World, monkeypatch: Any
) -> None:
    monkeypatch.setattr(async_queue, name, value)
    await run()
    for _ in range(3):
        world.lambdas.invoke_event("fn", b"{}")
    with pytest.raises(InvokeRejected) as rejected:
        world.lambdas.invoke_event("fn", b"12345678")
    assert rejected.value.error_type == "TooManyRequestsException"
    await world.lambdas.idle()
    assert world.lambdas.invoke_event("fn", b"{}")
    await world.lambdas.idle()


async def test_idle_counts_what_running_work_starts(
    make_function: Any, start: Any
) -> None:
    lambdas: Any = None
    seen = []

    async def handler(event: int, _context: Any) -> None:
        seen.append(event)
        await asyncio.sleep(0.01)
        if event:
            lambdas.invoke_event("fn", orjson.dumps(event - 1))

    lambdas = await start(make_function(), stand_ins={"fn": handler})
    lambdas.invoke_event("fn", b"3")
    await lambdas.idle()
    assert seen == [3, 2, 1, 0]


@pytest.mark.aws_doc("Lambda developer guide, asynchronous invocation: runtime errors")
async def test_a_process_killed_in_an_event_is_a_failed_attempt(
    make_function: Any, start: Any, world: World
) -> None:
    code = """
    import os, pathlib, signal, tempfile
    def handler(event, context):
        seen = pathlib.Path(tempfile.gettempdir(), 'seen')
        if not seen.exists():
            seen.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    """
    lambdas = await start(
        make_function(code, timeout=20),
        clock=world.clock,
        listener=world.attempts.append,
    )
    lambdas.invoke_event("fn", b"{}")
    await world.wait_for_attempt(1)
    await world.wait_for_sleeper()
    world.clock.advance(60)
    await lambdas.idle()
    told = [(attempt.number, attempt.error_type) for attempt in world.attempts]
    assert told == [(1, "Runtime.ExitError"), (2, None)]
    assert len({attempt.request_id for attempt in world.attempts}) == 1


@pytest.mark.ours("a listener is a guest")
async def test_a_listener_that_raises_disturbs_nothing(
    make_function: Any, start: Any, caplog: Any
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("listener")

    async def handler(_event: Any, _context: Any) -> int:
        return 1

    lambdas = await start(
        make_function(), stand_ins={"fn": handler}, listener=broken, finished=broken
    )
    assert (await lambdas.invoke("fn", b"{}")).payload == b"1"
    lambdas.invoke_event("fn", b"{}")
    await lambdas.idle()
    assert len([record for record in caplog.records if record.exc_info]) == 3


@pytest.mark.ours("what is lost at the end is named")
async def test_closing_names_events_that_wait_for_a_retry(
    run: Any, world: World, caplog: Any
) -> None:
    await run()
    world.failures = 1
    request_id = world.lambdas.invoke_event("fn", b"{}")
    await world.wait_for_sleeper()
    await world.lambdas.close(grace=30)
    text = f"Event {request_id} of function fn is lost: the emulator stops (1 attempts)"
    assert text in caplog.text
    await world.lambdas.idle()


@pytest.mark.ours("what can be mended in time is not lost")
async def test_an_event_whose_function_cannot_run_is_kept_for_later(
    make_function: Any, start: Any, world: World, caplog: Any
) -> None:
    function = make_function("def handler(event, context): return 1")
    lambdas = await start(
        function,
        clock=world.clock,
        listener=world.attempts.append,
        finished=world.finished.append,
    )
    lambdas.invoke_event("fn", b"{}")
    elsewhere = function.code.rename(function.code.with_name("elsewhere"))
    await world.wait_for_sleeper()
    assert "E020 Function fn cannot run. Its code" in caplog.text
    elsewhere.rename(function.code)
    world.clock.advance(1)
    await lambdas.idle()
    outcomes = [attempt.outcome for attempt in world.attempts]
    assert outcomes == ["ServiceException", "Success"]
    assert world.finished[0].attempts == 1
