"""What properties a resource type has, and how their values are read.

A Shape is checked and read in one go: what comes out is plain JSON with the types that
CloudFormation would make of it, or problems.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from appsync_emulator.config.codes import (
    PROPERTY_MISSING,
    PROPERTY_NAME,
    PROPERTY_VALUE,
)
from appsync_emulator.config.node import Node, as_text, kind_of
from appsync_emulator.config.problems import Problems
from appsync_emulator.errors import ProjectError, nearest_name
from appsync_emulator.types import JSON


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value.

    Attributes:
        kind: CloudFormation takes `"3"` for a number and 3 for a string.
        one_of: the allowed values, empty for any.
        least: the lowest allowed number.
        most: the highest allowed number.
    """

    kind: Literal["string", "integer", "number", "boolean"] = "string"
    one_of: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """An object with known properties.

    Attributes:
        required: names of properties that must be there.
    """

    properties: Mapping[str, "Shape"]
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one shape."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object whose keys are the user's own."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that the emulator has no use for; it is not even evaluated.

    So a template can be run whose VPC, say, is imported from another stack.
    """


Shape: TypeAlias = Scalar | Block | ListOf | MapOf | Unread

TEXT = Scalar()
TEXTS = ListOf(TEXT)
FLAG = Scalar("boolean")
UNREAD = Unread()


def choice(*values: str) -> Scalar:
    """Make the shape of a string that is one of a few."""
    return Scalar(one_of=values)


def integer(least: float | None = None, most: float | None = None) -> Scalar:
    """Make the shape of a whole number within bounds."""
    return Scalar("integer", least=least, most=most)


@dataclass(slots=True)
class Reader:
    """Reads values by their shapes.

    Attributes:
        type: the resource type, for messages.
        resource: the logical id.
        problems: where mistakes go.
        failed: whether there was one.
    """

    type: str
    resource: str
    problems: Problems
    failed: bool = field(default=False, init=False)

    def wrong(
        self,
        code: str,
        message: str,
        node: Node,
        *,
        found: str | None = None,
        allowed: tuple[str, ...] = (),
    ) -> None:
        """Note a mistake at `node`."""
        self.failed = True
        origin = node.key_origin(self.resource)
        error = ProjectError(code, message, origin, found=found, allowed=allowed)
        self.problems.add(error)

    def check_names(
        self, names: Mapping[str, Node], block: Block, node: Node, path: str
    ) -> None:
        """Check that the names of properties exist and required ones are there."""
        allowed = tuple(block.properties)
        meant = set()
        for name, item in names.items():
            if name not in block.properties:
                message = f"Encountered unsupported property {name} in {path}."
                self.wrong(PROPERTY_NAME, message, item, found=name, allowed=allowed)
                meant.add(nearest_name(name, allowed))
        for name in block.required:
            # One error is enough for a name that is spelt wrongly.
            if name not in names and name not in meant:
                message = f"{path} needs the property {name}."
                self.wrong(PROPERTY_MISSING, message, node)

    def read(self, node: Node, shape: Shape, path: str) -> JSON:
        """Give the value as JSON; None for what was wrong, after noting it."""
        if isinstance(shape, Scalar):
            return self._scalar(node, shape, path)
        if isinstance(shape, Unread):
            return None
        value = node.value
        if isinstance(shape, ListOf):
            if not isinstance(value, list):
                return self._kind(node, path, "a list")
            return [
                self.read(item, shape.item, f"{path}[{index}]")
                for index, item in enumerate(value)
            ]
        if not isinstance(value, dict):
            return self._kind(node, path, "an object")
        if isinstance(shape, MapOf):
            return {
                name: self.read(item, shape.item, f"{path}.{name}")
                for name, item in value.items()
            }
        self.check_names(value, shape, node, path)
        return {
            name: self.read(item, shape.properties[name], f"{path}.{name}")
            for name, item in value.items()
            if name in shape.properties
        }

    def _kind(self, node: Node, path: str, wanted: str) -> None:
        message = f"{path} must be {wanted}, not {kind_of(node.value)}."
        self.wrong(PROPERTY_VALUE, message, node)

    def _scalar(self, node: Node, shape: Scalar, path: str) -> JSON:
        value = node.value
        if value is None:
            message = f"'null' values are not allowed in templates: {path}."
            return self.wrong(PROPERTY_VALUE, message, node)
        if isinstance(value, dict | list):
            return self._kind(node, path, _NAMES[shape.kind])
        text = as_text(value)
        if shape.kind == "string":
            if shape.one_of and text not in shape.one_of:
                message = f"{path} cannot be {text!r}."
                allowed = shape.one_of
                self.wrong(PROPERTY_VALUE, message, node, found=text, allowed=allowed)
            return text
        if shape.kind == "boolean":
            if text.lower() not in ("true", "false"):
                message = f"{path} must be a boolean, not {text!r}."
                return self.wrong(PROPERTY_VALUE, message, node)
            return text.lower() == "true"
        return self._number(node, text, shape, path)

    def _number(self, node: Node, text: str, shape: Scalar, path: str) -> JSON:
        try:
            number = float(text)
            whole = int(number)
        except (ValueError, OverflowError):
            message = f"{path} must be {_NAMES[shape.kind]}, not {text!r}."
            return self.wrong(PROPERTY_VALUE, message, node)
        if shape.kind == "integer" and whole != number:
            message = f"{path} must be a whole number, not {text}."
            return self.wrong(PROPERTY_VALUE, message, node)
        if shape.least is not None and number < shape.least:
            message = f"{path} is {text}, less than {shape.least:g}."
            return self.wrong(PROPERTY_VALUE, message, node)
        if shape.most is not None and number > shape.most:
            message = f"{path} is {text}, more than {shape.most:g}."
            return self.wrong(PROPERTY_VALUE, message, node)
        return whole if whole == number else number


_NAMES = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "a boolean",
}
