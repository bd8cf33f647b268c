"""Where the credentials of a connection are found, and how they are refused."""

import base64
import json
from urllib.parse import quote

import pytest

from appsync_emulator.realtime.handshake import (
    Handshake,
    chosen_protocol,
    find_credentials,
)
from appsync_emulator.realtime.refusals import Denied

KEY = {"host": "localhost:20002", "x-api-key": "da2-key"}
# Its base64 has + and / (- and _), and needs padding.
ODD = {"host": "localhost:20002", "Authorization": "ÿþ>>>???~~~ûï¿"}


def standard(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return base64.b64encode(text.encode()).decode()


def url_safe(value: object) -> str:
    text = standard(value).replace("+", "-").replace("/", "_")
    return text.rstrip("=")


def by_query(header: str) -> Handshake:
    return Handshake(
        "/graphql",
        f"header={header}&payload=e30=",
        {"sec-websocket-protocol": "graphql-ws"},
    )


def by_protocol(header: str, comma: str = ", ") -> Handshake:
    offered = f"graphql-ws{comma}header-{header}"
    return Handshake("/graphql/realtime", "", {"sec-websocket-protocol": offered})


def by_headers(**headers: str) -> Handshake:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Handshake("/graphql", "", {"sec-websocket-protocol": "graphql-ws", **names})


def denial(handshake: Handshake) -> object:
    with pytest.raises(Denied) as raised:
        find_credentials(handshake)
    return raised.value.error


@pytest.mark.aws_doc("devguide, real-time-websocket-client: header parameter format")
@pytest.mark.parametrize(
    "handshake",
    [
        by_query(standard(KEY)),
        by_protocol(url_safe(KEY)),
        by_headers(host="localhost:20002", x_api_key="da2-key"),
    ],
    ids=["query", "subprotocol", "headers"],
)
def test_credentials_come_by_three_carriers(handshake: Handshake) -> None:
    found = find_credentials(handshake)
    assert found["x-api-key"] == "da2-key"
    assert found["host"] == "localhost:20002"


@pytest.mark.aws_observed("gql, Amplify and Apollo clients encode in these ways")
@pytest.mark.parametrize(
    "handshake",
    [
        pytest.param(by_query(standard(ODD)), id="standard, + sent as it is"),
        pytest.param(by_query(quote(standard(ODD))), id="standard, escaped"),
        pytest.param(by_query(standard(ODD).rstrip("=")), id="standard, no padding"),
        pytest.param(by_query(url_safe(ODD)), id="url-safe in the query"),
        pytest.param(by_protocol(url_safe(ODD)), id="url-safe in the subprotocol"),
        pytest.param(by_protocol(url_safe(ODD), ","), id="no space between offers"),
        pytest.param(
            by_query(quote(standard(ODD)[:20] + "\r\n" + standard(ODD)[20:])),
            id="line breaks",
        ),
    ],
)
def test_every_dialect_of_base64_is_read(handshake: Handshake) -> None:
    assert "+" in standard(ODD)
    assert "/" in standard(ODD)
    assert find_credentials(handshake)["authorization"] == ODD["Authorization"]


@pytest.mark.aws_observed("Apollo sends x-api-key and X-Api-Key, gql X-Amz-Date")
def test_header_names_are_folded_and_may_repeat() -> None:
    sent = {"HOST": "h", "x-api-key": "k", "X-Api-Key": "k", "X-Amz-Date": "d"}
    assert find_credentials(by_query(standard(sent))) == {
        "host": "h",
        "x-api-key": "k",
        "x-amz-date": "d",
    }


@pytest.mark.ours("headers are text; anything else cannot be one")
def test_values_that_are_not_text_are_left_out() -> None:
    sent = {**KEY, "x-number": 1, "x-list": ["a"], "x-none": None}
    assert find_credentials(by_query(standard(sent))) == KEY


@pytest.mark.aws_observed("Amplify adds custom headers as further query parameters")
def test_unknown_query_parameters_are_ignored() -> None:
    handshake = Handshake(
        "/graphql/realtime",
        f"x-test-header=a+b%26c&x&=&header={standard(KEY)}",
        {"sec-websocket-protocol": "graphql-ws"},
    )
    assert find_credentials(handshake) == KEY


@pytest.mark.aws_observed("websocket-php #92, aws-appsync-community #195")
@pytest.mark.parametrize("offered", [{}, {"sec-websocket-protocol": " , "}])
def test_no_subprotocol_is_refused(offered: dict[str, str]) -> None:
    query = f"header={standard(KEY)}&payload=e30="
    error = denial(Handshake("/graphql", query, offered))
    assert error == {"message": "NoProtocolError", "errorCode": 400}


@pytest.mark.aws_observed("graphql-dotnet/graphql-client #591")
@pytest.mark.parametrize(
    "offered", ["graphql-transport-ws", "header-e30", "GRAPHQL-WS"]
)
def test_another_subprotocol_is_refused(offered: str) -> None:
    handshake = Handshake("/graphql", "", {"sec-websocket-protocol": offered})
    assert denial(handshake) == {
        "message": "SubProtocolNotSupportedError",
        "errorCode": 400,
    }


@pytest.mark.aws_observed("graphql-dotnet/graphql-client #662")
@pytest.mark.parametrize(
    "handshake",
    [
        by_headers(),
        by_headers(host="localhost"),
        by_query(""),
        by_protocol(""),
        by_query(standard({})),
        by_query(standard({"host": "localhost"})),
        by_query(standard({"x-api-key": "da2-key"})),
        by_protocol(url_safe({"host": "", "x-api-key": "da2-key"})),
    ],
)
def test_missing_headers_are_refused(handshake: Handshake) -> None:
    assert denial(handshake) == {
        "message": "Required headers are missing.",
        "errorCode": 400,
    }


@pytest.mark.aws_observed("apollo-kotlin #1864; type as known to amplify-js")
@pytest.mark.parametrize(
    "header",
    [
        "%%%",
        "e",  # no length that base64 can have
        "ÿ",
        base64.b64encode(b"{not json").decode(),
        base64.b64encode(b"\xff\xfe").decode(),
        standard([KEY]),
        standard("text"),
        standard(None),
    ],
)
def test_undecodable_headers_are_refused(header: str) -> None:
    expected = {"errorType": "BadRequestException", "errorCode": 400}
    assert denial(by_query(header)) == expected


@pytest.mark.aws_observed("browsers and ws refuse a socket without the echo")
@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ("graphql-ws", "graphql-ws"),
        ("graphql-ws, header-e30", "graphql-ws"),
        ("header-e30,graphql-ws", "graphql-ws"),
        ("graphql-transport-ws", None),
        ("header-e30", None),
        ("", None),
    ],
)
def test_only_graphql_ws_is_ever_chosen(offered: str, chosen: str | None) -> None:
    handshake = Handshake("/graphql", "", {"sec-websocket-protocol": offered})
    assert chosen_protocol(handshake) == chosen
