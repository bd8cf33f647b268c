"""Amplify and gql, unmodified, in each of their authorization modes."""

import asyncio
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import (
    AppSyncAuthentication,
    AppSyncIAMAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import TransportQueryError, TransportServerError

from clients.node_packages import install
from support import js, template

from .issuers import OPENID, POOL, Issuers
from .test_matrix import CODE, EVERYBODY, NAMES, PROVIDERS, WHO, authorizer

pytestmark = [
    pytest.mark.ours("real clients must find here what they find on AWS"),
    pytest.mark.timeout(300),  # the packages may have to be installed first
]
SCHEMA = f"""
type Query {{ who: String {EVERYBODY} shut: String @aws_api_key }}
type Mutation {{ say(text: String): String {EVERYBODY} }}
type Subscription {{
  onSay: String {EVERYBODY} @aws_subscribe(mutations: ["say"])
}}
"""
HERE = Path(__file__).parent


@pytest.fixture
async def server(start: Any, tmp_path: Path, issuers: Issuers) -> Any:
    """Serve an API with all modes."""
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [issuers.rsa.as_dict(private=False)]}))
    more = [
        {"AuthenticationType": mode, **settings}
        for mode, settings in PROVIDERS.items()
        if mode != "API_KEY"
    ]
    for one in more:  # only a default pool has one
        one.get("UserPoolConfig", {}).pop("DefaultAction", None)
    resolvers = {
        "Query.who": WHO,
        "Query.shut": WHO,
        "Mutation.say": js("{ return { payload: ctx.args.text }; }"),
    }
    content = template(
        SCHEMA,
        resolvers,
        api={"AdditionalAuthenticationProviders": more},
        functions={"authorizer": CODE},
    )
    server = await start(content, jwks=(f"{POOL}={jwks}", f"{OPENID}={jwks}"))
    server.emulator.lambdas.replace("authorizer", authorizer)
    return server


def token(issuers: Issuers, issuer: str, lasts: int = 3600) -> str:
    now = int(time.time())
    times = {"iat": now - 60, "auth_time": now - 60, "exp": now + lasts}
    return issuers.sign(issuers.claims(issuer, **times, username="ada"))


