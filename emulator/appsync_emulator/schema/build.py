"""Builds an API's schema from its text, or says everything that is wrong with it."""

import gc
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from graphql import (
    DefinitionNode,
    DocumentNode,
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSyntaxError,
    NameNode,
    ScalarTypeDefinitionNode,
    SourceLocation,
    StringValueNode,
    build_ast_schema,
    validate_schema,
)

from appsync_emulator.errors import ProjectError
from appsync_emulator.schema import codes
from appsync_emulator.schema.authorization import AuthRule, authorization
from appsync_emulator.schema.definitions import UNPARSABLE, Definitions
from appsync_emulator.schema.directives import NOT_APPSYNC, definitions
from appsync_emulator.schema.grammar import parse_schema
from appsync_emulator.schema.inputs import Inputs
from appsync_emulator.schema.problems import Problems
from appsync_emulator.schema.scalars import SCALARS
from appsync_emulator.schema.subscriptions import Links, subscription_links
from appsync_emulator.types import Text

LARGEST = 1_000_000
"""Bytes of a schema document (AWS General Reference, AppSync quotas)."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Schema:
    """A schema that AppSync would accept.

    Attributes:
        graphql: the types. Defaults of arguments and input fields are not in them: see
            `warnings`; whether one was written can be seen in the `ast_node`.
        text: what it was built from.
        subscriptions: each subscription field with the mutations it follows.
        publishes: each mutation field that subscriptions follow, with those.
        authorization: rules by (type name, field name); of the type itself under None.
        inputs: coercion of variables to the schema's input types.
        warnings: what AppSync accepts and then does otherwise than written.
    """

    graphql: GraphQLSchema
    text: Text
    subscriptions: Links
    publishes: Links
    authorization: Mapping[tuple[str, str | None], tuple[AuthRule, ...]]
    inputs: Inputs
    warnings: tuple[ProjectError, ...] = ()


def build(text: Text) -> Schema:
    """Build the schema written in `text`.

    Raises:
        ProjectErrors: AppSync would refuse it; with all reasons and their places.
    """
    with _no_collection():
        return _build(text)


def _build(text: Text) -> Schema:
    problems = Problems(text)
    document = _parse(text, problems)
    found = Definitions(document, problems)
    problems.raise_any()
    schema = build_ast_schema(_complete(document, found), assume_valid_sdl=True)
    for error in validate_schema(schema):
        node = error.nodes[0] if error.nodes else None
        problems.add(codes.TYPE_SYSTEM, error.message, node)
    problems.raise_any()
    _use_scalars(schema)
    schema.directives = tuple(
        directive
        for directive in schema.directives
        if directive.name not in NOT_APPSYNC
    )
    subscriptions, publishes = subscription_links(schema, problems)
    rules = authorization(document, problems)
    problems.raise_any()
    warnings = _drop_defaults(schema, text)
    inputs = Inputs()
    return Schema(schema, text, subscriptions, publishes, rules, inputs, warnings)


@contextmanager
def _no_collection() -> Generator[None]:
    """Keep the garbage collector out: nothing of a growing tree is garbage.

    Without this a third of the time of a large schema goes into looking for some.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _parse(text: Text, problems: Problems) -> DocumentNode:
    size = len(text.text.encode())
    if size > LARGEST:
        message = f"The schema has {size:,} bytes; AppSync takes {LARGEST:,}."
        problems.add(codes.TOO_LARGE, message)
        problems.raise_any()
    try:
        return parse_schema(text.text)
    except GraphQLSyntaxError as error:
        (place,) = error.locations or [SourceLocation(1, 1)]
        hint = f"{error.message.removesuffix('.')}."
        problems.add_at(codes.SYNTAX, UNPARSABLE, place.line, place.column, hint)
        problems.raise_any()
        raise


def _complete(document: DocumentNode, found: Definitions) -> DocumentNode:
    """Add what AppSync defines: its directives, and the scalars that are used."""
    scalars = [
        ScalarTypeDefinitionNode(
            name=NameNode(value=name),
            description=StringValueNode(value=SCALARS[name].description),
        )
        for name in sorted(found.scalars)
    ]
    known: list[DefinitionNode] = [*definitions(), *scalars, *document.definitions]
    return DocumentNode(definitions=tuple(known))


def _use_scalars(schema: GraphQLSchema) -> None:
    """Let graphql-core's own tools see AppSync's scalars as they are."""
    for name, type_ in schema.type_map.items():
        if isinstance(type_, GraphQLScalarType) and name.startswith("AWS"):
            scalar = SCALARS[name]
            type_.coerce_output_value = scalar.serialize
            type_.coerce_input_value = scalar.parse
            type_.coerce_input_literal = scalar.parse_literal


def _drop_defaults(schema: GraphQLSchema, text: Text) -> tuple[ProjectError, ...]:
    """Forget the default values of the schema, as AppSync does.

    AppSync keeps no defaults: resolvers do not get them and introspection shows none
    (aws-appsync-community #59, open since 2019; #271). Filling them in would let a
    resolver work here that fails on AWS.
    """
    problems = Problems(text)
    for place, value in _inputs_of(schema):
        if value.default is not None:
            value.default = None
            message = f"AppSync ignores the default value of {place}."
            hint = "Set it in the resolver."
            problems.add(codes.DEFAULT_IGNORED, message, value.ast_node, hint=hint)
    return problems.errors


def _inputs_of(
    schema: GraphQLSchema,
) -> Iterator[tuple[str, GraphQLArgument | GraphQLInputField]]:
    for name, type_ in schema.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(type_, GraphQLInputObjectType):
            for field_name, input_field in type_.fields.items():
                yield f"{name}.{field_name}", input_field
        elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in type_.fields.items():
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name}:)", argument
