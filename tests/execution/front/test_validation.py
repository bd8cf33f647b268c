"""The validation rules of the engine behind AppSync, each with its words."""

from collections.abc import Callable

import pytest

from appsync_emulator.execution.operation import Documents, RequestRejected

Messages = Callable[[str], list[str]]
Refused = Callable[..., RequestRejected]
JAVA = "graphql-java 11, the engine AppSync's answers show"
pytestmark = pytest.mark.ours(JAVA)
ERROR = "Validation error of type "


def columns(rejected: RequestRejected) -> list[list[int]]:
    return [
        [place["column"] for place in error["locations"]] for error in rejected.errors
    ]


# -- observed on AppSync


@pytest.mark.aws_observed("amplify-js #2764: a field that was added on one side only")
def test_undefined_fields_tell_their_path(messages: Messages) -> None:
    assert messages("{ post(id: 1) { author { note } } }") == [
        ERROR + "FieldUndefined: Field 'note' in type 'Author' is undefined "
        "@ 'post/author/note'"
    ]


@pytest.mark.aws_observed("an application on AppSync: a custom type without selection")
def test_objects_need_a_selection(messages: Messages) -> None:
    assert messages("{ post(id: 1) }") == [
        ERROR + "SubSelectionRequired: Sub selection required for type Post "
        "of field post @ 'post'"
    ]


@pytest.mark.aws_observed("amplify-js #7435: owner of a subscription")
def test_missing_arguments_are_named(messages: Messages) -> None:
    assert messages("{ post { id } }") == [
        ERROR + "MissingFieldArgument: Missing field argument id @ 'post'"
    ]


@pytest.mark.aws_observed("amplify-js #2764")
def test_missing_members_of_literals_are_named(messages: Messages) -> None:
    query = "query ($n: String) { posts(filter: {title: {size: 1}}) { id } number }"
    assert messages(query.replace("($n: String) ", "")) == [
        ERROR + "WrongType: argument 'filter.title' with value "
        "'ObjectValue{objectFields=[ObjectField{name='title', value=ObjectValue{"
        "objectFields=[ObjectField{name='size', value=IntValue{value=1}}]}}]}' "
        "is missing required fields '[eq]' @ 'posts'"
    ]


@pytest.mark.aws_observed("an application on AppSync: a filter on an unknown field")
def test_members_that_do_not_exist_are_named(messages: Messages) -> None:
    assert messages('{ posts(filter: {name: {contains: "i"}}) { id } }') == [
        ERROR + "WrongType: argument 'filter' with value "
        "'ObjectValue{objectFields=[ObjectField{name='name', value=ObjectValue{"
        "objectFields=[ObjectField{name='contains', value=StringValue{value='i'}}]}}]}'"
        " contains a field not in 'Filter': 'name' @ 'posts'"
    ]


@pytest.mark.aws_observed("aws-mobile-appsync-sdk-js #554")
def test_an_object_is_no_awsjson_literal(messages: Messages) -> None:
    assert messages("{ scalars(json: {upvotes: 10}) }") == [
        ERROR + "WrongType: argument 'json' with value 'ObjectValue{objectFields=["
        "ObjectField{name='upvotes', value=IntValue{value=10}}]}' "
        "is not a valid 'AWSJSON' @ 'scalars'"
    ]


@pytest.mark.aws_observed("amplify-hosting #497: a URL inside of an input object")
def test_a_wrong_member_is_told_by_its_path(messages: Messages) -> None:
    query = 'mutation { addPost(input: {id: 1, count: 1, phone: "1"}) { id } }'
    assert messages(query) == [
        ERROR + "WrongType: argument 'input.phone' with value "
        "'StringValue{value='1'}' is not a valid 'AWSPhone' @ 'addPost'"
    ]


