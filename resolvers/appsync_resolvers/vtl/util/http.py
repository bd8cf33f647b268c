"""`$util.http`."""

from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.errors import EvaluationError
from appsync_resolvers.vtl.limits import grow
from appsync_resolvers.vtl.methods.strings import present
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.values.text import to_string

HTTP: Table = {}

_HOP = frozenset(
    {
        "transfer-encoding",
        "connection",
        "host",
        "expect",
        "keep-alive",
        "upgrade",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "content-length",
    }
)
"""Headers that belong to a connection and are neither copied nor set."""
_FORBIDDEN = _HOP | {
    "access-control-allow-credentials",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "vary",
    "content-type",
}
_MAX_SIZE = 4096
_SIZE = 1000
"""What an error counts for in the memory a template may use, in characters."""
_ERROR_TYPE = "ResponseHeaderError"


@method(HTTP, "copyHeaders", "m")
def copy_headers(_context: Context, headers: dict[Any, Any] | None) -> dict[Any, Any]:
    """Copy a request's headers without those that belong to its connection."""
    present(headers)
    pairs = (headers or {}).items()
    return {key: value for key, value in pairs if str(key).lower() not in _HOP}


@method(HTTP, "addResponseHeader", "so")
def add_response_header(context: Context, name: str | None, value: Any) -> str:
    """Set a header of the GraphQL response, in place of an earlier one of that name.

    One that is not allowed is left out and becomes an error of the response.
    """
    present(name)
    header = str(name)
    effects = context.effect()
    headers = {
        key: member
        for key, member in effects.response_headers.items()
        if key.lower() != header.lower()
    }
    text = to_string(value)
    size = sum(len(key) + len(member) for key, member in headers.items())
    if header.lower() in _FORBIDDEN or header.lower().startswith(("x-amzn-", "x-amz-")):
        _refuse(context, f"The response header {header} is not allowed.")
    elif size + len(header) + len(text) > _MAX_SIZE:
        _refuse(context, "The response headers are larger than 4 KB.")
    else:
        effects.response_headers = {**headers, header: text}
    return ""


@method(HTTP, "addResponseHeaders", "m")
def add_response_headers(context: Context, headers: dict[Any, Any] | None) -> str:
    """Set several headers of the GraphQL response."""
    present(headers)
    for name, value in (headers or {}).items():
        add_response_header(context, to_string(name), value)
    return ""


def _refuse(context: Context, message: str) -> None:
    grow(_SIZE)
    context.effect().errors.append(EvaluationError(message, _ERROR_TYPE))
