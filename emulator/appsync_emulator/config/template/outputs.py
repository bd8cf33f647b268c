"""The Outputs section of a stack, and what it exports."""

from typing import Protocol

from appsync_emulator.config.codes import REFERENCE, STRUCTURE
from appsync_emulator.config.node import NO_VALUE, Node, kind_of, plain
from appsync_emulator.config.problems import Problems
from appsync_emulator.config.template.scope import Scope, Unresolved
from appsync_emulator.errors import ProjectError
from appsync_emulator.types import JSON


class _Conditions(Protocol):
    def condition(self, name: str) -> bool: ...


class Outputs:
    """The outputs of one stack, each evaluated when it is asked for.

    Attributes:
        section: the outputs as declared.
    """

    def __init__(
        self, section: dict[str, Node], conditions: _Conditions, scope: Scope
    ) -> None:
        self.section = section
        self._conditions = conditions
        self._scope = scope

    def value(self, name: str) -> JSON:
        """Evaluate an output.

        Raises:
            Unresolved: there is no such output, or its condition is false.
            ProjectError: it cannot be evaluated.
        """
        output = self.section.get(name)
        if output is None or not self._is_live(output):
            raise Unresolved(
                REFERENCE,
                f"The nested stack has no output {name!r}.",
                found=name,
                allowed=self.section,
            )
        return self._evaluate(name, output)

    def _is_live(self, output: Node) -> bool:
        members = output.value if isinstance(output.value, dict) else {}
        condition = members.get("Condition")
        if condition is None:
            return True
        try:
            return self._conditions.condition(str(condition.value))
        except Unresolved:
            return False  # the check of references says so

    def _evaluate(self, name: str, output: Node) -> JSON:
        members = output.value
        if not isinstance(members, dict) or "Value" not in members:
            message = f"Output {name} must be an object with a Value."
            raise ProjectError(STRUCTURE, message, output.key_origin())
        node = self._scope.evaluate(members["Value"])
        if node is NO_VALUE or isinstance(node.value, dict | list | None):
            found = kind_of(node.value)
            message = f"The Value of output {name} must be a string, not {found}."
            raise ProjectError(STRUCTURE, message, members["Value"].key_origin())
        return plain(node)

    def all(self, problems: Problems) -> dict[str, JSON]:
        """Evaluate all outputs whose condition is true."""
        values = {}
        for name, output in self.section.items():
            with problems.collect():
                if self._is_live(output):
                    values[name] = self._evaluate(name, output)
        return values

    def exports(self) -> dict[str, str]:
        """Give the names of outputs by the names under which they are exported."""
        found = {}
        for name, output in self.section.items():
            members = output.value if isinstance(output.value, dict) else {}
            export = members.get("Export")
            if export is None or not self._is_live(output):
                continue
            parts = export.value if isinstance(export.value, dict) else {}
            if "Name" not in parts:
                message = f"The Export of output {name} must be an object with a Name."
                raise ProjectError(STRUCTURE, message, export.key_origin())
            found[self._scope.text(parts["Name"], "The Name of an export")] = name
        return found
