"""Units and pipelines, in both languages, over HTTP."""

from typing import Any

import pytest

from appsync_emulator.errors import ProjectError
from support import js, template, vtl

SCHEMA = """
type Query { one(a: Int, b: String): Box  text: String  number: Int  must: String! }
type Box { a: Int b: String c: AWSJSON list: [Item] must: String! }
type Item { id: ID! note: String }
"""
PIPELINES = pytest.mark.aws_doc("developer guide, pipeline resolvers")
EARLY = pytest.mark.aws_doc("developer guide, runtime utilities: runtime.earlyReturn")
ERRORS = pytest.mark.aws_doc("developer guide, util.error and util.appendError")
ONE = '{ one(a: 1, b: "x") { a b } }'


async def ask(start: Any, field: str, query: str, **parts: Any) -> Any:
    """Serve one resolver and send one query."""
    resolver = parts.pop("resolver")
    server = await start(template(SCHEMA, {f"Query.{field}": resolver}, **parts))
    return await server.run(query)


@pytest.mark.aws_doc("resolver reference for NONE: payload is the result")
@pytest.mark.parametrize("resolver", [js(), vtl()], ids=["js", "vtl"])
async def test_the_payload_of_a_none_data_source_is_the_result(
    start: Any, resolver: Any
) -> None:
    assert await ask(start, "one", ONE, resolver=resolver) == {
        "data": {"one": {"a": 1, "b": "x"}}
    }


@ERRORS
@pytest.mark.parametrize(
    "resolver",
    [
        js("{ util.error('no', 'Bad', { a: 1, zz: 2 }, { hint: 'h' }); }"),
        vtl('$util.error("no", "Bad", {"a": 1, "zz": 2}, {"hint": "h"})'),
    ],
    ids=["js", "vtl"],
)
async def test_util_error_nulls_the_field_and_adds_one_entry(
    start: Any, resolver: Any
) -> None:
    body = await ask(start, "one", ONE, resolver=resolver)
    assert body == {
        "data": {"one": None},
        "errors": [
            {
                "path": ["one"],
                "data": {"a": 1},
                "errorType": "Bad",
                "errorInfo": {"hint": "h"},
                "locations": [{"line": 1, "column": 3, "sourceName": None}],
                "message": "no",
            }
        ],
    }
    assert list(body["errors"][0]) == [
        "path", "data", "errorType", "errorInfo", "locations", "message",
    ]  # fmt: skip


@ERRORS
@pytest.mark.parametrize(
    "resolver",
    [
        js("{ util.appendError('w', 'Warn'); return { payload: { a: 2 } }; }"),
        vtl(
            '$util.appendError("w", "Warn")'
            '{"version": "2018-05-29", "payload": {"a": 2}}'
        ),
    ],
    ids=["js", "vtl"],
)
async def test_append_error_keeps_the_data(start: Any, resolver: Any) -> None:
    body = await ask(start, "one", "{ one { a } }", resolver=resolver)
    assert body["data"] == {"one": {"a": 2}}
    assert [error["message"] for error in body["errors"]] == ["w"]
    assert body["errors"][0]["errorType"] == "Warn"


@pytest.mark.aws_observed("amplify-category-api #2422")
@pytest.mark.parametrize(
    "resolver",
    [js("{ util.unauthorized(); }"), vtl("$util.unauthorized()")],
    ids=["js", "vtl"],
)
async def test_unauthorized_names_field_and_type(start: Any, resolver: Any) -> None:
    body = await ask(start, "one", "{ one { a } }", resolver=resolver)
    assert body["data"] == {"one": None}
    (error,) = body["errors"]
    assert error["errorType"] == "Unauthorized"
    assert error["message"] == "Not Authorized to access one on type Query"


@PIPELINES
async def test_a_pipeline_passes_results_and_stash_along(start: Any) -> None:
    steps = {
        "first": js(
            "{ ctx.stash.seen = ctx.prev.result.n; return { payload: 10 }; }",
            "{ return ctx.result + ctx.stash.seen; }",
        ),
        "second": vtl(
            '{"version": "2018-05-29", "payload": $ctx.prev.result}',
            '$util.qr($ctx.stash.put("vtl", true))$util.toJson($ctx.result)',
        ),
    }
    around = js(
        "{ return { n: 5 }; }",
        "{ return { a: ctx.prev.result, b: ctx.stash.vtl ? 'mixed' : 'no',"
        " c: JSON.stringify(ctx.result) }; }",
    )
    body = await ask(
        start,
        "one",
        "{ one { a b c } }",
        resolver={"Functions": ["first", "second"], **around},
        steps=steps,
    )
    assert body == {"data": {"one": {"a": 15, "b": "mixed", "c": "15"}}}