@pytest.mark.aws_observed(
    "apollographql/graphql-tag #652; amplify-swift lazy load tests"
)
def test_variables_of_another_type_are_told_at_their_use(refused: Refused) -> None:
    rejected = refused("query ($id: String!) { post(id: $id) { id } }")
    assert [error["message"] for error in rejected.errors] == [
        ERROR + "VariableTypeMismatch: Variable type 'String!' doesn't match "
        "expected type 'ID!' @ 'post'"
    ]
    assert columns(rejected) == [[33]]


@pytest.mark.aws_observed("aws-appsync-community #59: an argument with a default")
def test_a_non_null_argument_with_a_default_may_be_left_out(
    documents: Documents,
) -> None:
    documents.get("{ optional }")


# -- fields and arguments


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "{ post(id: 1) { id { x } } }",
            (
                "SubSelectionNotAllowed: Sub selection not allowed on leaf type null "
                "of field id @ 'post/id'"
            ),
        ),
        (
            "{ posts }",
            (
                "SubSelectionRequired: Sub selection required for type null "
                "of field posts @ 'posts'"
            ),
        ),
        (
            "{ number(a: 1) }",
            "UnknownArgument: Unknown field argument a @ 'number'",
        ),
        (
            "{ any { id } }",
            "FieldUndefined: Field 'id' in type 'Any' is undefined @ 'any/id'",
        ),
        (
            "{ x: nope }",
            "FieldUndefined: Field 'nope' in type 'Query' is undefined @ 'nope'",
        ),
        (
            "{ __type { name } }",
            "MissingFieldArgument: Missing field argument name @ '__type'",
        ),
    ],
)
def test_fields_and_arguments(messages: Messages, query: str, expected: str) -> None:
    assert messages(query) == [ERROR + expected]


def test_nothing_is_said_below_what_is_not_known(messages: Messages) -> None:
    assert (
        len(messages("{ nope(a: {b: 1}) { a { b } ...F } } fragment F on Post {id}"))
        == 1
    )


@pytest.mark.parametrize(
    ("arguments", "value", "expected"),
    [
        ('i: "5"', "StringValue{value='5'}", "'i'|is not a valid 'Int'"),
        ("i: 5.5", "FloatValue{value=5.5}", "'i'|is not a valid 'Int'"),
        ("i: 1e3", "FloatValue{value=1E+3}", "'i'|is not a valid 'Int'"),
        ("i: 2147483648", "IntValue{value=2147483648}", "'i'|is not a valid 'Int'"),
        ("f: true", "BooleanValue{value=true}", "'f'|is not a valid 'Float'"),
        ("s: RED", "EnumValue{name='RED'}", "'s'|is not a valid 'String'"),
        ("b: 1", "IntValue{value=1}", "'b'|is not a valid 'Boolean'"),
        (
            "s: [1]",
            "ArrayValue{values=[IntValue{value=1}]}",
            "'s'|is not a valid 'String'",
        ),
        ("url: -0", "IntValue{value=0}", "'url'|is not a valid 'AWSURL'"),
    ],
)
def test_literals_of_wrong_types(
    messages: Messages, arguments: str, value: str, expected: str
) -> None:
    place, text = expected.split("|")
    assert messages(f"{{ scalars({arguments}) }}") == [
        f"{ERROR}WrongType: argument {place} with value '{value}' {text} @ 'scalars'"
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "{ post(id: null) { id } }",
            "argument 'id' with value 'NullValue{}' must not be null @ 'post'",
        ),
        (
            "{ posts(colour: BLUE) { id } }",
            (
                "argument 'colour' with value 'EnumValue{name='BLUE'}' "
                "is not a valid 'Colour' @ 'posts'"
            ),
        ),
        (
            '{ posts(colour: "RED") { id } }',
            (
                "argument 'colour' with value 'StringValue{value='RED'}' "
                "is not a valid 'Colour' @ 'posts'"
            ),
        ),
        (
            "{ posts(ids: [1, null]) { id } }",
            "argument 'ids[1]' with value 'NullValue{}' must not be null @ 'posts'",
        ),
        (
            "{ matrix(rows: [[1], [2, 2.5]]) }",
            (
                "argument 'rows[1][1]' with value 'FloatValue{value=2.5}' "
                "is not a valid 'Int' @ 'matrix'"
            ),
        ),
        (
            "{ posts(filter: 5) { id } }",
            (
                "argument 'filter' with value 'IntValue{value=5}' "
                "must be an object type @ 'posts'"
            ),
        ),
        (
            (
                "query ($t: Text) {"
                " posts(filter: {title: $t, and: [{colour: 1}]}) { id } }"
            ),
            (
                "argument 'filter.and[0].colour' with value 'IntValue{value=1}' "
                "is not a valid 'Colour' @ 'posts'"
            ),
        ),
    ],
)
def test_literals_in_their_places(
    messages: Messages, query: str, expected: str
) -> None:
    assert messages(query) == [f"{ERROR}WrongType: {expected}"]


