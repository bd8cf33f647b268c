"""Coercion of variables to input types, compiled once per type.

What is refused, in which order and with which words follows the engine behind AppSync,
graphql-java of 2018, and what AppSync itself was seen to answer:

- a wrong value names the innermost input field (amplify-flutter #822), a null names the
  variable (aws-appsync-community #322 and #406);
- a field that does not exist is not named at all (aws-appsync-community #273).
"""

from collections.abc import Callable

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
)

from appsync_emulator.schema.scalars import SCALARS, ScalarError, java_class, java_text
from appsync_emulator.types import JSON

Coercer = Callable[[JSON], JSON]


class InputRejected(Exception):
    """A value that does not fit; its text is complete.

    Attributes:
        located: whether AppSync says where the variable is defined.
    """

    def __init__(self, message: str, *, located: bool = True) -> None:
        super().__init__(message)
        self.located = located


class NullRejected(Exception):
    """A null where none may be; its text is the type, such as `String!`."""


class Inputs:
    """The coercers of one schema."""

    def __init__(self) -> None:
        self._objects: dict[str, Coercer] = {}

    def coercer(self, type_: GraphQLInputType) -> Coercer:
        """Give the function that coerces values of `type_`.

        It raises `ScalarError` for a wrong value of no input field, `InputRejected` for
        one inside of an input object, and `NullRejected`.
        """
        if isinstance(type_, GraphQLNonNull):
            return _non_null(self.coercer(type_.of_type), str(type_))
        if isinstance(type_, GraphQLList):
            return _nullable(_list(self.coercer(type_.of_type)))
        if isinstance(type_, GraphQLEnumType):
            return _nullable(_enum(type_))
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_)
        return _nullable(SCALARS[get_named_type(type_).name].parse)

    def _object(self, type_: GraphQLInputObjectType) -> Coercer:
        """Give the coercer of an input object; types may contain themselves."""
        known = self._objects.get(type_.name)
        if known is None:
            fields: list[tuple[str, Coercer, str | None]] = []
            known = self._objects[type_.name] = _nullable(_object(type_.name, fields))
            for name, field in type_.fields.items():
                required = str(field.type) if _is_non_null(field.type) else None
                fields.append((name, self.coercer(field.type), required))
        return known


def _is_non_null(type_: GraphQLInputType) -> bool:
    return isinstance(type_, GraphQLNonNull)


def _nullable(inner: Coercer) -> Coercer:
    return lambda value: None if value is None else inner(value)


def _non_null(inner: Coercer, name: str) -> Coercer:
    def coerce(value: JSON) -> JSON:
        if value is None:
            raise NullRejected(name)
        return inner(value)

    return coerce


def _list(item: Coercer) -> Coercer:
    def coerce(value: JSON) -> JSON:
        if value.__class__ is list:
            return [item(each) for each in value]
        # A single value stands for a list of one.
        return [item(value)]

    return coerce


def _enum(type_: GraphQLEnumType) -> Coercer:
    name, names = type_.name, frozenset(type_.values)

    def coerce(value: JSON) -> JSON:
        if value.__class__ is str and value in names:
            return value
        text = java_text(value)
        message = f"Invalid input for Enum '{name}'. No value found for name '{text}'"
        raise ScalarError(message)

    return coerce


def _object(name: str, fields: list[tuple[str, Coercer, str | None]]) -> Coercer:
    names: set[str] = set()

    def coerce(value: JSON) -> JSON:
        if value.__class__ is not dict:
            message = (
                f"Expected type 'Map' but was '{java_class(value)}'. "
                "Variables for input objects must be an instance of type 'Map'."
            )
            raise ScalarError(message)
        if not names:
            names.update(field for field, _, _ in fields)
        if not value.keys() <= names:
            # The blank at the end is AppSync's.
            message = (
                "The variables input contains a field that is not defined "
                f"for input object type '{name}' "
            )
            raise InputRejected(message, located=False)
        # In the order of the type, as the engine's maps are.
        result = {}
        for field, coerce_field, required in fields:
            if field in value:
                try:
                    result[field] = coerce_field(value[field])
                except ScalarError as error:
                    raise InputRejected(invalid_value(field, error)) from None
            elif required is not None:
                # A default does not help here (graphql-java #1588).
                raise NullRejected(required)
        return result

    return coerce


def invalid_value(name: str, error: ScalarError) -> str:
    """Give AppSync's sentence for a wrong value; `name` is that of the innermost."""
    return f"Variable '{name}' has an invalid value. {error}"
