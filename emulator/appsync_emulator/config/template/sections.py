"""The sections of a template, taken apart and checked for their form."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from appsync_emulator.config.codes import (
    OTHER_FORMAT,
    STRUCTURE,
    TRANSFORM,
)
from appsync_emulator.config.node import Node, kind_of
from appsync_emulator.config.problems import Problems
from appsync_emulator.errors import ProjectError

SECTIONS = (
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Transform",
    "Resources",
    "Outputs",
    "Hooks",
    "Globals",
)
ATTRIBUTES = (
    "Type",
    "Properties",
    "Condition",
    "DependsOn",
    "Metadata",
    "CreationPolicy",
    "DeletionPolicy",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Connectors",
    "IgnoreGlobals",
)

SAM = "AWS::Serverless-2016-10-31"
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
TRANSFORMS = (
    SAM,
    LANGUAGE_EXTENSIONS,
    "AWS::Include",
    # These two change nothing that the emulator runs.
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::CodeDeployBlueGreen",
)


@dataclass(frozen=True, slots=True)
class Declaration:
    """A resource as the template declares it, nothing evaluated.

    Attributes:
        node: the whole resource; its key's line is the resource's line.
        condition: the Node with the condition's name, None without one.
        depends_on: Nodes with logical ids.
    """

    logical_id: str
    type: str
    node: Node
    properties: dict[str, Node] = field(default_factory=dict)
    condition: Node | None = None
    depends_on: tuple[Node, ...] = ()


def section(document: Node, name: str, problems: Problems) -> dict[str, Node]:
    """Give a section that is an object; empty when it is missing or wrong."""
    node = document.value.get(name)
    if node is None:
        return {}
    if isinstance(node.value, dict):
        members: dict[str, Node] = node.value
        return members
    if node.value is not None:
        message = f"{name} must be an object, not {kind_of(node.value)}."
        problems.add(ProjectError(STRUCTURE, message, node.key_origin()))
    return {}


def check_sections(document: Node, problems: Problems) -> None:
    """Refuse what is no template, and sections that do not exist.

    Raises:
        ProjectError: the document has no resources at all.
    """
    if not isinstance(document.value, dict):
        message = f"A template is an object, and this is {kind_of(document.value)}."
        raise ProjectError(OTHER_FORMAT, message, document.origin())
    if "Resources" not in document.value:
        message = "This is no CloudFormation template: it has no Resources."
        raise ProjectError(
            OTHER_FORMAT, message, document.origin(), **_nearest(document, "Resources")
        )
    for name, node in document.value.items():
        if name not in SECTIONS and not name.startswith("Fn::Transform"):
            message = f"Invalid template property or properties [{name}]."
            error = ProjectError(
                STRUCTURE, message, node.key_origin(), found=name, allowed=SECTIONS
            )
            problems.add(error)


def _nearest(document: Node, section: str) -> dict[str, str]:
    for name in document.value:
        if name.lower() == section.lower():
            return {"hint": f"{name!r} has to be written {section!r}."}
    return {}


def transforms(document: Node, problems: Problems) -> tuple[str, ...]:
    """Give the names of the template's transforms; unknown ones are problems."""
    node = document.value.get("Transform")
    if node is None:
        return ()
    names = []
    for item in node.value if isinstance(node.value, list) else [node]:
        value = item.value
        if isinstance(value, dict) and "Name" in value:
            value = value["Name"].value
        if not isinstance(value, str):
            message = "A transform is a name, or an object with Name and Parameters."
            problems.add(ProjectError(TRANSFORM, message, item.origin()))
        elif value not in TRANSFORMS:
            message = f"The macro {value!r} runs in AWS only."
            error = ProjectError(
                TRANSFORM, message, item.origin(), found=value, allowed=TRANSFORMS
            )
            problems.add(error)
        else:
            names.append(value)
    return tuple(names)


def declarations(document: Node, problems: Problems) -> dict[str, Declaration]:
    """Take the Resources section apart; wrong resources are problems and left out."""
    found = {}
    for logical_id, node in section(document, "Resources", problems).items():
        with problems.collect():
            found[logical_id] = _declaration(logical_id, node, problems)
    return found


def _declaration(logical_id: str, node: Node, problems: Problems) -> Declaration:
    def wrong(message: str, at: Node) -> ProjectError:
        return ProjectError(STRUCTURE, message, at.key_origin(logical_id))

    if not (logical_id.isascii() and logical_id.isalnum()):
        raise wrong(
            f"Resource name {logical_id} is non alphanumeric: it may have letters and "
            "digits only.",
            node,
        )
    if not isinstance(node.value, dict):
        raise wrong(f"A resource is an object, not {kind_of(node.value)}.", node)
    for name, item in node.value.items():
        if name not in ATTRIBUTES:
            error = ProjectError(
                STRUCTURE,
                f"Invalid template resource property {name!r}.",
                item.key_origin(logical_id),
                found=name,
                allowed=ATTRIBUTES,
            )
            problems.add(error)
    kind = node.value.get("Type")
    if kind is None or not isinstance(kind.value, str) or not kind.value:
        raise wrong("Every resource must contain a Type member that is a string.", node)
    properties = node.value.get("Properties")
    if properties is not None and not isinstance(properties.value, dict | None):
        message = f"Properties must be an object, not {kind_of(properties.value)}."
        raise wrong(message, properties)
    condition = node.value.get("Condition")
    if condition is not None and not isinstance(condition.value, str):
        raise wrong("Condition must be the name of a condition.", condition)
    return Declaration(
        logical_id,
        kind.value,
        node,
        (properties.value if properties else None) or {},
        condition,
        tuple(_depends_on(node, wrong)),
    )


def _depends_on(
    node: Node, wrong: Callable[[str, Node], ProjectError]
) -> Iterable[Node]:
    depends_on = node.value.get("DependsOn")
    if depends_on is None:
        return
    several = isinstance(depends_on.value, list)
    for item in depends_on.value if several else [depends_on]:
        if not isinstance(item.value, str):
            message = "DependsOn must be a logical id or a list of logical ids."
            raise wrong(message, depends_on)
        yield item
