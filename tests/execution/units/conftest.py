"""An engine without a server: a schema, and values for the fields that are resolved."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import pytest

from appsync_emulator.execution.engine import Engine
from appsync_emulator.execution.outcome import Outcome
from appsync_emulator.execution.run import Facts
from appsync_emulator.model import Api, AuthProvider
from appsync_emulator.schema import build
from appsync_emulator.types import Origin, Text
from appsync_resolvers import Context, Part

HERE = Origin("schema.graphql", 1)
Ask = Callable[..., Outcome]


class Fixed:
    """A resolver that gives a value, or what a function makes of the context.

    Args:
        value: what it gives.
        late: whether its data source takes a moment.
    """

    def __init__(self, value: Any, *, late: bool) -> None:
        self.value = value
        self.late = late

    def run(self, context: Context, _run: Any) -> Any:
        """Give the value as pipelines do."""
        if self.late:
            yield asyncio.sleep(0)
        return self.value(context) if callable(self.value) else self.value


def make_engine(
    sdl: str, values: Mapping[str, Any], *, late: bool = False, **api: Any
) -> Engine:
    """Make an engine whose resolvers give fixed values, by `Type.field`."""
    resolvers: Any = {
        tuple(place.split(".")): Fixed(value, late=late)
        for place, value in values.items()
    }
    mode = AuthProvider("API_KEY", HERE)
    made = Api("a" * 26, "test", HERE, mode, **api)
    return Engine(made, build(Text(sdl, HERE)), resolvers)


def execute(engine: Engine, query: str, variables: Any = None) -> Outcome:
    """Run an operation to its end."""
    facts = Facts(Part(None), Part(None), Part({}), variables)

    async def run() -> Outcome:
        now = asyncio.get_running_loop().time()
        outcome = engine.execute(engine.prepare(query), facts, now)
        return await outcome if isinstance(outcome, Coroutine) else outcome

    return asyncio.run(run())


@pytest.fixture
def ask() -> Ask:
    """Run one operation on a schema with fixed values."""

    def ask(
        sdl: str,
        values: Mapping[str, Any],
        query: str,
        variables: Any = None,
        **engine: Any,
    ) -> Outcome:
        made = make_engine(sdl, values, **engine)
        try:
            return execute(made, query, variables)
        finally:
            made.close()

    return ask
