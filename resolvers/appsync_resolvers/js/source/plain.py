"""Handlers so plain that they need no engine.

Most handlers put members of the context into a literal, or pass one on:

    export const request = (ctx) => ({ operation: 'Invoke', payload: ctx.args })
    export const response = (ctx) => ctx.result.items

Their syntax is turned into Python once. Whatever JavaScript would do otherwise than
looking up members of objects (a missing parent, a method, a number's property) ends in
`NotPlain`, and the engine does it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from appsync_resolvers.context import Context
from appsync_resolvers.js.source.scopes import parameters
from appsync_resolvers.js.source.tree import Tree, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

_Scope = list[Any]  # the context, then local constants
_Expression = Callable[[_Scope], Any]
_Statement = Callable[[_Scope], None]

# What plain objects inherit in the engine.
_INHERITED = frozenset({"toString", "valueOf", "__proto__"})


class NotPlain(Exception):
    """The values at hand need JavaScript's own rules."""


class _Unsupported(Exception):
    """The syntax is not plain."""


class _Undefined:
    """JavaScript's undefined."""


UNDEFINED = _Undefined()


@dataclass(frozen=True, slots=True)
class Plain:
    """A handler in Python.

    Attributes:
        call: gives the handler's value, or raises `NotPlain`.
        passes_result: it gives `ctx.result` whenever there is no `ctx.error`.
    """

    call: Callable[[Context], Any]
    passes_result: bool


def plain_handler(tree: Tree, function: "Node", *, response: bool) -> Plain | None:
    """Turn a handler into Python, if its syntax is plain.

    Args:
        tree: the file.
        function: the handler.
        response: it is a response handler, which sees `ctx.result` and `ctx.error`.
    """
    try:
        return _Compiler(tree, response=response).handler(function)
    except _Unsupported:
        return None


