"""The smaller namespaces: map, list, str, math, http, rds, xml, and `$extensions`."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError
from appsync_resolvers.context import Effects
from appsync_resolvers.vtl import compile_template

Evaluate = Callable[..., Any]


def _effects(template: str, args: dict[str, Any] | None = None) -> Effects:
    context = Context(args or {})
    compile_template(template + "{}")(context)
    return context.effect()


@pytest.mark.aws_doc("devguide utility-helpers-in-map")
@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("$util.map.copyAndRetainAllKeys($ctx.args.m, ['a', 'z'])", {"a": 1}),
        ("$util.map.copyAndRemoveAllKeys($ctx.args.m, ['a', 'z'])", {"b": [2]}),
        (
            "$util.map.copyAndRetainAllKeys($ctx.args.m, $ctx.args.m.keySet())",
            {"a": 1, "b": [2]},
        ),
    ],
)
def test_maps_are_copied(evaluate: Evaluate, call: str, value: Any) -> None:
    template = f"#set($c = {call})$util.qr($c.put('new', 0))$util.toJson($ctx.args.m)"
    assert evaluate(f"$util.toJson({call})", {"m": {"a": 1, "b": [2]}}) == value
    assert evaluate(template, {"m": {"a": 1, "b": [2]}}) == {"a": 1, "b": [2]}


@pytest.mark.aws_doc("devguide list-helpers-in-util-list")
@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("$util.list.copyAndRetainAll([1, 2, 3, 2], [2, 5])", [2, 2]),
        ("$util.list.copyAndRemoveAll([1, 2, 3, 2], [2, 5])", [1, 3]),
        ("$util.list.sortList([3, 1, 2], false, 'any')", [1, 2, 3]),
        ("$util.list.sortList([3, 1, 2], true, 'any')", [3, 2, 1]),
        ("$util.list.sortList(['b', 'a'], false, '')", ["a", "b"]),
        ("$util.list.sortList([2.5, 1.5], false, '')", [1.5, 2.5]),
        ("$util.list.sortList([3, 'a', 1], false, '')", [3, "a", 1]),
        ("$util.list.sortList([3, 1.5], false, '')", [3, 1.5]),
        ("$util.list.sortList([], false, '')", []),
        (
            "$util.list.sortList($ctx.args.people, false, 'age')",
            [{"age": 25, "n": "b"}, {"age": 30, "n": "a"}],
        ),
        (
            "$util.list.sortList($ctx.args.people, true, 'n')",
            [{"age": 25, "n": "b"}, {"age": 30, "n": "a"}],
        ),
        (
            "$util.list.sortList($ctx.args.people, false, 'nope')",
            [{"age": 30, "n": "a"}, {"age": 25, "n": "b"}],
        ),
        ("$util.list.sortList([{'a': 2}, 1], false, 'a')", [{"a": 2}, 1]),
    ],
)
def test_lists_are_copied_and_sorted(evaluate: Evaluate, call: str, value: Any) -> None:
    people = [{"age": 30, "n": "a"}, {"age": 25, "n": "b"}]
    assert evaluate(f"$util.toJson({call})", {"people": people}) == value


@pytest.mark.aws_doc("devguide list-helpers-in-util-list: at most 1,000 members")
def test_longer_lists_are_not_sorted(evaluate: Evaluate) -> None:
    template = "$util.toJson($util.list.sortList($ctx.args.l, true, ''))"
    thousand = list(range(1000))
    assert evaluate(template, {"l": thousand}) == thousand[::-1]
    assert evaluate(template, {"l": [*thousand, 1000]}) == [*thousand, 1000]


@pytest.mark.aws_doc("devguide str-helpers-in-util-str")
@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("toUpper('héllo')", "HÉLLO"),
        ("toLower('HÉLLO')", "héllo"),
        ("toReplace('hello world', 'hello', 'mellow')", "mellow world"),
        ("toReplace('a.b.c', '.', '')", "abc"),
        ("normalize($ctx.args.t, 'nfc')", "\u00e9\ufb01"),
        ("normalize($ctx.args.t, 'NFD')", "e\u0301\ufb01"),
        ("normalize($ctx.args.t, 'nfkc')", "\u00e9fi"),
        ("normalize($ctx.args.t, 'nfkd')", "e\u0301fi"),
    ],
)
def test_texts_are_changed(show: Evaluate, call: str, text: str) -> None:
    assert show(f"$util.str.{call}", {"t": "e\u0301\ufb01"}) == text


@pytest.mark.ours("Java's messages; and texts have a size limit")
@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("normalize('a', 'nope')", "No enum constant java.text.Normalizer.Form.NOPE"),
        ("toUpper($nope)", "NullPointerException"),
        ("toReplace($ctx.args.t, 'a', $ctx.args.t)", "too large"),
    ],
)
def test_what_a_text_cannot_do_is_an_error(
    evaluate: Evaluate, call: str, message: str
) -> None:
    with pytest.raises(EvaluationError, match=re.escape(message)):
        evaluate(f"$util.str.{call}", {"t": "a" * 4000})


@pytest.mark.aws_doc("devguide math-helpers-in-util-math")
@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("roundNum(2.5)", "3"),
        ("roundNum(-2.5)", "-2"),
        ("roundNum(2.4)", "2"),
        ("roundNum(7)", "7"),
        ("roundNum(0.49999999999999994)", "0"),
        ("roundNum(4503599627370497.0)", "4503599627370497"),
        ("roundNum($inf)", "9223372036854775807"),
        ("minVal(2, 1.5)", "1.5"),
        ("maxVal(2, 1.5)", "2.0"),
        ("randomWithinRange(5, 5)", "5"),
    ],
)
def test_numbers_are_calculated(show: Evaluate, call: str, text: str) -> None:
    assert show(f"#set($inf = 1e308 * 10)$util.math.{call}") == text


@pytest.mark.aws_doc("devguide math-helpers-in-util-math")
def test_random_numbers_are_in_their_range(evaluate: Evaluate) -> None:
    for _ in range(50):
        assert 0 <= evaluate("$util.math.randomDouble()") < 1
        assert evaluate("$util.math.randomWithinRange(3, 6)") in (3, 4, 5, 6)


HOP_BY_HOP = [
    "Transfer-Encoding",
    "Connection",
    "Host",
    "Expect",
    "Keep-Alive",
    "Upgrade",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "TE",
    "Content-Length",
]
FORBIDDEN = [
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Vary",
    "Content-Type",
    "x-amzn-x",
    "X-Amz-x",
]


@pytest.mark.aws_doc("devguide http-helpers-in-utils-http")
def test_headers_of_the_connection_are_not_copied(evaluate: Evaluate) -> None:
    headers = dict.fromkeys([*HOP_BY_HOP, "X-Mine", "authorization"], "v")
    template = "$util.toJson($util.http.copyHeaders($ctx.request.headers))"
    value = evaluate(template, request={"headers": headers, "domainName": None})
    assert value == {"X-Mine": "v", "authorization": "v"}


@pytest.mark.aws_doc("devguide http-helpers-in-utils-http")
def test_response_headers_are_set_and_the_last_one_counts() -> None:
    effects = _effects(
        "$util.http.addResponseHeader('Cache-Control', 'none')"
        "$util.http.addResponseHeader('n', 5)"
        "$util.http.addResponseHeaders({'a': 'b', 'N': 'last'})"
    )
    assert effects.response_headers == {"Cache-Control": "none", "a": "b", "N": "last"}
    assert effects.errors == []


@pytest.mark.aws_doc("devguide http-helpers-in-utils-http")
@pytest.mark.parametrize("name", [*HOP_BY_HOP, *FORBIDDEN])
def test_headers_that_are_not_allowed_become_errors(name: str) -> None:
    effects = _effects(f"$util.http.addResponseHeader('{name}', 'x')")
    assert effects.response_headers == {}
    assert [error.error_type for error in effects.errors] == ["ResponseHeaderError"]


@pytest.mark.aws_doc("devguide http-helpers-in-utils-http: 4 KB")
def test_response_headers_have_a_size_limit() -> None:
    template = (
        "$util.http.addResponseHeader('a', $ctx.args.t)"
        "$util.http.addResponseHeader('b', 'x')"
    )
    assert len(_effects(template, {"t": "x" * 4093}).response_headers) == 2
    again = "$util.http.addResponseHeader('A', 'y')" + template
    assert len(_effects(again, {"t": "x" * 4093}).response_headers) == 2
    effects = _effects(template, {"t": "x" * 4094})
    assert list(effects.response_headers) == ["a"]
    assert effects.errors[0].error_type == "ResponseHeaderError"


RESULT = {
    "sqlStatementResults": [
        {
            "columnMetadata": [
                {"label": "id", "name": "x"},
                {"name": "tags"},
                {"label": "n"},
            ],
            "records": [
                [
                    {"stringValue": "a"},
                    {"arrayValue": {"stringValues": ["p", "q"]}},
                    {"isNull": True},
                ],
                [
                    {"longValue": 5},
                    {"arrayValue": {"arrayValues": [{"longValues": [1]}, {}, None]}},
                    {"doubleValue": 1.5},
                ],
                [{"booleanValue": False}, {"blobValue": "Zm9v"}, {"nope": 1}],
            ],
        },
        {"numberOfRecordsUpdated": 1},
    ]
}
ROWS = [
    [
        {"id": "a", "tags": ["p", "q"]},
        {"id": 5, "tags": [[1], [], None], "n": 1.5},
        {"id": False, "tags": "Zm9v"},
    ],
    [{}],
]


@pytest.mark.aws_observed("recorded from AWS: LocalStack's rds toJsonObject snapshots")
def test_rds_results_become_rows(evaluate: Evaluate) -> None:
    args = {"t": json.dumps(RESULT)}
    assert evaluate("$util.rds.toJsonString($ctx.args.t)", args) == ROWS
    template = "$util.toJson($util.rds.toJsonObject($ctx.args.t)[0][0].id)"
    assert evaluate(template, args) == "a"


@pytest.mark.aws_doc("devguide rds-helpers-in-util-rds")
@pytest.mark.parametrize(
    "text", ["nope", "[]", "{}", '{"sqlStatementResults": 1}', None]
)
def test_what_is_no_rds_result_gives_null(evaluate: Evaluate, text: str | None) -> None:
    assert evaluate("$util.rds.toJsonString($ctx.args.t)", {"t": text}) is None


POST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<posts>\n<post>\n<id>1</id>'
    "<title>Getting started with GraphQL</title>\n</post>\n</posts>"
)


@pytest.mark.aws_doc("devguide xml-helpers-in-utils-xml")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        (POST, {"posts": {"post": {"id": 1, "title": "Getting started with GraphQL"}}}),
        ("<a><b>1</b><b>x</b><b>2.5</b></a>", {"a": {"b": [1, "x", 2.5]}}),
        ("<a>5</a>", {"a": 5}),
        ("<a/>", {"a": ""}),
        ("<a><b/>x</a>", {"a": {"b": "", "content": "x"}}),
        ('<a b="1">t</a>', {"a": {"b": 1, "content": "t"}}),
        ("<a>true</a>", {"a": True}),
        (
            '<n:a xmlns:n="u"><n:b>007</n:b></n:a>',
            {"n:a": {"xmlns:n": "u", "n:b": "007"}},
        ),
        ("<a", None),
        ("", None),
        (None, None),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", None),
    ],
)
def test_xml_becomes_a_map(evaluate: Evaluate, text: str | None, value: Any) -> None:
    args = {"t": text}
    assert evaluate("$util.toJson($util.xml.toMap($ctx.args.t))", args) == value
    written = "#set($j = $util.xml.toJsonString($ctx.args.t))#if($j)$j#{else}null#end"
    assert evaluate(written, args) == value


@pytest.mark.aws_doc("devguide xml-helpers-in-utils-xml, stringEncode")
def test_xml_may_become_an_escaped_string(evaluate: Evaluate) -> None:
    template = "$util.xml.toJsonString($ctx.args.t, true)"
    value = evaluate(template, {"t": "<a>x</a>"})
    assert json.loads(value) == {"a": "x"}


@pytest.mark.ours("a document must not use up the stack")
def test_xml_that_nests_too_deeply_is_cut(evaluate: Evaluate) -> None:
    text = "<a>" * 500 + "</a>" * 500
    assert evaluate("$util.toJson($util.xml.toMap($ctx.args.t))", {"t": text})


@pytest.mark.aws_doc("devguide extensions: the calls print nothing")
def test_extensions_are_remembered_for_the_caller(show: Evaluate) -> None:
    template = (
        "$extensions.evictFromApiCache('Query', 'post', {'context.arguments.id': 1})"
        "$extensions.setSubscriptionFilter({'filterGroup': []})"
        "$extensions.setSubscriptionInvalidationFilter({'filterGroup': [1]})"
        "$extensions.invalidateSubscriptions({'subscriptionField': 'x', 'payload': {}})"
        "$util.qr($extensions.invalidateSubscriptions({'subscriptionField': 'y'}))"
    )
    assert show(template) == ""
    effects = _effects(template)
    assert effects.cache_evictions == [("Query", "post", {"context.arguments.id": 1})]
    assert effects.subscription_filter == {"filterGroup": []}
    assert effects.invalidation_filter == {"filterGroup": [1]}
    assert effects.invalidations == [
        {"subscriptionField": "x", "payload": {}},
        {"subscriptionField": "y"},
    ]


@pytest.mark.ours("what the caller gets is JSON and nobody else's")
def test_extensions_get_values_of_their_own() -> None:
    effects = _effects(
        "#set($f = {'a': $ctx.args.keySet()})$extensions.setSubscriptionFilter($f)"
        "$util.qr($f.put('b', 1))",
        {"x": 1},
    )
    assert effects.subscription_filter == {"a": ["x"]}
