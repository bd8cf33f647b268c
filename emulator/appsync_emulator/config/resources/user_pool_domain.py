"""AWS::Cognito::UserPoolDomain: checked, and named as not run: it has web pages."""

from appsync_emulator.config.resources.shape import TEXT, UNREAD, Block, integer

SHAPE = Block(
    {
        "CustomDomainConfig": UNREAD,
        "Domain": TEXT,
        "ManagedLoginVersion": integer(1, 2),
        "UserPoolId": TEXT,
    },
    required=("Domain", "UserPoolId"),
)
