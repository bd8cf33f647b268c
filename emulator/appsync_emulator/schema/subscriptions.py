"""`@aws_subscribe`: which subscriptions deliver the results of which mutations."""

from collections.abc import Iterator, Mapping

from graphql import (
    FieldDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    StringValueNode,
    get_nullable_type,
)

from appsync_emulator.schema.codes import SUBSCRIPTION_MUTATION, SUBSCRIPTION_TYPE
from appsync_emulator.schema.directives import names_in
from appsync_emulator.schema.problems import Problems

Links = Mapping[str, tuple[str, ...]]


def subscription_links(
    schema: GraphQLSchema, problems: Problems
) -> tuple[Links, Links]:
    """Give (subscription -> mutations, mutation -> subscriptions).

    A subscription's arguments are not compared with the fields of its type: with
    enhanced filters they may be anything, and one without a field just never matches.
    """
    subscriptions: dict[str, list[str]] = {
        name: [] for name in _fields(schema.subscription_type)
    }
    publishes: dict[str, list[str]] = {}
    for subscription, mutation, node in _claims(schema, problems):
        if _fits(schema, subscription, mutation, node, problems):
            subscriptions[subscription].append(mutation)
            publishes.setdefault(mutation, []).append(subscription)
    return _frozen(subscriptions), _frozen(publishes)


def _claims(
    schema: GraphQLSchema, problems: Problems
) -> Iterator[tuple[str, str, StringValueNode]]:
    """Give (subscription, mutation, where it says so), each pair once."""
    seen = set()
    for name, field in _fields(schema.subscription_type).items():
        for node in _named(field, "aws_subscribe", "mutations", problems):
            if (name, node.value) not in seen:
                seen.add((name, node.value))
                yield name, node.value, node
    # The deprecated form, which says the same from the other side.
    for name, field in _fields(schema.mutation_type).items():
        for node in _named(field, "aws_publish", "subscriptions", problems):
            if (node.value, name) not in seen:
                seen.add((node.value, name))
                yield node.value, name, node


def _fits(
    schema: GraphQLSchema,
    subscription: str,
    mutation: str,
    node: StringValueNode,
    problems: Problems,
) -> bool:
    mutations, others = _fields(schema.mutation_type), _fields(schema.subscription_type)
    for name, known, kind in (
        (mutation, mutations, "mutation"),
        (subscription, others, "subscription"),
    ):
        if name not in known:
            message = f"There is no {kind} '{name}'."
            problems.add(
                SUBSCRIPTION_MUTATION, message, node, found=name, allowed=known
            )
            return False
    # Nullability may differ: AWS wants subscriptions nullable.
    expected = get_nullable_type(mutations[mutation].type)
    given = get_nullable_type(others[subscription].type)
    if str(expected) != str(given):
        problems.add(
            SUBSCRIPTION_TYPE,
            "The subscription has an invalid output type.",
            node,
            hint=f"{subscription} gives {given}, {mutation} gives {expected}.",
        )
        return False
    return True


def _named(
    field: GraphQLField, directive: str, argument: str, problems: Problems
) -> Iterator[StringValueNode]:
    node = field.ast_node
    assert isinstance(node, FieldDefinitionNode)  # noqa: S101 -- built from SDL
    for each in node.directives or ():
        if each.name.value == directive:
            yield from names_in(each, argument, problems)


def _fields(type_: GraphQLObjectType | None) -> Mapping[str, GraphQLField]:
    return {} if type_ is None else type_.fields


def _frozen(links: Mapping[str, list[str]]) -> Links:
    return {name: tuple(others) for name, others in links.items()}
