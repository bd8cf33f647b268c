"""`$util.transform`: the list of its helpers."""

from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.json_write import plain, to_json
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.util.transform_dynamodb import to_expression
from appsync_resolvers.vtl.util.transform_elasticsearch import to_query
from appsync_resolvers.vtl.util.transform_subscription import to_filter

TRANSFORM: Table = {}

Map = dict[Any, Any]


@method(TRANSFORM, "toDynamoDBFilterExpression", "m")
@method(TRANSFORM, "toDynamoDBConditionExpression", "m")
def to_dynamodb_expression(_context: Context, source: Map | None) -> str | None:
    """Write a filter as a DynamoDB expression with its names and values.

    AWS's guide calls the result a map and shows a text; templates put it into a
    document as it is, or give it to `parseJson`, so it is a text.
    """
    expression = to_expression(plain(source))
    return None if expression is None else to_json(expression)


@method(TRANSFORM, "toElasticsearchQueryDSL", "m")
def to_elasticsearch_query_dsl(_context: Context, source: Map | None) -> str | None:
    """Write a filter as an OpenSearch query."""
    query = to_query(plain(source))
    return None if query is None else to_json(query)


@method(TRANSFORM, "toSubscriptionFilter", "m")
@method(TRANSFORM, "toSubscriptionFilter", "mk")
@method(TRANSFORM, "toSubscriptionFilter", "mkm")
def to_subscription_filter(
    _context: Context, source: Map | None, ignored: Any = None, rules: Map | None = None
) -> Any:
    """Turn a filter into groups for `$extensions.setSubscriptionFilter`."""
    return to_filter(plain(source), list(ignored or []), plain(rules))
