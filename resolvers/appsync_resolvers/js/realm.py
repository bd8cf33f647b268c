"""One JavaScript heap with AppSync's runtime in it, and the programs loaded there."""

import os
import struct
from collections.abc import Sequence
from typing import Any

from appsync_resolvers.js.interpreter import Function, Interpreter, QuickJs
from appsync_resolvers.js.runtime import NEEDS, PARTS, boot_script, part_script
from appsync_resolvers.js.source import Program
from appsync_resolvers.js.source.builtins import AI, DYNAMODB, RDS
from appsync_resolvers.js.zones import zone_table

_MODULE_PARTS = {AI: "ai", DYNAMODB: "dynamodb", RDS: "rds"}


class Realm:
    """A heap that handlers of one API share.

    Attributes:
        bindings: for users of the realm to keep what belongs to it.
        interpreter: the engine.
    """

    __slots__ = ("_host", "_linked", "_parts", "bindings", "interpreter")

    def __init__(self, seconds: float, memory: int) -> None:
        self.interpreter: Interpreter = QuickJs(seconds, memory)
        seed = ",".join(map(str, struct.unpack("4I", os.urandom(16))))
        self._host: Function = self.interpreter.evaluate(boot_script())(seed)
        self._parts: set[str] = set()
        self._linked: dict[int, tuple[Program, Function]] = {}
        self.bindings: dict[Any, Any] = {}

    def evaluate(self, script: str) -> Function:
        """Evaluate a linked script.

        Raises:
            Exception: the engine's, above all for syntax errors.
        """
        return self.interpreter.evaluate(script)

    def link(self, program: Program, script: Function | None = None) -> Function:
        """Give the function that evaluates a program's modules afresh.

        Args:
            program: what to load; loaded once.
            script: the evaluated script, if the caller has it.
        """
        found = self._linked.get(id(program))
        if found is None:
            for specifier in program.builtins:
                if specifier in _MODULE_PARTS:
                    self.provide(f"part:{_MODULE_PARTS[specifier]}")
            if script is None:
                script = self.evaluate(program.script.data.decode())
            found = program, self._host("link", script)
            self._linked[id(program)] = found
        return found[1]

    def bind(
        self, program: Program, handler: str, names: Sequence[str], *, complete: bool
    ) -> Function:
        """Give the function that evaluates a handler with the JSON of these members."""
        factory = self.link(program)
        mutable = " ".join(sorted(program.mutated))
        function: Function = self._host(
            "bind", factory, handler, " ".join(names), "1" if complete else "", mutable
        )
        return function

    def provide(self, what: str) -> None:
        """Give the runtime what it asked for: `part:xml`, `zone:Europe/Madrid`."""
        kind, _, name = what.partition(":")
        if kind == "zone":
            self._host("zone", name, zone_table(name))
            return
        if kind != "part" or name not in PARTS:
            raise AssertionError(f"the runtime asked for {what!r}")
        if name in self._parts:
            return
        for other in NEEDS.get(name, ()):
            self.provide(f"part:{other}")
        self._host("install", name, self.interpreter.evaluate(part_script(name)))
        self._parts.add(name)

    def close(self) -> None:
        """Free the heap."""
        self.bindings.clear()
        self._linked.clear()
        del self._host
        self.interpreter.close()
