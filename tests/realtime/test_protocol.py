"""Every frame of the realtime protocol, byte by byte."""

import base64
import json
from typing import Any

import pytest

from appsync_emulator.realtime import refusals
from appsync_emulator.realtime.handshake import Handshake
from appsync_emulator.realtime.protocol import (
    MAX_PENDING,
    MAX_SUBSCRIPTIONS,
    Actions,
    Authenticate,
    Begin,
    Close,
    End,
    RealtimeProtocol,
    Send,
    Start,
    data_prefix,
)
from appsync_emulator.realtime.refusals import Denied, StartRejected

KEY = {"host": "localhost", "x-api-key": "da2-key"}
HEADER = base64.b64encode(json.dumps(KEY).encode()).decode()
HANDSHAKE = Handshake(
    "/graphql",
    f"header={HEADER}&payload=e30=",
    {"sec-websocket-protocol": "graphql-ws"},
)
DOCUMENT = "subscription { onMessage { id } }"
INIT = '{"type":"connection_init"}'
ACK = b'{"type":"connection_ack","payload":{"connectionTimeoutMs":300000}}'
KA = b'{"type":"ka"}'
MISUNDERSTOOD = (
    b'{"type":"error","payload":{"errors":[{"errorType":"UnsupportedOperation",'
    b'"message":"unknown not supported through the realtime channel"}]}}'
)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock | None = None) -> RealtimeProtocol:
    protocol = RealtimeProtocol(clock or Clock())
    protocol.connect(HANDSHAKE)
    protocol.accepted()
    return protocol


def start(id_: str = "1", data: Any = None, **extensions: Any) -> str:
    data = {"query": DOCUMENT} if data is None else data
    text = data if isinstance(data, str) else json.dumps(data)
    message: dict[str, Any] = {"id": id_, "type": "start", "payload": {"data": text}}
    if extensions:
        message["payload"]["extensions"] = extensions
    return json.dumps(message)


def stop(id_: str = "1") -> str:
    return json.dumps({"id": id_, "type": "stop"})


def begun(actions: Actions) -> Start:
    (begin,) = actions
    assert isinstance(begin, Begin)
    return begin.start


def sent(actions: Actions) -> bytes:
    (send,) = actions
    assert isinstance(send, Send)
    (text,) = send.texts
    return text


# Opening


@pytest.mark.aws_doc("devguide, real-time-websocket-client: handshake")
def test_a_connection_is_authenticated_first() -> None:
    protocol = RealtimeProtocol(Clock())
    assert protocol.connect(HANDSHAKE) == [Authenticate(KEY)]
    assert protocol.accepted() == []


@pytest.mark.aws_observed("graphql-platform #6468, graphql-ws #602: ka follows the ack")
@pytest.mark.parametrize("init", [INIT, '{"type":"connection_init","payload":{}}'])
def test_init_is_answered_by_ack_and_keep_alive(init: str) -> None:
    assert opened().receive(init) == [Send((ACK, KA))]


@pytest.mark.ours("not recorded; a client that asks twice wants its answer")
def test_a_second_init_is_answered_again() -> None:
    protocol = opened()
    protocol.receive(INIT)
    assert protocol.receive(INIT) == [Send((ACK, KA))]


@pytest.mark.aws_observed("graphql-platform #6468: a start before the ack is answered")
def test_messages_wait_for_the_authentication() -> None:
    protocol = RealtimeProtocol(Clock())
    protocol.connect(HANDSHAKE)
    assert protocol.receive(INIT) == []
    assert protocol.receive(start("7")) == []
    assert protocol.receive("{}") == []
    ack, begin, error = protocol.accepted()
    assert ack == Send((ACK, KA))
    assert begun([begin]).id == "7"
    assert sent([error]) == MISUNDERSTOOD


@pytest.mark.aws_doc(
    "devguide, real-time-websocket-client: connection_init is optional"
)
def test_a_start_needs_no_init() -> None:
    assert begun(opened().receive(start("7"))).query == DOCUMENT


