"""The application while it is being put together: its stacks and what they share."""

from collections.abc import Callable, Iterator
from pathlib import Path

from appsync_emulator.config.codes import (
    CIRCULAR,
    IMPORT,
    PARAMETER_NAME,
    PROPERTY_MISSING,
)
from appsync_emulator.config.deployment import Deployment
from appsync_emulator.config.files import Files
from appsync_emulator.config.find import other_format, recognise
from appsync_emulator.config.node import Node
from appsync_emulator.config.problems import Problems
from appsync_emulator.config.template.pseudo import Pseudo
from appsync_emulator.config.template.resource import Resource
from appsync_emulator.config.template.scope import Unresolved
from appsync_emulator.config.template.sections import section
from appsync_emulator.config.template.stack import Stack
from appsync_emulator.errors import ProjectError
from appsync_emulator.types import JSON

NESTED = "AWS::CloudFormation::Stack"
GRAPHQL_API = "AWS::AppSync::GraphQLApi"
API_KEY = "AWS::AppSync::ApiKey"
MAX_DEPTH = 10
"""Guards against a template that nests itself."""


class Project:
    """All stacks of one application.

    Attributes:
        deployment: where and with which values they are deployed.
        problems: what is wrong so far.
        files: every file that was read.
        imports: names of exports that were taken from the deployment's parameters.
        documents: the given templates as they were read, those too that are wrong.
    """

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.problems = Problems()
        self.files: dict[Path, None] = {}
        self.imports: set[str] = set()
        self.documents: list[Node] = []
        self.roots: list[Stack] = []
        self._nested: dict[tuple[str, str], Stack] = {}
        self._depth: dict[str, int] = {}
        self._importing: list[str] = []

    def add(self, template: Path, name: str) -> None:
        """Add the stack of one template.

        Raises:
            ProjectError: the file is no template.
        """
        files = Files(template, self.files)
        document = files.source(template.absolute())
        what = recognise(document)
        if what is not None:
            raise other_format(what, document.origin())
        self.documents.append(document)
        given = self.deployment.parameters.get
        self.roots.append(Stack(document, files, self._pseudo(name), given, self))

    def _pseudo(self, name: str) -> Pseudo:
        return Pseudo(name, self.deployment.region, self.deployment.account_id)

    def stacks(self) -> Iterator[Stack]:
        """Give all stacks, nested ones after the one that nests them."""
        waiting = list(self.roots)
        while waiting:
            stack = waiting.pop(0)
            yield stack
            inner = []
            for resource in stack.resources(NESTED):
                with self.problems.collect():
                    inner.append(self.nested(stack, resource))
            waiting[:0] = inner

    def nested(self, parent: Stack, resource: Resource) -> Stack:
        """Give the stack of a resource of type AWS::CloudFormation::Stack.

        Raises:
            ProjectError: its template is not a local file, or is no template.
        """
        key = (parent.pseudo.stack_name, resource.logical_id)
        if key not in self._nested:
            self._nested[key] = self._make_nested(parent, resource)
        return self._nested[key]

    def _make_nested(self, parent: Stack, resource: Resource) -> Stack:
        node = resource.value("TemplateURL")
        if node is None:
            message = "A nested stack needs the property TemplateURL."
            raise ProjectError(PROPERTY_MISSING, message, resource.origin)
        name = resource.name(limit=128)
        depth = self._depth[name] = self._depth.get(parent.pseudo.stack_name, 0) + 1
        if depth > MAX_DEPTH:
            message = f"Stacks nest more than {MAX_DEPTH} deep."
            raise ProjectError(CIRCULAR, message, resource.origin)
        path = parent.files.path(node, resource.logical_id)
        files = parent.files.beside(path)
        section = resource.declaration.properties.get("Parameters")
        given = parent.lazily(section, resource.logical_id)
        stack = Stack(files.source(path), files, self._pseudo(name), given, self)
        self._check_given(section, stack, resource)
        return stack

    def _check_given(
        self, section: Node | None, stack: Stack, resource: Resource
    ) -> None:
        """Refuse parameters that the nested template does not have."""
        if section is None or not isinstance(section.value, dict):
            return
        for name, node in section.value.items():
            if name not in stack.parameters.names and not name.startswith("Fn::"):
                error = ProjectError(
                    PARAMETER_NAME,
                    f"Parameters: [{name}] do not exist in the template.",
                    node.key_origin(resource.logical_id),
                    found=name,
                    allowed=stack.parameters.names,
                )
                self.problems.add(error)

    def parameter_names(self) -> list[str]:
        """Give the names of the parameters of the given templates."""
        names = [name for stack in self.roots for name in stack.parameters.names]
        for document in self.documents:  # a wrong one has become no stack
            if isinstance(document.value, dict):
                names += section(document, "Parameters", self.problems)
        return list(dict.fromkeys(names))

    # What templates ask for.

    def outputs(self, resource: Resource) -> Callable[[str], JSON]:
        """Give what looks up an output of a nested stack."""
        parent = next(
            stack for stack in self.known() if stack.pseudo is resource.pseudo
        )
        return self.nested(parent, resource).outputs.value

    def known(self) -> list[Stack]:
        """Give the stacks that were made so far."""
        return [*self.roots, *self._nested.values()]

    def imported(self, name: str) -> JSON:
        """Give the value of an export of any stack.

        Raises:
            Unresolved: no stack exports it, or exports import each other.
        """
        if name in self._importing:
            circle = " -> ".join([*self._importing, name])
            raise Unresolved(CIRCULAR, f"Exports import each other: {circle}.")
        self._importing.append(name)
        try:
            names: list[str] = []
            for stack in self.stacks():
                exports = stack.outputs.exports()
                if name in exports:
                    return stack.outputs.value(exports[name])
                names += exports
        finally:
            self._importing.pop()
        if name in self.deployment.parameters:
            self.imports.add(name)
            return self.deployment.parameters[name]
        raise Unresolved(
            IMPORT,
            f"No export named {name} found.",
            found=name,
            allowed=names,
            hint=f"Give the template that exports it too, or --parameter {name}=VALUE.",
        )

    def graphql_url(self, api: Resource) -> str:
        """Give the URL of an API: `/graphql` for the first, else with its id."""
        return f"{self.deployment.base_url}{self._path(api)}/graphql"

    def realtime_url(self, api: Resource) -> str:
        """Give the WebSocket URL of an API."""
        return f"{self.deployment.realtime_url}{self._path(api)}/graphql/realtime"

    def service_url(self, service: str) -> str | None:
        """Give the endpoint of an AWS service; None when it is AWS's own."""
        return self.deployment.endpoints.get(service)

    def _path(self, api: Resource) -> str:
        first = next(self.all(GRAPHQL_API), None)
        return "" if first is api else f"/{api.id()}"

    def api_key(self, key: Resource) -> str:
        """Give a key: the deployment's, the template's own, else a derived one."""
        given = self.deployment.api_keys
        if given:
            for index, other in enumerate(self.all(API_KEY)):
                if index >= len(given):
                    break
                if other is key:
                    return given[index]
        explicit = key.text("ApiKeyId")
        if explicit is not None and explicit.startswith("da2-"):
            return explicit
        return f"da2-{key.id()}"

    def all(self, kind: str) -> Iterator[Resource]:
        """Give all resources of a type: of the given templates, then of nested ones.

        In this order nothing that nested stacks are made from has to be known for a
        resource of a given template.
        """
        for stack in self.roots:
            yield from stack.resources(kind)
        roots = set(map(id, self.roots))
        for stack in self.stacks():
            if id(stack) not in roots:
                yield from stack.resources(kind)
