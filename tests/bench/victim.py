"""The process that hostile.py attacks: an API's engine on the server's event loop.

    python -m bench.victim LANGUAGE PATIENCE

Reads `{"case": NAME}` and answers with what became of it, one line each.
"""

import asyncio
import gc
import json
import logging
import os
import sys
from time import perf_counter, process_time, thread_time
from typing import Any

import uvloop

from appsync_emulator.background import Background
from appsync_emulator.datasources.datasource import Step
from appsync_emulator.datasources.none import NoneDataSource
from appsync_emulator.execution.engine import Engine
from appsync_emulator.execution.outcome import Outcome
from appsync_emulator.execution.pipeline import Function, UnitResolver
from appsync_emulator.execution.resolvers import RejectedTemplate
from appsync_emulator.execution.run import Facts
from appsync_emulator.jsontext import dumps
from appsync_emulator.model import Api, AuthProvider
from appsync_emulator.schema import build
from appsync_emulator.types import Origin, Text
from appsync_resolvers import CodeRejected, Handlers, Part, TemplateRejected
from appsync_resolvers.js import JsEngine
from appsync_resolvers.js.handler import JsHandler
from appsync_resolvers.js.source import Draft
from appsync_resolvers.vtl import compile_template, limits
from bench.hostile import CONTROL, CORPORA

TICK_SECONDS = 0.001
CONTROL_SECONDS = 2.0
NOWHERE = Origin("bench")

GOOD_JS = """
export function request(ctx) {
  const items = ctx.args.list.map((n) => ({ id: `${n}`, twice: n * 2 }));
  return { payload: { first: items[0], evil: ({}).evil, json: JSON.stringify([1]),
           text: 'a-b'.replaceAll('-', '+').trim(), of: items.length } };
}
export const response = (ctx) => ctx.result;
"""
RIGHT_JS = {"first": {"id": "0", "twice": 0}, "json": "[1]", "text": "a+b", "of": 30}
GOOD_VTL = """
#set($seen = [])
#foreach($n in $ctx.args.list)#if($n < 3)$util.qr($seen.add($n))#end#end
{"payload": {"seen": $util.toJson($seen), "evil": "$!evil", "a": "$ctx.args.a"}}
"""
RIGHT_VTL = {"seen": [0, 1, 2], "evil": "", "a": "a" * 60}

RESPONSE = compile_template("$util.toJson($ctx.result)", response=True)

ARGUMENTS = (
    "text: String, a: String, word: String, emoji: String, n: Int, list: [Int], "
    "big: AWSJSON"
)
"""What the attacks expect to be in `ctx.args`."""
VALUES = {
    "text": "x" * 200_000,
    "a": "a" * 60,
    "word": "abc",
    "emoji": "😀",
    "n": 5,
    "list": list(range(30)),
    "big": json.dumps([{"a": number} for number in range(5000)]),
}


class Ticker:
    """Wants to run each millisecond, and remembers its longest wait."""

    def __init__(self) -> None:
        self.longest = {"ms": 0.0, "loop": 0.0, "process": 0.0}

    async def run(self) -> None:
        """Tick until cancelled."""
        before = self._clocks()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = self._clocks()
            waited = [1e3 * (new - old) for new, old in zip(now, before, strict=True)]
            waited[0] -= 1e3 * TICK_SECONDS
            if waited[0] > self.longest["ms"]:
                self.longest = dict(zip(self.longest, waited, strict=True))
            before = now

    def _clocks(self) -> tuple[float, float, float]:
        return perf_counter(), thread_time(), process_time()