@pytest.mark.ours("memory must be bounded while an authentication takes its time")
def test_too_many_early_messages_end_the_connection() -> None:
    protocol = RealtimeProtocol(Clock())
    protocol.connect(HANDSHAKE)
    for _ in range(MAX_PENDING):
        assert protocol.receive(INIT) == []
    (close,) = protocol.receive(INIT)
    assert isinstance(close, Close)
    assert close.code == 1008
    assert protocol.accepted() == []
    assert protocol.refused(Denied()) == []


# Refused connections


@pytest.mark.aws_observed("key order: amplify-flutter #2763, graphql-client #662")
@pytest.mark.parametrize(
    ("denied", "entry"),
    [
        (
            Denied(),
            (
                b'{"errorType":"UnauthorizedException","message":'
                b'"You are not authorized to make this call.","errorCode":401}'
            ),
        ),
        (
            Denied("UnauthorizedException", "Permission denied"),
            (
                b'{"errorType":"UnauthorizedException","message":"Permission denied",'
                b'"errorCode":401}'
            ),
        ),
        (refusals.no_protocol(), b'{"message":"NoProtocolError","errorCode":400}'),
        (
            refusals.headers_malformed(),
            b'{"errorType":"BadRequestException","errorCode":400}',
        ),
    ],
)
def test_a_refusal_is_one_frame(denied: Denied, entry: bytes) -> None:
    protocol = RealtimeProtocol(Clock())
    protocol.connect(HANDSHAKE)
    expected = b'{"payload":{"errors":[' + entry + b']},"type":"connection_error"}'
    assert protocol.refused(denied) == []
    assert sent(protocol.receive(INIT)) == expected


@pytest.mark.aws_observed("websocket-php #92")
def test_a_bad_handshake_is_refused_without_authentication() -> None:
    protocol = RealtimeProtocol(Clock())
    assert protocol.connect(Handshake("/graphql", "", {})) == []
    assert sent(protocol.receive(INIT)) == (
        b'{"payload":{"errors":[{"message":"NoProtocolError","errorCode":400}]},'
        b'"type":"connection_error"}'
    )


@pytest.mark.ours(
    "gql loses the error when the close comes before its init was written"
)
def test_a_refused_connection_is_closed_half_a_second_later() -> None:
    clock = Clock()
    protocol = RealtimeProtocol(clock)
    protocol.connect(HANDSHAKE)
    protocol.refused(Denied())
    assert protocol.deadline == clock.now + 0.5
    clock.now = protocol.deadline
    assert b"connection_error" in sent(protocol.tick())
    assert protocol.tick() == [Close(1008, "connection refused")]
    assert protocol.tick() == []
    assert protocol.receive(INIT) == []


@pytest.mark.ours("once init has come, the client reads, so nothing is waited for")
def test_init_closes_a_refused_connection() -> None:
    protocol = RealtimeProtocol(Clock())
    protocol.connect(HANDSHAKE)
    protocol.refused(Denied())
    assert protocol.receive(start()) == []
    assert protocol.receive_binary() == []
    assert b"connection_error" in sent(protocol.receive(INIT))
    assert protocol.receive(INIT) == []
    assert protocol.deadline == 1000.0
    assert protocol.tick() == [Close(1008, "connection refused")]


@pytest.mark.ours("the error frame and the close never go out together")
def test_an_earlier_init_makes_the_close_due_next() -> None:
    clock = Clock()
    protocol = RealtimeProtocol(clock)
    protocol.connect(HANDSHAKE)
    protocol.receive(INIT)
    assert len(protocol.refused(Denied())) == 1
    assert protocol.deadline == clock.now


# Subscriptions


