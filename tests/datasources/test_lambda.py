"""Lambda data sources, with functions in real subprocesses, over HTTP."""

import asyncio
import json
from typing import Any

import pytest

from support import inline_python, js, lambda_js, template, vtl

SCHEMA = """
type Query { call(a: Int): AWSJSON  box: Box  boxes: [Box!] }
type Mutation { fire(path: String): Boolean  must: Boolean! }
type Box { id: ID! more: String }
"""
REFERENCE = pytest.mark.aws_doc("resolver reference for Lambda")
ASYNC = pytest.mark.aws_doc("Lambda resolver reference: invocationType Event")
ECHO = "def handler(event, context):\n    return event\n"


async def serve(start: Any, code: str, resolvers: Any, **settings: Any) -> Any:
    """Serve resolvers whose data source is the function `fn`."""
    given = {
        place: {"DataSourceName": "fn", **properties}
        for place, properties in resolvers.items()
    }
    functions = {"fn": inline_python(code)}
    return await start(template(SCHEMA, given, functions=functions), **settings)


@REFERENCE
async def test_the_function_gets_the_payload_and_its_value_is_the_result(
    start: Any,
) -> None:
    request = vtl(
        '{"version": "2018-05-29", "operation": "Invoke",'
        ' "payload": {"arguments": $util.toJson($ctx.args)}}'
    )
    server = await serve(start, ECHO, {"Query.call": request})
    body = await server.run("{ call(a: 7) }")
    assert body == {"data": {"call": '{"arguments":{"a":7}}'}}


@ASYNC
@pytest.mark.parametrize("language", ["js", "vtl"])
async def test_an_event_is_answered_null_while_the_function_runs(
    start: Any, tmp_path: Any, language: str
) -> None:
    code = (
        "import os, time\n"
        "def handler(event, context):\n"
        "    path = event['args']['path']\n"
        "    while not os.path.exists(path):\n"
        "        time.sleep(0.005)\n"
        "    os.rename(path, path + '.done')\n"
    )
    templates = vtl(
        '{"version": "2018-05-29", "operation": "Invoke", "invocationType": "Event",'
        ' "payload": {"args": $util.toJson($ctx.args)}}'
    )
    resolver = lambda_js("Event") if language == "js" else templates
    server = await serve(start, code, {"Mutation.fire": resolver})
    flag = tmp_path / "flag"
    body = await server.run(
        "mutation ($p: String) { fire(path: $p) }", {"p": str(flag)}
    )
    assert body == {"data": {"fire": None}}
    flag.touch()  # the function is still waiting for it
    await server.emulator.idle()
    assert flag.with_name("flag.done").exists()


@ASYNC
async def test_the_response_handler_of_an_event_runs_on_null(start: Any) -> None:
    event = "{ return { operation: 'Invoke', invocationType: 'Event', payload: 1 }; }"
    resolver = js(event, "{ return ctx.result === null; }")
    server = await serve(start, ECHO, {"Mutation.must": resolver})
    assert await server.run("mutation { must }") == {"data": {"must": True}}
    await server.emulator.idle()


@ASYNC
async def test_null_for_a_non_null_field_is_an_error_though_the_function_runs(
    start: Any,
) -> None:
    server = await serve(start, ECHO, {"Mutation.must": lambda_js("Event")})
    body = await server.run("mutation { must }")
    assert body["data"] is None
    assert body["errors"][0]["message"].startswith("Cannot return null")
    await server.emulator.idle()


@pytest.mark.aws_doc("Lambda quotas: 1 MB for asynchronous invocations")
async def test_an_event_that_is_too_large_is_a_resolver_error(start: Any) -> None:
    big = (
        "{ const s = 'xxxxxxxxxxxxxxxx'.split('').map(() => ctx.args.path).join('');"
        " return { operation: 'Invoke', invocationType: 'Event', payload: s }; }"
    )
    fail = "{ if (ctx.error) util.error(ctx.error.message, ctx.error.type); }"
    server = await serve(start, ECHO, {"Mutation.fire": js(big, fail)})
    body = await server.run(
        "mutation ($p: String) { fire(path: $p) }", {"p": "x" * 70_000}
    )
    assert body["data"] == {"fire": None}
    assert body["errors"][0]["errorType"] == "Lambda:IllegalArgument"
    assert "1048576" in body["errors"][0]["message"]


@pytest.mark.aws_observed("aws-appsync-community #386, #209")
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def handler(event, context):\n    raise KeyError('lost')\n", "'lost'"),
        ("import os\ndef handler(event, context):\n    os._exit(3)\n", "exit status 3"),
        ("def handler(event, context):\n    return object()\n", "JSON serializable"),
    ],
    ids=["raises", "exits", "no JSON"],
)
async def test_a_function_that_fails_is_lambda_unhandled(
    start: Any, code: str, message: str
) -> None:
    server = await serve(start, code, {"Query.call": lambda_js()})
    body = await server.run("{ call }")
    assert body["data"] == {"call": None}
    (error,) = body["errors"]
    assert error["errorType"] == "Lambda:Unhandled"
    assert message in error["message"]
    again = await server.run("{ call }")
    assert again["data"] == {"call": None}


@pytest.mark.aws_doc("a handler that ignores ctx.error reports nothing")
async def test_an_ignored_error_is_a_silent_null(start: Any) -> None:
    code = "def handler(event, context):\n    raise ValueError('x')\n"
    invoke = js("{ return { operation: 'Invoke', payload: {} }; }")
    server = await serve(start, code, {"Query.call": invoke})
    assert await server.run("{ call }") == {"data": {"call": None}}


