"""From code to a program the engine can load: parse, lint, strip, link."""

from dataclasses import dataclass, field
from pathlib import Path

from appsync_resolvers.errors import CodeDiagnostic
from appsync_resolvers.js.source import behaviour, syntax_errors
from appsync_resolvers.js.source.builtins import MODULES
from appsync_resolvers.js.source.calls import call_around
from appsync_resolvers.js.source.diagnostics import PARSE_ERROR, diagnose
from appsync_resolvers.js.source.edits import Script
from appsync_resolvers.js.source.graph import MAIN, Module, collect
from appsync_resolvers.js.source.link import link
from appsync_resolvers.js.source.plain import Plain, plain_handler
from appsync_resolvers.js.source.source_map import SourceMap
from appsync_resolvers.js.source.tree import Tree, position, utf16_length


@dataclass(frozen=True, slots=True)
class Place:
    """A position as AWS prints it: 1-based, columns in UTF-16 units."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


Call = tuple[Place, str]


@dataclass(frozen=True, slots=True)
class Source:
    """What is kept of a file: enough to tell positions.

    Attributes:
        aliases: local to imported names.
    """

    label: str
    text: str
    typescript: bool
    map: SourceMap | None
    aliases: dict[str, str]


@dataclass(frozen=True, slots=True)
class Program:
    """Code that passed all checks.

    Attributes:
        script: what the engine evaluates.
        builtins: specifiers of the built-in modules it imports.
        plain: handlers that need no engine.
        mutated: members of the context the code may change in place.
        sources: the files, by their numbers in the script.
    """

    script: Script
    builtins: frozenset[str]
    plain: dict[str, Plain | None]
    mutated: frozenset[str]
    sources: dict[int, Source]
    _calls: dict[tuple[int, int, str], Call | None] = field(default_factory=dict)

    def place(self, line: int, column: int) -> Place | None:
        """Give the place of the user behind a position of the engine.

        Args:
            line: 1-based line in the script.
            column: 1-based column in bytes.
        """
        origin = self.script.origin(line, column)
        return None if origin is None else self._at(origin.source, origin.offset)

    def call(self, line: int, column: int, name: str) -> tuple[Place | None, str]:
        """Give the place and the text of the function of a call.

        The engine's position of a call is the last one in its arguments, so the call
        is looked for around it.

        Args:
            line: 1-based line in the script.
            column: 1-based column in bytes.
            name: of the function, as exported; empty for the innermost call.
        """
        key = line, column, name
        if key not in self._calls:
            self._calls[key] = self._call(line, column, name)
        found = self._calls[key]
        return (self.place(line, column), "") if found is None else found

    def _call(self, line: int, column: int, name: str) -> Call | None:
        origin = self.script.origin(line, column)
        if origin is None:
            return None
        source = self.sources[origin.source]
        tree = Tree(source.text, typescript=source.typescript)
        found = call_around(tree, origin.offset, name, source.aliases)
        if found is None:
            return None
        callee = found.child_by_field_name("function")
        text = "" if callee is None else tree.source(callee)
        return self._at(origin.source, found.start_byte), text

    def _at(self, index: int, offset: int) -> Place:
        source = self.sources[index]
        line, column = position(source.text.encode("utf-8", "replace"), offset)
        if source.map is not None:
            mapped = source.map.original(line, column)
            if mapped is not None:
                return Place(*mapped)
        return Place(source.label, line, column)


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

    @property
    def other_script(self) -> str:
        """The script with other brackets, to be parsed as well.

        Needed for code that tree-sitter did not understand: see `link`.
        """
        return link(self._modules, bracketed=True).data.decode()

    def diagnostics(self) -> tuple[CodeDiagnostic, ...]:
        """Give everything that keeps the code from being saved, syntax aside."""
        main = self._modules[-1]
        as_written = self.is_alone and not main.tree.typescript
        text = main.tree.text if as_written else self._script.data.decode()
        return tuple(diagnose(self._modules, utf16_length(text)))

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
            if syntax_errors.is_unclosed(error, module.tree.data[:offset]):
                error, offset = syntax_errors.ENDED, len(module.tree.data.rstrip())
        line, column = module.tree.position(offset)
        value = syntax_errors.value(error, line, column, module.label)
        path = None if module.index == 0 else module.label
        return CodeDiagnostic(PARSE_ERROR, value, line, column, 1, path)

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
            plain={
                name: None if acts else _plain(self._modules[-1], name)
                for name in handlers
            },
            mutated=frozenset().union(*mutated),
            sources={module.index: _source(module) for module in self._modules},
        )


def _source(module: Module) -> Source:
    return Source(
        label=module.label,
        text=module.tree.text,
        typescript=module.tree.typescript,
        map=module.map,
        aliases={
            local: name
            for imported in module.shape.imports
            for name, local, _ in imported.names
        },
    )


def _plain(main: Module, name: str) -> Plain | None:
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
        return plain_handler(tree, function, response=name == "response")
    return None


__all__ = ["MAIN", "Draft", "Place", "Program"]