@PIPELINES
async def test_an_error_in_a_function_ends_the_pipeline(start: Any) -> None:
    steps = {
        "bad": js("{ util.error('stop', 'T'); }"),
        "never": js("{ util.error('later functions must not run'); }"),
    }
    around = js("{ return {}; }", "{ util.error('nor the after step'); }")
    body = await ask(
        start,
        "text",
        "{ text }",
        resolver={"Functions": ["bad", "never"], **around},
        steps=steps,
    )
    assert [error["message"] for error in body["errors"]] == ["stop"]


@EARLY
@pytest.mark.parametrize(
    ("leave", "expected"),
    [
        ("{ runtime.earlyReturn('gone'); }", "after:second:gone"),
        ("{ runtime.earlyReturn('gone', { skipTo: 'NEXT' }); }", "after:second:gone"),
        ("{ runtime.earlyReturn('gone', { skipTo: 'END' }); }", "after:gone"),
    ],
)
async def test_early_return_of_a_function(
    start: Any, leave: str, expected: str
) -> None:
    steps = {
        "first": js(leave, "{ util.error('the response handler is skipped'); }"),
        "second": js("{ return { payload: 'second:' + ctx.prev.result }; }"),
    }
    around = js("{ return {}; }", "{ return 'after:' + ctx.prev.result; }")
    body = await ask(
        start,
        "text",
        "{ text }",
        resolver={"Functions": ["first", "second"], **around},
        steps=steps,
    )
    assert body == {"data": {"text": expected}}


@EARLY
async def test_early_return_before_a_pipeline_skips_to_its_after_step(
    start: Any,
) -> None:
    steps = {"never": js("{ util.error('skipped'); }")}
    around = js(
        "{ runtime.earlyReturn('early'); }", "{ return 'after:' + ctx.prev.result; }"
    )
    body = await ask(
        start, "text", "{ text }", resolver={"Functions": ["never"], **around},
        steps=steps,
    )  # fmt: skip
    assert body == {"data": {"text": "after:early"}}


@pytest.mark.aws_doc("developer guide, AppSync directives: #return")
async def test_return_in_a_template_ends_a_unit_resolver(start: Any) -> None:
    resolver = vtl('#return("early")', '$util.error("not evaluated")')
    assert await ask(start, "text", "{ text }", resolver=resolver) == {
        "data": {"text": "early"}
    }


@pytest.mark.aws_doc("developer guide, AppSync directives: #return")
async def test_return_before_a_vtl_pipeline_ends_the_resolver(start: Any) -> None:
    steps = {"never": js("{ util.error('skipped'); }")}
    around = vtl('#return("early")', '$util.error("not evaluated")')
    body = await ask(
        start, "text", "{ text }", resolver={"Functions": ["never"], **around},
        steps=steps,
    )  # fmt: skip
    assert body == {"data": {"text": "early"}}


@pytest.mark.aws_doc("mapping template changelog: version 2017-02-28 and null results")
async def test_the_old_version_skips_the_response_template_for_null(
    start: Any,
) -> None:
    resolver = vtl('{"version": "2017-02-28", "payload": null}', '$util.error("no")')
    body = await ask(start, "text", "{ text }", resolver=resolver)
    assert body == {"data": {"text": None}}


@pytest.mark.aws_observed("graphql-compose #121 and amplify-js issues")
async def test_null_in_a_non_null_field_goes_to_the_nullable_parent(
    start: Any,
) -> None:
    resolver = js("{ return { payload: { a: 1, must: null } }; }")
    body = await ask(start, "one", "{ one { a must } }", resolver=resolver)
    assert body == {
        "data": {"one": None},
        "errors": [
            {
                "path": ["one", "must"],
                "locations": None,
                "message": (
                    "Cannot return null for non-nullable type: 'String' within parent "
                    "'Box' (/one/must)"
                ),
            }
        ],
    }


@pytest.mark.aws_observed("amplify-flutter #2137: list positions in path and text")
async def test_list_positions_are_brackets_in_the_text(start: Any) -> None:
    resolver = js(
        "{ return { payload: { list: [{ id: 'a' }, { note: 'n' }, null] } }; }"
    )
    body = await ask(start, "one", "{ one { list { id note } } }", resolver=resolver)
    assert body["data"] == {"one": {"list": [{"id": "a", "note": None}, None, None]}}
    (error,) = body["errors"]
    assert error["path"] == ["one", "list", 1, "id"]
    assert error["message"].endswith("within parent 'Item' (/one/list[1]/id)")


@pytest.mark.aws_doc("troubleshooting: type mismatch error")
async def test_an_object_where_a_list_is_expected_is_a_mismatch(start: Any) -> None:
    resolver = js("{ return { payload: { list: { id: 'a' } } }; }")
    body = await ask(start, "one", "{ one { list { id } } }", resolver=resolver)
    assert body["data"] == {"one": {"list": None}}
    assert body["errors"][0]["message"] == (
        "Can't resolve value (/one/list) : type mismatch error, expected type LIST, "
        "got OBJECT"
    )


