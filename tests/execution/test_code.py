"""Code and templates that cannot run, and what else may happen around handlers."""

from typing import Any

import pytest

from appsync_emulator.errors import ProjectErrors
from support import inline_python, js, lambda_js, template, vtl

SCHEMA = "type Query { text: String  box: Box  number: Int } type Box { a: Int }"
ECHO = inline_python("def handler(event, context):\n    return event\n")
BROKEN = inline_python("def handler(event, context):\n    raise ValueError('broken')\n")
PASS_ON = '{"version": "2018-05-29", "payload": "p"}'
OLD_INVOKE = '{"version": "2017-02-28", "operation": "Invoke", "payload": {"a": 1}}'


async def problems(start: Any, **resolvers: Any) -> list[str]:
    """Give what is wrong with a project that does not start."""
    content = {f"Query.{name}": resolver for name, resolver in resolvers.items()}
    with pytest.raises(ProjectErrors) as raised:
        await start(template(SCHEMA, content))
    return [str(error) for error in raised.value.errors]


@pytest.mark.aws_doc("resolver mapping templates: only Lambda may go without")
@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ("RequestMappingTemplate", "request"),
        ("ResponseMappingTemplate", "response"),
    ],
)
async def test_a_missing_template_is_an_error_of_the_project(
    start: Any, left_out: str, missing: str
) -> None:
    resolver = {name: one for name, one in vtl(PASS_ON).items() if name != left_out}
    (problem,) = await problems(start, text=resolver)
    assert f"The {missing} mapping template is missing" in problem


@pytest.mark.ours("all that is wrong is told at once")
async def test_everything_that_is_wrong_with_code_is_told(start: Any) -> None:
    found = await problems(
        start,
        text=js("{ throw 1; }"),
        box={"RequestMappingTemplate": PASS_ON},
        number=js("{ for (;;) {} }"),
    )
    assert len(found) == 3


@pytest.mark.aws_observed("AppSync saves templates with mistakes; their fields fail")
async def test_a_template_that_does_not_parse_fails_its_field_alone(
    start: Any, caplog: pytest.LogCaptureFixture
) -> None:
    resolvers = {
        "Query.text": vtl("#if(true) never ended"),
        "Query.number": vtl('{"version": "2018-05-29", "payload": 5}'),
    }
    server = await start(template(SCHEMA, resolvers))
    assert "template" in caplog.text
    body = await server.run("{ text number }")
    assert body["data"] == {"text": None, "number": 5}
    (error,) = body["errors"]
    assert (error["errorType"], error["path"]) == ("MappingTemplate", ["text"])


@pytest.mark.aws_doc("resolver mapping template reference for Lambda")
async def test_a_lambda_resolver_may_have_one_template_only(start: Any) -> None:
    request = vtl(
        '{"version": "2018-05-29", "operation": "Invoke", "payload": {"a": 7}}'
    )
    del request["ResponseMappingTemplate"]
    response = vtl("", '{"a": $ctx.result.arguments.size()}')
    del response["RequestMappingTemplate"]
    for resolver, expected in ((request, {"a": 7}), (response, {"a": 0})):
        content = template(
            SCHEMA,
            {"Query.box": {"DataSourceName": "fn", **resolver}},
            functions={"fn": ECHO},
        )
        server = await start(content)
        assert await server.run("{ box { a } }") == {"data": {"box": expected}}


@pytest.mark.aws_doc("mapping template changelog: errors of version 2017-02-28")
async def test_the_old_version_reports_a_failed_call_by_itself(start: Any) -> None:
    resolver = {"DataSourceName": "fn", **vtl(OLD_INVOKE, '{"a": 5}')}
    content = template(SCHEMA, {"Query.box": resolver}, functions={"fn": BROKEN})
    server = await start(content)
    body = await server.run("{ box { a } }")
    assert body["data"] == {"box": None}
    (error,) = body["errors"]
    assert (error["errorType"], error["message"]) == ("Lambda:Unhandled", "broken")
    assert error["data"] == {"a": 5}


@pytest.mark.aws_doc("developer guide, runtime utilities: runtime.earlyReturn")
async def test_early_return_in_an_after_step_is_its_value(start: Any) -> None:
    steps = {"one": js("{ return { payload: 'one' }; }")}
    around = js("{ return {}; }", "{ runtime.earlyReturn('early'); }")
    content = template(
        SCHEMA, {"Query.text": {"Functions": ["one"], **around}}, steps=steps
    )
    server = await start(content)
    assert await server.run("{ text }") == {"data": {"text": "early"}}


@pytest.mark.aws_doc("developer guide, error handling: ctx.error")
async def test_an_error_of_a_data_source_that_waits_reaches_the_handler(
    start: Any,
) -> None:
    handler = js(
        "{ return { operation: 'Invoke', payload: {} }; }",
        "{ return ctx.error ? ctx.error.type + ': ' + ctx.error.message : 'fine'; }",
    )
    content = template(
        SCHEMA,
        {"Query.text": {"DataSourceName": "fn", **handler}},
        functions={"fn": BROKEN},
    )
    server = await start(content)
    body = await server.run("{ text }")
    assert body == {"data": {"text": "Lambda:Unhandled: broken"}}


@pytest.mark.ours("a fault of ours in one field leaves the others")
@pytest.mark.parametrize("late", [False, True])
async def test_a_fault_of_ours_fails_its_field_alone(
    start: Any, caplog: pytest.LogCaptureFixture, late: bool
) -> None:
    resolvers: dict[str, Any] = {
        "Query.text": js("{ return { payload: 'fine' }; }"),
        "Query.number": js("{ return { payload: 1 }; }"),
    }
    if late:
        resolvers["Query.number"] = {"DataSourceName": "fn", **lambda_js()}
    server = await start(template(SCHEMA, resolvers, functions={"fn": ECHO}))
    (api,) = server.emulator.apis.values()
    function = api.engine.resolvers["Query", "number"].function

    class Faulty:
        def invoke(self, *_: Any) -> Any:
            if late:
                return self.fail()
            raise RuntimeError("nobody foresaw this")

        async def fail(self) -> None:
            raise RuntimeError("nobody foresaw this")

    object.__setattr__(function, "source", Faulty())
    body = await server.run("{ text number }")
    assert body["data"] == {"text": "fine", "number": None}
    (error,) = body["errors"]
    assert (error["errorType"], error["message"]) == (
        "InternalFailure",
        "Internal Failure",
    )
    assert "nobody foresaw this" in caplog.text
