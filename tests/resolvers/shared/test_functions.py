"""No function of AWS's lists is missing, none is ours alone, and each is tested."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import Context
from appsync_resolvers.js import JsEngine
from appsync_resolvers.js.source.builtins import MODULES, OWNERS
from appsync_resolvers.vtl.util.registry import NAMESPACES

Lists = dict[str, str]

TIME = """
nowISO8601 nowEpochSeconds nowEpochMilliSeconds nowFormatted
parseFormattedToEpochMilliSeconds parseISO8601ToEpochMilliSeconds
epochMilliSecondsToSeconds epochMilliSecondsToISO8601 epochMilliSecondsToFormatted
"""
TYPED = """
toDynamoDB toString toStringSet toNumber toNumberSet toBinary toBinarySet toBoolean
toNull toList toMap toMapValues toS3Object
"""
SAME: Lists = {
    "util.time": TIME,
    "util.http": "copyHeaders addResponseHeader addResponseHeaders",
    "util.xml": "toMap toJsonString",
    "util.transform": """toDynamoDBFilterExpression toDynamoDBConditionExpression
        toElasticsearchQueryDSL toSubscriptionFilter""",
    "util.math": "roundNum minVal maxVal randomDouble randomWithinRange",
    "extensions": """evictFromApiCache setSubscriptionFilter
        setSubscriptionInvalidationFilter invalidateSubscriptions""",
}
"""As the developer guide lists them for both runtimes. Condition expressions are named
by Amplify's templates and recorded in JavaScript."""

JAVASCRIPT: Lists = {
    **SAME,
    "util": """escapeJavaScript urlEncode urlDecode base64Encode base64Decode autoId
        autoUlid autoKsuid unauthorized error appendError matches authType""",
    "util.dynamodb": f"{TYPED} fromS3ObjectJson",
    "util.rds": "toJsonObject",
    "util.str": "normalize",
    "runtime": "earlyReturn",
    "console": "log error debug",
    "ddb": """get put remove update query scan sync batchGet batchPut batchDelete
        transactGet transactWrite toStringSet toNumberSet toBinarySet""",
    "ddb.operations": """add remove replace increment decrement append prepend
        updateListItem""",
    "rds": """select insert update remove createPgStatement createMySQLStatement sql
        toJsonObject""",
    "rds.typeHint": "DECIMAL JSON TIME DATE UUID TIMESTAMP",
    "rds.agg": """max maxDistinct min minDistinct count countDistinct avg avgDistinct
        sum sumDistinct""",
    "ai": "invokeModel converse",
}
VELOCITY: Lists = {
    **SAME,
    "util": """qr quiet escapeJavaScript urlEncode urlDecode base64Encode base64Decode
        parseJson toJson autoId autoUlid autoKsuid unauthorized error appendError
        validate isNull isNullOrEmpty isNullOrBlank defaultIfNull defaultIfNullOrEmpty
        defaultIfNullOrBlank isString isNumber isBoolean isList isMap typeOf matches
        authType""",
    "util.log": "info debug error",
    "util.list": "copyAndRetainAll copyAndRemoveAll sortList",
    "util.map": "copyAndRetainAllKeys copyAndRemoveAllKeys",
    "util.dynamodb": f"{TYPED} {' '.join(f'{name}Json' for name in TYPED.split())}"
    " fromS3ObjectJson",
    "util.rds": "toJsonString toJsonObject",
    "util.str": "toUpper toLower toReplace normalize",
}

EXPRESSIONS = json.loads(
    Path(__file__).parents[1].joinpath("js", "modules.json").read_text("utf-8")
)


def _names(lists: Lists) -> set[str]:
    return {
        f"{owner}.{name}" for owner, names in lists.items() for name in names.split()
    }


@pytest.mark.aws_doc("devguide resolver-util-reference-js, built-in-modules-js")
def test_java_script_has_the_documented_functions(engine: JsEngine) -> None:
    owners = ["util", "extensions", "runtime", "console", "ddb", "rds", "ai"]
    handler = engine.load(
        "import { util, extensions, runtime } from '@aws-appsync/utils';\n"
        "import * as ddb from '@aws-appsync/utils/dynamodb';\n"
        "import * as rds from '@aws-appsync/utils/rds';\n"
        "import * as ai from '@aws-appsync/utils/ai';\n"
        "const functions = (owner) => Object.entries(owner)\n"
        "  .map(([name, value]) => typeof value === 'function' ? name : \n"
        "    Object.keys(value).map((inner) => `${name}.${inner}`)).flat();\n"
        "export function request() {\n"
        f"  const owners = {{ {', '.join(owners)} }};\n"
        "  return Object.entries(owners).map(([name, owner]) =>\n"
        "    functions(owner).map((inner) => `${name}.${inner}`)).flat();\n"
        "}\n"
        "export function response() {}\n"
    ).request
    assert sorted(handler(Context({}))) == sorted(_names(JAVASCRIPT))


@pytest.mark.ours("what is told on loading is what the engine has")
def test_loading_knows_the_functions() -> None:
    known = {
        f"{path}.{name}"
        for path, owner in OWNERS.items()
        for name in owner.members
        if path not in MODULES and f"{path}.{name}" not in OWNERS
    }
    owners = ("util", "extensions", "runtime")
    listed = {name for name in _names(JAVASCRIPT) if name.startswith(owners)}
    assert sorted(known) == sorted(listed)


@pytest.mark.aws_doc("devguide resolver-context-reference and its pages on $util")
def test_velocity_has_the_documented_functions() -> None:
    offered = {f"{path}.{name}" for path, table in NAMESPACES.items() for name in table}
    assert sorted(offered) == sorted(_names(VELOCITY))


@pytest.mark.ours("what AWS documents is shown by a row from AWS's pages or recordings")
def test_every_function_is_in_a_row_that_is_not_ours(
    rows: list[dict[str, Any]],
) -> None:
    calls = {row["call"] for row in rows if row["kind"] != "ours"}
    shown = {c if c.startswith("extensions.") else f"util.{c}" for c in calls}
    for row in EXPRESSIONS:
        assert row["kind"] != "ours"
        shown.update(re.findall(r"\w+(?:\.\w+)+(?=[(`])", row["expression"]))
    assert _names(JAVASCRIPT) - shown == set()
