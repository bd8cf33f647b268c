"""Headers of the response, put together from what each resolver set.

Source: AppSync developer guide, HTTP helpers in util.http: the last definition of a
header wins, all of them together have 4 KB, and one that breaks a rule is left out and
becomes an error. What a name may be is decided where it is set; what would break the
response is refused here too, because the evaluators of both languages end here.
"""

from appsync_resolvers import EvaluationError

MAX_SIZE = 4096
"""Bytes of all names and values."""


def add_header(headers: dict[str, str], name: str, value: str) -> None:
    """Set a header in place of one of the same name in any case.

    Raises:
        EvaluationError: with AppSync's type; `headers` are as before.
    """
    if not _is_token(name) or any(character in value for character in "\r\n\0"):
        raise _refusal(f"Response header {name!r} is not valid.")
    others = {key: text for key, text in headers.items() if key.lower() != name.lower()}
    size = sum(len(key) + len(text.encode()) for key, text in others.items())
    if size + len(name) + len(value.encode()) > MAX_SIZE:
        raise _refusal("The response headers exceed the limit of 4 KB.")
    headers.clear()
    headers.update(others)
    headers[name] = value


def _is_token(name: str) -> bool:
    return bool(name) and all("!" <= one <= "~" and one != ":" for one in name)


def _refusal(message: str) -> EvaluationError:
    # AWS documents the type alone; the sentences are ours.
    return EvaluationError(message, "ResponseHeaderError")
