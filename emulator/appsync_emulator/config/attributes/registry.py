"""Finds the return values of a resource."""

from appsync_emulator.config.attributes import (
    appsync,
    cognito,
    lambda_,
    messaging,
    others,
)
from appsync_emulator.config.attributes.kind import Kind
from appsync_emulator.config.codes import ATTRIBUTE
from appsync_emulator.config.template.resource import Resource
from appsync_emulator.config.template.scope import Unresolved
from appsync_emulator.types import JSON

KINDS: dict[str, Kind] = {
    **appsync.KINDS,
    **cognito.KINDS,
    **lambda_.KINDS,
    **messaging.KINDS,
    **others.KINDS,
}
NESTED_STACK = "AWS::CloudFormation::Stack"

_GENERIC = Kind(ref=Resource.name)


def reference(resource: Resource) -> JSON:
    """Give what `Ref` to a resource evaluates to."""
    if resource.type == NESTED_STACK:
        return resource.pseudo.arn(
            "cloudformation", f"stack/{resource.name()}/{resource.id()}"
        )
    return KINDS.get(resource.type, _GENERIC).ref(resource)


def attribute(resource: Resource, name: str) -> JSON:
    """Give what `Fn::GetAtt` evaluates to.

    For a type that is not in the tables it is a made-up text that never changes, like
    an ARN when the name says so.

    Raises:
        Unresolved: a type that the emulator runs has no such attribute.
    """
    if resource.type == NESTED_STACK and name.startswith("Outputs."):
        return resource.endpoints.outputs(resource)(name.removeprefix("Outputs."))
    kind = KINDS.get(resource.type, _GENERIC)
    known = kind.attributes.get(name)
    if known is not None:
        return known(resource)
    if kind.complete or resource.type == NESTED_STACK:
        raise Unresolved(
            ATTRIBUTE,
            f"Requested attribute {name} does not exist in schema for {resource.type}.",
            found=name,
            allowed=kind.attributes,
        )
    if name.endswith("Arn"):
        service, _, kind_name = resource.type.lower().partition("::")[2].partition("::")
        return resource.pseudo.arn(service, f"{kind_name}/{resource.name()}")
    return f"{resource.name()}.{name}"
