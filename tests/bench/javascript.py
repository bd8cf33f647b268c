"""APPSYNC_JS beside Node: a context in, the handler's value out.

Our side does what the execution engine does with a request handler: it makes the
context of Python values, with the parts that a request shares made anew each time, and
gets a Python value. Node's side is the ceiling: the handler compiled by V8 in its own
process, JSON text in and out. Handlers that only put members of the context together
are answered without an engine; those and such that need one are measured apart.

Run as a program this module is our side's process.
"""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from appsync_resolvers import Context, Info, Interrupted, Part
from appsync_resolvers.js import JsEngine
from bench.compare import OURS, Case, Goal, Side, compare
from bench.measure import Operation, answer
from bench.report import Effort, Report

HERE = Path(__file__).parent
AT_MOST_4 = 4

CASES = (
    Case("invoke", "Invoke, no engine needed", AT_MOST_4),
    Case("invoke-engine", "Invoke with a branch and a sum", AT_MOST_4),
    Case("field", "20 KB, one small field, no engine needed", AT_MOST_4),
    Case("field-engine", "20 KB, one small field", AT_MOST_4),
    Case("inside-engine", "20 KB, one field of the large part", AT_MOST_4),
    Case("large", "20 KB, gives the large part, no engine needed", AT_MOST_4),
    Case("large-engine", "20 KB, gives the large part", AT_MOST_4),
    Case("filter", "DynamoDB filter, 40 lines"),
    Case("load", "load code that is known", alone=True),
)


def _module(body: str) -> str:
    return (
        "import { util } from '@aws-appsync/utils';\n"
        f"export function request(ctx) {{\n{body}\n}}\n"
        "export function response(ctx) {\n  return ctx.result;\n}\n"
    )


CODE = {
    "invoke": _module("""\
  return {
    operation: 'Invoke',
    payload: { field: ctx.info.fieldName, arguments: ctx.args, source: ctx.source },
  };"""),
    "invoke-engine": _module("""\
  const { first, after } = ctx.args;
  const payload = { field: ctx.info.fieldName, arguments: ctx.args, until: first + 1 };
  if (after) payload.after = after;
  return { operation: 'Invoke', payload };"""),
    "field": _module("  return { operation: 'Invoke', payload: { id: ctx.args.id } };"),
    "field-engine": _module(
        "  return { operation: 'Invoke', payload: { id: `post#${ctx.args.id}` } };"
    ),
    "inside-engine": _module(
        "  return { operation: 'Invoke', payload: `${ctx.source.posts[7].title}!` };"
    ),
    "large": _module("  return { operation: 'Invoke', payload: ctx.source };"),
    "large-engine": _module("""\
  const posts = ctx.source.posts.filter((post) => post.likes >= 0);
  return { operation: 'Invoke', payload: { ...ctx.source, posts } };"""),
    "filter": (HERE / "filter.js").read_text("utf-8"),
}

SMALL = {"id": "a1b2c3", "first": 20, "after": "eyJpZCI6MTd9"}
FILTER = {
    "owner": "ada",
    "limit": 50,
    "filter": {
        "title": {"beginsWith": "On ", "ne": "On nothing"},
        "likes": {"ge": 10, "lt": 1000},
        "tags": {"contains": "python"},
        "draft": {"eq": False},
    },
}
HEADERS = {
    "host": "localhost:20002",
    "accept": "*/*",
    "accept-encoding": "gzip, deflate, br",
    "accept-language": "en-GB,en;q=0.9",
    "content-type": "application/json; charset=UTF-8",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
    "x-api-key": "da2-abcdefghijklmnopqrstuvwxyz",
    "x-amz-user-agent": "aws-amplify/6.0 api/1 framework/1",
    "x-forwarded-for": "127.0.0.1",
}
LARGE = {
    "id": "a1b2c3",
    "posts": [
        {
            "id": f"post-{number}",
            "title": f"On the number {number}",
            "body": "It was a dark and stormy night; the rain fell in torrents. " * 3,
            "likes": number * 7,
            "rating": number / 8,
            "draft": number % 5 == 0,
            "tags": ["python", "graphql", "streaming"],
        }
        for number in range(60)
    ],
}
INFO = {"fieldName": "posts", "parentTypeName": "Query", "variables": {"first": 20}}
SELECTION = ["items", "items/id", "items/title", "nextToken"]
GRAPHQL = "{\n  items {\n    id\n    title\n  }\n  nextToken\n}"


def _given(key: str) -> tuple[dict[str, Any], Any]:
    """Give arguments and source of a case."""
    if key == "filter":
        return FILTER, None
    if key.startswith("invoke"):
        return SMALL, {"id": "a1b2c3"}
    return SMALL, LARGE


def operations() -> dict[str, Operation]:
    """Give our side's operations by case."""
    engine = JsEngine()
    made = {key: _operation(engine, key) for key in CODE}
    made["load"] = lambda: engine.load(CODE["filter"]) is not None
    return made


def _operation(engine: JsEngine, key: str) -> Operation:
    arguments, source = _given(key)
    handler: Any = engine.load(CODE[key]).request
    plain = not key.endswith("-engine") and key != "filter"
    if (handler._plain is not None) != plain:
        raise AssertionError(f"{key}: not answered in the way that it is named for")

    def operation() -> Any:
        info = Info(INFO, SELECTION, GRAPHQL)
        request = Part({"headers": HEADERS, "domainName": None})
        context = Context(arguments, source, request=request, info=info)
        try:
            return handler(context)
        except Interrupted:  # on a machine so busy that a moment is too short
            return handler.patiently(context)

    return operation


def _for_node(key: str) -> Mapping[str, str]:
    arguments, source = _given(key)
    context = {
        "arguments": arguments,
        "source": source,
        "identity": None,
        "request": {"headers": HEADERS, "domainName": None},
        "info": {
            **INFO,
            "selectionSetList": SELECTION,
            "selectionSetGraphQL": GRAPHQL,
        },
        "stash": {},
        "env": {},
    }
    text = json.dumps(context, ensure_ascii=False, separators=(",", ":"))
    return {"code": CODE[key], "context": text}


def run(effort: Effort) -> list[Report]:
    """Compare our engine with Node."""
    node = shutil.which("node")
    setup = {key: _for_node(key) for key in CODE}
    ours = Side(OURS, [sys.executable, "-m", "bench.javascript"])
    peer = Side(
        "node",
        [node or "node", str(HERE / "node.mjs")],
        setup,
        None if node else "no node on PATH",
    )
    report = compare(
        "APPSYNC_JS request handlers", CASES, Goal(faster=False), (ours, peer), effort
    )
    size = len(setup["large"]["context"]) / 1024
    report.notes.append(
        f"ratio: our CPU time to node's, medians; the large context is {size:.0f} KB"
    )
    return [report]


if __name__ == "__main__":
    answer(operations())
