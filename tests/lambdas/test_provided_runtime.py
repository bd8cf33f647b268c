"""Functions that bring their runtime, AWS's own runtime clients among them."""

import shutil
import stat
import sys
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest

pytestmark = pytest.mark.aws_doc(
    "Lambda developer guide, building a custom runtime for AWS Lambda"
)

BOOTSTRAP = f"""#!{sys.executable}
import json, os, urllib.request
api = 'http://' + os.environ['AWS_LAMBDA_RUNTIME_API'] + '/2018-06-01/runtime/'
while True:
    with urllib.request.urlopen(api + 'invocation/next') as answer:
        request_id = answer.headers['Lambda-Runtime-Aws-Request-Id']
        event = json.load(answer)
    body = json.dumps([os.environ['_HANDLER'], event]).encode()
    url = api + 'invocation/' + request_id + '/response'
    with urllib.request.urlopen(url, body) as answer:
        assert answer.status == 202
"""


def executable(folder: Path, text: str) -> None:
    file = folder / "bootstrap"
    file.write_text(text)
    file.chmod(0o755)


async def test_its_bootstrap_is_run(make_function: Any, start: Any) -> None:
    function = make_function(runtime="provided.al2023", handler="any.thing")
    executable(function.code, BOOTSTRAP)
    lambdas = await start(function)
    for number in range(3):
        answer = await lambdas.invoke("fn", b"%d" % number)
        assert orjson.loads(answer.payload) == ["any.thing", number]


@pytest.mark.ours("an archive keeps the permission to execute")
async def test_its_bootstrap_may_be_in_an_archive(
    make_function: Any, start: Any, tmp_path: Path
) -> None:
    archive = tmp_path / "code.zip"
    about = zipfile.ZipInfo("bootstrap")
    about.external_attr = (stat.S_IFREG | 0o755) << 16
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(about, BOOTSTRAP)
    function = make_function(archive, runtime="provided.al2023", handler="x.y")
    lambdas = await start(function)
    answer = await lambdas.invoke("fn", b"1")
    assert orjson.loads(answer.payload) == ["x.y", 1]


@pytest.mark.aws_doc("Lambda developer guide, troubleshoot deployment issues")
async def test_an_archive_without_bootstrap_is_an_invalid_entrypoint(
    make_function: Any, start: Any, tmp_path: Path
) -> None:
    archive = tmp_path / "code.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("other", "")
    lambdas = await start(make_function(archive, runtime="provided.al2023"))
    error = orjson.loads((await lambdas.invoke("fn", b"1")).payload)
    assert error["errorType"] == "Runtime.InvalidEntrypoint"
    assert "Error: Couldn't find valid bootstrap(s): [" in error["errorMessage"]
    assert error["errorMessage"].endswith("/bootstrap /opt/bootstrap]")


@pytest.mark.ours("Go's words for it, as AWS has them for exec format errors")
async def test_a_bootstrap_that_cannot_run_is_an_invalid_entrypoint(
    make_function: Any, start: Any
) -> None:
    function = make_function(runtime="provided.al2023")
    (function.code / "bootstrap").write_bytes(b"\x7fELF nonsense")
    lambdas = await start(function)
    error = orjson.loads((await lambdas.invoke("fn", b"1")).payload)
    assert error["errorType"] == "Runtime.InvalidEntrypoint"
    assert error["errorMessage"].endswith("/bootstrap: permission denied")


@pytest.mark.aws_observed("awslambdaric 4.2.2, unmodified")
@pytest.mark.parametrize(
    ("event", "error_type"),
    [("echo", None), ("fail", "ValueError"), ("exit", "Runtime.ExitError")],
)
async def test_awslambdaric_works_unmodified(
    event: str, error_type: str | None, make_function: Any, start: Any
) -> None:
    pytest.importorskip("awslambdaric", reason="awslambdaric is not installed")
    code = """
    import os
    def handler(event, context):
        if event == 'fail':
            raise ValueError('wrong')
        if event == 'exit':
            os._exit(1)
        return [event, context.aws_request_id]
    """
    function = make_function(code, runtime="provided.al2023", timeout=20)
    executable(
        function.code,
        f"#!/bin/sh\nexec {sys.executable} -m awslambdaric app.handler\n",
    )
    lambdas = await start(function)
    for _ in range(3):
        answer = await lambdas.invoke("fn", orjson.dumps(event))
        value = orjson.loads(answer.payload)
        if error_type is None:
            assert value == ["echo", answer.request_id]
        else:
            assert value["errorType"] == error_type


@pytest.mark.aws_observed("awslambdaric 4.2.2, unmodified")
async def test_awslambdaric_reports_what_it_cannot_import(
    make_function: Any, start: Any
) -> None:
    pytest.importorskip("awslambdaric", reason="awslambdaric is not installed")
    function = make_function("import nowhere", runtime="provided.al2023", timeout=20)
    executable(
        function.code,
        f"#!/bin/sh\nexec {sys.executable} -m awslambdaric app.handler\n",
    )
    lambdas = await start(function)
    error = orjson.loads((await lambdas.invoke("fn", b"1")).payload)
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert "No module named 'nowhere'" in error["errorMessage"]


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
async def test_a_shell_script_with_curl_works(make_function: Any, start: Any) -> None:
    function = make_function(runtime="provided.al2023", timeout=20)
    executable(
        function.code,
        """#!/bin/sh
        api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime
        while true; do
          headers=$(mktemp)
          event=$(curl -sS -D "$headers" "$api/invocation/next")
          id=$(grep -i aws-request-id "$headers" | tr -d '[:space:]' | cut -d: -f2)
          curl -sS "$api/invocation/$id/response" -d "[$event]"
        done
        """,
    )
    lambdas = await start(function)
    for number in range(2):
        answer = await lambdas.invoke("fn", b"%d" % number)
        assert answer.payload == b"[%d]" % number
