"""One schema that has everything, and what asks it."""

from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.execution.arguments import compile_arguments
from appsync_emulator.execution.operation import Documents, RequestRejected
from appsync_emulator.execution.variables import VariableRejected, compile_variables
from appsync_emulator.schema import Schema, build
from appsync_emulator.types import Origin, Text

SDL = """
type Query {
  post(id: ID!): Post
  posts(filter: Filter, ids: [ID!], colour: Colour, limit: Int): [Post!]!
  scalars(
    i: Int, f: Float, s: String, b: Boolean, id: ID, url: AWSURL, json: AWSJSON
  ): Int
  matrix(rows: [[Int!]]): Int
  optional(limit: Int! = 20): Int
  node: Node
  any: Any
  number: Int!
}
type Mutation { addPost(input: PostInput!, at: AWSDateTime): Post }
type Subscription { onPost(id: ID): Post @aws_subscribe(mutations: ["addPost"]) }
interface Node { id: ID! }
union Any = Post | Author
enum Colour { RED GREEN }
type Post implements Node {
  id: ID!
  title: String
  author: Author!
  tags(first: Int, like: String): [String]
  comments: [Post!]
  kin: Any
}
type Author implements Node {
  id: ID!
  name: String!
  tags: String
  posts(n: Int): [Post]
  kin: Any
}
input Filter { title: Text and: [Filter!] colour: Colour }
input Text { eq: String! size: Int = 5 }
input PostInput {
  id: ID! title: String phone: AWSPhone count: Int!
  meta: AWSJSON filter: Filter ids: [ID]
}
"""


@pytest.fixture(scope="session")
def schema() -> Schema:
    return build(Text(SDL, Origin("schema.graphql", 1)))


@pytest.fixture
def documents(schema: Schema) -> Documents:
    return Documents(schema, introspection=True)


@pytest.fixture
def refused(documents: Documents) -> Callable[..., RequestRejected]:
    """Give how a document is refused."""

    def ask(query: str, operation_name: str | None = None) -> RequestRejected:
        with pytest.raises(RequestRejected) as rejected:
            documents.get(query, operation_name)
        return rejected.value

    return ask


@pytest.fixture
def messages(refused: Callable[..., RequestRejected]) -> Callable[[str], list[str]]:
    """Give the messages of a document's validation errors."""

    def ask(query: str) -> list[str]:
        rejected = refused(query)
        assert (rejected.status, rejected.error_type) == (200, None)
        return [str(error["message"]) for error in rejected.errors]

    return ask


@pytest.fixture
def coerced(
    documents: Documents, schema: Schema
) -> Callable[[str, Any], dict[str, Any]]:
    """Coerce the variables of a document."""

    def ask(query: str, variables: Any) -> dict[str, Any]:
        operation = documents.get(query)
        return compile_variables(schema, operation.node)(variables)

    return ask


@pytest.fixture
def variable_error(
    coerced: Callable[[str, Any], dict[str, Any]],
) -> Callable[[str, Any], dict[str, Any]]:
    """Give the one error about the variables of a document."""

    def ask(query: str, variables: Any) -> dict[str, Any]:
        with pytest.raises(VariableRejected) as rejected:
            coerced(query, variables)
        (error,) = rejected.value.errors
        return error

    return ask


@pytest.fixture
def arguments(
    documents: Documents, schema: Schema
) -> Callable[..., tuple[dict[str, Any], dict[str, Any] | None]]:
    """Give (arguments, constant) of the first root field of a document."""

    def ask(
        query: str, variables: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any] | None]:
        operation = documents.get(query)
        field: Any = operation.node.selection_set.selections[0]
        root: Any = schema.graphql.get_root_type(operation.node.operation)
        compiled = compile_arguments(root.fields[field.name.value], field)
        values = compile_variables(schema, operation.node)(variables)
        return compiled(values), compiled.constant

    return ask
