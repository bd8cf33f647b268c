"""The files a resolver consists of: its code and what it imports by relative path.

AWS takes one bundled file; importing by path spares local runs the bundler.
"""

from dataclasses import dataclass, field
from pathlib import Path

from appsync_resolvers.js.source import modules, typescript
from appsync_resolvers.js.source.builtins import MODULES
from appsync_resolvers.js.source.edits import Edit
from appsync_resolvers.js.source.lint import File
from appsync_resolvers.js.source.source_map import SourceMap, source_map
from appsync_resolvers.js.source.tree import Tree

MAIN = "code.js"
_TYPESCRIPT = frozenset({".ts", ".mts", ".cts"})
_SUFFIXES = (".ts", ".js", ".mts", ".mjs")


@dataclass(eq=False, slots=True)
class Module:
    """One file.

    Attributes:
        index: its number; the code itself is 0.
        label: how positions name it, such as `code.js` or `lib/keys.js`.
        path: where it is; None for code without a file.
        types: edits that take its types away.
        targets: specifier to imported file; a built-in module has none.
        missing: specifiers that lead nowhere.
        map: its inline source map.
    """

    index: int
    label: str
    path: Path | None
    file: File
    types: list[Edit]
    shape: modules.Shape
    map: SourceMap | None
    targets: "dict[str, Module]" = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    @property
    def tree(self) -> Tree:
        """The syntax tree."""
        return self.file.tree

    def exported(self, seen: frozenset[int] = frozenset()) -> set[str]:
        """Give the names this file exports, those passed on included."""
        found = set(self.shape.exports)
        for imported in self.shape.imports:
            target = self.targets.get(imported.specifier)
            for _, name in imported.exports:
                if name != modules.NAMESPACE:
                    found.add(name)
                elif target is None:
                    found |= MODULES.get(imported.specifier, frozenset())
                elif target.index not in seen:
                    found |= target.exported(seen | {self.index}) - {"default"}
        return found


def collect(code: str, path: Path | None) -> list[Module]:
    """Read a resolver's code and all files it imports.

    Returns:
        The modules in the order of evaluation: what is imported comes first, the code
        itself last.
    """
    ordered: list[Module] = []
    by_path: dict[Path, Module] = {}
    folder = None if path is None else path.parent

    def visit(text: str, at: Path | None) -> Module:
        module = _module(text, at, len(by_path) if at else 0, folder)
        if at is not None:
            by_path[at] = module
        for imported in module.shape.imports:
            specifier = imported.specifier
            if specifier in MODULES:
                continue
            target = _find(specifier, at)
            if target is None:
                module.missing.add(specifier)
            elif target in by_path:
                module.targets[specifier] = by_path[target]
            else:
                found = target.read_text("utf-8", errors="replace")
                module.targets[specifier] = visit(found, target)
        ordered.append(module)
        return module

    visit(code, None if path is None else path.absolute())
    return ordered


def _module(text: str, path: Path | None, index: int, folder: Path | None) -> Module:
    is_typescript = path is not None and path.suffix in _TYPESCRIPT
    tree = Tree(text, typescript=is_typescript)
    types = typescript.strip(tree)
    return Module(
        index=index,
        label=MAIN if index == 0 else _label(path, folder),
        path=path,
        file=File(tree),
        types=types,
        shape=modules.shape(tree, types),
        map=source_map(text),
    )


def _label(path: Path | None, folder: Path | None) -> str:
    if path is None:
        return MAIN
    if folder is not None and path.is_relative_to(folder.absolute()):
        return path.relative_to(folder.absolute()).as_posix()
    return path.name


def _find(specifier: str, importer: Path | None) -> Path | None:
    """Find the file behind a relative specifier, as bundlers do."""
    if importer is None or not specifier.startswith((".", "/")):
        return None
    exact = Path(importer.parent, specifier).resolve()
    candidates = [exact, *(Path(f"{exact}{suffix}") for suffix in _SUFFIXES)]
    if exact.suffix in {".js", ".mjs"}:
        candidates.append(exact.with_suffix(exact.suffix.replace("js", "ts")))
    candidates += [exact / f"index{suffix}" for suffix in _SUFFIXES]
    for candidate in candidates:
        if candidate.suffix in _SUFFIXES and candidate.is_file():
            return candidate
    return None
