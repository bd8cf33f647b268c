"""How Java exceptions end a template."""

from typing import Any, NoReturn

from appsync_resolvers.errors import EvaluationError
from appsync_resolvers.vtl.values.kinds import class_name

Place = tuple[int, int]
ERROR_TYPE = "MappingTemplate"
MAX_TEXT = 5_000_000
"""Longest text a template may give or make on the way, in characters: AppSync's limit
for an evaluated template is 5 MB (developer guide, service quotas)."""
MAX_ITEMS = 1_000_000
"""Most members a list made by a template may have; ours, Java ends for lack of heap."""


class Thrown(Exception):
    """An exception that a Java method threw.

    Attributes:
        text: class and message, such as
            `java.lang.NumberFormatException: For input string: "x"`.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def failed(message: str) -> EvaluationError:
    """Make the error of a template that cannot be rendered."""
    return EvaluationError(message, ERROR_TYPE)


def place(at: Place) -> str:
    """Write a place as Velocity does; AppSync names every template `velocity`."""
    return f"velocity[line {at[0]}, column {at[1]}]"


def invocation(value: Any, method: str, text: str, at: Place) -> EvaluationError:
    """Make the error of a method that threw."""
    return failed(
        f"Invocation of method '{method}' in  class {class_name(value)} threw "
        f"exception {text} at {place(at)}"
    )


def too_large() -> NoReturn:
    """End a template that makes more than it may.

    Raises:
        EvaluationError: always.
    """
    raise failed("Transformation too large")
