"""util.math, util.str, util.xml, util.http and the extensions."""

import json
from typing import Any

import pytest

from appsync_resolvers import Context

# ---- math and str ----------------------------------------------------------------


@pytest.mark.aws_doc("devguide math-helpers-in-util-math-js")
def test_math(js: Any) -> None:
    assert js.value("[10.4, 10.5, -2.5].map((n) => util.math.roundNum(n))") == [
        10,
        11,
        -2,
    ]
    assert js.value("[util.math.minVal(1, 2), util.math.maxVal(1, 2)]") == [1, 2]
    for _ in range(50):
        double, whole = js.value(
            "[util.math.randomDouble(), util.math.randomWithinRange(3, 6)]"
        )
        assert 0 <= double < 1
        assert whole in {3, 4, 5, 6}


@pytest.mark.aws_doc("devguide str-helpers-in-util-str-js")
@pytest.mark.parametrize(
    ("form", "length"), [("nfc", 1), ("nfd", 2), ("nfkc", 1), ("nfkd", 2)]
)
def test_str_normalize(js: Any, form: str, length: int) -> None:
    assert js.value(f"util.str.normalize('é', '{form}').length") == length


# ---- xml -------------------------------------------------------------------------

POSTS = """<?xml version="1.0" encoding="UTF-8"?>
<posts>
<post>
    <id>1</id>
    <title>Getting started with GraphQL</title>
</post>
</posts>"""


@pytest.mark.aws_doc("devguide xml-helpers-in-util-xml-js")
def test_xml_of_the_guide(js: Any) -> None:
    one = {"posts": {"post": {"id": 1, "title": "Getting started with GraphQL"}}}
    assert js.value("util.xml.toMap(ctx.args.xml)", {"xml": POSTS}) == one
    text = js.value("util.xml.toJsonString(ctx.args.xml)", {"xml": POSTS})
    assert json.loads(text) == one
    encoded = js.value("util.xml.toJsonString(ctx.args.xml, true)", {"xml": POSTS})
    assert json.loads(f'"{encoded}"') == text
    two = POSTS.replace(
        "</posts>", "<post><id>2</id><title>AppSync</title></post></posts>"
    )
    assert js.value("util.xml.toMap(ctx.args.xml)", {"xml": two}) == {
        "posts": {
            "post": [
                {"id": 1, "title": "Getting started with GraphQL"},
                {"id": 2, "title": "AppSync"},
            ]
        }
    }


@pytest.mark.ours("org.json's mapping, whose results the guide's examples show")
@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ("<a/>", {"a": ""}),
        ("<a></a>", {"a": ""}),
        ("<a b='1' c=\"x\"/>", {"a": {"b": 1, "c": "x"}}),
        ("<a b='1'>text</a>", {"a": {"b": 1, "content": "text"}}),
        ("<a>true</a>", {"a": True}),
        ("<a>1.50</a>", {"a": 1.5}),
        ("<a>007</a>", {"a": "007"}),
        ("<a>12345678901234567890</a>", {"a": "12345678901234567890"}),
        ("<a>&lt;&amp;&#65;&#x42;&apos;&quot;&gt;</a>", {"a": "<&AB'\">"}),
        ("<a><![CDATA[<b>&amp;]]></a>", {"a": "<b>&amp;"}),
        ("<!DOCTYPE a><!-- c --><a><?pi?>x<!-- c --></a>", {"a": "x"}),
        ("<n:a xmlns:n='u'><n:b>1</n:b></n:a>", {"n:a": {"xmlns:n": "u", "n:b": 1}}),
        ("<a><b>1</b><c/><b>2</b><b>3</b></a>", {"a": {"b": [1, 2, 3], "c": ""}}),
    ],
)
def test_xml_forms(js: Any, xml: str, value: Any) -> None:
    assert js.value("util.xml.toMap(ctx.args.xml)", {"xml": xml}) == value


@pytest.mark.aws_doc("@aws-appsync/utils types: Record<string, any> | null")
@pytest.mark.parametrize(
    "xml",
    ["", "text", "<a>", "<a></b>", "<a", "</a>", "<a><b></a></b>", "<a/>x", "<!--"],
)
def test_what_is_no_xml_is_null(js: Any, xml: str) -> None:
    assert js.value("util.xml.toMap(ctx.args.xml)", {"xml": xml}) is None


