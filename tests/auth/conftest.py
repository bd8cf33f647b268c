"""APIs as data, with any authorization modes."""

from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.auth.registry import Gate
from appsync_emulator.clock import ManualClock
from appsync_emulator.model import Api, ApiKey, AuthProvider, AuthType
from appsync_emulator.types import Origin

HERE = Origin("template.yaml", 1)
NOON = 1_700_000_000


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands at noon."""
    return ManualClock(NOON)


@pytest.fixture
def gate(clock: ManualClock) -> Callable[..., Gate]:
    """Make the gate of an API: its modes, the default first, and its keys."""

    def make(*modes: AuthType, **keys: int | None) -> Gate:
        default, *more = [AuthProvider(mode, HERE) for mode in modes or ("API_KEY",)]
        # Keyword names hold no hyphens.
        made = [
            ApiKey(name.replace("_", "-"), expires, HERE)
            for name, expires in keys.items()
        ]
        settings: dict[str, Any] = {"additional_auth": tuple(more)}
        api = Api("a" * 26, "test", HERE, default, api_keys=tuple(made), **settings)
        return Gate(api, clock)

    return make
