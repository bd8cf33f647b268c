"""What groups, denied fields and policies open and close, seen from outside."""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from support import js, template

from .carriers import by_protocol, connected
from .issuers import POOL, Issuers
from .test_iam import signed

MODES = "developer guide, authorization: additional authorization modes"
USER_POOL = {
    "AuthenticationType": "AMAZON_COGNITO_USER_POOLS",
    "UserPoolConfig": {
        "UserPoolId": "us-east-1_pool",
        "AwsRegion": "us-east-1",
        "DefaultAction": "ALLOW",
    },
}
DENY = {
    **USER_POOL,
    "UserPoolConfig": {**USER_POOL["UserPoolConfig"], "DefaultAction": "DENY"},  # type: ignore[dict-item]
}
KEYS_TOO = {"AdditionalAuthenticationProviders": [{"AuthenticationType": "API_KEY"}]}
RESOLVERS = {
    "Query.scalar1": js("{ return { payload: 'q' }; }"),
    "Query.plain": js("{ return { payload: 'p' }; }"),
    "Query.users": js("{ return { payload: 'u' }; }"),
    "Query.outer": js("{ return { payload: { scalar: 's', inner: { deep: 'd' } } }; }"),
    "Mutation.say": js("{ return { payload: ctx.args.text }; }"),
}
SCHEMA = """
type Inner { deep: String @GROUPS(cognito_groups: ["admin"]) }
type Outer {
  scalar: String @GROUPS(cognito_groups: ["admin"])
  inner: Inner @GROUPS(cognito_groups: ["admin"])
}
type Query {
  scalar1: String @GROUPS(cognito_groups: ["admin"])
  users: String @GROUPS(cognito_groups: ["user", "admin"])
  outer: Outer @GROUPS
  plain: String
}
type Mutation { say(text: String): String @GROUPS(cognito_groups: ["admin"]) }
type Subscription {
  onSay: String @aws_subscribe(mutations: ["say"]) @GROUPS(cognito_groups: ["admin"])
}
"""
QUERY = "{ scalar1 users outer { scalar inner { deep } } plain }"
Serve = Callable[..., Awaitable[Any]]


@pytest.fixture
async def serve(start: Any, tmp_path: Any, issuers: Issuers) -> Serve:
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [issuers.rsa.as_dict(private=False)]}))

    async def serve(
        schema: str, api: Mapping[str, Any], resolvers: Any = None, **settings: Any
    ) -> Any:
        content = template(schema, resolvers or RESOLVERS, api=api)
        return await start(content, jwks=(f"{POOL}={jwks}",), **settings)

    return serve


def user(issuers: Issuers, *groups: str) -> dict[str, str]:
    now = int(time.time())
    claims = issuers.claims(POOL, iat=now, exp=now + 3600)
    if groups:
        claims["cognito:groups"] = list(groups)
    return {"authorization": issuers.sign(claims)}


