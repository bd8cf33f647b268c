"""The authorization directives of a schema, as data for whoever enforces them."""

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
)

from appsync_emulator.model import AuthType
from appsync_emulator.schema.directives import names_in
from appsync_emulator.schema.problems import Problems

MODES: dict[str, AuthType] = {
    "aws_api_key": "API_KEY",
    "aws_iam": "AWS_IAM",
    "aws_oidc": "OPENID_CONNECT",
    "aws_cognito_user_pools": "AMAZON_COGNITO_USER_POOLS",
    "aws_lambda": "AWS_LAMBDA",
    "aws_auth": "AMAZON_COGNITO_USER_POOLS",
}


@dataclass(frozen=True, slots=True)
class AuthRule:
    """One authorization directive: who it lets in.

    Attributes:
        directive: its name, because `aws_auth` counts only where user pools are the
            API's only mode.
        groups: the user pool groups it asks for; None when any caller will do.
    """

    directive: str
    mode: AuthType
    groups: tuple[str, ...] | None = None


def authorization(
    document: DocumentNode, problems: Problems
) -> dict[tuple[str, str | None], tuple[AuthRule, ...]]:
    """Give the rules of each type (field None) and field that has directives.

    Several rules are alternatives; those of a field replace those of its type
    (AppSync developer guide, authorization).
    """
    found: dict[tuple[str, str | None], tuple[AuthRule, ...]] = {}
    for node in document.definitions:
        if not isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            continue
        for field in (None, *(node.fields or ())):
            name = None if field is None else field.name.value
            holder = node if field is None else field
            if rules := _rules(holder.directives or (), problems):
                found[node.name.value, name] = rules
    return found


def _rules(
    directives: Iterable[ConstDirectiveNode], problems: Problems
) -> tuple[AuthRule, ...]:
    rules = []
    for node in directives:
        name = node.name.value
        if name in MODES:
            groups = [text.value for text in names_in(node, "cognito_groups", problems)]
            asked = tuple(groups) if node.arguments else None
            rules.append(AuthRule(name, MODES[name], asked))
    return tuple(rules)
