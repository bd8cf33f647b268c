"""What a Lambda authorizer is told, from the request to the function."""

from typing import Any

import pytest

from support import inline_python, js, template

from .carriers import by_protocol, connected

DOC = "developer guide, AWS_LAMBDA authorization"
SCHEMA = """
type Query { context: AWSJSON }
type Mutation { say(text: String): String }
type Subscription { onSay: String @aws_subscribe(mutations: ["say"]) }
"""
RESOLVERS = {
    "Query.context": js("{ return { payload: JSON.stringify(ctx.identity) }; }"),
    "Mutation.say": js("{ return { payload: ctx.args.text }; }"),
}
API = {
    "AuthenticationType": "AWS_LAMBDA",
    "LambdaAuthorizerConfig": {
        "AuthorizerUri": {"Fn::GetAtt": ["authorizerFunction", "Arn"]}
    },
}


async def serve(start: Any, code: str) -> Any:
    functions = {"authorizer": inline_python(code)}
    return await start(template(SCHEMA, RESOLVERS, api=API, functions=functions))


@pytest.mark.aws_doc(f"{DOC}: resolverContext")
async def test_a_function_of_the_template_decides(start: Any) -> None:
    code = """
def handler(event, context):
    token = event["authorizationToken"]
    return {"isAuthorized": token == "me", "resolverContext": {"who": token}}
"""
    server = await serve(start, code)

    async def ask(token: str) -> Any:
        return await server.http.post(
            server.url,
            json={"query": "{ context }"},
            headers={"authorization": token},
        )

    answer = (await ask("me")).json()
    assert answer == {"data": {"context": '{"resolverContext":{"who":"me"}}'}}
    assert (await ask("you")).status_code == 401


@pytest.mark.aws_doc(f"{DOC}: the shape of the event; DeepDish:Connect")
async def test_it_is_told_what_is_asked_at_each_place(start: Any) -> None:
    server = await serve(start, "def handler(event, context): return {}")
    events: list[Any] = []

    def authorizer(event: Any, _context: Any) -> Any:
        events.append(event)
        return {"isAuthorized": True}

    server.emulator.lambdas.replace("authorizer", authorizer)
    query = "query A($a: Int) { context @skip(if: true) }"
    asked = {"query": query, "operationName": "A", "variables": {"a": 1}}
    token = {"authorization": "custom"}
    await server.http.post(server.url, json=asked, headers={**token, "x-mine": "1"})
    await server.http.post(server.url, content=b"meow", headers=token)
    async with connected(server, by_protocol, token) as one:
        assert (await one.receive())["type"] == "connection_ack"
        started = await one.start("subscription S { onSay }", **{"x-mine": "2"})
        assert started["type"] == "start_ack"
    contexts = [event["requestContext"] for event in events]
    (api,) = server.emulator.apis
    for context in contexts:
        assert context["apiId"] == api
        assert context["accountId"] == "000000000000"
    told = [
        (one["queryString"], one["operationName"], one["variables"]) for one in contexts
    ]
    assert told == [
        (query, "A", {"a": 1}),
        ("", None, {}),
        ("", "DeepDish:Connect", {}),
        ("subscription S { onSay }", None, {}),
    ]
    mine = [event["requestHeaders"].get("x-mine") for event in events]
    assert mine == ["1", None, None, "2"]
    assert {event["authorizationToken"] for event in events} == {"custom"}
