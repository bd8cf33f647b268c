"""Python functions: handler, context, environment, JSON and log, as on AWS."""

import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from appsync_emulator.lambdas.logs import LogLine
from appsync_emulator.settings import Settings

pytestmark = pytest.mark.aws_doc("Lambda developer guide, building with Python")

RIC = "aws-lambda-python-runtime-interface-client, awslambdaric/bootstrap.py"


async def answer(lambdas: Any, payload: bytes = b"{}") -> Any:
    result = await lambdas.invoke("fn", payload)
    assert result.function_error is None, result.payload
    return orjson.loads(result.payload)


@pytest.mark.parametrize(
    ("file", "handler"),
    [
        ("app.py", "app.handler"),
        ("src/app.py", "src/app.handler"),
        ("src/app.py", "src.app.handler"),
        ("src/deep/app.py", "src/deep/app.handler"),
    ],
)
async def test_a_handler_is_named_by_path_or_module(
    file: str, handler: str, make_function: Any, start: Any
) -> None:
    code = "def handler(event, context): return __name__"
    lambdas = await start(make_function(code, file=file, handler=handler))
    assert await answer(lambdas) == handler.removesuffix(".handler").replace("/", ".")


@pytest.mark.aws_observed(RIC)
@pytest.mark.parametrize(
    ("handler", "error_type", "message"),
    [
        (
            "handler",
            "Runtime.MalformedHandlerName",
            "Bad handler 'handler': not enough values to unpack (expected 2, got 1)",
        ),
        (
            "sys.exit",
            "Runtime.BuiltInModuleConflict",
            "Cannot use built-in module sys as a handler module",
        ),
        (
            "nowhere.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'nowhere': No module named 'nowhere'",
        ),
    ],
)
async def test_a_wrong_handler_name_is_told(
    handler: str, error_type: str, message: str, make_function: Any, start: Any
) -> None:
    lambdas = await start(make_function(handler=handler))
    error = orjson.loads((await lambdas.invoke("fn", b"{}")).payload)
    assert error == {
        "errorMessage": message,
        "errorType": error_type,
        "requestId": "",
        "stackTrace": [],
    }


@pytest.mark.aws_observed("localstack lambda snapshots, test_lambda_runtime_error")
async def test_an_error_at_import_has_the_import_s_stack(
    make_function: Any, start: Any
) -> None:
    function = make_function("raise Exception('Runtime startup fails')\n")
    lambdas = await start(function)
    error = orjson.loads((await lambdas.invoke("fn", b"{}")).payload)
    assert "in import_module\n" in error["stackTrace"][0]
    assert error["stackTrace"][-1] == (
        f'  File "{function.code}/app.py", line 1, in <module>\n'
        "    raise Exception('Runtime startup fails')\n"
    )


async def test_the_context_has_lambdas_attributes(
    make_function: Any, start: Any
) -> None:
    code = """
    def handler(event, context):
        return {
            'aws_request_id': context.aws_request_id,
            'function_name': context.function_name,
            'function_version': context.function_version,
            'invoked_function_arn': context.invoked_function_arn,
            'log_group_name': context.log_group_name,
            'log_stream_name': context.log_stream_name,
            'memory_limit_in_mb': context.memory_limit_in_mb,
            'client_context': context.client_context,
            'identity': context.identity.cognito_identity_id,
            'left': context.get_remaining_time_in_millis(),
        }
    """
    lambdas = await start(make_function(code, timeout=7, memory=512))
    told = await answer(lambdas)
    stream = told.pop("log_stream_name")
    left = told.pop("left")
    assert told.pop("aws_request_id").count("-") == 4
    assert told == {
        "function_name": "fn",
        "function_version": "$LATEST",
        "invoked_function_arn": "arn:aws:lambda:us-east-1:000000000000:function:fn",
        "log_group_name": "/aws/lambda/fn",
        "memory_limit_in_mb": "512",
        "client_context": None,
        "identity": None,
    }
    assert "/[$LATEST]" in stream
    assert 6_000 < left <= 7_000


