"""Lambda's own API on the emulator's port, as boto3 sees it."""

import asyncio
import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from support import Server, inline_python, template

pytestmark = pytest.mark.aws_doc("Lambda API reference, Invoke")

SCHEMA = "type Query { a: Int }"
ARN = "arn:aws:lambda:us-east-1:000000000000:function:echo"
CODE = """
import json, os, sys
def handler(event, context):
    if event == "fail":
        print("about to fail")
        raise ValueError("wrong")
    if event == "exit":
        os._exit(9)
    if event == "hang":
        while True: pass
    if event == "context":
        return {"custom": context.client_context.custom, "arn":
                context.invoked_function_arn, "id": context.aws_request_id}
    return {"got": event}
"""
STREAM = """
const fs = require("node:fs");
const there = async (path) => {
  while (!fs.existsSync(path)) await new Promise(setImmediate);
};
exports.handler = awslambda.streamifyResponse(async (event, stream) => {
  stream.write("one ");
  if (event.wait) await there(event.wait);
  if (event.fail) throw new TypeError("broke off");
  if (event.size) stream.write("x".repeat(event.size));
  stream.write("two");
  await new Promise((written) => stream.end(written));
  if (event.done) fs.writeFileSync(event.done, "");
});
"""


class Client:
    """boto3's client; its calls block, so they run in threads."""

    def __init__(self, url: str) -> None:
        self._client = boto3.client(
            "lambda",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, read_timeout=30),
        )
        self.exceptions = self._client.exceptions

    async def __call__(self, operation: str, **given: Any) -> Any:
        call: Callable[..., Any] = getattr(self._client, operation)
        return await asyncio.to_thread(lambda: call(**given))

    async def invoke(self, name: str = "echo", payload: Any = None, **more: Any) -> Any:
        """Invoke a function; gives the answer with its payload read."""
        if payload is not None:
            more["Payload"] = json.dumps(payload)
        answer = await self("invoke", FunctionName=name, **more)
        answer["Payload"] = await asyncio.to_thread(answer["Payload"].read)
        return answer

    async def refused(self, operation: str, **given: Any) -> tuple[int, str, str]:
        """Give status, code and message of the error that a call ends with."""
        with pytest.raises(ClientError) as caught:
            await self(operation, **given)
        response: Any = caught.value.response
        error = response["Error"]
        status = response["ResponseMetadata"]["HTTPStatusCode"]
        return status, error["Code"], error["Message"]


@pytest.fixture
async def server(start: Any) -> Server:
    """Serve a function that echoes, one that may not run, and one that streams."""
    functions = {
        "echo": inline_python(CODE, Timeout=1),
        "stopped": inline_python(CODE, ReservedConcurrentExecutions=0),
        "java": {"Runtime": "java21", "Handler": "a.B", "Code": {"ZipFile": ""}},
        "stream": {
            "Runtime": "nodejs20.x",
            "Handler": "index.handler",
            "Timeout": 20,
            "Code": {"ZipFile": STREAM},
        },
    }
    running: Server = await start(template(SCHEMA, functions=functions))
    return running


@pytest.fixture
def client(server: Server) -> Client:
    """Speak to it as boto3 does."""
    return Client(server.url.removesuffix("/graphql"))


async def test_a_function_is_invoked_and_answers(client: Client) -> None:
    answer = await client.invoke(payload={"a": ["ä"]})
    assert json.loads(answer["Payload"]) == {"got": {"a": ["ä"]}}
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert "LogResult" not in answer


@pytest.mark.parametrize(
    ("name", "qualifier", "arn"),
    [
        ("echo", {}, ARN),
        ("echo:live", {}, f"{ARN}:live"),
        ("echo", {"Qualifier": "live"}, f"{ARN}:live"),
        ("echo:live", {"Qualifier": "live"}, f"{ARN}:live"),
        ("000000000000:function:echo", {}, ARN),
        ("function:echo:$LATEST", {}, f"{ARN}:$LATEST"),
        (ARN, {}, ARN),
        (f"{ARN}:7", {}, f"{ARN}:7"),
    ],
)
async def test_a_function_has_many_names(
    name: str, qualifier: dict[str, str], arn: str, client: Client
) -> None:
    custom = base64.b64encode(b'{"custom": {"a": 1}}').decode()
    answer = await client.invoke(name, "context", ClientContext=custom, **qualifier)
    body = json.loads(answer["Payload"])
    assert body == {
        "custom": {"a": 1},
        "arn": arn,
        "id": answer["ResponseMetadata"]["RequestId"],
    }