@pytest.mark.aws_doc("GraphQL: a null in a non-null root field makes data null")
async def test_null_bubbles_up_to_data(start: Any) -> None:
    resolver = js("{ return { payload: null }; }")
    body = await ask(start, "must", "{ must }", resolver=resolver)
    assert body["data"] is None
    assert body["errors"][0]["path"] == ["must"]


@pytest.mark.aws_doc("developer guide: a field without resolver reads its parent")
async def test_a_root_field_without_resolver_is_null(start: Any) -> None:
    body = await ask(start, "one", "{ text }", resolver=js())
    assert body == {"data": {"text": None}}


@pytest.mark.aws_doc("scalars: AWSJSON is a JSON string on output")
async def test_aliases_fragments_and_scalars(start: Any) -> None:
    resolver = js("{ return { payload: { a: 1, b: 'x', c: { k: [1] } } }; }")
    query = """
      query Q($no: Boolean!, $yes: Boolean!) {
        first: one { __typename ...F }
        second: one { a @skip(if: $yes) b @include(if: $yes) c @include(if: $no) }
      }
      fragment F on Box { aa: a ... on Box { c } }
    """
    server = await start(template(SCHEMA, {"Query.one": resolver}))
    body = await server.run(query, {"no": False, "yes": True})
    assert body == {
        "data": {
            "first": {"__typename": "Box", "aa": 1, "c": '{"k":[1]}'},
            "second": {"b": "x"},
        }
    }


@pytest.mark.ours("a resolver without end is stopped, and the next one runs")
@pytest.mark.parametrize(
    "hostile",
    [
        js("{ let s = 'x'; [1,2,3].forEach(() => { while (s) { s += s; } }); }"),
    ],
)
async def test_rejected_code_is_reported(start: Any, hostile: Any) -> None:
    from appsync_emulator.errors import ProjectErrors

    with pytest.raises(ProjectErrors, match="While statements are not supported"):
        await start(template(SCHEMA, {"Query.text": hostile}))


@pytest.mark.ours("memory and time of a resolver are bounded; the server lives on")
async def test_a_resolver_that_allocates_without_end_is_stopped(start: Any) -> None:
    hostile = js(
        "{ let s = 'x'; const a = '1'.repeat(200).split('');"
        " a.forEach(() => { s = s + s; }); return { payload: s.length }; }".replace(
            "'1'.repeat(200)", "'" + "1" * 200 + "'"
        )
    )
    server = await start(template(SCHEMA, {"Query.number": hostile, "Query.one": js()}))
    body = await server.run("{ number }")
    assert body["data"] == {"number": None}
    assert body["errors"]
    assert await server.run(ONE) == {"data": {"one": {"a": 1, "b": "x"}}}


@pytest.mark.aws_doc("developer guide, query depth and resolver count limits")
async def test_depth_and_resolver_limits_are_errors_of_their_fields(
    start: Any,
) -> None:
    limits = {"QueryDepthLimit": 2, "ResolverCountLimit": 1}
    resolver = js("{ return { payload: { a: 1, list: [{ id: 'x' }] } }; }")
    server = await start(
        template(SCHEMA, {"Query.one": resolver, "Query.text": js()}, api=limits)
    )
    body = await server.run("{ one { a list { id note } } text }")
    assert body["data"] == {"one": {"a": 1, "list": [None]}, "text": None}
    kinds = [error.get("errorType") for error in body["errors"]]
    assert "QueryDepthLimitReached" in kinds
    assert "ResolverExecutionLimitReached" in kinds


@pytest.mark.aws_doc("console.log and $util.log appear in the API's log")
@pytest.mark.parametrize(
    ("resolver", "line"),
    [
        (js("{ console.log('seen', { a: 1 }); return {}; }"), '"seen" {"a":1}'),
        (vtl('$util.log.info("seen")$util.toJson({"version": "2018-05-29"})'), "seen"),
    ],
    ids=["js", "vtl"],
)
async def test_what_a_resolver_prints_is_logged(
    start: Any, caplog: pytest.LogCaptureFixture, resolver: Any, line: str
) -> None:
    caplog.set_level("INFO", "appsync_emulator.resolvers")
    await ask(start, "text", "{ text }", resolver=resolver)
    (record,) = caplog.records
    assert record.getMessage().startswith("Query.text: INFO")
    assert line in record.getMessage()


@pytest.mark.aws_doc("API reference, MappingTemplate: at most 65,536 characters")
async def test_templates_that_are_too_long_are_refused(start: Any) -> None:
    long = '"' + "x" * 65_534
    content = template(
        "type Query { a: String  b: String }",
        {"Query.a": vtl(f'{long}"'), "Query.b": vtl(response=f'{long}x"')},
    )
    with pytest.raises(ProjectError) as caught:
        await start(content)
    assert "P304 Value at 'responseMappingTemplate' failed" in str(caught.value)
    assert "requestMappingTemplate" not in str(caught.value)
