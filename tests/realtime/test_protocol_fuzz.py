"""Arbitrary clients: nothing escapes, and every answer is a message AppSync has."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_emulator.realtime.handshake import Handshake
from appsync_emulator.realtime.protocol import (
    Actions,
    Begin,
    Close,
    RealtimeProtocol,
    Send,
    Start,
)
from appsync_emulator.realtime.refusals import Denied, StartRejected

pytestmark = pytest.mark.ours("robustness")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
IDS = st.sampled_from(["1", "2", "3"])
DATA = JSON.map(json.dumps) | st.sampled_from(['{"query":"subscription{a}"}', ""])
MESSAGES = st.one_of(
    st.text(),
    JSON.map(json.dumps),
    st.just('{"type":"connection_init"}'),
    st.builds(lambda id_: json.dumps({"type": "stop", "id": id_}), IDS),
    st.builds(
        lambda id_, data, extensions: json.dumps(
            {
                "type": "start",
                "id": id_,
                "payload": {"data": data, "extensions": extensions},
            }
        ),
        IDS,
        DATA,
        JSON,
    ),
)
STEPS = st.lists(
    st.one_of(
        MESSAGES.map(lambda text: ("receive", text)),
        st.sampled_from(
            [
                ("binary", None),
                ("accept", None),
                ("refuse", None),
                ("tick", None),
                ("start", True),
                ("start", False),
                ("lost", None),
            ]
        ),
    ),
    max_size=40,
)

SHAPES = {
    "connection_ack": ["type", "payload"],
    "ka": ["type"],
    "start_ack": ["id", "type"],
    "complete": ["id", "type"],
    "connection_error": ["payload", "type"],
}


def check(text: bytes) -> None:
    message = json.loads(text)
    keys = list(message)
    if message["type"] == "error":
        assert keys in (["id", "type", "payload"], ["type", "payload"])
    else:
        assert keys == SHAPES[message["type"]]
    if "error" in message["type"]:
        errors = message["payload"]["errors"]
        assert isinstance(errors, list)
        for entry in errors:
            assert set(entry) <= {"errorType", "message", "errorCode"}
            assert entry


class Driver:
    def __init__(self) -> None:
        self.now = 0.0
        self.protocol = RealtimeProtocol(lambda: self.now)
        self.under_way: list[Start] = []
        self.closed = False

    def step(self, kind: str, value: Any) -> Actions:
        protocol = self.protocol
        match kind:
            case "receive":
                return protocol.receive(value)
            case "binary":
                return protocol.receive_binary()
            case "accept":
                return protocol.accepted()
            case "refuse":
                return protocol.refused(Denied())
            case "tick":
                self.now = min(protocol.deadline, self.now + 100_000)
                return protocol.tick()
            case "start":
                return self.finish(value)
        list(protocol.lost())
        self.closed = True
        return []

    def finish(self, good: bool) -> Actions:
        if not self.under_way:
            return []
        start = self.under_way.pop(0)
        if not good:
            return self.protocol.rejected(start, StartRejected.of(None, "no"))
        return (
            self.protocol.started(start, start) if self.protocol.wanted(start) else []
        )

    def carry_out(self, actions: Actions) -> None:
        assert not (self.closed and actions)
        for action in actions:
            if isinstance(action, Send):
                for text in action.texts:
                    check(text)
            elif isinstance(action, Begin):
                self.under_way.append(action.start)
            elif isinstance(action, Close):
                self.closed = True


@given(STEPS)
def test_any_order_of_events(steps: list[tuple[str, Any]]) -> None:
    driver = Driver()
    driver.carry_out(
        driver.protocol.connect(
            Handshake(
                "/graphql", "header=e30", {"sec-websocket-protocol": "graphql-ws"}
            )
        )
        if steps and steps[0] == ("refuse", None)
        else []
    )
    for kind, value in steps:
        driver.carry_out(driver.step(kind, value))


@given(st.text(), st.dictionaries(st.text(), st.text()), st.text(), st.binary())
def test_any_handshake(
    query: str, headers: dict[str, str], offered: str, raw: bytes
) -> None:
    header = base64.b64encode(raw).decode()
    for handshake in (
        Handshake("/graphql", query, {**headers, "sec-websocket-protocol": offered}),
        Handshake("/graphql", query, {"sec-websocket-protocol": "graphql-ws"}),
        Handshake(
            "/graphql", f"header={header}", {"sec-websocket-protocol": "graphql-ws"}
        ),
        Handshake(
            "/graphql", "", {"sec-websocket-protocol": f"graphql-ws,header-{header}"}
        ),
    ):
        for action in RealtimeProtocol(lambda: 0.0).connect(handshake):
            if isinstance(action, Send):
                check(action.texts[0])
