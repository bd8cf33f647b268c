"""Authorization directives: which fields a caller may access."""

from typing import Any

import pytest

from appsync_emulator.auth.caller import Rights
from appsync_emulator.auth.guard import Guard
from appsync_emulator.model import Api, AuthProvider, AuthType
from appsync_emulator.schema import build
from appsync_emulator.types import Origin, Text
from realtime_client import subscriber
from support import js, template

MODES = "developer guide, authorization: additional authorization modes"
HERE = Origin("schema.graphql", 1)
SDL = """
type Query {
  open: Int
  keys: Post @aws_api_key
  iam: Post @aws_iam
  both: Post @aws_iam @aws_api_key
  pools: Int @aws_auth(cognito_groups: ["Admin"])
}
type Post @aws_iam @aws_api_key {
  id: ID!
  secret: String @aws_iam
  title: String @aws_api_key
}
type Plain { id: ID }
"""
KEYS: AuthType = "API_KEY"
IAM: AuthType = "AWS_IAM"
POOLS: AuthType = "AMAZON_COGNITO_USER_POOLS"


def guard(*modes: AuthType) -> Guard:
    default, *more = [AuthProvider(mode, HERE) for mode in modes]
    api = Api("a" * 26, "test", HERE, default, additional_auth=tuple(more))
    return Guard(api, build(Text(SDL, HERE)).authorization)


@pytest.mark.aws_doc(MODES)
@pytest.mark.parametrize(
    ("place", "keys", "iam"),
    [
        ("Query.open", True, False),
        ("Query.keys", True, False),
        ("Query.iam", False, True),
        ("Query.both", True, True),
        ("Post.id", True, True),
        ("Post.secret", False, True),
        ("Post.title", True, False),
        ("Plain.id", True, False),
    ],
)
def test_directives_take_the_place_of_the_default_mode(
    place: str, keys: bool, iam: bool
) -> None:
    one = guard(KEYS, IAM)
    type_name, field_name = place.split(".")
    assert one.admits(Rights(KEYS), type_name, field_name) is keys
    assert one.admits(Rights(IAM), type_name, field_name) is iam


@pytest.mark.aws_doc(MODES)
def test_what_has_no_directive_is_for_the_default_mode_whichever_that_is() -> None:
    one = guard(IAM, KEYS)
    assert one.admits(Rights(IAM), "Plain", "id")
    assert not one.admits(Rights(KEYS), "Plain", "id")
    assert not one.admits(Rights(KEYS), "Query", "open")


@pytest.mark.aws_doc(f"{MODES}: @aws_auth works with user pools alone")
def test_aws_auth_counts_only_where_user_pools_are_the_only_mode() -> None:
    assert guard(KEYS).admits(Rights(KEYS), "Query", "pools")
    assert guard(KEYS, POOLS).admits(Rights(KEYS), "Query", "pools")
    assert not guard(KEYS, POOLS).admits(Rights(POOLS), "Query", "pools")
    assert not guard(POOLS).admits(Rights(POOLS), "Query", "pools")
    admin = Rights(POOLS, frozenset({"Admin"}))
    assert guard(POOLS).admits(admin, "Query", "pools")


@pytest.mark.ours("plans are made for what matters")
def test_groups_that_no_directive_names_do_not_matter() -> None:
    one = guard(POOLS)
    both = Rights(POOLS, frozenset({"Admin", "tenant-1"}), default_deny=True)
    admin = Rights(POOLS, frozenset({"Admin"}), default_deny=True)
    assert one.relevant(both) == admin
    assert hash(one.relevant(both)) == hash(admin)
    assert one.relevant(admin) is admin


SCHEMA = """
type Query {
  post: Post
  posts: [Post]
  hidden: Post @aws_iam
  must: Post! @aws_iam
  box: Box
  thing: Thing
}
type Mutation {
  say(text: String): Said
  whisper(text: String): Said @aws_iam
}
type Subscription {
  onSay: Said @aws_subscribe(mutations: ["say", "whisper"])
  onWhisper: Said @aws_subscribe(mutations: ["say"]) @aws_iam
}
type Said { text: String note: String @aws_iam }
type Post { id: ID! secret: String @aws_iam strict: String! @aws_iam }
type Box @aws_iam { id: ID open: ID @aws_api_key }
interface Thing { id: ID }
type Stone implements Thing { id: ID }
type Gem implements Thing @aws_iam { id: ID }
"""
FULL = "{ id: 'a', secret: 's', strict: 't' }"
RESOLVERS = {
    "Query.post": js(f"{{ return {{ payload: {FULL} }}; }}"),
    "Query.posts": js(f"{{ return {{ payload: [{FULL}, {FULL}] }}; }}"),
    "Query.hidden": js("{ util.error('the resolver must not run'); }"),
    "Query.must": js("{ util.error('the resolver must not run'); }"),
    "Query.box": js("{ return { payload: { id: 'b', open: 'o' } }; }"),
    "Query.thing": js("{ return { payload: { __typename: 'Gem', id: 'g' } }; }"),
    "Mutation.say": js("{ return { payload: { ...ctx.args, note: 'n' } }; }"),
    "Mutation.whisper": js("{ util.error('the resolver must not run'); }"),
}
ADDITIONAL = {"AdditionalAuthenticationProviders": [{"AuthenticationType": "AWS_IAM"}]}


