"""The plan of one operation: what runs when a document is executed.

A plan is made once per (schema, document, operation) and cached with the document. It
holds one generated function a root field; executing it calls them, waits for what is
late, and gives an `Outcome`. As long as no data source waits, nothing is awaited.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from graphql import is_non_null_type

from appsync_emulator.execution.codegen import CodeWriter, indent
from appsync_emulator.execution.outcome import Outcome, Published, locations
from appsync_emulator.execution.run import Hole, NullBubble, Run
from appsync_emulator.execution.tree import FieldTree, ObjectTree
from appsync_emulator.types import JSON
from appsync_resolvers import EvaluationError

log = logging.getLogger(__name__)

RootFunction = Callable[[Run, dict[str, JSON], Hole], None]

TIMED_OUT = EvaluationError("Execution timed out.", "ExecutionTimeout")
"""AppSync's answer for a field that had no value after 30 seconds."""


GRACE = 0.5
"""Seconds after the deadline in which data sources that watch it themselves (Lambda)
may still tell of their time-out in their own words."""


@dataclass(frozen=True, slots=True)
class Root:
    """One field of the operation's root type.

    Attributes:
        put: puts the field into the response's `data`.
        publish: the mutation field's name when subscriptions may wait for it.
        rename: gives the published tree from the completed value; None when every
            response key is the field's name, so that both are the same.
    """

    entry: FieldTree
    put: RootFunction
    publish: str | None = None
    rename: Callable[[JSON], JSON] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """An executable operation.

    Attributes:
        serial: mutations run one root field after the other, queries all at once.
    """

    roots: tuple[Root, ...]
    serial: bool

    def execute(self, run: Run) -> Outcome | Coroutine[Any, Any, Outcome]:
        """Start the operation.

        Returns:
            The outcome, or a coroutine that gives it when a data source waits.
        """
        data: dict[str, JSON] = {}
        holder = {"data": data}
        for number, root in enumerate(self.roots):
            _put(root, run, data, holder)
            if self.serial:
                if run.late:
                    return self._wait(run, holder, number)
                _publish(root, run, holder)
                if holder["data"] is None:  # no mutation runs after a failed one
                    break
        if run.late:
            return self._wait(run, holder, len(self.roots))
        return _outcome(run, holder)

    async def _wait(self, run: Run, holder: dict[str, Any], number: int) -> Outcome:
        """Wait for what is late, then run the root fields after `number`."""
        data = holder["data"]
        try:
            async with asyncio.timeout_at(run.deadline + GRACE):
                await run.settle(run.take_late())
                for after, root in enumerate(self.roots[number:], number):
                    if holder["data"] is None:
                        break
                    if after > number:
                        _put(root, run, data, holder)
                        if run.late:
                            await run.settle(run.take_late())
                    _publish(root, run, holder)
        except TimeoutError:
            run.give_up(TIMED_OUT)
            for root in self.roots:
                if root.entry.key not in data:
                    _never_began(root.entry, run, holder)
        return _outcome(run, holder)


def _put(root: Root, run: Run, data: dict[str, JSON], holder: dict[str, Any]) -> None:
    try:
        root.put(run, data, (holder, "data"))
    except NullBubble:
        holder["data"] = None


def _never_began(entry: FieldTree, run: Run, holder: dict[str, Any]) -> None:
    """End a mutation whose turn did not come in time."""
    if entry.conditions:
        return  # most likely left out by them
    run.fail((None, entry.key), locations(entry.node), TIMED_OUT, "")
    if is_non_null_type(entry.type):
        holder["data"] = None
    elif holder["data"] is not None:
        holder["data"][entry.key] = None


def _publish(root: Root, run: Run, holder: dict[str, Any]) -> None:
    """Note a completed mutation field; a null one is not delivered to anybody."""
    if root.publish is None or holder["data"] is None:
        return
    value = holder["data"].get(root.entry.key)
    if value is not None:
        tree = value if root.rename is None else root.rename(value)
        run.published.append(Published(root.publish, tree))
    else:
        log.debug("%s is null, so subscribers get nothing of it", root.publish)


def _outcome(run: Run, holder: dict[str, Any]) -> Outcome:
    return Outcome(
        holder["data"],
        run.errors,
        headers=run.headers,
        published=run.published,
        invalidations=run.invalidations,
    )


def write_roots(
    writer: CodeWriter, tree: ObjectTree
) -> list[tuple[FieldTree, RootFunction]]:
    """Generate the function of every root field of an operation."""
    names = []
    for entry in tree.fields:
        name = writer.name("r")
        names.append((entry, name))
        writer.source += [
            f"def {name}(run, d, hole):",
            " path = None",
            " v = run.variables",
            *indent(writer.field_lines(entry, "None")),
        ]
    namespace = writer.compile()
    return [(entry, namespace[name]) for entry, name in names]


def renamer(entry: FieldTree) -> Callable[[JSON], JSON] | None:
    """Make the function that keys a completed value by field names.

    Subscribers select fields of the type, not the aliases that the mutation chose. A
    field that the mutation selected twice is taken from its first place.

    Returns:
        None when the completed value can be published as it is.
    """
    if entry.abstract is None and all(tree.plain for tree in entry.below.values()):
        return None
    return lambda value: _rename(entry, value)


def _rename(entry: FieldTree, value: JSON) -> JSON:
    if isinstance(value, list):
        return [_rename(entry, item) for item in value]
    if value is None or not entry.below:
        return value
    if entry.abstract is None:
        (tree,) = entry.below.values()
        return _rename_object(tree, value)
    renamed = _rename_object(entry.below[value.type_name], value)
    return value.__class__(value.type_name, renamed)


def _rename_object(tree: ObjectTree, value: dict[str, JSON]) -> dict[str, JSON]:
    renamed: dict[str, JSON] = {}
    for entry in tree.fields:
        if entry.key in value and entry.name not in renamed:
            renamed[entry.name] = _rename(entry, value[entry.key])
    return renamed
