"""The state of one running operation, shared by its plan and its resolvers."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from appsync_emulator.execution.outcome import (
    Path,
    Published,
    completion_error,
    resolver_error,
)
from appsync_emulator.types import JSON
from appsync_resolvers import EvaluationError, Info, Part
from appsync_resolvers.context import Effects

Hole = tuple[Any, Any]
"""(container, key) of the nearest position that may become null."""

Finish = Callable[["Run", JSON, Any, Any, Path, Hole], None]
"""Completes a late value: (run, value, container, key, path, hole)."""

Late = tuple[Coroutine[Any, Any, JSON], Finish, Any, Any, Path, Hole]
"""A field whose value is still being waited for, and how to complete it."""


class NullBubble(Exception):
    """A non-null position is null; the nearest nullable ancestor becomes null."""


class Facts:
    """What is the same for all resolvers of a request.

    Attributes:
        identity: `ctx.identity`.
        request: `ctx.request`.
        env: `ctx.env`.
        variables: `ctx.info.variables`: the variables as the client sent them.
    """

    __slots__ = ("env", "identity", "request", "variables")

    def __init__(
        self,
        identity: Part,
        request: Part,
        env: Part,
        variables: Mapping[str, JSON] | None,
    ) -> None:
        self.identity = identity
        self.request = request
        self.env = env
        self.variables = variables or {}


class Run:
    """One execution of a plan.

    Attributes:
        facts: what all resolvers see.
        variables: the coerced variables.
        errors: entries of the response's `errors`, in order.
        failed: paths that already have an error; a position gets one at most.
        late: fields to be waited for, found since the list was last taken.
        infos: `ctx.info` by field of the plan.
        resolvers: how many resolvers ran.
        batches: `BatchInvoke` groups that are still being filled, by key.
        published: mutation fields that completed.
        deadline: event loop time at which AppSync gives up the request.
    """

    __slots__ = (
        "batches",
        "deadline",
        "effects",
        "errors",
        "facts",
        "failed",
        "infos",
        "late",
        "published",
        "resolvers",
        "variables",
    )

    def __init__(
        self, facts: Facts, variables: dict[str, JSON], deadline: float
    ) -> None:
        self.facts = facts
        self.variables = variables
        self.deadline = deadline
        self.errors: list[dict[str, JSON]] = []
        self.failed: list[Path] = []
        self.late: list[Late] = []
        self.infos: dict[Any, Info] = {}
        self.resolvers = 0
        self.batches: dict[Any, Any] = {}
        self.published: list[Published] = []
        self.effects: list[Effects] = []

    def fail(
        self,
        path: Path,
        place: list[dict[str, JSON]],
        error: EvaluationError,
        denial: str,
    ) -> None:
        """Record that the resolver of the field at `path` failed."""
        self.errors.append(resolver_error(path, place, error, denial))
        self.failed.append(path)

    def reject(self, path: Path, message: str) -> None:
        """Record that the value at `path` does not fit, once per position."""
        if not any(known is path for known in self.failed):
            self.errors.append(completion_error(path, message))
            self.failed.append(path)

    async def settle(self, late: list[Late]) -> None:
        """Wait for fields, and for what completing them makes to be waited for."""
        if len(late) == 1:
            await self._follow(late[0])
            return
        async with asyncio.TaskGroup() as group:
            for entry in late:
                group.create_task(self._follow(entry))

    async def _follow(self, late: Late) -> None:
        value, finish, container, key, path, hole = late
        completed = await value
        mine: list[Late] = []
        self.late = mine
        finish(self, completed, container, key, path, hole)
        if mine:
            await self.settle(mine)

    def take_late(self) -> list[Late]:
        """Give the fields to wait for and forget them."""
        late, self.late = self.late, []
        return late
