"""Fn::ForEach of the transform AWS::LanguageExtensions.

A loop stands as a key `Fn::ForEach::Name` in an object and is replaced by the keys it
makes: `[identifier, collection, {key with ${identifier}: fragment}]`.
"""

import re

from appsync_emulator.config.codes import DUPLICATE, FUNCTION_USE, TRANSFORM
from appsync_emulator.config.node import NO_VALUE, Node, as_text
from appsync_emulator.config.template.scope import Scope
from appsync_emulator.errors import ProjectError

PREFIX = "Fn::ForEach"
SECTIONS = ("Conditions", "Resources", "Outputs")
MAX_KEYS = 10_000
"""Guards against loops in loops; CloudFormation allows 500 resources."""

_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")


def unroll(document: Node, scope: Scope) -> Node:
    """Carry out the loops in Conditions, Resources and Outputs.

    Args:
        document: the whole template.
        scope: evaluates collections; only parameters and mappings are known so early.

    Raises:
        ProjectError: a loop is wrong, or the transform is missing.
    """
    loops = _Loops(scope)
    value = {
        name: loops.unrolled(node) if name in SECTIONS else node
        for name, node in document.value.items()
    }
    return Node(value, document.source, document.line)


class _Loops:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.made = 0

    def unrolled(self, node: Node) -> Node:
        value = node.value
        if isinstance(value, list):
            items = [self.unrolled(item) for item in value]
            same = all(new is old for new, old in zip(items, value, strict=True))
            return node if same else _at(node, items)
        if not isinstance(value, dict):
            return node
        members: dict[str, Node] = {}
        changed = False
        for key, item in value.items():
            if key.startswith(PREFIX):
                changed = True
                self.add_loop(members, key, item)
            else:
                members[key] = self.unrolled(item)
                changed = changed or members[key] is not item
        return _at(node, members) if changed else node

    def add_loop(self, members: dict[str, Node], key: str, loop: Node) -> None:
        identifier, values, fragment = self.parts(key, loop)
        for value in values:
            made = self.unrolled(_substituted(fragment, identifier, value))
            for name, item in made.value.items():
                if name in members:
                    message = f"{key} makes {name!r}, which is there already."
                    hint = f"Use ${{{identifier}}} in the key."
                    raise self.wrong(message, loop, DUPLICATE, hint=hint)
                members[name] = item
                self.made += 1
                if self.made > MAX_KEYS:
                    raise self.wrong("The loops make too many keys.", loop)

    def parts(self, key: str, loop: Node) -> tuple[str, list[str], Node]:
        if not self.scope.stack.language_extensions:
            raise self.wrong(
                f"{key} needs the transform AWS::LanguageExtensions.",
                loop,
                TRANSFORM,
                hint="Add `Transform: AWS::LanguageExtensions` to the template.",
            )
        if not key.startswith(PREFIX + "::") or len(key) <= len(PREFIX) + 2:
            raise self.wrong(f"A loop is named Fn::ForEach::Name, not {key}.", loop)
        items = loop.value
        if (
            not isinstance(items, list)
            or len(items) != 3
            or not isinstance(items[0].value, str)
            or not isinstance(items[2].value, dict)
        ):
            message = f"{key} needs a list of an identifier, a collection, an object."
            raise self.wrong(message, loop)
        collection = self.scope.evaluate(items[1]).value
        if not isinstance(collection, list):
            message = f"The collection of {key} must be a list."
            raise self.wrong(message, items[1])
        values = [self.item(item, key) for item in collection]
        return items[0].value, values, items[2]

    def item(self, item: Node, key: str) -> str:
        if item is NO_VALUE or isinstance(item.value, dict | list | None):
            raise self.wrong(f"The collection of {key} must hold strings.", item)
        return as_text(item.value)

    def wrong(
        self, message: str, at: Node, code: str = FUNCTION_USE, hint: str | None = None
    ) -> ProjectError:
        return ProjectError(code, message, at.key_origin(), hint=hint)


def _substituted(node: Node, identifier: str, value: str) -> Node:
    """Copy a fragment with the identifier replaced.

    `${X}` gives the item as it is, `&{X}` without what logical ids may not have, and
    `Ref: X` is the item too (template reference, Fn::ForEach).
    """
    short = _NOT_ALPHANUMERIC.sub("", value)

    def in_text(text: str) -> str:
        text = text.replace(f"${{{identifier}}}", value)
        return text.replace(f"&{{{identifier}}}", short)

    def copy(node: Node) -> Node:
        inner = node.value
        if isinstance(inner, str):
            return _at(node, in_text(inner))
        if isinstance(inner, list):
            return _at(node, [copy(item) for item in inner])
        if not isinstance(inner, dict):
            return node
        if len(inner) == 1 and "Ref" in inner and inner["Ref"].value == identifier:
            return _at(node, value)
        return _at(node, {in_text(key): copy(item) for key, item in inner.items()})

    return copy(node)


def _at(node: Node, value: object) -> Node:
    return Node(value, node.source, node.line, node.text_line, node.key_line)
