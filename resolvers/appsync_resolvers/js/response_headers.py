"""Rules of `util.http.addResponseHeader`. Source: developer guide, HTTP helpers.

A header that breaks them is not set; the response gets an error of type
`ResponseHeaderError` instead.
"""

from appsync_resolvers.context import Effects
from appsync_resolvers.errors import EvaluationError

_MAX_SIZE = 4096
_FORBIDDEN = frozenset(
    {
        "access-control-allow-credentials",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "access-control-max-age",
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "transfer-encoding",
        "upgrade",
        "vary",
    }
)
_PREFIXES = ("x-amzn-", "x-amz-")


def add_response_header(effects: Effects, name: str, value: str) -> None:
    """Set a header of the GraphQL response, or report why it cannot be set."""
    lower = name.lower()
    headers = {
        key: text
        for key, text in effects.response_headers.items()
        if key.lower() != lower
    }
    headers[name] = value
    if lower in _FORBIDDEN or lower.startswith(_PREFIXES):
        problem = f"Response header '{name}' is not allowed."
    elif not name or any(ord(c) < 33 or ord(c) > 126 or c == ":" for c in name):
        problem = f"Response header name '{name}' is not valid."
    elif any(character in value for character in "\r\n\0"):
        problem = f"The value of response header '{name}' is not valid."
    elif (
        sum(len(key) + len(text.encode()) for key, text in headers.items()) > _MAX_SIZE
    ):
        problem = "The response headers exceed the limit of 4 KB."
    else:
        effects.response_headers = headers
        return
    effects.errors.append(EvaluationError(problem, "ResponseHeaderError"))
