"""Code that means harm, each piece followed by a good call.

Nothing may crash, hang, give a wrong value or be seen by what runs afterwards. Most of
these would be refused on loading, so they are also linked without lint.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import (
    CodeRejected,
    Context,
    EarlyReturn,
    EvaluationError,
    Interrupted,
)
from appsync_resolvers.js import JsEngine
from appsync_resolvers.js.handler import JsHandler
from appsync_resolvers.js.source import Draft

pytestmark = [
    pytest.mark.ours("resolver code is not trusted to be finished"),
    pytest.mark.timeout(120),
]

HOSTILE = dict(
    part.split("\n", 1)
    for part in Path(__file__)
    .with_name("hostile.js")
    .read_text("utf-8")
    .split("\n//// ")[1:]
)
ANSWERS = (EvaluationError, EarlyReturn, Interrupted)
GOOD = """
export function request(ctx) {
  const items = ctx.args.list.map((n) => ({ id: `${n}`, twice: n * 2 }));
  ctx.stash.seen = (ctx.stash.seen ?? 0) + 1;
  return { ...util.dynamodb.toMapValues({ n: ctx.args.n }), items: items.slice(0, 2),
           text: 'a-b'.replaceAll('-', '+').trim(), keys: Object.keys({ a: 1 }),
           json: JSON.stringify({ a: [1] }), evil: ({}).evil,
           time: util.time.nowISO8601().length };
}
export const response = (ctx) => ctx.result.n + 1;
"""
RIGHT = {
    "n": {"N": 5},
    "items": [{"id": "0", "twice": 0}, {"id": "1", "twice": 2}],
    "text": "a+b",
    "keys": ["a"],
    "json": '{"a":[1]}',
    "time": 24,
}


@pytest.fixture(scope="module")
def engine() -> Iterator[JsEngine]:
    engine = JsEngine(inline_seconds=0.2, patient_seconds=0.4, memory=2**24)
    yield engine
    engine.close()


def context() -> Context:
    return Context({"n": 5, "list": list(range(30)), "text": "x" * 200_000})


def unchecked(engine: JsEngine, code: str) -> Any:
    """Load code as if lint had let it through."""
    engine.load(GOOD)
    loader = engine._loader
    assert loader is not None
    program = Draft(code, None).program()
    return JsHandler(program, "request", loader.inline, loader.patient)


def attack(handler: Any) -> None:
    given = context()
    with suppress(*ANSWERS):
        try:
            handler(given)
        except Interrupted:
            handler.patiently(given)


def assert_unharmed(engine: JsEngine) -> None:
    good = engine.load(GOOD)
    given = context()
    assert good.request(given) == RIGHT
    assert given.stash == {"seen": 1}
    assert good.request.patiently(given) == RIGHT
    given.result = {"n": 1}
    assert good.response(given) == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_harmed(engine: JsEngine, name: str) -> None:
    code = (
        "import { util } from '@aws-appsync/utils'\n"
        f"export function request(ctx) {{ {HOSTILE[name]} }}\n"
        "export const response = (ctx) => ctx.result"
    )
    with suppress(CodeRejected):
        attack(engine.load(code).request)
    assert_unharmed(engine)
    try:
        handler = unchecked(engine, code)
    except CodeRejected:
        return
    attack(handler)
    assert_unharmed(engine)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 30_000,
        "[" * 30_000 + "]" * 30_000,
        "const a = " + "a?a:" * 8_000 + "1",
        "const a = " + "-" * 30_000 + "1",
        "const a = `" + "${`" * 5_000,
        "{" * 30_000,
        "a." * 16_000 + "a",
        "export const request = " + "() => " * 5_000 + "1",
        "\0" * 1_000,
        "'\ud800'",
        "const a = " + "9" * 30_000,
        "var " + ",".join(f"a{i}" for i in range(5_000)),
        "/*" * 10_000,
        "import a from '" + "x" * 30_000,
        "switch (1) {" + "case 1:" * 4_000 + "}",
    ],
    ids=lambda source: repr(source[:20]),
)
def test_hostile_source_is_answered(engine: JsEngine, source: str) -> None:
    for path in (None, Path("/nowhere/a.ts")):
        with suppress(CodeRejected):
            engine.load(source, path=path)
    assert_unharmed(engine)


def test_a_storm_of_attacks(engine: JsEngine) -> None:
    for name in list(HOSTILE)[:20]:
        code = f"export function request(ctx) {{ {HOSTILE[name]} }}"
        handler = unchecked(engine, f"{code}\nexport const response = 1")
        try:
            handler(context())
        except ANSWERS:
            continue
    assert_unharmed(engine)
