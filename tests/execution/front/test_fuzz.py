"""Whatever comes in, only our own refusals come out; and they are the right ones."""

import random
from typing import Any

import pytest
from graphql import (
    GraphQLBoolean,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    validate,
)
from graphql.validation import (
    ExecutableDefinitionsRule,
    SingleFieldSubscriptionsRule,
    UniqueArgumentNamesRule,
    UniqueInputFieldNamesRule,
    UniqueVariableNamesRule,
    specified_rules,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appsync_emulator.execution.arguments import compile_arguments
from appsync_emulator.execution.operation import Documents, RequestRejected, parse_query
from appsync_emulator.execution.validation import Validation
from appsync_emulator.execution.variables import VariableRejected, compile_variables
from appsync_emulator.schema import Schema

FEW = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
LATER = {
    UniqueArgumentNamesRule,
    UniqueInputFieldNamesRule,
    UniqueVariableNamesRule,
    SingleFieldSubscriptionsRule,
    ExecutableDefinitionsRule,
}
"""Rules that the engine of AppSync's time does not have (the last one: in other words,
and graphql-core then says nothing else)."""
RULES = [rule for rule in specified_rules if rule not in LATER]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "title", "eq", "and", "colour", "count", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
names = st.sampled_from(
    [
        "post",
        "posts",
        "scalars",
        "node",
        "any",
        "id",
        "title",
        "author",
        "tags",
        "name",
        "comments",
        "kin",
        "nope",
        "__typename",
        "number",
        "matrix",
        "optional",
    ]
)
types = st.sampled_from(
    [
        "Int",
        "Int!",
        "String",
        "ID",
        "ID!",
        "[ID!]",
        "[Int]",
        "Filter",
        "Text",
        "Colour",
        "Boolean",
        "Post",
        "Nope",
    ]
)
literals = st.recursive(
    st.sampled_from(
        ["1", "-1.5", '"x"', "true", "null", "RED", "BLUE", "$a", "$b", "$c", '"""x"""']
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{' '.join(items)}]"),
        st.lists(
            st.tuples(st.sampled_from(["eq", "size", "title", "and", "colour"]), inner),
            max_size=3,
        ).map(lambda items: "{" + " ".join(f"{n}: {v}" for n, v in items) + "}"),
    ),
    max_leaves=4,
)
arguments = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "id",
                "filter",
                "ids",
                "colour",
                "i",
                "s",
                "b",
                "f",
                "rows",
                "first",
                "limit",
                "if",
            ]
        ),
        literals,
    ),
    max_size=2,
).map(lambda items: f"({' '.join(f'{n}: {v}' for n, v in items)})" if items else "")
directives = st.sampled_from(
    ["", "", "", " @skip(if: $b)", " @include(if: true)", " @nope", " @skip"]
)
conditions = st.sampled_from(
    ["Post", "Author", "Node", "Any", "Query", "Colour", "Nope"]
)


