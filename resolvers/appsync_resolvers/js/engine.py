"""APPSYNC_JS for one API: loads code, gives handlers."""

from pathlib import Path

from appsync_resolvers.errors import CodeDiagnostic, CodeRejected
from appsync_resolvers.js.handler import JsHandler, Lane
from appsync_resolvers.js.source import Draft, Program
from appsync_resolvers.runtime import Handlers

_MAX_CACHED = 512
_cache: dict[tuple[str, str], Program] = {}


class JsEngine:
    """Evaluates an API's resolver code in a heap of its own.

    Used by one thread, except for `Handler.patiently`, which has a second heap behind a
    lock.
    """

    def __init__(
        self,
        *,
        inline_seconds: float = 0.05,
        patient_seconds: float = 10.0,
        memory: int = 64 * 1024 * 1024,
    ) -> None:
        """Prepare an engine; heaps are made when first needed.

        Args:
            inline_seconds: CPU seconds of a call before it raises `Interrupted`.
            patient_seconds: CPU seconds of a patient call before it fails.
            memory: bytes of each heap; a patient call gets more for large inputs.
        """
        self._inline = Lane(inline_seconds, memory)
        self._patient = Lane(patient_seconds, memory)
        self._loaded: dict[int, tuple[Program, Handlers]] = {}

    def load(self, code: str, *, path: Path | None = None) -> Handlers:
        """Check code as AppSync does on saving, and give its handlers.

        Args:
            code: a module exporting `request` and `response`.
            path: where it came from: relative imports start there, and `.ts` makes it
                TypeScript. None for code that stands alone.

        Raises:
            CodeRejected: with every reason there is.
        """
        program = self._program(code, path)
        found = self._loaded.get(id(program))
        if found is None:
            handlers = Handlers(
                JsHandler(program, "request", self._inline, self._patient),
                JsHandler(program, "response", self._inline, self._patient),
            )
            found = self._loaded[id(program)] = program, handlers
        return found[1]

    def close(self) -> None:
        """Free the heaps; handlers must not be called any more."""
        self._inline.renew()
        with self._patient.lock:
            self._patient.renew()
        self._loaded.clear()

    def _program(self, code: str, path: Path | None) -> Program:
        key = code, "" if path is None else path.suffix
        known = _cache.get(key)
        if known is not None:
            return known
        draft = Draft(code, path)
        if not draft.has_errors:
            _refuse(draft.diagnostics())
        script = draft.script.data.decode()
        try:
            function = self._inline.realm.evaluate(script)
        except Exception as error:  # noqa: BLE001 (the engine's, whatever it is)
            if not str(error).startswith("SyntaxError"):
                self._inline.renew()
            _refuse((draft.syntax_error(str(error)),))
        if draft.has_errors:
            _refuse(draft.diagnostics())
        program = draft.program()
        self._inline.realm.link(program, function)
        if draft.is_alone:
            if len(_cache) >= _MAX_CACHED:
                _cache.clear()
            _cache[key] = program
        return program


def _refuse(diagnostics: tuple[CodeDiagnostic, ...]) -> None:
    if diagnostics:
        raise CodeRejected(diagnostics)
