"""console.log and its kin, as CloudWatch and the evaluate API show them."""

from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError


def logs(js: Any, body: str, context: Context | None = None) -> list[str]:
    context = context or Context({})
    js.run(body, context)
    return context.effect().logs


@pytest.mark.aws_doc('devguide test-resolvers: INFO - code.js:5:3: "current id" "…"')
def test_a_line_tells_level_position_and_arguments(js: Any) -> None:
    context = Context({"id": "record-id"})
    body = "  console.log('current id', ctx.args.id)"
    assert logs(js, body, context) == ['INFO - code.js:5:3: "current id" "record-id"']


@pytest.mark.aws_observed('an ERROR line reads: ERROR - code.js:L:C: "msg" {"k":1}')
def test_levels(js: Any) -> None:
    body = "console.error('msg', { k: 1 }); console.debug([1, null, true])"
    assert logs(js, body) == [
        'ERROR - code.js:5:1: "msg" {"k":1}',
        "DEBUG - code.js:5:33: [1,null,true]",
    ]


@pytest.mark.ours("positions are those of the call, however it is written")
@pytest.mark.parametrize(
    ("body", "position"),
    [
        ("console.log(ctx.args.id, ctx.args.other)", "5:1"),
        ("if (true) {\n    console\n      .log(1) }", "6:5"),
        ("[1].forEach((x) => { console.log(x, ctx.args) })", "5:22"),
        ("const f = (x) => console.log(JSON.stringify(ctx.args)); f(1)", "5:18"),
        ("'🎉'; console.log(1)", "5:7"),
    ],
)
def test_positions(js: Any, body: str, position: str) -> None:
    (line,) = logs(js, body)
    assert line.startswith(f"INFO - code.js:{position}: ")


@pytest.mark.ours("JSON: undefined has none, so its name stands")
def test_undefined_is_named(js: Any) -> None:
    assert logs(js, "console.log(undefined, null)") == [
        "INFO - code.js:5:1: undefined null"
    ]


@pytest.mark.ours("lines before a failure help to find it")
def test_lines_before_a_failure_are_kept(js: Any) -> None:
    context = Context({})
    with pytest.raises(EvaluationError):
        js.run("console.log(1); nope", context)
    assert context.effect().logs == ["INFO - code.js:5:1: 1"]


@pytest.mark.ours("a call is repeated when it needs more; its lines are not")
def test_a_repeated_evaluation_logs_once(js: Any) -> None:
    body = "console.log(1); return [ctx.args, ctx.source, ctx.info, util.autoId()]"
    assert logs(js, body) == ["INFO - code.js:5:1: 1"]
