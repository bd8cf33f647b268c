"""One stack: a template with the values it is deployed with.

Everything is evaluated when it is asked for, and once: parameters, conditions,
resources' properties, outputs.
"""

from collections.abc import Iterator
from typing import Protocol

from appsync_emulator.config import attributes
from appsync_emulator.config.codes import CIRCULAR, CONDITION, MAPPING, REFERENCE
from appsync_emulator.config.files import Files
from appsync_emulator.config.functions import FUNCTIONS
from appsync_emulator.config.functions.conditions import truth
from appsync_emulator.config.node import NO_VALUE, Node
from appsync_emulator.config.problems import Problems
from appsync_emulator.config.template import sam
from appsync_emulator.config.template.foreach import unroll
from appsync_emulator.config.template.includes import include
from appsync_emulator.config.template.outputs import Outputs
from appsync_emulator.config.template.parameters import Given, Parameters
from appsync_emulator.config.template.pseudo import PSEUDO_PARAMETERS, Pseudo
from appsync_emulator.config.template.references import References
from appsync_emulator.config.template.resource import Endpoints, Resource
from appsync_emulator.config.template.scope import Scope, Unresolved
from appsync_emulator.config.template.sections import (
    LANGUAGE_EXTENSIONS,
    SAM,
    Declaration,
    check_sections,
    declarations,
    section,
    transforms,
)
from appsync_emulator.types import JSON


class Surroundings(Endpoints, Protocol):
    """What a stack asks of the whole application."""

    @property
    def problems(self) -> Problems:
        """Where mistakes go."""
        ...

    def imported(self, name: str) -> JSON:
        """Give the value of an export; raises `Unresolved`."""
        ...


