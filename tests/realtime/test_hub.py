"""Who gets which event, and what becomes of events that cannot be delivered."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.realtime.hub import PAYLOAD_LIMIT, Hub
from appsync_emulator.realtime.subscription import Subscription

PUBLISHES = {
    "send": ("onMessage", "onAnything"),
    "edit": ("onAnything",),
    "quiet": (),
}


class Box:
    name = "a socket"

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.revoked: list[str] = []

    def deliver(self, head: bytes, tail: bytes) -> None:
        self.messages.append(head + tail)

    def revoke(self, id: str) -> None:  # noqa: A002 -- as `Outbox`
        self.revoked.append(id)

    @property
    def values(self) -> list[Any]:
        return [json.loads(text)["payload"]["data"]["value"] for text in self.messages]


def project(tree: Any) -> bytes:
    return json.dumps({"data": {"value": tree}}, separators=(",", ":")).encode()


def subscribe(hub: Hub, field: str = "onMessage", **arguments: Any) -> Box:
    box = Box()
    hub.subscribe(Subscription("1", field, arguments, project, box))
    return box


# Which mutation reaches which field


@pytest.mark.aws_doc("devguide, aws-appsync-real-time-data: @aws_subscribe")
def test_a_mutation_reaches_every_field_that_names_it() -> None:
    hub = Hub(PUBLISHES)
    message, anything = subscribe(hub), subscribe(hub, "onAnything")
    hub.publish("send", {"id": 1})
    hub.publish("edit", {"id": 2})
    assert message.values == [{"id": 1}]
    assert anything.values == [{"id": 1}, {"id": 2}]


@pytest.mark.aws_doc(
    "devguide, aws-appsync-real-time-data: only listed mutations count"
)
def test_other_mutations_reach_nobody() -> None:
    hub = Hub(PUBLISHES)
    box = subscribe(hub)
    assert hub.publish("quiet", {}) == ()
    assert hub.publish("unheardOf", {}) == ()
    assert box.messages == []


@pytest.mark.aws_observed("amplify-swift #3632: shape of data")
def test_the_message_on_the_wire() -> None:
    hub, box = Hub(PUBLISHES), Box()
    hub.subscribe(Subscription('a"b', "onMessage", {}, project, box))
    hub.publish("send", {"id": 1})
    assert box.messages == [
        b'{"id":"a\\"b","type":"data","payload":{"data":{"value":{"id":1}}}}'
    ]


# Filtering by arguments


@pytest.mark.aws_doc("devguide, aws-appsync-real-time-data: subscription arguments")
@pytest.mark.parametrize(
    ("arguments", "tree", "matches"),
    [
        pytest.param({}, {"room": "a"}, True, id="no arguments: everything"),
        pytest.param({"room": "a"}, {"room": "a", "n": 1}, True, id="equal"),
        pytest.param({"room": "a"}, {"room": "b"}, False, id="different"),
        pytest.param({"room": "a"}, {"room": "A"}, False, id="case counts"),
        pytest.param({"room": "a"}, {"n": 1}, False, id="field not selected"),
        pytest.param({"room": "a"}, {"room": None}, False, id="field null"),
        pytest.param({"room": "a", "n": 1}, {"room": "a", "n": 1}, True, id="both"),
        pytest.param(
            {"room": "a", "n": 1}, {"room": "a", "n": 2}, False, id="one only"
        ),
        pytest.param({"room": None}, {"room": None}, True, id="null matches null"),
        pytest.param({"room": None}, {"n": 1}, True, id="null matches an absent field"),
        pytest.param({"room": None}, {"room": "a"}, False, id="null is not anything"),
        pytest.param({"room": ""}, {"room": None}, False, id="empty is not null"),
        pytest.param({"n": 0}, {"n": None}, False, id="zero is not null"),
    ],
)
def test_arguments_filter_by_equality(
    arguments: dict[str, Any], tree: Any, matches: bool
) -> None:
    hub = Hub(PUBLISHES)
    box = subscribe(hub, **arguments)
    report, _ = hub.publish("send", tree)
    assert (len(box.messages) == 1) is matches
    assert (report.subscribed, report.matched) == (1, int(matches))


@pytest.mark.ours("not documented; equality of JSON values")
@pytest.mark.parametrize(
    ("argument", "value", "matches"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (True, True, True),
        ("1", 1, False),
        ([1, "a"], [1, "a"], True),
        ([1, "a"], ["a", 1], False),
        ([1], 1, False),
        ([True], [1], False),
        ([], None, False),
        ({"a": 1, "b": [2]}, {"b": [2], "a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ({}, [], False),
        (10**30, 10**30, True),
    ],
)
def test_values_are_compared_as_json(argument: Any, value: Any, matches: bool) -> None:
    hub = Hub(PUBLISHES)
    box = subscribe(hub, key=argument)
    hub.publish("send", {"key": value})
    assert (len(box.messages) == 1) is matches


@pytest.mark.ours("a mutation may return a scalar, a list or null: no fields to match")
@pytest.mark.parametrize("tree", ["text", 1, [{"room": "a"}], None])
def test_values_without_fields(tree: Any) -> None:
    hub = Hub(PUBLISHES)
    everything, room, nothing = (
        subscribe(hub),
        subscribe(hub, room="a"),
        subscribe(hub, room=None),
    )
    hub.publish("send", tree)
    assert everything.values == [tree]
    assert room.messages == []
    assert nothing.values == [tree]


@pytest.mark.aws_doc("devguide, aws-appsync-real-time-data: subscription arguments")
def test_subscribers_with_different_filters_side_by_side() -> None:
    hub = Hub(PUBLISHES)
    boxes = {name: subscribe(hub, room=name) for name in ("a", "b", "c")}
    everything, both = subscribe(hub), subscribe(hub, n=1, room="b")
    hub.publish("send", {"room": "b", "n": 1})
    assert [len(boxes[name].messages) for name in "abc"] == [0, 1, 0]
    assert len(everything.messages) == len(both.messages) == 1


@pytest.mark.aws_doc("devguide, real-time-enhanced-filtering: replaces the arguments")
def test_an_enhanced_filter_takes_the_place_of_the_arguments() -> None:
    hub, box = Hub(PUBLISHES), Box()
    asked: list[Any] = []

    def accept(tree: Any) -> bool:
        asked.append(tree)
        return bool(tree["n"] > 1)

    for id_ in ("1", "2"):
        arguments = {"room": "z"}
        hub.subscribe(
            Subscription(id_, "onMessage", arguments, project, box, accept=accept)
        )
    for number in (1, 2):
        hub.publish("send", {"room": "a", "n": number})
    assert box.values == [{"room": "a", "n": 2}] * 2
    assert len(asked) == 2  # once per event, not per subscriber


# Registering


@pytest.mark.ours("bookkeeping")
def test_unsubscribing_leaves_nothing_behind() -> None:
    hub, box = Hub(PUBLISHES), Box()
    subscriptions = [
        Subscription("1", "onMessage", {}, project, box),
        Subscription("2", "onMessage", {"room": "a"}, project, box),
        Subscription("3", "onMessage", {"room": "a"}, project, box),
        Subscription("4", "onMessage", {}, project, box, accept=bool),
        Subscription("5", "onAnything", {"room": None}, project, box),
    ]
    for subscription in subscriptions:
        hub.subscribe(subscription)
        hub.subscribe(subscription)
    assert len(hub) == 5
    for subscription in subscriptions:
        hub.unsubscribe(subscription)
        hub.unsubscribe(subscription)
    assert len(hub) == 0
    assert hub._fields == {}
    hub.publish("send", {"room": "a"})
    assert box.messages == []


@pytest.mark.ours("events keep the order of the calls")
def test_order_is_kept() -> None:
    hub = Hub(PUBLISHES)
    box, one = subscribe(hub, "onAnything"), subscribe(hub, "onAnything", room="a")
    for number in range(50):
        mutation = "send" if number % 2 else "edit"
        hub.publish(mutation, {"room": "a", "n": number})
    numbers = [value["n"] for value in box.values]
    assert numbers == list(range(50))
    assert one.values == box.values


# Invalidation


@pytest.mark.aws_doc("devguide, aws-appsync-real-time-invalidation")
def test_an_invalidation_ends_the_subscriptions_whose_filter_holds() -> None:
    hub, box = Hub(PUBLISHES), Box()

    def add(id_: str, field: str, user: str | None) -> Subscription:
        revoked_by = None if user is None else lambda payload: payload["user"] == user
        subscription = Subscription(id_, field, {}, project, box, revoked_by=revoked_by)
        hub.subscribe(subscription)
        return subscription

    add("1", "onMessage", "a")
    gone = add("2", "onMessage", "a")
    add("3", "onMessage", "b")
    add("4", "onMessage", None)
    add("5", "onAnything", "a")
    hub.unsubscribe(gone)
    assert hub.invalidate("onMessage", {"user": "a"}) == 1
    assert box.revoked == ["1"]
    assert hub.invalidate("onMessage", {"user": "c"}) == 0
    assert hub.invalidate("onNothing", {"user": "a"}) == 0


# Payloads


@pytest.mark.ours("one payload per distinct selection and event")
def test_a_shared_projection_is_made_once() -> None:
    hub = Hub(PUBLISHES)
    calls: list[str] = []

    def named(name: str) -> Callable[[Any], bytes]:
        def make(tree: Any) -> bytes:
            calls.append(name)
            return project([name, tree])

        return make

    first, second = named("first"), named("second")
    boxes = [Box() for _ in range(6)]
    for number, box in enumerate(boxes):
        shared = first if number % 2 else second
        arguments = {"room": "a"} if number > 3 else {}
        hub.subscribe(Subscription("1", "onMessage", arguments, shared, box))
    hub.publish("send", {"room": "a"})
    assert sorted(calls) == ["first", "second"]
    assert [box.values[0][0] for box in boxes] == ["second", "first"] * 3


@pytest.mark.aws_doc("AWS General Reference, AppSync: subscription payload size 240 KB")
def test_a_payload_that_is_too_big_is_dropped_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hub = Hub(PUBLISHES)
    frame = len(project(""))
    box = subscribe(hub)
    fits, too_big = (
        "x" * (PAYLOAD_LIMIT - frame),
        "x" * (PAYLOAD_LIMIT - frame + 1),
    )
    hub.publish("send", fits)
    assert not caplog.records
    report, _ = hub.publish("send", too_big)
    assert box.values == [fits]
    assert (report.matched, report.dropped) == (1, 1)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    for word in ("onMessage", "245761", "245760"):
        assert word in record.getMessage()
    assert (
        report.explain() == "send -> onMessage: 1 of 1 subscriptions match, 1 dropped"
    )


@pytest.mark.ours("a delivery that fails does not undo the mutation")
def test_a_projection_that_fails_is_logged_and_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(tree: Any) -> bytes:
        raise RuntimeError(tree)

    hub, box = Hub(PUBLISHES), Box()
    hub.subscribe(Subscription("1", "onMessage", {}, broken, box))
    other = subscribe(hub)
    report, _ = hub.publish("send", 1)
    assert other.values == [1]
    assert (report.matched, report.dropped) == (2, 1)
    assert "onMessage" in caplog.text


# Reports


@pytest.mark.aws_doc("devguide, monitoring: names of the real-time metrics")
def test_metrics() -> None:
    hub = Hub(PUBLISHES)
    subscribe(hub)
    subscribe(hub, room="a")
    hub.publish("send", {"room": "b"})
    hub.publish("send", {"room": "a"})
    assert hub.metrics["ActiveSubscriptions"] == 2
    assert hub.metrics["InboundSuccess"] == 4
    assert hub.metrics["OutboundMessages"] == 3
    assert hub.metrics["PublishDataMessageSuccess"] == 3
