"""What becomes of a request that takes longer than AppSync gives it."""

import asyncio
from typing import Any

import pytest
from graphql import FieldNode, GraphQLField, GraphQLString, NameNode

from appsync_emulator.execution.outcome import locations
from appsync_emulator.execution.plan import Plan, Root
from appsync_emulator.execution.run import Facts, Run
from appsync_emulator.execution.tree import FieldTree
from appsync_resolvers import Part
from support import inline_python, js, lambda_js, template

pytestmark = pytest.mark.aws_doc("quotas: a request may take 30 seconds")

SCHEMA = """
type Query { fast: String  slow: String  must: String!  box: Box  nothing: String }
type Mutation { slow: String  next: String }
type Box { a: String  slow: String  must: String! }
"""
HANG = "import time\ndef handler(event, context):\n    time.sleep(3)\n"
LATE = js("{ return { payload: 'x' }; }")


async def serve(start: Any, resolvers: dict[str, Any]) -> Any:
    """Serve with a limit of a fraction of a second; `slow` is a function that hangs."""
    ask = lambda_js()
    given = {
        place: {"DataSourceName": "fn", **ask} if kind == "hang" else kind
        for place, kind in resolvers.items()
    }
    functions = {"fn": inline_python(HANG)}
    return await start(
        template(SCHEMA, given, functions=functions), request_timeout=0.2
    )


def timed_out(body: Any) -> list[list[Any]]:
    """Give the paths of the errors, all of which must be time-outs."""
    assert {one["message"] for one in body["errors"]} == {"Execution timed out."}
    return [one["path"] for one in body["errors"]]


async def test_only_fields_without_a_value_time_out(start: Any) -> None:
    null = js("{ return { payload: null }; }")
    resolvers = {"Query.fast": LATE, "Query.nothing": null, "Query.slow": "hang"}
    server = await serve(start, resolvers)
    body = await server.run("{ fast nothing slow }")
    assert body["data"] == {"fast": "x", "nothing": None, "slow": None}
    assert timed_out(body) == [["slow"]]


async def test_a_nested_field_times_out_at_its_own_path(start: Any) -> None:
    box = js("{ return { payload: { a: 'A' } }; }")
    server = await serve(start, {"Query.box": box, "Box.slow": "hang"})
    body = await server.run("{ box { a slow } }")
    assert body["data"] == {"box": {"a": "A", "slow": None}}
    assert timed_out(body) == [["box", "slow"]]


async def test_a_non_null_field_takes_its_parent_along(start: Any) -> None:
    box = js("{ return { payload: { a: 'A' } }; }")
    resolvers = {"Query.box": box, "Box.must": "hang", "Query.must": "hang"}
    server = await serve(start, resolvers)
    body = await server.run("{ box { a must } }")
    assert body["data"] == {"box": None}
    assert timed_out(body) == [["box", "must"]]
    body = await server.run("{ fast must }")
    assert body["data"] is None


async def test_given_up_fields_are_completed_with_null() -> None:
    node = FieldNode(name=NameNode(value="slow"))
    field = GraphQLField(GraphQLString)
    made = {
        key: FieldTree(key, key, "Mutation", field, node, 1, [], resolved=True)
        for key in ("slow", "next")
    }

    def finish(_run: Any, value: Any, container: Any, key: Any, *_: Any) -> None:
        container[key] = value

    def put_slow(run: Run, data: Any, hole: Any) -> None:
        data["slow"] = None
        forever = asyncio.sleep(60)
        path = (None, "slow")
        entry = (forever, finish, data, "slow", path, hole, locations(node))
        run.late.append(entry)

    def put_next(run: Run, data: Any, hole: Any) -> None:
        raise AssertionError(run, data, hole)

    roots = (Root(made["slow"], put_slow), Root(made["next"], put_next))
    nothing = Facts(Part(None), Part(None), Part(None), None)
    now = asyncio.get_running_loop().time()
    running = Plan(roots, serial=True).execute(Run(nothing, {}, now - 0.4))
    outcome = await running  # type: ignore[misc]  # it waits
    assert outcome.data == {"slow": None, "next": None}
    assert [error["path"] for error in outcome.errors] == [["slow"], ["next"]]
    assert {error["errorType"] for error in outcome.errors} == {"ExecutionTimeout"}