def fields(below: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    alias = st.sampled_from(["", "", "", "x: ", "id: "])
    field = st.tuples(alias, names, arguments, directives, st.just("") | below).map(
        "".join
    )
    spread = st.sampled_from(["... A", "... B", "... A @skip(if: $b)"])
    inline = st.builds(lambda t, s: f"... on {t} {s}", conditions, below)
    return st.lists(field | spread | inline, min_size=1, max_size=4).map(
        lambda parts: "{ " + " ".join(parts) + " }"
    )


selections = st.recursive(
    st.sampled_from(["{ id }", "{ __typename }", "{ number }", "{ title tags }"]),
    fields,
    max_leaves=8,
)
variables = st.lists(
    st.tuples(
        st.sampled_from("abc"), types, st.sampled_from(["", "", " = 1", " = null"])
    ),
    max_size=3,
).map(
    lambda items: f"({' '.join(f'${n}: {t}{d}' for n, t, d in items)})" if items else ""
)
operations = st.builds(
    lambda kind, name, defined, selection: f"{kind} {name}{defined} {selection}",
    st.sampled_from(["query", "query", "mutation", "subscription"]),
    st.sampled_from(["Q", "Q", "R"]),
    variables,
    selections,
)
fragment = st.builds(
    lambda name, on, selection: f"fragment {name} on {on} {selection}",
    st.sampled_from("AB"),
    conditions,
    selections,
)
documents_text = st.builds(
    lambda first, others: " ".join([first, *others]),
    operations | selections,
    st.lists(fragment | operations, max_size=3),
)


def ask(documents: Documents, schema: Schema, text: str, values: Any) -> None:
    """Do all that the front does with a request."""
    for name in (None, "Q"):
        try:
            operation = documents.get(text, name)
            coerced = compile_variables(schema, operation.node)(values)
        except (RequestRejected, VariableRejected):
            continue
        root: Any = schema.graphql.get_root_type(operation.node.operation)
        for node in operation.node.selection_set.selections:
            definition = root.fields.get(
                getattr(getattr(node, "name", None), "value", "")
            )
            if node.kind == "field" and definition is not None:
                compile_arguments(definition, node)(coerced)  # type: ignore[arg-type]


@pytest.mark.ours("malformed input never ends the process")
@FEW
@given(st.text(max_size=60), json_values)
def test_any_text_is_answered(
    documents: Documents, schema: Schema, text: str, values: Any
) -> None:
    ask(documents, schema, text, {"a": values})


@pytest.mark.ours("malformed input never ends the process")
@FEW
@given(
    st.lists(
        st.sampled_from(
            [
                "{",
                "}",
                "(",
                ")",
                "[",
                "]",
                ":",
                "!",
                "=",
                "|",
                "&",
                "@",
                "...",
                "$a",
                '"x"',
                '"""',
                "#",
                "query",
                "mutation",
                "fragment",
                "on",
                "A",
                "Q",
                "number",
                "post",
                "id",
                "1",
                "1.5",
                "true",
                "null",
                "\n",
                ",",
                "\\",
                "-",
                "\x00",
            ]
        ),
        max_size=30,
    ).map(" ".join)
)
def test_any_row_of_tokens_is_answered(
    documents: Documents, schema: Schema, text: str
) -> None:
    ask(documents, schema, text, {"a": 1})


@pytest.mark.ours("malformed input never ends the process")
@FEW
@given(documents_text, st.dictionaries(st.sampled_from("abc"), json_values))
def test_any_document_is_answered(
    documents: Documents, schema: Schema, text: str, values: Any
) -> None:
    ask(documents, schema, text, values)


@pytest.mark.ours("malformed input never ends the process")
@FEW
@given(json_values, json_values)
def test_any_variables_are_answered(
    documents: Documents, schema: Schema, value: Any, other: Any
) -> None:
    query = """query Q($a: Filter, $b: Boolean, $c: [ID!], $d: Colour, $e: AWSJSON) {
      posts(filter: $a, ids: $c, colour: $d) { id @skip(if: $b) }
      scalars(json: $e)
    }"""
    query = query.replace("$b: Boolean", "$b: Boolean = true")
    every = {"a": value, "b": other, "c": value, "d": other, "e": value}
    for name, each in every.items():
        ask(documents, schema, query, {name: each})
    ask(documents, schema, query, every)


LITERALS = {
    "Int": "1",
    "Float": "1.5",
    "Boolean": "true",
    "Colour": "RED",
    "AWSURL": '"http://x/"',
    "AWSPhone": '"+14155552671"',
}


class Author:
    """Writes documents that are nearly always valid, so that rules are met one by one.

    Args:
        dice: decides everything.
    """

    def __init__(self, schema: GraphQLSchema, dice: random.Random) -> None:
        self.schema = schema
        self.dice = dice
        self.variables: dict[str, str] = {}
        self.fragments: dict[str, str] = {}

    def rarely(self) -> bool:
        return self.dice.random() < 0.02

    def document(self) -> str:
        selection = self.selection(self.schema.query_type, 3)
        if self.rarely():
            self.variables["unused"] = "Int"
        defined = " ".join(
            f"${name}: {type_}" for name, type_ in self.variables.items()
        )
        head = f"query Q{f'({defined})' if defined else ''}"
        return " ".join([head, selection, *self.fragments.values()])

    def selection(self, type_: Any, depth: int) -> str:
        count = self.dice.randint(1, 4)
        return "{ " + " ".join(self.part(type_, depth) for _ in range(count)) + " }"

    def part(self, type_: Any, depth: int) -> str:
        roll = self.dice.random()
        if roll < 0.15:
            below = self.other_type(type_)
            return f"... on {below} {self.selection(below, depth - 1)}"
        if roll < 0.25 and depth > 0:
            below = self.other_type(type_)
            name = f"F{below}{self.dice.randint(0, 1)}"
            if name not in self.fragments:
                self.fragments[name] = ""
                body = self.selection(below, depth - 1)
                self.fragments[name] = f"fragment {name} on {below} {body}"
            return f"...{name}"
        return self.field(type_, depth)

    def other_type(self, type_: Any) -> Any:
        if self.rarely():
            return self.schema.type_map[self.dice.choice(["Post", "Query", "Colour"])]
        if is_abstract_type(type_):
            return self.dice.choice([type_, *self.schema.get_possible_types(type_)])
        return type_

    def field(self, type_: Any, depth: int) -> str:
        known = getattr(type_, "fields", {})
        usable = [
            name
            for name, field in known.items()
            if name != "optional"
            and (depth > 0 or is_leaf_type(get_named_type(field.type)))
        ]
        if not usable or self.rarely():
            return self.dice.choice(["__typename", "__typename", "nope"])
        name = self.dice.choice(usable)
        field = known[name]
        text: str = name + self.arguments(field.args)
        if self.dice.random() < 0.1:
            text = f"{self.dice.choice('xy')}: {text}"
        if self.dice.random() < 0.05:
            text += f" @include(if: {self.value(GraphQLNonNull(GraphQLBoolean))})"
        named = get_named_type(field.type)
        if not is_leaf_type(named) and not self.rarely():
            text += " " + self.selection(named, depth - 1)
        return text

    def arguments(self, args: Any) -> str:
        given = [
            f"{name}: {self.value(argument.type)}"
            for name, argument in args.items()
            if self.dice.random() < (0.97 if is_non_null_type(argument.type) else 0.3)
        ]
        if self.rarely():
            given.append("nope: 1")
        return f"({' '.join(given)})" if given else ""

    def value(self, type_: Any, depth: int = 2) -> str:
        if self.rarely():
            return self.dice.choice(["1", "null", '"x"', "RED", "{}", "[]", "$unknown"])
        if self.dice.random() < 0.2:
            return self.variable(type_)
        if is_non_null_type(type_):
            return self.value(type_.of_type, depth)
        if self.dice.random() < 0.05:
            return "null"
        if is_list_type(type_):
            items = [
                self.value(type_.of_type, depth) for _ in range(self.dice.randint(0, 2))
            ]
            return f"[{' '.join(items)}]" if items else self.value(type_.of_type, depth)
        if is_input_object_type(type_):
            members = [
                f"{name}: {self.value(field.type, depth - 1)}"
                for name, field in type_.fields.items()
                if is_non_null_type(field.type)
                or (depth > 0 and self.dice.random() < 0.3)
            ]
            return "{" + " ".join(members) + "}"
        return LITERALS.get(str(type_), '"1"')

    def variable(self, type_: Any) -> str:
        text = str(type_)
        roll = self.dice.random()
        if roll < 0.2 and not text.endswith("!"):
            text += "!"
        elif roll < 0.3 and text in {"Int!", "ID!", "Boolean!"}:
            text = text[:-1] + (" = true" if text == "Boolean!" else " = 1")
        elif self.rarely():
            text = self.dice.choice(["Int", "[ID]", "String"])
        name = f"v{len(self.variables)}"
        self.variables[name] = text
        return f"${name}"


@pytest.mark.ours("where the rules are those of GraphQL, graphql-core must agree")
@settings(FEW, max_examples=400)
@given(st.integers(0, 2**32))
def test_what_is_valid_is_what_graphql_core_finds_valid(
    schema: Schema, seed: int
) -> None:
    text = Author(schema.graphql, random.Random(seed)).document()
    document = parse_query(text)
    found = Validation(schema.graphql, document, introspection=True)
    assert not found.oversized
    expected = [error.message for error in validate(schema.graphql, document, RULES)]
    ours = [str(error["message"]) for error in found.errors]
    assert bool(ours) == bool(expected), (text, ours, expected)


@pytest.mark.ours("otherwise the test above would prove nothing")
def test_the_documents_compared_are_of_both_kinds(schema: Schema) -> None:
    texts = [Author(schema.graphql, random.Random(n)).document() for n in range(200)]
    valid = [
        not Validation(schema.graphql, parse_query(text), introspection=True).errors
        for text in texts
    ]
    assert 0.2 < sum(valid) / len(valid) < 0.8
