"""Loading code: checked as AppSync does on saving, then ready to be called."""

from pathlib import Path

from appsync_resolvers.errors import CodeDiagnostic, CodeRejected
from appsync_resolvers.js.handler import JsHandler, Lane
from appsync_resolvers.js.interpreter import Function
from appsync_resolvers.js.source import (
    LINT_ERROR,
    PARSE_ERROR,
    Draft,
    Program,
    TooDeep,
)
from appsync_resolvers.runtime import Handlers

_MAX_CACHED = 512
_cache: dict[tuple[str, str], Program] = {}


class Loader:
    """Loads an API's code and owns the heaps it runs in.

    Attributes:
        inline: the heap of ordinary calls.
        patient: the heap of `Handler.patiently`.
    """

    def __init__(
        self, *, inline_seconds: float, patient_seconds: float, memory: int
    ) -> None:
        # Half of the memory: allocating all of it takes longer than the time limit.
        self.inline = Lane(inline_seconds, memory // 2)
        self.patient = Lane(patient_seconds, memory)
        self._loaded: dict[int, tuple[Program, Handlers]] = {}

    def load(self, code: str, path: Path | None) -> Handlers:
        """See `JsEngine.load`."""
        program = self._program(code, path)
        found = self._loaded.get(id(program))
        if found is None:
            handlers = Handlers(
                JsHandler(program, "request", self.inline, self.patient),
                JsHandler(program, "response", self.inline, self.patient),
            )
            found = self._loaded[id(program)] = program, handlers
        return found[1]

    def close(self) -> None:
        """See `JsEngine.close`."""
        self.inline.renew()
        with self.patient.lock:
            self.patient.renew()
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
            diagnostic = CodeDiagnostic(PARSE_ERROR, text, 0, 0)
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
        self.inline.realm.link(program, function)
        return program

    def _parsed(self, draft: Draft) -> Function:
        """Have the engine parse a draft; it knows syntax errors best."""
        realm = self.inline.realm
        try:
            if draft.has_errors:
                realm.evaluate(draft.other_script)
            return realm.evaluate(draft.script.data.decode())
        except Exception as error:  # noqa: BLE001 (the engine's, whatever it is)
            if not str(error).startswith("SyntaxError"):
                self.inline.renew()
            raise CodeRejected((draft.syntax_error(str(error)),)) from None
