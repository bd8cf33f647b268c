"""Headers of the response that resolvers set, in both languages."""

from typing import Any

import pytest

from support import js, template, vtl

SCHEMA = "type Query { a: Int b: Int must: Int! } type Mutation { m: Int }"
DOC = "developer guide, HTTP helpers in util.http: addResponseHeader(s)"
VTL_ANSWER = '{"version": "2018-05-29", "payload": 1}'
TYPE = "ResponseHeaderError"


def in_js(name: str, value: str) -> dict[str, Any]:
    return js(
        f"{{ util.http.addResponseHeader('{name}', '{value}');"
        " return { payload: 1 }; }"
    )


def in_vtl(name: str, value: str) -> dict[str, Any]:
    set_ = f'$util.http.addResponseHeader("{name}", "{value}")'
    return vtl(f"$util.qr({set_})" + VTL_ANSWER)


BOTH = pytest.mark.parametrize("adding", [in_js, in_vtl], ids=["js", "vtl"])


async def ask(start: Any, query: str, **resolvers: Any) -> Any:
    content = {
        f"{'Mutation' if name == 'm' else 'Query'}.{name}": resolver
        for name, resolver in resolvers.items()
    }
    server = await start(template(SCHEMA, content))
    answer = await server.post(query)
    assert answer.status_code == 200
    return answer


@BOTH
@pytest.mark.aws_doc(DOC)
async def test_a_header_is_set(start: Any, adding: Any) -> None:
    answer = await ask(start, "{ a }", a=adding("X-Mine", "a b, c; d=1"))
    assert answer.json() == {"data": {"a": 1}}
    assert answer.headers.get_list("x-mine") == ["a b, c; d=1"]


@pytest.mark.aws_doc(DOC)
@pytest.mark.parametrize(
    "resolver",
    [
        js(
            "{ util.http.addResponseHeaders({ 'X-One': '1', 'X-Two': '2' });"
            " return { payload: 1 }; }"
        ),
        vtl(
            '$util.qr($util.http.addResponseHeaders({"X-One": "1", "X-Two": "2"}))'
            + VTL_ANSWER
        ),
    ],
    ids=["js", "vtl"],
)
async def test_several_headers_are_set_at_once(start: Any, resolver: Any) -> None:
    answer = await ask(start, "{ a }", a=resolver)
    assert (answer.headers["x-one"], answer.headers["x-two"]) == ("1", "2")
    assert "errors" not in answer.json()


@BOTH
@pytest.mark.aws_doc(DOC)
@pytest.mark.parametrize(
    "name",
    [
        "Access-Control-Allow-Origin",
        "access-control-expose-headers",
        "Access-Control-Max-Age",
        "Vary",
        "Content-Type",
        "content-length",
        "Transfer-Encoding",
        "connection",
        "x-amzn-errortype",
        "X-Amz-Mine",
    ],
)
async def test_reserved_names_are_left_out_with_an_error(
    start: Any, adding: Any, name: str
) -> None:
    answer = await ask(start, "{ a }", a=adding(name, "mine"))
    body = answer.json()
    assert body["data"] == {"a": 1}
    (error,) = body["errors"]
    assert (error["errorType"], error["path"]) == (TYPE, ["a"])
    assert "mine" not in answer.headers.get(name, "")


@BOTH
@pytest.mark.aws_doc(f"{DOC}: the last definition wins")
async def test_the_last_definition_wins_in_whichever_case(
    start: Any, adding: Any
) -> None:
    first, last = adding("X-Mine", "first"), adding("x-MINE", "last")
    answer = await ask(start, "{ a b }", a=first, b=last)
    assert answer.headers.get_list("x-mine") == ["last"]


@BOTH
@pytest.mark.aws_doc(f"{DOC}: 4 KB in all")
async def test_four_kilobytes_in_all_are_allowed(start: Any, adding: Any) -> None:
    just = "v" * (4096 - len("x-mine"))
    answer = await ask(start, "{ a }", a=adding("x-mine", just))
    assert answer.headers["x-mine"] == just
    assert "errors" not in answer.json()


@BOTH
@pytest.mark.aws_doc(f"{DOC}: 4 KB in all")
async def test_more_than_four_kilobytes_are_left_out(start: Any, adding: Any) -> None:
    answer = await ask(start, "{ a }", a=adding("x-mine", "v" * 4091))
    assert "x-mine" not in answer.headers
    (error,) = answer.json()["errors"]
    assert (error["errorType"], error["path"]) == (TYPE, ["a"])
    assert answer.json()["data"] == {"a": 1}


@BOTH
@pytest.mark.aws_doc(f"{DOC}: 4 KB in all")
async def test_the_limit_counts_what_all_resolvers_set(start: Any, adding: Any) -> None:
    half = "v" * 2500
    answer = await ask(start, "{ a b }", a=adding("x-a", half), b=adding("x-b", half))
    assert answer.headers["x-a"] == half
    assert "x-b" not in answer.headers
    (error,) = answer.json()["errors"]
    assert (error["errorType"], error["path"]) == (TYPE, ["b"])
    assert answer.json()["data"] == {"a": 1, "b": 1}


@pytest.mark.ours("a value must not end its header and begin another")
@pytest.mark.parametrize(
    "resolver",
    [
        in_js("x-mine", "a\\r\\nx-other: b"),
        vtl('$util.http.addResponseHeader("x-mine", $ctx.args.v)' + VTL_ANSWER),
        vtl('$util.http.addResponseHeader($ctx.args.v, "mine")' + VTL_ANSWER),
    ],
    ids=["js", "vtl value", "vtl name"],
)
async def test_line_breaks_do_not_reach_the_response(start: Any, resolver: Any) -> None:
    schema = "type Query { a(v: String): Int }"
    server = await start(template(schema, {"Query.a": resolver}))
    query = '{ a(v: "a\\r\\nx-other: b") }'
    answer = await server.post(query)
    assert answer.status_code == 200
    assert not {"x-mine", "x-other", "a"} & set(answer.headers)
    body = answer.json()
    assert body["data"] == {"a": 1}
    assert [error["errorType"] for error in body["errors"]] == [TYPE]


@pytest.mark.ours("what was done before an error is done")
@pytest.mark.parametrize("field", ["a", "must", "m"])
async def test_a_field_that_fails_keeps_its_headers(start: Any, field: str) -> None:
    failing = js(
        "{ util.http.addResponseHeader('x-mine', 'kept'); util.error('no', 'No'); }"
    )
    query = "mutation { m }" if field == "m" else f"{{ {field} }}"
    answer = await ask(start, query, **{field: failing})
    assert answer.headers["x-mine"] == "kept"
    assert [error["message"] for error in answer.json()["errors"]] == ["no"]


@pytest.mark.aws_doc(DOC)
async def test_a_requests_headers_are_not_the_next_ones(start: Any) -> None:
    both = {"Query.a": in_js("x-mine", "1"), "Query.b": js("{ return {}; }")}
    server = await start(template(SCHEMA, both))
    assert (await server.post("{ a }")).headers["x-mine"] == "1"
    assert "x-mine" not in (await server.post("{ b }")).headers
