"""The state of one running operation, shared by its plan and its resolvers."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import Executor
from typing import Any

from appsync_emulator.execution.outcome import (
    Path,
    Published,
    completion_error,
    resolver_error,
)
from appsync_emulator.types import JSON
from appsync_resolvers import Context, EvaluationError, Handler, Info, Part
from appsync_resolvers.context import Effects

Hole = tuple[Any, Any]
"""(container, key) of the nearest position that may become null."""

Finish = Callable[["Run", JSON, Any, Any, Path, Hole], None]
"""Completes a late value: (run, value, container, key, path, hole)."""

Place = list[dict[str, JSON]]
"""`locations` of an error entry."""

Late = tuple[Coroutine[Any, Any, JSON], Finish, Any, Any, Path, Hole, Place]
"""A field whose value is still being waited for, how to complete it, where it is."""


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
        failed: paths that already have an error, by identity; a position gets one at
            most.
        waiting: fields that are being waited for, by identity.
        late: fields to be waited for, found since the list was last taken.
        infos: `ctx.info` by field of the plan.
        resolvers: how many resolvers ran.
        batches: `BatchInvoke` groups that are still being filled, by key.
        published: mutation fields that completed.
        effects: what resolvers did beside giving a value, in order.
        headers: of the response, as resolvers set them.
        invalidations: what resolvers passed to `invalidateSubscriptions`, once each.
        deadline: event loop time at which AppSync gives up the request.
        executor: for handlers that need longer than a moment.
    """

    __slots__ = (
        "batches",
        "deadline",
        "effects",
        "errors",
        "executor",
        "facts",
        "failed",
        "headers",
        "infos",
        "invalidations",
        "late",
        "published",
        "resolvers",
        "variables",
        "waiting",
    )

    def __init__(
        self,
        facts: Facts,
        variables: dict[str, JSON],
        deadline: float,
        executor: Executor | None = None,
    ) -> None:
        self.facts = facts
        self.variables = variables
        self.deadline = deadline
        self.executor = executor
        self.errors: list[dict[str, JSON]] = []
        self.failed: dict[int, Path] = {}
        self.waiting: dict[int, Late] = {}
        self.late: list[Late] = []
        self.infos: dict[Any, Info] = {}
        self.resolvers = 0
        self.batches: dict[Any, Any] = {}
        self.published: list[Published] = []
        self.effects: list[Effects] = []
        self.headers: dict[str, str] = {}
        self.invalidations: list[JSON] = []

    def patiently(self, handler: Handler, context: Context) -> Awaitable[JSON]:
        """Evaluate a handler on a thread, with the full time limit."""
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self.executor, handler.patiently, context)

    def fail(
        self,
        path: Path,
        place: Place,
        error: EvaluationError,
        denial: str,
    ) -> None:
        """Record that the resolver of the field at `path` failed."""
        self.errors.append(resolver_error(path, place, error, denial))
        self.failed[id(path)] = path

    def reject(self, path: Path, message: str) -> None:
        """Record that the value at `path` does not fit, once per position."""
        if id(path) not in self.failed:
            self.errors.append(completion_error(path, message))
            self.failed[id(path)] = path

    async def settle(self, late: list[Late]) -> None:
        """Wait for fields, and for what completing them makes to be waited for."""
        if len(late) == 1:
            await self._follow(late[0])
            return
        async with asyncio.TaskGroup() as group:
            for entry in late:
                group.create_task(self._follow(entry))

    async def _follow(self, late: Late) -> None:
        value, finish, container, key, path, hole, _ = late
        self.waiting[id(late)] = late
        completed = await value
        del self.waiting[id(late)]
        mine: list[Late] = []
        self.late = mine
        finish(self, completed, container, key, path, hole)
        if mine:
            await self.settle(mine)

    def give_up(self, error: EvaluationError) -> None:
        """End every field that is still being waited for with `error`."""
        for _, finish, container, key, path, hole, place in self.waiting.values():
            self.fail(path, place, error, "")
            finish(self, None, container, key, path, hole)
        self.waiting.clear()

    def take_late(self) -> list[Late]:
        """Give the fields to wait for and forget them."""
        late, self.late = self.late, []
        return late
