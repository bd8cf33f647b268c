"""AWS's own library for functions, unmodified, in functions behind resolvers."""

import json
from typing import Any

import pytest

from support import inline_python, template

pytest.importorskip("aws_lambda_powertools", reason="Powertools is not installed")

pytestmark = pytest.mark.aws_doc("Powertools for AWS Lambda (Python), AppSync events")

SCHEMA = """
type Query { post(id: ID!): Post  posts: [Post!]  other: String }
type Mutation { add(title: String!): Post }
type Post { id: ID!  title: String  author: Author  score: Int  caller: String }
type Author { name: String }
"""
CODE = """
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes import AppSyncResolverEvent

logger = Logger(service="posts")
metrics = Metrics(namespace="test", service="posts")
tracer = Tracer(disabled=True)
app = AppSyncResolver()


class NotThere(Exception):
    pass


@app.resolver(type_name="Query", field_name="post")
def post(id: str):
    if id == "0":
        raise NotThere("there is no post 0")
    event = app.current_event
    assert isinstance(event, AppSyncResolverEvent)
    return {"id": id, "title": f"Post {id}", "caller": event.request_headers["x-who"]}


@app.resolver(type_name="Query", field_name="posts")
def posts():
    return [{"id": str(number)} for number in range(3)]


@app.resolver(type_name="Mutation", field_name="add")
def add(title: str):
    metrics.add_metric(name="added", unit=MetricUnit.Count, value=1)
    logger.info("adding", extra={"title": title})
    return {"id": "new", "title": title}


@app.batch_resolver(type_name="Post", field_name="author")
def authors(event: list[AppSyncResolverEvent]):
    return [{"data": {"name": f"author {one.source['id']} of {len(event)}"}}
            for one in event]


@app.async_batch_resolver(type_name="Post", field_name="score", aggregate=False)
async def score(event: AppSyncResolverEvent):
    return {"data": int(event.source["id"]) * 10}


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handler(event, context):
    return app.resolve(event, context)
"""


@pytest.fixture
async def server(start: Any) -> Any:
    """Serve direct resolvers, two of them in groups."""
    source: dict[str, Any] = {"DataSourceName": "fn"}
    resolvers = {
        "Query.post": source,
        "Query.posts": source,
        "Query.other": source,
        "Mutation.add": source,
        "Post.author": {**source, "MaxBatchSize": 10},
        "Post.score": {**source, "MaxBatchSize": 10},
    }
    functions = {"fn": inline_python(CODE, Timeout=30, MemorySize=256)}
    return await start(template(SCHEMA, resolvers, functions=functions))


async def test_a_resolver_gets_arguments_and_the_event(server: Any) -> None:
    query = '{ post(id: "7") { id title caller } }'
    answer = await server.post(query, **{"x-who": "me"})
    assert answer.json() == {
        "data": {"post": {"id": "7", "title": "Post 7", "caller": "me"}}
    }


async def test_groups_are_resolved_together_and_one_by_one(server: Any) -> None:
    body = await server.run("{ posts { id author { name } score } }")
    assert body == {
        "data": {
            "posts": [
                {
                    "id": str(number),
                    "author": {"name": f"author {number} of 3"},
                    "score": number * 10,
                }
                for number in range(3)
            ]
        }
    }


@pytest.mark.parametrize(
    ("query", "kind", "message"),
    [
        ('{ post(id: "0") { id } }', "NotThere", "there is no post 0"),
        ("{ other }", "ValueError", "No resolver found for 'Query.other'"),
    ],
)
async def test_exceptions_reach_the_client(
    query: str, kind: str, message: str, server: Any
) -> None:
    (error,) = (await server.run(query))["errors"]
    assert (error["errorType"], error["message"]) == (kind, message)


async def test_its_logger_and_metrics_know_where_they_are(
    server: Any, caplog: Any
) -> None:
    caplog.set_level("INFO")
    body = await server.run('mutation { add(title: "hello") { id title } }')
    assert body == {"data": {"add": {"id": "new", "title": "hello"}}}
    printed = [
        json.loads(record.message)
        for record in caplog.records
        if record.message.startswith("{")
    ]
    (logged,) = [one for one in printed if one.get("message") == "adding"]
    assert logged["title"] == "hello"
    assert logged["function_name"] == "fn"
    assert logged["function_memory_size"] == "256"
    assert logged["function_arn"].endswith(":function:fn")
    assert logged["cold_start"] is True
    (counted,) = [one for one in printed if "_aws" in one]
    assert (counted["added"], counted["service"]) == ([1.0], "posts")
