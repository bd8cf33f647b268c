"""A small chat for the tests of the plug-in, as a template."""

import json
from pathlib import Path
from typing import Any

from support import API_ID, KEY, inline_python, js, lambda_js, template

SCHEMA = """
type Token { session: ID! text: String! }
type Query { echo(text: String): String, item(id: ID!): String, slow: String }
type Mutation {
  ask(session: ID!): Boolean
  publishToken(session: ID!, text: String!): Token
}
type Subscription {
  onToken(session: ID!): Token @aws_subscribe(mutations: ["publishToken"])
}
"""
CODE = """
def handler(event, context):
    print("working on", event["args"])
    return event["args"].get("text", "own")
"""
EXPIRES = 4_000_000_000
"""Epoch seconds at which the second key expires."""

BUS = "arn:aws:events:us-east-1:000000000000:event-bus/chat"

SECOND = "da2-second"

ASK = 'mutation { ask(session: "s") }'
ON_TOKEN = 'subscription { onToken(session: "s") { session text } }'
PUBLISH = """
mutation Publish($text: String!, $session: ID = "s") {
  publishToken(session: $session, text: $text) { session text }
}
"""
ECHO = 'query { echo(text: "hello") }'


def write_project(folder: Path) -> Path:
    """Write the template into `folder`; gives its path."""
    content = template(
        SCHEMA,
        {
            "Query.echo": {"DataSourceName": "Echo", **lambda_js()},
            "Query.slow": {"DataSourceName": "Echo", **lambda_js()},
            "Query.item": {"DataSourceName": "Table", **_item()},
            "Mutation.ask": {"DataSourceName": "Ask", **lambda_js("Event")},
            "Mutation.publishToken": js(),
        },
        functions={"Ask": inline_python(CODE), "Echo": inline_python(CODE)},
    )
    content["Resources"] |= {
        "Table": _resource(
            "DataSource",
            Name="Table",
            Type="AMAZON_EVENTBRIDGE",
            EventBridgeConfig={"EventBusArn": BUS},
        ),
        "Second": _resource("ApiKey", Expires=EXPIRES),
    }
    path = folder / "template.json"
    path.write_text(json.dumps(content))
    return path


def _item() -> dict[str, Any]:
    request = "{ return { operation: 'PutEvents', events: [ctx.args.id] }; }"
    fail = "if (ctx.error) util.error(ctx.error.message, ctx.error.type, ctx.result);"
    return js(request, f"{{ {fail} return ctx.result; }}")


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {
        "Type": f"AWS::AppSync::{kind}",
        "Properties": {"ApiId": API_ID, **properties},
    }


KEYS = (KEY, SECOND)
