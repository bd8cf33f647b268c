"""What the roles of the templates may do, for those who sign in their name.

Nothing else of IAM is read: functions may do everything on one machine.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from appsync_emulator.config.attributes.registry import reference
from appsync_emulator.config.node import plain
from appsync_emulator.config.template.resource import Resource
from appsync_emulator.config.template.scope import Unresolved
from appsync_emulator.errors import ProjectError

ROLE = "AWS::IAM::Role"
_MANAGED = "AWS::IAM::ManagedPolicy"
TYPES = (ROLE, _MANAGED, "AWS::IAM::Policy", "AWS::IAM::RolePolicy")

_EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_OF_AWS = (
    "AdministratorAccess",
    "AWSAppSyncAdministrator",
    "AWSAppSyncInvokeFullAccess",
    "PowerUserAccess",
)
"""AWS's own policies that allow `appsync:GraphQL`, on everything."""


@dataclass(slots=True)
class RoleParts:
    """Roles and policies that were found so far, none of them read."""

    found: list[Resource] = field(default_factory=list)

    def add(self, resource: Resource) -> None:
        """Take a resource of one of `TYPES`."""
        self.found.append(resource)

    def policies(self) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
        """Give the policy documents of each role, by its name and its logical id.

        A role with a policy that cannot be evaluated, because a value comes from
        elsewhere, is left out: half of what it says could allow too much.
        """
        roles: dict[str, tuple[Mapping[str, Any], ...]] = {}
        for role in self.found:
            if role.type != ROLE:
                continue
            try:
                documents = tuple(self._documents(role))
                name = str(reference(role))
            except (ProjectError, Unresolved):
                continue
            roles[role.logical_id] = roles[name] = documents
        return roles

    def _documents(self, role: Resource) -> Iterator[Mapping[str, Any]]:
        for policy in _listed(_value(role, "Policies")):
            yield from _document(policy)
        name = str(reference(role))
        for arn in _listed(_value(role, "ManagedPolicyArns")):
            if str(arn).rpartition("/")[2] in _OF_AWS:
                yield _EVERYTHING
            for other in self.found:
                if other.type == _MANAGED and reference(other) == arn:
                    yield from _document({"PolicyDocument": _policy(other)})
        for other in self.found:
            names = [*_listed(_value(other, "Roles")), _value(other, "RoleName")]
            if other.type != ROLE and name in names:
                yield from _document({"PolicyDocument": _policy(other)})


def _value(resource: Resource, name: str) -> Any:
    node = resource.value(name)
    return None if node is None else plain(node)


def _policy(resource: Resource) -> Any:
    return _value(resource, "PolicyDocument")


def _document(policy: Any) -> Iterator[Mapping[str, Any]]:
    document = policy.get("PolicyDocument") if isinstance(policy, dict) else None
    if isinstance(document, dict):
        yield document


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
