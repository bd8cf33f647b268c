"""AWS::Cognito::UserPoolGroup."""

from appsync_emulator.config.attributes import cognito
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import TEXT, UNREAD, Block, integer
from appsync_emulator.model import UserPoolGroup

SHAPE = Block(
    {
        "Description": UNREAD,
        "GroupName": TEXT,
        "Precedence": integer(0),
        "RoleArn": TEXT,
        "UserPoolId": TEXT,
    },
    required=("UserPoolId",),
)


def read(reading: Reading) -> UserPoolGroup:
    """Give the group."""
    return UserPoolGroup(
        name=cognito.group_name(reading.resource),
        origin=reading.origin,
        role=reading.values.get("RoleArn"),
        precedence=reading.values.get("Precedence"),
    )
