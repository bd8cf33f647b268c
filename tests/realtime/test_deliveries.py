"""Who got which event, and why others did not: what a developer is told."""

import logging
import time
from typing import Any

import pytest

from appsync_emulator.realtime import deliveries as limits
from appsync_emulator.realtime.deliveries import LARGEST_EVENT, Publication
from appsync_emulator.realtime.filters import compile_filter
from appsync_emulator.realtime.hub import LOGGED_REASONS, PAYLOAD_LIMIT, Hub
from appsync_emulator.realtime.subscription import Subscription

pytestmark = pytest.mark.ours("why an event went nowhere should be easy to see")


class Box:
    name = "a socket"

    def deliver(self, head: bytes, tail: bytes) -> None:
        pass

    def revoke(self, id: str) -> None:  # noqa: A002 -- as `Outbox`
        pass


BOX = Box()


def project(tree: Any) -> bytes:
    return str(tree).encode()


def subscribe(hub: Hub, filter_: Any = None, /, **arguments: Any) -> Subscription:
    accept = None if filter_ is None else compile_filter({"filterGroup": filter_})
    subscription = Subscription("1", "onSay", arguments, project, BOX, accept=accept)
    hub.subscribe(subscription)
    return subscription


def publish(hub: Hub, tree: Any) -> Publication:
    (publication,) = hub.publish("say", tree)
    return publication


def new_hub() -> Hub:
    return Hub({"say": ("onSay",)})


def rules(**wanted: Any) -> dict[str, Any]:
    filters = [
        {"fieldName": name.replace("__", "."), "operator": operator, "value": value}
        for name, (operator, value) in wanted.items()
    ]
    return {"filters": filters}


@pytest.mark.parametrize(
    ("given", "tree", "kind", "reason"),
    [
        pytest.param(
            {"room": "a"},
            {"room": "b"},
            "argument",
            'argument room is "a": the event has "b"',
            id="another value",
        ),
        pytest.param(
            {"room": "a"},
            {"n": 1},
            "argument",
            'argument room is "a": the mutation did not select it',
            id="not selected",
        ),
        pytest.param(
            {"room": "a"},
            {"room": None},
            "argument",
            'argument room is "a": the event has null',
            id="selected and null",
        ),
        pytest.param(
            {"room": None},
            {"room": "b"},
            "argument",
            'argument room is null: the event has "b"',
            id="null wanted",
        ),
        pytest.param(
            {"room": "a", "n": 1},
            {"room": "a", "n": 2},
            "argument",
            "argument n is 1: the event has 2",
            id="only what differs",
        ),
        pytest.param(
            {"room": "a", "n": 1},
            {"room": "b", "n": True},
            "argument",
            'argument room is "a": the event has "b"; '
            "argument n is 1: the event has true",
            id="all that differ",
        ),
        pytest.param(
            {"room": "a"},
            [{"room": "a"}],
            "argument",
            'argument room is "a": the mutation did not select it',
            id="a list has no fields",
        ),
        pytest.param(
            [rules(room=("eq", "a"), n=("ge", 7))],
            {"room": "a", "n": 3},
            "filter",
            "n ge 7: the event has 3",
            id="the rule that is false",
        ),
        pytest.param(
            [rules(n=("ge", 7)), rules(by__name=("in", ["me", "you"]))],
            {"n": 3, "by": {"name": "him"}},
            "filter",
            'n ge 7: the event has 3; or by.name in ["me","you"]: the event has "him"',
            id="one of each group",
        ),
        pytest.param(
            [rules(by__name=("ne", "me"))],
            {"n": 3, "by": None},
            "filter",
            'by.name ne "me": the mutation did not select it',
            id="below a null",
        ),
        pytest.param(
            [rules(a__b__c__d__e__f=("eq", 1))],
            {"a": {}},
            "filter",
            "all its fields are deeper than level 5",
            id="ignored rules",
        ),
        pytest.param(
            [rules(n=("ge", 7))],
            [{"n": 8}],
            "filter",
            "enhanced filters ignore events that are not objects",
            id="a list",
        ),
    ],
)
def test_a_subscription_that_does_not_match_is_told_why(
    given: Any, tree: Any, kind: str, reason: str
) -> None:
    hub = new_hub()
    if isinstance(given, dict):
        subscribe(hub, **given)
    else:
        subscribe(hub, given)
    publication = publish(hub, tree)
    (verdict,) = hub.deliveries.verdicts(publication)
    assert (verdict.kind, verdict.reason) == (kind, reason)
    assert not verdict.delivered
    assert str(verdict) == f"a socket, id 1: not delivered: {reason}"