@pytest.mark.aws_doc("devguide, real-time-websocket-client: start")
def test_a_start_carries_text_operation_and_credentials() -> None:
    text = '{ "query": "subscription S($id:ID){onMessage(id:$id){id}}", \
"variables": {"id": "a"}, "operationName": "S", "extensions": {} }'
    authorization = {"X-Api-Key": "k", "host": "h", "odd": 1}
    begin = begun(opened().receive(start("7", text, authorization=authorization)))
    assert begin.id == "7"
    assert begin.text == text
    assert begin.query == "subscription S($id:ID){onMessage(id:$id){id}}"
    assert begin.variables == {"id": "a"}
    assert begin.operation_name == "S"
    assert begin.credentials == {"x-api-key": "k", "host": "h"}


@pytest.mark.aws_observed("clients leave out what they do not need; amplify sends null")
@pytest.mark.parametrize(
    ("data", "extensions"),
    [
        ({"query": DOCUMENT}, {}),
        ({"query": DOCUMENT, "variables": None, "operationName": None}, {}),
        ({"query": DOCUMENT}, {"authorization": None}),
        ({"query": DOCUMENT}, {"authorization": ["x-api-key"]}),
    ],
)
def test_what_a_start_may_leave_out(data: Any, extensions: Any) -> None:
    begin = begun(opened().receive(start("7", data, **extensions)))
    assert begin.variables is None
    assert begin.operation_name is None
    assert begin.credentials == {}


@pytest.mark.aws_observed("amplify-swift #2951: key order")
def test_start_ack() -> None:
    protocol = opened()
    begin = begun(protocol.receive(start("7")))
    assert protocol.wanted(begin)
    assert sent(protocol.started(begin, "handle")) == b'{"id":"7","type":"start_ack"}'
    assert not protocol.wanted(begin)


@pytest.mark.aws_observed("gql parses int(id): ids are echoed as they came")
@pytest.mark.parametrize("id_", ["1", "", "a b", 'q"\\', "é\u0000\u2028", "🙂" * 50])
def test_ids_are_echoed(id_: str) -> None:
    protocol = opened()
    frame = sent(protocol.started(begun(protocol.receive(start(id_))), 1))
    assert json.loads(frame)["id"] == id_
    assert json.loads(data_prefix(id_) + b"{}}")["id"] == id_


@pytest.mark.aws_observed("amplify-swift #3632: key order")
def test_the_data_message_is_prefix_payload_and_brace() -> None:
    assert data_prefix("7") == b'{"id":"7","type":"data","payload":'


@pytest.mark.aws_observed("amplify-js #8121: key order")
def test_stop_is_answered_by_complete() -> None:
    protocol = opened()
    begin = begun(protocol.receive(start("7")))
    protocol.started(begin, "handle")
    end, complete = protocol.receive(stop("7"))
    assert end == End("handle")
    assert sent([complete]) == b'{"id":"7","type":"complete"}'
    assert protocol.operations == {}


@pytest.mark.ours("a stop beats the start it follows, also before start_ack")
def test_stop_beats_a_start_under_way() -> None:
    protocol = opened()
    begin = begun(protocol.receive(start("7")))
    end, complete = protocol.receive(stop("7"))
    assert end == End(begin)
    assert sent([complete]) == b'{"id":"7","type":"complete"}'
    assert not protocol.wanted(begin)
    assert protocol.rejected(begin, StartRejected.of(None, "too late")) == []


@pytest.mark.ours("a stopped id is free at once")
def test_an_id_may_be_started_again() -> None:
    protocol = opened()
    first = begun(protocol.receive(start("7")))
    protocol.receive(stop("7"))
    second = begun(protocol.receive(start("7")))
    assert not protocol.wanted(first)
    assert protocol.wanted(second)


@pytest.mark.ours("not recorded; as documented for AppSync Events")
def test_stop_of_an_unknown_id() -> None:
    assert sent(opened().receive(stop("9"))) == (
        b'{"id":"9","type":"error","payload":{"errors":[{"errorType":'
        b'"UnknownOperationError","message":"Unknown operation id 9"}]}}'
    )


