"""APPSYNC_JS for one API: loads code, gives handlers."""

from pathlib import Path
from typing import TYPE_CHECKING

from appsync_resolvers.runtime import Handlers

if TYPE_CHECKING:
    from appsync_resolvers.js.loader import Loader


class JsEngine:
    """Evaluates an API's resolver code in a heap of its own.

    Used by one thread, except for `Handler.patiently`, which has a second heap behind a
    lock. Heaps are made when first needed.
    """

    def __init__(
        self,
        *,
        inline_seconds: float = 0.05,
        patient_seconds: float = 10.0,
        memory: int = 64 * 1024 * 1024,
    ) -> None:
        """Prepare an engine.

        Args:
            inline_seconds: CPU seconds of a call before it raises `Interrupted`.
            patient_seconds: CPU seconds of a patient call before it fails.
            memory: bytes of a patient call's heap, and more for large inputs; other
                calls have half, and are patient when that is not enough.
        """
        self._limits = inline_seconds, patient_seconds, memory
        self._loader: Loader | None = None

    def load(self, code: str, *, path: Path | None = None) -> Handlers:
        """Check code as AppSync does on saving, and give its handlers.

        Args:
            code: a module exporting `request` and `response`.
            path: where it came from: relative imports start there, and `.ts` makes it
                TypeScript. None for code that stands alone.

        Raises:
            CodeRejected: with every reason there is.
        """
        loader = self._loader
        if loader is None:
            from appsync_resolvers.js.loader import (  # noqa: PLC0415 (not for VTL)
                Loader,
            )

            inline_seconds, patient_seconds, memory = self._limits
            loader = self._loader = Loader(
                inline_seconds=inline_seconds,
                patient_seconds=patient_seconds,
                memory=memory,
            )
        return loader.load(code, path)

    def close(self) -> None:
        """Free the heaps; handlers must not be called any more."""
        if self._loader is not None:
            self._loader.close()
