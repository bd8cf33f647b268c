"""A line of JSON for whatever happens, and waiting for such lines."""

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

Matches = Callable[[Any], bool]


class Lines:
    """What happened in the check that runs; any thread may tell."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._lines: list[tuple[str, Any]] = []
        self._more = asyncio.Event()

    def start(self, check: str) -> None:
        """Begin a check: what was told before no longer counts."""
        self._lines = []
        self.tell("check", check)

    def tell(self, name: str, value: Any = None) -> None:
        """Write a value and wake whoever waits for it."""
        sys.stdout.write(json.dumps({name: value}) + "\n")
        sys.stdout.flush()
        self._loop.call_soon_threadsafe(self._append, self._lines, name, value)

    async def told(
        self, name: str, matches: Matches = lambda _: True, times: int = 1
    ) -> None:
        """Wait until `times` values of that name, matching if asked, were told."""
        while True:
            values = [value for other, value in self._lines if other == name]
            if sum(map(matches, values)) >= times:
                return
            self._more.clear()
            await self._more.wait()

    async def ask(self, what: str) -> None:
        """Ask whoever started this process for something; returns when it is done."""
        self.tell("asked", what)
        await asyncio.to_thread(sys.stdin.readline)

    def _append(self, lines: list[tuple[str, Any]], name: str, value: Any) -> None:
        lines.append((name, value))
        self._more.set()
