"""A subscription that is ready to start, any number of times."""

import logging
from collections.abc import Mapping
from types import CoroutineType
from typing import Any

from graphql import get_named_type, is_union_type

from appsync_emulator.execution.arguments import Arguments
from appsync_emulator.execution.completion import DENIED
from appsync_emulator.execution.delivery import Delivery
from appsync_emulator.execution.fieldcall import FieldCall
from appsync_emulator.execution.outcome import locations
from appsync_emulator.execution.run import Run
from appsync_emulator.execution.tree import FieldTree
from appsync_emulator.types import JSON

log = logging.getLogger(__name__)

KEPT_DELIVERIES = 64


class SubscriptionPlan:
    """One subscription document.

    Args:
        entry: its root field; AppSync starts only documents that have one.
        arguments: of that field.
        call: its resolver, None when it has none.

    Attributes:
        strange_arguments: those that are no fields of the type delivered, so that no
            event has their values; only filters of the resolver's can use them.
    """

    def __init__(
        self, entry: FieldTree, arguments: Arguments, call: FieldCall | None
    ) -> None:
        self.entry = entry
        self.arguments = arguments
        self._call = call
        self._deliveries: dict[Any, Delivery] = {}
        self._conditions = sorted(_condition_variables(self.entry))
        self.strange_arguments = _strange_arguments(entry)

    async def run_resolver(self, run: Run) -> None:
        """Authorize and run the field's resolver; what it returns goes to nobody.

        It runs once, when the subscription starts, to authorize it and to set filters
        (AppSync developer guide, real-time data).

        Args:
            run: gets the errors and effects.
        """
        path = (None, self.entry.key)
        if self.entry.denied:
            denial = f"{self.entry.name} on type {self.entry.parent}"
            run.fail(path, locations(self.entry.node), DENIED, denial)
        elif self._call is not None:
            value = self._call(run, None, self.arguments(run.variables), path)
            if isinstance(value, CoroutineType):
                await value

    def warn_of(self, arguments: Mapping[str, JSON]) -> None:
        """Warn, once for each, of arguments that keep every event away."""
        for name in self.strange_arguments & arguments.keys():
            if arguments[name] is not None:
                self.strange_arguments.discard(name)
                type_ = get_named_type(self.entry.type).name
                log.warning(
                    "%s: the argument %s is not a field of %s, so no event matches it. "
                    "A resolver of the subscription can use it in a filter: "
                    "extensions.setSubscriptionFilter().",
                    self.entry.name,
                    name,
                    type_,
                )

    def delivery(self, variables: dict[str, JSON]) -> Delivery:
        """Give what projects events; one for all starts that get the same bytes."""
        key = tuple(variables.get(name) for name in self._conditions)
        known = self._deliveries.get(key)
        if known is None:
            if len(self._deliveries) >= KEPT_DELIVERIES:
                self._deliveries.clear()
            known = self._deliveries[key] = Delivery(self.entry, variables)
        return known


def _strange_arguments(entry: FieldTree) -> set[str]:
    assert entry.definition is not None  # noqa: S101 -- a root field, not __typename
    type_: Any = get_named_type(entry.type)
    fields = {} if is_union_type(type_) else getattr(type_, "fields", {})
    return set(entry.definition.args) - set(fields)


def _condition_variables(entry: FieldTree) -> set[str]:
    names = {name for condition in entry.conditions for name, _ in condition}
    for tree in entry.below.values():
        for below in tree.fields:
            names |= _condition_variables(below)
    return names
