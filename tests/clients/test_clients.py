"""Each client, unmodified, against a server process: one test for each check.

The checks themselves are in `node/checks.mjs` and `python/checks.py`.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from .players import TOKENS, Lines, Played
from .server import Server
from .ways import WAYS, Way

pytestmark = [
    pytest.mark.ours("real clients must find here what they find on AWS"),
    # The first test waits for all clients, and may have to install them.
    pytest.mark.timeout(540),
]

CALLERS = [name for name, way in WAYS.items() if way.client != "appsync-ws-client"]
BROWSERS = [name for name, way in WAYS.items() if way.place == "Chromium"]

UNKNOWN = "Validation error of type FieldUndefined: Field 'nothing' in type '{}' is "
UNKNOWN_QUERY = UNKNOWN.format("Query") + "undefined @ 'nothing'"
UNKNOWN_MESSAGE = UNKNOWN.format("Message") + "undefined @ 'onSay/nothing'"
CLOSED = {"errorType": "Closed", "message": "This room is closed."}
UNAUTHORIZED = {
    "errorType": "UnauthorizedException",
    "message": "You are not authorized to make this call.",
}

Told = Callable[[str], Lines]


@pytest.fixture(params=WAYS)
def client(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def way(client: str) -> Way:
    return WAYS[client]


@pytest.fixture
def told(client: str, way: Way, request: pytest.FixtureRequest) -> Told:
    """Give what a client told in a check."""
    if missing := way.missing():
        pytest.skip(f"{client}: {' and '.join(missing)}")
    played: Played = request.getfixturevalue("played")[client]

    def told(check: str) -> Lines:
        lines = played.lines.get(check)
        assert lines is not None, f"it did not come to that: {played.ended}"
        assert not lines.all("broken"), f"{lines.one('broken')}\n{lines[-20:]}"
        return lines

    return told


@pytest.fixture
def url(way: Way, server: Server) -> str:
    """Give the address of the websocket that the client opens."""
    return way.url(server)


def message(client: str, letter: str, number: int) -> dict[str, Any]:
    text = f"äß€😀{number}"
    return {"room": f"{client}/{letter}", "number": number, "text": text, "last": False}


def messages(values: list[Any]) -> list[Any]:
    """Leave out what Apollo adds to every selection."""
    without = [dict(value) for value in values]
    for value in without:
        assert value.pop("__typename", "Message") == "Message"
    return without


def frames(lines: Lines) -> list[str]:
    return [frame["type"] for frame in lines.all("frame")]


def ids(lines: Lines, type_: str) -> list[str]:
    """Give the ids of the frames of a type, in order."""
    return [frame["id"] for frame in lines.all("frame") if frame["type"] == type_]


@pytest.mark.parametrize("client", CALLERS)
def test_a_query_is_answered(told: Told) -> None:
    assert told("query").one("answer") == {"echo": "hällo", "echoVtl": "hällo"}


@pytest.mark.aws_observed("graphql-over-http #81, by an AppSync engineer")
@pytest.mark.parametrize("client", CALLERS)
def test_an_unknown_field_is_refused(told: Told) -> None:
    (error,) = told("query").one("refused")
    # gql hands out the error, the others its message.
    assert (error["message"] if isinstance(error, dict) else error) == UNKNOWN_QUERY


@pytest.mark.parametrize("client", CALLERS)
def test_mutations_are_answered(told: Told, client: str) -> None:
    say, say_vtl = told("mutation").all("answer")
    assert messages([say["say"]]) == [message(client, "a", 1)]
    assert messages([say_vtl["sayVtl"]]) == [message(client, "a", 2)]


def test_a_subscription_hears_what_is_for_it(told: Told, client: str, url: str) -> None:
    lines = told("subscription")
    assert lines.one("socket") == url
    assert messages(lines.all("heard")) == [
        message(client, "a", 1),
        message(client, "a", 2),
    ]
    assert frames(lines) == [
        *("connection_ack", "ka", "start_ack", "data", "data", "complete")
    ]


def test_two_subscriptions_share_a_socket(told: Told, client: str, url: str) -> None:
    lines = told("twoSubscriptions")
    assert lines.one("socket") == url
    assert messages(lines.all("heard")) == [
        message(client, "a", 1),
        message(client, "b", 2),
    ]
    first, second = ids(lines, "data")
    assert (
        {first, second} == set(ids(lines, "start_ack")) == set(ids(lines, "complete"))
    )
    assert first != second


def test_who_has_unsubscribed_hears_no_more(told: Told, client: str) -> None:
    lines = told("unsubscribe")
    assert len(lines.all("socket")) == 1
    assert messages(lines.all("heard")) == [message(client, "b", 2)]
    assert frames(lines) == [
        *("connection_ack", "ka", "start_ack", "start_ack"),
        *("complete", "data", "complete"),
    ]
    leaving, staying = ids(lines, "complete")
    assert ids(lines, "data") == [staying]
    assert leaving != staying


def as_failure(way: Way, error: dict[str, str]) -> Any:
    """Give an error of a subscription as the client gives it to its user."""
    payload = {"errors": [error]}
    match way.client:
        case "gql":
            return [payload]
        case "appsync-ws-client":
            return f"Error received: {payload}"
        case _:
            text = json.dumps(payload, separators=(",", ":"))
            return [f"Connection failed: {text}"]


@pytest.mark.aws_observed("amplify-swift #1589: a subscription that is not valid")
def test_an_error_at_subscribe_leaves_the_others_alone(
    told: Told, client: str, way: Way
) -> None:
    lines = told("errorAtSubscribe")
    assert lines.all("failed") == [
        as_failure(way, {"message": UNKNOWN_MESSAGE}),
        as_failure(way, CLOSED),
    ]
    assert messages(lines.all("heard")) == [message(client, "a", 1)]
    assert len(lines.all("socket")) == 1
    assert len(ids(lines, "start_ack")) == 1


@pytest.mark.aws_doc("developer guide, API_KEY authorization: 401 for a wrong key")
@pytest.mark.parametrize("client", CALLERS)
def test_a_call_with_a_wrong_key_is_refused(told: Told, way: Way) -> None:
    assert (
        told("denied").one("refused")
        == {
            "amplify": ["Unauthorized"],
            "apollo": "ServerError: Response not successful: Received status code 401",
            "gql": [UNAUTHORIZED],
        }[way.client]
    )


@pytest.mark.aws_observed("amplify-flutter #2763: a connection that is refused")
def test_a_connection_with_a_wrong_key_is_refused_at_once(told: Told, way: Way) -> None:
    lines = told("denied")
    refusal = {"errors": [{**UNAUTHORIZED, "errorCode": 401}]}
    failed, times = {
        "amplify": (["Connection failed: UnauthorizedException"], 5),
        "apollo": (["Connection failed: UnauthorizedException"], 5),
        "gql": (f"TransportServerError: Server error: '{refusal}'", 1),
        # It ignores the refusal and waits for an acknowledgement.
        "appsync-ws-client": ("Connection acknowledgment timeout.", 1),
    }[way.client]
    assert lines.all("failed") == [failed] * times
    assert frames(lines) == ["connection_error"] * times
    # A client that misses the message takes the closed socket for a bad network and
    # tries again for seconds. Under Node.js it misses what arrives with the answer to
    # its upgrade request: it starts to listen after its promise of a socket is kept.
    assert len(lines.all("socket")) == times


@pytest.mark.aws_doc("developer guide, Lambda resolvers: asynchronous invocations")
def test_an_answer_of_null_comes_first_and_then_the_whole_stream(told: Told) -> None:
    lines = told("stream")
    assert lines.one("answer") == {"ask": None}
    assert lines.place("answer") < lines.place("heard")
    heard = lines.all("heard")
    assert [token["number"] for token in heard] == list(range(TOKENS))
    assert [token["last"] for token in heard] == [False] * (TOKENS - 1) + [True]
    text = "".join(f"word{number} " for number in range(TOKENS))
    assert "".join(token["text"] for token in heard) == text


def test_a_client_goes_on_after_the_server_was_killed_and_started_again(
    told: Told, client: str, way: Way, url: str
) -> None:
    lines = told("restart")
    assert messages(lines.all("heard")) == [
        message(client, "a", 1),
        message(client, "a", 2),
    ]
    assert set(lines.all("socket")) == {url}
    # What its user is told of the loss, and whether they have to subscribe again.
    told_of, again = {
        "amplify": ([], False),
        "apollo": ([["Connection closed"]], True),
        "gql": (["TransportConnectionFailed"], True),
        # It connects again, and forgets what was subscribed to.
        "appsync-ws-client": ([], True),
    }[way.client]
    failed = [
        text.partition(":")[0] if way.client == "gql" else text
        for text in lines.all("failed")
    ]
    assert failed == told_of
    assert bool(lines.all("again")) == again
    if way.client == "amplify":
        states = lines.all("state")
        lost = states.index("ConnectionDisrupted")
        assert states[lost + 1 : lost + 3] == ["Connecting", "Connected"]
        first, second = ids(lines, "start_ack")
        assert first == second


@pytest.mark.ours("the CORS protocol, Fetch standard, as Chromium enforces it")
@pytest.mark.parametrize("client", BROWSERS)
def test_a_browser_may_call_from_another_origin(told: Told) -> None:
    # The first call is preflighted; what it learns lasts for the others.
    preflight = told("query").one("preflight")
    asked = {name.lower(): value for name, value in preflight["asked"].items()}
    answered = {name.lower(): value for name, value in preflight["answered"].items()}
    assert preflight["status"] == 200
    assert asked["access-control-request-method"] == "POST"
    headers = asked["access-control-request-headers"].split(",")
    assert "x-api-key" in headers
    allowed = answered["access-control-allow-headers"].replace(" ", "").lower()
    assert set(headers) <= set(allowed.split(","))
    assert answered["access-control-allow-origin"] in ("*", asked["origin"])
    assert len(told("query").all("answer")) == 1
    # The page may read a refusal: without that Amplify would report a bad network.
    assert told("denied").one("refused") == ["Unauthorized"]