async def run(folder: Path, options: dict[str, Any]) -> Any:
    packages = await asyncio.to_thread(install, HERE.parent / "clients" / "node")
    (folder / "node_modules").symlink_to(packages / "node_modules")
    script = folder / "modes.mjs"
    shutil.copy(HERE / "amplify_modes.mjs", script)
    process = await asyncio.create_subprocess_exec(
        "node", script, json.dumps(options), stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(120):
            out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return json.loads(out)


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node and npm")
async def test_amplify(server: Any, tmp_path: Path, issuers: Issuers) -> None:
    def tokens(mode: str, issuer: str) -> dict[str, Any]:
        good = {"mode": mode, "token": token(issuers, issuer)}
        bad = {"mode": mode, "token": token(issuers, issuer, lasts=-1)}
        return {"name": mode, "good": good, "bad": bad}

    def keys(secret: str, **more: str) -> dict[str, Any]:
        given = {"accessKeyId": "test", "secretAccessKey": secret, **more}
        return {"mode": "iam", "credentials": given}

    modes = [
        tokens("userPool", POOL),
        tokens("oidc", OPENID),
        {"name": "iam", "good": keys("test"), "bad": keys("wrong")},
        {
            "name": "iam with a session",
            "good": keys("test", sessionToken="session/+="),
            "bad": keys("wrong", sessionToken="session/+="),
        },
        {
            "name": "lambda",
            "good": {"mode": "lambda", "token": "custom-yes"},
            "bad": {"mode": "lambda", "token": "custom-no"},
        },
    ]
    folder = tmp_path / "node"
    folder.mkdir()
    # In capitals: then Amplify stays on ws:// and no authority has to be trusted.
    endpoint = server.url.replace("http:", "HTTP:")
    told = await run(folder, {"endpoint": endpoint, "modes": modes})
    names = {
        "userPool": NAMES["AMAZON_COGNITO_USER_POOLS"],
        "oidc": NAMES["OPENID_CONNECT"],
        "iam": NAMES["AWS_IAM"],
        "iam with a session": NAMES["AWS_IAM"],
        "lambda": NAMES["AWS_LAMBDA"],
    }
    for name, who in names.items():
        said = told[name]
        assert said["who"] == {"who": who}
        assert said["heard"] == {"onSay": "hi"}
        assert said["shut"] == ["Unauthorized"]
        # Amplify says so of every 401. For others it looks for a `message` that no
        # answer of AppSync has.
        refused = "Unknown error" if name.startswith("iam") else "Unauthorized"
        assert said["refused"] == [refused]
        assert said["failed"][0].startswith("Connection failed: "), said


Auth = Callable[[Any, Issuers], AppSyncAuthentication]


def host(server: Any) -> str:
    return str(urlsplit(server.url).netloc)


def jwt(make: Callable[[Issuers], str]) -> Auth:
    return lambda server, issuers: AppSyncJWTAuthentication(host(server), make(issuers))


def iam(secret: str, session: str | None = None) -> Auth:
    from botocore.credentials import Credentials

    def make(server: Any, _issuers: Issuers) -> AppSyncAuthentication:
        return AppSyncIAMAuthentication(
            host=host(server),
            credentials=Credentials("test", secret, session),
            region_name="us-east-1",
        )

    return make


GQL: dict[str, tuple[Auth, Auth, str]] = {
    "user pool": (
        jwt(lambda issuers: token(issuers, POOL)),
        jwt(lambda issuers: token(issuers, POOL, lasts=-1)),
        NAMES["AMAZON_COGNITO_USER_POOLS"],
    ),
    "OpenID Connect": (
        jwt(lambda issuers: "Bearer " + token(issuers, OPENID)),
        jwt(lambda issuers: token(issuers, OPENID)[:-4]),
        NAMES["OPENID_CONNECT"],
    ),
    "Lambda": (
        jwt(lambda _: "custom-yes"),
        jwt(lambda _: "custom-no"),
        NAMES["AWS_LAMBDA"],
    ),
    "IAM": (iam("test"), iam("wrong"), NAMES["AWS_IAM"]),
    "IAM with a session": (
        iam("test", "session/+="),
        iam("wrong", "session/+="),
        NAMES["AWS_IAM"],
    ),
}


@pytest.mark.parametrize("name", GQL)
async def test_gql(server: Any, issuers: Issuers, name: str) -> None:
    good, bad, who = GQL[name]

    def http(auth: Auth) -> Client:
        made = auth(server, issuers)
        return Client(transport=AIOHTTPTransport(url=server.url, auth=made))

    def realtime(auth: Auth) -> Client:
        made, url = auth(server, issuers), server.url.replace("http", "ws")
        return Client(transport=AppSyncWebsocketsTransport(url=url, auth=made))

    async with http(good) as session:
        assert await session.execute(gql("{ who }")) == {"who": who}
        with pytest.raises(TransportQueryError, match="Not Authorized to access shut"):
            await session.execute(gql("{ shut }"))
    async with realtime(good) as session, http(good) as other:

        async def say() -> None:
            while True:
                await other.execute(gql('mutation { say(text: "hi") }'))
                await asyncio.sleep(0.05)

        saying = asyncio.create_task(say())  # noqa: TID251 -- ended below
        async for heard in session.subscribe(gql("subscription { onSay }")):
            assert heard == {"onSay": "hi"}
            break
        saying.cancel()
        await asyncio.wait([saying])
    with pytest.raises((TransportServerError, TransportQueryError)):
        async with http(bad) as session:
            await session.execute(gql("{ who }"))
    with pytest.raises(TransportServerError):
        async with realtime(bad):
            pass
