"""Which API a request is for."""

import pytest

from appsync_emulator.server.apis import Apis

APIS = Apis({"first1": "first", "abc123": "second", "Abc456": "third"})
PATHS = [
    ("/graphql", "first"),
    ("/graphql/", "first"),
    ("/abc123/graphql", "second"),
    ("/abc123/graphql/", "second"),
    ("/Abc456/graphql", "third"),
    ("/abc456/graphql", None),
    ("/unknown/graphql", None),
    ("/", None),
    ("", None),
    ("/graphql/x", None),
    ("/realtime", None),
    ("/a/b/graphql", None),
    ("//graphql", None),
    ("/graphql\n", None),
    ("/event/realtime", None),
]
REALTIME_PATHS = [
    ("/graphql/realtime", "first"),
    ("/graphql/realtime/", "first"),
    ("/abc123/graphql/realtime", "second"),
    ("/unknown/graphql/realtime", None),
]


@pytest.mark.aws_doc("devguide, real-time-websocket-client: /graphql and /realtime")
@pytest.mark.parametrize(("path", "api"), PATHS + REALTIME_PATHS)
def test_websockets_find_their_api_by_both_paths(path: str, api: str | None) -> None:
    assert APIS.find(path, "localhost:20002") == api


@pytest.mark.aws_doc("devguide, security-authz: an API's GRAPHQL URI ends in /graphql")
@pytest.mark.parametrize(
    ("path", "api"), PATHS + [(path, None) for path, _ in REALTIME_PATHS]
)
def test_graphql_over_http_has_one_path(path: str, api: str | None) -> None:
    assert APIS.find_graphql(path, "localhost:20002") == api


@pytest.mark.ours("RFC 9110, 4.2.3: names of hosts have no case")
@pytest.mark.parametrize(
    ("host", "api"),
    [
        ("abc123.appsync-api.us-east-1.localhost", "second"),
        ("abc123.appsync-realtime-api.us-east-1.localhost:8080", "second"),
        ("ABC123.AppSync-API.us-east-1.localhost", "second"),
        ("abc456.appsync-api.us-east-1.localhost", "third"),
        ("UNKNOWN.appsync-api.us-east-1.localhost", None),
        ("abc123.example.test", "first"),
        ("localhost", "first"),
        ("", "first"),
    ],
)
def test_a_host_names_its_api_in_any_case(host: str, api: str | None) -> None:
    assert APIS.find("/graphql", host) == api
    assert APIS.find_graphql("/graphql", host) == api


@pytest.mark.ours("the path is nearer to the user than the host")
def test_a_path_beats_a_host() -> None:
    host = "first1.appsync-api.us-east-1.localhost"
    assert APIS.find("/abc123/graphql", host) == "second"


@pytest.mark.ours("an application may have no API")
def test_without_apis_nothing_is_found() -> None:
    apis: Apis[str] = Apis({})
    assert apis.find("/graphql", "") is None
    assert apis.find_graphql("/graphql", "") is None
