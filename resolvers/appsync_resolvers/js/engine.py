"""APPSYNC_JS for one API: loads code, gives handlers."""

from pathlib import Path

from appsync_resolvers.errors import CodeDiagnostic, CodeRejected
from appsync_resolvers.js.handler import JsHandler, Lane
from appsync_resolvers.js.interpreter import Function
from appsync_resolvers.js.source import (
    LINT_ERROR,
    PARSER_ERROR,
    Draft,
    Program,
    TooDeep,
)
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
        try:
            program = self._made(code, path)
        except (TooDeep, RecursionError):
            text = "Parsing error: The code is nested too deeply.\n"
            diagnostic = CodeDiagnostic(PARSER_ERROR, text, 0, 0)
            raise CodeRejected((diagnostic,)) from None
        if len(program.sources) == 1:
            if len(_cache) >= _MAX_CACHED:
                _cache.clear()
            _cache[key] = program
        return program

    def _made(self, code: str, path: Path | None) -> Program:
        draft = Draft(code, path)
        found = () if draft.has_errors else draft.diagnostics()
        if any(each.error_type == LINT_ERROR for each in found):
            raise CodeRejected(found)
        function = self._parsed(draft)
        found = found or draft.diagnostics()
        if found:
            raise CodeRejected(found)
        program = draft.program()
        self._inline.realm.link(program, function)
        return program

    def _parsed(self, draft: Draft) -> Function:
        """Have the engine parse a draft; it knows syntax errors best."""
        realm = self._inline.realm
        try:
            if draft.has_errors:
                realm.evaluate(draft.other_script)
            return realm.evaluate(draft.script.data.decode())
        except Exception as error:  # noqa: BLE001 (the engine's, whatever it is)
            if not str(error).startswith("SyntaxError"):
                self._inline.renew()
            raise CodeRejected((draft.syntax_error(str(error)),)) from None
