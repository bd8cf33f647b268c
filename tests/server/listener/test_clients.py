"""Public clients against the listener, as their users write it."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from gql import Client, gql
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import TransportQueryError, TransportServerError

from appsync_emulator.server.certificates import ensure_certificates
from server.listener.harness import KEY, Running

pytestmark = pytest.mark.aws_observed("gql 4.4: frames and reactions of the client")

DOCUMENT = gql("subscription { onMessage { id } }")


def transport(
    server: Running, key: str = KEY, *, tls: ssl.SSLContext | None = None
) -> AppSyncWebsocketsTransport:
    host = f"localhost:{server.port}"
    auth = AppSyncApiKeyAuthentication(host=host, api_key=key)
    scheme = "wss" if tls else "ws"
    return AppSyncWebsocketsTransport(
        url=f"{scheme}://{host}/graphql/realtime", auth=auth, ssl=tls or False
    )


async def first_event(server: Running, over: AppSyncWebsocketsTransport) -> object:
    async with asyncio.timeout(10), Client(transport=over) as session:
        events = session.subscribe(DOCUMENT)
        waiting = asyncio.ensure_future(anext(events))  # noqa: TID251 -- a client's task
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, server.until, lambda: len(server.api.hub) == 1)
        await loop.run_in_executor(None, server.publish, {"id": "1"})
        event = await waiting
        await events.aclose()
        return event


async def test_gql_subscribes(server: Running) -> None:
    assert await first_event(server, transport(server)) == {"onMessage": {"id": "1"}}


async def test_gql_subscribes_over_tls(
    run: Callable[..., Running], tmp_path: Path
) -> None:
    certificates = ensure_certificates(tmp_path, ["localhost"])
    server = run(tls=certificates.context)
    trusting = ssl.create_default_context(cafile=certificates.ca)
    over = transport(server, tls=trusting)
    assert await first_event(server, over) == {"onMessage": {"id": "1"}}


async def test_gql_reports_a_refused_connection(server: Running) -> None:
    with pytest.raises(TransportServerError, match="You are not authorized"):
        async with Client(transport=transport(server, "wrong")):
            pass


async def test_gql_reports_a_refused_subscription(server: Running) -> None:
    query = gql("subscription { broken }")
    async with Client(transport=transport(server)) as session:
        with pytest.raises(TransportQueryError, match="InternalFailure"):
            async for _ in session.subscribe(query):
                pass
