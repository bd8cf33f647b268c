"""`$util.error` and what else ends a template or adds to the errors of the response."""

from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.errors import EvaluationError
from appsync_resolvers.vtl.json_write import plain
from appsync_resolvers.vtl.limits import grow
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.values.text import to_string

ERROR: Table = {}
_SIZE = 1000
"""What an error counts for in the memory a template may use, in characters."""


def _made(
    message: str | None, error_type: str | None, data: Any, info: Any
) -> EvaluationError:
    return EvaluationError(to_string(message), error_type, plain(data), plain(info))


@method(ERROR, "error", "s")
@method(ERROR, "error", "ss")
@method(ERROR, "error", "sso")
@method(ERROR, "error", "ssoo")
def error(
    _context: Context,
    message: str | None,
    error_type: str | None = None,
    data: Any = None,
    info: Any = None,
) -> Any:
    """End the template with an error.

    Raises:
        EvaluationError: always.
    """
    raise _made(message, error_type, data, info)


@method(ERROR, "appendError", "s")
@method(ERROR, "appendError", "ss")
@method(ERROR, "appendError", "sso")
@method(ERROR, "appendError", "ssoo")
def append_error(
    context: Context,
    message: str | None,
    error_type: str | None = None,
    data: Any = None,
    info: Any = None,
) -> str:
    """Add an error to the response and go on."""
    grow(_SIZE)
    context.effect().errors.append(_made(message, error_type, data, info))
    return ""


@method(ERROR, "unauthorized")
def unauthorized(_context: Context) -> Any:
    """End the template: the caller may not see the field.

    Raises:
        EvaluationError: always.
    """
    raise EvaluationError("Unauthorized", "Unauthorized", unauthorized=True)


@method(ERROR, "validate", "bs")
@method(ERROR, "validate", "bss")
@method(ERROR, "validate", "bsso")
def validate(
    _context: Context,
    condition: bool,
    message: str | None,
    error_type: str | None = None,
    data: Any = None,
) -> str:
    """End the template with an error unless the condition holds.

    Raises:
        EvaluationError: it does not.
    """
    if not condition:
        raise _made(message, error_type, data, None)
    return ""
