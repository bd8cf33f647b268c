"""AWS::Cognito::UserPool."""

import re

from appsync_emulator.config.attributes import cognito
from appsync_emulator.config.codes import PROPERTY_VALUE
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
from appsync_emulator.model import UserPool

_ATTRIBUTE = Block(
    {
        "AttributeDataType": choice("Boolean", "DateTime", "Number", "String"),
        "DeveloperOnlyAttribute": FLAG,
        "Mutable": FLAG,
        "Name": TEXT,
        "NumberAttributeConstraints": Block({"MaxValue": TEXT, "MinValue": TEXT}),
        "Required": FLAG,
        "StringAttributeConstraints": Block({"MaxLength": TEXT, "MinLength": TEXT}),
    }
)
_PASSWORD = Block(
    {
        "MinimumLength": integer(6, 99),
        "PasswordHistorySize": integer(0, 24),
        "RequireLowercase": FLAG,
        "RequireNumbers": FLAG,
        "RequireSymbols": FLAG,
        "RequireUppercase": FLAG,
        "TemporaryPasswordValidityDays": integer(0, 365),
    }
)
_RECOVERY = Block(
    {
        "Name": choice("admin_only", "verified_email", "verified_phone_number"),
        "Priority": integer(1, 2),
    }
)
_CONTACT = ListOf(choice("email", "phone_number"))
_ALIAS = choice("email", "phone_number", "preferred_username")
_UNREAD = (
    *("DeletionProtection", "DeviceConfiguration", "EmailAuthenticationMessage"),
    *("EmailAuthenticationSubject", "EmailConfiguration", "EmailVerificationMessage"),
    *("EmailVerificationSubject", "LambdaConfig", "SmsAuthenticationMessage"),
    *("SmsConfiguration", "SmsVerificationMessage", "UserAttributeUpdateSettings"),
    *("UserPoolAddOns", "UserPoolTags", "UserPoolTier", "UsernameConfiguration"),
    *("VerificationMessageTemplate", "WebAuthnFactorConfiguration"),
    *("WebAuthnRelyingPartyID", "WebAuthnUserVerification"),
)

SHAPE = Block(
    {
        "AccountRecoverySetting": Block({"RecoveryMechanisms": ListOf(_RECOVERY)}),
        "AdminCreateUserConfig": Block(
            {
                "AllowAdminCreateUserOnly": FLAG,
                "InviteMessageTemplate": UNREAD,
                "UnusedAccountValidityDays": integer(0, 365),
            }
        ),
        "AliasAttributes": ListOf(
            choice("email", "phone_number", "preferred_username")
        ),
        "AutoVerifiedAttributes": _CONTACT,
        "EnabledMfas": TEXTS,
        "MfaConfiguration": choice("OFF", "ON", "OPTIONAL"),
        "Policies": Block({"PasswordPolicy": _PASSWORD, "SignInPolicy": UNREAD}),
        "Schema": ListOf(_ATTRIBUTE),
        "UserPoolName": TEXT,
        "UsernameAttributes": _CONTACT,
        **dict.fromkeys(_UNREAD, UNREAD),
    }
)

_NAME = re.compile(r"[\w\s+=,.@-]{1,128}")


def read(reading: Reading) -> UserPool:
    """Give the user pool, without clients and groups.

    Raises:
        ProjectError: its name is none (Cognito API reference, CreateUserPool).
    """
    resource, values = reading.resource, reading.values
    name = resource.name("UserPoolName", limit=128)
    if not _NAME.fullmatch(name):
        message = f"{name!r} is no name of a user pool."
        raise reading.wrong(PROPERTY_VALUE, message, "UserPoolName")
    return UserPool(
        id=cognito.pool_id(resource),
        arn=cognito.pool_arn(resource),
        name=name,
        issuer=f"https://{cognito.provider_name(resource)}",
        origin=reading.origin,
        settings={
            key: value
            for key, value in values.items()
            if key != "UserPoolName" and value is not None
        },
    )