async def test_an_event_is_accepted_before_the_function_runs(
    server: Server, client: Client
) -> None:
    answer = await client.invoke(payload=1, InvocationType="Event")
    assert (answer["StatusCode"], answer["Payload"]) == (202, b"")
    await server.emulator.idle()


async def test_the_older_asynchronous_call_is_accepted(
    server: Server, client: Client
) -> None:
    answer = await client("invoke_async", FunctionName="echo", InvokeArgs=b"{}")
    assert answer["Status"] == 202
    await server.emulator.idle()


async def test_a_dry_run_runs_nothing(client: Client) -> None:
    answer = await client.invoke("java", InvocationType="DryRun")
    assert (answer["StatusCode"], answer["Payload"]) == (204, b"")


async def test_the_end_of_the_log_comes_with_the_answer(client: Client) -> None:
    answer = await client.invoke(payload="fail", LogType="Tail")
    log = base64.b64decode(answer["LogResult"]).decode()
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert log.startswith(f"START RequestId: {request_id} Version: $LATEST\n")
    assert "about to fail\n[ERROR] ValueError: wrong\n" in log
    assert f"END RequestId: {request_id}\nREPORT RequestId: {request_id}\t" in log


@pytest.mark.parametrize(
    ("payload", "error_type", "message"),
    [
        ("fail", "ValueError", "wrong"),
        ("exit", "Runtime.ExitError", "exit status 9"),
        ("hang", "Sandbox.Timedout", "Task timed out after 1.00 seconds"),
    ],
)
async def test_a_function_error_is_an_answer_with_a_header(
    payload: str, error_type: str, message: str, client: Client
) -> None:
    answer = await client.invoke(payload=payload)
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    error = json.loads(answer["Payload"])
    assert error["errorType"] == error_type
    assert message in error["errorMessage"]


async def test_a_function_invoked_without_payload_gets_an_object(
    client: Client,
) -> None:
    assert json.loads((await client.invoke())["Payload"]) == {"got": {}}


@pytest.mark.aws_observed(
    "recordings of unknown functions and wrong names in LocalStack's test suite"
)
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"FunctionName": "lost"},
            (404, "ResourceNotFoundException",
             ("Function not found: arn:aws:lambda:us-east-1:000000000000:"
             "function:lost:$LATEST")),
        ),
        (
            {"FunctionName": ARN.replace("us-east-1", "eu-west-1")},
            (404, "ResourceNotFoundException",
             ("Functions from 'eu-west-1' are not reachable in this region "
             "('us-east-1')")),
        ),
        (
            {"FunctionName": "echo:1", "Qualifier": "2"},
            (400, "InvalidParameterValueException",
             ("The derived qualifier from the function name does not match the "
             "specified qualifier.")),
        ),
        (
            {"FunctionName": "echo", "Qualifier": "a\r\nx: y"},
            (400, "ValidationException", "1 validation error detected: Value 'a"),
        ),
        (
            {"FunctionName": "stopped"},
            (429, "TooManyRequestsException", "Rate Exceeded."),
        ),
        (
            {"FunctionName": "echo", "Payload": b"{"},
            (400, "InvalidRequestContentException",
             ("Could not parse request body into json: Could not parse payload into "
             "json: ")),
        ),
        (
            {"FunctionName": "echo", "Payload": b'"%b"' % (b"1" * 1_048_575),
             "InvocationType": "Event"},
            (413, "RequestEntityTooLargeException",
             ("1048577 byte payload is too large for the Event invocation type "
             "(limit 1048576 bytes)")),
        ),
        (
            {"FunctionName": "echo", "Payload": b"1" * 6_291_457},
            (413, "RequestEntityTooLargeException",
             ("Request must be smaller than 6291456 bytes for the InvokeFunction "
             "operation")),
        ),
        (
            {"FunctionName": "echo", "InvocationType": "Later"},
            (400, "ValidationException", "1 validation error detected: Value 'Later'"),
        ),
        (
            {"FunctionName": "echo", "ClientContext": "e30x"},
            (400, "InvalidRequestContentException", "Client context must be"),
        ),
    ],
    ids=["unknown", "elsewhere", "two-qualifiers", "qualifier", "throttled", "no-json",
         "large-event", "large-request", "type", "context"],
)  # fmt: skip
async def test_what_lambda_refuses(
    given: dict[str, Any], expected: tuple[int, str, str], client: Client
) -> None:
    status, code, message = await client.refused("invoke", **given)
    assert (status, code) == expected[:2]
    assert message.startswith(expected[2])


@pytest.mark.aws_doc("Lambda API reference, TooManyRequestsException")
async def test_a_throttle_tells_its_reason_and_is_known_to_sdks(client: Client) -> None:
    with pytest.raises(client.exceptions.TooManyRequestsException) as caught:
        await client("invoke", FunctionName="stopped")
    reason = caught.value.response["Reason"]
    assert reason == "ReservedFunctionConcurrentInvocationLimitExceeded"


