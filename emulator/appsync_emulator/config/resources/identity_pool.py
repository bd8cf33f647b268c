"""AWS::Cognito::IdentityPool: checked, and named as not run: it gives credentials."""

from appsync_emulator.config.resources.shape import FLAG, TEXT, UNREAD, Block, ListOf

_UNREAD = (
    *("AllowClassicFlow", "CognitoEvents", "CognitoStreams", "DeveloperProviderName"),
    *("IdentityPoolTags", "OpenIdConnectProviderARNs", "PushSync", "SamlProviderARNs"),
    "SupportedLoginProviders",
)

SHAPE = Block(
    {
        "AllowUnauthenticatedIdentities": FLAG,
        "CognitoIdentityProviders": ListOf(
            Block(
                {
                    "ClientId": TEXT,
                    "ProviderName": TEXT,
                    "ServerSideTokenCheck": FLAG,
                },
                required=("ClientId", "ProviderName"),
            )
        ),
        "IdentityPoolName": TEXT,
        **dict.fromkeys(_UNREAD, UNREAD),
    },
    required=("AllowUnauthenticatedIdentities",),
)
