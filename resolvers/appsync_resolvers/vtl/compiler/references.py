"""Python code for references.

The fast path for JSON values stands in the generated code itself; functions of
`runtime` do the rest.
"""

from dataclasses import dataclass
from typing import Protocol

from appsync_resolvers.errors import TemplateRejected
from appsync_resolvers.vtl import tree
from appsync_resolvers.vtl.compiler.codes import NONE, Code, any_calls, named
from appsync_resolvers.vtl.compiler.facts import (
    CONTEXT_NAMES,
    MUTATORS,
    SHARED,
    Facts,
)
from appsync_resolvers.vtl.compiler.source import Names
from appsync_resolvers.vtl.util.registry import NAMESPACES, ROOTS, helpers
from appsync_resolvers.vtl.values.objects import Namespace

_CONTEXT: dict[str, tuple[str, str]] = {
    "args": ("c.arguments", "dict"),
    "arguments": ("c.arguments", "dict"),
    "source": ("c.source", ""),
    "identity": ("c.identity.value", ""),
    "request": ("c.request.value", "dict"),
    "stash": ("c.stash", "dict"),
    "result": ("c.result", ""),
    "error": ("c.error", ""),
    "env": ("c.env.value", "dict"),
    "prev": ("previous(c)", ""),
    "info": ("info(c)", ""),
    "outErrors": ("out_errors(c)", "list"),
}
_INFO = {
    "selectionSetList": ("c.info.selection_set_list", "list"),
    "selectionSetGraphQL": ("c.info.selection_set_graphql", "str"),
}
_READERS = frozenset(
    {
        "appendError",
        "error",
        "escapeJavaScript",
        "isBoolean",
        "isList",
        "isMap",
        "isNull",
        "isNullOrBlank",
        "isNullOrEmpty",
        "isNumber",
        "isString",
        "matches",
        "toJson",
        "typeOf",
        "urlEncode",
        "validate",
    }
)
_VIEWS = frozenset({"entrySet", "iterator", "keySet", "listIterator", "values"})
"""Methods whose results let a template change what they come from."""
_MAX_ROUNDS = 1000
_MAX_STEPS = 100
"""Python allows 200 brackets in each other, and a step may need two."""


@dataclass(slots=True)
class Loop:
    """Names of a `#foreach` that is being generated."""

    index: str
    size: str


class Values(Protocol):
    """What writes the values inside of references."""

    def value(self, node: tree.Expression, *, keep: bool = True) -> Code:
        """Write a value; `keep` says whether it could be changed later."""


