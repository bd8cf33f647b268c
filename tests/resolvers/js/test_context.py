"""What handlers see of `ctx`, and what they may change in it."""

from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError, Info, Part

pytestmark = pytest.mark.aws_doc("devguide resolver-context-reference-js")

IDENTITY = {"sub": "u1", "username": "alice", "claims": {"email": "a@example.com"}}
REQUEST = {"headers": {"x-custom": ["a", "b"]}, "domainName": "api.example.com"}
INFO = {"fieldName": "getPost", "parentTypeName": "Query", "variables": {"id": "1"}}


def full_context() -> Context:
    context = Context(
        {"id": "1"},
        {"owner": "alice"},
        identity=Part(IDENTITY),
        request=Part(REQUEST),
        info=Info(INFO, ["id", "author", "author/name"], "{\n  getPost(id: $id)\n}"),
        env=Part({"TABLE": "posts"}),
    )
    context.stash = {"seen": [1]}
    context.prev = {"from": "before"}
    context.has_prev = True
    return context


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("ctx.args", {"id": "1"}),
        ("ctx.arguments", {"id": "1"}),
        ("ctx.args === ctx.arguments", True),
        ("ctx.source.owner", "alice"),
        ("ctx.identity.claims.email", "a@example.com"),
        ("ctx.request.headers['x-custom'][1]", "b"),
        ("ctx.request.domainName", "api.example.com"),
        ("ctx.info.fieldName", "getPost"),
        ("ctx.info.variables.id", "1"),
        ("ctx.info.selectionSetList", ["id", "author", "author/name"]),
        ("ctx.info.selectionSetGraphQL", "{\n  getPost(id: $id)\n}"),
        ("ctx.stash.seen[0]", 1),
        ("ctx.prev.result.from", "before"),
        ("ctx.env.TABLE", "posts"),
        ("ctx.result", None),
        ("ctx.error", None),
    ],
)
def test_members(js: Any, expression: str, value: Any) -> None:
    assert js.run(f"return {expression}", full_context()) == value


def test_info_keeps_its_selection_out_of_json(js: Any) -> None:
    assert js.run("return JSON.stringify(ctx.info)", full_context()) == (
        '{"fieldName":"getPost","parentTypeName":"Query","variables":{"id":"1"}}'
    )


def test_a_pipeline_only_member_is_absent_elsewhere(js: Any) -> None:
    assert js.run("return Object.hasOwn(ctx, 'prev')") is False
    assert js.run("return Object.hasOwn(ctx, 'prev')", full_context()) is True


def test_responses_see_result_and_error(js: Any) -> None:
    context = Context({})
    context.result = {"items": [1]}
    assert js.respond("return ctx.result.items", context) == [1]
    context.error = {"message": "no", "type": "Lambda:Unhandled"}
    assert js.respond("return ctx.error.type", context) == "Lambda:Unhandled"


@pytest.mark.ours("the guide names the members; their order is ours")
def test_enumerating_the_context_shows_what_exists(js: Any) -> None:
    names = "args arguments source identity request info stash env"
    assert js.run("return Object.keys(ctx)") == names.split()
    body = "const { args, stash, ...rest } = ctx; return Object.keys(rest)"
    assert js.run(body) == ["arguments", "source", "identity", "request", "info", "env"]
    assert js.run("return { ...ctx }.info.fieldName", full_context()) == "getPost"
    assert js.run("return Object.entries(ctx).length") == 8


@pytest.mark.ours("performance: what a handler does not read is not serialised")
def test_members_nobody_reads_are_never_serialised(js: Any) -> None:
    handler = js.handler("return ctx.args.id")
    context = Context({"id": "1"}, object())  # has no JSON
    assert handler(context) == "1"


def test_the_stash_is_shared_in_both_directions(js: Any) -> None:
    context = Context({})
    context.stash = {"old": 1, "gone": 2}
    js.run("ctx.stash.x = { deep: true }; delete ctx.stash.gone", context)
    assert context.stash == {"old": 1, "x": {"deep": True}}
    js.run("Object.assign(ctx.stash, { y: 3 })", context)
    assert js.run("return ctx.stash.x.deep && ctx.stash.y", context) == 3


