"""The HTTP side of an API: what is refused, and with which words."""

import json
from typing import Any

import httpx
import pytest

from support import KEY, js, template

OBSERVED_81 = pytest.mark.aws_observed("graphql-over-http #81, by an AppSync engineer")
SCHEMA = """
type Query { echo(msg: String!): String  item: Item }
type Mutation { say(msg: String): String }
type Subscription { onSay: String @aws_subscribe(mutations: ["say"]) }
type Item { id: ID! name: String! }
"""


@pytest.fixture
async def server(start: Any) -> Any:
    """An API that echoes."""
    take = js("{ return { payload: ctx.args.msg }; }")
    return await start(
        template(SCHEMA, {"Query.echo": take, "Mutation.say": take, "Query.item": js()})
    )


async def post(server: Any, body: bytes, **headers: str) -> httpx.Response:
    """Send a body as it is."""
    sent = {"x-api-key": KEY, **headers}
    answer: httpx.Response = await server.http.post(
        server.url, content=body, headers=sent
    )
    return answer


@pytest.mark.aws_doc("developer guide, monitoring: response headers")
async def test_a_successful_answer_has_appsyncs_headers(server: Any) -> None:
    answer = await server.post('{ echo(msg: "x") }')
    assert answer.status_code == 200
    assert answer.json() == {"data": {"echo": "x"}}
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert len(answer.headers["x-amzn-requestid"]) == 36
    assert answer.headers["x-amzn-appsync-tokensconsumed"] == "1"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "x-amzn-ErrorType" in answer.headers["access-control-expose-headers"]


@OBSERVED_81
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Request body is empty."),
        (b"meow", "Unable to parse GraphQL query."),
        (b"{}", "Unable to parse GraphQL query."),
        (b"{}}", "Unable to parse GraphQL query."),
        (b"[]", "Unable to parse GraphQL query."),
    ],
)
async def test_a_body_that_is_no_request_is_malformed(
    server: Any, body: bytes, message: str
) -> None:
    answer = await post(server, body)
    assert answer.status_code == 400
    assert answer.headers["x-amzn-errortype"] == "MalformedHttpRequestException"
    error = {"errorType": "MalformedHttpRequestException", "message": message}
    assert answer.json() == {"errors": [error]}


@pytest.mark.ours("malformed input of every kind gets the documented answer")
@pytest.mark.parametrize(
    "body",
    [
        b"\x00\xff\xfe binary",
        b'{"query": "{ echo',
        b'{"query": 1}',
        b'{"query": null}',
        b'{"query": "{ echo(msg: 1) }", "variables": [1]}',
        b'{"query": "{ echo(msg: 1) }", "operationName": 4}',
        b'{"query": "{ {{{" }',
        json.dumps({"query": "{ a" * 20_000}).encode(),
        b"[" * 100_000,
        '{"query": "\ud800"}'.encode("utf-8", "surrogatepass"),
    ],
    ids=range(10),
)
async def test_garbage_is_refused_and_the_server_lives_on(
    server: Any, body: bytes
) -> None:
    answer = await post(server, body)
    assert answer.status_code == 400
    assert "errors" in answer.json()
    assert (await server.run('{ echo(msg: "y") }')) == {"data": {"echo": "y"}}


