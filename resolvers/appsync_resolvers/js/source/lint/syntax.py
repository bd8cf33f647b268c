"""Rules that only look at the kind of a syntax node."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_resolvers.js.source.lint.file import File, Finding
from appsync_resolvers.js.source.tree import FUNCTIONS, is_async, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

_FORBIDDEN = {
    "await_expression": ("no-await", "The `await` keyword is not supported"),
    "class_declaration": ("no-classes", "Class declarations are not supported."),
    "abstract_class_declaration": (
        "no-classes",
        "Class declarations are not supported.",
    ),
    "for_statement": ("no-for", "For statements are not supported."),
    "while_statement": ("no-while", "While statements are not supported."),
    "do_statement": ("no-while", "do...while statements are not supported."),
    "continue_statement": ("no-continue", "Continue statements are not supported"),
    "generator_function_declaration": (
        "no-generators",
        "Generator functions are not supported.",
    ),
    "yield_expression": ("no-yield", "Yield statements are not supported"),
    "labeled_statement": ("no-labels", "Labeled statements are not supported."),
    "this": ("no-this", "This expressions are not supported."),
    "try_statement": ("no-try", "Try statements are not supported."),
    "regex": ("no-regex", "Regex literals are not supported."),
}
_NO_ASYNC = "Async functions are not supported."
_NO_IN = "in operator is not supported. Use Object.hasOwn()."


def no_unsupported_syntax(file: File) -> Iterator[Finding]:
    """Find statements, operators and literals the language does not have."""
    tree = file.tree
    for type_, (rule, message) in _FORBIDDEN.items():
        for node in tree.all(type_):
            if not (type_ == "this" and _is_parameter(file, node)):
                yield Finding(rule, message, node)
    for node in tree.all(*FUNCTIONS):
        if is_async(node):
            # ESTree's function of a method starts at its parameters.
            is_method = node.type == "method_definition"
            start = node.child_by_field_name("parameters") if is_method else None
            yield Finding("no-async", _NO_ASYNC, node, start)
    for node in tree.all("class"):
        if _is_default_export(file, node):
            yield Finding(*_FORBIDDEN["class_declaration"], node)
    for node in tree.all("new_expression"):
        constructor = node.child_by_field_name("constructor")
        if constructor is not None and tree.source(unwrap(constructor)) == "Promise":
            yield Finding("no-promise", "Promise is not supported", node)
    yield from _operators(file)


def _operators(file: File) -> Iterator[Finding]:
    for node in file.tree.all("unary_expression", "update_expression"):
        operator = _operator(node)
        if operator in {"~", "++", "--"}:
            message = f"The operator {operator} is not supported"
            yield Finding("no-disallowed-unary-operators", message, node)
    for node in file.tree.all("binary_expression"):
        match _operator(node):
            case "instanceof":
                message = "The operator instanceof is not supported"
                yield Finding("no-disallowed-binary-operators", message, node)
            case "in":
                yield Finding("no-in-operator", _NO_IN, node)


def _operator(node: "Node") -> str:
    operator = node.child_by_field_name("operator")
    return "" if operator is None else operator.type


def _is_default_export(file: File, node: "Node") -> bool:
    """Tell whether a nameless class is a declaration, which it is after `default`."""
    parent = file.tree.parent(node)
    return parent is not None and parent.type == "export_statement"


def _is_parameter(file: File, node: "Node") -> bool:
    """Tell whether `this` is the type-only first parameter of a TypeScript function."""
    parent = file.tree.parent(node)
    return parent is not None and parent.type == "required_parameter"
