"""What can be imported from the modules that live inside AppSync.

Source: AppSync developer guide, built-in modules; `@aws-appsync/utils` 2.1.
"""

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
