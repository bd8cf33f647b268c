"""@aws-appsync/utils/dynamodb."""

from typing import Any

import pytest

from appsync_resolvers import EvaluationError

pytestmark = pytest.mark.aws_observed("localstack/appsync-utils: index.test.js.snap")


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (
            "get({ key: { id: 'id' } })",
            {"operation": "GetItem", "key": {"id": {"S": "id"}}},
        ),
        (
            "put({ key: { id: 'abc' }, item: { value: 10 } })",
            {
                "operation": "PutItem",
                "key": {"id": {"S": "abc"}},
                "attributeValues": {"value": {"N": 10}},
            },
        ),
        (
            "remove({ key: { id: 'test' } })",
            {"operation": "DeleteItem", "key": {"id": {"S": "test"}}},
        ),
        (
            "scan({ limit: 10, nextToken: 'abc' })",
            {"operation": "Scan", "limit": 10, "nextToken": "abc"},
        ),
        (
            "query({ query: { id: { eq: 1 } }, index: 'byId', limit: null })",
            {
                "operation": "Query",
                "query": {
                    "expression": "(#id = :id_eq)",
                    "expressionNames": {"#id": "id"},
                    "expressionValues": {":id_eq": {"N": 1}},
                },
                "index": "byId",
            },
        ),
        ("operations.add(10)", {"type": "OPERATION_ADD", "value": 10}),
        ("operations.append([1])", {"type": "OPERATION_APPEND", "items": [1]}),
        ("operations.prepend([1])", {"type": "OPERATION_PREPEND", "items": [1]}),
        ("operations.increment(10)", {"type": "OPERATION_INCREMENT", "by": 10}),
        ("operations.decrement(10)", {"type": "OPERATION_DECREMENT", "by": 10}),
        (
            "operations.replace({ a: 10 })",
            {"type": "OPERATION_REPLACE", "value": {"a": 10}},
        ),
        ("operations.remove()", {"type": "OPERATION_REMOVE"}),
        ("operations.updateListItem('foo', 1)", None),
        ("toStringSet(['a'])", {"SS": ["a"]}),
        ("toNumberSet([1, 2])", {"NS": [1, 2]}),
        ("toBinarySet(['Zm9v'])", {"BS": ["Zm9v"]}),
    ],
)
def test_recorded_requests(js: Any, call: str, value: Any) -> None:
    assert js.value(f"ddb.{call}") == value


@pytest.mark.parametrize(
    ("change", "text", "value"),
    [
        ("ddb.operations.add(10)", "SET #expName_1 = :expValue_1", {"N": 10}),
        ("10", "SET #expName_1 = :expValue_1", {"N": 10}),
        ("null", "SET #expName_1 = :expValue_1", {"NULL": None}),
        (
            "ddb.operations.replace({ a: 1 })",
            "SET #expName_1 = :expValue_1",
            {"M": {"a": {"N": 1}}},
        ),
        (
            "ddb.operations.append([1])",
            "SET #expName_1 = list_append(#expName_1, :expValue_1)",
            {"L": [{"N": 1}]},
        ),
        (
            "ddb.operations.prepend([1])",
            "SET #expName_1 = list_append(:expValue_1, #expName_1)",
            {"L": [{"N": 1}]},
        ),
        (
            "ddb.operations.increment(10)",
            "SET #expName_1 = #expName_1 + :expValue_1",
            {"N": 10},
        ),
        (
            "ddb.operations.decrement()",
            "SET #expName_1 = #expName_1 - :expValue_1",
            {"N": 1},
        ),
    ],
)
def test_recorded_updates(js: Any, change: str, text: str, value: Any) -> None:
    made = js.value(
        f"ddb.update({{ key: {{ id: 'test' }}, update: {{ age: {change} }} }})"
    )
    assert made == {
        "operation": "UpdateItem",
        "key": {"id": {"S": "test"}},
        "update": {
            "expression": text,
            "expressionNames": {"#expName_1": "age"},
            "expressionValues": {":expValue_1": value},
        },
    }


def test_sets_come_before_removes(js: Any) -> None:
    made = js.value(
        "ddb.update({ key: { id: 1 }, update: {"
        " gone: ddb.operations.remove(), a: 1, old: ddb.operations.remove(), b: 2 } })"
    )
    assert made["update"] == {
        "expression": (
            "SET #expName_1 = :expValue_1, #expName_2 = :expValue_2"
            " REMOVE #expName_3, #expName_4"
        ),
        "expressionNames": {
            "#expName_1": "a",
            "#expName_2": "b",
            "#expName_3": "gone",
            "#expName_4": "old",
        },
        "expressionValues": {":expValue_1": {"N": 1}, ":expValue_2": {"N": 2}},
    }


