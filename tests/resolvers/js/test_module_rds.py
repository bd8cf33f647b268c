"""@aws-appsync/utils/rds."""

import json
from typing import Any

import pytest

from appsync_resolvers import EvaluationError

RECORDED = "localstack/appsync-utils: resolvers.test.js.snap"
pytestmark = pytest.mark.aws_observed(RECORDED)


def postgres(js: Any, statement: str) -> tuple[str, list[Any]]:
    made = js.value(f"rds.createPgStatement({statement})")
    (text,) = made["statements"]
    return text, list(made["variableMap"].values())


@pytest.mark.parametrize(
    ("statement", "text", "values"),
    [
        ("rds.select({ table: 'UserGroup' })", 'SELECT * FROM "UserGroup"', []),
        (("rds.select({ table:"
          " 'private.persons' })"), 'SELECT * FROM "private"."persons"',
         []),
        ("rds.select({ from: 'persons', columns: ['persons.*'] })",
         'SELECT "persons"."*" FROM "persons"', []),
        (("rds.select({ table: {"
          " persons: 'p' } })"), 'SELECT * FROM "p" as "persons"', []),
        ("rds.select({ table: 't', columns: [] })", 'SELECT FROM "t"', []),
        ("rds.select({ table: 't', orderBy: [] })", 'SELECT * FROM "t"', []),
        ("rds.select({ table: 't', orderBy: [{ column: 'a', dir: 5 }] })",
         'SELECT * FROM "t" ORDER BY "a" ASC', []),
        ("rds.select({ table: 't', limit: '5', offset: 0 })",
         'SELECT * FROM "t" LIMIT :P0 OFFSET :P1', [5, 0]),
        ("rds.select({ table: 't', where: {} })", 'SELECT * FROM "t"', []),
        ("rds.select({ table: 't', where: { and: [] } })", 'SELECT * FROM "t"', []),
        ("rds.select({ table: 't', where: { or: [], and: [{ id: { eq: 1 } }] } })",
         'SELECT * FROM "t" WHERE  AND ("id" = :P0)', [1]),
        ("rds.select({ table: 't', where: { and: [{ id: { eq: 1 } }], or: [] } })",
         'SELECT * FROM "t" WHERE ("id" = :P0) AND', [1]),
        (
            ("rds.select({ table: 't', where: { or: [{ id: { eq: 1 } }],"
            " and: [{ id: { eq: 2 } }], id: { eq: 3 } } })"),
            'SELECT * FROM "t" WHERE ("id" = :P0) AND ("id" = :P1) AND "id" = :P2',
            [1, 2, 3],
        ),
        (
            "rds.select({ table: 't', where: { a: { gt: 1, le: 5 }, b: { ne: 2 } } })",
            'SELECT * FROM "t" WHERE "a" > :P0 AND "a" <= :P1 AND "b" != :P2',
            [1, 5, 2],
        ),
        (
            ("rds.select({ table: 't', where: { or: [{ and: [{ a: { lt: 1 } },"
            " { b: { ge: 2 } }] }] } })"),
            'SELECT * FROM "t" WHERE (("a" < :P0) AND ("b" >= :P1))',
            [1, 2],
        ),
        ("rds.select({ table: 't', where: { a: { contains: 'x' } } })",
         'SELECT * FROM "t" WHERE "a" LIKE :P0', ["%x%"]),
        ("rds.select({ table: 't', where: { a: { beginsWith: 'x' } } })",
         'SELECT * FROM "t" WHERE "a" LIKE :P0', ["x%"]),
        ("rds.select({ table: 't', where: { a: { notContains: 'x' } } })",
         'SELECT * FROM "t" WHERE "a" NOT LIKE :P0', ["x"]),
        ("rds.select({ table: 't', where: { a: { between: [1, null] } } })",
         'SELECT * FROM "t" WHERE "a" BETWEEN :P0 AND NULL', [1]),
        ("rds.select({ table: 't', where: { a: { attributeExists: true } } })",
         'SELECT * FROM "t" WHERE "a" IS NOT NULL', []),
        ("rds.select({ table: 't', where: { a: { attributeExists: false } } })",
         'SELECT * FROM "t" WHERE "a" IS NULL', []),
        ("rds.select({ table: 't', where: { c: { size: { eq: 3 } } } })",
         'SELECT * FROM "t" WHERE LENGTH ("c") = :P0', [3]),
        (("rds.insert({ table: 't', values: { a: null, b:"
          " false, c: 0, d: undefined } })"),
         'INSERT INTO "t" ("a", "b", "c", "d") VALUES (NULL, :P0, :P1, NULL)',
         [False, 0]),
        ("rds.select({ table: 't', where: rds.sql`length(a) > ${5}` })",
         'SELECT * FROM "t" WHERE length(a) > :P0', [5]),
        ("'UPDATE x SET y = 1'", "UPDATE x SET y = 1", []),
        ("rds.sql`select count(*) from album where artist_id = ${134}`",
         "select count(*) from album where artist_id = :P0", [134]),
    ],
)  # fmt: skip
def test_postgres(js: Any, statement: str, text: str, values: list[Any]) -> None:
    assert postgres(js, statement) == (text, values)