class Stack:
    """A template that is being deployed.

    Args:
        document: the template as it was read.
        files: the files beside it.
        pseudo: where it is deployed.
        given: the values of its parameters.
        project: the application that it belongs to.

    Raises:
        ProjectError: the document is no template at all. Lesser mistakes go to the
            project's problems.
    """

    def __init__(
        self,
        document: Node,
        files: Files,
        pseudo: Pseudo,
        given: Given,
        project: Surroundings,
    ) -> None:
        self.files = files
        self.pseudo = pseudo
        self.project = project
        self._resources: dict[str, Resource] = {}
        self._conditions: dict[str, Node] = {}
        self._decided: dict[str, bool] = {}
        self._deciding: list[str] = []
        self.declarations: dict[str, Declaration] = {}
        problems = project.problems
        check_sections(document, problems)
        document = include(document, lambda at: files.source(files.path(at, None)))
        names = transforms(document, problems)
        self.language_extensions = LANGUAGE_EXTENSIONS in names
        self.place = document
        parameters = section(document, "Parameters", problems)
        self.parameters = Parameters(parameters, given, problems)
        self._mappings = section(document, "Mappings", problems)
        document = unroll(document, self.scope())
        self.sam = SAM in names
        if self.sam:
            document = sam.translate(document, self.parameters, pseudo)
        self._conditions = section(document, "Conditions", problems)
        self.declarations = declarations(document, problems)
        outputs = section(document, "Outputs", problems)
        self.outputs = Outputs(outputs, self, self.scope())

    def check(self) -> None:
        """Find what CloudFormation would refuse before it deploys anything."""
        problems = self.project.problems
        self.parameters.check(problems)
        for name in self._conditions:
            with problems.collect():
                self.condition(name)
        references = References(
            self.declarations,
            self.parameters.names,
            self._conditions,
            self.condition,
            problems,
        )
        references.check_resources()
        references.check_outputs(self.outputs.section)

    def scope(self, resource: str | None = None) -> Scope:
        """Give what evaluates values of this stack."""
        return Scope(self, FUNCTIONS, resource)

    def resources(self, *types: str) -> Iterator[Resource]:
        """Give the resources whose condition is true, in template order.

        Args:
            types: only these types; all when empty.
        """
        for logical_id, declaration in self.declarations.items():
            if types and declaration.type not in types:
                continue
            live = False  # also when nobody can tell, which is a problem already
            with self.project.problems.collect():
                live = self._is_live(logical_id)
            if live:
                yield self.resource(logical_id)

    def resource(self, logical_id: str) -> Resource:
        """Give a resource that is declared."""
        found = self._resources.get(logical_id)
        if found is None:
            declaration = self.declarations[logical_id]
            found = Resource(declaration, self.pseudo, self.project, self._evaluate)
            self._resources[logical_id] = found
        return found

    def _evaluate(self, logical_id: str, node: Node) -> Node:
        return self.scope(logical_id).evaluate(node)

    def _is_live(self, logical_id: str) -> bool:
        condition = self.declarations[logical_id].condition
        if condition is None:
            return True
        # An unknown condition is a problem already; what it guards is left out.
        return condition.value in self._conditions and self.condition(condition.value)

    # What intrinsic functions ask for.

    @property
    def region(self) -> str:
        """The region of the stack."""
        return self.pseudo.region

    def reference(self, name: str) -> JSON:
        """Give the value of a parameter, or what `Ref` gives for a resource."""
        pseudo = PSEUDO_PARAMETERS.get(name)
        if pseudo is not None:
            return pseudo(self.pseudo)
        if name in self.parameters.names:
            return self.parameters.value(name)
        return attributes.reference(self._known(name))

    def attribute(self, logical_id: str, attribute: str) -> JSON:
        """Give what `Fn::GetAtt` evaluates to."""
        return attributes.attribute(self._known(logical_id), attribute)

    def _known(self, logical_id: str) -> Resource:
        known = logical_id in self.declarations
        if known and self._is_live(logical_id):
            return self.resource(logical_id)
        raise Unresolved(
            REFERENCE,
            f"Unresolved resource dependencies [{logical_id}] in the Resources block "
            "of the template.",
            found=logical_id,
            allowed=() if known else (*self.declarations, *self.parameters.names),
            hint=f"The condition of {logical_id} is false." if known else None,
        )

    def condition(self, name: str) -> bool:
        """Evaluate a condition."""
        if name not in self._decided:
            node = self._conditions.get(name)
            if node is None:
                message = f"There is no condition {name!r}."
                names = self._conditions
                raise Unresolved(CONDITION, message, found=name, allowed=names)
            if name in self._deciding:
                circle = " -> ".join([*self._deciding, name])
                message = f"Circular dependencies between conditions: {circle}."
                raise Unresolved(CIRCULAR, message)
            self._deciding.append(name)
            try:
                self._decided[name] = truth(self.scope(), node)
            finally:
                self._deciding.pop()
        return self._decided[name]

    def mapped(self, names: list[str]) -> Node:
        """Find a value in Mappings."""
        name, top, second = names
        if name not in self._mappings:
            raise Unresolved(
                MAPPING,
                f"Mapping named '{name}' is not present in the 'Mappings' section of "
                "template.",
                found=name,
                allowed=self._mappings,
            )
        node = self._mappings[name]
        for key in (top, second):
            members = node.value if isinstance(node.value, dict) else {}
            if key not in members:
                message = f"Unable to get mapping for {name}::{top}::{second}."
                raise Unresolved(MAPPING, message, found=key, allowed=members)
            node = members[key]
        return node

    def imported(self, name: str) -> JSON:
        """Give the value that another stack exports."""
        return self.project.imported(name)

    def lazily(self, section: Node | None, logical_id: str) -> Given:
        """Give a lookup that evaluates single members of an object."""
        members = section.value if section is not None else None
        if not isinstance(members, dict) or (members and set(members) & set(FUNCTIONS)):
            whole = self._evaluate(logical_id, section) if section else NO_VALUE
            members = whole.value if isinstance(whole.value, dict) else {}

        def look_up(name: str) -> JSON:
            node = members.get(name)
            if node is None:
                return None
            value = self._evaluate(logical_id, node).value
            if isinstance(value, list):
                return [item.value for item in value]
            return value

        return look_up