@pytest.mark.parametrize(
    ("body", "member", "value"),
    [
        ("ctx.args.text = 'x'", "arguments", {"list": [2, 1], "text": "x"}),
        ("ctx.args.list.push(3)", "arguments", {"list": [2, 1, 3]}),
        ("ctx.args.list.sort()", "arguments", {"list": [1, 2]}),
        ("const { list } = ctx.args; list.pop()", "arguments", {"list": [2]}),
        ("ctx.args.list.forEach((n, i, all) => { all[i] = n * 2 })", "arguments",
         {"list": [4, 2]}),
        ("((target) => { target.new = 1 })(ctx.args)", "arguments",
         {"list": [2, 1], "new": 1}),
        ("[ctx.args.list[0]] = [7]", "arguments", {"list": [7, 1]}),
        ("ctx.args.list[1] += 5", "arguments", {"list": [2, 6]}),
        ("const s = ctx.stash; s.k = 1", "stash", {"k": 1}),
        ("const { stash } = ctx; stash.k = 1", "stash", {"k": 1}),
        ("const { stash: s } = ctx; s['k'] = 1", "stash", {"k": 1}),
        ("ctx['stash'].k = 1", "stash", {"k": 1}),
        ("ctx.prev.result.k = 1", "prev", {"k": 1}),
        ("for (ctx.stash.k of [1, 2]) ;", "stash", {"k": 2}),
    ],
)  # fmt: skip
def test_changes_below_the_first_level_reach_later_steps(
    js: Any, body: str, member: str, value: Any
) -> None:
    context = Context({"list": [2, 1]})
    context.prev = {}
    context.has_prev = True
    js.run(body, context)
    assert getattr(context, member) == value


def test_changes_to_the_result_are_kept(js: Any) -> None:
    context = Context({})
    context.result = {"items": []}
    assert js.respond("ctx.result.items = [1]; return ctx.result", context) == {
        "items": [1]
    }
    assert context.result == {"items": [1]}


@pytest.mark.ours("a handler that fails still changed what it changed")
def test_changes_before_an_error_are_kept(js: Any) -> None:
    context = Context({})
    with pytest.raises(EvaluationError):
        js.run("ctx.stash.tried = true; util.error('no')", context)
    assert context.stash == {"tried": True}


@pytest.mark.ours("what is not changed keeps its identity and costs nothing")
def test_unchanged_members_are_not_replaced(js: Any) -> None:
    context = full_context()
    arguments, stash = context.arguments, context.stash
    js.run("ctx.stash.seen.sort(); return ctx.args", context)
    assert context.arguments is arguments
    assert context.stash is stash


@pytest.mark.parametrize(
    "body",
    [
        "((c) => { c.args = {} })(ctx)",
        "((c) => { c.extra = 1 })(ctx)",
        "((c) => { delete c.stash })(ctx)",
        "Object.assign(ctx, { stash: 1 })",
    ],
)
def test_first_level_members_cannot_be_assigned(js: Any, body: str) -> None:
    with pytest.raises(EvaluationError, match="is readonly"):
        js.run(body)


@pytest.mark.parametrize(
    "body", ["", "return", "return undefined", "return null", "return () => 1"]
)
@pytest.mark.aws_observed("recordings of EvaluateCode use empty response handlers")
def test_no_value_is_null(js: Any, body: str) -> None:
    if "=>" in body:
        body = "const f = { f: () => 1 }.f; return f"
    assert js.run(body) is None


@pytest.mark.ours("JSON: what has no JSON is left out or null")
def test_values_come_out_as_json_does(js: Any) -> None:
    body = "return { a: undefined, b: NaN, c: [undefined, -Infinity], d: -0 }"
    assert js.run(body) == {"b": None, "c": [None, None], "d": 0}


@pytest.mark.parametrize(
    "text",
    ["\0null", "ünïcödé 🎉", '"quotes"\\', "\u2028line", "\ud800lone", "a" * 100_000],
)
@pytest.mark.ours("JSON texts cross the border, whatever is in them")
def test_any_text_survives(js: Any, text: str) -> None:
    assert js.run("return ctx.args.text", Context({"text": text})) == text
    assert js.run("return ctx.args.text + ctx.args.text", Context({"text": text})) == (
        text + text
    )


@pytest.mark.parametrize(
    "number", [2**53 + 1, -(2**63), 2**64 - 1, 12345678901234567890123, 10**30]
)
@pytest.mark.ours("AppSync's numbers are Java's: a long or more passes unharmed")
def test_large_integers_pass_unharmed(js: Any, number: int) -> None:
    context = Context({"id": number, "next": number + 1, "f": 0.5})
    body = "ctx.stash.id = ctx.args.id; return { payload: ctx.args }"
    assert js.run(body, context) == {"payload": context.arguments}
    assert context.stash == {"id": number}
    context.result = {"ids": [number, number + 1]}
    assert js.respond("return ctx.result.ids.slice(0)", context) == [number, number + 1]


@pytest.mark.ours("numbers keep their value; 1.0 is the number 1 in JSON")
def test_ordinary_numbers_are_exact(js: Any) -> None:
    numbers = [0, -1, 2**53, 0.1, 1e21, 1.5e-7, 1.0]
    assert js.run("return ctx.args.n", Context({"n": numbers})) == numbers


@pytest.mark.ours("a member that has no JSON is a bug of the caller, not silence")
def test_a_context_without_json_raises(js: Any) -> None:
    with pytest.raises(TypeError):
        js.run("return ctx.source", Context({}, object()))  # not even in Python's JSON
