"""Coercion of an operation's variables, compiled once per operation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLScalarType,
    OperationDefinitionNode,
    VariableDefinitionNode,
    type_from_ast,
)

from appsync_emulator.execution.arguments import literal_value
from appsync_emulator.execution.validation.findings import location
from appsync_emulator.schema import Schema
from appsync_emulator.schema.inputs import (
    Coercer,
    InputRejected,
    NullRejected,
    invalid_value,
)
from appsync_emulator.schema.scalars import SCALARS, ScalarError
from appsync_emulator.types import JSON

Variables = Mapping[str, JSON]


class VariableRejected(Exception):
    """Variables that do not fit their operation.

    Attributes:
        errors: the `errors` of the response; its status is 200 and its data null.
    """

    def __init__(self, errors: list[dict[str, JSON]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


@dataclass(frozen=True, slots=True)
class _Variable:
    """One variable of an operation.

    Attributes:
        fast: the class whose instances need no coercion, else None.
        default: the value of the operation's own default, ABSENT without one.
        required: the type's text when null and absence are errors, else None.
    """

    name: str
    fast: type | None
    coerce: Coercer
    default: Any
    required: str | None
    location: dict[str, JSON]


ABSENT: Any = object()
TOO_DEEP = ScalarError("The value is nested too deeply.")


def compile_variables(
    schema: Schema, operation: OperationDefinitionNode
) -> Callable[[Variables | None], dict[str, JSON]]:
    """Make the function that coerces the variables of a valid operation.

    Variables that are not given and have no default stay absent; those the operation
    does not define are ignored. The function raises `VariableRejected` for the first
    variable that does not fit.
    """
    variables = [
        _compile(schema, node) for node in operation.variable_definitions or ()
    ]
    steps = [(each.name, each.fast, each) for each in variables]
    if not steps:
        return lambda _values: {}

    def coerce(values: Variables | None) -> dict[str, JSON]:
        given: Variables = values or {}
        coerced = {}
        for name, fast, variable in steps:
            if name in given:
                value = given[name]
                if value.__class__ is fast:
                    coerced[name] = value
                else:
                    coerced[name] = _coerce(variable, value)
            elif variable.default is not ABSENT:
                coerced[name] = variable.default
            elif variable.required is not None:
                raise _null(variable, variable.required)
        return coerced

    return coerce


def _compile(schema: Schema, node: VariableDefinitionNode) -> _Variable:
    type_: Any = type_from_ast(schema.graphql, node.type)
    required = str(type_) if isinstance(type_, GraphQLNonNull) else None
    default = ABSENT
    if node.default_value is not None:
        default = literal_value(type_, node.default_value)
    return _Variable(
        node.variable.name.value,
        _fast_class(type_),
        schema.inputs.coercer(type_),
        default,
        required,
        location(node),
    )


def _fast_class(type_: GraphQLInputType) -> type | None:
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if isinstance(type_, GraphQLScalarType):
        return SCALARS[type_.name].fast_input
    return None


def _coerce(variable: _Variable, value: JSON) -> JSON:
    if value is None and variable.default is not ABSENT:
        # Newer engines keep the null. AppSync's errors about variables are those of
        # graphql-java before version 17, whose `ValuesResolver.getVariableValue` takes
        # the default for null too; what AppSync itself does is not recorded.
        return variable.default
    try:
        return variable.coerce(value)
    except NullRejected as error:
        raise _null(variable, str(error)) from None
    except InputRejected as error:
        place = variable.location if error.located else None
        raise _rejected(str(error), place) from None
    except ScalarError as error:
        message = invalid_value(variable.name, error)
        raise _rejected(message, variable.location) from None
    except RecursionError:
        # No JSON that a person writes; AppSync's answer is not known.
        message = invalid_value(variable.name, TOO_DEEP)
        raise _rejected(message, variable.location) from None


def _null(variable: _Variable, type_text: str) -> VariableRejected:
    message = (
        f"Variable '{variable.name}' has coerced Null value "
        f"for NonNull type '{type_text}'"
    )
    return _rejected(message, variable.location)


def _rejected(message: str, location: dict[str, JSON] | None) -> VariableRejected:
    locations = None if location is None else [location]
    error = {"path": None, "locations": locations, "message": message}
    return VariableRejected([error])
