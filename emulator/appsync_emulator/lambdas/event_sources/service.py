"""All event source mappings of an application."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from appsync_emulator.background import Background
from appsync_emulator.clock import Clock
from appsync_emulator.lambdas.event_sources.poller import Poller
from appsync_emulator.lambdas.service import Lambdas
from appsync_emulator.model import Application, EventSource
from appsync_emulator.services.client import Client
from appsync_emulator.settings import Settings

log = logging.getLogger(__name__)

LAST_WAIT = 2.0
"""Seconds in which the messages of functions that have ended are deleted."""


class EventSources:
    """Reads queues for functions, from `run` until `stop`.

    Args:
        application: with its mappings.
        lambdas: runs the functions.
        client: reaches SQS; None when it is not served, then nothing is read.
        settings: how many environments a function may have.
        clock: for batching windows and back-offs.
    """

    def __init__(
        self,
        application: Application,
        lambdas: Lambdas,
        client: Client | None,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._application = application
        self._lambdas = lambdas
        self._client = client
        self._settings = settings
        self._clock = clock
        self._pollers = Background()
        self._batches = Background()

    @contextlib.asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Read the queues of all mappings that are enabled."""
        for source in self._application.event_sources:
            if source.enabled and self._client is not None:
                poller = self._poller_of(source, self._client)
                self._pollers.start(poller.run(), f"read a queue for {source.function}")
        try:
            yield
        finally:
            await self.close()

    def _poller_of(self, source: EventSource, client: Client) -> Poller:
        limit = source.concurrency or self._settings.max_environments
        return Poller(
            source,
            self._application.messaging.queues[source.queue],
            self._lambdas,
            client,
            self._clock,
            limit=limit,
            tasks=self._batches,
        )

    async def stop(self) -> None:
        """Receive nothing more; what was received is worked on."""
        await self._pollers.close()

    async def close(self) -> None:
        """Delete what functions are done with, and name what they are not."""
        await self.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WAIT):
                await self._batches.idle()
        for name in await self._batches.close():
            log.warning("The emulator stops in the middle of %s", name)
