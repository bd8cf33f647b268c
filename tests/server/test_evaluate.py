"""AWS's evaluate APIs on the emulator's port, asked by AWS's own SDK."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from support import RESULT, Server, js, template

API = "API reference, EvaluateCode, EvaluateMappingTemplate"
RUNTIME = {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}
IMPORT = "import { util } from '@aws-appsync/utils';\n"
PASS = "export function request(ctx) { return ctx.args; }\n" + RESULT
CODE = "/v1/dataplane-evaluatecode"
TEMPLATE = "/v1/dataplane-evaluatetemplate"

Client = Any
"""boto3 makes its clients' methods when they run."""


def code(request: str) -> str:
    """Give code whose request handler has this body."""
    return IMPORT + f"export function request(ctx) {request}\n" + RESULT


@pytest.fixture
async def server(start: Callable[..., Any]) -> Server:
    schema = "type Query { q: String }"
    running: Server = await start(template(schema, {"Query.q": js()}))
    return running


@pytest.fixture
def client(server: Server) -> Client:
    """A client of AWS's SDK that only knows the endpoint's URL."""
    return boto3.client(
        "appsync",
        endpoint_url=server.project.base.replace("localhost", "127.0.0.1"),
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
        config=Config(
            retries={"total_max_attempts": 1},
            parameter_validation=False,
            proxies={},
        ),
    )


async def evaluate_code(client: Client, code: str, **members: Any) -> dict[str, Any]:
    """Call EvaluateCode; the answer is as the SDK reads it."""
    given = {"code": code, "context": "{}", "runtime": RUNTIME, **members}
    answer = await asyncio.to_thread(lambda: client.evaluate_code(**given))
    del answer["ResponseMetadata"]
    return dict(answer)


async def evaluate_template(client: Client, text: str, **members: Any) -> Any:
    """Call EvaluateMappingTemplate."""
    given = {"template": text, "context": "{}", **members}
    answer = await asyncio.to_thread(lambda: client.evaluate_mapping_template(**given))
    del answer["ResponseMetadata"]
    return answer


@pytest.mark.aws_doc(
    "devguide test-resolvers: the example of aws appsync evaluate-code"
)
async def test_a_request_handler_is_evaluated(client: Client) -> None:
    put = (
        "{\n"
        "  const id = util.autoId ? ctx.args.id : '';\n"
        "  console.log('current id', id);\n"
        "  return { operation: 'PutItem', key: util.dynamodb.toMapValues({ id }) };\n"
        "}"
    )
    context = json.dumps({"arguments": {"id": "record-id"}})
    answer = await evaluate_code(client, code(put), context=context, function="request")
    result = '{"operation":"PutItem","key":{"id":{"S":"record-id"}}}'
    assert answer["evaluationResult"] == result
    assert answer["logs"] == ['INFO - code.js:4:3: "current id" "record-id"']


@pytest.mark.aws_observed("published output of aws appsync evaluate-code")
async def test_an_answer_holds_logs_stash_and_errors_even_when_there_are_none(
    client: Client,
) -> None:
    assert await evaluate_code(client, PASS) == {
        "evaluationResult": "{}",
        "logs": [],
        "stash": "{}",
        "outErrors": "[]",
    }


@pytest.mark.aws_doc(API)
async def test_a_response_handler_is_evaluated(client: Client) -> None:
    context = json.dumps({"result": {"id": 1, "name": "n"}, "stash": {"a": [1]}})
    answer = await evaluate_code(client, PASS, context=context, function="response")
    assert json.loads(answer["evaluationResult"]) == {"id": 1, "name": "n"}
    assert json.loads(answer["stash"]) == {"a": [1]}


@pytest.mark.ours("the API reference does not say what no function means")
async def test_without_a_function_the_request_handler_is_evaluated(
    client: Client,
) -> None:
    context = json.dumps({"arguments": {"a": 1}, "result": 2})
    answer = await evaluate_code(client, PASS, context=context)
    assert answer["evaluationResult"] == '{"a":1}'


@pytest.mark.aws_observed("LocalStack's recordings of EvaluateCode")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{ util.error('foo'); }", "foo"),
        ("{ util.unauthorized(); }", "Unauthorized"),
    ],
)
async def test_an_error_of_the_handler_is_told_by_its_message(
    client: Client, body: str, message: str
) -> None:
    answer = await evaluate_code(client, code(body))
    assert answer["error"] == {"message": message}
    assert "evaluationResult" not in answer


