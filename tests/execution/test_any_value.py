"""Values that are hard to write as JSON: one field may fail, never the request."""

import json
from typing import Any

import pytest

from support import inline_python, js, lambda_js, template, vtl

pytestmark = pytest.mark.ours("whatever a resolver holds, the request is answered")

SCHEMA = """
type Query {
  text(a: AWSJSON): String  json(a: AWSJSON): AWSJSON  good: String  call: AWSJSON
}
"""
GOOD = js("{ return { payload: 'fine' }; }")
HALF = "'\\ud83d'"


async def ask(start: Any, resolvers: Any, query: str, variables: Any = None) -> Any:
    """Serve resolvers beside a good one, and ask for both."""
    functions = {
        "fn": inline_python("def handler(event, context):\n    return event\n")
    }
    server = await start(
        template(SCHEMA, {"Query.good": GOOD, **resolvers}, functions=functions)
    )
    body = await server.run(query, variables)
    assert body["data"]["good"] == "fine"
    return body


async def test_half_an_emoji_is_a_question_mark(start: Any) -> None:
    resolver = js(f"{{ return {{ payload: 'a' + {HALF} }}; }}")
    body = await ask(start, {"Query.text": resolver}, "{ text good }")
    assert body["data"]["text"] == "a?"


@pytest.mark.parametrize("call", ["util.error", "util.appendError"])
async def test_half_an_emoji_in_an_error(start: Any, call: str) -> None:
    resolver = js(f"{{ {call}('a' + {HALF}, 'T', {{ x: {HALF} }}); return {{}}; }}")
    body = await ask(start, {"Query.text": resolver}, "{ text good }")
    assert body["errors"][0]["message"] == "a?"


async def test_half_an_emoji_in_a_payload(start: Any) -> None:
    document = f"{{ operation: 'Invoke', payload: {{ a: {HALF} }} }}"
    call = {"DataSourceName": "fn", **js(f"{{ return {document}; }}")}
    body = await ask(start, {"Query.call": call}, "{ call good }")
    assert json.loads(body["data"]["call"]) == {"a": "?"}


async def test_a_huge_integer_in_a_payload(start: Any) -> None:
    request = vtl(
        '{"version": "2018-05-29", "operation": "Invoke",'
        ' "payload": 123456789012345678901234567890}'
    )
    call = {"DataSourceName": "fn", **request}
    body = await ask(start, {"Query.call": call}, "{ call good }")
    # On the way back it is read as a number of 64 bits, like any JSON number here.
    assert float(body["data"]["call"]) == 123456789012345678901234567890.0


@pytest.mark.parametrize("depth", [150, 300, 600, 900])
async def test_deep_literals_and_variables_are_answered(start: Any, depth: int) -> None:
    text = "[" * depth + "]" * depth
    echo = js("{ return { payload: ctx.args.a }; }")
    server = await start(template(SCHEMA, {"Query.json": echo, "Query.good": GOOD}))
    literal = f'{{ json(a: "{text}") good }}'
    by_variable = "query ($a: AWSJSON) { json(a: $a) good }"
    for query, variables in ((literal, None), (by_variable, {"a": text})):
        answer = await server.post(query, variables)
        assert answer.status_code == 200, answer.text
        data = answer.json()["data"]
        if data is not None:  # else the text is refused as too deep
            assert data["good"] == "fine"
            assert data["json"] == text or answer.json()["errors"]


async def test_a_deep_value_of_a_resolver_is_answered(start: Any) -> None:
    hundreds = "'" + "1" * 900 + "'.split('')"
    deep = f"const r = {hundreds}.reduce((a) => [a], []);"
    resolver = js(f"{{ {deep} return {{ payload: r }}; }}")
    body = await ask(
        start, {"Query.json": resolver, "Query.text": resolver}, "{ json text good }"
    )
    for name in ("json", "text"):
        assert body["data"][name] is not None or body["errors"]


async def test_a_failing_batch_tells_every_item(start: Any) -> None:
    schema = "type Query { boxes: [Box] } type Box { n: Int more: String }"
    boxes = js("{ return { payload: [1, 2, 3].map((n) => ({ n })) }; }")
    java = {**inline_python(""), "Runtime": "java17"}
    resolvers = {
        "Query.boxes": boxes,
        "Box.more": {"DataSourceName": "fn", **lambda_js(operation="BatchInvoke")},
    }
    server = await start(template(schema, resolvers, functions={"fn": java}))
    body = await server.run("{ boxes { n more } }")
    assert [one["path"] for one in body["errors"]] == [
        ["boxes", n, "more"] for n in range(3)
    ]


@pytest.mark.aws_doc("tutorial: batching at every level of a query")
async def test_batches_below_batches_are_whole(start: Any) -> None:
    schema = "type Query { boxes: [Box] } type Box { n: Int size: Int next: Box }"
    boxes = js("{ return { payload: [1, 2, 3, 4].map((n) => ({ n })) }; }")
    code = (
        "def handler(event, context):\n"
        "    return [{'size': len(event)} for _ in event]\n"
    )
    batch = {"DataSourceName": "fn", **lambda_js(operation="BatchInvoke")}
    resolvers = {"Query.boxes": boxes, "Box.next": {**batch, "MaxBatchSize": 10}}
    server = await start(
        template(schema, resolvers, functions={"fn": inline_python(code)})
    )
    body = await server.run("{ boxes { next { size next { size } } } }")
    assert body["data"]["boxes"] == [{"next": {"size": 4, "next": {"size": 4}}}] * 4
