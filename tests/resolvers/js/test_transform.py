"""util.transform: DynamoDB expressions, OpenSearch queries, subscription filters."""

import json
from typing import Any

import pytest

RECORDED = "localstack/appsync-utils: transform.test.js.snap"
pytestmark = pytest.mark.aws_observed(RECORDED)


def expression(js: Any, filter_: str) -> Any:
    text = js.value(f"util.transform.toDynamoDBFilterExpression({filter_})")
    return None if text is None else json.loads(text)


def test_the_result_is_compact_json(js: Any) -> None:
    text = '{"expression":"(contains(#content,:content_contains))",'
    text += '"expressionNames":{"#content":"content"},'
    text += '"expressionValues":{":content_contains":{"S":"foo"}}}'
    for name in ("Filter", "Condition"):
        call = f"util.transform.toDynamoDB{name}Expression"
        assert js.value(f"{call}({{ content: {{ contains: 'foo' }} }})") == text


@pytest.mark.parametrize(
    ("filter_", "text"),
    [
        ("{ v: { eq: 'x' } }", "(#v = :v_eq)"),
        ("{ v: { ne: 'x' } }", "(#v <> :v_ne)"),
        ("{ v: { lt: 'x' } }", "(#v < :v_lt)"),
        ("{ v: { le: 'x' } }", "(#v <= :v_le)"),
        ("{ v: { gt: 'x' } }", "(#v > :v_gt)"),
        ("{ v: { ge: 'x' } }", "(#v >= :v_ge)"),
        ("{ v: { contains: 'x' } }", "(contains(#v,:v_contains))"),
        ("{ v: { notContains: 'x' } }", "(NOT contains(#v,:v_notContains))"),
        ("{ v: { beginsWith: 'x' } }", "(begins_with(#v,:v_beginsWith))"),
        (
            "{ v: { between: [1, 9, 3] } }",
            "(#v BETWEEN :v_between_start AND :v_between_end)",
        ),
        ("{ v: { in: ['a', 'b'] } }", "(#v IN (:v_in_0, :v_in_1))"),
        ("{ v: { in: ['a'] } }", "(#v IN (:v_in_0))"),
        ("{ v: { in: [] } }", "(null)"),
        ("{ v: { attributeExists: true } }", "(attribute_exists(#v))"),
        ("{ v: { attributeExists: false } }", "(attribute_not_exists(#v))"),
        ("{ v: { size: { gt: 2 } } }", "(size(#v) > :v_size_gt)"),
        (
            "{ v: { size: { between: [1, 3] } } }",
            "(size(#v) BETWEEN :v_size_between_start AND :v_size_between_end)",
        ),
        ("{ v: { size: { contains: 'x' } } }", "(contains(size(#v),:v_size_contains))"),
        (
            "{ v: { size: { attributeExists: true } } }",
            "(attribute_exists(size(#v)))",
        ),
        (
            "{ v: { size: { gt: 2, lt: 5 } } }",
            "((size(#v) > :v_size_gt) AND (size(#v) < :v_size_lt))",
        ),
        ("{ v: { size: { size: { gt: 1 } } } }", "(size(#v) > :v_size_size_gt)"),
        ("{ a: { eq: 1 }, b: { eq: 2 } }", "(#a = :a_eq) AND (#b = :b_eq)"),
        ("{ v: { ge: 1, le: 5 } }", "((#v >= :v_ge) AND (#v <= :v_le))"),
        ("{ and: [{ a: { eq: 1 } }] }", "(#a = :and_0_a_eq)"),
        (
            "{ and: [{ a: { eq: 1 } }, { b: { eq: 2 } }] }",
            "((#a = :and_0_a_eq) AND (#b = :and_1_b_eq))",
        ),
        (
            "{ or: [{ a: { eq: 1 } }, { b: { eq: 2 } }] }",
            "((#a = :or_0_a_eq) OR (#b = :or_1_b_eq))",
        ),
        ("{ not: { a: { eq: 1 } } }", "(NOT (#a = :not_a_eq))"),
        ("{ not: { not: { a: { eq: 1 } } } }", "(NOT (NOT (#a = :not_not_a_eq)))"),
        (
            "{ not: { and: [{ a: { eq: 1 } }, { b: { eq: 2 } }] } }",
            "(NOT ((#a = :not_and_0_a_eq) AND (#b = :not_and_1_b_eq)))",
        ),
        (
            "{ and: [{ not: { a: { eq: 1 } } }, { b: { eq: 2 } }] }",
            "((NOT (#a = :and_0_not_a_eq)) AND (#b = :and_1_b_eq))",
        ),
        (
            "{ or: [{ and: [{ a: { eq: 1 } }, { b: { eq: 2 } }] }, { c: { eq: 3 } }] }",
            (
                "(((#a = :or_0_and_0_a_eq) AND (#b = :or_0_and_1_b_eq))"
                " OR (#c = :or_1_c_eq))"
            ),
        ),
        (
            "{ and: [{ or: [{ and: [{ a: { eq: 1 } }] }] }] }",
            "(#a = :and_0_or_0_and_0_a_eq)",
        ),
        (
            "{ a: { eq: 1 }, and: [{ b: { eq: 2 } }] }",
            "(#a = :a_eq) AND (#b = :and_0_b_eq)",
        ),
        ("{ 'a.b': { eq: 1 } }", "(#a.b = :a.b_eq)"),
        ("{ a: { eq: 1 }, b: {} }", "(#a = :a_eq) AND "),
        ("{ and: [{ a: { eq: 1 } }, {}] }", "((#a = :and_0_a_eq) AND )"),
        ("{ not: {} }", "(NOT )"),
        ("{}", ""),
        ("{ and: [] }", ""),
        ("{ v: {} }", ""),
        ("{ v: { size: {} } }", ""),
    ],
)
def test_expressions(js: Any, filter_: str, text: str) -> None:
    assert expression(js, filter_)["expression"] == text


