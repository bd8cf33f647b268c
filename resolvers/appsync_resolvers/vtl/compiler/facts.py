"""What a template does, as far as its text tells; decides which code is generated."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from appsync_resolvers.vtl import tree

CONTEXT_NAMES = ("ctx", "context")
SHARED = frozenset({"identity", "request", "env", "info", "source"})
"""Members of the context that other resolvers read too, so nothing may change them."""
MUTATORS = frozenset(
    {
        "add",
        "addAll",
        "clear",
        "put",
        "putAll",
        "putIfAbsent",
        "remove",
        "removeAll",
        "replace",
        "retainAll",
        "set",
        "setValue",
    }
)
_PATTERNS = frozenset({"matches", "replaceAll", "replaceFirst", "split"})
_OBJECTS = frozenset(
    {
        "charAt",
        "entrySet",
        "getBytes",
        "getClass",
        "iterator",
        "keySet",
        "listIterator",
        "split",
        "toArray",
        "toCharArray",
        "values",
    }
)
_TEXTUAL = frozenset(
    {
        "autoId",
        "nowEpochMilliSeconds",
        "nowEpochSeconds",
        "nowFormatted",
        "nowISO8601",
        "toJson",
    }
)
"""Frequent helpers that give no containers."""
_EFFECTS = frozenset({"addResponseHeader", "addResponseHeaders", "appendError"})
"""Helpers with effects, beside those that log and `$extensions`."""
_READERS = frozenset({"parseJson", "toJsonObject", "toJsonString", "toMap"})
"""Helpers that read texts, which may take long."""
_OBJECT_PROPERTIES = frozenset({"bytes", "class"})
_LONG = 8_000
_MAX_SHARING = 50_000
_MANY = 32
_SPECIAL = frozenset("\\[](){}.*+?^$|")


@dataclass(slots=True)
class Facts:
    """What was found.

    Attributes:
        assigned: variables that the template assigns.
        mutates: whether it changes any map or list.
        effects: whether evaluating it twice could differ from doing so once: it changes
            what it has not made itself, or adds errors, logs, headers or filters.
        plain_context: whether `$ctx` is only used to read its documented members, so
            that these can be taken straight from the context.
        loops: whether there is any `#foreach`.
        guarded: whether the template needs a `Run`: it may take long, or makes values
            that JSON does not know.
        sharing: whether it may put one container into others so often that its text
            would be enormous.
        scopes: whether `$foreach` is used as an object.
        count_names: which of `velocityCount` and `velocityHasNext` are used.
        escaping: whether a `#break` or `#stop` inside of a string or of a `#define` has
            to be carried out of it.
        blocks: whether there is any code that runs as a function of its own.
        nests: whether it may put a container into itself, or keep a big number.
        calculates: whether there may be numbers that are too big for JSON's readers.
    """

    assigned: set[str] = field(default_factory=set)
    mutates: bool = False
    effects: bool = False
    plain_context: bool = True
    loops: bool = False
    guarded: bool = False
    sharing: bool = False
    scopes: bool = False
    count_names: set[str] = field(default_factory=set)
    escaping: bool = False
    blocks: bool = False
    nests: bool = False
    calculates: bool = False


def find_facts(template: tree.Template, length: int) -> Facts:
    """Look through a template of this length."""
    facts = Facts()
    finder = _Finder(facts)
    finder.nodes(template.nodes)
    many = max(finder.printed, finder.calls) > _MANY
    if length > _LONG or facts.loops or facts.blocks or many:
        facts.guarded = True
    facts.guarded |= not facts.plain_context
    facts.effects |= any(name not in finder.fresh for name in finder.changed)
    facts.nests = any(name not in finder.fresh for name in finder.nested)
    if finder.sharing > _MAX_SHARING or (facts.loops and finder.sharing > 1):
        facts.sharing = facts.guarded = True
    return facts


class _Finder:
    """Walks through a template.

    Attributes:
        sharing: how often one container may at most be written in another.
        printed: how many references are printed.
        calls: how many methods and helpers are called.
        changed: variables whose values are changed; an empty name for anything else.
        nested: those of them into which a container may be put.
        fresh: variables that only ever hold what the template has made.
    """

    def __init__(self, facts: Facts) -> None:
        self.sharing = 1
        self.printed = 0
        self.calls = 0
        self.changed: set[str] = set()
        self.nested: set[str] = set()
        self.fresh: set[str] = set()
        self._stale: set[str] = set()
        self._facts = facts
        self._loops = 0
        self._blocks = 0

    def nodes(self, nodes: Sequence[tree.Node]) -> None:
        for node in nodes:
            self._node(node)

    def _node(self, node: tree.Node) -> None:
        if isinstance(node, tree.Reference):
            self.printed += 1
            self._reference(node)
        elif isinstance(node, tree.Set):
            self._set(node)
        elif isinstance(node, tree.If):
            for condition, body in node.branches:
                if condition is not None:
                    self.expression(condition)
                self.nodes(body)
        elif isinstance(node, tree.Foreach):
            self._foreach(node)
        elif isinstance(node, tree.Define):
            self._facts.assigned.add(node.name)
            self._assign(node.name, fresh=False)
            self._block(node.body)
        elif isinstance(node, tree.Break):
            if node.scope is not None:
                self._facts.scopes = True
                self.expression(node.scope)
            if not self._loops or node.scope is not None:
                self._facts.escaping |= self._blocks > 0 or node.scope is not None
        elif isinstance(node, tree.Stop):
            self._facts.escaping |= self._blocks > 0
        elif isinstance(node, tree.Return) and node.value is not None:
            self.expression(node.value)

    def _set(self, node: tree.Set) -> None:
        self.expression(node.value)
        target = node.target
        if not target.steps:
            self._facts.assigned.add(target.target)
            fresh = isinstance(node.value, tree.ListLiteral | tree.MapLiteral)
            self._assign(target.target, fresh=fresh)
            return
        self._reference(target)
        if target.name in CONTEXT_NAMES:
            first = target.steps[0]
            shared = isinstance(first, tree.Property) and first.name in SHARED
            if len(target.steps) == 1 or shared:
                self._facts.plain_context = False
        self._share(target, [node.value])

    def _assign(self, name: str, *, fresh: bool) -> None:
        if fresh and name not in self._stale:
            self.fresh.add(name)
        else:
            self._stale.add(name)
            self.fresh.discard(name)

    def _foreach(self, node: tree.Foreach) -> None:
        self._facts.loops = True
        self._assign(node.name, fresh=False)
        self._facts.assigned.add(node.name)
        self.expression(node.source)
        self._loops += 1
        self.nodes(node.body)
        self._loops -= 1

    def _block(self, body: Sequence[tree.Node]) -> None:
        """Walk through what runs apart; loops around it are no loops inside of it."""
        self._facts.blocks = True
        loops, self._loops = self._loops, 0
        self._blocks += 1
        self.nodes(body)
        self._blocks -= 1
        self._loops = loops

    def expression(self, node: tree.Expression) -> None:
        if isinstance(node, tree.Reference):
            self._reference(node)
        elif isinstance(node, tree.String):
            self._string(node)
        elif isinstance(node, tree.ListLiteral):
            self._members(node.items)
        elif isinstance(node, tree.MapLiteral):
            for key, _ in node.items:
                self.expression(key)
                if not (isinstance(key, tree.String) and key.nodes is None):
                    self._facts.guarded = True
            self._members([value for _, value in node.items])
        elif isinstance(node, tree.Range):
            self._facts.guarded = True
            self.expression(node.first)
            self.expression(node.last)
        elif isinstance(node, tree.Binary):
            self._facts.calculates |= node.operator in ("+", "-", "*")
            self.expression(node.left)
            self.expression(node.right)
        elif isinstance(node, tree.Not):
            self.expression(node.operand)
        elif isinstance(node, tree.Integer):
            self._facts.calculates |= node.value.bit_length() > 63

    def _members(self, items: Sequence[tree.Expression]) -> None:
        references = 0
        for item in items:
            self.expression(item)
            references += isinstance(item, tree.Reference)
        self.sharing = min(self.sharing * max(references, 1), _MAX_SHARING + 1)
        if references and self._loops:
            self.sharing += 1

    def _string(self, node: tree.String) -> None:
        if node.nodes is None:
            return
        if is_simple(node.nodes):
            self.nodes(node.nodes)
        else:
            self._block(node.nodes)

    def _reference(self, node: tree.Reference) -> None:
        self._root(node)
        for position, step in enumerate(node.steps):
            if isinstance(step, tree.Index):
                self.expression(step.key)
            elif isinstance(step, tree.Property):
                self._facts.guarded |= step.name in _OBJECT_PROPERTIES
            else:
                self._method(node, position, step)

    def _method(self, node: tree.Reference, position: int, step: tree.Method) -> None:
        for argument in step.arguments:
            self.expression(argument)
        self.calls += 1
        if step.name in _OBJECTS or step.name in _READERS or _is_pattern(step):
            self._facts.guarded = True
        if step.name == "put" and not _is_text(step.arguments[:1]):
            self._facts.guarded = True
        if is_helper(node):
            first = node.steps[0]
            logs = isinstance(first, tree.Property) and first.name == "log"
            effects = logs or step.name in _EFFECTS or node.name == "extensions"
            self._facts.effects |= effects
        if step.name in MUTATORS and not is_helper(node):
            self._share(node, step.arguments)
            first = node.steps[0]
            if (
                node.name in CONTEXT_NAMES
                and position > 0
                and isinstance(first, tree.Property)
                and first.name in SHARED
            ):
                self._facts.plain_context = False

    def _share(self, node: tree.Reference, values: Sequence[tree.Expression]) -> None:
        """Note that a container is changed, and may be found in one more place."""
        self._facts.mutates = True
        name = node.name or "" if len(node.steps) == 1 else ""
        self.changed.add(name)
        if any(map(_may_contain, values)):
            self.nested.add(name)
        self.sharing = min(self.sharing * 2, _MAX_SHARING + 1)

    def _root(self, node: tree.Reference) -> None:
        facts = self._facts
        if node.name in CONTEXT_NAMES:
            first = node.steps[0] if node.steps else None
            if not isinstance(first, tree.Property) or first.name in ("class", "Class"):
                facts.plain_context = False
            elif first.name == "info" and len(node.steps) == 1:
                facts.guarded = True
        elif is_helper(node):
            facts.guarded |= all(isinstance(step, tree.Property) for step in node.steps)
        elif node.name == "foreach":
            if not self._loops or not is_counter(node.steps):
                facts.scopes = True
        elif node.name in ("velocityCount", "velocityHasNext"):
            facts.count_names.add(node.name)


def is_simple(nodes: Sequence[tree.Node]) -> bool:
    """Say whether nodes are only text and references."""
    return all(isinstance(node, tree.Text | tree.Reference) for node in nodes)


def is_counter(steps: Sequence[tree.Step]) -> bool:
    """Say whether the steps after `$foreach` are such that a loop's counter answers."""
    names = [step.name for step in steps if isinstance(step, tree.Property)]
    if len(names) != len(steps) or not names:
        return False
    return names[-1] in COUNTERS and all(name == "parent" for name in names[:-1])