@pytest.mark.aws_doc("aws-samples/aws-appsync-resolver-samples, examples/js/rds")
@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (
            (
                "rds.update({ table: 'persons', values: { name: 'Jon' },"
                " where: { id: { eq: 3 } }, returning: ['id', 'name'] })"
            ),
            'UPDATE "persons" SET "name" = :P0 WHERE "id" = :P1 RETURNING "id", "name"',
        ),
        (
            (
                "rds.select({ table: 'album', columns: ['album_id',"
                " { name: 'album.title' }] })"
            ),
            'SELECT "album_id", "album"."title" as "name" FROM "album"',
        ),
    ],
)
def test_samples(js: Any, statement: str, text: str) -> None:
    assert postgres(js, statement)[0] == text


@pytest.mark.ours("the samples name the options; their SQL is nowhere shown")
@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (
            (
                "rds.select({ from: 'album', join: [{ from: 'artist',"
                " using: ['artist_id'] }] })"
            ),
            'SELECT * FROM "album" JOIN "artist" USING ("artist_id")',
        ),
        (
            (
                "rds.select({ from: 'a', leftOuterJoin: [{ table: 'b',"
                " on: rds.sql`a.x = b.y` }] })"
            ),
            'SELECT * FROM "a" LEFT OUTER JOIN "b" ON a.x = b.y',
        ),
        (
            (
                "rds.select({ from: 'a', crossJoin: [{ table: 'b' }],"
                " joinNatural: [{ table: 'c' }] })"
            ),
            'SELECT * FROM "a" CROSS JOIN "b" NATURAL JOIN "c"',
        ),
        (
            (
                "rds.select({ table: 'album', columns: ['artist_id',"
                " { count: rds.agg.count('*') }], groupBy: ['artist_id'],"
                " having: { album_id: { count: { ge: 5 } } } })"
            ),
            (
                'SELECT "artist_id", COUNT(*) as "count" FROM'
                ' "album" GROUP BY "artist_id"'
                ' HAVING COUNT("album_id") >= :P0'
            ),
        ),
        (
            (
                "rds.select({ from: { sub: rds.select({ from: 'a', columns: ['x',"
                " { n: rds.agg.countDistinct('y') }], groupBy: [1] }) } })"
            ),
            (
                'SELECT * FROM (SELECT "x", COUNT(DISTINCT "y")'
                ' as "n" FROM "a" GROUP BY 1)'
                ' as "sub"'
            ),
        ),
        (
            (
                "rds.select({ table: 't', where: { not: [{ a: { eq: 1 } },"
                " { b: { eq: 2 } }] } })"
            ),
            'SELECT * FROM "t" WHERE NOT (("a" = :P0) AND ("b" = :P1))',
        ),
    ],
)
def test_joins_aggregates_and_subqueries(js: Any, statement: str, text: str) -> None:
    assert postgres(js, statement)[0] == text


def test_tagged_templates_bind_in_order(js: Any) -> None:
    made = js.value(
        "rds.createPgStatement("
        "rds.sql`insert into Post(id, text)"
        " values(${rds.typeHint.UUID('u')}, ${'hi'})`,"
        "rds.sql`select * from Post where id = ${'u'}`)"
    )
    assert made == {
        "statements": [
            "insert into Post(id, text) values(:P0, :P1)",
            "select * from Post where id = :P2",
        ],
        "variableMap": {":P0": "u", ":P1": "hi", ":P2": "u"},
        "variableTypeHintMap": {":P0": "UUID"},
    }


