"""The servers of one test session."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

from appsync_emulator.testing.appsync import Appsync
from appsync_emulator.testing.start import start


class Servers:
    """Starts a server for each template and settings once, and ends them together."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._running: dict[str, Appsync] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @contextmanager
    def lend(
        self,
        template: Path,
        timeout: float,
        settings: Mapping[str, Any],
        *,
        alone: bool = False,
    ) -> Iterator[Appsync]:
        """Lend a server for one test, which finds it as if it were new.

        Args:
            template: or the folder with it.
            timeout: seconds that waits take at most.
            settings: of the server.
            alone: start one for this test only.
        """
        if alone:
            with start(template, timeout=timeout, **settings) as appsync:
                yield appsync
            return
        key = repr((str(template.resolve()), timeout, sorted(settings.items())))
        handle = self._running.get(key)
        if handle is None or not handle.runs:
            starting = start(template, timeout=timeout, **settings)
            handle = self._running[key] = self._stack.enter_context(starting)
        handle.reset()
        try:
            yield handle
        finally:
            if handle.runs:  # else the test has failed by that already
                handle.reset()
