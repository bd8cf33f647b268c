"""Reads one resource: evaluates and checks its properties."""

from collections.abc import Mapping
from dataclasses import dataclass

from appsync_emulator.config.codes import COMBINATION, FILE
from appsync_emulator.config.files import Files
from appsync_emulator.config.node import Node
from appsync_emulator.config.problems import Problems
from appsync_emulator.config.resources.shape import Block, Reader, Unread
from appsync_emulator.config.template.resource import Resource
from appsync_emulator.errors import ProjectError
from appsync_emulator.types import JSON, Origin, Text


@dataclass(frozen=True, slots=True)
class Reading:
    """A resource whose properties are read.

    Attributes:
        values: the properties as JSON, checked; those not needed are left out.
        nodes: the same, with their places.
        files: the files beside the template.
    """

    resource: Resource
    values: Mapping[str, JSON]
    nodes: Mapping[str, Node]
    files: Files

    @property
    def id(self) -> str:
        """The logical id."""
        return self.resource.logical_id

    @property
    def origin(self) -> Origin:
        """Where the resource stands."""
        return self.resource.origin

    def wrong(self, code: str, message: str, name: str | None = None) -> ProjectError:
        """Make the error that the resource, or its property `name`, is wrong."""
        node = self.nodes.get(name or "")
        origin = node.key_origin(self.id) if node is not None else self.origin
        return ProjectError(code, message, origin)

    def text(self, inline: str, location: str) -> Text | None:
        """Give a text that is inline or in a file; None when it is neither.

        Raises:
            ProjectError: it is both, or the file cannot be read.
        """
        if inline in self.nodes and location in self.nodes:
            message = f"{inline} and {location} exclude each other."
            raise self.wrong(COMBINATION, message, location)
        if location in self.nodes:
            return self.files.text(self.nodes[location], self.id)
        if inline not in self.nodes:
            return None
        node = self.nodes[inline]
        text: str = self.values[inline]
        if text.startswith("file://"):
            message = f"{inline} holds the text itself; a path stands in {location}."
            raise self.wrong(FILE, message, inline)
        return Text(text, Origin(node.source, node.text_line, self.id))


def read_properties(
    resource: Resource, shape: Block, files: Files, problems: Problems
) -> Reading | None:
    """Evaluate and check all properties of a resource.

    Returns:
        None when something was wrong; `problems` knows what.
    """
    reader = Reader(resource.type, resource.logical_id, problems)
    values: dict[str, JSON] = {}
    nodes: dict[str, Node] = {}
    declared = resource.declaration.properties
    present: dict[str, Node] = {}
    for name, node in declared.items():
        wanted = shape.properties.get(name)
        if wanted is None or isinstance(wanted, Unread):
            present[name] = node
            continue
        try:
            done = resource.value(name)
        except ProjectError as error:
            problems.add(error)
            present[name] = node
            reader.failed = True
            continue
        if done is not None:
            present[name] = nodes[name] = done
            values[name] = reader.read(done, wanted, name)
    reader.check_names(present, shape, resource.declaration.node, resource.type)
    if reader.failed:
        return None
    return Reading(resource, values, nodes, files)
