"""Functions that run elsewhere, by setting."""

from typing import Any

import pytest

from support import inline_python, js, template

pytestmark = pytest.mark.ours("--function")

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


async def test_a_function_that_there_is_not_stops_the_start(start: Any) -> None:
    with pytest.raises(ValueError, match="no function 'nf'"):
        await start(where("fn", "here"), function=("nf=http://localhost:1",))


async def test_an_endpoint_that_does_not_answer_is_an_error(start: Any) -> None:
    settings = {"function": ("fn=http://127.0.0.1:9",)}
    server = await start(where("fn", "here"), **settings)
    assert (await server.run("{ call }"))["data"] == {"call": None}
    assert (
        server.emulator.lambdas.runner_problem(server.emulator.lambdas.find("fn"))
        is None
    )
