"""Authorization over HTTP: status, header, body."""

import json
import time
from typing import Any

import pytest

from support import KEY, js, template

SCHEMA = "type Query { identity: String }"
IDENTITY = {
    "Query.identity": js("{ return { payload: JSON.stringify(ctx.identity) }; }")
}
UNAUTHORIZED = "You are not authorized to make this call."
SECOND = "da2-zyxwvutsrqponmlkjihgfedcba"
POOL = {
    "AuthenticationType": "AMAZON_COGNITO_USER_POOLS",
    "UserPoolConfig": {"UserPoolId": "us-east-1_abc", "AwsRegion": "us-east-1"},
}


async def ask(server: Any, headers: Any) -> Any:
    """Ask with exactly these headers."""
    body = json.dumps({"query": "{ identity }"}).encode()
    return await server.http.post(server.url, content=body, headers=headers)


def refused(answer: Any, message: str) -> None:
    """Expect AppSync's answer to a caller that it does not let in."""
    assert answer.status_code == 401
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"
    assert answer.headers["access-control-allow-origin"] == "*"
    error = {"errorType": "UnauthorizedException", "message": message}
    assert answer.json() == {"errors": [error]}
    assert list(answer.json()["errors"][0]) == ["errorType", "message"]


@pytest.fixture
async def server(start: Any) -> Any:
    content = template(SCHEMA, IDENTITY)
    content["Resources"]["Second"] = content["Resources"]["Key"]
    return await start(content, api_key=(KEY, SECOND))


@pytest.mark.aws_doc("RFC 9110: names of headers have no case")
@pytest.mark.parametrize("name", ["x-api-key", "X-Api-Key", "X-API-KEY"])
async def test_the_header_is_spelled_in_any_case(server: Any, name: str) -> None:
    answer = await ask(server, {name: KEY})
    assert answer.json() == {"data": {"identity": "null"}}


@pytest.mark.aws_doc("developer guide, authorization: several keys an API")
async def test_every_key_of_an_api_is_good(server: Any) -> None:
    for key in (KEY, SECOND):
        assert (await ask(server, {"x-api-key": key})).status_code == 200


@pytest.mark.aws_doc("developer guide, authorization: API_KEY")
@pytest.mark.parametrize("key", ["da2-wrong", KEY.upper(), KEY[:-1], f"{KEY},{SECOND}"])
async def test_a_key_is_compared_as_a_whole(server: Any, key: str) -> None:
    refused(await ask(server, {"x-api-key": key}), UNAUTHORIZED)


@pytest.mark.ours("the words for missing credentials are from third-party reports")
async def test_a_key_elsewhere_is_no_credential(server: Any) -> None:
    message = "Missing authorization header"
    refused(await ask(server, {"api-key": KEY}), message)
    answer = await server.http.post(
        server.url, params={"x-api-key": KEY}, json={"query": "{ identity }"}
    )
    refused(answer, message)


@pytest.mark.aws_observed("aws-appsync-realtime-client-ios #108")
async def test_a_key_as_authorization_is_no_credential(server: Any) -> None:
    answer = await ask(server, {"authorization": KEY})
    refused(answer, "Valid authorization header not provided.")


@pytest.mark.ours("a key is a key, whatever else a client sends")
async def test_an_authorization_header_beside_a_key_reaches_resolvers_only(
    start: Any,
) -> None:
    seen = js("{ return { payload: ctx.request.headers.authorization }; }")
    server = await start(template(SCHEMA, {"Query.identity": seen}))
    answer = await ask(server, {"x-api-key": KEY, "authorization": "mine"})
    assert answer.json() == {"data": {"identity": "mine"}}


@pytest.mark.aws_observed("graphql-over-http #81: refusals of a request as a whole")
@pytest.mark.parametrize("body", [b"", b"meow", b'{"query": "{ nope }"}'])
async def test_authorization_comes_before_the_body(server: Any, body: bytes) -> None:
    answer = await server.http.post(
        server.url, content=body, headers={"x-api-key": "da2-wrong"}
    )
    refused(answer, UNAUTHORIZED)


@pytest.mark.aws_doc("CloudFormation, AWS::AppSync::ApiKey: Expires in epoch seconds")
@pytest.mark.parametrize(("distance", "status"), [(-2, 401), (3600, 200)])
async def test_a_key_of_the_template_expires(
    start: Any, distance: int, status: int
) -> None:
    key = {"Expires": int(time.time()) + distance}
    server = await start(template(SCHEMA, IDENTITY, key=key))
    answer = await ask(server, {"x-api-key": KEY})
    assert answer.status_code == status
    if status == 401:
        refused(answer, UNAUTHORIZED)


@pytest.mark.aws_doc("developer guide, authorization: a mode that is not enabled")
async def test_a_key_of_an_api_without_that_mode_is_unauthorized(start: Any) -> None:
    server = await start(
        template(SCHEMA, IDENTITY, api={"AuthenticationType": "AWS_IAM"})
    )
    refused(await ask(server, {"x-api-key": KEY}), UNAUTHORIZED)
