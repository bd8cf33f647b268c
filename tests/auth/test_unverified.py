"""Issuers whose signatures nobody looks at, because the user said so."""

import base64
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from support import Server, js, template

pytestmark = pytest.mark.ours("AppSync verifies every token")
Start = Callable[..., Awaitable[Server]]
LOGIN = "https://login.invalid/shop"
OTHER = "https://other.invalid"


def api(issuer: str = LOGIN) -> dict[str, Any]:
    openid = {"Issuer": issuer, "ClientId": "app"}
    mode = {"AuthenticationType": "OPENID_CONNECT", "OpenIDConnectConfig": openid}
    more = [{"AuthenticationType": "API_KEY"}]
    me = {"Query.me": js("{ return { payload: ctx.identity.sub }; }")}
    given = {**mode, "AdditionalAuthenticationProviders": more}
    return template("type Query { me: String }", me, api=given)


def forged(**claims: Any) -> str:
    now = int(time.time())
    times = {"iat": now, "exp": now + 60}
    given = {"iss": LOGIN, "sub": "mallory", "aud": "app", **times, **claims}
    parts = [{"alg": "none"}, given]
    texts = [base64.urlsafe_b64encode(json.dumps(one).encode()) for one in parts]
    return ".".join(text.decode().rstrip("=") for text in texts) + "."


async def ask(server: Server, token: str) -> tuple[int, Any]:
    headers = {"authorization": token}
    body = {"query": "{ me }"}
    answer = await server.http.post(server.url, json=body, headers=headers)
    return answer.status_code, answer.json().get("data")


@pytest.mark.parametrize("slash", ["", "/"])
async def test_anybodys_token_is_taken_where_the_user_said_so(
    start: Start, slash: str
) -> None:
    server = await start(api(), unverified_issuer=(LOGIN + slash,))
    assert await ask(server, forged()) == (200, {"me": "mallory"})


async def test_nobodys_is_where_the_user_said_nothing(start: Start) -> None:
    server = await start(api(), unverified_issuer=(OTHER,))
    assert (await ask(server, forged()))[0] == 401


@pytest.mark.parametrize(
    "claims", [{"exp": 1}, {"aud": "another"}, {"iss": OTHER}, {"exp": "soon"}]
)
async def test_all_but_the_signature_still_has_to_hold(
    start: Start, claims: dict[str, Any]
) -> None:
    server = await start(api(), unverified_issuer=(LOGIN,))
    assert (await ask(server, forged(**claims)))[0] == 401
