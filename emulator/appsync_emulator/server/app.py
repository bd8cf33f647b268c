"""The ASGI application: which request goes where.

GraphQL requests are told apart here and served by a plain ASGI function; everything
else is Starlette's to route.
"""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from appsync_emulator import __version__
from appsync_emulator.emulator import Emulator
from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.servedapi import ServedApi
from appsync_emulator.server import evaluate, issuer, lambda_api, model
from appsync_emulator.server.apis import Apis
from appsync_emulator.server.exchange import (
    Answered,
    Headers,
    HttpRequest,
    Respond,
    failure,
    preflight,
)
from appsync_emulator.server.graphql import (
    Receive,
    Scope,
    Send,
    answer,
    serve_graphql,
)
from appsync_emulator.server.model.standin import Change
from appsync_emulator.settings import Settings

KEPT_POSTS = 256
"""Pairs of request target and host whose API is remembered. Clients use a few."""

KEPT_LENGTH = 512
"""Bytes of such a pair; what is longer is looked up each time."""


class App:
    """The application of one emulator.

    Attributes:
        apis: those of the emulator, by where requests for them go.

    Args:
        model_key: for the model at `--model-url`; empty for none.
        change: makes other rules of the model's, on purpose; None for none.
        keys: of local issuers; None when there are none.
    """

    def __init__(
        self,
        emulator: Emulator,
        settings: Settings,
        model_key: str = "",
        change: Change | None = None,
        *,
        keys: LocalKeys | None = None,
    ) -> None:
        self.apis: Apis[ServedApi] = Apis(emulator.apis)
        self._posts: dict[tuple[bytes, bytes], Respond] = {}
        routes = [
            Route("/_emulator/health", health),
            *evaluate.routes(),
            *issuer.routes(keys, emulator.services),
            *lambda_api.routes(emulator.lambdas, settings.region, emulator.background),
            *model.mounts(settings, key=model_key, change=change),
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
        respond = self._posts.get((url, host))
        if respond is None:
            api = self.apis.find_graphql(url.decode("latin-1"), host.decode("latin-1"))
            if api is None:
                return None
            respond = _responder(api, url)
            if len(url) + len(host) <= KEPT_LENGTH:
                if len(self._posts) >= KEPT_POSTS:
                    self._posts.clear()
                self._posts[url, host] = respond
        return respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        api = self.apis.find_graphql(scope["path"], _host(scope))
        if api is None:
            await self.other(scope, receive, send)
        else:
            await serve_graphql(api, scope, receive, send)


def _responder(api: ServedApi, path: bytes) -> Respond:
    def respond(headers: Headers, body: bytes, peer: str | None) -> Answered:
        return answer(api, HttpRequest("POST", b"", headers, body, path, peer))

    return respond


def _host(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1"))
    return ""


async def health(request: Request) -> JSONResponse:  # noqa: ARG001 -- a route's form
    """Tell that requests are served."""
    return JSONResponse({"status": "ok", "version": __version__})


async def unknown_operation(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """Answer a path or method that nothing is behind, as AWS's front door does.

    A preflight is answered as anywhere: after a refused one, a browser would hide the
    answer to the request itself.
    """
    if request.method == "OPTIONS":
        given = preflight(request.headers.raw)
    else:
        message = f"Unknown operation: {request.method} {request.url.path}"
        given = failure(404, "UnknownOperationException", message)
    response = Response(given.body, given.status)
    response.raw_headers = given.head()
    return response
