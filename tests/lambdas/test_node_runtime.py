"""Node functions: modules, callbacks, promises, errors and console, as on AWS."""

import shutil
from typing import Any

import orjson
import pytest

from appsync_emulator.lambdas.logs import LogLine

pytestmark = [
    pytest.mark.aws_doc("Lambda developer guide, building with Node.js"),
    pytest.mark.skipif(not shutil.which("node"), reason="there is no node"),
]

RIC = "aws-lambda-nodejs-runtime-interface-client"


@pytest.fixture
def run(make_function: Any, start: Any) -> Any:
    async def enter(code: str, file: str = "index.js", **about: Any) -> Any:
        about = {"runtime": "nodejs20.x", "handler": "index.handler", **about}
        return await start(make_function(code, file=file, **about))

    return enter


async def answer(lambdas: Any) -> Any:
    result = await lambdas.invoke("fn", b"{}")
    assert result.function_error is None, result.payload
    return orjson.loads(result.payload)


async def error(lambdas: Any) -> dict[str, Any]:
    result = await lambdas.invoke("fn", b"{}")
    assert result.function_error == "Unhandled", result.payload
    found: dict[str, Any] = orjson.loads(result.payload)
    return found


COMMONJS = "exports.handler = async () => typeof require;"
MODULE = "export const handler = async () => typeof require;"


@pytest.mark.parametrize(
    ("file", "handler", "code", "kind"),
    [
        ("index.js", "index.handler", COMMONJS, "function"),
        ("index.cjs", "index.handler", COMMONJS, "function"),
        ("index.mjs", "index.handler", MODULE, "undefined"),
        ("src/index.js", "src/index.handler", COMMONJS, "function"),
        ("index.js", "index.a.b", "exports.a = {b: async () => 'ab'};", "ab"),
    ],
)
async def test_commonjs_and_es_modules_are_loaded(
    file: str, handler: str, code: str, kind: str, run: Any
) -> None:
    assert await answer(await run(code, file, handler=handler)) == kind


async def test_package_json_can_make_js_an_es_module(
    run: Any, make_function: Any
) -> None:
    make_function('{"type": "module"}', file="package.json")
    assert await answer(await run(MODULE)) == "undefined"


HANDLERS: dict[str, tuple[str, Any]] = {
    "async": ("async (event) => 1", 1),
    "a promise": ("(event) => Promise.resolve(2)", 2),
    "a callback": ("(event, context, callback) => callback(null, 3)", 3),
    "a late callback": (
        "(event, context, callback) => { setTimeout(() => callback(null, 4), 5); }",
        4,
    ),
    "context.succeed": ("(event, context) => context.succeed(5)", 5),
    "context.done": ("(event, context) => context.done(null, 6)", 6),
    "nothing": ("() => {}", None),
    "undefined": ("async () => undefined", None),
    "only the first call counts": (
        "(event, context, callback) => { callback(null, 7); callback(null, 8); }",
        7,
    ),
}


@pytest.mark.aws_observed(f"{RIC}, src/Runtime.js and src/CallbackContext.js")
@pytest.mark.parametrize("kind", HANDLERS)
async def test_handlers_can_answer_in_many_ways(kind: str, run: Any) -> None:
    code, value = HANDLERS[kind]
    lambdas = await run(f"exports.handler = {code};")
    assert await answer(lambdas) == value
    assert await answer(lambdas) == value


async def test_a_callback_waits_for_the_event_loop_to_be_empty(
    run: Any, lines: list[LogLine]
) -> None:
    lambdas = await run(
        """
        exports.handler = (event, context, callback) => {
          setTimeout(() => console.log('later'), 50);
          callback(null, 'done');
        };
        """
    )
    assert await answer(lambdas) == "done"
    printed = [line.text.split("\t")[-1] for line in lines if not line.platform]
    assert printed == ["later"]


