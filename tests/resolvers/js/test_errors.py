"""Errors: what the client sees, and where AWS says they happened."""

from typing import Any

import pytest

from appsync_resolvers import Context, EarlyReturn, EvaluationError


def failure(js: Any, body: str, context: Context | None = None) -> EvaluationError:
    with pytest.raises(EvaluationError) as failed:
        js.run(body, context)
    return failed.value


@pytest.mark.aws_observed("aws-appsync-community #328: code.js:162:13: ReferenceError…")
def test_an_exception_has_type_code_and_its_position(js: Any) -> None:
    error = failure(js, "const a = 1;\n  return a + X;")
    assert error.message == "code.js:6:14: ReferenceError: X is not defined"
    assert error.error_type == "Code"
    assert (error.data, error.error_info) == (None, None)


@pytest.mark.ours("the engine's words; AWS's for these are not published")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return ctx.args.x.y", ("5:8: TypeError: cannot read"
                                 " property 'y' of undefined")),
        ("ctx.args.x.y = 1", "5:1: TypeError: cannot set property 'y' of undefined"),
        ("return [1].map((v) => v.a.b)",
         "5:23: TypeError: cannot read property 'b' of undefined"),
        ("return nope(ctx.args)", "5:8: ReferenceError: nope is not defined"),
        ("return ctx.args.nope(1, ctx.args)",
         "5:8: TypeError: ctx.args.nope is not a function"),
        ("const c = 1; c = 2", "5:14: TypeError: 'c' is read-only"),
        ("const é = '🎉'; return ctx.args.x.y",
         "5:24: TypeError: cannot read property 'y' of undefined"),
    ],
)  # fmt: skip
def test_positions_of_exceptions(js: Any, body: str, message: str) -> None:
    assert failure(js, body).message == f"code.js:{message}"


@pytest.mark.aws_observed("recordings of EvaluateCode: library errors carry a position")
def test_a_rejection_of_a_library_has_a_position_and_no_name(js: Any) -> None:
    error = failure(
        js, "  const s = rds.select({});\n  return rds.createPgStatement(s)"
    )
    assert error.message == "code.js:6:10: 'table' or 'from' key is required."
    assert error.error_type == "Code"


@pytest.mark.aws_doc("devguide built-in-util-js")
def test_util_error_ends_the_evaluation_from_a_helper(js: Any) -> None:
    context = Context({})
    body = "const check = () => { util.error('No') }; check(); ctx.stash.after = 1"
    assert failure(js, body, context).message == "No"
    assert context.stash == {}


@pytest.mark.aws_doc("devguide built-in-util-js")
def test_util_append_error_goes_on(js: Any) -> None:
    context = Context({})
    body = "util.appendError('one', 'A', 1, 2); util.appendError('two'); return 'data'"
    assert js.run(body, context) == "data"
    errors = [
        (error.message, error.error_type, error.data, error.error_info)
        for error in context.effect().errors
    ]
    assert errors == [("one", "A", 1, 2), ("two", None, None, None)]


@pytest.mark.ours("appended errors are not lost when the handler fails afterwards")
def test_appended_errors_stay_when_the_handler_fails(js: Any) -> None:
    context = Context({})
    assert failure(js, "util.appendError('one'); nope", context).error_type == "Code"
    assert [error.message for error in context.effect().errors] == ["one"]


@pytest.mark.aws_doc("devguide runtime-utils-js")
def test_early_return_ends_the_evaluation_from_a_helper(js: Any) -> None:
    body = "const leave = () => { runtime.earlyReturn([1]) }; leave(); util.error('no')"
    with pytest.raises(EarlyReturn) as left:
        js.run(body)
    assert left.value.value == [1]


@pytest.mark.ours("types say the value is optional; issue #280 saw a Runtime Error")
@pytest.mark.parametrize("value", ["", "null", "undefined"])
def test_early_return_of_nothing_is_null(js: Any, value: str) -> None:
    with pytest.raises(EarlyReturn) as left:
        js.run(f"runtime.earlyReturn({value})")
    assert left.value.value is None


@pytest.mark.ours("an early return keeps the effects before it")
def test_early_return_keeps_the_stash(js: Any) -> None:
    context = Context({})
    with pytest.raises(EarlyReturn):
        js.run("ctx.stash.a = 1; runtime.earlyReturn(ctx.stash)", context)
    assert context.stash == {"a": 1}


@pytest.mark.ours("JSON: a circular value has none")
@pytest.mark.parametrize(
    "body",
    [
        "const a = {}; a.a = a; return a",
        "ctx.stash.a = ctx.stash; return 1",
        "ctx.stash.a = ctx.stash; util.error('x')",
        "const a = {}; a.a = a; util.error('x', 'y', a)",
        "const a = {}; a.a = a; util.appendError('x', 'y', a)",
    ],
)
def test_a_circular_value_fails(js: Any, body: str) -> None:
    assert failure(js, body).message == "TypeError: circular reference"
    assert js.value("40 + 2") == 42


@pytest.mark.ours("a handler that is no function cannot be called")
def test_an_exported_value_is_not_a_handler(js: Any) -> None:
    handlers = js.load("export const request = 5; export const response = (c) => 1")
    with pytest.raises(EvaluationError, match="not a function"):
        handlers.request(Context({}))


@pytest.mark.ours("AWS prints message null for a missing message")
def test_util_error_without_a_message(js: Any) -> None:
    assert failure(js, "util.error()").message == "null"