def test_a_default_does_not_help_a_member_of_a_literal(messages: Messages) -> None:
    query = "mutation { addPost(input: {id: 1}) { id } }"
    assert "is missing required fields '[count]'" in messages(query)[0]


@pytest.mark.parametrize(
    "query",
    [
        "{ scalars(i: 5, f: 5, id: 5, b: true, s: null) }",
        "{ posts(ids: 1) { id } }",
        '{ posts(filter: {and: {title: {eq: "x"}}}) { id } }',
        "{ matrix(rows: 1) }",
        "query ($c: Colour) { posts(filter: {and: [{colour: $c}]}) { id } }",
    ],
)
def test_literals_that_fit(documents: Documents, query: str) -> None:
    documents.get(query)


# -- directives


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "{ number @nope(a: 1) }",
            "UnknownDirective: Unknown directive nope @ 'number'",
        ),
        (
            "query @skip(if: true) { number }",
            "MisplacedDirective: Directive skip not allowed here",
        ),
        (
            "{ number @aws_iam }",
            "MisplacedDirective: Directive aws_iam not allowed here @ 'number'",
        ),
        (
            "{ number @include }",
            "MissingDirectiveArgument: Missing directive argument if @ 'number'",
        ),
        (
            "{ number @include(if: true, x: 1) }",
            "UnknownDirective: Unknown directive argument x @ 'number'",
        ),
        (
            "{ number @include(if: 1) }",
            (
                "WrongType: argument 'if' with value 'IntValue{value=1}' "
                "is not a valid 'Boolean' @ 'number'"
            ),
        ),
        (
            "{ number @include(if: true) @include(if: false) }",
            (
                "DuplicateDirectiveName: Directives must be uniquely named within a "
                "location. The directive 'include' used on a 'Field' is not unique. "
                "@ 'number'"
            ),
        ),
    ],
)
def test_directives(messages: Messages, query: str, expected: str) -> None:
    assert messages(query) == [ERROR + expected]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("query ($a: Int @nope) { scalars(i: $a) }", ""),
        ("{ ...A @nope } fragment A on Query { number }", ""),
        ("{ ... on Query @nope { number } }", ""),
        ("{ ...A } fragment A on Query @nope { number }", " @ 'A'"),
    ],
)
def test_directives_stand_in_many_places(
    messages: Messages, query: str, place: str
) -> None:
    text = f"{ERROR}UnknownDirective: Unknown directive nope{place}"
    assert messages(query) == [text]


@pytest.mark.aws_observed("introspection of AppSync APIs shows @defer on FIELD")
def test_defer_is_known(documents: Documents) -> None:
    documents.get("{ node { id @defer } }")