@pytest.mark.aws_doc("direct Lambda resolvers: the event is the whole context")
async def test_a_direct_resolver_sends_the_context(start: Any) -> None:
    server = await serve(start, ECHO, {"Query.call": {}})
    answer = await server.post(
        "query ($a: Int) { call(a: $a) }", {"a": 1}, **{"x-t": "1"}
    )
    event = json.loads(answer.json()["data"]["call"])
    assert sorted(event) == [
        "arguments", "identity", "info", "prev", "request", "source", "stash",
    ]  # fmt: skip
    assert event["arguments"] == {"a": 1}
    assert event["identity"] is None
    assert event["prev"] is None
    assert event["request"]["headers"]["x-t"] == "1"
    assert event["info"] == {
        "fieldName": "call",
        "parentTypeName": "Query",
        "variables": {"a": 1},
        "selectionSetList": [],
        "selectionSetGraphQL": "{\n  call(a: $a)\n}",
    }


@pytest.mark.aws_doc("direct Lambda resolvers: exceptions keep their own name")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("OutOfStock", "none left"),
        ("UnauthorizedException", "You are not authorized to make this call."),
    ],
)
async def test_a_direct_resolver_reports_the_exceptions_name(
    start: Any, name: str, message: str
) -> None:
    code = (
        f"class {name}(Exception): pass\n"
        f"def handler(event, context):\n    raise {name}('none left')\n"
    )
    server = await serve(start, code, {"Query.call": {}})
    (error,) = (await server.run("{ call }"))["errors"]
    assert (error["errorType"], error["message"]) == (name, message)


@pytest.mark.aws_doc("tutorial: batching; group of 5 without a MaxBatchSize")
async def test_batch_invoke_groups_the_items_of_a_list(start: Any) -> None:
    code = "def handler(event, context):\n    return [str(len(event)) for _ in event]\n"
    boxes = "[1,2,3,4,5,6,7].map((n) => ({ id: `${n}` }))"
    resolvers = {
        "Query.boxes": {
            "DataSourceName": "Nothing",
            **js(f"{{ return {{ payload: {boxes} }}; }}"),
        },
        "Box.more": lambda_js(operation="BatchInvoke"),
    }
    server = await serve(start, code, resolvers)
    body = await server.run("{ boxes { id more } }")
    assert "errors" not in body
    assert [box["more"] for box in body["data"]["boxes"]] == list("5555522")


@pytest.mark.aws_observed("aws-appsync-community #386: the text of a time-out")
async def test_a_function_slower_than_the_request_times_out_and_runs_on(
    start: Any, tmp_path: Any
) -> None:
    flag = tmp_path / "flag"
    code = (
        "import os, time\n"
        "def handler(event, context):\n"
        f"    while not os.path.exists({str(flag)!r}): time.sleep(0.005)\n"
        f"    os.rename({str(flag)!r}, {str(flag)!r} + '.done')\n"
    )
    resolvers = {"Query.call": lambda_js()}
    server = await serve(start, code, resolvers, request_timeout=0.3)
    (error,) = (await server.run("{ call }"))["errors"]
    assert error["errorType"] == "Lambda:ExecutionTimeoutException"
    assert error["message"] == "Execution timed out."
    flag.touch()
    await server.emulator.idle()
    assert flag.with_name("flag.done").exists()


@pytest.mark.aws_doc("Lambda: a function may call the API that invoked it")
async def test_a_function_calls_back_while_its_request_is_open(start: Any) -> None:
    code = (
        "import json, os, urllib.request\n"
        "def handler(event, context):\n"
        "    body = json.dumps({'query': '{ box { id } }'}).encode()\n"
        "    request = urllib.request.Request(os.environ['URL'], body,\n"
        "        {'x-api-key': os.environ['KEY']})\n"
        "    return json.load(urllib.request.urlopen(request))['data']['box']['id']\n"
    )
    variables = {
        "URL": {"Fn::GetAtt": ["Api", "GraphQLUrl"]},
        "KEY": {"Fn::GetAtt": ["Key", "ApiKey"]},
    }
    function = inline_python(code, Environment={"Variables": variables})
    resolvers = {
        "Query.call": {"DataSourceName": "fn", **lambda_js()},
        "Query.box": js("{ return { payload: { id: 'home' } }; }"),
    }
    server = await start(template(SCHEMA, resolvers, functions={"fn": function}))
    answers = await asyncio.gather(*(server.run("{ call }") for _ in range(3)))
    assert answers == [{"data": {"call": '"home"'}}] * 3


@REFERENCE
@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{}", "Value for field '$[operation]' not found."),
        ("{ operation: 'Query' }", "'$[operation]'"),
        ("{ operation: 'Invoke', invocationType: 'Soon' }", "'$[invocationType]'"),
        ("{ operation: 'Invoke', strange: 1 }", "Unsupported element '$[strange]'."),
    ],
)
async def test_an_invalid_request_document_is_a_mapping_error(
    start: Any, document: str, message: str
) -> None:
    server = await serve(start, ECHO, {"Query.call": js(f"{{ return {document}; }}")})
    (error,) = (await server.run("{ call }"))["errors"]
    assert error["errorType"] == "MappingTemplate"
    assert message in error["message"]
