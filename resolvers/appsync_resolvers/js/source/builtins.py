"""What can be imported from the modules that live inside AppSync.

Source: AppSync developer guide, built-in modules; `@aws-appsync/utils` 2.1.
"""

from dataclasses import dataclass

from appsync_resolvers.js.source.words import words

UTILS = "@aws-appsync/utils"
DYNAMODB = "@aws-appsync/utils/dynamodb"
RDS = "@aws-appsync/utils/rds"
AI = "@aws-appsync/utils/ai"

MODULES: dict[str, frozenset[str]] = {
    UTILS: frozenset({"util", "extensions", "runtime"}),
    DYNAMODB: frozenset(
        words(
            "batchDelete batchGet batchPut get operations put query remove scan sync"
            " toBinarySet toNumberSet toStringSet transactGet transactWrite update"
        )
    ),
    RDS: frozenset(
        words(
            "agg createMySQLStatement createPgStatement insert remove select sql"
            " toJsonObject typeHint update"
        )
    ),
    AI: frozenset({"converse", "invokeModel"}),
}


@dataclass(frozen=True, slots=True)
class Owner:
    """An object with functions, as AWS's type declarations know it.

    Attributes:
        type: the name of its type, as in TypeScript's messages.
        members: names of its functions and of the objects in it.
    """

    type: str
    members: frozenset[str]


def _module(file: str, specifier: str) -> Owner:
    # Observed for /dynamodb in a recording of EvaluateCode (localstack/appsync-utils);
    # the names of the other files are those of the package.
    folder = "/var/task/node_modules/@amzn/awsapp-sync-jsvtltranspiler/bundled"
    type_ = f'typeof import("{folder}/@aws-appsync/utils/lib/{file}")'
    return Owner(type_, MODULES[specifier])


def _object(type_: str, names: str) -> Owner:
    return Owner(type_, frozenset(words(names)))


# By the path from the name that is imported.
OWNERS: dict[str, Owner] = {
    UTILS: _module("index", UTILS),
    DYNAMODB: _module("dynamo-db-helpers", DYNAMODB),
    RDS: _module("rds-helpers", RDS),
    AI: _module("bedrock-helpers", AI),
    "util": _object(
        "Util",
        "appendError authType autoId autoKsuid autoUlid base64Decode base64Encode"
        " dynamodb error escapeJavaScript http matches math rds str time transform"
        " unauthorized urlDecode urlEncode xml",
    ),
    "util.dynamodb": _object(
        "DynamodbUtil",
        "fromS3ObjectJson toBinary toBinarySet toBoolean toDynamoDB toList toMap"
        " toMapValues toNull toNumber toNumberSet toS3Object toString toStringSet",
    ),
    "util.http": _object(
        "HttpUtils", "addResponseHeader addResponseHeaders copyHeaders"
    ),
    "util.math": _object(
        "MathUtils", "maxVal minVal randomDouble randomWithinRange roundNum"
    ),
    "util.rds": _object("RdsUtil", "toJsonObject"),
    "util.str": _object("StringUtils", "normalize"),
    "util.time": _object(
        "TimeUtils",
        "epochMilliSecondsToFormatted epochMilliSecondsToISO8601"
        " epochMilliSecondsToSeconds nowEpochMilliSeconds nowEpochSeconds nowFormatted"
        " nowISO8601 parseFormattedToEpochMilliSeconds parseISO8601ToEpochMilliSeconds",
    ),
    "util.transform": _object(
        "TransformUtils",
        "toDynamoDBConditionExpression toDynamoDBFilterExpression"
        " toElasticsearchQueryDSL toSubscriptionFilter",
    ),
    "util.xml": _object("XmlUtils", "toJsonString toMap"),
    "extensions": _object(
        "Extensions",
        "evictFromApiCache invalidateSubscriptions setSubscriptionFilter"
        " setSubscriptionInvalidationFilter",
    ),
    "runtime": _object("Runtime", "earlyReturn"),
}
