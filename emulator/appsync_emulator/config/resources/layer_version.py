"""AWS::Lambda::LayerVersion."""

from pathlib import Path

from appsync_emulator.config.attributes.lambda_ import layer_arn
from appsync_emulator.config.codes import PROPERTY_VALUE
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import TEXT, UNREAD, Block
from appsync_emulator.errors import ProjectError

SHAPE = Block(
    {
        "CompatibleArchitectures": UNREAD,
        "CompatibleRuntimes": UNREAD,
        "Content": UNREAD,  # a path or an object: read below
        "Description": UNREAD,
        "LayerName": TEXT,
        "LicenseInfo": UNREAD,
    },
    required=("Content",),
)


def read(reading: Reading) -> tuple[str, Path]:
    """Give the layer's ARN and the folder or archive with its content.

    Raises:
        ProjectError: the content is not there.
    """
    arn = layer_arn(reading.resource)
    node = reading.resource.value("Content")
    if node is not None and isinstance(node.value, str):
        return arn, reading.files.path(node, reading.id)
    parts = node.value if node is not None and isinstance(node.value, dict) else {}
    if "S3Bucket" in parts and "S3Key" in parts:
        names = (parts["S3Bucket"].value, parts["S3Key"].value)
        origin = reading.origin if node is None else node.key_origin(reading.id)
        return arn, reading.files.asset("s3://{}/{}".format(*names), origin)
    message = "Content must be a local path, or an object with S3Bucket and S3Key."
    raise ProjectError(PROPERTY_VALUE, message, reading.origin)