COUNTERS = ("count", "index", "hasNext", "first", "last")


def _may_contain(node: tree.Expression) -> bool:
    """Say whether a value may contain a container that is known elsewhere."""
    if isinstance(node, tree.ListLiteral):
        return any(map(_may_contain, node.items))
    if isinstance(node, tree.MapLiteral):
        return any(_may_contain(value) for _, value in node.items)
    if not isinstance(node, tree.Reference):
        return isinstance(node, tree.Binary | tree.Integer)
    last = node.steps[-1] if node.steps else None
    return not (is_helper(node) and getattr(last, "name", "") in _TEXTUAL)


def _is_text(arguments: Sequence[tree.Expression]) -> bool:
    return all(
        isinstance(argument, tree.String) and argument.nodes is None
        for argument in arguments
    )


def _is_pattern(step: tree.Method) -> bool:
    """Say whether a call matches a pattern that is not just a text to look for."""
    if step.name not in _PATTERNS:
        return False
    pattern = step.arguments[0] if step.arguments else None
    if isinstance(pattern, tree.String) and pattern.nodes is None:
        return not _SPECIAL.isdisjoint(pattern.value)
    return True


def is_helper(node: tree.Reference) -> bool:
    """Say whether a reference starts at a namespace of helpers."""
    return node.name in ("util", "utils", "extensions")
