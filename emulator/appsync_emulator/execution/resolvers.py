"""Makes an API's resolvers runnable: code compiled, data sources connected."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from appsync_emulator.datasources.datasource import DataSource, Step
from appsync_emulator.datasources.lambda_ import LambdaDataSource
from appsync_emulator.errors import ProjectError, ProjectErrors
from appsync_emulator.execution import codes
from appsync_emulator.execution.pipeline import (
    AnyResolver,
    Function,
    PipelineResolver,
    UnitResolver,
)
from appsync_emulator.model import Api, Code, FunctionConfig, Resolver
from appsync_emulator.types import Origin, Text
from appsync_resolvers import (
    CodeRejected,
    Context,
    EvaluationError,
    Handler,
    Handlers,
    TemplateRejected,
)
from appsync_resolvers.direct import (
    DirectBatchResponse,
    DirectRequest,
    DirectResponse,
)
from appsync_resolvers.js import JsEngine
from appsync_resolvers.vtl import compile_template

log = logging.getLogger(__name__)

MAX_TEMPLATE = 65_536
"""Characters (AppSync API reference, MappingTemplate)."""


class RejectedTemplate:
    """Stands for a template that does not parse: AWS deploys it, its field fails."""

    returns_result = False

    def __init__(self, error: TemplateRejected) -> None:
        self.message = f"Unable to transform the template: {error}"

    def __call__(self, context: Context) -> Any:  # noqa: ARG002
        """Fail."""
        raise EvaluationError(self.message, "MappingTemplate")

    patiently = __call__


class ResolverFactory:
    """Builds the resolvers of one API.

    Args:
        api: as loaded.
        sources: its data sources, by name.
        javascript: the API's own JavaScript engine.
        wrap: makes what is called in the place of a data source, None to call them.
    """

    def __init__(
        self,
        api: Api,
        sources: Mapping[str, DataSource],
        javascript: JsEngine,
        wrap: Callable[[str, DataSource], DataSource] | None = None,
    ) -> None:
        self.wrap = wrap
        self.api = api
        self.sources = sources
        self.javascript = javascript
        self.errors: list[ProjectError] = []

    def build(self) -> dict[tuple[str, str], AnyResolver]:
        """Build all resolvers, by (type name, field name).

        Raises:
            ProjectErrors: code that AWS would refuse to save, all of it.
        """
        built: dict[tuple[str, str], AnyResolver] = {}
        for resolver in self.api.resolvers:
            made = self._resolver(resolver)
            if made is not None:
                built[resolver.type_name, resolver.field_name] = made
        if self.errors:
            raise ProjectErrors(self.errors)
        return built

    def _resolver(self, resolver: Resolver) -> AnyResolver | None:
        name = f"{resolver.type_name}.{resolver.field_name}"
        if resolver.kind == "UNIT":
            function = self._function(resolver, Step(name, resolver.max_batch_size))
            return None if function is None else UnitResolver(function)
        around = self._handlers(resolver.code, resolver.origin)
        steps = [self._step(name, id_) for id_ in resolver.functions]
        if around is None or None in steps:
            return None
        functions = tuple(step for step in steps if step is not None)
        javascript = resolver.code.runtime == "APPSYNC_JS"
        return PipelineResolver(around, functions, javascript)

    def _step(self, name: str, function_id: str) -> Function | None:
        config = self.api.functions[function_id]
        step = Step(f"{name}/{config.name}", config.max_batch_size)
        return self._function(config, step)

    def _function(
        self, config: Resolver | FunctionConfig, step: Step
    ) -> Function | None:
        source = self.sources[config.data_source or ""]
        batched = config.max_batch_size > 0
        direct = isinstance(source, LambdaDataSource)
        handlers = self._handlers(config.code, config.origin, direct, batched=batched)
        if handlers is None:
            return None
        if self.wrap is not None:
            source = self.wrap(config.data_source or "", source)
        return Function(handlers, source, step)

    def _handlers(
        self,
        code: Code,
        origin: Origin,
        direct: bool = False,
        *,
        batched: bool = False,
    ) -> Handlers | None:
        """Compile the handlers; None after noting what is wrong with them."""
        if code.runtime == "APPSYNC_JS":
            return self._javascript(code, origin)
        if direct:
            request: Handler = DirectRequest(batched=batched)
            response: Handler = DirectResponse()
            if batched and code.request is None:
                response = DirectBatchResponse()
            if code.request is not None:
                request = self._template(code.request)
            if code.response is not None:
                response = self._template(code.response, response=True)
            return Handlers(request, response)
        if code.request is None or code.response is None:
            missing = "request" if code.request is None else "response"
            self.errors.append(
                ProjectError(
                    codes.TEMPLATE_MISSING,
                    f"The {missing} mapping template is missing; only resolvers of a "
                    "Lambda data source may leave it out.",
                    origin,
                )
            )
            return None
        return Handlers(
            self._template(code.request), self._template(code.response, response=True)
        )

    def _template(self, text: Text, *, response: bool = False) -> Handler:
        if len(text.text) > MAX_TEMPLATE:
            name = f"{'response' if response else 'request'}MappingTemplate"
            message = (
                f"Value at '{name}' failed to satisfy constraint: Member must have "
                f"length less than or equal to {MAX_TEMPLATE}"
            )
            error = ProjectError(codes.TEMPLATE_TOO_LONG, message, text.origin)
            self.errors.append(error)
            return RejectedTemplate(TemplateRejected(message, 1, 1))
        try:
            return compile_template(text.text, response=response)
        except TemplateRejected as error:
            place = _place(text, error.line, error.column)
            first, *rest = error.message.splitlines()
            log.warning("%s: %s", place, first)
            log.debug("%s: %s", place, "\n".join(rest))
            return RejectedTemplate(error)

    def _javascript(self, code: Code, origin: Origin) -> Handlers | None:
        text = code.code
        if text is None:
            message = "The runtime is APPSYNC_JS but there is no Code."
            self.errors.append(ProjectError(codes.CODE_MISSING, message, origin))
            return None
        try:
            return self.javascript.load(text.text, path=text.path)
        except CodeRejected as error:
            self.errors += [
                ProjectError(
                    codes.CODE_REJECTED,
                    f"{one.error_type}: {one.value.strip()}",
                    _place(text, one.line, one.column, one.path),
                )
                for one in error.diagnostics
            ]
            return None


def _place(text: Text, line: int, column: int, path: str | None = None) -> Origin:
    """Give the position in the user's file of a position in the text."""
    if path is not None:
        return Origin(f"{path}:{line}:{column}")
    if text.origin.line is None:
        place = f"{text.origin.path} (code.js:{line}:{column})"
        return replace(text.origin, path=place)
    if line < 1:  # it is about the whole text
        return text.origin if text.path is None else replace(text.origin, line=None)
    # Within a template the text is indented, so its columns are not the file's.
    return replace(
        text.origin,
        line=text.origin.line + line - 1,
        column=None if text.path is None or column < 1 else column,
    )