@pytest.mark.ours("AWS publishes no limit for the body; ours is 10 MB")
async def test_a_body_of_more_than_ten_megabytes_is_refused(server: Any) -> None:
    answer = await post(server, b" " * (10 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "errors" in answer.json()


@OBSERVED_81
async def test_an_unknown_field_is_status_200_without_error_type(server: Any) -> None:
    answer = await server.post("{ badfield }")
    assert answer.status_code == 200
    assert "x-amzn-errortype" not in answer.headers
    assert answer.json() == {
        "data": None,
        "errors": [
            {
                "path": None,
                "locations": [{"line": 1, "column": 3, "sourceName": None}],
                "message": (
                    "Validation error of type FieldUndefined: Field 'badfield' in type "
                    "'Query' is undefined @ 'badfield'"
                ),
            }
        ],
    }


@pytest.mark.aws_observed("Amplify DataStore matches this text")
async def test_a_missing_variable_is_status_200(server: Any) -> None:
    body = await server.run("query ($m: String!) { echo(msg: $m) }", {})
    assert body["data"] is None
    assert body["errors"][0]["message"] == (
        "Variable 'm' has coerced Null value for NonNull type 'String!'"
    )


@pytest.mark.aws_doc("developer guide, authorization: unauthorized requests")
async def test_a_wrong_key_is_unauthorized(server: Any) -> None:
    answer = await server.post('{ echo(msg: "x") }', **{"x-api-key": "da2-wrong"})
    assert answer.status_code == 401
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"
    assert answer.json() == {
        "errors": [
            {
                "errorType": "UnauthorizedException",
                "message": "You are not authorized to make this call.",
            }
        ]
    }
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.aws_doc("developer guide, API_KEY authorization: expiry")
async def test_an_expired_key_is_unauthorized(start: Any) -> None:
    key = {"Expires": 1_600_000_000}
    server = await start(template(SCHEMA, {"Query.echo": js()}, key=key))
    answer = await server.post("{ item { id } }")
    assert answer.status_code == 401


@pytest.mark.ours("third-party reports only; status and type are observed")
async def test_no_credentials_are_unauthorized(server: Any) -> None:
    answer = await server.http.post(server.url, json={"query": "{ echo }"})
    assert answer.status_code == 401
    assert answer.json()["errors"][0] == {
        "errorType": "UnauthorizedException",
        "message": "Missing authorization header",
    }


@pytest.mark.aws_observed("graphql-over-http #81: GET works")
async def test_get_takes_query_variables_and_operation_name(server: Any) -> None:
    answer = await server.http.get(
        server.url,
        params={
            "query": "query A($m: String!) { echo(msg: $m) } query B { item { id } }",
            "variables": '{"m": "by get"}',
            "operationName": "A",
        },
        headers={"x-api-key": KEY},
    )
    assert answer.json() == {"data": {"echo": "by get"}}


@pytest.mark.aws_observed("clients send all of these content types")
@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/graphql", "application/x-www-form-urlencoded"],
)
async def test_the_content_type_does_not_matter(server: Any, content_type: str) -> None:
    body = b'{"query": "{ echo(msg: \\"x\\") }", "extensions": {"a": 1}}'
    answer = await post(server, body, **{"content-type": content_type})
    assert answer.json() == {"data": {"echo": "x"}}


@pytest.mark.aws_observed("preflight captured on the default host, 2022")
async def test_a_preflight_needs_no_credentials(server: Any) -> None:
    asked = "authorization,content-type,x-amz-user-agent,x-api-key"
    answer = await server.http.options(
        server.url,
        headers={
            "access-control-request-method": "POST",
            "access-control-request-headers": asked,
        },
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-max-age"] == "172800"
    assert answer.headers["access-control-allow-headers"] == asked
    assert answer.headers["content-length"] == "0"


@pytest.mark.aws_observed("400 with this text: aws-amplify-appsync canvas sample #28")
async def test_a_subscription_over_http_is_refused(server: Any) -> None:
    answer = await server.post("subscription { onSay }")
    assert answer.status_code == 400
    assert answer.headers["x-amzn-errortype"] == "BadRequestException"
    assert answer.json()["errors"] == [
        {
            "errorType": "BadRequestException",
            "message": "Subscriptions over MQTT is not supported.",
        }
    ]


@pytest.mark.ours("an API is also found by its id, in the path or in the host")
async def test_an_api_is_found_by_path_and_by_host(server: Any) -> None:
    api_id = server.endpoint.api.id
    by_path = server.url.replace("/graphql", f"/{api_id}/graphql")
    host = f"{api_id}.appsync-api.us-east-1.localhost"
    for url, headers in ((by_path, {}), (server.url, {"host": host})):
        answer = await server.http.post(
            url,
            json={"query": '{ echo(msg: "x") }'},
            headers={"x-api-key": KEY, **headers},
        )
        assert answer.json() == {"data": {"echo": "x"}}


@pytest.mark.aws_observed("Coral's UnknownOperationException")
async def test_unknown_paths_and_methods_are_unknown_operations(server: Any) -> None:
    elsewhere = server.url.replace("/graphql", "/nowhere")
    for answer in (await server.http.get(elsewhere), await server.http.put(server.url)):
        assert answer.status_code == 404
        assert answer.headers["x-amzn-errortype"] == "UnknownOperationException"


@pytest.mark.aws_doc("devguide, security-authz: an API's GRAPHQL URI ends in /graphql")
async def test_the_realtime_path_takes_no_operations(server: Any) -> None:
    answer = await server.http.post(
        f"{server.url}/realtime",
        json={"query": '{ echo(msg: "x") }'},
        headers={"x-api-key": KEY},
    )
    assert answer.status_code == 404
    assert answer.headers["x-amzn-errortype"] == "UnknownOperationException"


@pytest.mark.ours("a page with the id of yesterday's API must be able to read why")
async def test_a_browser_may_read_that_an_api_is_unknown(server: Any) -> None:
    url = server.url.replace("/graphql", "/yesterday/graphql")
    preflight = await server.http.options(
        url,
        headers={
            "access-control-request-method": "POST",
            "access-control-request-headers": "x-api-key",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-headers"] == "x-api-key"
    answer = await server.http.post(url, json={"query": "{ item { id } }"})
    assert answer.status_code == 404
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "x-amzn-ErrorType" in answer.headers["access-control-expose-headers"]
    assert len(answer.headers["x-amzn-requestid"]) == 36
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert answer.json() == {
        "errors": [
            {
                "errorType": "UnknownOperationException",
                "message": "Unknown operation: POST /yesterday/graphql",
            }
        ]
    }


@pytest.mark.aws_observed("graphql-over-http #81: a POST has its request in the body")
async def test_a_post_does_not_run_its_query_string(server: Any) -> None:
    answer = await server.http.post(
        server.url,
        params={"query": '{ echo(msg: "x") }'},
        content=b"null",
        headers={"x-api-key": KEY},
    )
    assert answer.status_code == 400
    assert answer.headers["x-amzn-errortype"] == "MalformedHttpRequestException"


def fail(*_: object) -> None:
    raise RuntimeError("nobody foresaw this")


async def fail_later(*_: object) -> None:
    fail()


@pytest.fixture(params=[fail, fail_later])
def faulty(
    server: Any, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """A server with a fault of ours, found at once or while a function runs."""
    (api,) = server.emulator.apis.values()
    monkeypatch.setattr(api, "execute", request.param)
    return server


@pytest.mark.ours("a fault of ours is an answer that clients can read, and logged")
@pytest.mark.parametrize(
    ("method", "headers"),
    [("POST", {}), ("POST", {"expect": "100-continue"}), ("GET", {})],
)
async def test_a_fault_of_ours_is_an_internal_failure(
    faulty: Any, caplog: pytest.LogCaptureFixture, method: str, headers: dict[str, str]
) -> None:
    query = {"query": '{ echo(msg: "x") }'}
    sent = {"json": query} if method == "POST" else {"params": query}
    answer = await faulty.http.request(
        method, faulty.url, headers={"x-api-key": KEY, **headers}, **sent
    )
    assert answer.status_code == 500
    assert answer.json() == {
        "errors": [{"errorType": "InternalFailure", "message": "Internal Failure"}]
    }
    assert answer.headers["x-amzn-errortype"] == "InternalFailure"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "nobody foresaw this" in caplog.text


@pytest.mark.ours("scripts wait for this")
async def test_health_answers(server: Any) -> None:
    url = server.url.replace("/graphql", "/_emulator/health")
    assert (await server.http.get(url)).json()["status"] == "ok"