def select(options: str) -> str:
    return f"rds.createPgStatement(rds.select({{ table: 't', {options} }}))"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("rds.createPgStatement()",
         "An argument is expected to be passed to createPgStatement"),
        ("rds.createMySQLStatement()",
         "An argument is expected to be passed to createMySQLStatement"),
        ("rds.createPgStatement(5)",
         "Unsupported type is passed as argument to createPgStatement"),
        ("rds.select()", "An argument is expected to be passed to select"),
        ("rds.insert()", "An argument is expected to be passed to insert"),
        ("rds.update()", "An argument is expected to be passed to update"),
        ("rds.remove()", "An argument is expected to be passed to remove"),
        ("rds.select('t')", "Expected payload to be an Object."),
        ("rds.createPgStatement(rds.select({}))", "'table' or 'from' key is required."),
        ("rds.createPgStatement(rds.select({ table: 'a', from: 'b' }))",
         "'from' and 'table' keys cannot be used together"),
        ("rds.createPgStatement(rds.select({ from: 5 }))",
         "'from' value is expected to be string or object."),
        ("rds.createPgStatement(rds.select({ table: 5 }))",
         "table name is expected to be a string or alias."),
        ("rds.createPgStatement(rds.select({ table: { a: 'b', c: 'd' } }))",
         "table alias is allowed only one key-value pair."),
        ("rds.createPgStatement(rds.select({ table: { a: 5 } }))",
         "Table alias value is expected to be a string."),
        ("rds.createPgStatement(rds.select({ table: {} }))",
         "java.util.NoSuchElementException"),
        ("rds.createPgStatement(rds.insert({ table: 't' }))",
         "values are expected to be passed to insert"),
        ("rds.createPgStatement(rds.update({ table: 't' }))",
         "values are expected to be passed to update"),
        ("rds.createPgStatement(rds.insert({ table: 't', values: 5 }))",
         "Expected values to an Object."),
        (select("columns: 'id'"), "Expected column to be * or an array."),
        (select("columns: [5]"), "Invalid type in column array."),
        (select("orderBy: 'id'"), "orderBy expects an array."),
        (select("orderBy: ['id']"), "orderBy item expected to be an object."),
        (select("orderBy: [{}]"), "orderBy item expected to have property column."),
        (select("orderBy: [{ column: 'a', dir: 'UP' }]"),
         "orderBy dir can have either ASC or DESC found UP."),
        (select("limit: 'x'"), "limit expects a number."),
        (select("offset: {}"), "offset expects a number."),
        (select("where: 'x'"),
         "WHERE values are expected to be SQL templates or a condition object."),
        (select("where: { a: 5 }"), "Expected condition to be an Object."),
        (select("where: { and: {} }"), "and expects conditions to be an array"),
        (select("where: { or: 5 }"), "or expects conditions to be an array"),
        (select("where: { or: [5] }"), "Expected or to be an Object."),
        (select("where: { a: { in: [1] } }"), "Unsupported condition a.in."),
        (select("where: { a: { eq: null } }"), "Value for a.eq can't be null."),
        (select("where: { a: { contains: 5 } }"),
         "a.contains expects a string value to be passed."),
        (select("where: { a: { attributeExists: 5 } }"),
         "a.attributeExists expects a boolean value to be passed."),
        (select("where: { a: { between: 5 } }"),
         "a.between condition expects an array with length of 2."),
        (select("where: { a: { between: [1, 2, 3] } }"),
         ("a.between condition expects an array with 2 values"
           " but received an array with"
         " length 3.")),
        (select("where: { a: { size: 5 } }"), "Expected a.size to be an Object."),
        (select("where: { a: { size: { contains: 5 } } }"),
         "a.size has invalid size operator."),
        (("rds.createMySQLStatement(rds.insert({ table: 't',"
          " values: {}, returning: '*' }))"),
         "returning is not supported in MySQL."),
        ("rds.sql('x')", ("java.lang.IllegalArgumentException:"
                           " Unexpected argument passed"
         " to sql tagged template")),
    ],
)  # fmt: skip
def test_refusals(js: Any, call: str, message: str) -> None:
    with pytest.raises(EvaluationError) as failed:
        js.value(call)
    assert failed.value.message == f"code.js:5:8: {message}"
    assert failed.value.error_type == "Code"


# ---- toJsonObject ----------------------------------------------------------------


@pytest.mark.aws_doc("devguide built-in-modules-js and rds-helpers-in-util-rds-js")
def test_rows_are_read_as_by_util(js: Any) -> None:
    statement = {"records": [[{"longValue": 5}]], "columnMetadata": [{"label": "n"}]}
    result = json.dumps({"sqlStatementResults": [statement]})
    call = "[rds.toJsonObject(ctx.args.r), util.rds.toJsonObject(ctx.args.r)]"
    assert js.value(call, {"r": result}) == [[[{"n": 5}]], [[{"n": 5}]]]


@pytest.mark.aws_doc("@aws-appsync/utils types: string | RDSResponse")
def test_a_result_may_be_an_object(js: Any) -> None:
    assert js.value("rds.toJsonObject({ sqlStatementResults: [] })") == []
