"""AWS::Events::EventBus."""

from appsync_emulator.config.resources.shape import TEXT, UNREAD, Block

SHAPE = Block(
    {
        "DeadLetterConfig": UNREAD,
        "Description": UNREAD,
        "EventSourceName": UNREAD,
        "KmsKeyIdentifier": UNREAD,
        "LogConfig": UNREAD,
        "Name": TEXT,
        "Policy": UNREAD,
        "Tags": UNREAD,
    },
    required=("Name",),
)
