"""`$util.transform` beyond the tables of ../shared: no map, too many alternatives."""

from collections.abc import Callable
from typing import Any

import pytest

from appsync_resolvers import EvaluationError
from appsync_resolvers.vtl.util.transform_subscription import to_filter

Evaluate = Callable[..., Any]


@pytest.mark.aws_doc("devguide transformation-helpers-in-utils-transform: takes a Map")
@pytest.mark.parametrize(
    "name", ["toDynamoDBFilterExpression", "toElasticsearchQueryDSL"]
)
def test_anything_but_a_map_is_not_taken(show: Evaluate, name: str) -> None:
    call = f"$util.transform.{name}([1])"
    assert show(call) == call


@pytest.mark.ours("alternatives multiply, memory is limited")
def test_a_filter_with_too_many_alternatives_is_an_error() -> None:
    source = {f"f{number}": {str(i): i for i in range(10)} for number in range(9)}
    with pytest.raises(EvaluationError, match="too large"):
        to_filter(source, [], None)
