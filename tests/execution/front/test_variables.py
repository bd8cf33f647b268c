from collections.abc import Callable
from typing import Any

import pytest

Coerced = Callable[..., dict[str, Any]]
VariableError = Callable[..., dict[str, Any]]
ADD = "mutation ($input: PostInput!) { addPost(input: $input) { id } }"
JAVA = "graphql-java 11, the engine AppSync's answers show"


def one(type_: str, default: str = "") -> str:
    """Give a document with one variable of a type, for an argument of its name."""
    name = {"Int": "i", "Float": "f", "String": "s", "Boolean": "b", "ID": "id"}
    argument = name.get(type_.rstrip("!"), "json")
    return f"query ($v: {type_}{default}) {{ scalars({argument}: $v) }}"


@pytest.mark.ours(
    "GraphQL: what is not given stays absent, what is not known is ignored"
)
def test_only_defined_and_given_variables_are_there(coerced: Coerced) -> None:
    query = "query ($a: Int, $b: Int) { x: scalars(i: $a) y: scalars(i: $b) }"
    assert coerced(query, {"a": 1, "other": 2}) == {"a": 1}
    assert coerced(query, {"b": None}) == {"b": None}
    assert coerced(query, None) == {}
    assert coerced("{ number }", {"a": 1}) == {}


@pytest.mark.ours(JAVA)
@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("Int", 5, 5),
        ("Int", "5", 5),
        ("Int!", 5.0, 5),
        ("Float", 5, 5.0),
        ("String", 5, "5"),
        ("Boolean", "true", True),
        ("ID!", 5, "5"),
        ("AWSJSON", '{"a": [1]}', {"a": [1]}),
    ],
)
def test_values_are_coerced(
    coerced: Coerced, type_: str, value: Any, expected: Any
) -> None:
    assert coerced(one(type_), {"v": value}) == {"v": expected}


@pytest.mark.ours("GraphQL: an operation may give its variables defaults")
def test_a_variable_that_is_not_given_has_its_default(coerced: Coerced) -> None:
    assert coerced(one("Int", " = 5"), {}) == {"v": 5}
    assert coerced(one("ID", " = 5"), None) == {"v": "5"}
    query = "query ($v: [ID!] = 1) { posts(ids: $v) { id } }"
    assert coerced(query, {}) == {"v": ["1"]}
    query = "query ($v: Filter = {and: {colour: RED}}) { posts(filter: $v) { id } }"
    assert coerced(query, {}) == {"v": {"and": [{"colour": "RED"}]}}


@pytest.mark.ours(JAVA)
def test_null_for_a_variable_with_a_default_is_the_default(coerced: Coerced) -> None:
    assert coerced(one("Int", " = 5"), {"v": None}) == {"v": 5}


@pytest.mark.ours("GraphQL: a single value stands for a list of one")
def test_lists_take_single_values(coerced: Coerced) -> None:
    query = "query ($v: [ID!]) { posts(ids: $v) { id } }"
    assert coerced(query, {"v": 1}) == {"v": ["1"]}
    assert coerced(query, {"v": [1, "a"]}) == {"v": ["1", "a"]}
    assert coerced(query, {"v": None}) == {"v": None}
    query = "query ($v: [[Int!]]) { matrix(rows: $v) }"
    assert coerced(query, {"v": 1}) == {"v": [[1]]}
    assert coerced(query, {"v": [[1], None, 2]}) == {"v": [[1], None, [2]]}


@pytest.mark.ours(JAVA)
def test_input_objects_come_in_the_order_of_their_type(coerced: Coerced) -> None:
    filter_ = {"colour": "RED", "and": {"title": {"eq": "x"}}}
    value = {"ids": [1, None], "filter": filter_, "count": "3", "title": None, "id": 1}
    found = coerced(ADD, {"input": value})["input"]
    assert found == {
        "id": "1",
        "title": None,
        "count": 3,
        "filter": {"and": [{"title": {"eq": "x"}}], "colour": "RED"},
        "ids": ["1", None],
    }
    assert list(found) == ["id", "title", "count", "filter", "ids"]


@pytest.mark.aws_observed("aws-appsync-community #59: defaults of input fields")
def test_defaults_of_the_schema_are_not_used(coerced: Coerced) -> None:
    query = "query ($v: Filter) { posts(filter: $v) { id } }"
    assert coerced(query, {"v": {"title": {"eq": "x"}}}) == {
        "v": {"title": {"eq": "x"}}
    }


# -- refusals


@pytest.mark.aws_observed("aws-mobile-appsync-sdk-js #464")
@pytest.mark.parametrize("variables", [None, {}, {"input": None}])
def test_a_missing_variable_is_named(
    variable_error: VariableError, variables: Any
) -> None:
    assert variable_error(ADD, variables) == {
        "path": None,
        "locations": [{"line": 1, "column": 11, "sourceName": None}],
        "message": "Variable 'input' has coerced Null value "
        "for NonNull type 'PostInput!'",
    }


