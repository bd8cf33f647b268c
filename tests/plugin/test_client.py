"""What the client of a test does, asynchronous or not."""

import gc

import pytest

from appsync_emulator.testing import Appsync, SubscriptionRefused

from .project import ECHO, EXPIRES, ON_TOKEN, PUBLISH, SECOND

pytestmark = pytest.mark.ours("the test client is our own")


def test_a_query_is_answered(appsync: Appsync) -> None:
    answer = appsync.client.execute(ECHO)
    assert answer.status == 200
    assert answer.data == {"echo": "hello"}
    assert answer.errors == []


async def test_an_async_test_awaits_the_same(appsync: Appsync) -> None:
    answer = await appsync.client.execute(ECHO)
    assert answer.data == {"echo": "hello"}


async def test_whoever_forgets_to_await_is_told(appsync: Appsync) -> None:
    answer = appsync.client.execute(ECHO)
    with pytest.raises(
        AttributeError, match=r"await client.execute\(…\) to get 'data'"
    ):
        answer.data  # noqa: B018 -- reading it is the point
    await answer
    with pytest.warns(RuntimeWarning, match=r"appsync.idle\(\) was never awaited"):
        forget(appsync)


def forget(appsync: Appsync) -> None:
    appsync.idle()
    gc.collect()


def test_variables_and_operation_names_are_passed_on(appsync: Appsync) -> None:
    query = "query A { a: echo(text: $t) } query B($t: String) { b: echo(text: $t) }"
    query = query.replace("query A {", "query A($t: String) {")
    answer = appsync.client.execute(query, {"t": "x"}, operation="B")
    assert answer.data == {"b": "x"}


@pytest.mark.parametrize("key", ["da2-wrong", None])
def test_a_wrong_or_missing_key_is_unauthorized(
    appsync: Appsync, key: str | None
) -> None:
    client = appsync.client
    other = client.anonymous() if key is None else client.with_key(key)
    answer = other.execute(ECHO)
    assert answer.status == 401
    assert answer.error_types == ["UnauthorizedException"]
    assert answer.data is None
    with pytest.raises(SubscriptionRefused), other.subscribe(ON_TOKEN):
        pass


def test_a_key_expires_when_the_clock_is_moved(appsync: Appsync) -> None:
    client = appsync.client.with_key(SECOND)
    assert client.execute(ECHO).status == 200
    appsync.clock.advance(EXPIRES - appsync.clock.now() + 1)
    assert client.execute(ECHO).status == 401
    assert appsync.client.execute(ECHO).status == 200


def test_time_does_not_go_back(appsync: Appsync) -> None:
    with pytest.raises(ValueError, match="time does not go back"):
        appsync.clock.advance(-1)


def test_events_are_iterated_over(appsync: Appsync) -> None:
    with appsync.subscribe(ON_TOKEN) as events:
        for text in "ab":
            appsync.client.execute(PUBLISH, {"text": text})
        assert next(events) == {"session": "s", "text": "a"}
        assert [event["text"] for event in events.take(1)] == ["b"]
        appsync.client.execute(PUBLISH, {"text": "c"})
        assert events.until(lambda one: one["text"] == "c") == [events.received[-1]]
        assert len(events.received) == 3
    assert events.closed


async def test_events_are_iterated_over_asynchronously(appsync: Appsync) -> None:
    async with appsync.subscribe(ON_TOKEN) as events:
        await appsync.client.execute(PUBLISH, {"text": "a"})
        async for event in events:
            assert event == {"session": "s", "text": "a"}
            break
        await appsync.client.execute(PUBLISH, {"text": "b"})
        assert await events.take(1) == [{"session": "s", "text": "b"}]
    with pytest.raises(StopAsyncIteration):
        await anext(events)


async def test_an_async_test_is_told_of_the_async_block(appsync: Appsync) -> None:
    with (
        pytest.raises(TypeError, match=r"async with appsync\.subscribe"),
        appsync.subscribe(ON_TOKEN),
    ):
        pass


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("subscription {", "BadRequest|Syntax|parse"),
        ("query { echo }", "Unsupported"),
        ("subscription { onNothing { text } }", "onNothing"),
    ],
)
def test_a_refused_subscription_has_appsyncs_errors(
    appsync: Appsync, query: str, words: str
) -> None:
    refused = pytest.raises(SubscriptionRefused, match=words)
    with refused as caught, appsync.subscribe(query):
        pass
    assert caught.value.errors[0]["message"] in str(caught.value)


def test_it_is_reached_over_http_as_well(appsync: Appsync) -> None:
    import httpx

    headers = {"x-api-key": appsync.api_key or ""}
    url = appsync.url.replace("localhost", "127.0.0.1")
    answer = httpx.post(url, json={"query": ECHO}, headers=headers)
    assert answer.json() == {"data": {"echo": "hello"}}
    assert appsync.realtime_url.startswith("ws://")
    assert appsync.ca is not None


def test_an_unknown_api_is_told_with_those_there_are(appsync: Appsync) -> None:
    assert appsync.client_of("test").execute(ECHO).status == 200
    with pytest.raises(KeyError, match="There is no API 'other', but test"):
        appsync.client_of("other")