@pytest.mark.aws_doc("devguide built-in-modules-js: updateListItem")
def test_items_of_a_list_are_set_by_index(js: Any) -> None:
    made = js.value(
        "ddb.update({ key: { id: 1 }, update: { friendsIds: ["
        " ddb.operations.updateListItem('102', 1),"
        " ddb.operations.updateListItem('112', 2)] } })"
    )
    assert made["update"] == {
        "expression": "SET #expName_1[1] = :expValue_1, #expName_1[2] = :expValue_2",
        "expressionNames": {"#expName_1": "friendsIds"},
        "expressionValues": {":expValue_1": {"S": "102"}, ":expValue_2": {"S": "112"}},
    }


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


def test_conditions_leave_out_values_they_do_not_have(js: Any) -> None:
    made = js.value(
        "ddb.put({ key: { id: 1 }, item: {}, _version: 2,"
        " condition: { id: { attributeExists: false } } })"
    )
    assert made == {
        "operation": "PutItem",
        "key": {"id": {"N": 1}},
        "attributeValues": {},
        "condition": {
            "expression": "(attribute_not_exists(#id))",
            "expressionNames": {"#id": "id"},
        },
        "_version": 2,
    }


def test_projections_alias_every_segment(js: Any) -> None:
    made = js.value(
        "ddb.get({ key: { id: 1 }, consistentRead: true,"
        " projection: ['id', 'a.b', 'a'] })"
    )
    assert made["projection"] == {
        "expression": "#expName_1, #expName_2.#expName_3, #expName_2",
        "expressionNames": {"#expName_1": "id", "#expName_2": "a", "#expName_3": "b"},
    }
    assert made["consistentRead"] is True


def test_sync(js: Any) -> None:
    assert js.value("ddb.sync({ limit: 10, nextToken: null, lastSync: 1 })") == {
        "operation": "Sync",
        "limit": 10,
        "lastSync": 1,
    }


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (
            "batchGet({ tables: { t: { keys: [{ id: 1 }], projection: ['id'] } } })",
            {
                "operation": "BatchGetItem",
                "tables": {
                    "t": {
                        "keys": [{"id": {"N": 1}}],
                        "projection": {
                            "expression": "#expName_1",
                            "expressionNames": {"#expName_1": "id"},
                        },
                    }
                },
            },
        ),
        (
            "batchPut({ tables: { t: [{ id: 1 }] } })",
            {"operation": "BatchPutItem", "tables": {"t": [{"id": {"N": 1}}]}},
        ),
        (
            "batchDelete({ tables: { t: [{ id: 1 }] } })",
            {"operation": "BatchDeleteItem", "tables": {"t": [{"id": {"N": 1}}]}},
        ),
        (
            "transactGet({ items: [{ table: 't', key: { id: 1 } }] })",
            {
                "operation": "TransactGetItems",
                "transactItems": [{"table": "t", "key": {"id": {"N": 1}}}],
            },
        ),
        (
            (
                "transactWrite({ items: ["
                "{ putItem: { table: 't', key: { id: 1 }, item: { a: 1 } } },"
                "{ updateItem: { table: 't', key: { id: 2 }, update: { a: 1 } } },"
                "{ deleteItem: { table: 't', key: { id: 3 } } },"
                "{ conditionCheck: { table: 't', key: { id: 4 },"
                " condition: { a: { eq: 1 } } } }] })"
            ),
            {
                "operation": "TransactWriteItems",
                "transactItems": [
                    {
                        "table": "t",
                        "operation": "PutItem",
                        "key": {"id": {"N": 1}},
                        "attributeValues": {"a": {"N": 1}},
                    },
                    {
                        "table": "t",
                        "operation": "UpdateItem",
                        "key": {"id": {"N": 2}},
                        "update": {
                            "expression": "SET #expName_1 = :expValue_1",
                            "expressionNames": {"#expName_1": "a"},
                            "expressionValues": {":expValue_1": {"N": 1}},
                        },
                    },
                    {
                        "table": "t",
                        "operation": "DeleteItem",
                        "key": {"id": {"N": 3}},
                    },
                    {
                        "table": "t",
                        "operation": "ConditionCheck",
                        "key": {"id": {"N": 4}},
                        "condition": {
                            "expression": "(#a = :a_eq)",
                            "expressionNames": {"#a": "a"},
                            "expressionValues": {":a_eq": {"N": 1}},
                        },
                    },
                ],
            },
        ),
    ],
)
def test_batches_and_transactions(js: Any, call: str, value: Any) -> None:
    assert js.value(f"ddb.{call}") == value


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


# ---- @aws-appsync/utils/ai -------------------------------------------------------


@pytest.mark.aws_doc("@aws-appsync/utils types, bedrock-helpers")
def test_ai(js: Any) -> None:
    handlers = js.load(
        "import { converse, invokeModel } from '@aws-appsync/utils/ai'\n"
        "export const request = (ctx) => [invokeModel({ modelId: 'm', body: {} }),"
        " converse({ modelId: 'm', messages: [] })]\n"
        "export const response = (ctx) => ctx.result"
    )
    from appsync_resolvers import Context

    assert handlers.request(Context({})) == [
        {"operation": "InvokeModel", "modelId": "m", "body": {}},
        {"operation": "Converse", "modelId": "m", "messages": []},
    ]