@pytest.mark.aws_observed("aws-appsync-community #322 and #406")
@pytest.mark.parametrize(
    ("value", "type_"),
    [
        ({"id": "a"}, "Int!"),
        ({"id": None, "count": 1}, "ID!"),
        ({"id": "a", "count": 1, "filter": {"title": {}}}, "String!"),
        ({"id": "a", "count": 1, "filter": {"and": [None]}}, "Filter!"),
    ],
)
def test_a_null_inside_names_the_variable_and_the_inner_type(
    variable_error: VariableError, value: Any, type_: str
) -> None:
    message = f"Variable 'input' has coerced Null value for NonNull type '{type_}'"
    assert variable_error(ADD, {"input": value})["message"] == message


@pytest.mark.aws_observed("amplify-flutter #822, with its column")
def test_a_wrong_value_inside_names_the_inner_field(
    variable_error: VariableError,
) -> None:
    query = (
        "mutation CreatePerson($input: PostInput!) { addPost(input: $input) { id } }"
    )
    value = {"id": "a", "count": 1, "phone": "1110004444"}
    assert variable_error(query, {"input": value}) == {
        "path": None,
        "locations": [{"line": 1, "column": 23, "sourceName": None}],
        "message": "Variable 'phone' has an invalid value. "
        "Unable to parse `1110004444` as a valid phone number.",
    }


@pytest.mark.aws_observed("aws-appsync-community #273, with its blank at the end")
def test_an_unknown_field_is_not_named(variable_error: VariableError) -> None:
    assert variable_error(ADD, {"input": {"testa": "test"}}) == {
        "path": None,
        "locations": None,
        "message": "The variables input contains a field that is not defined "
        "for input object type 'PostInput' ",
    }


@pytest.mark.aws_observed("an application on AppSync: a list given for an ID")
def test_a_list_for_an_id(variable_error: VariableError) -> None:
    query = "query ($id: ID!) { post(id: $id) { id } }"
    message = (
        "Variable 'id' has an invalid value. Expected type 'ID' but was 'ArrayList'."
    )
    assert variable_error(query, {"id": ["a"]})["message"] == message


@pytest.mark.ours(JAVA)
@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        ("Int", "x", "Expected type 'Int' but was 'String'."),
        ("Int", 2**31, "Expected type 'Int' but was 'Long'."),
        ("Float!", {}, "Expected type 'Float' but was 'LinkedHashMap'."),
        ("Boolean", [True], "Expected type 'Boolean' but was 'ArrayList'."),
        ("AWSJSON", {"a": 1}, "Unable to parse `{a=1}` as valid JSON."),
    ],
)
def test_wrong_values_of_scalars(
    variable_error: VariableError, type_: str, value: Any, text: str
) -> None:
    message = f"Variable 'v' has an invalid value. {text}"
    assert variable_error(one(type_), {"v": value})["message"] == message


@pytest.mark.ours(JAVA)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (
            5,
            (
                "'input' has an invalid value. Expected type 'Map' but was 'Integer'. "
                "Variables for input objects must be an instance of type 'Map'."
            ),
        ),
        (
            {"id": 1, "count": 1, "filter": {"title": "x"}},
            (
                "'title' has an invalid value. Expected type 'Map' but was 'String'. "
                "Variables for input objects must be an instance of type 'Map'."
            ),
        ),
        (
            {"id": 1, "count": 1, "filter": {"colour": "BLUE"}},
            (
                "'colour' has an invalid value. "
                "Invalid input for Enum 'Colour'. No value found for name 'BLUE'"
            ),
        ),
        (
            {"id": 1, "count": 1, "filter": {"colour": 5}},
            (
                "'colour' has an invalid value. "
                "Invalid input for Enum 'Colour'. No value found for name '5'"
            ),
        ),
        (
            {"id": 1, "count": 1, "ids": [["a"]]},
            "'ids' has an invalid value. Expected type 'ID' but was 'ArrayList'.",
        ),
    ],
)
def test_wrong_values_of_other_types(
    variable_error: VariableError, value: Any, text: str
) -> None:
    assert variable_error(ADD, {"input": value})["message"] == f"Variable {text}"


@pytest.mark.ours(JAVA)
def test_the_first_variable_that_does_not_fit_is_told(
    variable_error: VariableError,
) -> None:
    query = "query ($a: Int, $b: Int!) { x: scalars(i: $a) y: scalars(i: $b) }"
    assert "'a'" in variable_error(query, {"a": "x"})["message"]
    assert "'b'" in variable_error(query, {"a": 1})["message"]


@pytest.mark.ours("nobody writes such JSON by hand; it may not end the request's task")
def test_values_nested_without_end_are_refused(variable_error: VariableError) -> None:
    value: Any = {}
    for _ in range(3000):
        value = {"and": [value]}
    query = "query ($v: Filter) { posts(filter: $v) { id } }"
    assert "nested too deeply" in variable_error(query, {"v": value})["message"]
