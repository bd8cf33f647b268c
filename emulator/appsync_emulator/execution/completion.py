"""What becomes of values that do not fit: nulls, wrong kinds, bad scalars.

The generated code tests the common case in line and calls what is made here for the
rest, so nothing in this file is on the fast path.
"""

from collections.abc import Callable, Mapping
from typing import Any, Never, Protocol

from graphql import (
    GraphQLEnumType,
    GraphQLOutputType,
    get_named_type,
    is_non_null_type,
)

from appsync_emulator.execution.outcome import (
    Path,
    locations,
    mismatch_message,
    null_message,
    path_text,
)
from appsync_emulator.execution.run import NullBubble, Run
from appsync_emulator.execution.tree import FieldTree
from appsync_emulator.schema.scalars import SCALARS, ScalarError
from appsync_emulator.types import JSON
from appsync_resolvers import EvaluationError

Bind = Callable[[str, Any], str]
LeafFunction = Callable[[Run, JSON, Path], JSON]
TOO_DEEP = EvaluationError("Query depth limit reached.", "QueryDepthLimitReached")
"""AWS documents the error type alone; the sentence is ours."""

LIST_NAME = "null"
"""A list has no name of its own, and Java prints the missing name as `null`."""

DENIED = EvaluationError("Unauthorized", "Unauthorized", unauthorized=True)
INT_TEST = "{x}.__class__ is not int or not -2147483648 <= {x} <= 2147483647"


class Typed(dict[str, Any]):
    """A completed object that knows its type, because its position is abstract."""

    __slots__ = ("type_name",)

    def __init__(self, type_name: str, members: dict[str, Any]) -> None:
        super().__init__(members)
        self.type_name = type_name


class Completion(Protocol):
    """The decisions about values that the generated code leaves to us."""

    def object_test(self, x: str) -> str:
        """Give the expression that is true when `x` is not an object."""
        ...

    def leaf_test(self, type_: GraphQLOutputType, x: str, bind: Bind) -> str | None:
        """Give the expression that is true when `leaf` must look at `x`."""
        ...

    def leaf(
        self, type_: GraphQLOutputType, parent: str, *, non_null: bool
    ) -> LeafFunction:
        """Give the function that completes uncommon leaf values."""
        ...

    def bad_object(self, entry: FieldTree) -> Callable[[Run, JSON, Path], Never]:
        """Give the function that refuses what should have been an object."""
        ...

    def bad_list(self, entry: FieldTree) -> Callable[[Run, JSON, Path], Never]:
        """Give the function that refuses what should have been a list."""
        ...

    def refuse(
        self, entry: FieldTree, error: EvaluationError
    ) -> Callable[[Run, Path], None]:
        """Give the function that refuses a field without reading it."""
        ...

    def find_type(self, entry: FieldTree) -> Callable[[Run, JSON, Path], str]:
        """Give the function that finds the object type of a value."""
        ...

    def introspect(self, entry: FieldTree) -> Callable[[Run], JSON]:
        """Give the function that answers `__schema` or `__type`."""
        ...


class _Refusals:
    """What reading a resolver's value and delivering an event have in common."""

    def bad_object(self, entry: FieldTree) -> Callable[[Run, JSON, Path], Never]:
        """Refuse what should have been an object."""
        return _bad(entry, "OBJECT", get_named_type(entry.type).name)

    def bad_list(self, entry: FieldTree) -> Callable[[Run, JSON, Path], Never]:
        """Refuse what should have been a list."""
        return _bad(entry, "LIST", LIST_NAME)

    def refuse(
        self, entry: FieldTree, error: EvaluationError
    ) -> Callable[[Run, Path], None]:
        """Never happens: deliveries have no limits and ask for no authorization."""
        raise AssertionError(entry, error)

    def introspect(self, entry: FieldTree) -> Callable[[Run], JSON]:
        """Never happens: a subscriber does not ask for the schema."""
        raise AssertionError(entry)


