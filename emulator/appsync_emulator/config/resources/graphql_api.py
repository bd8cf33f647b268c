"""AWS::AppSync::GraphQLApi."""

import re
from typing import Any

from appsync_emulator.config.codes import COMBINATION, NOT_EMULATED, PROPERTY_VALUE
from appsync_emulator.config.node import Node
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import (
    FLAG,
    TEXT,
    UNREAD,
    Block,
    ListOf,
    MapOf,
    Scalar,
    choice,
    integer,
)
from appsync_emulator.model import Api, AuthProvider

AUTH_TYPES = choice(
    "API_KEY",
    "AWS_IAM",
    "AMAZON_COGNITO_USER_POOLS",
    "OPENID_CONNECT",
    "AWS_LAMBDA",
)
_POOL = {"UserPoolId": TEXT, "AwsRegion": TEXT, "AppIdClientRegex": TEXT}
_LAMBDA = Block(
    {
        "AuthorizerUri": TEXT,
        "AuthorizerResultTtlInSeconds": integer(0, 3600),
        "IdentityValidationExpression": TEXT,
    },
    required=("AuthorizerUri",),
)
_OPENID = Block(
    {
        "Issuer": TEXT,
        "ClientId": TEXT,
        "AuthTTL": Scalar("number"),
        "IatTTL": Scalar("number"),
    },
    required=("Issuer",),
)
_PROVIDER = Block(
    {
        "AuthenticationType": AUTH_TYPES,
        "LambdaAuthorizerConfig": _LAMBDA,
        "OpenIDConnectConfig": _OPENID,
        "UserPoolConfig": Block(_POOL, required=("UserPoolId",)),
    },
    required=("AuthenticationType",),
)

SHAPE = Block(
    {
        "AdditionalAuthenticationProviders": ListOf(_PROVIDER),
        "ApiType": choice("GRAPHQL", "MERGED"),
        "AuthenticationType": AUTH_TYPES,
        "EnhancedMetricsConfig": UNREAD,
        "EnvironmentVariables": MapOf(TEXT),
        "IntrospectionConfig": choice("ENABLED", "DISABLED"),
        "LambdaAuthorizerConfig": _LAMBDA,
        "LogConfig": Block(
            {
                "CloudWatchLogsRoleArn": UNREAD,
                "ExcludeVerboseContent": FLAG,
                "FieldLogLevel": choice("NONE", "ERROR", "INFO", "DEBUG", "ALL"),
            }
        ),
        "MergedApiExecutionRoleArn": UNREAD,
        "Name": TEXT,
        "OpenIDConnectConfig": _OPENID,
        "OwnerContact": UNREAD,
        "QueryDepthLimit": integer(0, 75),
        "ResolverCountLimit": integer(0, 10_000),
        "Tags": UNREAD,
        "UserPoolConfig": Block(
            {**_POOL, "DefaultAction": choice("ALLOW", "DENY")},
            required=("UserPoolId",),
        ),
        "Visibility": choice("GLOBAL", "PRIVATE"),
        "XrayEnabled": UNREAD,
    },
    required=("Name", "AuthenticationType"),
)

_BLOCKS = {
    "AMAZON_COGNITO_USER_POOLS": "UserPoolConfig",
    "OPENID_CONNECT": "OpenIDConnectConfig",
    "AWS_LAMBDA": "LambdaAuthorizerConfig",
}
"""The block that holds the settings of an authorization mode."""

_VARIABLE = re.compile(r"[A-Za-z]+\w*", re.ASCII)


def read(reading: Reading) -> Api:
    """Give the API without what other resources add to it.

    Raises:
        ProjectError: the properties contradict each other.
    """
    values = reading.values
    if values.get("ApiType") == "MERGED":
        message = "Merged APIs are not emulated."
        raise reading.wrong(NOT_EMULATED, message, "ApiType")
    _check_environment(reading)
    providers = values.get("AdditionalAuthenticationProviders", [])
    listed = reading.nodes.get("AdditionalAuthenticationProviders")
    nodes: list[Node] = listed.value if listed is not None else []
    additional = tuple(
        _provider(reading, provider, node)
        for provider, node in zip(providers, nodes, strict=True)
    )
    auth = _provider(reading, values, reading.nodes["AuthenticationType"])
    _check_modes(reading, (auth, *additional))
    return Api(
        id=reading.resource.id(),
        name=values["Name"],
        origin=reading.origin,
        auth=auth,
        additional_auth=additional,
        environment=values.get("EnvironmentVariables", {}),
        introspection=values.get("IntrospectionConfig") != "DISABLED",
        query_depth_limit=values.get("QueryDepthLimit", 0),
        resolver_count_limit=values.get("ResolverCountLimit", 0),
    )


def _provider(reading: Reading, values: Any, node: Node) -> AuthProvider:
    mode = values["AuthenticationType"]
    block = _BLOCKS.get(mode)
    if block is not None and block not in values:
        message = f"The authorization mode {mode} needs {block}."
        raise reading.wrong(COMBINATION, message, "AuthenticationType")
    settings = values[block] if block is not None else {}
    return AuthProvider(mode, node.key_origin(reading.id), settings)


def _check_modes(reading: Reading, providers: tuple[AuthProvider, ...]) -> None:
    """Refuse what the guide forbids: a mode, a pool or an issuer that is there twice.

    Raises:
        ProjectError: one is.
    """
    seen = set()
    for provider in providers:
        settings = provider.settings
        which = settings.get("UserPoolId") or settings.get("Issuer")
        if (provider.type, which) in seen:
            name = f"{provider.type} of {which}" if which else provider.type
            message = f"The authorization mode {name} is there twice."
            where = "AdditionalAuthenticationProviders"
            raise reading.wrong(COMBINATION, message, where)
        seen.add((provider.type, which))


def _check_environment(reading: Reading) -> None:
    """Hold the limits of AppSync's API (PutGraphqlApiEnvironmentVariables)."""
    variables = reading.values.get("EnvironmentVariables", {})
    problem = "more than 50 variables" if len(variables) > 50 else None
    for name, value in variables.items():
        if not 2 <= len(name) <= 64 or not _VARIABLE.fullmatch(name):
            problem = f"the name {name!r}, which is not 2 to 64 letters, digits and _"
        elif len(value) > 512:
            problem = f"a value of more than 512 characters for {name}"
    if problem:
        message = f"EnvironmentVariables has {problem}."
        raise reading.wrong(PROPERTY_VALUE, message, "EnvironmentVariables")