class _Compiler:
    def __init__(self, tree: Tree, *, response: bool) -> None:
        self._tree = tree
        self._response = response
        self._context = ""
        self._locals: dict[str, int] = {}
        self._members: dict[str, str] = {}  # locals that are members of the context
        self._is_total = True  # nothing can go wrong

    def handler(self, function: "Node") -> Plain:
        listed = parameters(function)
        if listed:
            self._context = self._name(listed[0])
        body = function.child_by_field_name("body")
        if body is None or len(listed) > 1 or function.children[0].type == "async":
            raise _Unsupported
        if body.type != "statement_block":
            return self._finish([], body)
        nodes = [node for node in body.named_children if node.type != "comment"]
        statements = [self._statement(node) for node in nodes[:-1]]
        if not nodes or nodes[-1].type != "return_statement":
            raise _Unsupported
        values = [n for n in nodes[-1].named_children if n.type != "comment"]
        if len(values) != 1:
            raise _Unsupported
        return self._finish([s for s in statements if s is not None], values[0])

    def _finish(self, statements: list[_Statement], value: "Node") -> Plain:
        passes = self._is_total and self._response and self._is_result(value)
        expression = self._expression(value)
        size = len(self._locals)
        response = self._response

        def call(context: Context) -> Any:
            if response and context.error is not None:
                raise NotPlain
            scope = [context, *[None] * size]
            for statement in statements:
                statement(scope)
            found = expression(scope)
            return None if found is UNDEFINED else found

        return Plain(call, passes)

    def _is_result(self, node: "Node") -> bool:
        node = unwrap(node)
        if node.type == "identifier":
            return self._members.get(self._tree.source(node)) == "result"
        return self._tree.source(node) == f"{self._context}.result"

    # ---- statements ---------------------------------------------------------------

    def _statement(self, node: "Node") -> _Statement | None:
        if node.type == "empty_statement":
            return None
        if node.type == "if_statement":
            self._guard(node)
            return None
        kind = node.child_by_field_name("kind")
        if node.type != "lexical_declaration" or kind is None:
            raise _Unsupported
        steps: list[_Statement] = []
        for declarator in node.named_children:
            pattern = declarator.child_by_field_name("name")
            value = declarator.child_by_field_name("value")
            if pattern is None or value is None:
                raise _Unsupported
            steps += self._declaration(pattern, value)

        def run(scope: _Scope) -> None:
            for step in steps:
                step(scope)

        return run

    def _guard(self, node: "Node") -> None:
        """Take `if (ctx.error) …`: with an error the engine is asked anyway."""
        condition = node.child_by_field_name("condition")
        if condition is None or node.child_by_field_name("alternative") is not None:
            raise _Unsupported
        condition = unwrap(condition)
        text = self._tree.source(condition)
        is_local = condition.type == "identifier" and self._members.get(text) == "error"
        if not is_local and text != f"{self._context}.error":
            raise _Unsupported

    def _declaration(self, pattern: "Node", value: "Node") -> list[_Statement]:
        if self._tree.source(unwrap(value)) == self._context:
            return self._members_of_context(pattern)
        self._is_total = False
        return self._bind(pattern, self._expression(value, fresh=False))

    def _members_of_context(self, pattern: "Node") -> list[_Statement]:
        if pattern.type != "object_pattern":
            raise _Unsupported
        steps: list[_Statement] = []
        for child in pattern.named_children:
            key, inner = self._entry(child)
            if inner.type in _NAMES:
                self._members[self._tree.source(inner)] = key
            else:
                self._is_total = False
            steps += self._bind(inner, self._member(key))
        return steps

    def _bind(self, pattern: "Node", value: _Expression) -> list[_Statement]:
        if pattern.type in _NAMES:
            slot = self._slot(pattern)

            def assign(scope: _Scope) -> None:
                scope[slot] = value(scope)

            return [assign]
        if pattern.type != "object_pattern":
            raise _Unsupported
        steps: list[_Statement] = []
        for child in pattern.named_children:
            key, inner = self._entry(child)
            steps += self._bind(inner, _get(value, ((key, False),)))
        return steps

    def _entry(self, child: "Node") -> "tuple[str, Node]":
        """Give key and pattern of a member of an object pattern."""
        if child.type == "shorthand_property_identifier_pattern":
            return self._tree.source(child), child
        key = child.child_by_field_name("key")
        value = child.child_by_field_name("value")
        if child.type != "pair_pattern" or key is None or value is None:
            raise _Unsupported
        return self._key(key), value

    def _slot(self, node: "Node") -> int:
        name = self._tree.source(node)
        if name in self._locals or name == self._context:
            raise _Unsupported
        self._locals[name] = len(self._locals) + 1
        return self._locals[name]

    # ---- expressions --------------------------------------------------------------

    def _expression(self, node: "Node", *, fresh: bool = True) -> _Expression:
        """Compile an expression.

        Args:
            node: the expression.
            fresh: parts of the context are copied, as the engine's values would be;
                only the result is passed on itself.
        """
        node = unwrap(node)
        match node.type:
            case "identifier" | "member_expression":
                found, is_result = self._path(node)
                return _copied(found) if fresh and not is_result else found
            case "object":
                return self._object(node, fresh=fresh)
            case "array":
                return self._array(node, fresh=fresh)
            case _:
                return _constant(self._literal(node))

    def _literal(self, node: "Node") -> Any:
        text = self._tree.source(node)
        match node.type:
            case "string" if "\\" not in text:
                return text[1:-1]
            case "number" if text.isdecimal() and not text.startswith("0"):
                return int(text)
            case "number" if text == "0":
                return 0
            case "true":
                return True
            case "false":
                return False
            case "null":
                return None
            case "undefined":
                return UNDEFINED
            case _:
                raise _Unsupported

    def _object(self, node: "Node", *, fresh: bool) -> _Expression:
        pairs: list[tuple[str, _Expression]] = []
        for child in node.named_children:
            if child.type == "shorthand_property_identifier":
                found, is_result = self._path(child)
                value = _copied(found) if fresh and not is_result else found
                pairs.append((self._tree.source(child), value))
            elif child.type == "pair":
                key = child.child_by_field_name("key")
                inner = child.child_by_field_name("value")
                if key is None or inner is None:
                    raise _Unsupported
                pairs.append((self._key(key), self._expression(inner, fresh=fresh)))
            elif child.type != "comment":
                raise _Unsupported
        if len({key for key, _ in pairs}) != len(pairs):
            raise _Unsupported

        def make(scope: _Scope) -> Any:
            made = {}
            for key, value in pairs:
                found = value(scope)
                if found is not UNDEFINED:
                    made[key] = found
            return made

        return make

    def _array(self, node: "Node", *, fresh: bool) -> _Expression:
        commas = sum(1 for child in node.children if child.type == ",")
        inner = [child for child in node.named_children if child.type != "comment"]
        if commas >= max(len(inner), 1):
            raise _Unsupported  # holes or a trailing comma
        values = [self._expression(child, fresh=fresh) for child in inner]

        def make(scope: _Scope) -> Any:
            found = [value(scope) for value in values]
            return [None if value is UNDEFINED else value for value in found]

        return make

    def _path(self, node: "Node") -> tuple[_Expression, bool]:
        """Compile `ctx.a.b?.c` or `local.a`; tell whether it leads into the result."""
        names: list[tuple[str, bool]] = []
        while node.type == "member_expression":
            owner = node.child_by_field_name("object")
            name = node.child_by_field_name("property")
            if owner is None or name is None or name.type != "property_identifier":
                raise _Unsupported
            optional = node.child_by_field_name("optional_chain") is not None
            names.append((self._tree.source(name), optional))
            node = owner
        names.reverse()
        text = self._tree.source(node)
        if node.type not in {"identifier", "shorthand_property_identifier"}:
            raise _Unsupported
        if text == self._context and names:
            (member, _), *names = names
            is_result = member in {"result", "prev"}
            return _get(self._member(member), tuple(names)), is_result
        if text in self._locals:
            slot = self._locals[text]
            is_result = self._members.get(text) in {"result", "prev"}
            return _get(lambda scope: scope[slot], tuple(names)), is_result
        if text == "undefined" and not names:
            return _constant(UNDEFINED), False
        raise _Unsupported

    def _member(self, name: str) -> _Expression:
        known = _MEMBERS.get(name)
        if known is None:
            raise _Unsupported
        if name in {"result", "error"} and not self._response:
            return _constant(UNDEFINED)
        return lambda scope: known(scope[0])

    def _key(self, node: "Node") -> str:
        text = self._tree.source(node)
        if node.type == "string" and "\\" not in text:
            text = text[1:-1]
        elif node.type != "property_identifier":
            raise _Unsupported
        # Keys that are numbers come first in JavaScript, and this one is a prototype.
        if text in _INHERITED or text.isdecimal():
            raise _Unsupported
        return text

    def _name(self, parameter: "Node") -> str:
        if parameter.type == "required_parameter":
            parameter = parameter.child_by_field_name("pattern") or parameter
        if parameter.type != "identifier":
            raise _Unsupported
        return self._tree.source(parameter)


_NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern"})


def _prev(context: Context) -> Any:
    return {"result": context.prev} if context.has_prev else UNDEFINED


def _error(context: Context) -> Any:
    return UNDEFINED if context.error is None else context.error


def _info(context: Context) -> Any:
    info = context.info
    return _Info(info.value, info.selection_set_list, info.selection_set_graphql)


@dataclass(frozen=True, slots=True)
class _Info:
    """`ctx.info`, whose selection is no ordinary member."""

    value: dict[str, Any]
    list: list[str]
    graphql: str


_MEMBERS: dict[str, Callable[[Context], Any]] = {
    "args": lambda context: context.arguments,
    "arguments": lambda context: context.arguments,
    "source": lambda context: context.source,
    "identity": lambda context: context.identity.value,
    "request": lambda context: context.request.value,
    "info": _info,
    "stash": lambda context: context.stash,
    "prev": _prev,
    "result": lambda context: context.result,
    "error": _error,
    "env": lambda context: context.env.value,
}


def _constant(value: Any) -> _Expression:
    return lambda _: value


def _get(owner: _Expression, names: tuple[tuple[str, bool], ...]) -> _Expression:
    """Look members up as JavaScript does in plain objects."""
    if not names:
        return owner

    def get(scope: _Scope) -> Any:
        value = owner(scope)
        for name, optional in names:
            if type(value) is dict:
                value = value.get(name, UNDEFINED)
                if value is UNDEFINED and name in _INHERITED:
                    raise NotPlain
            elif optional and (value is None or value is UNDEFINED):
                return UNDEFINED
            elif type(value) is _Info:
                value = _of_info(value, name)
            else:
                raise NotPlain
        return value

    return get


def _of_info(info: _Info, name: str) -> Any:
    if name == "selectionSetList":
        return info.list
    if name == "selectionSetGraphQL":
        return info.graphql
    if name in _INHERITED:
        raise NotPlain
    return info.value.get(name, UNDEFINED)


def _copied(expression: _Expression) -> _Expression:
    def copy(scope: _Scope) -> Any:
        value = expression(scope)
        kind = type(value)
        if kind is str or value is None or kind is bool or kind is int:
            return value
        if kind is _Info:
            value = value.value
        elif kind is not dict and kind is not list and kind is not float:
            return value
        try:
            return orjson.loads(orjson.dumps(value))
        except TypeError:
            raise NotPlain from None

    return copy
