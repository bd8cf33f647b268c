"""Settings that name single functions."""

from typing import Any

import pytest

from appsync_emulator.lambdas.overrides import (
    check_overrides,
    debug_port_of,
    endpoint_of,
)
from appsync_emulator.settings import Settings
from support import inline_python, js, template

pytestmark = pytest.mark.ours("--function and --debug-function")

SCHEMA = "type Query { call: AWSJSON }"
WHERE = "import os\ndef handler(event, context): return [os.environ['WHERE'], event]\n"


def where(name: str, place: str) -> dict[str, Any]:
    variables = {"Variables": {"WHERE": place}}
    function = {name: inline_python(WHERE, Environment=variables)}
    invoke = "{ return { operation: 'Invoke', payload: 1 }; }"
    resolvers = {"Query.call": {**js(invoke), "DataSourceName": name}}
    return template(SCHEMA, resolvers, functions=function)


@pytest.mark.parametrize("name", ["fn", "fnFunction"])
async def test_a_function_may_run_at_an_endpoint(name: str, start: Any) -> None:
    # Another emulator is one: it speaks Lambda's Invoke API.
    other = await start(where("fn", "there"))
    url = other.url.removesuffix("/graphql")
    server = await start(where("fn", "here"), function=(f"{name}={url}",))
    assert await server.run("{ call }") == {"data": {"call": '["there",1]'}}


async def test_an_endpoint_that_does_not_answer_is_an_error(start: Any) -> None:
    settings = {"function": ("fn=http://127.0.0.1:9",)}
    server = await start(where("fn", "here"), **settings)
    assert (await server.run("{ call }"))["data"] == {"call": None}
    assert (
        server.emulator.lambdas.runner_problem(server.emulator.lambdas.find("fn"))
        is None
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"function": ("fnn=http://a",)},
            r"--function 'fnn=http://a': .* no function 'fnn'\. Did you mean 'fn'",
        ),
        ({"debug_function": ("x=1",)}, r"--debug-function 'x=1': .* no function 'x'\."),
    ],
)
def test_a_function_that_there_is_not_is_told(
    settings: Any, message: str, make_function: Any
) -> None:
    functions = {"fn": make_function()}
    with pytest.raises(ValueError, match=message):
        check_overrides(functions, Settings(**settings))


def test_the_last_entry_for_a_function_counts(make_function: Any) -> None:
    settings = Settings(
        function=("fn=http://a", "fn=http://b?x=y", "other=http://c"),
        debug_function=("other=1",),
    )
    assert endpoint_of(make_function(), settings) == "http://b?x=y"
    assert debug_port_of(make_function(), settings) is None
    assert debug_port_of(make_function(name="other"), settings) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"function": ("fn",)},
        {"function": ("fn=ftp://a",)},
        {"debug_function": ("fn=port",)},
        {"debug_function": ("=1",)},
        {"layer": ("name",)},
        {"requirements": "maybe"},
    ],
)
def test_settings_have_a_form(settings: Any) -> None:
    with pytest.raises(ValueError, match="write "):
        Settings(**settings)
