"""Waits that end, and tell why they failed."""

import asyncio
from time import monotonic
from typing import Any

import pytest

from appsync_emulator.testing import Appsync, WaitFailed

from .project import ASK, ECHO, ON_TOKEN, PUBLISH

pytestmark = pytest.mark.ours("the waits of tests are our own")


def fail(_event: Any, _context: Any) -> None:
    raise ValueError("out of luck")


def test_idle_counts_the_work_that_work_starts(appsync: Appsync) -> None:
    left = [3]

    def ask(_event: Any, _context: Any) -> None:
        left[0] -= 1
        if left[0]:
            appsync.client.execute(ASK)

    appsync.functions["Ask"] = ask
    appsync.client.execute(ASK)
    appsync.idle()
    assert len(appsync.invocations) == 3


def test_idle_moves_the_time_to_the_next_retry(appsync: Appsync) -> None:
    appsync.functions["Ask"] = fail
    before = appsync.clock.now()
    appsync.client.execute(ASK)
    appsync.idle(advance=True)
    assert [one.attempt for one in appsync.invocations] == [1, 2, 3]
    # Lambda developer guide: one minute before the second attempt, two before the third
    assert 180 <= appsync.clock.now() - before < 200


def test_the_clock_is_moved_by_hand(appsync: Appsync) -> None:
    appsync.functions["Ask"] = fail
    appsync.client.execute(ASK)
    with pytest.raises(WaitFailed):
        appsync.idle()
    assert len(appsync.invocations) == 1
    appsync.functions["Ask"] = lambda _event, _context: None
    appsync.clock.advance(60)
    appsync.idle()
    assert appsync.invocations.outcomes == ["Unhandled", "Success"]


def test_a_retry_that_is_due_later_is_told_at_once(appsync: Appsync) -> None:
    appsync.functions["Ask"] = fail
    appsync.client.execute(ASK)
    before = monotonic()
    with pytest.raises(WaitFailed) as caught:
        appsync.idle()
    assert monotonic() - before < appsync.timeout / 2
    message = str(caught.value)
    assert "is tried again in" in message
    assert "(attempt 2" in message
    assert "appsync.clock.advance(…)" in message
    assert "ValueError: out of luck" in message.replace('"', "")


async def test_work_without_an_end_is_named(appsync: Appsync) -> None:
    never = asyncio.Event()

    async def ask(_event: Any, _context: Any) -> None:
        await never.wait()

    appsync.functions["Ask"] = ask
    await appsync.client.execute(ASK)
    with pytest.raises(WaitFailed, match="function AskFunction is running"):
        await appsync.idle(0.05)


def test_an_event_that_does_not_come_is_explained(appsync: Appsync) -> None:
    with appsync.subscribe(ON_TOKEN, timeout=0.05) as events:
        appsync.client.execute(ECHO)
        with pytest.raises(WaitFailed) as caught:
            next(events)
    message = str(caught.value)
    assert "Waited in vain for an event of onToken in 0.05 s." in message
    assert "Nothing was published to onToken." in message
    assert "request query { echo" in message
    assert "resolver Query.echo asks Echo" in message
    assert '"args":{"text":"hello"}' in message
    assert "-> Success" in message


def test_an_event_for_others_is_told_with_the_reason(appsync: Appsync) -> None:
    with appsync.subscribe(ON_TOKEN, timeout=0.05) as events:
        appsync.client.execute(PUBLISH, {"text": "x", "session": "other"})
        with pytest.raises(WaitFailed) as caught:
            events.take(2)
    assert 'argument session is "s": the event has "other"' in str(caught.value)


async def test_what_came_is_told_as_well(appsync: Appsync) -> None:
    async with appsync.subscribe(ON_TOKEN) as events:
        await appsync.client.execute(PUBLISH, {"text": "one"})
        with pytest.raises(WaitFailed, match=r"2 events.*\n1 came: .*one"):
            await events.take(2, timeout=0.05)
        with pytest.raises(WaitFailed, match="the last event of onToken"):
            await events.until(lambda _: False, timeout=0.05)


def test_the_log_of_a_function_that_failed_is_shown(appsync: Appsync) -> None:
    appsync.functions["Echo"] = fail
    appsync.client.execute(ECHO)
    timeline = appsync.timeline()
    assert "-> Unhandled" in timeline
    assert "| [ERROR] ValueError: out of luck" in timeline
    assert "Lambda:Unhandled" in timeline


def test_the_tail_of_a_process_is_kept(appsync: Appsync) -> None:
    appsync.client.execute(ECHO)
    (call,) = appsync.invocations.of("Echo")
    assert "working on {'text': 'hello'}" in call.log
    assert call.payload["args"] == {"text": "hello"}
    assert call.result == "hello"


def test_deliveries_say_who_got_which_event(appsync: Appsync) -> None:
    appsync.client.execute(PUBLISH, {"text": "too early"})
    with appsync.subscribe(ON_TOKEN):
        appsync.client.execute(PUBLISH, {"text": "mine"})
        appsync.client.execute(PUBLISH, {"text": "theirs", "session": "other"})
        early, mine, theirs = appsync.deliveries.of("onToken")
        assert early.event == {"session": "s", "text": "too early"}
        assert [one.kind for one in early.missed] == ["not_started"]
        assert [one.arguments for one in mine.delivered] == [{"session": "s"}]
        assert theirs.delivered == []
        assert [one.kind for one in theirs.missed] == ["argument"]
    assert appsync.deliveries.of("publishToken").events == [
        one.event for one in appsync.deliveries
    ]


def test_the_next_test_sees_nothing_of_this_one(appsync: Appsync) -> None:
    appsync.functions["Ask"] = fail
    appsync.client.execute(ASK)
    appsync.client.execute(PUBLISH, {"text": "x"})
    appsync.faults.function("Ask", throttle=True)
    appsync.timeout = 0.01
    appsync.clock.advance(3_600 * 24)
    appsync.reset()
    appsync.idle()
    assert appsync.timeline() == "Nothing has happened."
    assert appsync.deliveries == []
    assert appsync.invocations == []
    assert appsync.timeout == 5.0
    appsync.client.execute(ASK)
    appsync.idle()
    assert appsync.invocations.outcomes == ["Success"]


def test_a_running_function_is_ended_with_its_test(appsync: Appsync) -> None:
    async def ask(_event: Any, _context: Any) -> None:
        await asyncio.Event().wait()

    appsync.functions["Ask"] = ask
    appsync.client.execute(ASK)
    appsync.reset()
    appsync.idle(0.5)