@pytest.mark.aws_observed("amplify-swift #1589: an error that has no errorType")
def test_a_rejected_start() -> None:
    protocol = opened()
    begin = begun(protocol.receive(start("7")))
    rejection = StartRejected.of(None, "Validation error of type FieldUndefined: …")
    assert sent(protocol.rejected(begin, rejection)) == (
        '{"id":"7","type":"error","payload":{"errors":'
        '[{"message":"Validation error of type FieldUndefined: …"}]}}'.encode()
    )
    assert begun(protocol.receive(start("7"))).id == "7"


@pytest.mark.aws_observed("amplify-js #12818")
def test_a_duplicate_id_is_rejected_and_the_first_lives_on() -> None:
    protocol = opened()
    begin = begun(protocol.receive(start("7")))
    expected = (
        b'{"id":"7","type":"error","payload":{"errors":[{"errorType":'
        b'"DuplicatedOperationError","message":"Duplicated operation with id 7"}]}}'
    )
    assert sent(protocol.receive(start("7"))) == expected
    assert protocol.wanted(begin)
    protocol.started(begin, "handle")
    assert sent(protocol.receive(start("7"))) == expected


@pytest.mark.aws_observed("amplify-js #4813: the same words for two root fields")
def test_two_root_fields_have_the_words_of_a_duplicate() -> None:
    assert refusals.duplicated("7").errors == [
        {
            "errorType": "DuplicatedOperationError",
            "message": "Duplicated operation with id 7",
        }
    ]


@pytest.mark.aws_doc("AWS General Reference, AppSync: 200 subscriptions per connection")
def test_two_hundred_subscriptions_are_allowed() -> None:
    protocol = opened()
    for number in range(MAX_SUBSCRIPTIONS):
        begun(protocol.receive(start(str(number))))
    assert MAX_SUBSCRIPTIONS == 200
    assert protocol.receive(stop("5"))
    begun(protocol.receive(start("again")))


@pytest.mark.aws_doc("devguide, real-time-websocket-client: errors is a list")
def test_one_subscription_too_many() -> None:
    protocol = opened()
    for number in range(MAX_SUBSCRIPTIONS):
        protocol.receive(start(str(number)))
    assert sent(protocol.receive(start("more"))) == (
        b'{"id":"more","type":"error","payload":{"errors":[{"errorType":'
        b'"MaxSubscriptionsReachedError",'
        b'"message":"Max number of 200 subscriptions reached"}]}}'
    )


@pytest.mark.aws_observed("artillery #1567, graphql-platform #6468: no id")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        '"start"',
        "{}",
        '{"type":null}',
        '{"type":["start"]}',
        '{"type":"subscribe","id":"1"}',
        '{"type":"connection_terminate"}',
        '{"type":"ka"}',
        '{"type":"start","id":"1"}',
        '{"type":"start","id":"1","payload":null}',
        '{"type":"start","id":"1","payload":{"query":"subscription{a}"}}',
        '{"type":"start","id":"1","payload":{"data":{"query":"subscription{a}"}}}',
        '{"type":"start","payload":{"data":"{}"}}',
        '{"type":"start","id":1,"payload":{"data":"{}"}}',
        '{"type":"stop"}',
        '{"type":"stop","id":7}',
        '{"type":"stop","id":"\\ud800"}',
        "[" * 3000,
    ],
)
def test_a_message_that_is_not_understood(text: str) -> None:
    assert sent(opened().receive(text)) == MISUNDERSTOOD


@pytest.mark.ours("not recorded; clients send text frames only")
def test_a_binary_frame_is_not_understood() -> None:
    protocol = RealtimeProtocol(Clock())
    protocol.connect(HANDSHAKE)
    assert protocol.receive_binary() == []
    protocol.accepted()
    assert sent(protocol.receive_binary()) == MISUNDERSTOOD