@pytest.mark.ours("what is not emulated answers with an error that names it")
async def test_a_function_that_cannot_run_here_says_so(client: Client) -> None:
    status, code, message = await client.refused("invoke", FunctionName="java")
    assert (status, code) == (501, "NotEmulated")
    assert "java21" in message


@pytest.mark.aws_doc("Lambda API reference: FunctionName has a pattern")
@pytest.mark.parametrize("path", ["a%20b", "%F0%9F%92%A9", "a:b:c:d"])
async def test_a_name_that_is_none_is_refused(path: str, server: Server) -> None:
    base = server.url.removesuffix("/graphql")
    answer = await server.http.post(f"{base}/2015-03-31/functions/{path}/invocations")
    assert answer.status_code == 400
    assert answer.headers["x-amzn-errortype"] == "ValidationException"


# Streaming.


async def stream(client: Client, **given: Any) -> tuple[bytes, dict[str, Any]]:
    """Give the whole response and what its end tells."""
    answer = await client("invoke_with_response_stream", **given)
    events = await asyncio.to_thread(list, answer["EventStream"])
    chunks = [event["PayloadChunk"]["Payload"] for event in events[:-1]]
    return b"".join(chunks), events[-1]["InvokeComplete"]


STREAMING = pytest.mark.aws_doc("Lambda API reference, InvokeWithResponseStream")


@STREAMING
async def test_a_streamed_response_arrives_as_it_is_written(
    client: Client, tmp_path: Any
) -> None:
    flag = tmp_path / "flag"
    payload = json.dumps({"wait": str(flag)})
    given = {"FunctionName": "stream", "Payload": payload}
    answer = await client("invoke_with_response_stream", **given)
    events = iter(answer["EventStream"])
    first = await asyncio.to_thread(next, events)
    assert first == {"PayloadChunk": {"Payload": b"one "}}
    flag.touch()  # the function waits for it before it writes on
    rest = await asyncio.to_thread(list, events)
    assert rest[-2:] == [{"PayloadChunk": {"Payload": b"two"}}, {"InvokeComplete": {}}]


@STREAMING
async def test_a_large_stream_passes_a_slow_reader(client: Client) -> None:
    size = 20_000_000
    body, _ = await stream(
        client, FunctionName="stream", Payload=json.dumps({"size": size})
    )
    assert len(body) == size + len("one two")


@STREAMING
async def test_a_caller_who_goes_does_not_stop_the_function(
    server: Server, tmp_path: Any
) -> None:
    done = tmp_path / "done"
    base = server.url.removesuffix("/graphql")
    url = f"{base}/2021-11-15/functions/stream/response-streaming-invocations"
    event = {"size": 20_000_000, "done": str(done)}
    async with server.http.stream("POST", url, json=event) as answer:
        await anext(answer.aiter_raw())
    await server.emulator.idle()
    assert done.exists()


@STREAMING
async def test_a_stream_that_breaks_off_tells_why(client: Client) -> None:
    body, end = await stream(
        client, FunctionName="stream", Payload=b'{"fail": true}', LogType="Tail"
    )
    assert body == b"one "
    assert end["ErrorCode"] == "Unhandled"
    assert json.loads(end["ErrorDetails"])["errorMessage"] == "broke off"
    assert b"START RequestId" in base64.b64decode(end["LogResult"])


@STREAMING
async def test_a_function_that_does_not_stream_answers_in_one_piece(
    client: Client,
) -> None:
    body, end = await stream(client, FunctionName="echo", Payload=b"1")
    assert (json.loads(body), end) == ({"got": 1}, {})


@STREAMING
async def test_a_function_that_fails_before_it_writes(client: Client) -> None:
    body, end = await stream(client, FunctionName="echo", Payload=b'"fail"')
    assert (body, end["ErrorCode"]) == (b"", "Unhandled")


@STREAMING
async def test_a_stream_that_lambda_refuses_is_no_stream(client: Client) -> None:
    refused = await client.refused("invoke_with_response_stream", FunctionName="lost")
    assert refused[:2] == (404, "ResourceNotFoundException")


@STREAMING
async def test_a_stream_may_be_a_dry_run_but_no_event(
    server: Server,
) -> None:
    base = server.url.removesuffix("/graphql")
    url = f"{base}/2021-11-15/functions/stream/response-streaming-invocations"
    tried = await server.http.post(url, headers={"x-amz-invocation-type": "DryRun"})
    assert (tried.status_code, tried.content) == (204, b"")
    refused = await server.http.post(url, headers={"x-amz-invocation-type": "Event"})
    assert refused.status_code == 400
    assert refused.headers["x-amzn-errortype"] == "ValidationException"


