"""AWS::Cognito::UserPoolClient."""

from appsync_emulator.config.attributes import cognito
from appsync_emulator.config.codes import COMBINATION, PROPERTY_VALUE
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import (
    FLAG,
    TEXT,
    TEXTS,
    UNREAD,
    Block,
    ListOf,
    choice,
    integer,
)
from appsync_emulator.model import UserPoolClient

_FLOWS = choice(
    *("ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"),
    *("ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_USER_AUTH"),
    *("ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"),
)
_UNIT = choice("seconds", "minutes", "hours", "days")
_UNREAD = (
    *("AllowedOAuthFlows", "AllowedOAuthFlowsUserPoolClient", "AllowedOAuthScopes"),
    *("AnalyticsConfiguration", "AuthSessionValidity", "CallbackURLs"),
    *("DefaultRedirectURI", "EnablePropagateAdditionalUserContextData"),
    *("EnableTokenRevocation", "LogoutURLs", "RefreshTokenRotation"),
    *("RefreshTokenValidity", "SupportedIdentityProviders"),
)

SHAPE = Block(
    {
        "AccessTokenValidity": integer(1, 86_400),
        "ClientName": TEXT,
        "ExplicitAuthFlows": ListOf(_FLOWS),
        "GenerateSecret": FLAG,
        "IdTokenValidity": integer(1, 86_400),
        "PreventUserExistenceErrors": choice("ENABLED", "LEGACY"),
        "ReadAttributes": TEXTS,
        "TokenValidityUnits": Block(
            {"AccessToken": _UNIT, "IdToken": _UNIT, "RefreshToken": UNREAD}
        ),
        "UserPoolId": TEXT,
        "WriteAttributes": TEXTS,
        **dict.fromkeys(_UNREAD, UNREAD),
    },
    required=("UserPoolId",),
)

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
_LEAST, _MOST = 300, 86_400
"""Seconds for which ID and access tokens may hold (Cognito API reference)."""


def read(reading: Reading) -> UserPoolClient:
    """Give the app client.

    Raises:
        ProjectError: Cognito would refuse what it says.
    """
    resource, values = reading.resource, reading.values
    flows = tuple(values.get("ExplicitAuthFlows", ()))
    new = [flow for flow in flows if flow.startswith("ALLOW_")]
    if new and len(new) != len(flows):
        message = (
            "ExplicitAuthFlows: values that begin with ALLOW_ cannot stand beside "
            "others."
        )
        raise reading.wrong(COMBINATION, message, "ExplicitAuthFlows")
    readable = values.get("ReadAttributes")
    return UserPoolClient(
        id=resource.id(),
        name=cognito.client_name(resource),
        origin=reading.origin,
        secret=cognito.client_secret(resource)
        if values.get("GenerateSecret")
        else None,
        flows=flows,
        readable=None if readable is None else tuple(readable),
        id_validity=_validity(reading, "IdToken"),
        access_validity=_validity(reading, "AccessToken"),
        hides_users=values.get("PreventUserExistenceErrors") == "ENABLED",
    )


def _validity(reading: Reading, token: str) -> int:
    """Give the seconds for which a kind of token holds; an hour when not said."""
    name = f"{token}Validity"
    if name not in reading.values:
        return 3_600
    unit = (reading.values.get("TokenValidityUnits") or {}).get(token, "hours")
    seconds: int = reading.values[name] * _SECONDS[unit]
    if not _LEAST <= seconds <= _MOST:
        message = f"{name} is {seconds} seconds: from 5 minutes to 1 day is allowed."
        raise reading.wrong(PROPERTY_VALUE, message, name)
    return seconds
