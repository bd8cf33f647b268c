"""A client of the stand-in model, served by a real server."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from appsync_emulator.server.model import routes
from appsync_emulator.settings import Settings


@pytest.fixture
async def model(serve: Callable[[ASGIApp], str]) -> AsyncIterator[httpx.AsyncClient]:
    """Talk to a stand-in that makes no pauses."""
    settings = Settings(model_rate=0.0, model_first_token=0.0)
    app = Starlette(routes=[Mount("/v1", routes=routes(settings))])
    async with httpx.AsyncClient(base_url=serve(app), trust_env=False) as client:
        yield client
