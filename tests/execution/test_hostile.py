"""Resolvers without end: they are stopped, and nobody else waits for them."""

import asyncio
from typing import Any

import pytest

from support import js, template, vtl

pytestmark = pytest.mark.ours("time and memory of resolver code are bounded")

SCHEMA = "type Query { bad: String good(a: Int): Int }"
LOOPS = "#foreach($a in [1..1000])" * 4 + "#set($x = $a)" + "#end" * 4
DIGITS = "'" + "1" * 100 + "'.split('')"
DEEP = "d.forEach(() => " * 6 + "{ n += 1 }" + ")" * 6
NESTED = f"const d = {DIGITS}; let n = 0; {DEEP};"
CASES = {
    "vtl: four nested loops": vtl(LOOPS + '{"version": "2018-05-29"}'),
    "vtl: a string that doubles": vtl(
        '#set($s = "xxxxxxxxxxxxxxxx")#foreach($i in [1..60])#set($s = "$s$s")#end$s'
    ),
    "vtl: a macro that calls itself": vtl("#macro(m)#m()#m()#end#m()"),
    "js: six nested callbacks": js(f"{{ {NESTED} return {{ payload: n }}; }}"),
    "js: a string that doubles": js(
        f"{{ let s = 'xx'; {DIGITS}.forEach(() => {{ s += s; }});"
        " return { payload: s }; }"
    ),
    "js: a huge array": js(
        "{ return { payload: new Array(4294967294).fill(1).join('') }; }"
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_good_requests_are_answered_while_a_bad_one_runs(
    start: Any, name: str
) -> None:
    good = js("{ return { payload: ctx.args.a }; }")
    server = await start(
        template(SCHEMA, {"Query.bad": CASES[name], "Query.good": good})
    )

    async def ask_good(n: int) -> Any:
        return await server.run("query ($a: Int) { good(a: $a) }", {"a": n})

    async with asyncio.timeout(45):
        bad = server.background.start(server.run("{ bad }"), "bad")
        for n in range(20):
            assert await ask_good(n) == {"data": {"good": n}}
        body = await bad
    assert body["data"] == {"bad": None}
    assert body["errors"]
    assert await ask_good(7) == {"data": {"good": 7}}