@pytest.fixture
async def server(start: Any) -> Any:
    return await start(template(SCHEMA, RESOLVERS, api=ADDITIONAL))


def denial(field: str, parent: str, *path: str | int, column: int) -> Any:
    """Give the error entry of a denied field."""
    return {
        "path": list(path),
        "data": None,
        "errorType": "Unauthorized",
        "errorInfo": None,
        "locations": [{"line": 1, "column": column, "sourceName": None}],
        "message": f"Not Authorized to access {field} on type {parent}",
    }


@pytest.mark.aws_observed("amplify-category-api #2422: the whole entry")
async def test_a_denied_field_is_null_with_appsyncs_error(server: Any) -> None:
    body = await server.run("{ hidden { id } post { id } }")
    assert body == {
        "data": {"hidden": None, "post": {"id": "a"}},
        "errors": [denial("hidden", "Query", "hidden", column=3)],
    }
    assert list(body["errors"][0]) == [
        "path", "data", "errorType", "errorInfo", "locations", "message",
    ]  # fmt: skip


@pytest.mark.aws_doc(MODES)
async def test_denied_fields_of_an_object_leave_the_others(server: Any) -> None:
    assert await server.run("{ posts { id s: secret } }") == {
        "data": {"posts": [{"id": "a", "s": None}] * 2},
        "errors": [
            denial("secret", "Post", "posts", number, "s", column=14)
            for number in range(2)
        ],
    }


@pytest.mark.aws_doc("GraphQL: a null in a non-null position goes to its parent")
async def test_a_denied_field_that_cannot_be_null_empties_its_parent(
    server: Any,
) -> None:
    assert await server.run("{ post { id strict } }") == {
        "data": {"post": None},
        "errors": [denial("strict", "Post", "post", "strict", column=13)],
    }
    assert await server.run("{ post { id } must { id } }") == {
        "data": None,
        "errors": [denial("must", "Query", "must", column=15)],
    }


@pytest.mark.aws_doc(f"{MODES}: types that are returned have to be open too")
async def test_the_directive_of_a_type_is_that_of_its_fields(server: Any) -> None:
    body = await server.run("{ box { __typename id open } thing { id } }")
    assert body == {
        "data": {
            "box": {"__typename": "Box", "id": None, "open": "o"},
            "thing": {"id": None},
        },
        "errors": [
            denial("id", "Box", "box", "id", column=20),
            denial("id", "Gem", "thing", "id", column=38),
        ],
    }


@pytest.mark.aws_doc(f"{MODES}: without a directive the default mode is meant")
async def test_a_key_as_additional_mode_opens_nothing_by_itself(start: Any) -> None:
    schema = "type Query { a: Int b: Int @aws_api_key c: Box @aws_api_key }"
    schema += " type Box { d: Int }"
    one = js("{ return { payload: 1 }; }")
    box = js("{ return { payload: { d: 1 } }; }")
    api = {
        "AuthenticationType": "AWS_IAM",
        "AdditionalAuthenticationProviders": [{"AuthenticationType": "API_KEY"}],
    }
    resolvers = {"Query.a": one, "Query.b": one, "Query.c": box}
    server = await start(template(schema, resolvers, api=api))
    assert await server.run("{ a b c { d } }") == {
        "data": {"a": None, "b": 1, "c": {"d": None}},
        "errors": [
            denial("a", "Query", "a", column=3),
            denial("d", "Box", "c", "d", column=11),
        ],
    }


@pytest.mark.aws_doc(MODES)
async def test_a_denied_mutation_neither_runs_nor_publishes(server: Any) -> None:
    async with subscriber(server) as one:
        await one.start("subscription { onSay { text note } }")
        body = await server.run('mutation { whisper(text: "w") { text } }')
        assert body["data"] == {"whisper": None}
        (error,) = body["errors"]
        assert error["message"] == "Not Authorized to access whisper on type Mutation"
        await server.run('mutation { say(text: "s") { text note } }')
        # The mutation's caller could not access `note`, so nobody gets it.
        assert (await one.receive())["payload"]["data"] == {
            "onSay": {"text": "s", "note": None}
        }


@pytest.mark.aws_observed("amplify-js #12679, amplify-android #901")
async def test_a_denied_subscription_does_not_start(server: Any) -> None:
    async with subscriber(server) as one:
        answer = await one.start("subscription { mine: onWhisper { text } }")
        error = {
            "errorType": "Unauthorized",
            "message": "Not Authorized to access onWhisper on type Subscription",
        }
        assert answer == {"id": "1", "type": "error", "payload": {"errors": [error]}}
        started = await one.start("subscription { onSay { text } }")
        assert started == {"id": "1", "type": "start_ack"}


@pytest.mark.aws_doc("developer guide, resolver context reference: info")
async def test_variables_still_leave_denied_fields_out(server: Any) -> None:
    query = "query ($all: Boolean!) { post { id secret @include(if: $all) } }"
    assert await server.run(query, {"all": False}) == {"data": {"post": {"id": "a"}}}
    assert (await server.run(query, {"all": True}))["errors"] == [
        denial("secret", "Post", "post", "secret", column=36)
    ]
