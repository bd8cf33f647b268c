"""A function's process is killed in the middle of an invocation."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from support import inline_python, lambda_js, template

SCHEMA = "type Query { call(name: String!): AWSJSON  other(name: String!): AWSJSON }"
CODE = """
import os, time
def handler(event, context):
    path = event["args"]["name"]
    with open(path + ".new", "w") as file:
        file.write(str(os.getpid()))
    os.rename(path + ".new", path + ".pid")
    while not os.path.exists(path + ".go"):
        time.sleep(0.002)
    return os.getpid()
"""


async def pid_of(path: Path) -> int:
    """Wait until a function has begun; the test's time-out is the limit."""
    file = path.with_suffix(".pid")
    while not file.exists():  # noqa: ASYNC110 - another process makes it
        await asyncio.sleep(0.002)
    return int(file.read_text())


@pytest.mark.aws_doc(
    "Lambda developer guide, troubleshooting: Runtime exited with error"
)
async def test_its_request_gets_lambdas_error_and_nothing_else_is_disturbed(
    start: Any, tmp_path: Path
) -> None:
    source = {"DataSourceName": "fn", **lambda_js()}
    other = {"DataSourceName": "another", **lambda_js()}
    functions = {
        "fn": inline_python(CODE, Timeout=30),
        "another": inline_python(CODE, Timeout=30),
    }
    resolvers = {"Query.call": source, "Query.other": other}
    server = await start(template(SCHEMA, resolvers, functions=functions))

    def call(field: str, name: str) -> asyncio.Task[Any]:
        query = f"query ($n: String!) {{ {field}(name: $n) }}"
        running = server.run(query, {"n": str(tmp_path / name)})
        return asyncio.get_running_loop().create_task(running)

    killed, beside, elsewhere = (
        call("call", "killed"), call("call", "beside"), call("other", "elsewhere"),
    )  # fmt: skip
    names = ("killed", "beside", "elsewhere")
    first, *others = [await pid_of(tmp_path / name) for name in names]
    os.kill(first, signal.SIGKILL)
    body = await killed
    assert body["data"] == {"call": None}
    (error,) = body["errors"]
    assert (error["path"], error["errorType"]) == (["call"], "Lambda:Unhandled")
    expected = "Error: Runtime exited with error: signal: killed"
    assert error["message"].startswith("RequestId: ")
    assert error["message"].endswith(expected)
    assert not beside.done()
    assert not elsewhere.done()
    for name in ("beside", "elsewhere"):
        (tmp_path / f"{name}.go").touch()
    assert await beside == {"data": {"call": str(others[0])}}
    assert await elsewhere == {"data": {"other": str(others[1])}}
    # The next ones get a process each, one of them in the place of the killed one.
    again = [call("call", "one"), call("call", "two")]
    pids = [await pid_of(tmp_path / name) for name in ("one", "two")]
    assert others[0] in pids
    assert first not in pids
    for name in ("one", "two"):
        (tmp_path / f"{name}.go").touch()
    assert [await one for one in again] == [{"data": {"call": str(p)}} for p in pids]
