import time

import pytest
from graphql import graphql_sync

from appsync_emulator.errors import ProjectErrors
from appsync_emulator.model import AuthType
from appsync_emulator.schema import AuthRule, Schema, build
from appsync_emulator.types import Origin, Text

NAME = "schema.graphql"
DEEP = f"type Query {{ a(b: Int = {'[' * 3000}{']' * 3000}): Int }}"
MEANT = "Did you mean"
TOY = """
type Query { post(id: ID!): Post }
type Mutation { addPost(title: String): Post dropPost(id: ID!): Post! }
type Post { id: ID! title: String at: AWSDateTime }
"""


def make(text: str, line: int | None = 1) -> Schema:
    return build(Text(text, Origin("schema.graphql", line)))


def errors(text: str, line: int | None = 1) -> list[str]:
    with pytest.raises(ProjectErrors) as refused:
        make(text, line)
    return str(refused.value).splitlines()


@pytest.mark.ours("GraphQL: a schema may leave the names of its roots to convention")
def test_the_roots_are_found_without_a_schema_definition() -> None:
    schema = make(TOY).graphql
    assert schema.query_type is schema.type_map["Query"]
    assert schema.mutation_type is schema.type_map["Mutation"]
    assert schema.subscription_type is None


@pytest.mark.ours("GraphQL: or name them")
def test_a_schema_definition_names_the_roots() -> None:
    schema = make("schema { query: Root } type Root { a: Int } type Query { b: Int }")
    assert schema.graphql.query_type is schema.graphql.type_map["Root"]


@pytest.mark.aws_observed("an AppSync stack's failure: a schema with a Mutation only")
@pytest.mark.parametrize(
    "text",
    [
        "type Mutation { a: Int }",
        "schema { mutation: M } type M { a: Int }",
        "enum E {A}",
    ],
)
def test_a_query_type_is_needed(text: str) -> None:
    (line,) = errors(text)
    assert line.startswith(
        "schema.graphql:1: P205 There is no top level schema object defined."
    )


@pytest.mark.aws_observed("an AppSync stack's failure: enum values with hyphens")
def test_a_syntax_error_is_placed() -> None:
    (line,) = errors("type Query {\n  a: Int\n  b:: Int\n}", line=10)
    assert line.startswith(
        "schema.graphql:12: P200 column 5: Failed to parse schema document - "
        "ensure it's a valid SDL-formatted document."
    )


@pytest.mark.ours("a schema put together by intrinsic functions has no lines")
def test_without_lines_the_file_is_named() -> None:
    (line,) = errors("type Query { a: Nope }", line=None)
    assert line.startswith("schema.graphql: P203 column 17: ")


@pytest.mark.aws_observed("aws-appsync-community #345: a Query without fields")
def test_a_type_without_fields_cannot_be_parsed() -> None:
    assert "P200" in errors("type Query {}")[0]


@pytest.mark.ours("someone pastes garbage")
@pytest.mark.parametrize(
    "text", ["", " ", "{", "[" * 5000, '"""', "type", "\0", "é", DEEP]
)
def test_garbage_is_a_syntax_error(text: str) -> None:
    assert "P200" in errors(text)[0]


@pytest.mark.aws_doc("General Reference, AppSync quotas: schema document 1 MB")
def test_a_schema_has_at_most_one_megabyte() -> None:
    (line,) = errors("#" * 1_000_001)
    assert "P207" in line


@pytest.mark.aws_observed("graphql-schema-utilities #36: AppSync takes old lists")
@pytest.mark.parametrize("between", [" & ", ", ", " "])
def test_several_interfaces_may_be_separated_in_old_ways(between: str) -> None:
    text = "interface A { a: Int } interface B { b: Int } type Query { u: U } "
    schema = make(f"{text} type U implements A{between}B @aws_iam {{ a: Int b: Int }}")
    interfaces = schema.graphql.type_map["U"].interfaces  # type: ignore[attr-defined]
    assert [each.name for each in interfaces] == ["A", "B"]