@pytest.mark.aws_observed("aws-appsync-community #328: position, name, message")
async def test_an_exception_is_told_with_its_position(client: Client) -> None:
    answer = await evaluate_code(client, code("{ return nope; }"))
    message = "code.js:2:39: ReferenceError: nope is not defined"
    assert answer["error"] == {"message": message}


@pytest.mark.aws_doc("API reference, EvaluateCode: outErrors, stash")
async def test_appended_errors_and_the_stash_come_back_as_json(client: Client) -> None:
    body = "{ ctx.stash.a = 1; util.appendError('m', 'T', { b: 2 }); return null; }"
    answer = await evaluate_code(client, code(body))
    assert answer["evaluationResult"] == "null"
    assert json.loads(answer["stash"]) == {"a": 1}
    (error,) = json.loads(answer["outErrors"])
    assert error == {"message": "m", "type": "T", "data": {"b": 2}}


@pytest.mark.aws_observed("evaluate-code output: code.js(5,44): error @aws-appsync/…")
async def test_code_that_cannot_be_saved_has_code_errors(client: Client) -> None:
    answer = await evaluate_code(client, code("{ return /a/; }"))
    text = "@aws-appsync/no-regex: Regex literals are not supported."
    assert answer == {
        "error": {
            "message": f"Error: code.js(2,39): error {text}",
            "codeErrors": [
                {
                    "errorType": "LINT_ERROR",
                    "value": text,
                    "location": {"line": 2, "column": 39, "span": 3},
                }
            ],
        }
    }


@pytest.mark.aws_observed("terraform-provider-aws #30760; evaluate-code output")
async def test_a_syntax_error_is_the_message(client: Client) -> None:
    answer = await evaluate_code(client, code("{ const a = ; }"))
    (found,) = answer["error"]["codeErrors"]
    assert found["location"] == {"line": 2, "column": 42, "span": 1}
    text = "code.js(2,42): error TS1109: Expression expected."
    assert found["value"] == f"{text}\n"
    assert answer["error"]["message"] == text


@pytest.mark.aws_doc("devguide test-resolvers: a template's text as it was printed")
async def test_a_template_is_evaluated_to_its_text(client: Client) -> None:
    text = (
        '{\n  "key" : {\n    "id": $util.dynamodb.toDynamoDBJson($ctx.args.id)\n  }\n}'
    )
    context = json.dumps({"arguments": {"id": "x"}})
    answer = await evaluate_template(client, text, context=context)
    result = '{\n  "key" : {\n    "id": {"S":"x"}\n  }\n}'
    assert answer == {
        "evaluationResult": result,
        "logs": [],
        "stash": "{}",
        "outErrors": "[]",
    }


@pytest.mark.aws_doc(API)
async def test_a_template_fails_with_a_message_alone(client: Client) -> None:
    answer = await evaluate_template(client, '$util.error("no", "Bad")')
    assert answer["error"] == {"message": "no"}
    assert "evaluationResult" not in answer


@pytest.mark.aws_doc("API reference, EvaluateCode: constraints, BadRequestException")
@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"code": ""}, "Value at 'code' failed to satisfy constraint: Member must"),
        ({"code": " " * 32_769}, "have length less than or equal to 32768"),
        ({"context": "1"}, "have length greater than or equal to 2"),
        ({"context": "1" * 28_001}, "have length less than or equal to 28000"),
        ({"function": "before"}, "enum value set: [request, response]"),
        ({"runtime": {**RUNTIME, "name": "NODE"}}, "enum value set: [APPSYNC_JS]"),
        (
            {"runtime": {**RUNTIME, "runtimeVersion": "2"}},
            "Value '2' at 'runtime.runtimeVersion' failed",
        ),
        ({"context": "{a"}, "The context is not valid JSON: "),
        ({"context": "[]"}, "The context must be a JSON object."),
        ({"context": '{"stash": NaN}'}, "The context is not valid JSON: NaN"),
        ({"context": "[" * 20_000}, "The context is not valid JSON: "),
        ({"context": '{"info": 1}'}, "context.info must be an object, not a number."),
    ],
)
async def test_input_that_breaks_a_constraint_is_a_bad_request(
    client: Client, members: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError) as caught:
        await evaluate_code(client, members.pop("code", PASS), **members)
    response: Any = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["Error"]["Code"] == "BadRequestException"
    assert message in response["Error"]["Message"]


