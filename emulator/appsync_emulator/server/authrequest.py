"""What asks to be let in over HTTP."""

from collections.abc import Callable, Mapping

from appsync_emulator.auth.caller import Credentials, Question, Signed, Sources
from appsync_emulator.server.exchange import Headers, HttpRequest
from appsync_emulator.types import JSON

CREDENTIALS = {b"x-api-key", b"authorization", b"x-forwarded-for"}
"""Request headers that every mode of authorization may look at."""

HIDDEN = {b"cookie"}
"""Request headers that resolvers never see (developer guide, context reference)."""

GRAPHQL = "/graphql"


class HttpAuthRequest:
    """A request over HTTP.

    Args:
        request: as it came.
        read: gives what it asks.
    """

    __slots__ = ("_read", "_request", "credentials")

    def __init__(
        self, request: HttpRequest, read: Callable[[HttpRequest], Question]
    ) -> None:
        self._request = request
        self._read = read
        self.credentials: Credentials = {
            name.decode(): value.decode("latin-1")
            for name, value in request.headers
            if name in CREDENTIALS
        }

    @property
    def sources(self) -> Sources:
        """Where it comes from."""
        return self.credentials.get("x-forwarded-for"), self._request.peer

    def headers(self) -> Mapping[str, JSON]:
        """Give all headers, as resolvers see them."""
        return fold_headers(self._request.headers)

    def signed(self) -> Signed:
        """Give the request as it is signed."""
        request = self._request
        headers: dict[str, str] = {}
        for raw_name, raw_value in request.headers:
            name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        path = request.path.decode("latin-1")
        paths = (path,) if path == GRAPHQL else (path, GRAPHQL)
        query = request.query_string.decode("latin-1")
        return Signed(request.method, paths, query, headers, request.body)

    def question(self) -> Question:
        """Give what is asked; a body that cannot be read asks nothing."""
        return self._read(self._request)


def fold_headers(raw: Headers) -> dict[str, JSON]:
    """Give the headers as resolvers see them: lower case, repeated ones as a list."""
    headers: dict[str, JSON] = {}
    for name, value in raw:
        if name in HIDDEN:
            continue
        key, text = name.decode("latin-1"), value.decode("latin-1")
        known = headers.get(key)
        if known is None:
            headers[key] = text
        elif isinstance(known, list):
            known.append(text)
        else:
            headers[key] = [known, text]
    return headers