@pytest.mark.parametrize(
    ("filter_", "names", "values"),
    [
        ("{ v: { eq: 10 } }", {"#v": "v"}, {":v_eq": {"N": 10}}),
        ("{ v: { eq: 1.5 } }", {"#v": "v"}, {":v_eq": {"N": 1.5}}),
        ("{ v: { eq: true } }", {"#v": "v"}, {":v_eq": {"BOOL": True}}),
        ("{ v: { eq: null } }", {"#v": "v"}, {":v_eq": {"NULL": None}}),
        ("{ v: { eq: { a: 1 } } }", {"#v": "v"}, {":v_eq": {"M": {"a": {"N": 1}}}}),
        ("{ v: { eq: [1] } }", {"#v": "v"}, {":v_eq": {"L": [{"N": 1}]}}),
        ("{ v: {} }", {"#v": "v"}, {}),
        ("{ v: { size: {} } }", {"#v": "v"}, {}),
        ("{ v: { in: [] } }", {"#v": "v"}, {}),
        (
            "{ v: { between: ['1', '9'] } }",
            {"#v": "v"},
            {":v_between_start": {"S": "1"}, ":v_between_end": {"S": "9"}},
        ),
        (
            "{ a: { attributeType: '_null' }, b: { attributeType: 'stringSet' } }",
            {"#a": "a", "#b": "b"},
            {":a_attributeType": {"S": "NULL"}, ":b_attributeType": {"S": "SS"}},
        ),
    ],
)
def test_names_and_values(
    js: Any, filter_: str, names: dict[str, str], values: dict[str, Any]
) -> None:
    made = expression(js, filter_)
    assert (made["expressionNames"], made["expressionValues"]) == (names, values)


