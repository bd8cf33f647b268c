"""`$util.dynamodb`: values as DynamoDB writes them."""

from collections.abc import Callable
from typing import Any

import pytest

from appsync_resolvers import EvaluationError

pytestmark = pytest.mark.aws_observed(
    "devguide dynamodb-helpers-in-util-dynamodb; numbers and nulls as AWS gave them in "
    "LocalStack's EvaluateCode snapshots"
)

Evaluate = Callable[..., Any]

S3 = '{"s3":{"key":"foo","bucket":"bar","region":"baz"}}'
VERSIONED = '{"s3":{"key":"foo","bucket":"bar","region":"baz","version":"beep"}}'
CASES = [
    ("toDynamoDB", "'test'", {"S": "test"}),
    ("toDynamoDB", "12345", {"N": 12345}),
    ("toDynamoDB", "1.5", {"N": 1.5}),
    ("toDynamoDB", "true", {"BOOL": True}),
    ("toDynamoDB", "$nope", {"NULL": None}),
    ("toDynamoDB", "[1, 'a']", {"L": [{"N": 1}, {"S": "a"}]}),
    ("toDynamoDB", "{'a': {'b': []}}", {"M": {"a": {"M": {"b": {"L": []}}}}}),
    ("toDynamoDB", "$ctx.args.keySet()", {"S": "[s]"}),
    ("toDynamoDB", "$ctx.args.s.split(',')", {"L": [{"S": "x"}, {"S": "y"}]}),
    ("toDynamoDB", "$ctx.args.s.charAt(0)", {"S": "x"}),
    ("toString", "'a'", {"S": "a"}),
    ("toString", "$nope", None),
    ("toStringSet", "['a', 'b']", {"SS": ["a", "b"]}),
    ("toStringSet", "$nope", None),
    ("toNumber", "1", {"N": 1}),
    ("toNumber", "$nope", None),
    ("toNumberSet", "[1, 23, 4.56]", {"NS": [1, 23, 4.56]}),
    ("toBinary", "'foo'", {"B": "foo"}),
    ("toBinary", "$nope", None),
    ("toBinarySet", "['foo', 'bar']", {"BS": ["foo", "bar"]}),
    ("toBoolean", "false", {"BOOL": False}),
    ("toBoolean", "$nope", None),
    ("toNull", "", {"NULL": None}),
    ("toList", "['a', 1]", {"L": [{"S": "a"}, {"N": 1}]}),
    ("toList", "$nope", None),
    ("toMap", "{'a': 1, 'b': $nope}", {"M": {"a": {"N": 1}, "b": {"NULL": None}}}),
    ("toMap", "$nope", None),
    ("toMapValues", "{'a': 1, 'b': 'c'}", {"a": {"N": 1}, "b": {"S": "c"}}),
    ("toMapValues", "$nope", None),
    ("toS3Object", "'foo', 'bar', 'baz'", {"S": S3}),
    ("toS3Object", "'foo', 'bar', 'baz', 'beep'", {"S": VERSIONED}),
]


@pytest.mark.parametrize(("name", "arguments", "value"), CASES)
def test_values_are_typed(
    evaluate: Evaluate, name: str, arguments: str, value: Any
) -> None:
    args = {"s": "x,y"}
    as_map = f"$util.toJson($util.dynamodb.{name}({arguments}))"
    assert evaluate(as_map, args) == value
    assert evaluate(f"$util.dynamodb.{name}Json({arguments})", args) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (S3, {"bucket": "bar", "region": "baz", "key": "foo"}),
        ("nope", None),
        ("[]", None),
        (None, None),
    ],
)
def test_an_s3_object_is_read_back(
    evaluate: Evaluate, text: str | None, value: Any
) -> None:
    template = "$util.toJson($util.dynamodb.fromS3ObjectJson($ctx.args.t))"
    assert evaluate(template, {"t": text}) == value


@pytest.mark.aws_doc("devguide dynamodb-helpers-in-util-dynamodb")
def test_a_typed_value_is_a_map(evaluate: Evaluate) -> None:
    template = (
        "#set($v = $util.dynamodb.toDynamoDB({'a': 1}))$util.qr($v.M.put('b', "
        "$util.dynamodb.toString('x')))$util.toJson($v)"
    )
    assert evaluate(template) == {"M": {"a": {"N": 1}, "b": {"S": "x"}}}


@pytest.mark.ours("a value that holds itself must not stop the process")
def test_a_value_that_holds_itself_is_an_error(evaluate: Evaluate) -> None:
    template = "#set($v = [])$util.qr($v.add($v))$util.dynamodb.toDynamoDBJson($v)"
    with pytest.raises(EvaluationError, match="StackOverflowError"):
        evaluate(template)