class References:
    """Writes references.

    Attributes:
        loops: the loops around the next reference, the outermost first.
        types: what is known of the types of variables at this place, see `Code.type`.

    Args:
        names: where constants and variables come from.
        facts: what is known of the template.
        values: writes arguments and indexes.
    """

    def __init__(self, names: Names, facts: Facts, values: Values) -> None:
        self.loops: list[Loop] = []
        self.types: dict[str, str] = {}
        self._names = names
        self._facts = facts
        self._values = values

    def write(self, node: tree.Reference, *, keep: bool) -> Code:
        """Write the value of a reference."""
        if node.name is None:
            return NONE
        if len(node.steps) > _MAX_STEPS:
            raise TemplateRejected("Nested too deeply", 1, 1)
        steps = list(node.steps)
        code = self._root(node.name, steps)
        for step in steps:
            code = self._step(code, step)
        if keep and code.shared and self._facts.mutates and code.type != "str":
            return Code(f"own({code.text})", code.type, calls=code.calls)
        return code

    def _root(self, name: str, steps: list[tree.Step]) -> Code:
        """Write the variable, and take off the steps that were needed for it."""
        facts = self._facts
        if name in ROOTS and name not in facts.assigned:
            return self._namespace(ROOTS[name], steps)
        if name in CONTEXT_NAMES and name not in facts.assigned and facts.plain_context:
            return self._context(steps)
        if name == "foreach" and not facts.scopes:
            return self._counter(steps)
        return Code(self._names.variable(name), self.types.get(name, ""), atomic=True)

    def _context(self, steps: list[tree.Step]) -> Code:
        first = steps.pop(0)
        name = first.name if isinstance(first, tree.Property) else ""
        following = (
            steps[0].name if steps and isinstance(steps[0], tree.Property) else ""
        )
        if name == "prev" and following == "result":
            steps.pop(0)
            return Code("c.prev")
        if name == "info" and following in _INFO:
            steps.pop(0)
            text, kind = _INFO[following]
            return Code(text, kind, shared=True)
        if name == "info" and following in ("fieldName", "parentTypeName"):
            steps.pop(0)
            return Code(f'c.info.value.get("{following}")')
        if name == "info" and following and following not in ("class", "Class"):
            return Code("c.info.value", "dict", shared=True)
        if name not in _CONTEXT:
            return NONE
        text, kind = _CONTEXT[name]
        return Code(text, kind, shared=name in SHARED)

    def _counter(self, steps: list[tree.Step]) -> Code:
        """Write `$foreach.count` and its kind, those of an outer loop with `parent`."""
        level = len(steps)
        name = steps[-1].name if isinstance(steps[-1], tree.Property) else ""
        steps.clear()
        if level > len(self.loops):
            return NONE
        loop = self.loops[-level]
        if name == "index":
            return Code(loop.index, "int", atomic=True, bound=_MAX_ROUNDS)
        if name == "count":
            return Code(f"({loop.index} + 1)", "int", bound=_MAX_ROUNDS)
        if name == "first":
            return Code(f"({loop.index} == 0)", "bool")
        comparison = "<" if name == "hasNext" else ">="
        return Code(f"({loop.index} + 1 {comparison} {loop.size})", "bool")

    def _namespace(self, path: str, steps: list[tree.Step]) -> Code:
        """Write a call of a helper."""
        while steps and isinstance(steps[0], tree.Property):
            inner = f"{path}.{steps[0].name}"
            if inner not in NAMESPACES:
                return NONE
            path = inner
            steps.pop(0)
        if not steps or not isinstance(steps[0], tree.Method):
            return Code(f"noted({self._names.constant(Namespace(path))})", calls=True)
        step = steps.pop(0)
        assert isinstance(step, tree.Method)  # noqa: S101 - looked at above
        keep = step.name not in _READERS
        arguments = [
            self._values.value(argument, keep=keep) for argument in step.arguments
        ]
        direct = self._direct(path, step.name, arguments)
        if direct is not None:
            return direct
        overloads = helpers(path, step.name)
        if overloads is None:
            return NONE
        listed = "".join(f"{argument.text}, " for argument in arguments)
        known = self._names.constant(overloads)
        names = f'{known}, ("{path}", "{step.name}")'
        return Code(f"helper({names}, ({listed}), {step.at}, c)", calls=True)

    def _direct(self, path: str, name: str, arguments: list[Code]) -> Code | None:
        """Write the most frequent helpers without a call of theirs."""
        if path != "util" or not arguments:
            return None
        first = arguments[0]
        if len(arguments) == 1:
            if name == "toJson":
                return Code(f"to_json({first.text})", "str", calls=True)
            if name == "isNull" and not (first.atomic and first.type):
                return Code(f"({first.text} is None)", "bool", calls=first.calls)
            if name in ("qr", "quiet"):
                return Code(f"quiet({first.text})", "str", calls=True)
            if name == "isNullOrEmpty" and not (first.atomic and first.type):
                name, assign = named(first, self._names)
                return Code(
                    f"null_or_empty({first.text})",
                    calls=first.calls,
                    test=f'(({assign}) is None or {name} == "")',
                )
        if len(arguments) == 2 and name == "defaultIfNull":
            text = f"default({first.text}, {arguments[1].text})"
            return Code(text, calls=any_calls(arguments))
        return None

    def _step(self, code: Code, step: tree.Step) -> Code:
        if code is NONE:
            return NONE
        if isinstance(step, tree.Property):
            return self._property(code, step.name)
        if isinstance(step, tree.Method):
            return self._method(code, step)
        key = self._values.value(step.key, keep=False)
        receiver, guard = self._guarded(code, [key])
        text = f"get_index({receiver}, {key.text}, {step.at})"
        return Code(guard.replace("{}", text), shared=code.shared, calls=True)

    def _guarded(self, code: Code, arguments: list[Code]) -> tuple[str, str]:
        """Let arguments be evaluated only when there is a receiver, where it matters.

        Gives code of the receiver, and a pattern for what surrounds the call.
        """
        if code.type or not any(argument.calls for argument in arguments):
            return code.text, "{}"
        name, assign = named(code, self._names)
        return name, f"(None if ({assign}) is None else {{}})"

    def _property(self, code: Code, name: str) -> Code:
        if name in ("class", "Class"):
            return Code(f'get_property({code.text}, "{name}")', calls=True)
        if code.type == "dict":
            text = f'{code.text}.get("{name}")'
            return Code(text, shared=code.shared, calls=code.calls)
        variable, assign = named(code, self._names)
        return Code(
            f'({variable}.get("{name}") if type({assign}) is dict '
            f'else get_property({variable}, "{name}"))',
            shared=code.shared,
            calls=code.calls,
        )

    def _method(self, code: Code, step: tree.Method) -> Code:
        if code.shared and self._facts.mutates and step.name in _VIEWS:
            code = Code(f"own({code.text})", code.type, calls=code.calls)
        keep = step.name in MUTATORS
        arguments = [
            self._values.value(argument, keep=keep) for argument in step.arguments
        ]
        if step.name == "get" and len(arguments) == 1 and arguments[0].type == "str":
            variable, assign = named(code, self._names)
            key = arguments[0].text
            if arguments[0].atomic:
                return Code(
                    f"({variable}.get({key}) if type({assign}) is dict "
                    f'else call({variable}, "get", ({key},), {step.at}, c))',
                    shared=code.shared,
                    calls=True,
                )
        receiver, guard = self._guarded(code, arguments)
        listed = "".join(f"{argument.text}, " for argument in arguments)
        text = f'call({receiver}, "{step.name}", ({listed}), {step.at}, c)'
        return Code(guard.replace("{}", text), shared=code.shared, calls=True)