@pytest.mark.parametrize(
    "filter_",
    [
        "",
        "null",
        "[]",
        "'string'",
        "{ v: { foo: 1 } }",
        "{ v: 'x' }",
        "{ a: { b: { eq: 1 } } }",
        "{ and: { a: { eq: 1 } } }",
        "{ and: null }",
        "{ and: [{ a: { eq: 1 } }, null] }",
        "{ not: [{ a: { eq: 1 } }] }",
        "{ v: { between: [1] } }",
        "{ v: { between: 'x' } }",
        "{ v: { in: 'x' } }",
        "{ v: { attributeExists: 'yes' } }",
        "{ v: { attributeType: 'S' } }",
        "{ v: { attributeType: 'bogus' } }",
        "{ v: { size: 3 } }",
    ],
)
def test_what_cannot_be_rendered_is_null(js: Any, filter_: str) -> None:
    assert expression(js, filter_) is None


@pytest.mark.ours("NOT and OR bind differently: inner groups need parentheses")
def test_inner_groups_of_several_fields_are_wrapped(js: Any) -> None:
    filter_ = "{ not: { a: { eq: 1 }, b: { eq: 2 } } }"
    assert expression(js, filter_)["expression"] == (
        "(NOT ((#a = :not_a_eq) AND (#b = :not_b_eq)))"
    )


# ---- OpenSearch ------------------------------------------------------------------


def query(js: Any, filter_: str) -> Any:
    text = js.value(f"util.transform.toElasticsearchQueryDSL({filter_})")
    return None if text is None else json.loads(text)


@pytest.mark.aws_doc("devguide transformation-helpers-in-utils-transform-js")
def test_the_guide_s_open_search_example(js: Any) -> None:
    filter_ = """{ upvotes: { ne: 15, range: [10, 20] },
                   title: { eq: 'hihihi', wildcard: 'h*i' } }"""
    upvotes = {
        "bool": {
            "must": [
                {"bool": {"must_not": {"term": {"upvotes": 15}}}},
                {"range": {"upvotes": {"gte": 10, "lte": 20}}},
            ]
        }
    }
    title = {
        "bool": {
            "must": [{"term": {"title": "hihihi"}}, {"wildcard": {"title": "h*i"}}]
        }
    }
    assert query(js, filter_) == {"bool": {"must": [upvotes, title]}}


@pytest.mark.aws_observed("AWS's Amplify simulator: its port of the service's helper")
@pytest.mark.parametrize(
    ("filter_", "made"),
    [
        ("{ a: { match: 'x' } }", {"match": {"a": "x"}}),
        ("{ a: { matchPhrase: 'x' } }", {"match_phrase": {"a": "x"}}),
        ("{ a: { matchPhrasePrefix: 'x' } }", {"match_phrase_prefix": {"a": "x"}}),
        ("{ a: { multiMatch: 'x' } }", {"multi_match": {"a": "x"}}),
        ("{ a: { regexp: 'x' } }", {"regexp": {"a": "x"}}),
        ("{ a: { gt: 1 } }", {"range": {"a": {"gt": 1}}}),
        ("{ a: { gte: 1 } }", {"range": {"a": {"gte": 1}}}),
        ("{ a: { lt: 1 } }", {"range": {"a": {"lt": 1}}}),
        ("{ a: { lte: 1 } }", {"range": {"a": {"lte": 1}}}),
        ("{ a: { exists: true } }", {"exists": {"field": "a"}}),
        (
            "{ a: { exists: false } }",
            {"bool": {"must_not": {"exists": {"field": "a"}}}},
        ),
        (
            "{ not: { a: { eq: 1 } } }",
            {"bool": {"must_not": {"term": {"a": 1}}}},
        ),
        (
            "{ or: [{ a: { eq: 1 } }, { b: { eq: 2 } }] }",
            {
                "bool": {
                    "should": [{"term": {"a": 1}}, {"term": {"b": 2}}],
                    "minimum_should_match": 1,
                }
            },
        ),
        (
            "{ and: [{ a: { eq: 1 } }, { b: { eq: 2 }, c: { eq: 3 } }] }",
            {
                "bool": {
                    "must": [
                        {"term": {"a": 1}},
                        {"bool": {"must": [{"term": {"b": 2}}, {"term": {"c": 3}}]}},
                    ]
                }
            },
        ),
        ("{}", None),
        ("null", None),
        ("{ a: { unknown: 1 } }", None),
    ],
)
def test_open_search_operators(js: Any, filter_: str, made: Any) -> None:
    assert query(js, filter_) == made


