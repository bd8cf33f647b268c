from dataclasses import replace

import pytest

from appsync_emulator.model import (
    Api,
    AuthProvider,
    Code,
    DataSourceConfig,
    FunctionConfig,
    Resolver,
)
from appsync_emulator.schema import build
from appsync_emulator.schema.check import check_resolvers
from appsync_emulator.types import Origin, Text

HERE = Origin("template.yaml", 7, "Thing")
CODE = Code("APPSYNC_JS")
SCHEMA = build(Text("type Query { post: Post } type Post { id: ID }", HERE))
API = Api(
    "a",
    "a",
    HERE,
    AuthProvider("API_KEY", HERE),
    data_sources={"none": DataSourceConfig("none", "NONE", HERE)},
    functions={"f1": FunctionConfig("f1", "first", "none", CODE, HERE)},
    resolvers=(
        Resolver("Query", "post", "UNIT", CODE, HERE, data_source="none"),
        Resolver("Post", "id", "PIPELINE", CODE, HERE, functions=("f1",)),
    ),
)
WHO = "The resolver of Query.post uses"
MEANT = "Did you mean "
pytestmark = pytest.mark.ours("what AWS refuses when a stack is deployed, said at once")


def test_resolvers_that_fit_are_not_mentioned() -> None:
    assert check_resolvers(API, SCHEMA) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"type_name": "Qery"}, "P220 Type Qery not found. Did you mean 'Query'?"),
        (
            {"field_name": "psot"},
            "P221 No field named psot found on type Query. Did you mean 'post'?",
        ),
        (
            {"data_source": "nona"},
            f"P222 {WHO} the data source nona, which does not exist. {MEANT}'none'?",
        ),
        ({"data_source": None}, "P222 The resolver of Query.post has no data source."),
        (
            {"kind": "PIPELINE", "functions": ("f1", "f2")},
            f"P223 {WHO} the function f2, which does not exist. Allowed: f1.",
        ),
    ],
)
def test_a_resolver_that_does_not_fit_is_told_with_its_place(
    change: dict[str, object], expected: str
) -> None:
    resolver = replace(API.resolvers[0], **change)  # type: ignore[arg-type]
    (error,) = check_resolvers(replace(API, resolvers=(resolver,)), SCHEMA)
    assert str(error) == f"template.yaml:7 (Thing): {expected}"


def test_a_function_without_its_data_source_is_told() -> None:
    function = FunctionConfig("f1", "first", "gone", CODE, HERE)
    (error,) = check_resolvers(replace(API, functions={"f1": function}), SCHEMA)
    assert "P222 The function first uses the data source gone" in str(error)
