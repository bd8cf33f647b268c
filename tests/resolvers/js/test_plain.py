"""Handlers that need no engine give what the engine gives."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appsync_resolvers import Context, EvaluationError, Info, Part
from appsync_resolvers.js import JsEngine

pytestmark = pytest.mark.ours("the engine's answer is the expectation")

PLAIN = [
    "return ctx.args",
    "return ctx.args.a",
    "return ctx.args.a.b",
    "return ctx.args?.a?.b?.c",
    "return ctx.source",
    "return ctx.source?.a",
    "return ctx.result",
    "return ctx.result.a",
    "return (ctx.result)",
    "return ctx.prev.result",
    "return ctx.prev.result.a",
    "return ctx.prev?.result?.a",
    "return ctx.stash.a",
    "return ctx.stash.toString",
    "return ctx.identity.sub",
    "return ctx.identity?.claims",
    "return ctx.request.headers",
    "return ctx.env.A",
    "return ctx.info",
    "return ctx.info.variables.a",
    "return ctx.info.selectionSetList",
    "return ctx.info.selectionSetGraphQL",
    "return ctx.info.nope",
    "return ctx.error",
    "return { payload: ctx.args, field: ctx.info.fieldName, operation: 'Invoke' }",
    "return { a: { b: [ctx.args.a, 1, 'x', true, false, null, undefined], 'c d': 0 } }",
    "return [ctx.args.a, ctx.args.nope, [ctx.source], {}]",
    "const { a } = ctx.args; return { a }",
    "const { a, b: c } = ctx.args; return [c, a]",
    "const { args: { a }, stash } = ctx; return { a, stash }",
    "const { a: { b } } = ctx.args; return b",
    "const { result } = ctx; return result",
    "const { error, result } = ctx; if (error) { util.error('x') } return result",
    "if (ctx.error) util.error(ctx.error.message, ctx.error.type); return ctx.result.a",
    "const x = ctx.args.a; const y = { x }; return { y, z: x }",
    "const x = ctx.args; return x.a",
    "const text = 'plain'; return text",
    "let x = 1; return x",
    "return undefined",
    "return 0",
    "return null",
]
OTHER = [
    "return ctx.args.a + 1",
    "return `${ctx.args.a}`",
    "return ctx.args['a']",
    "return ctx",
    "return { ...ctx.args }",
    "return [1, , 2]",
    "return { a: 1, a: 2 }",
    "return { 1: 2 }",
    "return { __proto__: ctx.args }",
    "return 'a\\n'",
    "return 017 || 1",
    "return -1",
    "return 1.5",
    "return util.autoId()",
    "return ctx.nope",
    "return nope",
    "const [a] = ctx.args.a; return a",
    "const { a = 1 } = ctx.args; return a",
    "const { ...rest } = ctx.args; return rest",
    "if (ctx.args.a) return 1; return 2",
    "if (ctx.error) { return 1 } else { return 2 }",
    "console.log(1); return ctx.args",
    "return",
    "",
]

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=5)
    | st.floats(-1e9, 1e9).filter(lambda number: number != int(number)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "b", "c", "toString"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.sampled_from(["a", "b", "A", "sub"]), VALUES, max_size=3)


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    context = Context(
        draw(OBJECTS),
        draw(VALUES),
        identity=Part(draw(VALUES)),
        request=Part({"headers": draw(OBJECTS), "domainName": None}),
        info=Info(
            {"fieldName": "f", "parentTypeName": "T", "variables": draw(OBJECTS)},
            ["x", "x/y"],
            "{ x { y } }",
        ),
        env=Part(draw(OBJECTS)),
    )
    context.stash = draw(OBJECTS)
    context.result = draw(VALUES)
    if draw(st.booleans()):
        context.prev, context.has_prev = draw(VALUES), True
    if draw(st.integers(0, 4)) == 0:
        context.error = {"message": "no", "type": "T"}
    return context


@pytest.fixture(scope="module")
def handlers() -> dict[tuple[str, str], Any]:
    engine = JsEngine(inline_seconds=5)
    made = {}
    for body in [*PLAIN, *OTHER]:
        code = (
            f"export function request(ctx) {{ {body} }}\n"
            f"export const response = (ctx) => {{ {body} }}"
        ).replace("017 || 1", "true && 1")
        found = engine.load(code)
        made[body, "request"] = found.request
        made[body, "response"] = found.response
    return made


def outcome(handler: Any, context: Context) -> Any:
    try:
        return handler(context)
    except EvaluationError as error:
        return error.message, error.error_type


@pytest.mark.parametrize("name", ["request", "response"])
@pytest.mark.parametrize("body", PLAIN)
@settings(max_examples=15, deadline=None)
@given(context=contexts())
def test_both_ways_agree(
    handlers: dict[tuple[str, str], Any], body: str, name: str, context: Context
) -> None:
    handler = handlers[body, name]
    plain = handler._plain
    assert plain is not None
    directly = outcome(handler, context)
    handler._plain = None
    try:
        assert directly == outcome(handler, context)
    finally:
        handler._plain = plain


@pytest.mark.parametrize("body", OTHER)
def test_everything_else_is_left_to_the_engine(
    handlers: dict[tuple[str, str], Any], body: str
) -> None:
    assert handlers[body, "request"]._plain is None
    assert handlers[body, "response"]._plain is None


def test_what_is_given_is_a_copy_except_for_results() -> None:
    engine = JsEngine()
    code = (
        "export const request = (ctx) => ({ payload: ctx.args, stash: ctx.stash.a })\n"
        "export const response = (ctx) => ctx.result.items"
    )
    handlers = engine.load(code)
    context = Context({"a": {"b": 1}})
    context.stash = {"a": [1]}
    made = handlers.request(context)
    assert made == {"payload": {"a": {"b": 1}}, "stash": [1]}
    assert made["payload"] is not context.arguments
    assert made["payload"]["a"] is not context.arguments["a"]
    assert made["stash"] is not context.stash["a"]
    context.result = {"items": [1]}
    assert handlers.response(context) is context.result["items"]
    engine.close()


def test_large_integers_stay_exact_without_the_engine() -> None:
    engine = JsEngine()
    handlers = engine.load(
        "export const request = (ctx) => ({ payload: ctx.args })\n"
        "export const response = (ctx) => ctx.result"
    )
    for number in (2**53 + 1, 2**64 - 1, 10**30):
        assert handlers.request(Context({"n": number})) == {"payload": {"n": number}}
    engine.close()
