"""Functions about strings: Sub, Join, Split, Base64, ToJsonString."""

import base64 as b64
import json
import re

from appsync_emulator.config.codes import REFERENCE
from appsync_emulator.config.functions.extensions import need_extensions
from appsync_emulator.config.node import NO_VALUE, Node, as_text, kind_of, plain
from appsync_emulator.config.template.scope import Scope, Unresolved

VARIABLE = re.compile(r"\$\{([^}]*)\}")
"""`${Name}`, `${Resource.Attribute}` or `${!Literal}` in the string of Fn::Sub."""

_NAME = re.compile(r"[A-Za-z0-9_.:]+")


def sub(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::Sub` with a string, or with a string and values of its own."""
    template, values = argument, Node({}, call.source)
    if isinstance(argument.value, list):
        rule = (
            "Fn::Sub needs a string, or a list of a string and an object with values."
        )
        template, values = scope.items(argument, rule, count=2)
    if not isinstance(template.value, str) or not isinstance(values.value, dict):
        raise scope.wrong(
            "One or more Fn::Sub intrinsic functions don't specify expected arguments: "
            "a string first, and if there is a second one, an object.",
            call,
        )
    multiline = False

    def value_of(match: re.Match[str]) -> str:
        nonlocal multiline
        text = _variable(scope, match[1], values.value, call)
        multiline = multiline or "\n" in text
        return text

    text = VARIABLE.sub(value_of, template.value)
    # Line n of the text stays line n of the file unless a value brought lines along.
    text_line = None if multiline else template.text_line
    return Node(text, template.source, template.line, text_line, call.key_line)


def _variable(scope: Scope, name: str, values: dict[str, Node], call: Node) -> str:
    if name.startswith("!"):
        return f"${{{name[1:]}}}"
    if name in values:
        done = scope.evaluate(values[name])
        return "" if done is NO_VALUE else _joinable(scope, done, f"${{{name}}}", call)
    if not _NAME.fullmatch(name):
        raise scope.wrong(
            f"Variable names in Fn::Sub syntax must contain only alphanumeric "
            f"characters, underscores, periods, and colons: ${{{name}}}.",
            call,
            hint="Write ${!…} for a literal ${…}.",
        )
    try:
        resource, dot, attribute = name.partition(".")
        if dot:
            value = scope.stack.attribute(resource, attribute)
        else:
            value = scope.stack.reference(name)
    except Unresolved as error:
        if error.code == REFERENCE:
            error.hint = error.hint or "Write ${!…} for a literal ${…}."
        raise scope.located(error, call) from None
    return _joinable(scope, call.computed(value), f"${{{name}}}", call)


def _joinable(scope: Scope, node: Node, what: str, call: Node) -> str:
    value = node.value
    if value is None or isinstance(value, dict | list):
        message = f"{what} in Fn::Sub must be a string, not {kind_of(value)}."
        raise scope.wrong(message, call)
    return as_text(value)


def join(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::Join`: a list of strings with a delimiter between them."""
    rule = (
        "Every Fn::Join object requires two parameters, (1) a string delimiter and (2) "
        "a list of strings to be joined or a function that returns a list of strings."
    )
    delimiter, parts = scope.items(argument, rule, count=2)
    if not isinstance(delimiter.value, str):
        raise scope.wrong(rule, call)
    items = scope.items(scope.evaluate(parts), rule)
    texts = [scope.text(item, "An item of Fn::Join") for item in items]
    return call.computed(delimiter.value.join(texts))


def split(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::Split`: the parts of a string, empty ones too."""
    rule = (
        "Every Fn::Split object requires two parameters, (1) a string delimiter and "
        "(2) a string to be split or a function that returns a string to be split."
    )
    delimiter, source = scope.items(argument, rule, count=2)
    if not isinstance(delimiter.value, str) or not delimiter.value:
        raise scope.wrong(rule, call)
    text = scope.text(source, "The source of Fn::Split")
    return call.computed(text.split(delimiter.value))


def base64(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::Base64`: the text's UTF-8 bytes in base64."""
    text = scope.text(argument, "The value of Fn::Base64")
    # surrogates can come out of JSON's \ud800; they have no bytes
    return call.computed(b64.b64encode(text.encode("utf-8", "replace")).decode())


def to_json_string(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::ToJsonString`: an object or a list as compact JSON."""
    need_extensions(scope, "Fn::ToJsonString", call)
    value = plain(scope.evaluate(argument))
    if not isinstance(value, dict | list):
        message = f"Fn::ToJsonString needs an object or a list, not {kind_of(value)}."
        raise scope.wrong(message, call)
    # Compact, as in the reference's examples; characters stay as they are.
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return call.computed(text)
