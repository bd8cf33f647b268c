"""Return values of AWS::Lambda types (CloudFormation template reference)."""

from appsync_emulator.config.attributes.kind import Kind
from appsync_emulator.config.ids import function_name, stable_uuid
from appsync_emulator.config.template.resource import Resource

NAME_LIMIT = 64
"""Characters in a function's name."""


def name(resource: Resource) -> str:
    """Give the name of a function."""
    return resource.name("FunctionName", limit=NAME_LIMIT)


def arn(resource: Resource) -> str:
    """Give the ARN of a function."""
    return resource.pseudo.arn("lambda", f"function:{name(resource)}")


def _qualified(resource: Resource, qualifier: str) -> str:
    reference = resource.text("FunctionName") or ""
    function = function_name(reference) or reference
    return resource.pseudo.arn("lambda", f"function:{function}:{qualifier}")


def _version_arn(resource: Resource) -> str:
    # The emulator runs one version of each function; it is the first one.
    return _qualified(resource, "1")


def _alias_arn(resource: Resource) -> str:
    return _qualified(resource, resource.text("Name") or resource.logical_id)


def layer_arn(resource: Resource) -> str:
    """Give the ARN of a layer's version, of which there is one."""
    return resource.pseudo.arn("lambda", f"layer:{resource.name('LayerName')}:1")


def _url(resource: Resource) -> str:
    place = f"{resource.pseudo.region}.on.aws"
    return f"https://{resource.id(length=32)}.lambda-url.{place}/"


def _mapping_id(resource: Resource) -> str:
    return stable_uuid(resource.pseudo.stack_name, resource.logical_id)


def _mapping_arn(resource: Resource) -> str:
    last = f"event-source-mapping:{_mapping_id(resource)}"
    return resource.pseudo.arn("lambda", last)


def _target_arn(resource: Resource) -> str:
    reference = resource.text("TargetFunctionArn") or ""
    function = function_name(reference) or reference
    return resource.pseudo.arn("lambda", f"function:{function}")


KINDS = {
    "AWS::Lambda::Function": Kind(
        ref=name,
        attributes={
            "Arn": arn,
            "SnapStartResponse.ApplyOn": lambda _: "None",
            "SnapStartResponse.OptimizationStatus": lambda _: "Off",
        },
        complete=True,
    ),
    "AWS::Lambda::Version": Kind(
        ref=_version_arn,
        attributes={"Version": lambda _: "1", "FunctionArn": _version_arn},
        complete=True,
    ),
    "AWS::Lambda::Alias": Kind(
        ref=_alias_arn, attributes={"AliasArn": _alias_arn}, complete=True
    ),
    "AWS::Lambda::EventInvokeConfig": Kind(ref=Resource.name, complete=True),
    "AWS::Lambda::EventSourceMapping": Kind(
        ref=_mapping_id,
        attributes={"Id": _mapping_id, "EventSourceMappingArn": _mapping_arn},
        complete=True,
    ),
    "AWS::Lambda::LayerVersion": Kind(
        ref=layer_arn, attributes={"LayerVersionArn": layer_arn}
    ),
    "AWS::Lambda::Url": Kind(
        ref=_target_arn,
        attributes={"FunctionArn": _target_arn, "FunctionUrl": _url},
    ),
}
