"""From code to a program the engine can load: parse, lint, strip, link."""

import re
from dataclasses import dataclass
from pathlib import Path

from appsync_resolvers.errors import CodeDiagnostic
from appsync_resolvers.js.source import behaviour, syntax_errors
from appsync_resolvers.js.source.behaviour import Passed
from appsync_resolvers.js.source.builtins import MODULES
from appsync_resolvers.js.source.diagnostics import PARSER_ERROR, diagnose
from appsync_resolvers.js.source.edits import Script
from appsync_resolvers.js.source.graph import MAIN, Module, collect
from appsync_resolvers.js.source.link import link
from appsync_resolvers.js.source.source_map import SourceMap
from appsync_resolvers.js.source.tree import position

_RECEIVER = re.compile(rb"[A-Za-z_$][\w$.?!]*\.$")
_CALLEE = re.compile(rb"[\w$]+(?:\??\.[\w$]+)*")


@dataclass(frozen=True, slots=True)
class Place:
    """A position as AWS prints it: 1-based, columns in UTF-16 units."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Source:
    """What is kept of a file: enough to tell positions."""

    label: str
    data: bytes
    map: SourceMap | None


@dataclass(frozen=True, slots=True)
class Program:
    """Code that passed all checks but the engine's own parser.

    Attributes:
        script: what the engine evaluates.
        builtins: specifiers of the built-in modules it imports.
        passed: what a handler gives unchanged when nothing failed, if that is known.
        mutated: members of the context the code may change in place.
        sources: the files, by their numbers in the script.
    """

    script: Script
    builtins: frozenset[str]
    passed: dict[str, Passed | None]
    mutated: frozenset[str]
    sources: dict[int, Source]

    def place(self, line: int, column: int, *, call: bool = False) -> Place | None:
        """Give the place of the user behind a position of the engine.

        Args:
            line: 1-based line in the script.
            column: 1-based column in bytes.
            call: the position is a call's: the engine names the property called, AWS
                the start of the expression.
        """
        origin = self.script.origin(line, column)
        if origin is None:
            return None
        source = self.sources[origin.source]
        offset = origin.offset
        if call:
            before = _RECEIVER.search(source.data, source.data.rfind(b"\n", 0, offset) + 1, offset)
            offset = offset if before is None else before.start()
        original_line, original_column = position(source.data, offset)
        if source.map is not None:
            mapped = source.map.original(original_line, original_column)
            if mapped is not None:
                return Place(*mapped)
        return Place(source.label, original_line, original_column)

    def callee(self, line: int, column: int) -> str:
        """Give the text of the function called at a position of the engine."""
        origin = self.script.origin(line, column)
        if origin is None:
            return ""
        data = self.sources[origin.source].data
        start = data.rfind(b"\n", 0, origin.offset) + 1
        before = _RECEIVER.search(data, start, origin.offset)
        called = _CALLEE.match(data, origin.offset if before is None else before.start())
        return "" if called is None else called[0].decode()


class Draft:
    """Parsed code on its way to a program."""

    def __init__(self, code: str, path: Path | None) -> None:
        self._modules = collect(code, path)
        self._script = link(self._modules)
        self.is_alone = len(self._modules) == 1
        self.has_errors = any(module.tree.has_errors for module in self._modules)

    @property
    def script(self) -> Script:
        """What the engine's parser is to look at."""
        return self._script

    def diagnostics(self) -> tuple[CodeDiagnostic, ...]:
        """Give everything that keeps the code from being saved, syntax aside."""
        length = len(self._script.data.decode())
        return tuple(diagnose(self._modules, length))

    def syntax_error(self, error: str) -> CodeDiagnostic:
        """Turn the engine's syntax error into a diagnostic."""
        at = syntax_errors.engine_position(error)
        origin = None if at is None else self._script.origin(*at)
        if origin is None:
            # The text ended too early: the engine complains about our closing brace.
            module = self._modules[-1]
            offset = len(module.tree.data.rstrip())
        else:
            module = next(m for m in self._modules if m.index == origin.source)
            offset = origin.offset
        line, column = module.tree.position(offset)
        value = syntax_errors.value(error, line, column, module.label)
        path = None if module.index == 0 else module.label
        return CodeDiagnostic(PARSER_ERROR, value, line, column, 1, path)

    def program(self) -> Program:
        """Give the finished program."""
        acts = any(behaviour.acts_when_loaded(m.tree) for m in self._modules)
        mutated = [behaviour.mutated(m.tree, m.file.scopes) for m in self._modules]
        handlers = ("request", "response")
        return Program(
            script=self._script,
            builtins=frozenset(
                imported.specifier
                for module in self._modules
                for imported in module.shape.imports
                if imported.specifier in MODULES
            ),
            passed={
                name: None if acts else _passed(self._modules[-1], name)
                for name in handlers
            },
            mutated=frozenset().union(*mutated),
            sources={
                module.index: Source(module.label, module.tree.data, module.map)
                for module in self._modules
            },
        )


def _passed(main: Module, name: str) -> Passed | None:
    local = main.shape.exports.get(name)
    if local is None:
        return None
    tree = main.tree
    for node in tree.all("function_declaration", "variable_declarator"):
        named = node.child_by_field_name("name")
        if named is None or tree.source(named) != local:
            continue
        value = node.child_by_field_name("value")
        function = node if node.type == "function_declaration" else value
        if function is None or function.type == "identifier":
            return None
        return behaviour.passes(tree, function)
    return None


__all__ = ["MAIN", "Draft", "Place", "Program"]
