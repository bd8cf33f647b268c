"""AWS::Lambda::Function."""

import re
from pathlib import Path

from appsync_emulator.config.attributes import lambda_
from appsync_emulator.config.codes import PROPERTY_MISSING, PROPERTY_VALUE
from appsync_emulator.config.node import Node
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.config.resources.shape import (
    TEXT,
    TEXTS,
    UNREAD,
    Block,
    MapOf,
    choice,
    integer,
)
from appsync_emulator.errors import ProjectError
from appsync_emulator.model import LambdaFunction
from appsync_emulator.types import Origin, Text

SHAPE = Block(
    {
        "Architectures": UNREAD,
        "CapacityProviderConfig": UNREAD,
        "Code": UNREAD,  # a path or an object: read below
        "CodeSigningConfigArn": UNREAD,
        "DeadLetterConfig": Block({"TargetArn": TEXT}),
        "Description": UNREAD,
        "DurableConfig": UNREAD,
        "Environment": Block({"Variables": MapOf(TEXT)}),
        "EphemeralStorage": UNREAD,
        "FileSystemConfigs": UNREAD,
        "FunctionName": TEXT,
        "FunctionScalingConfig": UNREAD,
        "Handler": TEXT,
        "ImageConfig": UNREAD,
        "KmsKeyArn": UNREAD,
        "Layers": TEXTS,
        "LoggingConfig": UNREAD,
        "MemorySize": integer(128, 10_240),
        "PackageType": choice("Zip", "Image"),
        "Policy": UNREAD,
        "PublishToLatestPublished": UNREAD,
        "RecursiveLoop": UNREAD,
        "ReservedConcurrentExecutions": integer(0),
        "Role": UNREAD,
        "Runtime": TEXT,
        "RuntimeManagementConfig": UNREAD,
        "SnapStart": UNREAD,
        "Tags": UNREAD,
        "TenancyConfig": UNREAD,
        "Timeout": integer(1, 900),
        "TracingConfig": UNREAD,
        "VpcConfig": UNREAD,
    },
    # AWS requires Role, too. A function without one is of use here, where no role is.
    required=("Code",),
)

_CODE = (
    "ImageUri",
    "S3Bucket",
    "S3Key",
    "S3ObjectVersion",
    "SourceKMSKeyArn",
    "ZipFile",
)

# Families and not versions: AWS adds versions, and none must fail because of that.
_RUNTIME = re.compile(
    r"python\d\.\d+|nodejs\d+\.x|java\d+(\.al2)?|dotnet(core)?\d+(\.\d)?|go1\.x"
    r"|ruby\d\.\d|provided(\.al\d+)?"
)
_NEWEST = (
    *("python3.13", "python3.12", "python3.11", "nodejs22.x", "nodejs20.x"),
    *("provided.al2023", "java21", "ruby3.4", "dotnet8"),
)
_NAME = re.compile(r"[a-zA-Z0-9-_]{1,64}")


def is_image(reading: Reading) -> bool:
    """Tell whether the function is a container image, which the emulator cannot run."""
    return reading.values.get("PackageType") == "Image"


def read(reading: Reading) -> LambdaFunction:
    """Give the function.

    Raises:
        ProjectError: its code is not there, or a property is wrong.
    """
    values = reading.values
    for name in ("Handler", "Runtime"):
        if name not in values:
            message = f"AWS::Lambda::Function needs the property {name}."
            raise reading.wrong(PROPERTY_MISSING, message)
    _check_runtime(reading)
    code, inline = _code(reading)
    name = lambda_.name(reading.resource)
    if not _NAME.fullmatch(name):
        message = f"{name!r} is no function name: letters, digits, - and _, 1 to 64."
        raise reading.wrong(PROPERTY_VALUE, message, "FunctionName")
    dead_letters = values.get("DeadLetterConfig")
    return LambdaFunction(
        name=name,
        arn=lambda_.arn(reading.resource),
        runtime=values["Runtime"],
        handler=values["Handler"],
        origin=reading.origin,
        code=code,
        inline=inline,
        timeout=values.get("Timeout", 3),
        memory=values.get("MemorySize", 128),
        environment=values.get("Environment", {}).get("Variables", {}),
        reserved_concurrency=values.get("ReservedConcurrentExecutions"),
        async_config={"DeadLetterConfig": dead_letters} if dead_letters else {},
    )


def _check_runtime(reading: Reading) -> None:
    runtime = reading.values["Runtime"]
    if not _RUNTIME.fullmatch(runtime):
        origin = reading.nodes["Runtime"].key_origin(reading.id)
        message = f"Runtime cannot be {runtime!r}."
        raise ProjectError(
            PROPERTY_VALUE, message, origin, found=runtime, allowed=_NEWEST
        )


def _code(reading: Reading) -> tuple[Path | None, Text | None]:
    """Give the folder or archive with the code, or the inline code."""
    node = reading.resource.value("Code")
    if node is None:
        message = "AWS::Lambda::Function needs the property Code."
        raise reading.wrong(PROPERTY_MISSING, message)
    if isinstance(node.value, str):
        return _local(reading.files.path(node, reading.id)), None
    origin = node.key_origin(reading.id)
    parts = node.value if isinstance(node.value, dict) else {}
    for name, item in parts.items():
        if name not in _CODE:
            message = f"Encountered unsupported property {name} in Code."
            at = item.key_origin(reading.id)
            raise ProjectError(PROPERTY_VALUE, message, at, found=name, allowed=_CODE)
    if "ZipFile" in parts and isinstance(parts["ZipFile"].value, str):
        return None, _inline(parts["ZipFile"], reading.id)
    if "S3Bucket" in parts or "S3Key" in parts:
        names = (parts.get("S3Bucket"), parts.get("S3Key"))
        where = "/".join(str(part.value) for part in names if part is not None)
        return reading.files.asset(f"s3://{where}", origin), None
    message = "Code must be a local path, or an object with ZipFile."
    raise ProjectError(PROPERTY_VALUE, message, origin)


def _inline(node: Node, resource: str) -> Text:
    return Text(node.value, Origin(node.source, node.text_line, resource))


def _local(path: Path) -> Path:
    # `aws cloudformation package` zips a single file so that it is alone at the root.
    archive = path.suffix.lower() in (".zip", ".jar")
    return path.parent if path.is_file() and not archive else path
