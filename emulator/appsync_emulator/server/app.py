"""The ASGI application: which request goes where.

GraphQL requests are told apart here and served by a plain ASGI function; everything
else is Starlette's to route. An API is named by the path, `/<apiId>/graphql`, or by the
host, `<apiId>.appsync-api.<region>.localhost`; without a name it is the first one.
"""

import re
from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from appsync_emulator import __version__
from appsync_emulator.emulator import Emulator
from appsync_emulator.servedapi import ServedApi
from appsync_emulator.server import model
from appsync_emulator.server.exchange import Headers, HttpRequest
from appsync_emulator.server.graphql import (
    Receive,
    Scope,
    Send,
    answer,
    serve_graphql,
)
from appsync_emulator.server.http_protocol import Answered, Respond
from appsync_emulator.settings import Settings

KEPT_POSTS = 256
_PATH = re.compile(r"(?:/([A-Za-z0-9]+))?/graphql(?:/realtime)?/?")
_HOST = re.compile(r"([a-z0-9]+)\.appsync-(?:realtime-)?api\.")


class Apis:
    """Finds the API that a request is for.

    Args:
        apis: by id; the first is the one that needs no name.
    """

    def __init__(self, apis: Mapping[str, ServedApi]) -> None:
        self._apis = apis
        self._first = next(iter(apis.values()), None)

    def find(self, path: str, host: str) -> ServedApi | None:
        """Give the API at a GraphQL or realtime path, None when there is none."""
        match = _PATH.fullmatch(path)
        if match is None:
            return None
        named = match[1]
        if named is None:
            by_host = _HOST.match(host)
            named = by_host and by_host[1]
        return self._first if named is None else self._apis.get(named)


class App:
    """The application of one emulator."""

    def __init__(self, emulator: Emulator, settings: Settings) -> None:
        self.apis = Apis(emulator.apis)
        self._posts: dict[tuple[bytes, bytes], Respond | None] = {}
        routes = [
            Route("/_emulator/health", health),
            Mount("/v1", routes=model.routes(settings)),
        ]
        exception_handlers = {404: unknown_operation, 405: unknown_operation}
        self.other = Starlette(routes=routes, exception_handlers=exception_handlers)

    def find_post(self, url: bytes, headers: Headers) -> Respond | None:
        """Find what answers a POST without ASGI, which would double its cost.

        Args:
            url: as in the request line.
            headers: names in lower case.

        Returns:
            None when the request is to be served by `__call__`.
        """
        host = next((value for name, value in headers if name == b"host"), b"")
        key = (url, host)
        if key not in self._posts:
            if len(self._posts) >= KEPT_POSTS:
                self._posts.clear()
            path, name = url.decode("latin-1"), host.decode("latin-1")
            self._posts[key] = self._respond(path, name)
        return self._posts[key]

    def _respond(self, url: str, host: str) -> Respond | None:
        api = self.apis.find(url, host)
        if api is None:
            return None

        def respond(headers: Headers, body: bytes) -> Answered:
            return answer(api, HttpRequest("POST", b"", headers, body))

        return respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        api = self.apis.find(scope["path"], _host(scope))
        if api is None:
            await self.other(scope, receive, send)
        else:
            await serve_graphql(api, scope, receive, send)


def _host(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1"))
    return ""


async def health(request: Request) -> JSONResponse:  # noqa: ARG001 -- a route's form
    """Tell that requests are served."""
    return JSONResponse({"status": "ok", "version": __version__})


async def unknown_operation(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    """Answer a path or method that nothing is behind, as AWS's front door does."""
    name = "UnknownOperationException"
    message = f"Unknown operation: {request.method} {request.url.path}"
    body = {"errors": [{"errorType": name, "message": message}]}
    return JSONResponse(body, 404, {"x-amzn-errortype": name})
