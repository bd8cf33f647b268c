"""no-function-passing, no-function-return, no-function-reassign.

Functions are not values in APPSYNC_JS: only the iterating array methods take them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_resolvers.js.source import library
from appsync_resolvers.js.source.lint.file import File, Finding
from appsync_resolvers.js.source.tree import is_call, unwrap
from appsync_resolvers.js.source.words import words

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTIONS = frozenset({"arrow_function", "function_expression", "generator_function"})
_TAKING_FUNCTIONS = frozenset(
    f"Array.{name}"
    for name in words(
        "every filter find findIndex findLast findLastIndex flatMap forEach map reduce"
        " reduceRight some"
    )
)


def no_function_passing(file: File) -> Iterator[Finding]:
    """Find functions passed to anything but an iterating array method."""
    for call in file.tree.all("call_expression"):
        arguments = call.child_by_field_name("arguments")
        if arguments is None or not is_call(call):
            continue
        if not any(_is_function(file, node) for node in arguments.named_children):
            continue
        if _refuses_functions(file, call):
            message = "Functions can not be passed as an argument"
            yield Finding("no-function-passing", message, call)


def no_function_return(file: File) -> Iterator[Finding]:
    """Find functions that give a function."""
    message = "returning a function is not allowed"
    for node in file.tree.all("return_statement"):
        value = _first_named(node)
        if value is not None and _is_function(file, unwrap(value)):
            yield Finding("no-function-return", message, node)
    for node in file.tree.all("arrow_function"):
        body = node.child_by_field_name("body")
        if body is not None and _is_function(file, unwrap(body)):
            yield Finding("no-function-return", message, node)


def no_function_reassign(file: File) -> Iterator[Finding]:
    """Find second names for a function."""
    message = "re-assigning function is not allowed"
    for type_, field in (
        ("variable_declarator", "value"),
        ("assignment_expression", "right"),
    ):
        for node in file.tree.all(type_):
            value = node.child_by_field_name(field)
            if value is None or unwrap(value).type != "identifier":
                continue
            if file.scopes.function(unwrap(value)) is not None:
                yield Finding("no-function-reassign", message, node)


def _is_function(file: File, node: "Node") -> bool:
    if node.type == "identifier":
        return file.scopes.function(node) is not None
    return node.type in _FUNCTIONS


def _refuses_functions(file: File, call: "Node") -> bool:
    callee = call.child_by_field_name("function")
    if callee is None:
        return False
    callee = unwrap(callee)
    if callee.type == "identifier":
        if file.scopes.resolve(callee) is None:
            return file.tree.source(callee) in library.FUNCTIONS
        return file.scopes.function(callee) is not None
    method = file.kinds.method(call)
    return method is not None and method not in _TAKING_FUNCTIONS


def _first_named(node: "Node") -> "Node | None":
    for child in node.named_children:
        if child.type != "comment":
            return child
    return None
