"""`$util.transform`: filters as DynamoDB, OpenSearch and subscription filters."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from appsync_resolvers import EvaluationError
from appsync_resolvers.vtl.util.transform_subscription import to_filter

Evaluate = Callable[..., Any]

DYNAMODB = pytest.mark.aws_observed(
    "recorded from AWS: LocalStack's transformToDynamoDBFilterExpression snapshots"
)
SUBSCRIPTION = pytest.mark.aws_observed(
    "recorded from AWS: LocalStack's transformToSubscriptionFilter snapshots"
)


def _expression(evaluate: Evaluate, source: Any, name: str = "Filter") -> Any:
    template = f"$util.transform.toDynamoDB{name}Expression($ctx.args.f)"
    return evaluate(template, {"f": source})


@DYNAMODB
def test_a_filter_becomes_an_expression(evaluate: Evaluate, show: Evaluate) -> None:
    source = {"content": {"contains": "foo"}}
    text = (
        '{"expression":"(contains(#content,:content_contains))",'
        '"expressionNames":{"#content":"content"},'
        '"expressionValues":{":content_contains":{"S":"foo"}}}'
    )
    for name in ("Filter", "Condition"):
        template = f"$util.transform.toDynamoDB{name}Expression($ctx.args.f)"
        assert show(template, {"f": source}) == text
        assert _expression(evaluate, source, name) == json.loads(text)


@DYNAMODB
@pytest.mark.parametrize(
    ("source", "text"),
    [
        ({"v": {"eq": 1}}, "(#v = :v_eq)"),
        ({"v": {"ne": 1}}, "(#v <> :v_ne)"),
        ({"v": {"lt": 1}}, "(#v < :v_lt)"),
        ({"v": {"le": 1}}, "(#v <= :v_le)"),
        ({"v": {"gt": 1}}, "(#v > :v_gt)"),
        ({"v": {"ge": 1}}, "(#v >= :v_ge)"),
        ({"v": {"notContains": "x"}}, "(NOT contains(#v,:v_notContains))"),
        ({"v": {"beginsWith": "x"}}, "(begins_with(#v,:v_beginsWith))"),
        (
            {"v": {"between": [1, 2, 3]}},
            "(#v BETWEEN :v_between_start AND :v_between_end)",
        ),
        ({"v": {"in": [1, 2]}}, "(#v IN (:v_in_0, :v_in_1))"),
        ({"v": {"in": []}}, "(null)"),
        ({"v": {"attributeExists": True}}, "(attribute_exists(#v))"),
        ({"v": {"attributeExists": False}}, "(attribute_not_exists(#v))"),
        ({"v": {"attributeType": "_null"}}, "(attribute_type(#v,:v_attributeType))"),
        ({"v": {"size": {"gt": 1}}}, "(size(#v) > :v_size_gt)"),
        (
            {"v": {"size": {"between": [1, 2]}}},
            "(size(#v) BETWEEN :v_size_between_start AND :v_size_between_end)",
        ),
        ({"v": {"size": {"contains": 1}}}, "(contains(size(#v),:v_size_contains))"),
        ({"v": {"size": {"attributeExists": True}}}, "(attribute_exists(size(#v)))"),
        ({"v": {"size": {"size": {"gt": 1}}}}, "(size(#v) > :v_size_size_gt)"),
        ({"v": {"ge": 1, "le": 2}}, "((#v >= :v_ge) AND (#v <= :v_le))"),
        ({"a": {"eq": 1}, "b": {"eq": 2}}, "(#a = :a_eq) AND (#b = :b_eq)"),
        ({"and": [{"a": {"eq": 1}}]}, "(#a = :and_0_a_eq)"),
        (
            {"or": [{"a": {"eq": 1}}, {"and": [{"b": {"eq": 2}}]}]},
            "((#a = :or_0_a_eq) OR (#b = :or_1_and_0_b_eq))",
        ),
        ({"not": {"a": {"eq": 1}}}, "(NOT (#a = :not_a_eq))"),
        ({"not": {"not": {"a": {"eq": 1}}}}, "(NOT (NOT (#a = :not_not_a_eq)))"),
        (
            {"a": {"eq": 1}, "and": [{"b": {"eq": 2}}]},
            "(#a = :a_eq) AND (#b = :and_0_b_eq)",
        ),
        ({"a.b": {"eq": 1}}, "(#a.b = :a.b_eq)"),
        ({}, ""),
        ({"and": []}, ""),
        ({"v": {}}, ""),
        ({"not": {}}, "(NOT )"),
        ({"a": {"eq": 1}, "b": {}}, "(#a = :a_eq) AND "),
        ({"and": [{"a": {"eq": 1}}, {}]}, "((#a = :and_0_a_eq) AND )"),
    ],
)
def test_expressions_have_this_text(evaluate: Evaluate, source: Any, text: str) -> None:
    assert _expression(evaluate, source)["expression"] == text


@DYNAMODB
@pytest.mark.parametrize(
    ("source", "names", "values"),
    [
        ({"a.b": {"eq": None}}, {"#a.b": "a.b"}, {":a.b_eq": {"NULL": None}}),
        ({"v": {"eq": [1]}}, {"#v": "v"}, {":v_eq": {"L": [{"N": 1}]}}),
        ({"v": {"eq": {"a": "b"}}}, {"#v": "v"}, {":v_eq": {"M": {"a": {"S": "b"}}}}),
        (
            {"v": {"attributeType": "list"}},
            {"#v": "v"},
            {":v_attributeType": {"S": "L"}},
        ),
        ({"v": {"attributeExists": True}}, {"#v": "v"}, {}),
        ({"v": {}}, {"#v": "v"}, {}),
        ({}, {}, {}),
        (
            {"v": {"between": ["a", "b"]}},
            {"#v": "v"},
            {":v_between_start": {"S": "a"}, ":v_between_end": {"S": "b"}},
        ),
    ],
)
def test_expressions_name_fields_and_values(
    evaluate: Evaluate, source: Any, names: Any, values: Any
) -> None:
    expression = _expression(evaluate, source)
    assert expression["expressionNames"] == names
    assert expression["expressionValues"] == values


@DYNAMODB
@pytest.mark.parametrize(
    "source",
    [
        {"v": {"nope": 1}},
        {"v": 1},
        {"v": {"w": {"eq": 1}}},
        {"and": {"a": {"eq": 1}}},
        {"or": None},
        {"and": [None]},
        {"not": [{"a": {"eq": 1}}]},
        {"v": {"between": [1]}},
        {"v": {"between": 1}},
        {"v": {"in": 1}},
        {"v": {"attributeExists": "yes"}},
        {"v": {"attributeType": "S"}},
        {"v": {"attributeType": ["list"]}},
        {"v": {"size": 1}},
        None,
    ],
)
def test_what_has_no_expression_gives_nothing(evaluate: Evaluate, source: Any) -> None:
    template = (
        "#set($e = $util.transform.toDynamoDBFilterExpression($ctx.args.f))"
        "#if($util.isNull($e))true#{else}false#end"
    )
    assert evaluate(template, {"f": source}) is True


@pytest.mark.aws_doc("devguide transformation-helpers-in-utils-transform: takes a Map")
@pytest.mark.parametrize(
    "name", ["toDynamoDBFilterExpression", "toElasticsearchQueryDSL"]
)
def test_anything_but_a_map_is_not_taken(show: Evaluate, name: str) -> None:
    call = f"$util.transform.{name}([1])"
    assert show(call) == call


@pytest.mark.aws_doc("devguide transformation-helpers-in-utils-transform")
@pytest.mark.parametrize(
    ("source", "members"),
    [
        ({"a": {"eq": 1}}, [{"term": {"a": 1}}]),
        ({"a": {"ne": 1}}, [{"bool": {"must_not": {"term": {"a": 1}}}}]),
        ({"a": {"range": [1, 2]}}, [{"range": {"a": {"gte": 1, "lte": 2}}}]),
        ({"a": {"wildcard": "x*"}}, [{"wildcard": {"a": "x*"}}]),
        ({"a": {"gt": 1}}, [{"range": {"a": {"gt": 1}}}]),
        ({"a": {"lte": 1}}, [{"range": {"a": {"lte": 1}}}]),
        ({"a": {"matchPhrasePrefix": "x"}}, [{"match_phrase_prefix": {"a": "x"}}]),
        ({"a": {"exists": True}}, [{"exists": {"field": "a"}}]),
        (
            {"a": {"exists": False}},
            [{"bool": {"must_not": {"exists": {"field": "a"}}}}],
        ),
        (
            {"a": {"eq": 1, "ne": 2}, "b": {"eq": 3}},
            [
                {
                    "bool": {
                        "must": [
                            {"term": {"a": 1}},
                            {"bool": {"must_not": {"term": {"a": 2}}}},
                        ]
                    }
                },
                {"term": {"b": 3}},
            ],
        ),
        (
            {"or": [{"a": {"eq": 1}}, {"b": {"eq": 2}, "c": {"eq": 3}}]},
            [
                {
                    "bool": {
                        "should": [
                            {"term": {"a": 1}},
                            {
                                "bool": {
                                    "must": [{"term": {"b": 2}}, {"term": {"c": 3}}]
                                }
                            },
                        ]
                    }
                }
            ],
        ),
        (
            {"not": {"a": {"eq": 1}}},
            [{"bool": {"must_not": [{"term": {"a": 1}}]}}],
        ),
    ],
)
def test_filters_become_opensearch_queries(
    evaluate: Evaluate, source: Any, members: Any
) -> None:
    template = "$util.transform.toElasticsearchQueryDSL($ctx.args.f)"
    assert evaluate(template, {"f": source}) == {"bool": {"must": members}}


@pytest.mark.ours("AWS does not say what becomes of these; as with DynamoDB, nothing")
@pytest.mark.parametrize(
    "source",
    [{"a": 1}, {"a": {"nope": 1}}, {"a": {"range": [1]}}, {"and": [1]}, None],
)
def test_what_has_no_query_gives_nothing(evaluate: Evaluate, source: Any) -> None:
    template = "$!util.transform.toElasticsearchQueryDSL($ctx.args.f)1"
    assert evaluate(template, {"f": source}) == 1


def _one(name: str, operator: str, value: Any) -> dict[str, Any]:
    return {"fieldName": name, "operator": operator, "value": value}


def _groups(evaluate: Evaluate, source: Any, *more: str) -> Any:
    arguments = ", ".join(("$ctx.args.f", *more))
    template = f"$util.toJson($util.transform.toSubscriptionFilter({arguments}))"
    value = evaluate(template, {"f": source})
    return value and [group["filters"] for group in value["filterGroup"]]


@SUBSCRIPTION
def test_groups_are_the_alternatives_of_a_filter(evaluate: Evaluate) -> None:
    source = {
        "percent": {"lte": 50, "gte": 20},
        "and": [{"year": {"gt": 2000}}],
        "or": [{"role": {"eq": "Admin"}}, {"isPublished": {"eq": True}}],
    }
    year = _one("year", "gt", 2000)
    admin, published = _one("role", "eq", "Admin"), _one("isPublished", "eq", True)
    low, high = _one("percent", "lte", 50), _one("percent", "gte", 20)
    assert _groups(evaluate, source) == [
        [low, year, admin],
        [low, year, published],
        [high, year, admin],
        [high, year, published],
    ]


@SUBSCRIPTION
@pytest.mark.parametrize(
    ("source", "groups"),
    [
        ({"a": {"eq": 1}}, [[_one("a", "eq", 1)]]),
        ({"a.b": {"nope": [1]}}, [[_one("a.b", "nope", [1])]]),
        ({"not": {"a": {"eq": 1}}}, [[_one("not", "a", {"eq": 1})]]),
        ({}, []),
        ({"a": {}}, []),
        ({"and": []}, []),
        ({"or": []}, []),
        ({"a": 1}, []),
        ({"and": [1], "or": [2]}, []),
        (None, None),
    ],
)
def test_subscription_filters_are_not_checked(
    evaluate: Evaluate, source: Any, groups: Any
) -> None:
    assert _groups(evaluate, source) == groups


@SUBSCRIPTION
def test_fields_may_be_ignored_at_any_depth(evaluate: Evaluate) -> None:
    source = {"a": {"eq": 1}, "or": [{"a": {"eq": 2}}, {"b": {"eq": 3}}]}
    assert _groups(evaluate, source, "['a']") == [[_one("b", "eq", 3)]]


@SUBSCRIPTION
@pytest.mark.parametrize(
    ("source", "groups"),
    [
        (
            {"a": {"eq": 1}},
            [
                [_one("a", "eq", 1), _one("r", "eq", 1)],
                [_one("a", "eq", 1), _one("r", "gt", 5)],
                [_one("a", "eq", 1), _one("s", "eq", "x")],
            ],
        ),
        ({}, [[_one("r", "eq", 1)], [_one("r", "gt", 5)], [_one("s", "eq", "x")]]),
    ],
)
def test_one_of_the_rules_must_hold_besides(
    evaluate: Evaluate, source: Any, groups: Any
) -> None:
    rules = "{'r': {'eq': 1, 'gt': 5}, 's': {'eq': 'x'}}"
    assert _groups(evaluate, source, "[]", rules) == groups


@pytest.mark.ours("alternatives multiply, memory is limited")
def test_a_filter_with_too_many_alternatives_is_an_error() -> None:
    source = {f"f{number}": {str(i): i for i in range(10)} for number in range(9)}
    with pytest.raises(EvaluationError, match="too large"):
        to_filter(source, [], None)
