"""The owner of every task that outlives the call which started it."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Background:
    """Starts tasks, keeps them, waits for them, ends them.

    Nothing else in the package creates tasks, so none is lost to the garbage
    collector, no exception goes unseen, and `close` leaves nothing running.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run `work` as a task of this owner."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        self._idle.clear()
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not self._tasks:
            self._idle.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_name(), exc_info=error)

    async def idle(self) -> None:
        """Wait until nothing runs any more, counting what running tasks start."""
        while self._tasks:
            await self._idle.wait()

    @property
    def names(self) -> list[str]:
        """The names of what is running, sorted."""
        return sorted(task.get_name() for task in self._tasks)

    async def close(self, grace: float = 0.0) -> list[str]:
        """Wait `grace` seconds for the tasks, then cancel what is left.

        Returns:
            The names of what had to be cancelled.
        """
        if self._tasks and grace > 0:
            await asyncio.wait(self._tasks, timeout=grace)
        left = self.names
        for task in list(self._tasks):
            task.cancel()
        while self._tasks:
            await asyncio.wait(self._tasks)
        return left