async def ask(server: Any, headers: Mapping[str, str], query: str) -> Any:
    answer = await server.http.post(server.url, json={"query": query}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def denied(body: Any) -> set[str]:
    """Give the paths of denied fields."""
    errors = body.get("errors", [])
    assert all(one["errorType"] == "Unauthorized" for one in errors)
    return {".".join(map(str, one["path"])) for one in errors}


@pytest.mark.aws_observed("aws-appsync-community #275: both schemas, side by side")
async def test_aws_auth_is_looked_at_on_root_fields_only(
    serve: Serve, issuers: Issuers
) -> None:
    server = await serve(SCHEMA.replace("@GROUPS", "@aws_auth"), USER_POOL)
    body = await ask(server, user(issuers, "user"), QUERY)
    assert denied(body) == {"scalar1"}
    assert body["data"] == {
        "scalar1": None,
        "users": "u",
        "outer": {"scalar": "s", "inner": {"deep": "d"}},
        "plain": "p",
    }


@pytest.mark.aws_observed("aws-appsync-community #275: both schemas, side by side")
async def test_groups_are_looked_at_on_every_field_where_there_are_several_modes(
    serve: Serve, issuers: Issuers
) -> None:
    schema = SCHEMA.replace("@GROUPS", "@aws_cognito_user_pools")
    server = await serve(schema, {**USER_POOL, **KEYS_TOO})
    body = await ask(server, user(issuers, "user"), QUERY)
    assert denied(body) == {"scalar1", "outer.scalar", "outer.inner"}
    assert body["data"]["outer"] == {"scalar": None, "inner": None}
    assert denied(await ask(server, user(issuers, "admin", "x"), QUERY)) == set()
    assert denied(await ask(server, user(issuers), QUERY)) == {
        *("scalar1", "users", "outer.scalar", "outer.inner"),
    }


@pytest.mark.aws_doc(f"{MODES}: @aws_auth does not go with additional modes")
async def test_aws_auth_does_not_count_beside_other_modes(
    serve: Serve, issuers: Issuers
) -> None:
    schema = SCHEMA.replace("@GROUPS", "@aws_auth")
    server = await serve(schema, {**USER_POOL, **KEYS_TOO})
    assert denied(await ask(server, user(issuers), QUERY)) == set()


@pytest.mark.aws_observed(
    "serverless-appsync-plugin #510: on all queries and mutations"
)
async def test_deny_closes_root_fields_without_a_directive(
    serve: Serve, issuers: Issuers
) -> None:
    server = await serve(SCHEMA.replace("@GROUPS", "@aws_auth"), DENY)
    body = await ask(server, user(issuers, "admin"), QUERY)
    assert denied(body) == {"plain"}
    assert body["data"]["outer"] == {"scalar": "s", "inner": {"deep": "d"}}


@pytest.mark.aws_observed("amplify-category-api #2422: groups and subscriptions")
async def test_groups_close_mutations_and_subscriptions(
    serve: Serve, issuers: Issuers
) -> None:
    schema = SCHEMA.replace("@GROUPS", "@aws_cognito_user_pools")
    server = await serve(schema, {**USER_POOL, **KEYS_TOO})
    reader, admin = user(issuers, "user"), user(issuers, "admin")
    async with connected(server, by_protocol, reader) as one:
        assert (await one.receive())["type"] == "connection_ack"
        refused = await one.start("subscription { onSay }")
        assert refused["payload"]["errors"] == [
            {
                "errorType": "Unauthorized",
                "message": "Not Authorized to access onSay on type Subscription",
            }
        ]
        # Each start has credentials of its own.
        one.authorization = {"host": "localhost", **admin}
        assert (await one.start("subscription { onSay }"))["type"] == "start_ack"
        say = 'mutation { say(text: "hi") }'
        assert denied(await ask(server, reader, say)) == {"say"}
        assert (await ask(server, admin, say))["data"] == {"say": "hi"}
        assert (await one.receive())["payload"] == {"data": {"onSay": "hi"}}


STRICT = """
type Query { post: Post posts: [Post!] must: Post! }
type Post { id: ID title: String! note: String author: Author }
type Author { name: String! }
"""
POST = "{ id: 'i', title: 't', note: 'n', author: { name: 'a' } }"
POSTS = {
    "Query.post": js(f"{{ return {{ payload: {POST} }}; }}"),
    "Query.posts": js(f"{{ return {{ payload: [{POST}, {POST}] }}; }}"),
    "Query.must": js(f"{{ return {{ payload: {POST} }}; }}"),
}
ALL = "{ post { id title note author { name } } }"
FUNCTION = {
    "Runtime": "python3.12",
    "Handler": "index.handler",
    "Code": {"ZipFile": "def handler(event, context): return {}"},
}


@pytest.fixture
async def deny(start: Any) -> Callable[..., Awaitable[Any]]:
    """Ask an API whose authorizer denies the fields that the token names."""
    arn = {"Fn::GetAtt": ["authorizerFunction", "Arn"]}
    api = {
        "AuthenticationType": "AWS_LAMBDA",
        "LambdaAuthorizerConfig": {"AuthorizerUri": arn},
    }
    content = template(STRICT, POSTS, api=api, functions={"authorizer": FUNCTION})
    server = await start(content)

    def authorizer(event: Any, _context: Any) -> Any:
        fields = event["authorizationToken"].split(",")
        return {"isAuthorized": True, "deniedFields": fields}

    server.emulator.lambdas.replace("authorizer", authorizer)
    (api_id,) = server.emulator.apis

    async def deny(*fields: str, query: str = ALL) -> Any:
        named = [field.replace("API", api_id) for field in fields]
        return await ask(server, {"authorization": ",".join(named)}, query)

    return deny


@pytest.mark.aws_observed("amplify-category-api #2805: the error beside the null")
async def test_denied_fields_are_null_with_an_error(deny: Any) -> None:
    body = await deny("Post.note")
    assert body["data"]["post"]["note"] is None
    (error,) = body["errors"]
    assert error["message"] == "Not Authorized to access note on type Post"
    assert error["path"] == ["post", "note"]
    # Another token, another plan for the same document.
    assert denied(await deny("Post.id", "Author.name")) == {
        "post.id",
        "post.author.name",
    }
    assert "errors" not in await deny("Post.other")


@pytest.mark.aws_observed(
    "amplify-category-api #2805: a required one empties its parent"
)
async def test_a_denied_field_that_must_not_be_null_empties_its_parent(
    deny: Any,
) -> None:
    assert (await deny("Post.title"))["data"] == {"post": None}
    assert (await deny("Author.name"))["data"]["post"]["author"] is None
    body = await deny("Post.title", query="{ posts { title } }")
    assert body["data"] == {"posts": None}
    assert (await deny("Post.title", query="{ must { title } }"))["data"] is None


@pytest.mark.aws_doc("developer guide, AWS_LAMBDA authorization: ARNs of fields")
async def test_denied_fields_may_be_arns_of_the_api(deny: Any) -> None:
    arn = "arn:aws:appsync:us-east-1:000000000000:apis/{}/types/Query/fields/post"
    assert denied(await deny(arn.format("API"))) == {"post"}
    assert denied(await deny(arn.format("another"))) == set()


# IAM policies

ARN = "arn:aws:appsync:us-east-1:*:apis/*/types"
IAM = {"AuthenticationType": "AWS_IAM"}
SCALARS = (
    "type Query { a: String b: String } type Mutation { say(text: String): String }"
)
SCALARS += ' type Subscription { onSay: String @aws_subscribe(mutations: ["say"]) }'


def iam(server: Any, body: bytes, key: str = "AKIATEST") -> dict[str, str]:
    headers = dict(signed(server.url, body=body, at=datetime.now(UTC)).headers)
    return {
        **headers,
        "authorization": headers["authorization"].replace("AKIATEST", key),
    }


@pytest.fixture
def only(serve: Serve, tmp_path: Any) -> Callable[..., Awaitable[Any]]:
    """Serve an API to somebody who may access only some of its fields."""

    async def only(*fields: str) -> Any:
        file = tmp_path / "identity.json"
        statement = {
            "Effect": "Allow",
            "Action": "appsync:GraphQL",
            "Resource": [f"{ARN}/{one}" for one in fields],
        }
        file.write_text(json.dumps({"policy": {"Statement": [statement]}}))
        resolvers = {
            "Query.a": js("{ return { payload: 'a' }; }"),
            "Query.b": js("{ return { payload: 'b' }; }"),
            "Mutation.say": js("{ return { payload: ctx.args.text }; }"),
        }
        credential = f"AKIATEST:secret:{file}"
        return await serve(SCALARS, IAM, resolvers, iam_credential=(credential,))

    return only


async def post(server: Any, query: str) -> Any:
    body = json.dumps({"query": query}).encode()
    return await server.http.post(server.url, content=body, headers=iam(server, body))


@pytest.mark.aws_doc("developer guide, AWS_IAM authorization: fields of root types")
async def test_a_policy_opens_single_root_fields(only: Any) -> None:
    server = await only("Query/fields/a", "Mutation/*")
    body = (await post(server, "{ a b __typename }")).json()
    assert body["data"] == {"a": "a", "b": None, "__typename": "Query"}
    (error,) = body["errors"]
    assert error["message"] == "Not Authorized to access b on type Query"
    said = await post(server, 'mutation { say(text: "hi") }')
    assert said.json() == {"data": {"say": "hi"}}


@pytest.mark.aws_observed("amplify-cli #4137, amplify-category-api #2457")
async def test_what_a_policy_denies_as_a_whole_is_refused_as_a_whole(only: Any) -> None:
    server = await only("Query/fields/a")
    answer = await post(server, "{ b }")
    assert answer.status_code == 401
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"
    error = {"errorType": "UnauthorizedException", "message": "Permission denied"}
    assert answer.json() == {"errors": [error]}
    data = json.dumps({"query": "subscription { onSay }", "variables": {}}).encode()
    connect = signed(f"{server.url}/connect", body=b"{}", at=datetime.now(UTC))
    async with connected(server, by_protocol, dict(connect.headers)) as one:
        assert (await one.receive())["type"] == "connection_ack"
        one.authorization = iam(server, data)
        refused = await one.start("subscription { onSay }")
        assert refused == {"id": "1", "type": "error", "payload": {"errors": [error]}}
