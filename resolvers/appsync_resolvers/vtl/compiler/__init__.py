"""Turns the syntax tree of a template into a Python function."""

from collections.abc import Callable
from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.errors import TemplateRejected
from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.compiler.documents import Documents
from appsync_resolvers.vtl.compiler.facts import CONTEXT_NAMES, Facts
from appsync_resolvers.vtl.compiler.runtime import NAMESPACE
from appsync_resolvers.vtl.compiler.skeleton import NotRecognized, recognize
from appsync_resolvers.vtl.compiler.source import Names
from appsync_resolvers.vtl.compiler.statements import Statements
from appsync_resolvers.vtl.json_write import Writer
from appsync_resolvers.vtl.limits import Run

Builder = Callable[[Context, Run | None], Any]
"""Gives a template's value; a guarded template needs a run."""
Renderer = Callable[[Context, Run | None], list[str]]
"""Gives a template's output in parts; a guarded template needs a run."""


def compile_renderer(
    template: tree.Template, facts: Facts, to_json: Writer
) -> Renderer:
    """Make a function that renders a template.

    Args:
        template: what to render.
        facts: what is known of it.
        to_json: writes `$util.toJson`.

    Raises:
        TemplateRejected: it is nested deeper than Python allows.
    """
    names = Names()
    functions: list[str] = []
    statements = Statements(names, facts, functions)
    statements.nodes(template.nodes)
    lines = statements.lines.all()
    if any("raise Stopped" in line or "Broken" in line for line in functions + lines):
        lines = ["    try:", *(f"    {line}" for line in lines or ["    pass"])]
        lines.append("    except (Stopped, Broken): pass")
    body = [*_variables(names), *functions, *lines, "    return out"]
    renderer: Renderer = assemble(body, names, to_json)
    return renderer


def compile_builder(
    template: tree.Template, facts: Facts, to_json: Writer
) -> Builder | None:
    """Make a function that builds the value of a template without rendering it.

    It raises `Bail` when that is not possible after all. None for templates that are no
    document with holes.
    """
    if facts.blocks or (facts.effects and not facts.guarded):
        return None
    names = Names()
    statements = Statements(names, facts, [])
    try:
        Documents(statements).write(recognize(template))
    except (NotRecognized, RecursionError):
        return None
    body = [*_variables(names), *statements.lines.all()]
    builder: Builder = assemble(body, names, to_json)
    return builder


def _variables(names: Names) -> list[str]:
    """Write the first values of all variables, and where output goes."""
    roots = [name for name in CONTEXT_NAMES if name in names.variables]
    lines = ["    out = []", "    w = out.append"]
    empty = [
        variable for name, variable in names.variables.items() if name not in roots
    ]
    if empty:
        lines.append(f"    {' = '.join(empty)} = None")
    if roots:
        both = " = ".join(names.variables[name] for name in roots)
        lines.append(f"    {both} = context_map(c)")
    return lines


def assemble(body: list[str], names: Names, to_json: Writer) -> Any:
    """Compile the lines of a function of the context and the run.

    Raises:
        TemplateRejected: Python refuses them for their depth.
    """
    variables = ", ".join(names.variables.values())
    outer = f"nonlocal {variables}" if variables else "pass"
    source = "\n".join(["def template(c, r):", *body])
    source = source.replace("nonlocal_variables", outer)
    namespace = {**NAMESPACE, **names.constants, "to_json": to_json}
    try:
        exec(compile(source, "<template>", "exec"), namespace)  # noqa: S102 - this is a compiler
    except (SyntaxError, MemoryError, RecursionError):
        raise TemplateRejected("Nested too deeply", 1, 1) from None
    return namespace["template"]