# ---- http ------------------------------------------------------------------------


@pytest.mark.aws_doc("devguide http-helpers-in-utils-http-js")
def test_copy_headers_leaves_out_the_restricted_ones(js: Any) -> None:
    headers = {
        "transfer-encoding": "1",
        "Connection": "1",
        "host": "1",
        "expect": "1",
        "keep-alive": "1",
        "upgrade": "1",
        "proxy-authenticate": "1",
        "proxy-authorization": "1",
        "te": "1",
        "content-length": "1",
        "accept": "json",
        "x-mine": "2",
    }
    assert js.value("util.http.copyHeaders(ctx.args)", headers) == {
        "accept": "json",
        "x-mine": "2",
    }


def headers_of(js: Any, body: str) -> tuple[dict[str, str], list[str | None]]:
    context = Context({})
    js.run(body, context)
    effects = context.effect()
    return effects.response_headers, [error.error_type for error in effects.errors]


@pytest.mark.aws_doc("devguide http-helpers-in-utils-http-js")
def test_response_headers(js: Any) -> None:
    body = """util.http.addResponseHeader('itemsCount', 7);
      util.http.addResponseHeaders({ headerInt: 12, headerString: 'stringValue',
        headerObject: { field1: 7, field2: 'string' } });
      util.http.addResponseHeader('itemsCount', 8)"""
    assert headers_of(js, body) == (
        {
            "headerInt": "12",
            "headerString": "stringValue",
            "headerObject": '{"field1":7,"field2":"string"}',
            "itemsCount": "8",
        },
        [],
    )


@pytest.mark.aws_doc("devguide http-helpers-in-utils-http-js")
@pytest.mark.parametrize(
    "header",
    [
        "'Content-Type', 'x'",
        "'vary', 'x'",
        "'Access-Control-Allow-Origin', '*'",
        "'x-amzn-mine', 'x'",
        "'X-Amz-Mine', 'x'",
        "'content-length', 5",
        "'big', ctx.args.big",
        "'bad name', 'x'",
        "'name', 'a\\r\\nb: c'",
        "'', 'x'",
    ],
)
def test_a_header_that_is_not_allowed_is_an_error_instead(js: Any, header: str) -> None:
    context = Context({"big": "x" * 5000})
    body = f"util.http.addResponseHeader({header}); return 'data'"
    assert js.run(body, context) == "data"
    assert context.effect().response_headers == {}
    assert [e.error_type for e in context.effect().errors] == ["ResponseHeaderError"]


# ---- extensions ------------------------------------------------------------------


@pytest.mark.aws_doc("devguide extensions-js")
def test_extensions(js: Any) -> None:
    context = Context({})
    js.run(
        """const filter = { filterGroup: [{ filters: [
             { fieldName: 'a', operator: 'eq', value: 1 }] }] };
       extensions.setSubscriptionFilter(filter);
       extensions.setSubscriptionInvalidationFilter({ filterGroup: [] });
       extensions.invalidateSubscriptions({ subscriptionField: 'onA', payload: {} });
       extensions.invalidateSubscriptions({ subscriptionField: 'onB', payload: {} });
       extensions.evictFromApiCache('Query', 'a', { 'context.arguments.id': 1 })""",
        context,
    )
    effects = context.effect()
    assert effects.subscription_filter == {
        "filterGroup": [{"filters": [{"fieldName": "a", "operator": "eq", "value": 1}]}]
    }
    assert effects.invalidation_filter == {"filterGroup": []}
    assert [each["subscriptionField"] for each in effects.invalidations] == [
        "onA",
        "onB",
    ]
    assert effects.cache_evictions == [("Query", "a", {"context.arguments.id": 1})]


@pytest.mark.ours("most handlers have no effects, and pay nothing for them")
def test_without_effects_there_is_no_record(js: Any) -> None:
    context = Context({})
    js.run("return util.time.nowEpochSeconds()", context)
    assert context.effects is None