class Victim:
    """An API whose fields are attacks, and two that are good.

    Args:
        language: of the attacks.
        patience: seconds that an evaluation off the loop may take.
    """

    def __init__(self, language: str, patience: float) -> None:
        limits.PATIENT_SECONDS = patience
        self.javascript = JsEngine(patient_seconds=patience)
        self.background = Background()
        self.refused: set[str] = set()
        code = CORPORA[language]()
        self.fields: dict[str, str] = {}
        good = Handlers(compile_template(GOOD_VTL), RESPONSE)
        handlers = {"goodJs": self.javascript.load(GOOD_JS), "goodVtl": good}
        make = self._script if language == "APPSYNC_JS" else self._template
        for number, name in enumerate(code):
            made = make(name, code[name])
            if made is not None:
                field = self.fields[name] = f"bad{number}"
                handlers[field] = made
        self.engine = _engine(handlers)

    def _script(self, name: str, code: str) -> Handlers | None:
        """Load code, past lint if need be; None if the engine cannot parse it."""
        try:
            return self.javascript.load(code)
        except CodeRejected:
            self.refused.add(name)
        loader = self.javascript._loader
        assert loader is not None
        try:
            program = Draft(code, None).program()
        except CodeRejected:
            return None
        made = [
            JsHandler(program, which, loader.inline, loader.patient)
            for which in ("request", "response")
        ]
        return Handlers(*made)

    def _template(self, name: str, text: str) -> Handlers:
        try:
            return Handlers(compile_template(text), RESPONSE)
        except TemplateRejected as rejected:
            self.refused.add(name)
            return Handlers(RejectedTemplate(rejected), RESPONSE)

    async def suffer(self, name: str) -> dict[str, Any]:
        """Run an attack, then the good ones; give what became of it."""
        ticker = Ticker()
        ticking = self.background.start(ticker.run(), "ticker")
        await asyncio.sleep(5 * TICK_SECONDS)
        start = perf_counter()
        body: Any = None
        if name == CONTROL:
            await asyncio.sleep(CONTROL_SECONDS)
        elif name in self.fields:
            body = await self._ask(self.fields[name])
        told = {"name": name, "ms": 1e3 * (perf_counter() - start)}
        await asyncio.sleep(5 * TICK_SECONDS)  # the ticker has to notice
        ticking.cancel()
        told |= {"stall": ticker.longest, "refused": name in self.refused}
        return told | _told(body) | await self._harm()

    async def _harm(self) -> dict[str, Any]:
        """Tell which good ones do not give their values any more."""
        for field, right in (("goodJs", RIGHT_JS), ("goodVtl", RIGHT_VTL)):
            body = await self._ask(field)
            if body["errors"] or json.loads(body["data"][field]) != right:
                return {"wrong": True, "what": str(body)[:500]}
        return {}

    async def _ask(self, field: str) -> Any:
        """Ask for a field as the server does, up to the bytes of the answer."""
        names = [one.split(":")[0] for one in ARGUMENTS.split(", ")]
        declared = ", ".join(f"${one}" for one in ARGUMENTS.split(", "))
        given = ", ".join(f"{one}: ${one}" for one in names)
        query = f"query ({declared}) {{ {field}({given}) }}"
        request = Part({"headers": {}, "domainName": None})
        facts = Facts(Part(None), request, Part({}), VALUES)
        now = asyncio.get_running_loop().time()
        outcome = self.engine.execute(self.engine.prepare(query), facts, now)
        if not isinstance(outcome, Outcome):
            outcome = await outcome
        body = {"data": outcome.data, "errors": outcome.errors}
        dumps(body)
        return body


def _told(body: Any) -> dict[str, Any]:
    """Tell whether an attack was answered with a value, an error or a fault of ours."""
    if body is None:
        return {}
    errors = body["errors"]
    if not errors:
        return {"value": True}
    fault = any(one.get("errorType") == "InternalFailure" for one in errors)
    what = str(errors[-1]["message"])[:200]
    return {"fault" if fault else "error": True, "what": what}


def _engine(handlers: dict[str, Handlers]) -> Engine:
    fields = "\n".join(f"  {field}({ARGUMENTS}): AWSJSON" for field in handlers)
    schema = Text(f"type Query {{\n{fields}\n}}", NOWHERE)
    api = Api("a" * 26, "bench", NOWHERE, AuthProvider("API_KEY", NOWHERE), schema)
    source = NoneDataSource()
    resolvers = {
        ("Query", field): UnitResolver(Function(one, source, Step(f"Query.{field}")))
        for field, one in handlers.items()
    }
    return Engine(api, build(schema), resolvers)


def main() -> None:
    """Answer until there are no more questions."""
    # What resolvers print is put together as in the server, and shown to nobody.
    logging.basicConfig(level=logging.INFO, filename=os.devnull)
    victim = Victim(sys.argv[1], float(sys.argv[2]))
    gc.collect()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for line in sys.stdin:
            told = runner.run(victim.suffer(json.loads(line)["case"]))
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()
        victim.engine.close()


if __name__ == "__main__":
    main()
