"""AWS Amplify and Apollo Client, unmodified, in Node.js processes of their own."""

from dataclasses import dataclass
from typing import Any

import pytest

from .conftest import Lines, Run, Running

pytestmark = [
    pytest.mark.ours("real clients must find here what they find on AWS"),
    pytest.mark.timeout(300),  # the first test may have to install the packages
]


@dataclass(frozen=True)
class Way:
    """How a client is pointed at the emulator.

    Attributes:
        client: the script.
        scheme: of the GraphQL endpoint that its configuration names.
        socket: the scheme of the websocket that it opens for that.
    """

    client: str
    scheme: str
    socket: str

    @property
    def trust(self) -> bool:
        """Whether the process is told to trust the emulator's CA."""
        return self.socket == "wss"


WAYS = {
    # Amplify turns http:// into wss://, so one port has to speak both.
    "Amplify": Way("amplify.mjs", "http", "wss"),
    "Amplify over TLS": Way("amplify.mjs", "https", "wss"),
    # It looks for the scheme in lower case only: another spelling needs no trust.
    "Amplify in clear": Way("amplify.mjs", "HTTP", "http"),
    "Apollo": Way("apollo.mjs", "http", "ws"),
    "Apollo over TLS": Way("apollo.mjs", "https", "wss"),
}

REFUSALS = {
    "amplify.mjs": ["Unauthorized"],
    "apollo.mjs": "ServerError: Response not successful: Received status code 401",
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


@pytest.fixture
def play(run: Run, way: Way, emulator: Running) -> Run:
    """Run a scenario with a client, pointed at the emulator in one way."""

    def play(scenario: str, **options: Any) -> Lines:
        endpoint = f"{way.scheme}://{emulator.host}/graphql"
        return run(way.client, scenario, endpoint=endpoint, trust=way.trust, **options)

    return play


def message(room: str, number: int) -> dict[str, Any]:
    return {"room": room, "number": number, "text": f"äß€😀{number}", "last": False}


def messages(values: list[Any]) -> list[Any]:
    """Leave out what Apollo adds to every selection."""
    without = [dict(value) for value in values]
    for value in without:
        assert value.pop("__typename", "Message") == "Message"
    return without


def test_queries_and_mutations_are_answered(play: Run) -> None:
    lines = play("calls")
    echo, say, say_vtl = lines.all("answer")
    assert echo == {"echo": "hällo", "echoVtl": "hällo"}
    assert messages([say["say"]]) == [message("calls", 1)]
    assert messages([say_vtl["sayVtl"]]) == [message("calls", 2)]


@pytest.mark.aws_observed("graphql-over-http #81, by an AppSync engineer")
def test_an_unknown_field_is_refused(play: Run) -> None:
    (message,) = play("calls").one("refused")
    assert message == (
        "Validation error of type FieldUndefined: "
        "Field 'nothing' in type 'Query' is undefined @ 'nothing'"
    )


def test_two_subscriptions_share_a_socket_until_one_is_ended(
    play: Run, way: Way, emulator: Running
) -> None:
    lines = play("subscriptions")
    url = f"{way.socket}://{emulator.host}/graphql/realtime"
    assert lines.one("socket") == url
    assert messages(lines.all("heard")) == [
        message("a", 1),
        message("b", 1),
        message("b", 2),
    ]
    frames = [frame["type"] for frame in lines.all("frame")]
    assert frames == [
        *("connection_ack", "ka", "start_ack", "start_ack"),
        *("data", "data", "complete", "data"),
    ]


@pytest.mark.aws_observed("amplify-swift #1589: a subscription that is not valid")
def test_a_refused_subscription_leaves_the_others_alone(play: Run) -> None:
    lines = play("refused")
    error = (
        "Validation error of type FieldUndefined: "
        "Field 'nothing' in type 'Message' is undefined @ 'onSay/nothing'"
    )
    assert lines.one("failed") == [
        f'Connection failed: {{"errors":[{{"message":"{error}"}}]}}'
    ]
    assert messages(lines.all("heard")) == [message("a", 1)]
    assert len(lines.all("socket")) == 1


@pytest.mark.aws_observed("amplify-flutter #2763: a connection that is refused")
def test_a_wrong_key_is_refused_at_once(play: Run, way: Way) -> None:
    lines = play("denied", key="da2-wrong")
    assert lines.one("refused") == REFUSALS[way.client]
    failed = ["Connection failed: UnauthorizedException"]
    assert lines.all("failed") == [failed] * 5
    # A client that misses the message takes the closed socket for a bad network and
    # tries again for seconds. Under Node.js it misses what arrives with the answer to
    # its upgrade request: it starts to listen after its promise of a socket is kept.
    assert len(lines.all("socket")) == 5


@pytest.mark.aws_doc("developer guide, Lambda resolvers: asynchronous invocations")
def test_an_answer_of_null_comes_first_and_then_the_stream(play: Run) -> None:
    lines = play("stream", room="stream", count=60)
    assert lines.one("answer") == {"ask": None}
    assert lines.all("heard")[0]["number"] == 0
    first = next(place for place, line in enumerate(lines) if "heard" in line)
    assert {"answer": {"ask": None}} in lines[:first]
    heard = messages(lines.all("heard"))
    assert [one["number"] for one in heard] == list(range(60))
    assert "".join(one["text"] for one in heard) == "".join(
        f"word{number} " for number in range(60)
    )
