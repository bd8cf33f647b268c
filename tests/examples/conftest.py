"""A tiny AppSync that only takes tokens, and functions run as their runtimes do."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

EXAMPLE = Path(__file__).parents[2] / "examples" / "streaming-chat"

PYTHON = """
import json, sys
folder, event, name = sys.argv[1:]
sys.path.insert(0, folder)
import app
print(json.dumps(getattr(app, name)(json.loads(event), None)))
"""

NODE = """
const [folder, event] = process.argv.slice(1);
const { handler } = await import(`${folder}/index.mjs`);
await handler(JSON.parse(event), {});
"""

RUNTIMES = {
    "python": (
        sys.executable,
        "-c",
        PYTHON,
        str(EXAMPLE / "functions" / "python"),
    ),
    "node": (
        "node",
        "--input-type=module",
        "--eval",
        NODE,
        str(EXAMPLE / "functions" / "node"),
    ),
}


@dataclass
class AppSync:
    """Takes tokens as AppSync's `publishToken` would.

    Attributes:
        tokens: the variables of each publish.
        headers: of the last publish.
        connections: the client's address of each connection that was used.
        arrived: grows with the tokens.
        errors: answered in place of a token when set.
    """

    url: str = ""
    tokens: list[dict[str, Any]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    connections: set[Any] = field(default_factory=set)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    errors: list[dict[str, Any]] = field(default_factory=list)

    async def publish(self, request: Request) -> Response:
        """Answer one GraphQL request."""
        body = await request.json()
        assert "publishToken(" in body["query"]
        self.headers = request.headers
        self.connections.add(request.client)
        if self.errors:
            return JSONResponse({"data": None, "errors": self.errors})
        async with self.arrived:
            self.tokens.append(body["variables"])
            self.arrived.notify_all()
        return JSONResponse({"data": {"publishToken": body["variables"]}})

    async def until(self, count: int) -> None:
        """Wait until `count` tokens have arrived."""
        async with self.arrived:
            await self.arrived.wait_for(lambda: len(self.tokens) >= count)


@pytest.fixture
async def appsync(serve: Callable[[ASGIApp], str]) -> AppSync:
    """Serve the tiny AppSync; `url` is its GraphQL endpoint."""
    appsync = AppSync()
    app = Starlette(routes=[Route("/graphql", appsync.publish, methods=["POST"])])
    appsync.url = serve(app) + "/graphql"
    return appsync


@pytest.fixture
def model_at(serve: Callable[[ASGIApp], str]) -> Callable[[list[BaseRoute]], str]:
    """Serve a model's routes; gives the base URL for OpenAI's clients."""

    def start(routes: list[BaseRoute]) -> str:
        return serve(Starlette(routes=[Mount("/v1", routes=routes)])) + "/v1"

    return start


@dataclass(frozen=True)
class Ended:
    """How a function's process ended; `result` is what the handler returned."""

    failed: bool
    stderr: str
    result: Any


Invoke = Callable[..., Awaitable[Ended]]


@pytest.fixture
def invoke(appsync: AppSync) -> Invoke:
    """Run an example's function in its own process, as Lambda would."""

    async def run(
        runtime: str,
        event: dict[str, Any],
        *,
        handler: str = "ask",
        **environment: str,
    ) -> Ended:
        variables = {"PATH": os.environ["PATH"], "GRAPHQL_URL": appsync.url}
        process = await asyncio.create_subprocess_exec(
            *RUNTIMES[runtime],
            json.dumps(event),
            handler,
            env={**variables, "API_KEY": "da2-test", **environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(30):
                stdout, stderr = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        result = json.loads(stdout) if stdout else None
        return Ended(process.returncode != 0, stderr.decode(), result)

    return run
