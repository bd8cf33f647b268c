"""The call of one field's resolver, as generated plans make it."""

import logging
from collections.abc import Coroutine, Mapping
from types import CoroutineType
from typing import Any

from graphql import FragmentDefinitionNode

from appsync_emulator.execution.outcome import Path, locations
from appsync_emulator.execution.pipeline import AnyResolver, drive
from appsync_emulator.execution.responseheaders import add_header
from appsync_emulator.execution.run import Run
from appsync_emulator.execution.selectioninfo import selection_graphql, selection_list
from appsync_emulator.execution.tree import FieldTree
from appsync_emulator.types import JSON
from appsync_resolvers import Context, EvaluationError, Info

log = logging.getLogger("appsync_emulator.resolvers")
"""What resolvers print: `console.log`, `$util.log`."""

DEFAULT_RESOLVER_LIMIT = 10_000

MOST_INVALIDATIONS = 5
"""Unique calls of `invalidateSubscriptions` in one request (AppSync developer guide,
extensions)."""


class FieldCall:
    """Runs the resolver of one field of a plan.

    Args:
        entry: the field in the document.
        resolver: what to run.
        fragments: of the document, for `ctx.info`.
        limit: how many resolvers a request may run, 0 for AppSync's 10,000.
    """

    __slots__ = (
        "denial",
        "entry",
        "fragments",
        "graphql",
        "info",
        "limit",
        "names",
        "place",
        "resolver",
    )

    def __init__(
        self,
        entry: FieldTree,
        resolver: AnyResolver,
        fragments: Mapping[str, FragmentDefinitionNode],
        limit: int,
    ) -> None:
        self.entry = entry
        self.resolver = resolver
        self.fragments = fragments
        self.limit = limit or DEFAULT_RESOLVER_LIMIT
        self.place = locations(entry.node)
        self.denial = f"{entry.name} on type {entry.parent}"
        self.names: list[str] | None = None
        self.graphql = ""
        self.info: Info | None = None

    def __call__(
        self, run: Run, source: JSON, arguments: dict[str, JSON], path: Path
    ) -> JSON | Coroutine[Any, Any, JSON]:
        """Resolve the field.

        Returns:
            The value, None after an error was recorded, or a coroutine that gives it.
        """
        facts = run.facts
        context = Context(
            arguments,
            source,
            identity=facts.identity,
            request=facts.request,
            info=run.infos.get(self) or self._info(run),
            env=facts.env,
        )
        run.resolvers += 1
        if run.resolvers > self.limit:
            self._failed(run, context, path, _limit_reached())
            return None
        try:
            value = drive(self.resolver.run(context, run))
        except Exception as error:  # noqa: BLE001 -- one field fails, not the request
            self._failed(run, context, path, error)
            return None
        if isinstance(value, CoroutineType):
            return self._wait(value, run, context, path)
        if context.effects is not None:
            self._collect(run, context, path)
        return value

    async def _wait(
        self,
        value: Coroutine[Any, Any, JSON],
        run: Run,
        context: Context,
        path: Path,
    ) -> JSON:
        try:
            completed = await value
        except Exception as error:  # noqa: BLE001 -- one field fails, not the request
            self._failed(run, context, path, error)
            return None
        if context.effects is not None:
            self._collect(run, context, path)
        return completed

    def _failed(self, run: Run, context: Context, path: Path, error: Exception) -> None:
        if not isinstance(error, EvaluationError):
            log.error("%s failed", self.denial, exc_info=error)
            error = EvaluationError("Internal Failure", "InternalFailure")
        if context.effects is not None:
            self._collect(run, context, path)
        self._record(run, path, error)

    def _collect(self, run: Run, context: Context, path: Path) -> None:
        """Take over what the handlers did beside giving a value."""
        effects = context.effects
        assert effects is not None  # noqa: S101 -- callers tested it
        for error in effects.errors:
            self._record(run, path, error)
        for name, value in effects.response_headers.items():
            try:
                add_header(run.headers, name, value)
            except EvaluationError as error:
                self._record(run, path, error)
        self._add_invalidations(run, path, effects.invalidations)
        for line in effects.logs:
            log.info("%s.%s: %s", self.entry.parent, self.entry.name, line)
        run.effects.append(effects)

    def _add_invalidations(self, run: Run, path: Path, asked: list[JSON]) -> None:
        for invalidation in asked:
            if invalidation in run.invalidations:
                continue
            if len(run.invalidations) == MOST_INVALIDATIONS:
                # AWS documents that there is an error; its words are ours.
                text = f"More than {MOST_INVALIDATIONS} subscription invalidations."
                error = EvaluationError(text, "SubscriptionInvalidationLimitReached")
                self._record(run, path, error)
                return
            run.invalidations.append(invalidation)

    def _record(self, run: Run, path: Path, error: EvaluationError) -> None:
        # Of an error's `data` the client sees what it selected, unlike `errorInfo`.
        error.data = cut(self.entry, error.data)
        run.fail(path, self.place, error, self.denial)

    def _info(self, run: Run) -> Info:
        variables = run.facts.variables
        if self.info is not None and not variables:
            run.infos[self] = self.info
            return self.info
        entry = self.entry
        names = self.names
        if names is None:
            names = selection_list(entry, self.fragments, run.variables)
            self.graphql = selection_graphql(entry.node)
            if not entry.conditional_below:
                self.names = names
        value = {
            "fieldName": entry.name,
            "parentTypeName": entry.parent,
            "variables": variables,
        }
        info = run.infos[self] = Info(value, names, self.graphql)
        if not variables and self.names is not None:
            self.info = info
        return info


def cut(entry: FieldTree, value: JSON) -> JSON:
    """Cut a value to the selection set of a field; nothing is completed or checked."""
    if not entry.below:
        return value
    if isinstance(value, list):
        return [cut(entry, item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        below.key: cut(below, value[below.name])
        for tree in entry.below.values()
        for below in tree.fields
        if below.name in value
    }


def _limit_reached() -> EvaluationError:
    # The error type is documented, the message is from field reports.
    return EvaluationError(
        "Resolver invocation limit reached.", "ResolverExecutionLimitReached"
    )