async def test_a_callback_need_not_wait(run: Any) -> None:
    lambdas = await run(
        """
        exports.handler = (event, context, callback) => {
          context.callbackWaitsForEmptyEventLoop = false;
          setTimeout(() => {}, 60_000);
          callback(null, 'done');
        };
        """,
        timeout=20,
    )
    assert await answer(lambdas) == "done"
    assert await answer(lambdas) == "done"


ERRORS: dict[str, tuple[str, str, str]] = {
    "a rejection": ("async () => { throw new TypeError('bad'); }", "TypeError", "bad"),
    "a throw": ("() => { throw new RangeError('bad'); }", "RangeError", "bad"),
    "a callback": ("(e, c, back) => back(new Error('bad'))", "Error", "bad"),
    "a string": ("async () => { throw 'plain'; }", "string", "plain"),
    "context.fail": ("(e, context) => context.fail(new Error('bad'))", "Error", "bad"),
    "an exception of its own class": (
        """async () => {
          class Mine extends Error { name = 'Mine'; }
          throw new Mine('bad');
        }""",
        "Mine",
        "bad",
    ),
    "an unhandled rejection": (
        """async () => {
          Promise.reject(new Error('lost'));
          await new Promise(() => {});
        }""",
        "Runtime.UnhandledPromiseRejection",
        "Error: lost",
    ),
    "an uncaught exception": (
        """async () => {
          setTimeout(() => { throw new TypeError('late'); }, 1);
          await new Promise((then) => setTimeout(then, 1000));
        }""",
        "TypeError",
        "late",
    ),
    "a circular result": (
        "async () => { const a = {}; a.a = a; return a; }",
        "Error",
        "Unable to stringify response body",
    ),
}


@pytest.mark.aws_observed(f"{RIC}, src/Errors.js and src/index.mjs")
@pytest.mark.parametrize("kind", ERRORS)
async def test_errors_have_lambdas_shape(kind: str, run: Any) -> None:
    code, error_type, message = ERRORS[kind]
    lambdas = await run(f"exports.handler = {code};")
    for _ in range(2):  # also in the process that follows one that had to end
        found = await error(lambdas)
        assert found.keys() == {"errorType", "errorMessage", "trace"}
        assert (found["errorType"], found["errorMessage"]) == (error_type, message)


@pytest.mark.aws_observed(f"{RIC}, src/Runtime.js")
async def test_a_promise_that_is_never_settled_is_an_error(run: Any) -> None:
    found = await error(
        await run("exports.handler = async () => new Promise(() => {});")
    )
    assert found["errorType"] == "Runtime.NodeJsExit"
    assert "a Promise that was never settled" in found["errorMessage"]


LOADING: dict[str, tuple[str, str, str, str]] = {
    "a missing module": (
        "",
        "other.handler",
        "Runtime.ImportModuleError",
        "Error: Cannot find module 'other'\nRequire stack:\n- ",
    ),
    "a missing dependency": (
        "require('not-there');",
        "index.handler",
        "Runtime.ImportModuleError",
        "Error: Cannot find module 'not-there'\nRequire stack:\n- ",
    ),
    "a missing handler": (
        "exports.other = 1;",
        "index.handler",
        "Runtime.HandlerNotFound",
        "index.handler is undefined or not exported",
    ),
    "a handler that is no function": (
        "exports.handler = 1;",
        "index.handler",
        "Runtime.HandlerNotFound",
        "index.handler is not a function",
    ),
    "a syntax error": (
        "exports.handler = (;",
        "index.handler",
        "Runtime.UserCodeSyntaxError",
        "SyntaxError: Unexpected token ';'",
    ),
    "a name without a dot": (
        "",
        "handler",
        "Runtime.MalformedHandlerName",
        "Bad handler",
    ),
    "a relative name": (
        "",
        "../index.handler",
        "Runtime.MalformedHandlerName",
        "'../index.handler' is not a valid handler name. Use absolute paths when ",
    ),
    "an exception": (
        "throw new TypeError('at start');",
        "index.handler",
        "TypeError",
        "at start",
    ),
}


