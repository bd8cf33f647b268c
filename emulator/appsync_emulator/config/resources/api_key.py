"""AWS::AppSync::ApiKey."""

from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import TEXT, UNREAD, Block, integer
from appsync_emulator.model import ApiKey

SHAPE = Block(
    {"ApiId": TEXT, "ApiKeyId": TEXT, "Description": UNREAD, "Expires": integer(0)},
    required=("ApiId",),
)


def read(reading: Reading) -> ApiKey:
    """Give the key."""
    key = reading.resource.endpoints.api_key(reading.resource)
    return ApiKey(key, reading.values.get("Expires"), reading.origin)
