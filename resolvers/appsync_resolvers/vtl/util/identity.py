"""Which way of authorization an identity comes from.

AppSync looks at the members of the identity, not at the API (recorded from the
EvaluateCode API in LocalStack's `authType` snapshots).
"""

from typing import Any

_IAM = frozenset(
    {
        "accountId",
        "cognitoIdentityPoolId",
        "cognitoIdentityId",
        "sourceIp",
        "username",
        "userArn",
        "cognitoIdentityAuthType",
        "cognitoIdentityAuthProvider",
    }
)
_USER_POOL = frozenset(
    {
        "sourceIp",
        "username",
        "groups",
        "sub",
        "issuer",
        "claims",
        "defaultAuthStrategy",
    }
)
_OPEN_ID = frozenset({"sub", "issuer", "claims"})
_TYPES: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    (
        "IAM Authorization",
        _IAM,
        frozenset({"accountId", "sourceIp", "username", "userArn"}),
    ),
    ("User Pool Authorization", _USER_POOL, _USER_POOL - {"groups"}),
    ("Open ID Connect Authorization", _OPEN_ID, _OPEN_ID),
    ("Lambda Authorization", frozenset({"resolverContext"}), frozenset()),
)
"""Name, members an identity may have, and those it must have."""


def auth_type(identity: Any) -> str:
    """Give what `authType()` says of an identity."""
    if isinstance(identity, dict):
        for name, allowed, required in _TYPES:
            if identity.keys() <= allowed and all(
                identity.get(member) is not None for member in required
            ):
                return name
    return "API Key Authorization"
