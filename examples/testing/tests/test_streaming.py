import asyncio

import app
import pytest
from client import assemble

ASK = """
mutation Ask($session: ID!, $prompt: String!) {
  ask(session: $session, prompt: $prompt)
}
"""
ON_TOKEN = """
subscription OnToken($session: ID!) {
  onToken(session: $session) { session sequence text done error }
}
"""
MINE = {"session": "mine"}
QUESTION = {"session": "mine", "prompt": "Why is the sky blue?"}


def is_last(token):
    return token["done"]


@pytest.mark.asyncio
async def test_an_answer_is_complete_and_in_order(appsync):
    async with appsync.subscribe(ON_TOKEN, MINE) as events:
        answer = await appsync.client.execute(ASK, QUESTION)
        assert answer.data == {"ask": None}
        tokens = await events.until(is_last)
    assert [token["sequence"] for token in tokens] == list(range(len(tokens)))
    assert len(tokens) > 5
    assert tokens[-1]["error"] is None


def test_the_same_without_asyncio(appsync):
    with appsync.subscribe(ON_TOKEN, MINE) as events:
        assert appsync.client.execute(ASK, QUESTION).data == {"ask": None}
        for token in events:
            if token["done"]:
                break
    assert assemble(events.received).endswith(".")


@pytest.mark.asyncio
async def test_the_mutation_does_not_wait_for_the_answer(appsync):
    finished = asyncio.Event()

    async def ask(event, context):
        await finished.wait()

    appsync.functions["Ask"] = ask
    answer = await appsync.client.execute(ASK, QUESTION)
    assert answer.data == {"ask": None}
    assert appsync.invocations == []
    finished.set()
    await appsync.idle()
    assert appsync.invocations.payloads == [QUESTION]


def test_nobody_else_hears_the_answer(appsync):
    with appsync.subscribe(ON_TOKEN, {"session": "other"}) as events:
        appsync.client.execute(ASK, QUESTION)
        appsync.idle()
        assert events.received == []
    delivery = appsync.deliveries.of("onToken")[0]
    assert delivery.missed[0].reason == (
        'argument session is "other": the event has "mine"'
    )


def test_a_crash_is_tried_again(appsync):
    appsync.faults.function("Ask", crash_after=0, times=1)
    with appsync.subscribe(ON_TOKEN, MINE) as events:
        appsync.client.execute(ASK, QUESTION)
        appsync.idle(advance=True)  # a minute until the second attempt, in no time
    assert appsync.invocations.of("Ask").outcomes == ["Unhandled", "Success"]
    assert events.received[-1]["done"]


def test_lambda_gives_up_after_three_attempts(appsync):
    def ask(event, context):
        raise ConnectionError("the model is away")

    appsync.functions["Ask"] = ask
    appsync.client.execute(ASK, QUESTION)
    appsync.idle(advance=True)
    attempts = appsync.invocations.of("Ask")
    assert [one.attempt for one in attempts] == [1, 2, 3]
    assert attempts[-1].result["errorMessage"] == "the model is away"


def test_an_answer_that_breaks_off_ends_with_the_reason(appsync):
    appsync.faults.model(error_after=3)
    with appsync.subscribe(ON_TOKEN, MINE) as events:
        appsync.client.execute(ASK, QUESTION)
        tokens = events.until(is_last)
    assert len(tokens) == 4
    assert tokens[-1]["error"]


@pytest.mark.parametrize("seed", range(3))
def test_a_bad_network_does_not_spoil_the_answer(appsync, seed):
    appsync.faults.seed = seed
    appsync.faults.subscription("onToken", reorder=0.3, duplicate=0.3)
    with appsync.subscribe(ON_TOKEN, MINE) as events:
        appsync.client.execute(ASK, QUESTION)
        appsync.idle()
        sent = [one["text"] for one in appsync.deliveries.events]
        assert [one["text"] for one in events.received] != sent
        assert assemble(events.received) == "".join(sent)


def test_the_function_in_this_process(appsync, monkeypatch):
    for name, value in appsync.environment("Ask").items():
        monkeypatch.setenv(name, value)
    appsync.functions["Ask"] = app.handler  # so coverage and breakpoints work
    with appsync.subscribe(ON_TOKEN, MINE) as events:
        appsync.client.execute(ASK, QUESTION)
        assert events.until(is_last)
