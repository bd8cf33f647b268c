"""Python code for completing values, generated once per operation.

graphql-core's executor spends microseconds on every leaf; what it decides there depends
on the document and the schema alone. So it is decided once, and written down as Python:
one function an object type and selection, with null and scalar checks in line.

What the generated code looks like, for `items { id name }` with `id: ID!`:

    def o1(run, s, path):
        get = s.get
        bad = False
        try:
            a0 = get('id')
            if a0.__class__ is not str: a0 = leaf3(run, a0, (path, 'id'))
        except NullBubble: bad = True
        a1 = get('name')
        if a1 is not None:
            if a1.__class__ is not str: a1 = leaf4(run, a1, (path, 'name'))
        if bad: raise NullBubble
        return {'id': a0, 'name': a1}

A null that bubbles waits for its siblings, because AppSync reports every null and not
just the first (observed: aws-appsync-community #247, aws-amplify/docs #2796). A `try`
that nothing is raised in costs nothing.
"""

from collections.abc import Callable
from types import CoroutineType
from typing import Any

from graphql import (
    GraphQLOutputType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from appsync_emulator.execution.completion import (
    DENIED,
    TOO_DEEP,
    Completion,
    Typed,
)
from appsync_emulator.execution.outcome import locations
from appsync_emulator.execution.run import NullBubble
from appsync_emulator.execution.selection import Condition
from appsync_emulator.execution.tree import FieldTree, ObjectTree

INDENT = " "
BUBBLED = "except NullBubble: bad = True"
INTROSPECTION = ("__schema", "__type")
Lines = list[str]

CallField = Callable[["CodeWriter", FieldTree], tuple[str, str]]
"""Gives the names of a field's resolver call and of what makes its arguments."""


def indent(lines: Lines) -> Lines:
    """Put lines one level further in."""
    return [INDENT + line for line in lines]


class CodeWriter:
    """Writes and compiles the functions of one plan.

    Args:
        completion: what to do with leaves, nulls and values of the wrong kind.
        call_field: how a resolved field is called.
        typed: whether objects of abstract types remember their type, for publishing.
        depth_limit: fields below it are errors; 0 for none.
    """

    def __init__(
        self,
        completion: Completion,
        call_field: CallField,
        *,
        typed: bool = False,
        depth_limit: int = 0,
    ) -> None:
        self.completion = completion
        self.call_field = call_field
        self.typed = typed
        self.depth_limit = depth_limit
        self.source: Lines = []
        self.names: dict[str, Any] = {
            "NullBubble": NullBubble,
            "CORO": CoroutineType,
            "Typed": Typed,
        }
        self._count = 0
        self._objects: dict[int, str] = {}

    def compile(self) -> dict[str, Any]:
        """Run the written source and give its namespace."""
        code = compile("\n".join(self.source), "<plan>", "exec")
        exec(code, self.names)  # noqa: S102 -- our own text: names and literals by repr
        return self.names

    def name(self, prefix: str) -> str:
        """Make a name that is used nowhere else."""
        self._count += 1
        return f"{prefix}{self._count}"

    def bind(self, prefix: str, value: Any) -> str:
        """Make `value` known to the generated code."""
        name = self.name(prefix)
        self.names[name] = value
        return name

    # -- objects

    def object_function(self, tree: ObjectTree) -> str:
        """Write the function that completes objects for `tree`; give its name.

        Its parameters are (run, source, path), and the hole when resolvers run below.
        """
        known = self._objects.get(id(tree))
        if known is not None:
            return known
        function = self._objects[id(tree)] = self.name("o")
        parameters = "run, s, path, hole" if tree.waits else "run, s, path"
        lines = [f"def {function}({parameters}):", " get = s.get"]
        if tree.waits or any(entry.conditions for entry in tree.fields):
            start = [" d = {}", " v = run.variables"]
            lines += [*start, *indent(_bubbling(self._stepwise(tree))), " return d"]
        else:
            lines += indent(self._literal(tree))
        self.source += lines
        return function

    def _literal(self, tree: ObjectTree) -> Lines:
        lines: Lines = []
        members: list[str] = []
        for number, entry in enumerate(tree.fields):
            if entry.name == "__typename":
                members.append(f"{entry.key!r}: {entry.parent!r}")
                continue
            value = f"a{number}"
            lines += _bubble_later(entry, self._read(entry, value))
            members.append(f"{entry.key!r}: {value}")
        return [*_bubbling(lines), f"return {{{', '.join(members)}}}"]

    def _stepwise(self, tree: ObjectTree) -> Lines:
        lines: Lines = []
        for entry in tree.fields:
            lines += _bubble_later(entry, self.field_lines(entry, "s"))
        return lines

    def _read(self, entry: FieldTree, value: str) -> Lines:
        """Write how a field without resolver is read and completed."""
        if refusal := self._refusal(entry, value):
            return refusal
        lines = [f"{value} = get({entry.name!r})"]
        path = f"(path, {entry.key!r})"
        return lines + self.complete(entry, entry.type, value, path, "None")

    # -- fields, one after the other into `d`

    def field_lines(self, entry: FieldTree, source: str) -> Lines:
        """Write how one field gets into the dict `d`.

        Args:
            entry: the field.
            source: expression of the value that resolvers see as `ctx.source`.
        """
        lines = self._field_body(entry, source)
        if entry.conditions:
            test = " or ".join(_test(condition) for condition in entry.conditions)
            lines = [f"if {test}:", *indent(lines)]
        return lines

    def _field_body(self, entry: FieldTree, source: str) -> Lines:
        target = f"d[{entry.key!r}]"
        if entry.name == "__typename":
            return [f"{target} = {entry.parent!r}"]
        if entry.name in INTROSPECTION:
            ask = self.bind("q", self.completion.introspect(entry))
            return [f"{target} = {ask}(run)"]
        if refusal := self._refusal(entry, "x"):
            return [*refusal, f"{target} = x"]
        if entry.resolved:
            return self._resolved(entry, source, target)
        read = "None" if source == "None" else f"get({entry.name!r})"
        return [
            f"{target} = None",
            f"x = {read}",
            f"p = (path, {entry.key!r})",
            *self.complete(entry, entry.type, "x", "p", self._hole(entry)),
            f"{target} = x",
        ]

    def _resolved(self, entry: FieldTree, source: str, target: str) -> Lines:
        call, arguments = self.call_field(self, entry)
        finish = self._finish_function(entry)
        hole = self._hole(entry)
        place = self.bind("place", locations(entry.node))
        late = f"(x, {finish}, d, {entry.key!r}, p, {hole}, {place})"
        return [
            f"{target} = None",
            f"p = (path, {entry.key!r})",
            f"x = {call}(run, {source}, {arguments}, p)",
            f"if x.__class__ is CORO: run.late.append({late})",
            "else:",
            *indent(self.complete(entry, entry.type, "x", "p", hole)),
            f" {target} = x",
        ]

    def _finish_function(self, entry: FieldTree) -> str:
        """Write the function that completes the field when its value comes late."""
        function = self.name("f")
        self.source += [
            f"def {function}(run, x, d, key, p, hole):",
            " try:",
            *indent(indent(self.complete(entry, entry.type, "x", "p", "hole"))),
            "  d[key] = x",
            " except NullBubble: hole[0][hole[1]] = None",
        ]
        return function

    def _hole(self, entry: FieldTree) -> str:
        if not entry.waits:
            return "None"
        nullable = not is_non_null_type(entry.type)
        return f"(d, {entry.key!r})" if nullable else "hole"

    def _refusal(self, entry: FieldTree, value: str) -> Lines:
        """Write how a field is refused that must not be read, nothing for others."""
        if entry.denied:
            error = DENIED
        elif 0 < self.depth_limit < entry.depth:
            error = TOO_DEEP
        else:
            return []
        refuse = self.bind("refuse", self.completion.refuse(entry, error))
        return [f"{value} = {refuse}(run, (path, {entry.key!r}))"]

    # -- values

    def complete(
        self, entry: FieldTree, type_: GraphQLOutputType, x: str, path: str, hole: str
    ) -> Lines:
        """Write how the value in variable `x` is completed in place.

        A value that cannot be completed becomes None; where None is not allowed, the
        code raises NullBubble after recording the error.
        """
        if is_non_null_type(type_):
            return self._complete_present(
                entry, type_.of_type, x, path, hole=hole, non_null=True
            )
        inner = self._complete_present(entry, type_, x, path, hole=hole, non_null=False)
        if not inner:
            return []
        if not is_leaf_type(type_):
            inner = ["try:", *indent(inner), f"except NullBubble: {x} = None"]
        return [f"if {x} is not None:", *indent(inner)]

    def _complete_present(
        self,
        entry: FieldTree,
        type_: GraphQLOutputType,
        x: str,
        path: str,
        *,
        hole: str,
        non_null: bool,
    ) -> Lines:
        if is_leaf_type(type_):
            return self._leaf(entry, type_, x, path, non_null=non_null)
        if is_list_type(type_):
            return self._list(entry, type_.of_type, x, path, hole)
        function = self._below(entry)
        more = f", {hole}" if entry.waits_below else ""
        return [
            *self._object_check(entry, x, path),
            f"{x} = {function}(run, {x}, {path}{more})",
        ]

    def _object_check(self, entry: FieldTree, x: str, path: str) -> Lines:
        bad = self.bind("bad", self.completion.bad_object(entry))
        return [f"if {self.completion.object_test(x)}: {bad}(run, {x}, {path})"]

    def _leaf(
        self,
        entry: FieldTree,
        type_: GraphQLOutputType,
        x: str,
        path: str,
        *,
        non_null: bool,
    ) -> Lines:
        test = self.completion.leaf_test(type_, x, self.bind)
        if test is None and not non_null:
            return []
        slow = self.completion.leaf(type_, entry.parent, non_null=non_null)
        test = test or f"{x} is None"
        return [f"if {test}: {x} = {self.bind('leaf', slow)}(run, {x}, {path})"]

    def _list(
        self, entry: FieldTree, item: GraphQLOutputType, x: str, path: str, hole: str
    ) -> Lines:
        bad = self.bind("bad", self.completion.bad_list(entry))
        check = f"if {x}.__class__ is not list: {bad}(run, {x}, {path})"
        if entry.waits_below:
            function = self._list_function(entry, item)
            return [check, f"{x} = {function}(run, {x}, {path}, {hole})"]
        call = self._object_item(entry, item, path)
        if call is None:
            call = f"{self._item_function(entry, item)}(run, e, ({path}, i))"
        each = [f"{x} = [{call} for i, e in items]"]
        if is_non_null_type(item):
            # The iterator goes on behind the item that failed.
            each = [
                *["try:", *indent(each), "except NullBubble:"],
                *[" for i, e in items:", f"  try: {call}"],
                *["  except NullBubble: pass", " raise"],
            ]
        return [check, f"items = enumerate({x})", *each]

    def _object_item(
        self, entry: FieldTree, item: GraphQLOutputType, path: str
    ) -> str | None:
        """Give the expression for the usual `[Type!]`, which needs no function more."""
        named = get_named_type(item)
        if is_leaf_type(named) or not is_non_null_type(item) or item.of_type != named:
            return None
        bad = self.bind("bad", self.completion.bad_object(entry))
        place = f"(run, e, ({path}, i))"
        test = self.completion.object_test("e")
        return f"{bad}{place} if {test} else {self._below(entry)}{place}"

    def _item_function(self, entry: FieldTree, item: GraphQLOutputType) -> str:
        """Write the function that completes one item of a list."""
        function = self.name("i")
        self.source += [
            f"def {function}(run, e, path):",
            *indent(self.complete(entry, item, "e", "path", "None")),
            " return e",
        ]
        return function

    def _list_function(self, entry: FieldTree, item: GraphQLOutputType) -> str:
        """Write the function that completes a list with resolvers below it.

        The new list exists before its items, because it may be the hole of a late one.
        """
        function = self.name("i")
        hole = "hole" if is_non_null_type(item) else "(y, i)"
        each = [*self.complete(entry, item, "e", "p", hole), "y[i] = e"]
        if is_non_null_type(item):
            each = ["try:", *indent(each), BUBBLED]
        loop = ["for i, e in enumerate(x):", " p = (path, i)", *indent(each)]
        self.source += [
            f"def {function}(run, x, path, hole):",
            " y = [None] * len(x)",
            *indent(_bubbling(loop)),
            " return y",
        ]
        return function

    def _below(self, entry: FieldTree) -> str:
        """Give the function that completes the objects below a field."""
        if entry.abstract is None:
            (tree,) = entry.below.values()
            return self.object_function(tree)
        known = self._objects.get(id(entry))
        if known is not None:
            return known
        function = self._objects[id(entry)] = self.name("u")
        waits = entry.waits_below
        members = []
        for type_name, tree in entry.below.items():
            call = self.object_function(tree)
            members.append(f"{type_name!r}: ({call}, {tree.waits})")
        table = self.name("t")
        find = self.bind("find", self.completion.find_type(entry))
        made = "h(run, s, path)"
        if waits:
            made = f"h(run, s, path, hole) if w else {made}"
        self.source += [
            f"{table} = {{{', '.join(members)}}}",
            f"def {function}(run, s, path{', hole' if waits else ''}):",
            f" n = {find}(run, s, path)",
            f" h, w = {table}[n]",
            f" return {f'Typed(n, {made})' if self.typed else made}",
        ]
        return function


def _bubble_later(entry: FieldTree, lines: Lines) -> Lines:
    """Let the siblings of a field that bubbles be completed before."""
    if entry.definition is None or not is_non_null_type(entry.type):
        return lines
    return ["try:", *indent(lines), BUBBLED]


def _bubbling(lines: Lines) -> Lines:
    """Let what bubbled on the way bubble on now, if anything can have."""
    if BUBBLED not in map(str.strip, lines):
        return lines
    return ["bad = False", *lines, "if bad: raise NullBubble"]


def _test(condition: Condition) -> str:
    parts = [
        f"v[{name!r}]" if wanted else f"not v[{name!r}]"
        for name, wanted in sorted(condition)
    ]
    return "(" + " and ".join(parts) + ")"
