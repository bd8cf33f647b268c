"""util.dynamodb: typed values."""

from typing import Any

import pytest

pytestmark = pytest.mark.aws_observed("localstack/appsync-utils: index.test.js.snap")


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("toDynamoDB('test')", {"S": "test"}),
        ("toDynamoDB(12345)", {"N": 12345}),
        ("toDynamoDB(true)", {"BOOL": True}),
        ("toDynamoDB(null)", {"NULL": None}),
        ("toString('test')", {"S": "test"}),
        ("toStringSet(['foo', 'bar', 'baz'])", {"SS": ["foo", "bar", "baz"]}),
        ("toNumber(12345)", {"N": 12345}),
        ("toNumberSet([1, 23, 4.56])", {"NS": [1, 23, 4.56]}),
        ("toBinary('foo')", {"B": "foo"}),
        ("toBinarySet(['foo', 'bar'])", {"BS": ["foo", "bar"]}),
        ("toBoolean(true)", {"BOOL": True}),
        ("toNull()", {"NULL": None}),
        (
            "toList(['foo', 123, { bar: 'baz' }])",
            {"L": [{"S": "foo"}, {"N": 123}, {"M": {"bar": {"S": "baz"}}}]},
        ),
        (
            "toMap({ foo: 'bar', baz: 1234, beep: ['boop'] })",
            {
                "M": {
                    "foo": {"S": "bar"},
                    "baz": {"N": 1234},
                    "beep": {"L": [{"S": "boop"}]},
                }
            },
        ),
        (
            "toMapValues({ foo: 'bar', baz: 1234, beep: ['boop'] })",
            {"foo": {"S": "bar"}, "baz": {"N": 1234}, "beep": {"L": [{"S": "boop"}]}},
        ),
        (
            "toS3Object('foo', 'bar', 'baz')",
            {"S": '{"s3":{"key":"foo","bucket":"bar","region":"baz"}}'},
        ),
        (
            "toS3Object('foo', 'bar', 'baz', 'beep')",
            {
                "S": (
                    '{"s3":{"key":"foo","bucket":"bar","region":"'
                    'baz","version":"beep"}}'
                )
            },
        ),
    ],
)
def test_recorded_values(js: Any, call: str, value: Any) -> None:
    assert js.value(f"util.dynamodb.{call}") == value


@pytest.mark.aws_doc("@aws-appsync/utils types: OptionalInputType gives null")
@pytest.mark.parametrize(
    "name",
    [
        "toString",
        "toStringSet",
        "toNumber",
        "toNumberSet",
        "toBinary",
        "toBinarySet",
        "toBoolean",
        "toList",
        "toMap",
        "toMapValues",
    ],
)
def test_typed_helpers_of_nothing_give_null(js: Any, name: str) -> None:
    assert js.value(f"[util.dynamodb.{name}(null), util.dynamodb.{name}()]") == [
        None,
        None,
    ]


@pytest.mark.aws_doc("devguide dynamodb-helpers-in-util-dynamodb-js")
def test_from_s3_object_json_reads_the_inner_text(js: Any) -> None:
    text = '{"s3":{"key":"foo","bucket":"bar","region":"baz","version":"beep"}}'
    assert js.value(
        "util.dynamodb.fromS3ObjectJson(ctx.args.text)", {"text": text}
    ) == {
        "key": "foo",
        "bucket": "bar",
        "region": "baz",
        "version": "beep",
    }
    assert js.value("util.dynamodb.fromS3ObjectJson('no json')") is None


@pytest.mark.ours("JSON has no undefined: such a member does not exist")
def test_undefined_members_are_left_out(js: Any) -> None:
    assert js.value("util.dynamodb.toMapValues({ a: 1, b: undefined })") == {
        "a": {"N": 1}
    }
