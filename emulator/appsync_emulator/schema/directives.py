"""AppSync's directives, as its introspection declares them.

The three of merged APIs mark types for the service that merges; a single API carries
them without any effect, and so do we.
"""

from collections.abc import Mapping
from functools import cache

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    ListValueNode,
    StringValueNode,
    parse,
)

from appsync_emulator.schema.codes import DIRECTIVE
from appsync_emulator.schema.problems import Problems

SDL = '''
"""Names the mutations whose results this subscription delivers."""
directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION

"""Deprecated: names the subscriptions that deliver this mutation's results."""
directive @aws_publish(subscriptions: [String]) on FIELD_DEFINITION

"""Lets members of user pool groups in, when user pools are the only mode."""
directive @aws_auth(cognito_groups: [String]) on FIELD_DEFINITION

"""Lets users of a Cognito user pool in, all of them or those of some groups."""
directive @aws_cognito_user_pools(cognito_groups: [String]) on OBJECT | FIELD_DEFINITION

"""Lets callers with an API key in."""
directive @aws_api_key on OBJECT | FIELD_DEFINITION

"""Lets callers that sign with IAM credentials in."""
directive @aws_iam on OBJECT | FIELD_DEFINITION

"""Lets callers with a token of an OpenID Connect provider in."""
directive @aws_oidc on OBJECT | FIELD_DEFINITION

"""Lets callers in that a Lambda authorizer lets in."""
directive @aws_lambda on OBJECT | FIELD_DEFINITION

"""In a merged API, this definition wins over those of other sources."""
directive @canonical on OBJECT | FIELD_DEFINITION

"""In a merged API, this is left out."""
directive @hidden on OBJECT | FIELD_DEFINITION

"""In a merged API, this gets another name."""
directive @renamed(to: String!) on OBJECT | FIELD_DEFINITION
'''
DEPRECATED = {"deprecated": {"reason"}}
NOT_APPSYNC = {"specifiedBy", "oneOf"}
"""Directives of newer GraphQL, which graphql-core adds and AppSync does not know."""


@cache
def definitions() -> tuple[DirectiveDefinitionNode, ...]:
    """Give the definitions of AppSync's own directives."""
    found = parse(SDL, no_location=True).definitions
    return tuple(node for node in found if isinstance(node, DirectiveDefinitionNode))


@cache
def schema_directives() -> Mapping[str, set[str]]:
    """Give the directives a schema may use, each with its argument names."""
    own = {
        node.name.value: {argument.name.value for argument in node.arguments or ()}
        for node in definitions()
    }
    return own | DEPRECATED


def check_directive(node: ConstDirectiveNode, problems: Problems) -> None:
    """Note what is wrong with the use of one directive.

    Where a directive stands is not looked at: schemas with authorization directives on
    input types are known to be in use on AWS, although they have no effect there.
    """
    known = schema_directives()
    name = node.name.value
    if name not in known:
        names = [f"@{each}" for each in known]
        message = f"Unknown directive '@{name}'."
        problems.add(DIRECTIVE, message, node, found=f"@{name}", allowed=names)
        return
    for argument in node.arguments or ():
        given = argument.name.value
        if given not in known[name]:
            message = f"Unknown argument '{given}' of directive '@{name}'."
            allowed = known[name]
            problems.add(DIRECTIVE, message, argument, found=given, allowed=allowed)


def names_in(
    node: ConstDirectiveNode, argument: str, problems: Problems
) -> tuple[StringValueNode, ...]:
    """Give the strings of a directive's list, which may be written as one string."""
    for given in node.arguments or ():
        if given.name.value != argument:
            continue
        value = given.value
        values = value.values if isinstance(value, ListValueNode) else (value,)
        found = tuple(item for item in values if isinstance(item, StringValueNode))
        if len(found) < len(values):
            message = f"'{argument}' must be a list of strings."
            problems.add(DIRECTIVE, message, given)
        return found
    return ()
