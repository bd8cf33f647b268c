"""Joining modules into one script.

The script is an expression: a function that gets the built-in modules and gives a
function that evaluates the resolver's modules and gives their exports. The inner
function runs afresh for every evaluation, so no module state outlives one.
"""

import json
from collections.abc import Iterator

from appsync_resolvers.js.source import loops
from appsync_resolvers.js.source.builtins import MODULES
from appsync_resolvers.js.source.edits import Assembly, Script
from appsync_resolvers.js.source.graph import Module
from appsync_resolvers.js.source.modules import NAMESPACE, Import

_BUILTINS = "__appsync_modules"
_LATE = "__appsync_late"


def link(modules: list[Module], *, bracketed: bool = False) -> Script:
    """Assemble the script of modules.

    Args:
        modules: in the order of evaluation.
        bracketed: put each function around a module into an array. The script is then
            only good for parsing: text that closes the function around it and opens
            another one fits one of the two ways, never both.
    """
    before, after = ("[", "]") if bracketed else ("(", ")")
    *imported, main = modules
    assembly = Assembly()
    assembly.add(f'(function({_BUILTINS},{loops.EXCEEDED}){{"use strict";')
    evaluated: set[int] = set()
    if not imported:
        # Bindings of built-in modules never change, so they are made once.
        assembly.add("".join(_bindings(main, evaluated)))
    assembly.add(f"return {before}function(){{let {loops.COUNTER}=0;")
    if imported:
        assembly.add(f"const {_LATE}=[];")
    for module in imported:
        assembly.add(f"const {_variable(module)}={before}function(){{")
        assembly.add("".join(_bindings(module, evaluated)))
        _add_body(assembly, module)
        assembly.add(f"}}{after}();")
        evaluated.add(module.index)
    if imported:
        assembly.add(f"for(const bind of {_LATE})bind();")
        assembly.add("".join(_bindings(main, evaluated)))
    _add_body(assembly, main)
    assembly.add(f"}}{after}}})")
    return assembly.finish()


def _add_body(assembly: Assembly, module: Module) -> None:
    assembly.add("\n")
    edits = [*module.types, *module.shape.edits, *loops.count(module.tree)]
    assembly.add_source(module.index, module.tree.data, edits)
    assembly.add(f"\n;return{{{','.join(_exports(module))}}};")


def _bindings(module: Module, evaluated: set[int]) -> Iterator[str]:
    for imported in module.shape.imports:
        if not imported.names:
            continue
        owner = _owner(module, imported)
        whole = [local for name, local, _ in imported.names if name == NAMESPACE]
        parts = [
            (name, local) for name, local, _ in imported.names if name != NAMESPACE
        ]
        target = module.targets.get(imported.specifier)
        if target is not None and target.index not in evaluated:
            yield _late_binding(owner, whole, parts)
            continue
        for local in whole:
            yield f"const {local}={owner};"
        if parts:
            yield f"const{_pattern(parts)}={owner};"


def _late_binding(owner: str, whole: list[str], parts: list[tuple[str, str]]) -> str:
    """Bind names of a module that imports this one, when all have been evaluated."""
    locals_ = [*whole, *(local for _, local in parts)]
    pattern = f"({_pattern(parts)}={owner});" if parts else ""
    assignments = "".join(f"{local}={owner};" for local in whole) + pattern
    return f"let {','.join(locals_)};{_LATE}.push(()=>{{{assignments}}});"


def _pattern(parts: list[tuple[str, str]]) -> str:
    return f"{{{','.join(f'{json.dumps(name)}:{local}' for name, local in parts)}}}"


def _exports(module: Module) -> Iterator[str]:
    for imported in module.shape.imports:
        owner = _owner(module, imported)
        for name, exported in imported.exports:
            if exported == NAMESPACE:
                yield f"...{owner}"
            elif name == NAMESPACE:
                yield f"{json.dumps(exported)}:{owner}"
            else:
                yield f"{json.dumps(exported)}:{owner}[{json.dumps(name)}]"
    for exported, local in module.shape.exports.items():
        yield f"{json.dumps(exported)}:{local}"


def _owner(module: Module, imported: Import) -> str:
    if imported.specifier in MODULES:
        return f'{_BUILTINS}["{imported.specifier}"]'
    target = module.targets.get(imported.specifier)
    return "({})" if target is None else _variable(target)


def _variable(module: Module) -> str:
    return f"__appsync_{module.index}"