@pytest.mark.aws_observed(f"{RIC}, src/UserFunction.js")
@pytest.mark.parametrize("kind", LOADING)
async def test_what_cannot_be_loaded_is_told(kind: str, run: Any) -> None:
    code, handler, error_type, message = LOADING[kind]
    found = await error(await run(code, handler=handler))
    assert found["errorType"] == error_type
    assert found["errorMessage"].startswith(message)


@pytest.mark.aws_observed(f"{RIC}, src/context/constants.ts")
async def test_node_24_has_no_callbacks_any_more(run: Any) -> None:
    code = "exports.handler = (event, context, callback) => callback(null, 1);"
    found = await error(await run(code, runtime="nodejs24.x"))
    assert found["errorType"] == "Runtime.CallbackHandlerDeprecated"


@pytest.mark.aws_observed("localstack lambda snapshots, test_lambda_with_context")
async def test_the_context_has_lambdas_members(run: Any) -> None:
    lambdas = await run("exports.handler = async (event, context) => context;")
    context = '{"custom": {"foo": "bar"}, "client": {"snap": []}, "env": {"a": "b"}}'
    result = await lambdas.invoke("fn", b"{}", context)
    told = orjson.loads(result.payload)
    assert told.pop("logStreamName")
    assert told == {
        "callbackWaitsForEmptyEventLoop": True,
        "functionVersion": "$LATEST",
        "functionName": "fn",
        "memoryLimitInMB": "128",
        "logGroupName": "/aws/lambda/fn",
        "clientContext": orjson.loads(context),
        "invokedFunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:fn",
        "awsRequestId": result.request_id,
    }


@pytest.mark.aws_observed(f"{RIC}, src/LogPatch.js")
async def test_console_lines_have_time_request_id_and_level(
    run: Any, lines: list[LogLine]
) -> None:
    lambdas = await run(
        """
        exports.handler = async () => {
          console.log('a %s', 'b', {c: 1});
          console.error('wrong');
        };
        """
    )
    result = await lambdas.invoke("fn", b"{}")
    printed = [line.text.split("\t") for line in lines if not line.platform]
    assert [line[1:] for line in printed] == [
        [result.request_id, "INFO", "a b { c: 1 }"],
        [result.request_id, "ERROR", "wrong"],
    ]


@pytest.mark.aws_doc("Lambda developer guide, response streaming")
async def test_a_streaming_handler_gives_its_whole_response(run: Any) -> None:
    lambdas = await run(
        """
        exports.handler = awslambda.streamifyResponse(async (event, stream) => {
          stream.write('{"a":');
          stream.write('1}');
          stream.end();
        });
        """
    )
    assert await answer(lambdas) == {"a": 1}
    assert await answer(lambdas) == {"a": 1}


@pytest.mark.aws_doc("Lambda developer guide, response streaming")
async def test_a_stream_can_have_http_metadata(run: Any) -> None:
    lambdas = await run(
        """
        exports.handler = awslambda.streamifyResponse(async (event, stream) => {
          stream = awslambda.HttpResponseStream.from(stream, {statusCode: 201});
          stream.write('hello');
          stream.end();
        });
        """
    )
    result = await lambdas.invoke("fn", b"{}")
    assert result.payload == b'{"statusCode":201}' + bytes(8) + b"hello"


@pytest.mark.ours("a large event comes in many pieces")
async def test_large_events_and_results_pass(run: Any) -> None:
    lambdas = await run("exports.handler = async (event) => event;", timeout=20)
    payload = orjson.dumps({"text": "ä" * 2_000_000})
    assert (await lambdas.invoke("fn", payload)).payload == payload


@pytest.mark.aws_doc("CloudFormation, AWS::Lambda::Function Code, ZipFile")
async def test_inline_code_is_index_js(make_function: Any, start: Any) -> None:
    code = "exports.handler = async () => __filename;"
    about = {"runtime": "nodejs20.x", "handler": "index.handler"}
    lambdas = await start(make_function(inline=code, **about))
    assert (await answer(lambdas)).endswith("/index.js")