@pytest.mark.aws_doc("API reference, EvaluateMappingTemplate: constraints")
@pytest.mark.parametrize("length", [1, 65_537])
async def test_a_template_has_a_length(client: Client, length: int) -> None:
    with pytest.raises(ClientError, match="'template' failed to satisfy constraint"):
        await evaluate_template(client, "x" * length)


@pytest.mark.aws_doc("API reference, EvaluateCode: lengths, both ends included")
async def test_the_longest_input_is_taken(client: Client) -> None:
    context = '{"result":"' + "é" * (28_000 - 13) + '"}'
    long = PASS + " " * (32_768 - len(PASS))
    answer = await evaluate_code(client, long, context=context, function="response")
    assert len(answer["evaluationResult"]) == 28_000 - 11
    text = "x" * 65_536
    assert (await evaluate_template(client, text))["evaluationResult"] == text


@pytest.mark.ours("AWS's services list all constraints that are broken")
async def test_everything_that_is_wrong_is_told_at_once(server: Server) -> None:
    answer = await post(server, CODE, b'{"code": 1, "runtime": []}')
    assert answer.status_code == 400
    assert answer.headers["x-amzn-errortype"] == "BadRequestException"
    assert answer.headers["content-type"].startswith("application/json")
    begin = "failed to satisfy constraint: Member must"
    assert answer.json() == {
        "message": "3 validation errors detected: "
        f"Value at 'code' {begin} be a string; "
        f"Value null at 'context' {begin} not be null; "
        f"Value at 'runtime' {begin} be an object"
    }


@pytest.mark.ours("malformed input is refused in the same form")
@pytest.mark.parametrize("path", [CODE, TEMPLATE])
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 5000, b" " * 1_100_000]
)
async def test_a_body_that_cannot_be_read_is_a_bad_request(
    server: Server, path: str, body: bytes
) -> None:
    answer = await post(server, path, body)
    assert answer.status_code == 400
    assert answer.headers["x-amzn-errortype"] == "BadRequestException"
    assert answer.json()["message"]


@pytest.mark.ours("names that no context has are taken: AWS documents no refusal")
async def test_unknown_members_of_the_context_are_ignored(client: Client) -> None:
    context = '{"args": {"a": 1}, "any": 1, "prev": {"other": 1}}'
    answer = await evaluate_code(client, PASS, context=context)
    assert answer["evaluationResult"] == "{}"


@pytest.mark.ours("signatures are not checked")
async def test_a_request_needs_no_signature(server: Server) -> None:
    body = {"code": PASS, "context": "{}", "runtime": RUNTIME}
    answer = await post(server, CODE, json.dumps(body).encode())
    assert answer.json()["evaluationResult"] == "{}"


@pytest.mark.ours("half a surrogate pair has no UTF-8; Java writes a question mark")
async def test_half_a_surrogate_pair_is_answered(client: Client) -> None:
    answer = await evaluate_code(client, code(r"{ return '\ud83d!'; }"))
    assert answer["evaluationResult"] == '"?!"'


@pytest.mark.ours("evaluation happens on a thread, so others are served meanwhile")
async def test_a_handler_that_takes_long_holds_up_nobody(
    server: Server, client: Client
) -> None:
    loops = "go.forEach(() => " * 7 + "{ n += 1; }" + ")" * 7
    slow = code(f"{{ const go = [1,2,3,4,5,6,7,8,9]; let n = 0; {loops}; return n; }}")
    served = 0
    async with asyncio.TaskGroup() as group:
        running = group.create_task(evaluate_code(client, slow))
        while not running.done():
            assert await server.run("{ q }") == {"data": {"q": "{}"}}
            served += 1
    assert running.result()["evaluationResult"] == str(9**7)
    assert served > 5


@pytest.mark.ours("the model's stand-in keeps the rest of /v1")
async def test_other_paths_below_v1_still_go_to_the_model(server: Server) -> None:
    url = server.url.removesuffix("/graphql")
    answer = await server.http.get(f"{url}/v1/models")
    assert answer.json()["object"] == "list"
    answer = await server.http.get(f"{url}{CODE}")
    assert answer.status_code == 404


async def post(server: Server, path: str, body: bytes) -> httpx.Response:
    url = server.url.removesuffix("/graphql")
    return await server.http.post(f"{url}{path}", content=body)
