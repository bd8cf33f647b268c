"""Every form of invocation: resolver, real function, GraphQL answer.

A row says what the function is, what resolves the field, and what the client gets; an
error is told by its path, type and message, and by its data when there are any.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from support import inline_python, js, lambda_js, template, vtl

SCHEMA = """
type Query { call(a: Int): AWSJSON  items: [Item!] }
type Mutation { put(a: Int): AWSJSON }
type Item { id: ID! more: AWSJSON }
"""
REFERENCE = "AppSync developer guide, Lambda resolver reference"
pytestmark = pytest.mark.aws_doc(REFERENCE)

ECHO = "def handler(event, context): return event"
FAIL = "def handler(event, context): raise KeyError('lost')"
COUNT = "def handler(event, context): return [len(event) for _ in event]"
WRONG = "class OutOfStock(Exception): pass\ndef handler(event, context): "
WRONG += "raise OutOfStock('none left')"
HANG = "import time\ndef handler(event, context): time.sleep(30)"
EXIT = "import os\ndef handler(event, context): os._exit(3)"
NODE = "class OutOfStock extends Error { name = 'OutOfStock' }\n"
NODE += "exports.handler = async () => { throw new OutOfStock('none left'); };"

ERROR = "{ return ctx.error; }"
THROW = "{ if (ctx.error) util.error(ctx.error.message, ctx.error.type, ctx.result); "
THROW += "return ctx.result; }"
ITEMS = js("{ return { payload: [1,2,3,4,5,6,7].map((n) => ({ id: `i${n}` })) }; }")
CALL = "{ call(a: 7) }"
MORE = "{ items { more } }"


def invoke(more: str = "payload: ctx.args", response: str = THROW) -> dict[str, Any]:
    return js(f"{{ return {{ operation: 'Invoke', {more} }}; }}", response)


def batch(more: str = "payload: ctx.source.id", response: str = THROW) -> Any:
    return js(f"{{ return {{ operation: 'BatchInvoke', {more} }}; }}", response)


def document(members: str, version: str = "2018-05-29") -> str:
    return f'{{"version": "{version}", {members}, "payload": $util.toJson($ctx.args)}}'


def node(code: str) -> dict[str, Any]:
    function = {"Runtime": "nodejs20.x", "Handler": "index.handler"}
    return {**function, "Code": {"ZipFile": code}}


@dataclass
class Row:
    """One way to invoke a function.

    Attributes:
        function: Python code, or the function's properties.
        resolvers: of the field, or of several, by place.
        expected: the field's value, or those of `more` in each item.
        errors: path, type and message (a pattern) of each, then its data if any.
        steps: AppSync functions of a pipeline.
    """

    name: str
    function: str | dict[str, Any]
    resolvers: dict[str, Any]
    expected: Any
    errors: list[tuple[Any, ...]] = field(default_factory=list)
    query: str = CALL
    steps: dict[str, Any] = field(default_factory=dict)

    def template(self) -> dict[str, Any]:
        """Give the project; a resolver without a place is that of `Query.call`."""
        function = self.function
        if isinstance(function, str):
            function = inline_python(function)
        given = self.resolvers
        if not any("." in place for place in given):
            given = {"Query.call": given}
        resolvers = {
            place: one if "Functions" in one else {"DataSourceName": "fn", **one}
            for place, one in given.items()
        }
        if "Item.more" in resolvers:
            resolvers["Query.items"] = ITEMS
        steps = {
            name: {"DataSourceName": "fn", **step} for name, step in self.steps.items()
        }
        functions = {"fn": function}
        return template(SCHEMA, resolvers, functions=functions, steps=steps)


def call_error(kind: str, message: str, *data: Any) -> list[tuple[Any, ...]]:
    return [(["call"], kind, message, *data)]


def item_errors(kind: str, message: str, count: int = 7) -> list[tuple[Any, ...]]:
    return [(["items", n, "more"], kind, message) for n in range(count)]


def items(resolver: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Item.more": {**resolver, **more}}


def returns(*values: str) -> str:
    """Give a function that answers a group with these values, then again."""
    listed = ", ".join(values)
    return (
        "from itertools import cycle, islice\n"
        f"def handler(event, context): return list(islice(cycle([{listed}]), "
        "len(event)))"
    )


PIPELINE = js("{ return {}; }", "{ return ctx.prev.result; }")
SHAPE = "{ return Object.keys(ctx.error).sort(); }"
BIG = "{ let s = 'x'; for (const _ of [" + "0," * 21 + "]) { s = s + s; } "
BIG += "return { operation: 'BatchInvoke', payload: s }; }"

INVOKE = [
    Row("payload", ECHO, invoke(), '{"a":7}'),
    Row("payload of any kind", ECHO, invoke("payload: [1, 'x', null]"), '[1,"x",null]'),
    Row("no payload", ECHO, invoke(""), None),
    Row("RequestResponse", ECHO, invoke(
        "invocationType: 'RequestResponse', payload: 1"), "1"),
    Row("VTL", ECHO, vtl(document('"operation": "Invoke"')), '{"a":7}'),
    Row("VTL, first version", ECHO, vtl(
        document('"operation": "Invoke"', "2017-02-28")), '{"a":7}'),
    Row("VTL, RequestResponse", ECHO, vtl(document(
        '"operation": "Invoke", "invocationType": "RequestResponse"')), '{"a":7}'),
    Row("response handler", ECHO, invoke(
        response="{ return { got: ctx.result.a + 1 }; }"), '{"got":8}'),
    Row("error as the handler sees it", FAIL, invoke(response=ERROR),
        '{"message":"\'lost\'","type":"Lambda:Unhandled",'
        '"unhandledErrorType":"KeyError"}'),
    Row("no result beside an error", FAIL, invoke(
        response="{ return ctx.result === null; }"), "true"),
    Row("raises", FAIL, invoke(), None, call_error("Lambda:Unhandled", "'lost'")),
    Row("raises in Node", node(NODE), invoke(), None,
        call_error("Lambda:Unhandled", "none left")),
    Row("raises, VTL", FAIL, vtl(
        document('"operation": "Invoke"'),
        "#if($ctx.error)$util.error($ctx.error.message, $ctx.error.type)#end"
        "$util.toJson($ctx.result)"), None,
        call_error("Lambda:Unhandled", "'lost'")),
    Row("raises, VTL, first version", FAIL, vtl(
        document('"operation": "Invoke"', "2017-02-28"), '"more"'), None,
        call_error("Lambda:Unhandled", "'lost'", "more")),
    Row("times out", inline_python(HANG, Timeout=1), invoke(), None,
        call_error("Lambda:Unhandled", ".*Task timed out after 1.00 seconds")),
    Row("times out, type", inline_python(HANG, Timeout=1),
        invoke(response="{ return ctx.error.unhandledErrorType; }"),
        '"Sandbox.Timedout"'),
    Row("exits", EXIT, invoke(), None, call_error(
        "Lambda:Unhandled", ".*Runtime exited with error: exit status 3")),
    Row("exits, type", EXIT,
        invoke(response="{ return ctx.error.unhandledErrorType; }"),
        '"Runtime.ExitError"'),
    Row("does not load", "import nowhere", invoke(), None, call_error(
        "Lambda:Unhandled", "Unable to import module 'index': No module named")),
    Row("cannot be JSON", "def handler(event, context): return {1, 2}", invoke(), None,
        call_error("Lambda:Unhandled", "Unable to marshal response: .*set is not")),
    Row("is no JSON", "def handler(event, context): return b'{'", invoke(), None,
        call_error("Lambda:IllegalArgument", ".*not valid JSON")),
    Row("too large", "def handler(event, context): return 'x' * 7_000_000", invoke(),
        None, call_error("Lambda:Unhandled",
        r"Response payload size exceeded maximum allowed payload size \(6291556")),
    Row("throttled", inline_python(ECHO, ReservedConcurrentExecutions=0), invoke(),
        None, call_error("Lambda:IllegalArgument", r"Rate Exceeded\.")),
    Row("cannot run here", {"Runtime": "java21", "Handler": "a.B",
        "Code": {"ZipFile": ""}}, invoke(), None,
        call_error("NotEmulated", ".*java21")),
]  # fmt: skip

EVENT = [
    Row("event", ECHO, lambda_js("Event"), None),
    Row("event, VTL", ECHO, vtl(document(
        '"operation": "Invoke", "invocationType": "Event"')), None),
    Row("event, response handler", ECHO, invoke("invocationType: 'Event'",
        "{ return { accepted: ctx.result === null, error: ctx.error ?? null }; }"),
        '{"accepted":true,"error":null}'),
    Row("event, fails later", FAIL, lambda_js("Event"), None),
    Row("event, throttled later", inline_python(
        ECHO, ReservedConcurrentExecutions=0), lambda_js("Event"), None),
    Row("event, cannot run here", {"Runtime": "java21", "Handler": "a.B",
        "Code": {"ZipFile": ""}}, lambda_js("Event"), None,
        call_error("NotEmulated", ".*java21")),
    Row("event, VTL too large", ECHO, vtl(
        '{"version": "2018-05-29", "operation": "Invoke", "invocationType": "Event",'
        ' "payload": "#foreach($i in [1..400])' + "x" * 2700 + '#end"}',
        "#if($ctx.error)$util.error($ctx.error.message, $ctx.error.type)#end"), None,
        call_error("Lambda:IllegalArgument",
        r"10800\d\d byte payload is too large for the Event invocation type")),
    Row("event, of a group", ECHO, items(batch(
        "invocationType: 'Event', payload: ctx.source.id")), [None] * 7, query=MORE),
    Row("event, next step", ECHO, {"Functions": ["One", "Two"], **PIPELINE},
        '{"prev":null}', steps={
            "One": invoke("invocationType: 'Event', payload: 1"),
            "Two": invoke("payload: { prev: ctx.prev.result }")}),
]  # fmt: skip

PIPELINES = [
    Row("steps", "def handler(event, context): return event + 1",
        {"Functions": ["One", "Two"], **PIPELINE}, "3", steps={
            "One": invoke("payload: 1"), "Two": invoke("payload: ctx.prev.result")}),
    Row("step fails", FAIL, {"Functions": ["One", "Two"], **PIPELINE}, None,
        call_error("Lambda:Unhandled", "'lost'"),
        steps={"One": invoke(), "Two": invoke()}),
    Row("step recovers", FAIL, {"Functions": ["One"], **PIPELINE}, '"Lambda:Unhandled"',
        steps={"One": invoke(response="{ return ctx.error.type; }")}),
    Row("direct step", "def handler(event, context): return [event['prev'], "
        "event['arguments'], event['info']['fieldName']]",
        {"Functions": ["One"], **js("{ return { before: 1 }; }",
        "{ return ctx.prev.result; }")},
        '[{"result":{"before":1}},{"a":7},"call"]', steps={"One": {}}),
    Row("direct step fails", WRONG, {"Functions": ["One"], **PIPELINE}, None,
        call_error("OutOfStock", "none left"), steps={"One": {}}),
]  # fmt: skip

BATCH = [
    Row("five without a size", COUNT, items(batch()), list("5555522"), query=MORE),
    Row("size", COUNT, items(batch(), MaxBatchSize=3), list("3333331"), query=MORE),
    Row("size of all", COUNT, items(batch(), MaxBatchSize=2000), ["7"] * 7, query=MORE),
    Row("size without BatchInvoke", "def handler(event, context): return event",
        items(invoke("payload: ctx.source.id"), MaxBatchSize=3),
        [f'"i{n}"' for n in range(1, 8)], query=MORE),
    Row("payloads in order", ECHO, items(batch()),
        [f'"i{n}"' for n in range(1, 8)], query=MORE),
    Row("VTL", COUNT, items(vtl(
        '{"version": "2018-05-29", "operation": "BatchInvoke",'
        ' "payload": $util.toJson($ctx.source)}'), MaxBatchSize=4),
        list("4444333"), query=MORE),
    Row("null members", returns("None", "1"), items(batch(), MaxBatchSize=7),
        [None, "1", None, "1", None, "1", None], query=MORE),
    Row("members as they are", returns("{'data': 1, 'errorMessage': 'no'}"),
        items(batch()), ['{"data":1,"errorMessage":"no"}'] * 7, query=MORE),
    Row("one response handler for each", ECHO, items(
        batch(response="{ return `${ctx.source.id}${ctx.result}`; }")),
        [f'"i{n}i{n}"' for n in range(1, 8)], query=MORE),
    Row("error of one", returns("1", "{'wrong': True}"), items(batch(response=
        "{ if (ctx.result.wrong) util.error('wrong', 'Mine'); return ctx.result; }"),
        MaxBatchSize=7), ["1", None, "1", None, "1", None, "1"],
        [(["items", n, "more"], "Mine", "wrong") for n in (1, 3, 5)], query=MORE),
    Row("failure of all", FAIL, items(batch()), [None] * 7,
        item_errors("Lambda:Unhandled", "'lost'"), query=MORE),
    Row("too few", "def handler(event, context): return event[1:]", items(batch()),
        [None] * 7, item_errors("Lambda:IllegalArgument", "A batch of [25] must"),
        query=MORE),
    Row("no list", "def handler(event, context): return {}", items(batch()),
        [None] * 7, item_errors("Lambda:IllegalArgument", ".*returned no list"),
        query=MORE),
    Row("too large together", ECHO, items(js(BIG, THROW)), [None] * 5 + ["x", "x"],
        item_errors("Lambda:IllegalArgument",
        "Request must be smaller than 6291456 bytes", 5), query=MORE),
    Row("alone", COUNT, batch("payload: 1"), "1"),
    Row("step of a pipeline", COUNT, {"Item.more": {"Functions": ["One"], **PIPELINE}},
        list("3333331"), query=MORE, steps={"One": {**batch(), "MaxBatchSize": 3}}),
]  # fmt: skip

DIRECT = [
    Row("value", "def handler(event, context): return event['arguments']", {},
        '{"a":7}'),
    Row("exception", WRONG, {}, None, call_error("OutOfStock", "none left")),
    Row("exception in Node", node(NODE), {}, None,
        call_error("OutOfStock", "none left")),
    Row("time-out", inline_python(HANG, Timeout=1), {}, None,
        call_error("Sandbox.Timedout", ".*Task timed out after 1.00 seconds")),
    Row("throttled", inline_python(ECHO, ReservedConcurrentExecutions=0), {}, None,
        call_error("Lambda:IllegalArgument", r"Rate Exceeded\.")),
    Row("request template only", ECHO,
        {"RequestMappingTemplate": document('"operation": "Invoke"')}, '{"a":7}'),
    Row("request template only, exception", WRONG,
        {"RequestMappingTemplate": document('"operation": "Invoke"')}, None,
        call_error("OutOfStock", "none left")),
    Row("response template only",
        "def handler(event, context): return event['arguments']",
        {"ResponseMappingTemplate": '{"got": $util.toJson($ctx.result)}'},
        '{"got":{"a":7}}'),
    Row("response template only, exception", WRONG, {"ResponseMappingTemplate":
        '$util.toJson("$ctx.error.type $ctx.error.message $ctx.result")'},
        '"Lambda:Unhandled none left $ctx.result"'),
    Row("group", "def handler(event, context): return [{'data': [len(event), "
        "c['source']['id'], c['info']['fieldName']]} for c in event]",
        items({}, MaxBatchSize=5),
        [f'[{size},"i{n}","more"]' for n, size in enumerate([5, 5, 5, 5, 5, 2, 2], 1)],
        query=MORE),
    Row("size 0", "def handler(event, context): return event['source']['id']",
        items({}, MaxBatchSize=0), [f'"i{n}"' for n in range(1, 8)], query=MORE),
    Row("error beside data", returns(
        "{'data': 1, 'strange': 2}",
        "{'data': 2, 'errorMessage': 'no', 'errorType': 'Mine'}",
        "{'errorMessage': 'bare'}"),
        items({}, MaxBatchSize=7), ["1", None, None, "1", None, None, "1"],
        [(["items", n, "more"], "Mine", "no", 2) if n % 3 == 1
         else (["items", n, "more"], None, "bare") for n in (1, 2, 4, 5)], query=MORE),
    Row("not authorized", returns(
        "{'errorMessage': 'no', 'errorType': 'UnauthorizedException'}"),
        items({}, MaxBatchSize=7), [None] * 7, item_errors("UnauthorizedException",
        r"You are not authorized to make this call\."), query=MORE),
    Row("failure of a group", WRONG, items({}, MaxBatchSize=5), [None] * 7,
        item_errors("OutOfStock", "none left"), query=MORE),
]  # fmt: skip

ROWS = {
    f"{group}: {row.name}": row
    for group, rows in {
        "invoke": INVOKE,
        "event": EVENT,
        "pipeline": PIPELINES,
        "batch": BATCH,
        "direct": DIRECT,
    }.items()
    for row in rows
}


@pytest.mark.parametrize("name", ROWS)
async def test_an_invocation_has_its_answer(name: str, start: Any) -> None:
    row = ROWS[name]
    server = await start(row.template())
    body = await server.run(row.query)
    data = body["data"]
    if row.query == MORE:
        found = [item["more"] for item in data["items"]]
        if row.name == "too large together":
            found = [value and value[1] for value in found]
    else:
        found = data["call"]
    assert found == row.expected, body
    told = body.get("errors", [])
    told.sort(key=lambda error: error["path"])
    assert len(told) == len(row.errors), told
    for error, (path, kind, message, *more) in zip(told, row.errors, strict=True):
        assert (error["path"], error["errorType"]) == (path, kind)
        assert re.match(message, error["message"]), error["message"]
        assert error["data"] == (more[0] if more else None)


async def test_aliased_mutations_are_never_a_group(start: Any) -> None:
    resolvers = {"Mutation.put": {"DataSourceName": "fn", **batch("payload: ctx.args")}}
    functions = {"fn": inline_python(COUNT)}
    server = await start(template(SCHEMA, resolvers, functions=functions))
    body = await server.run("mutation { a: put(a: 1) b: put(a: 2) c: put(a: 3) }")
    assert body == {"data": {"a": "1", "b": "1", "c": "1"}}


async def test_a_group_of_events_is_one_event(start: Any, tmp_path: Any) -> None:
    code = (
        "import json, os\n"
        "def handler(event, context):\n"
        f"    path = {str(tmp_path)!r} + '/' + event[0]\n"
        "    with open(path, 'x') as file: json.dump(event, file)\n"
    )
    event = batch("invocationType: 'Event', payload: ctx.source.id")
    resolvers = {
        "Query.items": ITEMS,
        "Item.more": {"DataSourceName": "fn", **event},
    }
    functions = {"fn": inline_python(code)}
    server = await start(template(SCHEMA, resolvers, functions=functions))
    assert (await server.run(MORE))["data"]["items"] == [{"more": None}] * 7
    await server.emulator.idle()
    written = {path.name: path.read_text() for path in tmp_path.glob("i?")}
    assert written == {"i1": '["i1", "i2", "i3", "i4", "i5"]', "i6": '["i6", "i7"]'}


@pytest.mark.aws_doc("AppSync developer guide, VTL Lambda tutorial: Lambda:Handled")
async def test_an_error_that_lambda_calls_handled_keeps_that_name(
    start: Any, serve: Any
) -> None:
    async def answer(_request: Request) -> Response:
        body = b'{"errorMessage": "I fail. Always."}'
        return Response(body, headers={"x-amz-function-error": "Handled"})

    path = "/2015-03-31/functions/fn/invocations"
    url = serve(Starlette(routes=[Route(path, answer, methods=["POST"])]))
    row = Row("", ECHO, invoke(), None)
    server = await start(row.template(), function=(f"fn={url}",))
    (error,) = (await server.run(CALL))["errors"]
    assert (error["errorType"], error["message"]) == (
        "Lambda:Handled",
        "I fail. Always.",
    )


async def test_a_function_that_does_not_exist_is_an_error_of_the_field(
    start: Any,
) -> None:
    content = Row("", ECHO, invoke(), None).template()
    arn = "arn:aws:lambda:us-east-1:000000000000:function:lost"
    config = content["Resources"]["fn"]["Properties"]["LambdaConfig"]
    config["LambdaFunctionArn"] = arn
    server = await start(content)
    (error,) = (await server.run(CALL))["errors"]
    assert error["errorType"] == "Lambda:IllegalArgument"
    assert error["message"] == f"Function not found: {arn}:$LATEST"
