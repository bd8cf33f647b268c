"""Faults: seeded, repeatable, and over the wire by the settings."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from appsync_emulator.faults import Faults, FunctionFault, read_fault
from appsync_emulator.faults.spec import KINDS
from appsync_emulator.testing import Appsync, WaitFailed
from realtime_client import Client, subscriber
from support import inline_python, js, lambda_js, template

from .project import ASK, ECHO, ON_TOKEN, PUBLISH, SCHEMA

pytestmark = pytest.mark.ours("faults are our own")

NUMBERS = [str(number) for number in range(30)]


def received(appsync: Appsync, **options: Any) -> list[str]:
    """Publish all numbers under a fault; gives what comes."""
    appsync.faults.subscription("onToken", **options)
    with appsync.subscribe(ON_TOKEN) as events:
        for text in NUMBERS:
            appsync.client.execute(PUBLISH, {"text": text})
        appsync.idle()
        return [event["text"] for event in events.received]


def test_events_are_dropped_by_the_dice(appsync: Appsync) -> None:
    appsync.faults.seed = 1
    first = received(appsync, drop=0.5)
    assert 0 < len(first) < len(NUMBERS)
    assert first == sorted(first, key=NUMBERS.index)
    assert len(appsync.faults.happened) == len(NUMBERS) - len(first)
    assert "fault: event" in appsync.timeline()


@pytest.mark.parametrize(
    "options", [{"drop": 0.5}, {"duplicate": 0.5}, {"reorder": 0.5}]
)
def test_the_same_seed_gives_the_same_faults(
    appsync: Appsync, options: dict[str, float]
) -> None:
    found = []
    for seed in (7, 7, 8):
        appsync.reset()
        appsync.faults.seed = seed
        found.append(received(appsync, **options))
    assert found[0] == found[1] != found[2]


def test_duplicates_come_twice_in_order(appsync: Appsync) -> None:
    assert received(appsync, duplicate=1) == [n for n in NUMBERS for _ in "xx"]


def test_overtaken_events_are_not_lost(appsync: Appsync) -> None:
    found = received(appsync, reorder=0.5)
    assert found != NUMBERS
    assert sorted(found) == sorted(NUMBERS)


def test_the_last_event_comes_though_nothing_overtakes_it(appsync: Appsync) -> None:
    appsync.faults.subscription(reorder=1)
    with appsync.subscribe(ON_TOKEN) as events:
        appsync.client.execute(PUBLISH, {"text": "last"})
        assert next(events)["text"] == "last"


def test_late_events_keep_their_order(appsync: Appsync) -> None:
    assert received(appsync, delay=0.01, jitter=0.02) == NUMBERS


def test_a_late_event_is_waited_for_by_idle(appsync: Appsync) -> None:
    appsync.faults.subscription(delay=0.2)
    with appsync.subscribe(ON_TOKEN) as events:
        appsync.client.execute(PUBLISH, {"text": "late"})
        assert events.received == []
        appsync.idle()
        assert len(events.received) == 1


def test_a_connection_breaks_after_some_events(appsync: Appsync) -> None:
    appsync.faults.subscription("onToken", cut_after=2)
    with appsync.subscribe(ON_TOKEN) as events:
        for text in "abc":
            appsync.client.execute(PUBLISH, {"text": text})
        assert [event["text"] for event in events] == ["a", "b"]
        assert events.closed == "it broke"
        with pytest.raises(WaitFailed, match="The connection is closed: it broke"):
            events.take(1)


def test_a_ka_is_left_out_and_clients_are_told_another_time_out(
    appsync: Appsync,
) -> None:
    with appsync.subscribe(ON_TOKEN) as events:
        kinds = [frame["type"] for frame in events.frames]
        assert kinds == ["connection_ack", "ka", "start_ack"]
    appsync.faults.connection(no_ka=True, timeout_ms=2_000)
    with appsync.subscribe(ON_TOKEN) as events:
        kinds = [frame["type"] for frame in events.frames]
        assert kinds == ["connection_ack", "start_ack"]
        assert events.frames[0]["payload"] == {"connectionTimeoutMs": 2_000}


@pytest.mark.parametrize(
    ("options", "error_type", "message"),
    [
        ({"crash_after": 0}, "Runtime.ExitError", "signal: killed"),
        ({"time_out_after": 0}, "Sandbox.Timedout", "timed out after 10.00 seconds"),
    ],
)
def test_a_function_is_killed(
    appsync: Appsync, options: dict[str, float], error_type: str, message: str
) -> None:
    appsync.faults.function("Echo", times=1, **options)
    answer = appsync.client.execute(ECHO)
    assert answer.error_types == ["Lambda:Unhandled"]
    assert message in answer.errors[0]["message"]
    assert appsync.client.execute(ECHO).data == {"echo": "hello"}
    first, second = appsync.invocations
    assert first.error_type == error_type
    assert "REPORT" in first.log
    assert second.succeeded


def test_a_function_that_is_killed_does_nothing_more(appsync: Appsync) -> None:
    async def ask(_event: Any, _context: Any) -> None:
        await asyncio.sleep(0.2)
        appsync.client.execute(PUBLISH, {"text": "from the grave"})

    appsync.functions["Ask"] = ask
    appsync.faults.function("Ask", crash_after=0.01, times=3)
    appsync.client.execute(ASK)
    appsync.idle(advance=True)
    assert appsync.invocations.outcomes == ["Unhandled"] * 3
    assert appsync.deliveries == []


@pytest.mark.aws_doc(
    "Lambda developer guide, asynchronous invocation: throttled events are tried again "
    "and do not count as attempts"
)
def test_a_throttled_event_is_tried_again(appsync: Appsync) -> None:
    appsync.faults.function("Ask", throttle=True, times=2)
    appsync.client.execute(ASK)
    appsync.idle(advance=True)
    refused = ["TooManyRequestsException"] * 2
    assert appsync.invocations.outcomes == [*refused, "Success"]
    assert appsync.invocations[-1].attempt == 1


def test_a_cold_start_takes_longer(appsync: Appsync) -> None:
    appsync.functions["Echo"] = lambda _event, _context: "warm"
    appsync.faults.function("Echo", cold_start=0.2)
    for _ in range(2):
        assert appsync.client.execute(ECHO).data == {"echo": "warm"}
    cold, warm = appsync.invocations
    assert cold.duration >= 0.2 > warm.duration


def test_an_unknown_function_is_told(appsync: Appsync) -> None:
    with pytest.raises(KeyError, match="There is no function 'Asc'"):
        appsync.faults.function("Asc", throttle=True)


def ask_model(appsync: Appsync) -> str:
    """Have the stand-in model stream an answer; gives its events as text."""
    import httpx

    body = {
        "model": "m",
        "stream": True,
        "messages": [{"role": "user", "content": "?"}],
    }
    url = appsync.url.replace("localhost", "127.0.0.1")
    url = url.replace("/graphql", "/v1/chat/completions")
    try:
        with httpx.stream("POST", url, json=body) as answer:
            return "".join(answer.iter_text())
    except httpx.RemoteProtocolError as error:
        return f"broken: {error}"


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        ({"error_after": 2}, lambda text: "error" in text and "[DONE]" not in text),
        ({"cut_after": 2}, lambda text: text.startswith("broken")),
        ({"stall_after": 1, "stall": 0.01}, lambda text: "[DONE]" in text),
        ({"first_token": 0.01}, lambda text: "[DONE]" in text),
    ],
)
def test_the_model_is_disturbed_once(
    appsync: Appsync, options: dict[str, Any], holds: Callable[[str], bool]
) -> None:
    appsync.faults.model(times=1, **options)
    assert holds(ask_model(appsync))
    assert appsync.faults.happened == ["the model's answer is disturbed"]
    assert "[DONE]" in ask_model(appsync)


async def texts_until_the_end(client: Client) -> AsyncIterator[str]:
    """Yield the texts of tokens until the connection breaks."""
    while True:
        try:
            message = await client.receive()
        except ConnectionClosed:
            return
        yield message["payload"]["data"]["onToken"]["text"]


async def test_the_settings_disturb_clients_of_the_wire(
    start: Callable[..., Any],
) -> None:
    resolvers = {"Mutation.publishToken": js()}
    server = await start(
        template(SCHEMA, resolvers),
        fault=("subscription onToken duplicate=1 cut-after=2", "connection no-ka"),
    )
    async with subscriber(server) as client:
        assert (await client.start(ON_TOKEN))["type"] == "start_ack"
        for text in ("one", "two"):
            await server.run(PUBLISH, {"text": text})
        texts = [text async for text in texts_until_the_end(client)]
    assert texts == ["one", "one", "two", "two"]


async def test_the_settings_disturb_functions(start: Callable[..., Any]) -> None:
    code = "def handler(event, context):\n    return 'fine'\n"
    server = await start(
        template(
            SCHEMA,
            {"Query.slow": {"DataSourceName": "Echo", **lambda_js()}},
            functions={"Echo": inline_python(code)},
        ),
        fault=("function Echo crash-after=0 times=1",),
    )
    answer = await server.run("{ slow }")
    assert "signal: killed" in answer["errors"][0]["message"]
    assert await server.run("{ slow }") == {"data": {"slow": "fine"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("function throttle", FunctionFault(throttle=True)),
        ("function * throttle=false", FunctionFault()),
        (
            " function  Ask crash-after=0.5 times=1",
            FunctionFault("Ask", crash_after=0.5, times=1),
        ),
    ],
)
def test_a_fault_is_read_from_text(text: str, expected: FunctionFault) -> None:
    assert read_fault(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "begin with subscription, connection, function or model"),
        ("weather rain=1", "begin with subscription"),
        ("subscription onToken dorp=1", "Did you mean drop?"),
        ("subscription onToken drop=much", "drop=much: write a number"),
        ("subscription drop=2", "drop is a part of the events: 0 to 1"),
        ("subscription delay=-1", "delay is -1.0: write a number from 0 up"),
        ("subscription delay=inf", "write a number from 0 up"),
        ("function Ask times=1.5", "times=1.5: write a whole number"),
        ("function Ask throttle=perhaps", "write throttle, or throttle=false"),
        ("model error-after=1 cut-after=2", "give one"),
    ],
)
def test_a_fault_that_is_none_is_told(text: str, words: str) -> None:
    with pytest.raises(ValueError, match="--fault") as caught:
        read_fault(text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("function Asc throttle", "--fault names 'Asc', which does not exist: "),
        ("subscription onTokens drop=1", "does not exist: onToken."),
        ("function Ask crash=1", "Did you mean crash-after?"),
        ("weather rain=1", "subscription, connection, function or model"),
    ],
)
def test_the_command_line_refuses_a_fault_that_is_none(
    project_template: Path, fault: str, words: str
) -> None:
    from click.testing import CliRunner

    from appsync_emulator.cli import main

    arguments = ["check", str(project_template), "--fault", fault]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2, done.output
    assert words in done.output


def test_the_readme_names_every_option() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    for kind in KINDS.values():
        for field in fields(kind):
            assert f"`{field.name}`" in readme or field.name == "name"


def test_of_several_faults_the_last_one_counts_as_long_as_it_lasts() -> None:
    faults = Faults([FunctionFault(cold_start=1)])
    faults.add(FunctionFault("Ask", throttle=True, times=1))
    assert faults.function("Other") == FunctionFault(cold_start=1)
    assert faults.function("Ask") == FunctionFault("Ask", throttle=True, times=1)
    assert faults.function("Ask") == FunctionFault(cold_start=1)
    assert len(list(faults)) == 2