# -- fragments


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ ...A }", ["UndefinedFragment: Undefined fragment A"]),
        (
            "{ number } fragment A on Post { id }",
            ["UnusedFragment: Unused fragment A"],
        ),
        (
            "{ number } fragment A on Post { ...B } fragment B on Post { id }",
            ["UnusedFragment: Unused fragment A", "UnusedFragment: Unused fragment B"],
        ),
        (
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A number }",
            ["FragmentCycle: Fragment cycles not allowed"] * 2,
        ),
        (
            "{ ...A } fragment A on Query { number ...A }",
            ["FragmentCycle: Fragment cycles not allowed"],
        ),
        ("{ ... on Nope { a } }", ["UnknownType: Unknown type Nope"]),
        (
            "{ ...A } fragment A on Nope { a }",
            ["UnknownType: Unknown type Nope @ 'A'"],
        ),
        (
            "{ ... on Colour { a } }",
            [
                (
                    "InlineFragmentTypeConditionInvalid: Inline fragment type "
                    "condition is invalid, must be on Object/Interface/Union"
                )
            ],
        ),
        (
            "{ ...A } fragment A on Int { a }",
            [
                (
                    "InlineFragmentTypeConditionInvalid: Fragment type condition "
                    "is invalid, must be on Object/Interface/Union @ 'A'"
                )
            ],
        ),
        (
            "{ node { ... on Query { number } } }",
            [
                (
                    "InvalidFragmentType: Fragment cannot be spread here as objects of "
                    "type Node can never be of type Query @ 'node'"
                )
            ],
        ),
        (
            "{ node { ...A } } fragment A on Query { number }",
            [
                (
                    "InvalidFragmentType: Fragment A cannot be spread here as "
                    "objects of type Node can never be of type Query @ 'node'"
                )
            ],
        ),
        (
            "{ ...A } fragment A on Query { number } fragment A on Query { number }",
            ["DuplicateFragmentName: There can be only one fragment named 'A'"],
        ),
        (
            "{ ...A } fragment A on Query { nope }",
            ["FieldUndefined: Field 'nope' in type 'Query' is undefined @ 'A/nope'"],
        ),
    ],
)
def test_fragments(messages: Messages, query: str, expected: list[str]) -> None:
    assert messages(query) == [ERROR + text for text in expected]


@pytest.mark.parametrize(
    "query",
    [
        "{ node { ... on Post { id } ... { id } ... on Any { __typename } } }",
        "{ any { ...A } } fragment A on Node { ... on Author { name } }",
    ],
)
def test_fragments_that_fit(documents: Documents, query: str) -> None:
    documents.get(query)


# -- operations


def test_anonymous_operations_stand_alone(documents: Documents) -> None:
    with pytest.raises(RequestRejected) as rejected:
        documents.get("{ number } query A { number } query { number }", "A")
    assert [error["message"] for error in rejected.value.errors] == [
        ERROR + "LoneAnonymousOperationViolation: "
        "Operation A is following anonymous operation.",
        ERROR + "LoneAnonymousOperationViolation: "
        "Anonymous operation with other operations.",
    ]


def test_operations_have_different_names(refused: Refused) -> None:
    rejected = refused("query A { number } query A { number }", "A")
    assert rejected.errors[0]["message"] == (
        ERROR + "DuplicateOperationName: There can be only one operation named 'A'"
    )


def test_a_document_cannot_define_types(messages: Messages) -> None:
    assert messages("{ number } type A { a: Int } schema { query: A }") == [
        ERROR + "NonExecutableDefinition: Type 'A' definition is not executable.",
        ERROR + "NonExecutableDefinition: Schema definition is not executable.",
    ]


@pytest.mark.aws_observed("amplify-js #4813: it is the socket that refuses this")
def test_several_subscription_fields_are_valid(documents: Documents) -> None:
    documents.get("subscription { a: onPost { id } b: onPost { id } }")


