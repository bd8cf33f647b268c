"""Everything that keeps AppSync from saving code, found without running it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_resolvers.errors import CodeDiagnostic
from appsync_resolvers.js.source.builtins import MODULES
from appsync_resolvers.js.source.graph import Module
from appsync_resolvers.js.source.lint import lint
from appsync_resolvers.js.source.modules import NAMESPACE, Import
from appsync_resolvers.js.source.properties import missing_properties
from appsync_resolvers.js.source.syntax_errors import typescript_error
from appsync_resolvers.js.source.tree import utf16_length

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_CODE = 32_768
PARSE_ERROR = "PARSE_ERROR"
"""As the service answers (terraform-provider-aws #30760, published output of
evaluate-code); the API reference's example says `PARSER_ERROR`."""
LINT_ERROR = "LINT_ERROR"
EXPORT_MISSING = "MISSING_MAPPING_EXPORT"
_HANDLERS = ("request", "response")


def diagnose(modules: list[Module], length: int) -> Iterator[CodeDiagnostic]:
    """Give all findings of lint, imports, exports and size, file by file.

    Args:
        modules: as `graph.collect` gives them.
        length: characters of the code AWS would get: types stripped, files joined.
    """
    for module in reversed(modules):
        yield from _imports(module)
        yield from _returns(module)
        for node, text in missing_properties(module):
            yield _compiler(module, node, 2339, text)
        yield from _lint(module)
    exported = modules[-1].exported()
    for name in _HANDLERS:
        if name not in exported:
            value = f"Unable to find valid export for {name}"
            yield CodeDiagnostic(EXPORT_MISSING, value, 0, 0, 0)
    if length > MAX_CODE:
        value = (
            "Value at 'code' failed to satisfy constraint:"
            f" Member must have length less than or equal to {MAX_CODE}\n"
        )
        yield CodeDiagnostic(PARSE_ERROR, value, 0, 0)


def _lint(module: Module) -> Iterator[CodeDiagnostic]:
    for finding in lint(module.file):
        prefix = f"@aws-appsync/{finding.rule}: " if finding.rule else ""
        yield _at(module, finding.range, LINT_ERROR, prefix + finding.message)


def _returns(module: Module) -> Iterator[CodeDiagnostic]:
    """Find `return` outside functions: the function around a module would take it."""
    for node in module.tree.all("return_statement"):
        if module.tree.function_around(node) is None:
            text = "A 'return' statement can only be used within a function body."
            yield _compiler(module, node, 1108, text)


def _imports(module: Module) -> Iterator[CodeDiagnostic]:
    for imported in module.shape.imports:
        specifier = imported.specifier
        if specifier in module.missing:
            text = f"Cannot find module '{specifier}' or its corresponding type"
            yield _compiler(module, imported.at, 2307, f"{text} declarations.")
            continue
        target = module.targets.get(specifier)
        known = MODULES[specifier] if target is None else target.exported()
        yield from _names(module, imported, known)


def _names(
    module: Module, imported: Import, known: set[str] | frozenset[str]
) -> Iterator[CodeDiagnostic]:
    owner = f"Module '\"{imported.specifier}\"' has no"
    for name, _, node in imported.names:
        if name == NAMESPACE or name in known:
            continue
        if name == "default":
            yield _compiler(module, node, 1192, f"{owner} default export.")
        else:
            yield _compiler(module, node, 2305, f"{owner} exported member '{name}'.")
    for name, _ in imported.exports:
        if name != NAMESPACE and name not in known:
            text = f"{owner} exported member '{name}'."
            yield _compiler(module, imported.at, 2305, text)


def _compiler(module: Module, node: "Node", number: int, text: str) -> CodeDiagnostic:
    line, column = module.tree.position(node.start_byte)
    value = typescript_error(number, text, line, column, module.label)
    return _at(module, (node.start_byte, node.end_byte), PARSE_ERROR, value)


def _at(
    module: Module, marked: tuple[int, int], type_: str, value: str
) -> CodeDiagnostic:
    start, end = marked
    line, column = module.tree.position(start)
    path = None if module.index == 0 else module.label
    span = utf16_length(module.tree.data[start:end].decode())
    return CodeDiagnostic(type_, value, line, column, span, path)