# ---- subscription filters --------------------------------------------------------


def groups(js: Any, *arguments: str) -> Any:
    call = f"util.transform.toSubscriptionFilter({', '.join(arguments)})"
    made = js.value(call)
    if made is None:
        return None
    return [
        [(f["fieldName"], f["operator"], f["value"]) for f in group["filters"]]
        for group in made["filterGroup"]
    ]


SUBSCRIPTIONS = "localstack/appsync-utils: transform-subscription.test.js.snap"


@pytest.mark.aws_observed(SUBSCRIPTIONS)
@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        (["{ a: { eq: 1 } }"], [[("a", "eq", 1)]]),
        (["{ a: { eq: 1 }, b: { eq: 2 } }"], [[("a", "eq", 1), ("b", "eq", 2)]]),
        (["{ a: { eq: 1, ne: 2 } }"], [[("a", "eq", 1)], [("a", "ne", 2)]]),
        (
            [
                (
                    "{ and: [{ a: { eq: 1 } }, { or: [{ b: { eq: 2 }"
                    " }, { c: { eq: 3 } }] }] }"
                )
            ],
            [[("a", "eq", 1), ("b", "eq", 2)], [("a", "eq", 1), ("c", "eq", 3)]],
        ),
        (
            ["{ 'loc.addr.country': { eq: 'USA' } }"],
            [[("loc.addr.country", "eq", "USA")]],
        ),
        (["{ not: { a: { eq: 1 } } }"], [[("not", "a", {"eq": 1})]]),
        (["{ a: { bogus: 1 } }"], [[("a", "bogus", 1)]]),
        (["{ a: { in: [1, 2] } }"], [[("a", "in", [1, 2])]]),
        (["{ a: { eq: 1 }, b: { eq: 2 } }", "['a']"], [[("b", "eq", 2)]]),
        (["{ a: { eq: 1 }, and: [{ b: { eq: 2 } }] }", "['b']"], [[("a", "eq", 1)]]),
        (
            ["{ a: { eq: 1 } }", "[]", "{ r1: { gte: 250 }, r2: { eq: 'p' } }"],
            [[("a", "eq", 1), ("r1", "gte", 250)], [("a", "eq", 1), ("r2", "eq", "p")]],
        ),
        (["{}", "[]", "{ r1: { eq: 1 } }"], [[("r1", "eq", 1)]]),
        (["{}"], []),
        (["{ a: {} }"], []),
        (["{ and: [] }"], []),
        (["null"], None),
        ([""], None),
        (["[]"], None),
        (['\'{"a":{"eq":1}}\''], None),
    ],
)
def test_subscription_filters(js: Any, arguments: list[str], made: Any) -> None:
    assert groups(js, *arguments) == made


@pytest.mark.aws_observed(SUBSCRIPTIONS)
def test_alternatives_multiply_out(js: Any) -> None:
    filter_ = """{ percentageUp: { lte: 50, gte: 20 },
      and: [{ title: { ne: 'Book1' } }, { downvotes: { gt: 2000 } }],
      or: [{ author: { eq: 'Admin' } }, { isPublished: { eq: false } }] }"""
    made = groups(js, filter_)
    assert [(group[0][1], group[3][0]) for group in made] == [
        ("lte", "author"),
        ("lte", "isPublished"),
        ("gte", "author"),
        ("gte", "isPublished"),
    ]
    assert made[0] == [
        ("percentageUp", "lte", 50),
        ("title", "ne", "Book1"),
        ("downvotes", "gt", 2000),
        ("author", "eq", "Admin"),
    ]