# -- variables


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ scalars(i: $i) }", ["UndefinedVariable: Undefined variable i @ 'scalars'"]),
        (
            "{ ...A } fragment A on Query { post(id: $i) { tags(first: $i) } }",
            [
                "UndefinedVariable: Undefined variable i @ 'A/post'",
                "UndefinedVariable: Undefined variable i @ 'A/post/tags'",
            ],
        ),
        (
            "query ($a: Int, $b: Int) { scalars(i: $a) }",
            ["UnusedVariable: Unused variable b"],
        ),
        (
            "query ($a: Nope, $b: [Nop!]) { number }",
            [
                "UnknownType: Unknown type Nope",
                "UnknownType: Unknown type Nop",
                "UnusedVariable: Unused variable a",
                "UnusedVariable: Unused variable b",
            ],
        ),
        (
            "query ($a: [Post]) { posts(ids: $a) { id } }",
            [
                "NonInputTypeOnVariable: Wrong type for a variable",
                (
                    "VariableTypeMismatch: Variable type '[Post]' doesn't match "
                    "expected type '[ID!]' @ 'posts'"
                ),
            ],
        ),
        (
            'query ($a: Int = "x") { scalars(i: $a) }',
            [
                (
                    "BadValueForDefaultArg: Bad default value StringValue{value='x'} "
                    "for type Int"
                )
            ],
        ),
        (
            "query ($a: ID) { posts(ids: $a) { id } }",
            [
                (
                    "VariableTypeMismatch: Variable type 'ID' doesn't match "
                    "expected type '[ID!]' @ 'posts'"
                )
            ],
        ),
        (
            "query ($a: [ID]) { posts(ids: $a) { id } }",
            [
                (
                    "VariableTypeMismatch: Variable type '[ID]' doesn't match "
                    "expected type '[ID!]' @ 'posts'"
                )
            ],
        ),
        (
            "query ($a: String) { posts(filter: {and: [{title: {eq: $a}}]}) { id } }",
            [
                (
                    "VariableTypeMismatch: Variable type 'String' doesn't match "
                    "expected type 'String!' @ 'posts'"
                )
            ],
        ),
        (
            "query ($a: Boolean) { number @skip(if: $a) }",
            [
                (
                    "VariableTypeMismatch: Variable type 'Boolean' doesn't match "
                    "expected type 'Boolean!' @ 'number'"
                )
            ],
        ),
        (
            "query ($a: ID = null) { post(id: $a) { id } }",
            [
                (
                    "VariableTypeMismatch: Variable type 'ID' doesn't match "
                    "expected type 'ID!' @ 'post'"
                )
            ],
        ),
    ],
)
def test_variables(messages: Messages, query: str, expected: list[str]) -> None:
    assert messages(query) == [ERROR + text for text in expected]


@pytest.mark.parametrize(
    "query",
    [
        "query ($a: ID = 1) { post(id: $a) { id } }",
        "query ($a: ID!) { scalars(id: $a) }",
        "query ($a: ID!) { posts(ids: [$a, 2]) { id } }",
        (
            "query ($a: Int!) { ...A } fragment A on Query { scalars(i: $a) ...B } "
            "fragment B on Query { matrix(rows: [[$a]]) }"
        ),
        "query ($a: Boolean = true) { number @include(if: $a) }",
        "query ($a: Int) { nope: number post(id: 1) { tags(first: $a) } }",
    ],
)
def test_variables_that_fit(documents: Documents, query: str) -> None:
    documents.get(query)


@pytest.mark.parametrize(
    "query",
    [
        "{ scalars(i: 1, i: 2) }",
        '{ posts(filter: {title: {eq: "a", eq: "b"}}) { id } }',
        "query ($a: Int, $a: Int) { scalars(i: $a) }",
    ],
)
def test_what_is_written_twice_was_not_refused_yet(
    documents: Documents, query: str
) -> None:
    documents.get(query)


def test_errors_end_at_a_hundred(messages: Messages) -> None:
    assert len(messages("{" + " nope" * 5000 + "}")) == 100
