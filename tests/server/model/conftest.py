"""Clients of the stand-in model, served by a real server."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp

from appsync_emulator.clock import ManualClock
from appsync_emulator.server.model import mounts
from appsync_emulator.settings import Settings

from .bedrock import Bedrock

Serve = Callable[[ASGIApp], str]
StartModel = Callable[..., str]
Connect = Callable[[str], Bedrock]


class HastyClock(ManualClock):
    """A clock on which time passes at once; knows how long it was asked to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.waits.append(seconds)
        self.advance(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> HastyClock:
    """Give the clock of the stand-in."""
    return HastyClock()


@pytest.fixture
def start_model(serve: Serve, tmp_path: Path, clock: HastyClock) -> StartModel:
    """Serve a stand-in without pauses, with a script if rules are given."""

    def start(*rules: dict[str, Any], key: str = "", **settings: Any) -> str:
        given = {"model_rate": 0.0, "model_first_token": 0.0, **settings}
        if rules:
            script = tmp_path / "script.json"
            script.write_text(json.dumps(rules))
            given["model_script"] = str(script)
        app = Starlette(routes=[*mounts(Settings(**given), clock, key)])
        return serve(app)

    return start


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Give AWS's client for a stand-in."""
    made = []

    def connect(url: str) -> Bedrock:
        made.append(Bedrock(url))
        return made[-1]

    yield connect
    for bedrock in made:
        bedrock.client.close()


@pytest.fixture
async def bedrock(start_model: StartModel, connect: Connect) -> Bedrock:
    """Talk to a stand-in without pauses and script by AWS's client."""
    return connect(start_model())


@pytest.fixture
async def model(start_model: StartModel) -> AsyncIterator[httpx.AsyncClient]:
    """Talk to a stand-in without pauses and script."""
    async with httpx.AsyncClient(base_url=start_model(), trust_env=False) as client:
        yield client