@pytest.mark.aws_observed("aws-appsync-community #387")
def test_interfaces_cannot_implement_interfaces() -> None:
    text = (
        "interface A { a: Int } interface B implements A { a: Int } type Query {a:Int}"
    )
    (line,) = errors(text)
    assert "Failed to parse schema document" in line


@pytest.mark.aws_doc("devguide scalars: no user-defined scalars")
def test_custom_scalars_are_refused_with_the_nearest_of_appsync() -> None:
    (line,) = errors("scalar DateTime type Query { at: DateTime }")
    assert line.startswith("schema.graphql:1: P201 column 8: Custom scalars")
    assert "Did you mean 'AWSDateTime'?" in line


@pytest.mark.aws_observed("serverless-appsync-plugin #715: AppSync rejects these")
@pytest.mark.parametrize("name", ["AWSDate", "AWSJSON", "String"])
def test_appsyncs_scalars_cannot_be_declared_again(name: str) -> None:
    (line,) = errors(f"scalar {name} type Query {{ a: {name} }}")
    assert "P201" in line


@pytest.mark.aws_doc("devguide scalars: no AWS prefix for custom object types")
def test_object_types_cannot_begin_with_aws() -> None:
    (line,) = errors("type AWSThing { a: Int } type Query { a: AWSThing }")
    assert "P201" in line


@pytest.mark.aws_observed("graphql-schema-utilities #25")
def test_directives_cannot_be_defined() -> None:
    (line,) = errors("directive @x on FIELD type Query { a: Int }")
    assert line.endswith("column 1: Directive definitions are not supported.")


@pytest.mark.aws_observed("serverless-appsync-plugin #468: AppSync has no extensions")
@pytest.mark.parametrize(
    "text", ["extend type Query { b: Int }", "extend schema { mutation: Query }"]
)
def test_types_cannot_be_extended(text: str) -> None:
    (line,) = errors(f"type Query {{ a: Int }} {text}")
    assert "Type extensions are not supported." in line


@pytest.mark.ours("a query has no place in a schema")
def test_operations_are_refused() -> None:
    (line,) = errors("type Query { a: Int } query { a }")
    assert "P200" in line


@pytest.mark.aws_observed("amplify-cli #4081, category-api #26: graphql-java's words")
def test_unknown_types_are_named_with_the_nearest() -> None:
    lines = errors(
        "type Query {\n a(b: Inn): Pots\n}\ntype Post { id: ID }\ninput In { a: In }\n"
        "union U = Post | Pst\ntype T implements Face { a: Int }"
    )
    end = "is not present when resolving type"
    query, union = f"{end} 'Query'. {MEANT}", f"{end} 'U'. {MEANT}"
    assert lines == [
        f"{NAME}:2: P203 column 7: The input value type 'Inn' {query} 'In'?",
        f"{NAME}:2: P203 column 13: The field type 'Pots' {query} 'Post'?",
        f"{NAME}:6: P203 column 18: The union member type 'Pst' {union} 'Post'?",
        f"{NAME}:7: P203 column 19: The interface type 'Face' {end} 'T'.",
    ]


@pytest.mark.ours("graphql-core would silently keep the last of two")
@pytest.mark.parametrize(
    "text",
    [
        "type A { a: Int } input A { a: Int }",
        "type Int { a: Float }",
        "type A { a: Int a: Int }",
        "type A { a(b: Int, b: Int): Int }",
        "input A { a: Int a: Int }",
        "enum A { B B }",
        "schema { query: Query } schema { query: Query }",
    ],
)
def test_names_are_defined_once(text: str) -> None:
    (line,) = errors(f"type Query {{ a: Int }} {text}")
    assert "P202" in line