@pytest.mark.ours("not recorded for sockets; what the text gets as an HTTP body")
@pytest.mark.parametrize(
    "data",
    [
        "",
        "meow",
        "[]",
        "{}",
        '{"query":null}',
        '{"query":"subscription{a}","variables":[]}',
        '{"query":"subscription{a}","operationName":1}',
    ],
)
def test_data_without_an_operation(data: str) -> None:
    protocol = opened()
    assert sent(protocol.receive(start("7", data))) == (
        b'{"id":"7","type":"error","payload":{"errors":[{"errorType":'
        b'"MalformedHttpRequestException",'
        b'"message":"Unable to parse GraphQL query."}]}}'
    )
    assert protocol.operations == {}


@pytest.mark.aws_observed("amplify-cli #4118: the word before `not` may be empty")
@pytest.mark.parametrize("kind", ["query", "mutation", ""])
def test_other_operations_are_unsupported(kind: str) -> None:
    (error,) = refusals.unsupported(kind).errors
    assert error == {
        "errorType": "UnsupportedOperation",
        "message": f"{kind} not supported through the realtime channel",
    }


@pytest.mark.aws_doc("devguide, aws-appsync-real-time-invalidation: then it closes")
def test_an_invalidated_subscription_ends_with_its_connection() -> None:
    protocol = opened()
    protocol.started(begun(protocol.receive(start("7"))), "handle")
    other = begun(protocol.receive(start("8")))
    assert protocol.revoke("9") == []
    complete, *rest = protocol.revoke("7")
    assert sent([complete]) == b'{"id":"7","type":"complete"}'
    assert rest == [End("handle"), End(other), Close(1000, "Subscription complete.")]
    assert protocol.revoke("8") == []


# Time


@pytest.mark.aws_doc("eventapi, event-api-websocket-protocol: ka every 60 seconds")
def test_keep_alive_comes_every_minute() -> None:
    clock = Clock()
    protocol = opened(clock)
    clock.now += 10
    protocol.receive(INIT)
    for _ in range(3):
        assert protocol.deadline == clock.now + 60
        clock.now = protocol.deadline
        assert protocol.tick() == [Send((KA,))]


@pytest.mark.aws_observed("aws-appsync-community #195: ka comes without any init")
def test_keep_alive_needs_no_init() -> None:
    clock = Clock()
    protocol = opened(clock)
    clock.now = protocol.deadline
    assert protocol.tick() == [Send((KA,))]


@pytest.mark.ours("before the answer to the handshake there is no connection")
def test_no_keep_alive_while_authenticating() -> None:
    clock = Clock()
    protocol = RealtimeProtocol(clock)
    protocol.connect(HANDSHAKE)
    clock.now = protocol.deadline
    assert protocol.tick() == []
    assert protocol.deadline == clock.now + 60


@pytest.mark.aws_doc("devguide, real-time-websocket-client: closed after 24 hours")
def test_a_connection_ends_after_a_day() -> None:
    clock = Clock()
    end = clock.now + 24 * 60 * 60
    protocol = opened(clock)
    protocol.started(begun(protocol.receive(start("7"))), "handle")
    under_way = begun(protocol.receive(start("8")))
    clock.now = end - 10
    assert protocol.tick() == [Send((KA,))]
    assert protocol.deadline == end
    clock.now = end
    assert protocol.tick() == [
        End("handle"),
        End(under_way),
        Close(1001, "connection lifetime is over"),
    ]
    assert protocol.deadline == float("inf")
    assert protocol.receive(INIT) == []


@pytest.mark.ours("a connection may vanish in the middle of everything")
def test_a_lost_connection_gives_its_operations_back() -> None:
    protocol = opened()
    protocol.started(begun(protocol.receive(start("7"))), "handle")
    under_way = begun(protocol.receive(start("8")))
    assert list(protocol.lost()) == ["handle", under_way]
    assert list(protocol.lost()) == []
    assert not protocol.wanted(under_way)
    assert protocol.tick() == []
    assert protocol.receive(start("9")) == []
    assert protocol.accepted() == []
