"""Engines: limits, patience, renewal, what is recognised and skipped."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError, Interrupted
from appsync_resolvers.js import JsEngine

pytestmark = pytest.mark.ours("how the emulator keeps its event loop free")

RESPONSE = "\nexport const response = (ctx) => ctx.result"
EACH = "ctx.args.list.forEach(() => "
# 150 ** 3 steps take about 0.2 s, 150 ** 6 no end; methods are no loops to the limit.
SLOW = f"const o = {{ n: 0 }}; {EACH * 3} {{ o.n += 1 }}))); return o.n"
ENDLESS = f"const o = {{ n: 0 }}; {EACH * 6} {{ o.n += 1 }}))))))"
LIST = list(range(150))


@pytest.fixture
def engine() -> Iterator[JsEngine]:
    engine = JsEngine(inline_seconds=0.05, patient_seconds=3)
    yield engine
    engine.close()


def handler(engine: JsEngine, body: str) -> Any:
    code = f"export function request(ctx) {{ {body} }}"
    return engine.load(code + RESPONSE).request


def test_a_long_evaluation_is_interrupted_and_repeated_patiently(
    engine: JsEngine,
) -> None:
    slow = handler(engine, f"ctx.stash.n = 1; {SLOW}")
    context = Context({"list": LIST})
    with pytest.raises(Interrupted):
        slow(context)
    assert context.stash == {}  # nothing has happened
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(slow.patiently, context).result() == 150**3
    assert context.stash == {"n": 1}


def test_an_evaluation_without_end_fails_in_the_end() -> None:
    engine = JsEngine(inline_seconds=0.05, patient_seconds=0.3)
    endless = handler(engine, ENDLESS)
    context = Context({"list": LIST})
    with pytest.raises(Interrupted):
        endless(context)
    with pytest.raises(EvaluationError) as failed:
        endless.patiently(context)
    assert failed.value.error_type == "Code"
    assert "limit" in failed.value.message
    assert handler(engine, "return 42")(context) == 42
    assert handler(engine, "return 42").patiently(context) == 42
    engine.close()


def test_too_much_memory_is_a_patient_failure(engine: JsEngine) -> None:
    greedy = handler(engine, "let s = 'x'; for (const i of ctx.args.list) { s += s }")
    context = Context({"list": [0] * 40})
    with pytest.raises(Interrupted):
        greedy(context)
    with pytest.raises(EvaluationError, match="memory limit"):
        greedy.patiently(context)
    assert handler(engine, "return 42")(context) == 42


def test_large_inputs_get_more_memory_patiently() -> None:
    engine = JsEngine(inline_seconds=30, patient_seconds=30, memory=2**22)
    items = [{"id": str(i), "name": "x" * 20} for i in range(40_000)]
    count = handler(engine, "return ctx.args.items.length")
    context = Context({"items": items})
    with pytest.raises(Interrupted):
        count(context)
    assert count.patiently(context) == 40_000
    engine.close()


def test_a_result_beyond_five_megabytes_fails(engine: JsEngine) -> None:
    doubled = handler(engine, "return [ctx.args.text, ctx.args.text]")
    with pytest.raises(EvaluationError, match="5 MB") as failed:
        doubled.patiently(Context({"text": "x" * 2_700_000}))
    assert failed.value.error_type == "Code"


def test_patient_calls_run_beside_inline_ones(engine: JsEngine) -> None:
    slow = handler(engine, SLOW)
    quick = handler(engine, "return ctx.args.n + 1")
    done = threading.Event()
    results: list[int] = []

    def patiently() -> None:
        results.append(slow.patiently(Context({"list": LIST})))
        done.set()

    workers = [threading.Thread(target=patiently) for _ in range(2)]
    for worker in workers:
        worker.start()
    calls = 0
    while not done.is_set() or calls < 100:
        try:
            assert quick(Context({"n": calls})) == calls + 1
        except Interrupted:  # the limit counts the CPU time of all threads
            continue
        calls += 1
    for worker in workers:
        worker.join()
    assert results == [150**3, 150**3]


def test_many_threads_may_wait_for_patient_calls(engine: JsEngine) -> None:
    quick = handler(engine, "return ctx.args.n * 2")
    with ThreadPoolExecutor(8) as pool:
        contexts = [Context({"n": n}) for n in range(200)]
        assert list(pool.map(quick.patiently, contexts)) == [n * 2 for n in range(200)]


def test_handlers_survive_a_new_heap(engine: JsEngine) -> None:
    good = handler(engine, "return util.time.nowFormatted('y', 'Europe/Madrid') > '2'")
    assert good(Context({})) is True
    for _ in range(3):
        with pytest.raises(Interrupted):
            handler(engine, SLOW)(Context({"list": LIST}))
        assert good(Context({})) is True


def test_engines_share_nothing(engine: JsEngine) -> None:
    other = JsEngine()
    code = "export const request = (ctx) => ctx.args.n" + RESPONSE
    first, second = engine.load(code), other.load(code)
    assert first is not second
    assert first.request(Context({"n": 1})) == second.request(Context({"n": 1})) == 1
    other.close()
    assert first.request(Context({"n": 2})) == 2


@pytest.mark.parametrize(
    "response",
    [
        "export function response(ctx) { return ctx.result }",
        "export const response = (ctx) => ctx.result",
        "export const response = (ctx) => { return (ctx.result); }",
        "export const response = function (c) { /* as is */ return c.result }",
        (
            "export function response(ctx) { if (ctx.error) {"
            " util.error(ctx.error.message, ctx.error.type) } return ctx.result }"
        ),
        (
            "export function response(ctx) { const { error, result } = ctx;"
            " if (error) return util.appendError(error.message, error.type, result);"
            " return result }"
        ),
        "function pass(ctx) { return ctx.result } export { pass as response }",
    ],
)
def test_a_handler_that_passes_the_result_is_recognised(
    engine: JsEngine, response: str
) -> None:
    found = engine.load("export const request = () => ({})\n" + response).response
    assert found.returns_result
    context = Context({})
    context.result = {"big": [1]}
    assert found(context) is context.result  # without the engine
    context.error = {"message": "no", "type": "T"}
    if "util.error" in response:
        with pytest.raises(EvaluationError, match="no"):
            found(context)
    else:
        found(context)
        reported = [each.message for each in context.effect().errors]
        assert reported == (["no"] if "appendError" in response else [])


@pytest.mark.parametrize(
    "response",
    [
        "export const response = (ctx) => ctx.result.items",
        "export function response(ctx) { console.log(1); return ctx.result }",
        (
            "export function response(ctx) { if (ctx.args.x) util.error('x');"
            " return ctx.result }"
        ),
        (
            "export function response(ctx) { if (ctx.error) { util.error('x') } else {"
            " ctx.stash.a = 1 } return ctx.result }"
        ),
        "export function response(ctx) { ctx.stash.a = 1; return ctx.result }",
        "export function response(ctx) { const { result = {} } = ctx; return result }",
        "console.log(1); export const response = (ctx) => ctx.result",
        "export const response = ({ result }) => result",
        "export const response = (ctx, result) => result",
        "export function response(ctx) { return }",
        "const other = {}; export const response = (ctx) => other.result",
    ],
)
def test_other_handlers_are_called(engine: JsEngine, response: str) -> None:
    found = engine.load("export const request = () => ({})\n" + response).response
    assert not found.returns_result


def test_the_last_result_of_a_pipeline_is_passed_on(engine: JsEngine) -> None:
    code = (
        "export const request = () => ({})\nexport const"
        " response = (c) => c.prev.result"
    )
    found = engine.load(code).response
    context = Context({})
    context.prev, context.has_prev = {"a": 1}, True
    assert found(context) is context.prev
    assert not found.returns_result
    context.has_prev = False
    with pytest.raises(EvaluationError, match="TypeError"):
        found(context)


def test_requests_are_never_skipped(engine: JsEngine) -> None:
    code = "export const request = (ctx) => ctx.result" + RESPONSE
    context = Context({})
    context.result = 5
    assert engine.load(code).request(context) is None
    assert not engine.load(code).request.returns_result


def test_interrupts_do_not_slow_what_follows(engine: JsEngine) -> None:
    quick = handler(engine, "return 1")
    with pytest.raises(Interrupted):
        handler(engine, SLOW)(Context({"list": LIST}))
    start = time.perf_counter()
    assert quick(Context({})) == 1
    assert time.perf_counter() - start < 0.5