def test_who_got_what() -> None:
    hub = new_hub()
    subscribe(hub)
    subscribe(hub, room="a")
    publication = publish(hub, {"room": "b"})
    assert (publication.mutation, publication.field) == ("say", "onSay")
    assert publication.value == {"room": "b"}
    first, second = hub.deliveries.verdicts(publication)
    assert (first.delivered, first.reason) == (True, "")
    assert str(first) == "a socket, id 1: delivered"
    assert (second.kind, second.arguments) == ("argument", {"room": "a"})


def test_a_subscription_that_came_late_is_told_so_and_one_that_left_is_not_named() -> (
    None
):
    hub = new_hub()
    gone, there = subscribe(hub), subscribe(hub)
    hub.unsubscribe(gone)
    publication = publish(hub, 1)
    hub.unsubscribe(there)
    subscribe(hub)
    kinds = [one.kind for one in hub.deliveries.verdicts(publication)]
    assert kinds == ["delivered", "not_started"]


def test_events_for_nobody_are_known_too() -> None:
    hub = new_hub()
    publication = publish(hub, {"n": 1})
    assert hub.deliveries.publications("onSay") == [publication]
    assert hub.deliveries.publications("onElse") == []
    assert hub.deliveries.verdicts(publication) == []
    assert publication.explain() == "say -> onSay: 0 of 0 subscriptions match"


def test_many_that_have_left_are_told_of_in_no_time() -> None:
    hub = new_hub()
    subscriptions = [subscribe(hub) for _ in range(5_000)]
    publication = publish(hub, {})
    for one in subscriptions:
        hub.unsubscribe(one)
    started = time.process_time()
    verdicts = hub.deliveries.verdicts(publication)
    assert time.process_time() - started < 1
    assert len(verdicts) == 5_000
    assert all(one.delivered for one in verdicts)


def test_a_payload_that_was_dropped() -> None:
    hub = new_hub()
    subscribe(hub)
    publication = publish(hub, "x" * PAYLOAD_LIMIT + "x")
    (verdict,) = hub.deliveries.verdicts(publication)
    assert verdict.kind == "dropped"
    assert "245760" in verdict.reason
    assert "245761" in verdict.reason


def test_what_is_kept_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_EVENTS", 10)
    hub = new_hub()
    for number in range(25):
        publish(hub, {"n": number})
    kept = [one.value["n"] for one in hub.deliveries.publications()]
    assert kept == list(range(15, 25))
    monkeypatch.setattr(limits, "KEPT_BYTES", 56)
    publish(hub, {"text": "x" * 25})
    assert [one.value for one in hub.deliveries.publications()][:-1] == [
        {"n": 23},
        {"n": 24},
    ]
    monkeypatch.setattr(limits, "KEPT_LINKS", 1)
    for _ in range(2):
        subscribe(hub)
    publish(hub, 1)
    assert hub.deliveries.publications() == []


def test_of_a_very_large_event_only_the_fact_is_kept() -> None:
    hub = new_hub()
    subscribe(hub, room="a")
    publication = publish(hub, {"room": "b", "text": "x" * LARGEST_EVENT})
    assert publication.value is None
    (verdict,) = hub.deliveries.verdicts(publication)
    assert verdict.reason == "the event was too large to be kept"


def test_reasons_are_logged_when_somebody_debugs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hub = new_hub()
    for number in range(LOGGED_REASONS + 2):
        subscribe(hub, n=number)
    caplog.set_level(logging.INFO)
    publish(hub, {"n": -1})
    assert caplog.messages == []
    caplog.set_level(logging.DEBUG)
    publish(hub, {"n": 1})
    first, second, *_, last = caplog.messages
    assert first == "say -> onSay: 1 of 22 subscriptions match"
    assert second == (
        "onSay: a socket, id 1: not delivered: argument n is 0: the event has 1"
    )
    assert last == "onSay: 1 others do not get it"
    assert len(caplog.messages) == LOGGED_REASONS + 2