@pytest.mark.ours("GraphQL's type system")
@pytest.mark.parametrize(
    "text",
    [
        "interface I { a: Int } type A implements I { b: Int }",
        "input A { a: Post } type Post { a: Int }",
        "type A { a(b: Post): Int } type Post { a: Int }",
        "input A { a: A! }",
        "union U = Int",
        "type A { __a: Int }",
    ],
)
def test_rules_of_the_type_system_are_checked(text: str) -> None:
    (line,) = errors(f"type Query {{ a: Int }} {text}")
    assert "P206" in line


@pytest.mark.ours("all problems at once, in the order of the file")
def test_all_problems_are_told() -> None:
    lines = errors("type Query {\n a: Nope\n b: Int @nope\n}\nscalar X\n")
    assert [line.split()[1] for line in lines] == ["P203", "P204", "P201"]


# -- directives


@pytest.mark.aws_doc("devguide security-authz, real-time data, merged APIs")
def test_appsyncs_directives_are_known() -> None:
    schema = make(
        "type Query @aws_api_key @aws_iam @aws_oidc @aws_lambda { a: Int "
        '@aws_cognito_user_pools(cognito_groups: ["A"]) @deprecated(reason: "x") '
        'b: Int @aws_auth(cognito_groups: ["B"]) @canonical @hidden '
        'c: Int @renamed(to: "d") }'
    )
    assert not schema.warnings
    assert len(schema.authorization["Query", None]) == 4


@pytest.mark.ours("a typing error would otherwise open or close a field unseen")
def test_unknown_directives_are_refused_with_the_nearest() -> None:
    (line,) = errors("type Query { a: Int @aws_api_keys }")
    assert "Unknown directive '@aws_api_keys'. Did you mean '@aws_api_key'?" in line


@pytest.mark.ours("a typing error would otherwise open or close a field unseen")
def test_unknown_arguments_of_directives_are_refused() -> None:
    (line,) = errors('type Query { a: Int @aws_auth(cognito_group: ["A"]) }')
    assert "Did you mean 'cognito_groups'?" in line


@pytest.mark.aws_doc("devguide security-authz: directives of types and of fields")
def test_authorization_directives_are_kept_as_data() -> None:
    schema = make(
        "type Query { a: Post @aws_iam @aws_api_key b: Int }"
        'type Post @aws_cognito_user_pools(cognito_groups: ["A", "B"]) { id: ID }'
        "type Other @aws_cognito_user_pools { id: ID @aws_auth(cognito_groups: []) }"
    )
    pool: AuthType = "AMAZON_COGNITO_USER_POOLS"
    assert schema.authorization == {
        ("Query", "a"): (
            AuthRule("aws_iam", "AWS_IAM"),
            AuthRule("aws_api_key", "API_KEY"),
        ),
        ("Post", None): (AuthRule("aws_cognito_user_pools", pool, ("A", "B")),),
        ("Other", None): (AuthRule("aws_cognito_user_pools", pool),),
        ("Other", "id"): (AuthRule("aws_auth", pool, ()),),
    }


@pytest.mark.aws_observed(
    "introspection of AppSync APIs, aws-mobile-appsync-sdk-js #547"
)
def test_introspection_shows_appsyncs_directives_and_no_newer_ones() -> None:
    schema = make(TOY).graphql
    names = {directive.name for directive in schema.directives}
    assert {"skip", "include", "deprecated", "aws_subscribe"} <= names
    assert {"aws_publish", "aws_auth", "aws_cognito_user_pools"} <= names
    assert not names & {"oneOf", "specifiedBy"}


@pytest.mark.ours("names are strings")
@pytest.mark.parametrize("given", ["5", '["A", 5]', "A"])
def test_lists_of_directives_hold_strings(given: str) -> None:
    (line,) = errors(f"type Query {{ a: Int @aws_auth(cognito_groups: {given}) }}")
    assert "P204" in line
    assert "must be a list of strings" in line


# -- subscriptions


