"""Evaluates values of a template: the intrinsic functions and what is around them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeAlias

from appsync_emulator.config.codes import FUNCTION_NAME, FUNCTION_USE
from appsync_emulator.config.node import NO_VALUE, Node, as_text, kind_of
from appsync_emulator.errors import ProjectError
from appsync_emulator.types import JSON


class Unresolved(Exception):
    """A name leads nowhere; whoever evaluates it knows the place.

    Attributes:
        code: one of `config.codes`.
        found: the wrong name.
        allowed: the names there are.
        hint: a last sentence of advice.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        found: str | None = None,
        allowed: Iterable[str] = (),
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.found = found
        self.allowed = allowed
        self.hint = hint


class Surroundings(Protocol):
    """What intrinsic functions ask of the stack they are evaluated in.

    All methods raise `Unresolved` for a name that leads nowhere.
    """

    @property
    def region(self) -> str:
        """The region of the stack."""
        ...

    @property
    def language_extensions(self) -> bool:
        """Whether the template has the transform `AWS::LanguageExtensions`."""
        ...

    def reference(self, name: str) -> JSON:
        """Give what `Ref` to `name` evaluates to."""
        ...

    def attribute(self, logical_id: str, attribute: str) -> JSON:
        """Give what `Fn::GetAtt` evaluates to."""
        ...

    def condition(self, name: str) -> bool:
        """Give the value of a condition."""
        ...

    def mapped(self, names: list[str]) -> Node:
        """Give the value under map, top-level and second-level key."""
        ...

    def imported(self, name: str) -> JSON:
        """Give the value that another stack exports."""
        ...


Function: TypeAlias = Callable[["Scope", Node, Node], Node]
"""An intrinsic function: scope, argument, and the Node of the whole call."""


class Scope:
    """Evaluates values for one resource, or for a part outside of resources.

    Args:
        stack: where names are looked up.
        functions: the intrinsic functions by their full names.
        resource: logical id for error messages, None outside of resources.
    """

    __slots__ = ("functions", "resource", "stack")

    def __init__(
        self,
        stack: Surroundings,
        functions: Mapping[str, Function],
        resource: str | None = None,
    ) -> None:
        self.stack = stack
        self.functions = functions
        self.resource = resource

    def evaluate(self, node: Node) -> Node:
        """Give the value with all intrinsic functions in it carried out.

        Returns:
            `NO_VALUE` for a reference to `AWS::NoValue`; inside of objects and lists
            such values are gone.

        Raises:
            ProjectError: a function is used wrongly or a name leads nowhere.
        """
        value = node.value
        if isinstance(value, dict):
            if len(value) == 1:
                name, argument = next(iter(value.items()))
                function = self.functions.get(name)
                if function is not None:
                    return function(self, argument, node)
                if name.startswith("Fn::"):
                    raise self._unknown(name, node)
            return self._object(value, node)
        if isinstance(value, list):
            items = [self.evaluate(item) for item in value]
            return _replaced(node, [item for item in items if item is not NO_VALUE])
        return node

    def _object(self, value: dict[str, Node], node: Node) -> Node:
        result = {}
        for key, item in value.items():
            done = self.evaluate(item)
            if done is NO_VALUE:
                continue
            if done.key_line != item.key_line:
                done = Node(
                    done.value, done.source, done.line, done.text_line, item.key_line
                )
            result[key] = done
        return _replaced(node, result)

    def _unknown(self, name: str, node: Node) -> ProjectError:
        return self.wrong(
            f"There is no intrinsic function {name}.",
            node,
            FUNCTION_NAME,
            found=name,
            allowed=self.functions,
        )

    def text(self, node: Node, what: str) -> str:
        """Evaluate to a string; numbers and booleans become one.

        Args:
            node: the value.
            what: what it is, for the error message.

        Raises:
            ProjectError: it is no scalar.
        """
        value = self.evaluate(node).value
        if value is None or isinstance(value, dict | list):
            raise self.wrong(f"{what} must be a string, not {kind_of(value)}.", node)
        return as_text(value)

    def items(self, node: Node, what: str, *, count: int | None = None) -> list[Node]:
        """Give the items of a list that stands in the template, not yet evaluated.

        Args:
            node: the value.
            what: what it should be, for the error message.
            count: how many items it must have, None for any number.

        Raises:
            ProjectError: it is no list, or of another length.
        """
        value = node.value
        if not isinstance(value, list) or (count is not None and len(value) != count):
            raise self.wrong(what, node)
        return value

    def wrong(
        self,
        message: str,
        node: Node,
        code: str = FUNCTION_USE,
        **details: Any,
    ) -> ProjectError:
        """Make the error that `node` is wrong."""
        return ProjectError(code, message, node.origin(self.resource), **details)

    def located(self, error: Unresolved, node: Node) -> ProjectError:
        """Make the error that the name in `node` leads nowhere."""
        return self.wrong(
            error.message,
            node,
            error.code,
            found=error.found,
            allowed=error.allowed,
            hint=error.hint,
        )


def _replaced(node: Node, value: Any) -> Node:
    return Node(value, node.source, node.line, None, node.key_line)
