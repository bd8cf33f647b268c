"""@aws-appsync/utils/dynamodb."""

from typing import Any

import pytest

from appsync_resolvers import EvaluationError

pytestmark = pytest.mark.aws_observed("localstack/appsync-utils: index.test.js.snap")


@pytest.mark.aws_doc("devguide built-in-modules-js: replace, for an entire subobject")
def test_keys_of_an_object_are_set_one_by_one(js: Any) -> None:
    made = js.value(
        "ddb.update({ key: { id: 1 }, update: { info: {"
        " address: ddb.operations.replace({ zip: '1' }), phone: '2', old:"
        " ddb.operations.remove() }, empty: {} } })"
    )
    assert made["update"]["expression"] == (
        "SET #expName_1.#expName_2 = :expValue_1, #expName_1.#expName_3 = :expValue_2,"
        " #expName_4 = :expValue_3 REMOVE #expName_1.#expName_5"
    )
    assert made["update"]["expressionValues"] == {
        ":expValue_1": {"M": {"zip": {"S": "1"}}},
        ":expValue_2": {"S": "2"},
        ":expValue_3": {"M": {}},
    }


@pytest.mark.ours("dropping a condition would write what nobody asked for")
@pytest.mark.parametrize(
    "call",
    [
        "put({ key: { id: 1 }, item: {}, condition: { id: 'x' } })",
        "scan({ filter: { unknown: { op: 1 } } })",
        "query({ query: { id: 1 } })",
    ],
)
def test_an_expression_that_cannot_be_rendered_fails(js: Any, call: str) -> None:
    with pytest.raises(EvaluationError, match="cannot be rendered") as failed:
        js.value(f"ddb.{call}")
    assert failed.value.message.startswith("code.js:5:8: ")