class Serialisation(_Refusals):
    """Completion of what resolvers give: leaves are serialised.

    Args:
        introspector: makes what answers `__schema` and `__type`.
    """

    def __init__(
        self, introspector: Callable[[FieldTree], Callable[[Run], JSON]]
    ) -> None:
        self._introspector = introspector

    def introspect(self, entry: FieldTree) -> Callable[[Run], JSON]:
        """Answer by the operation's introspector."""
        return self._introspector(entry)

    def object_test(self, x: str) -> str:
        """Tell objects by their class: resolvers give plain JSON."""
        return f"{x}.__class__ is not dict"

    def leaf_test(self, type_: GraphQLOutputType, x: str, bind: Bind) -> str | None:
        """Test the class of the common case; None never happens."""
        if isinstance(type_, GraphQLEnumType):
            names = bind("names", frozenset(type_.values))
            return f"{x}.__class__ is not str or {x} not in {names}"
        name = get_named_type(type_).name
        if name == "Int":
            return INT_TEST.format(x=x)
        fast = SCALARS[name].fast_class
        return "True" if fast is None else f"{x}.__class__ is not {fast.__name__}"

    def leaf(
        self, type_: GraphQLOutputType, parent: str, *, non_null: bool
    ) -> LeafFunction:
        """Serialise, or say that it cannot be done."""
        serialise = _serialiser(type_)
        name = str(type_)

        def leaf(run: Run, value: JSON, path: Path) -> JSON:
            if value is None:
                run.reject(path, null_message(name, parent, path))
                raise NullBubble
            try:
                return serialise(value)
            except ScalarError as error:
                text = f"Can't serialize value ({path_text(path)}) : {error}"
                run.reject(path, text)
            if non_null:
                raise NullBubble
            return None

        return leaf

    def refuse(
        self, entry: FieldTree, error: EvaluationError
    ) -> Callable[[Run, Path], None]:
        """Refuse the field as AppSync does, leaving the others alone."""
        place = locations(entry.node)
        denial = f"{entry.name} on type {entry.parent}"
        non_null = is_non_null_type(entry.type)

        def refuse(run: Run, path: Path) -> None:
            run.fail(path, place, error, denial)
            if non_null:
                raise NullBubble

        return refuse

    def find_type(self, entry: FieldTree) -> Callable[[Run, JSON, Path], str]:
        """Read the type from `__typename`."""
        abstract = entry.abstract

        def find(run: Run, value: JSON, path: Path) -> str:
            name = value.get("__typename")
            if name in entry.below:
                return str(name)
            # graphql-java's sentence for an unresolved type; the engine behind
            # AppSync needs `__typename` in the value to tell them apart.
            text = (
                f"Can't resolve value ({path_text(path)}) : Abstract type "
                f"'{abstract}' must resolve to an Object type at runtime. "
                f"Could not determine the exact type of '{abstract}'"
            )
            run.reject(path, text)
            raise NullBubble

        return find


class Projection(_Refusals):
    """Completion of what a mutation already completed: only nulls are looked at.

    A field that the mutation did not select is null for the subscriber (AppSync
    developer guide, real-time data).
    """

    def object_test(self, x: str) -> str:
        """Tell objects, those that know their type included."""
        return f"not isinstance({x}, dict)"

    def leaf_test(self, type_: GraphQLOutputType, x: str, bind: Bind) -> str | None:  # noqa: ARG002
        """Look at no leaf: the mutation completed them."""
        return None

    def leaf(
        self,
        type_: GraphQLOutputType,
        parent: str,
        *,
        non_null: bool,  # noqa: ARG002 -- only called for nulls in non-null positions
    ) -> LeafFunction:
        """Refuse a null."""
        name = str(type_)

        def leaf(run: Run, value: JSON, path: Path) -> JSON:  # noqa: ARG001
            run.reject(path, null_message(name, parent, path))
            raise NullBubble

        return leaf

    def find_type(self, entry: FieldTree) -> Callable[[Run, JSON, Path], str]:
        """Read the type that the mutation found."""

        def find(run: Run, value: JSON, path: Path) -> str:
            name = getattr(value, "type_name", None) or value.get("__typename")
            if name in entry.below:
                return str(name)
            run.reject(path, null_message(str(entry.abstract), entry.parent, path))
            raise NullBubble

        return find


def _bad(
    entry: FieldTree, expected: str, name: str
) -> Callable[[Run, JSON, Path], Never]:
    """Refuse what is no `expected`.

    Args:
        entry: the field; the position may be that of an item.
        expected: LIST or OBJECT.
        name: of the position's own type, for a null in it.
    """

    def bad(run: Run, value: JSON, path: Path) -> Never:
        if value is None:
            run.reject(path, null_message(name, entry.parent, path))
        else:
            run.reject(path, mismatch_message(expected, value, path))
        raise NullBubble

    return bad


def _serialiser(type_: GraphQLOutputType) -> Callable[[JSON], JSON]:
    if isinstance(type_, GraphQLEnumType):
        return _enum_serialiser(type_.name, type_.values)
    return SCALARS[get_named_type(type_).name].serialize


def _enum_serialiser(name: str, values: Mapping[str, object]) -> Callable[[JSON], JSON]:
    def serialise(value: JSON) -> JSON:
        if isinstance(value, str) and value in values:
            return value
        # Without the value, as Amplify users paste it.
        raise ScalarError(f"Invalid input for Enum '{name}'.")

    return serialise
