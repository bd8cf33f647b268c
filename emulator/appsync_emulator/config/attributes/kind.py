"""What Ref and Fn::GetAtt give for a type of resources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from appsync_emulator.config.template.resource import Resource
from appsync_emulator.types import JSON

Attribute: TypeAlias = Callable[[Resource], JSON]


@dataclass(frozen=True, slots=True)
class Kind:
    """The return values of one resource type.

    Attributes:
        ref: what Ref gives.
        attributes: what Fn::GetAtt gives, by attribute.
        complete: whether other attributes are mistakes. They are not for types that the
            emulator does not run: AWS adds attributes faster than anyone follows.
    """

    ref: Attribute
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    complete: bool = False