@pytest.mark.aws_doc("devguide real-time data: @aws_subscribe")
def test_subscriptions_are_linked_with_their_mutations() -> None:
    schema = make(
        TOY + "type Subscription {"
        ' onAny: Post @aws_subscribe(mutations: ["addPost", "dropPost"])'
        ' onAdd(title: String, other: Int): Post @aws_subscribe(mutations: "addPost")'
        " onNone: Post }"
    )
    assert schema.subscriptions == {
        "onAny": ("addPost", "dropPost"),
        "onAdd": ("addPost",),
        "onNone": (),
    }
    assert schema.publishes == {"addPost": ("onAny", "onAdd"), "dropPost": ("onAny",)}


@pytest.mark.aws_observed(
    "AppSync's introspection: aws_publish says the same, deprecated"
)
def test_the_deprecated_form_links_too() -> None:
    schema = make(
        "type Query { a: Int }"
        'type Mutation { m: Int @aws_publish(subscriptions: ["s"]) }'
        'type Subscription { s: Int @aws_subscribe(mutations: ["m"]) }'
    )
    assert schema.publishes == {"m": ("s",)}
    assert schema.subscriptions == {"s": ("m",)}


@pytest.mark.ours("a name that is written twice counts once")
def test_a_mutation_is_followed_once() -> None:
    twice = '["addPost", "addPost"]'
    more = f"type Subscription {{ s: Post @aws_subscribe(mutations: {twice}) }}"
    assert make(TOY + more).subscriptions == {"s": ("addPost",)}


@pytest.mark.ours("the deprecated form is checked alike")
def test_an_unknown_subscription_is_refused_with_the_nearest() -> None:
    (line,) = errors(
        "type Query { a: Int }"
        'type Mutation { m: Int @aws_publish(subscriptions: "t") }'
        "type Subscription { s: Int }"
    )
    assert "There is no subscription 't'." in line


@pytest.mark.ours("the nearest name helps more than silence at the first event")
def test_an_unknown_mutation_is_refused_with_the_nearest() -> None:
    more = 'type Subscription { s: Post @aws_subscribe(mutations: ["addPosts"]) }'
    (line,) = errors(TOY + more)
    assert "P210" in line
    assert "There is no mutation 'addPosts'. Did you mean 'addPost'?" in line


@pytest.mark.aws_observed("graphql-api-cdk-serverless-postgres #3")
def test_a_subscription_has_the_type_of_its_mutation() -> None:
    more = 'type Subscription { s: String @aws_subscribe(mutations: ["addPost"]) }'
    (line,) = errors(TOY + more)
    assert "P211" in line
    assert "The subscription has an invalid output type." in line


# -- defaults


@pytest.mark.aws_observed("aws-appsync-community #59: introspection shows no defaults")
def test_defaults_are_forgotten_with_a_warning() -> None:
    schema = make("type Query {\n a(b: Int = 3): Int\n}\ninput In { c: Int! = 4 }")
    assert schema.graphql.query_type is not None
    assert schema.graphql.query_type.fields["a"].args["b"].default is None
    asked = '{ __type(name: "In") { inputFields { defaultValue } } }'
    answer = graphql_sync(schema.graphql, asked)
    assert answer.data == {"__type": {"inputFields": [{"defaultValue": None}]}}
    text = "AppSync ignores the default value of"
    assert [str(warning) for warning in schema.warnings] == [
        f"{NAME}:2: P215 column 4: {text} Query.a(b:). Set it in the resolver.",
        f"{NAME}:4: P215 column 12: {text} In.c. Set it in the resolver.",
    ]


@pytest.mark.ours("budget: a schema of 100 types may not be felt at the start")
def test_building_is_quick() -> None:
    types = [
        f"type T{i} {{ id: ID! next(limit: Int): T{i} at: AWSDate }}" for i in range(99)
    ]
    text = "\n".join(["type Query { a: T1 }", *types])
    started = time.process_time()
    make(text)
    assert time.process_time() - started < 0.25