async def test_the_client_context_is_parsed(make_function: Any, start: Any) -> None:
    code = """
    def handler(event, context):
        given = context.client_context
        return [given.custom, given.env, given.client.app_title]
    """
    lambdas = await start(make_function(code))
    context = '{"custom": {"a": 1}, "client": {"app_title": "t"}}'
    result = await lambdas.invoke("fn", b"{}", context)
    assert orjson.loads(result.payload) == [{"a": 1}, None, "t"]


@pytest.mark.aws_doc("Lambda developer guide, defined runtime environment variables")
async def test_the_environment_is_lambdas(
    make_function: Any, start: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_DEVELOPER", "1")
    code = "import os\ndef handler(event, context): return dict(os.environ)"
    variables = {"OWN": "template", "SHARED": "template"}
    function = make_function(code, environment=variables, memory=256)
    lambdas = await start(
        function,
        settings=Settings(region="eu-west-1"),
        environment={"SHARED": "extra"},
    )
    found = await answer(lambdas)
    root = str(function.code)
    assert {
        "_HANDLER": "app.handler",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
        "AWS_LAMBDA_FUNCTION_NAME": "fn",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/fn",
        "LAMBDA_TASK_ROOT": root,
        "PWD": root,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "OWN": "template",
        "SHARED": "extra",
    }.items() <= found.items()
    told = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
    told |= {"AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "TMPDIR"}
    told |= {"LAMBDA_RUNTIME_DIR", "_X_AMZN_TRACE_ID", "PATH"}
    assert told <= found.keys()
    assert found["_X_AMZN_TRACE_ID"].startswith("Root=1-")
    assert "SECRET_OF_THE_DEVELOPER" not in found


async def test_it_starts_in_the_task_root_with_a_tmp_of_its_own(
    make_function: Any, start: Any
) -> None:
    code = """
    import os, sys, tempfile
    def handler(event, context):
        return [os.getcwd(), sys.path[0], tempfile.gettempdir()]
    """
    function = make_function(code)
    lambdas = await start(function)
    folder, path, temporary = await answer(lambdas)
    assert folder == path == str(function.code)
    assert exists(temporary)
    await lambdas.close()
    assert not exists(temporary)


def exists(path: str) -> bool:
    return Path(path).exists()


@pytest.mark.ours("our own modules must not stand in the way of the function's")
async def test_the_runtime_hides_no_module(make_function: Any, start: Any) -> None:
    code = """
    import sys
    def handler(event, context): return list(sys.modules)
    """
    lambdas = await start(make_function(code))
    loaded = set(await answer(lambdas))
    assert loaded.isdisjoint({"bootstrap", "appsync_emulator", "socket", "typing"})


@pytest.mark.aws_observed(
    "aws-lambda-python-runtime-interface-client, lambda_runtime_marshaller.py"
)
@pytest.mark.parametrize(
    ("expression", "payload"),
    [
        ("{'a': [1, 2.5, None, True]}", b'{"a": [1, 2.5, null, true]}'),
        ("'\\u00e4\\U0001f600'", '"\u00e4\U0001f600"'.encode()),
        ("decimal.Decimal('1.10')", b"1.1"),
        ("decimal.Decimal('12345678901234567890')", b"12345678901234567890"),
        ("float('nan')", b"NaN"),
        ("(1, 2)", b"[1, 2]"),
        ("b'{\"raw\": 1}'", b'{"raw": 1}'),
        ("{1: b'text'}", b'{"1": "text"}'),
    ],
)
async def test_results_become_json_as_on_aws(
    expression: str, payload: bytes, make_function: Any, start: Any
) -> None:
    code = f"import decimal\ndef handler(event, context): return {expression}"
    lambdas = await start(make_function(code))
    assert (await lambdas.invoke("fn", b"{}")).payload == payload


async def test_up_to_python_3_11_json_is_ascii(make_function: Any, start: Any) -> None:
    code = "def handler(event, context): return '\\u00e4'"
    lambdas = await start(make_function(code, runtime="python3.11"))
    assert (await lambdas.invoke("fn", b"{}")).payload == b'"\\u00e4"'


@pytest.mark.aws_observed(RIC)
async def test_an_event_that_is_not_json_is_an_error(
    make_function: Any, start: Any
) -> None:
    lambdas = await start(make_function("def handler(event, context): return 1"))
    error = orjson.loads((await lambdas.invoke("fn", b"{")).payload)
    assert error["errorType"] == "Runtime.UnmarshalError"
    assert error["errorMessage"].startswith("Unable to unmarshal input: ")


@pytest.mark.aws_observed("localstack lambda snapshots, test_invocation_with_qualifier")
async def test_the_log_has_prints_and_log_records(
    make_function: Any, start: Any, lines: list[LogLine]
) -> None:
    code = """
    import logging, sys
    logging.basicConfig(format='never used: the root logger has a handler already')
    logging.getLogger().setLevel(logging.INFO)
    def handler(event, context):
        print('to stdout')
        print('to stderr', file=sys.stderr, flush=True)
        logging.info('a record')
        context.log('raw\\n')
    """
    lambdas = await start(make_function(code))
    result = await lambdas.invoke("fn", b"{}")
    first, second, record, raw = [line for line in lines if not line.platform]
    assert [first.text, second.text, raw.text] == ["to stdout", "to stderr", "raw"]
    level, moment, request_id, message = record.text.split("\t")
    assert (level, request_id, message) == ("[INFO]", result.request_id, "a record")
    assert len(moment) == len("2026-01-31T12:00:00.000Z")
    assert {line.request_id for line in lines} == {result.request_id}
    assert "to stdout\nto stderr\n" in result.log_tail


@pytest.mark.ours("7 ms of a cold start that functions without logging do not pay")
async def test_logging_is_imported_only_when_needed(
    make_function: Any, start: Any
) -> None:
    code = "import sys\ndef handler(event, context): return 'logging' in sys.modules"
    lambdas = await start(make_function(code))
    assert await answer(lambdas) is False


async def test_modules_live_as_long_as_the_environment(
    make_function: Any, start: Any
) -> None:
    code = """
    import itertools
    numbers = itertools.count()
    def handler(event, context): return next(numbers)
    """
    lambdas = await start(make_function(code))
    assert [await answer(lambdas) for _ in range(3)] == [0, 1, 2]


@pytest.mark.ours("asyncio within a handler is common")
async def test_a_handler_may_run_an_event_loop(make_function: Any, start: Any) -> None:
    code = """
    import asyncio
    async def work(): await asyncio.sleep(0); return 'done'
    def handler(event, context): return asyncio.run(work())
    """
    lambdas = await start(make_function(code))
    assert await answer(lambdas) == "done"
    assert await answer(lambdas) == "done"


@pytest.mark.aws_doc("CloudFormation, AWS::Lambda::Function Code, ZipFile")
async def test_inline_code_is_index_py(make_function: Any, start: Any) -> None:
    code = "def handler(event, context): return __file__"
    lambdas = await start(make_function(inline=code, handler="index.handler"))
    assert (await answer(lambdas)).endswith("/index.py")


@pytest.mark.ours("the setting names the interpreter")
async def test_another_interpreter_can_be_set(make_function: Any, start: Any) -> None:
    code = "import sys\ndef handler(event, context): return sys.executable"
    python = resolved(sys.executable)
    lambdas = await start(make_function(code), settings=Settings(python=python))
    assert resolved(await answer(lambdas)) == python


def resolved(path: str) -> str:
    return str(Path(path).resolve())