@STREAMING
async def test_the_response_of_a_streaming_function_can_be_had_at_once(
    client: Client,
) -> None:
    assert (await client.invoke("stream", {}))["Payload"] == b"one two"


# What functions are like.


@pytest.mark.aws_doc("Lambda API reference, GetFunction, GetFunctionConfiguration")
async def test_a_function_is_described(client: Client) -> None:
    whole = await client("get_function", FunctionName=ARN)
    about = whole["Configuration"]
    assert about["FunctionArn"] == ARN
    assert (about["Runtime"], about["Handler"]) == ("python3.12", "index.handler")
    assert (about["Timeout"], about["MemorySize"]) == (1, 128)
    assert (about["State"], about["Version"]) == ("Active", "$LATEST")
    alone = await client("get_function_configuration", FunctionName="echo")
    del alone["ResponseMetadata"]
    assert alone == about
    stopped = await client("get_function", FunctionName="stopped")
    assert stopped["Concurrency"] == {"ReservedConcurrentExecutions": 0}
    refused = await client.refused("get_function", FunctionName="lost")
    assert refused[:2] == (404, "ResourceNotFoundException")


@pytest.mark.aws_doc("Lambda API reference, ListFunctions")
async def test_functions_are_listed_page_by_page(client: Client) -> None:
    first = await client("list_functions", MaxItems=3)
    rest = await client("list_functions", Marker=first["NextMarker"])
    assert "NextMarker" not in rest
    found = [one["FunctionName"] for one in first["Functions"] + rest["Functions"]]
    assert found == ["echo", "java", "stopped", "stream"]
    refused = await client.refused("list_functions", Marker="no such")
    assert refused[:2] == (400, "InvalidParameterValueException")


@pytest.mark.ours("where AWS tells a URL of S3, here the code itself is")
async def test_the_code_of_a_function_is_a_path(start: Any, tmp_path: Path) -> None:
    code = tmp_path / "src"
    code.mkdir()
    letters = {"TargetArn": "arn:aws:sqs:us-east-1:000000000000:letters"}
    function = {**inline_python(CODE), "Code": "src", "DeadLetterConfig": letters}
    server = await start(template(SCHEMA, functions={"fn": function}))
    client = Client(server.url.removesuffix("/graphql"))
    about = await client("get_function", FunctionName="fn")
    assert about["Code"] == {"RepositoryType": "FILE", "Location": code.as_uri()}
    assert about["Configuration"]["DeadLetterConfig"] == letters


@pytest.mark.ours("what fails in the emulator is neither hidden nor explained away")
async def test_an_error_of_the_emulator_is_one_of_the_service(
    server: Server, client: Client, caplog: Any, monkeypatch: Any
) -> None:
    def fail(_name: str) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(server.emulator.lambdas, "find", fail)
    refused = await client.refused("get_function", FunctionName="echo")
    assert refused[:2] == (500, "ServiceException")
    assert "GET /2015-03-31/functions/echo failed" in caplog.text


# Functions that call functions.


@pytest.mark.aws_doc("AWS SDKs: AWS_ENDPOINT_URL_LAMBDA")
async def test_a_function_calls_another_one_by_boto3(start: Any) -> None:
    code = (
        "import boto3, json\n"
        "def handler(event, context):\n"
        "    answer = boto3.client('lambda').invoke(\n"
        "        FunctionName='echo', Payload=json.dumps(event))\n"
        "    return json.loads(answer['Payload'].read())\n"
    )
    functions = {
        "outer": inline_python(code, Timeout=30),
        "echo": inline_python(CODE),
    }
    server = await start(template(SCHEMA, functions=functions))
    client = Client(server.url.removesuffix("/graphql"))
    answer = await client.invoke("outer", {"deep": True})
    assert json.loads(answer["Payload"]) == {"got": {"deep": True}}


@pytest.mark.ours("the template has the last word about a function's environment")
async def test_a_template_may_send_functions_elsewhere(start: Any) -> None:
    code = (
        "import os\n"
        "def handler(event, context):\n"
        "    return os.environ['AWS_ENDPOINT_URL_LAMBDA']\n"
    )
    variables = {"AWS_ENDPOINT_URL_LAMBDA": "http://elsewhere"}
    function = inline_python(code, Environment={"Variables": variables})
    server = await start(template(SCHEMA, functions={"fn": function}))
    client = Client(server.url.removesuffix("/graphql"))
    assert (await client.invoke("fn"))["Payload"] == b'"http://elsewhere"'
