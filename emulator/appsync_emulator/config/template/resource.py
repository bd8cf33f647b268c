"""One resource of a stack: its properties, each evaluated when it is needed.

`Fn::GetAtt` of one resource may need a property of another, such as its name, but never
all of them. Evaluating single properties keeps circles apart that are none.
"""

from collections.abc import Callable
from typing import Protocol

from appsync_emulator.config.codes import CIRCULAR
from appsync_emulator.config.ids import physical_name, stable_id
from appsync_emulator.config.node import NO_VALUE, Node, as_text
from appsync_emulator.config.template.pseudo import Pseudo
from appsync_emulator.config.template.scope import Unresolved
from appsync_emulator.config.template.sections import Declaration
from appsync_emulator.types import JSON, Origin


class Endpoints(Protocol):
    """Where the emulator serves the APIs of the application, and AWS's services."""

    def graphql_url(self, api: "Resource") -> str:
        """Give the URL of an API."""
        ...

    def realtime_url(self, api: "Resource") -> str:
        """Give the WebSocket URL of an API."""
        ...

    def api_key(self, key: "Resource") -> str:
        """Give the value of an API key."""
        ...

    def service_url(self, service: str) -> str | None:
        """Give the endpoint of an AWS service; None when it is AWS's own."""
        ...

    def outputs(self, stack: "Resource") -> Callable[[str], JSON]:
        """Give what looks up an output of a nested stack."""
        ...


class Resource:
    """A resource whose condition is true.

    Attributes:
        declaration: what the template says.
        pseudo: the stack's pseudo parameters.
        endpoints: what only the whole application knows.
    """

    __slots__ = (
        "_active",
        "_evaluate",
        "_values",
        "declaration",
        "endpoints",
        "pseudo",
    )

    def __init__(
        self,
        declaration: Declaration,
        pseudo: Pseudo,
        endpoints: Endpoints,
        evaluate: Callable[[str, Node], Node],
    ) -> None:
        self.declaration = declaration
        self.pseudo = pseudo
        self.endpoints = endpoints
        self._evaluate = evaluate
        self._values: dict[str, Node] = {}
        self._active: list[str] = []

    @property
    def logical_id(self) -> str:
        """The name of the resource in its template."""
        return self.declaration.logical_id

    @property
    def type(self) -> str:
        """The resource type, such as `AWS::AppSync::Resolver`."""
        return self.declaration.type

    @property
    def origin(self) -> Origin:
        """Where the resource stands."""
        return self.declaration.node.key_origin(self.logical_id)

    def value(self, name: str) -> Node | None:
        """Evaluate a property; None when it is missing or `AWS::NoValue`.

        Raises:
            ProjectError: it cannot be evaluated.
            Unresolved: it depends on itself.
        """
        node = self.declaration.properties.get(name)
        if node is None:
            return None
        if name not in self._values:
            if name in self._active:
                circle = f"{self.logical_id}.{name}"
                raise Unresolved(CIRCULAR, f"{circle} depends on itself.")
            self._active.append(name)
            try:
                self._values[name] = self._evaluate(self.logical_id, node)
            finally:
                self._active.pop()
        done = self._values[name]
        return None if done is NO_VALUE or done.value is None else done

    def text(self, name: str) -> str | None:
        """Evaluate a property that is a string; None when it is missing or none."""
        node = self.value(name)
        if node is None or isinstance(node.value, dict | list):
            return None
        return as_text(node.value)

    def name(self, *properties: str, limit: int = 255) -> str:
        """Give the physical name: the first of the properties, else a made-up name."""
        for name in properties:
            text = self.text(name)
            if text:
                return text
        return physical_name(self.pseudo.stack_name, self.logical_id, limit=limit)

    def id(self, *, length: int = 26) -> str:
        """Give an id of letters and digits that never changes."""
        return stable_id(self.pseudo.stack_name, self.logical_id, length=length)
