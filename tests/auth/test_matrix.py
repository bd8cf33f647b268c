"""Every mode, over HTTP, at connect and at start, with every kind of credentials.

A cell that is missing has no meaning: an API key has no signature, an authorizer's
token no expiry, and at connect there is no field that could be denied.
"""

import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from appsync_emulator.model import AuthType
from realtime_client import Client, subscriber
from support import KEY, js, template, vtl

from .carriers import by_headers, by_protocol, by_query, connected, refused
from .issuers import OPENID, POOL, Issuers
from .test_iam import signed

DOC = "developer guide, authorization and authentication"
EXPIRED_KEY = "da2-zyxwvutsrqponmlkjihgfedcba"
UNAUTHORIZED = "You are not authorized to make this call."
UNUSABLE = "Valid authorization header not provided."
EVERYBODY = "@aws_api_key @aws_iam @aws_oidc @aws_cognito_user_pools @aws_lambda"
SCHEMA = """
type Query { who: String ALL whoVtl: String ALL shut: String OTHER }
type Mutation { say(text: String): String ALL }
type Subscription {
  onSay: String ALL @aws_subscribe(mutations: ["say"])
  onShut: String OTHER @aws_subscribe(mutations: ["say"])
}
"""
WHO = js("{ return { payload: util.authType() }; }")
WHO_VTL = vtl('{"version": "2018-05-29", "payload": $util.toJson($util.authType())}')
SAY = js("{ return { payload: ctx.args.text }; }")
AUTHORIZER = {"Fn::GetAtt": ["authorizerFunction", "Arn"]}
CODE = {
    "Runtime": "python3.12",
    "Handler": "index.handler",
    "Code": {"ZipFile": "def handler(event, context): return {}"},
}
PROVIDERS: dict[AuthType, dict[str, Any]] = {
    "API_KEY": {},
    "AWS_IAM": {},
    "AMAZON_COGNITO_USER_POOLS": {
        "UserPoolConfig": {
            "UserPoolId": "us-east-1_pool",
            "AwsRegion": "us-east-1",
            "DefaultAction": "ALLOW",
            "AppIdClientRegex": "app",
        }
    },
    "OPENID_CONNECT": {"OpenIDConnectConfig": {"Issuer": OPENID, "ClientId": "app"}},
    "AWS_LAMBDA": {
        "LambdaAuthorizerConfig": {
            "AuthorizerUri": AUTHORIZER,
            "IdentityValidationExpression": "custom-.*",
        }
    },
}
NAMES: dict[AuthType, str] = {
    "API_KEY": "API Key Authorization",
    "AWS_IAM": "IAM Authorization",
    "AMAZON_COGNITO_USER_POOLS": "User Pool Authorization",
    "OPENID_CONNECT": "Open ID Connect Authorization",
    "AWS_LAMBDA": "Lambda Authorization",
}


@dataclass
class Target:
    """What a client signs.

    Attributes:
        suffix: behind the path of the GraphQL endpoint.
    """

    url: str
    issuers: Issuers
    body: bytes
    suffix: str = ""

    def iam(self, access_key: str = "AKIATEST", **how: Any) -> dict[str, str]:
        how = {"at": datetime.now(UTC), **how}
        request = signed(self.url + self.suffix, body=self.body, **how)
        headers = dict(request.headers)
        changed = headers["authorization"].replace("AKIATEST", access_key)
        return {**headers, "authorization": changed}

    def token(self, issuer: str, *, key: Any = None, **change: Any) -> dict[str, str]:
        now = int(time.time())
        times = {"iat": now - 60, "auth_time": now - 60, "exp": now + 3600}
        claims = self.issuers.claims(issuer, **times, username="ada")
        return {"authorization": self.issuers.sign({**claims, **change}, key=key)}


Make = Callable[[Target], Mapping[str, str]]


def header(value: str, name: str = "authorization") -> Make:
    return lambda _: {name: value}


def key(value: str) -> Make:
    return header(value, "x-api-key")


@dataclass(frozen=True)
class Refusal:
    """How credentials are refused: what an entry of `errors` has, and the status."""

    error_type: str
    message: str
    status: int = 401
    exact: bool = True

    def check(self, entry: dict[str, Any], code: int | None = None) -> None:
        names = ["errorType", "message", *(["errorCode"] if code is not None else [])]
        assert list(entry) == names
        assert entry["errorType"] == self.error_type
        if self.exact:
            assert entry["message"] == self.message
        else:
            assert entry["message"].startswith(self.message)
        assert entry.get("errorCode") == code


def unauthorized(message: str) -> Refusal:
    return Refusal("UnauthorizedException", message)


def bad(message: str) -> Refusal:
    return Refusal("BadRequestException", message, 400, exact=False)


def tokens(issuer: str) -> dict[str, tuple[Make, Refusal | None]]:
    """Give the cases of both modes with tokens."""
    return {
        "valid": (lambda to: to.token(issuer), None),
        "valid, behind Bearer": (
            lambda to: {"authorization": "Bearer " + to.token(issuer)["authorization"]},
            None,
        ),
        "malformed": (header("a.b.c"), unauthorized("Unable to parse JWT token.")),
        "expired": (
            lambda to: to.token(issuer, exp=int(time.time()) - 1),
            unauthorized("Token has expired."),
        ),
        "wrong signature": (
            lambda to: to.token(issuer, key=to.issuers.others),
            unauthorized("Unauthorized"),
        ),
        "wrong issuer": (
            lambda to: to.token("https://other.example.com"),
            unauthorized(UNUSABLE),
        ),
        "wrong audience": (
            lambda to: to.token(issuer, aud="other", client_id="other"),
            unauthorized("Unauthorized"),
        ),
    }


CASES: dict[AuthType, dict[str, tuple[Make, Refusal | None]]] = {
    "API_KEY": {
        "valid": (key(KEY), None),
        "malformed": (key("KEY"), unauthorized(UNAUTHORIZED)),
        "expired": (key(EXPIRED_KEY), unauthorized(UNAUTHORIZED)),
    },
    "AWS_IAM": {
        "valid": (lambda to: to.iam(), None),
        "valid, with a session token": (lambda to: to.iam(token="session"), None),
        "malformed": (
            header("AWS4-HMAC-SHA256 Credential=AKIATEST"),
            bad("Authorization header is incomplete."),
        ),
        "expired": (
            lambda to: to.iam(at=datetime.now(UTC) - timedelta(minutes=6)),
            bad("Signature expired: "),
        ),
        "wrong signature": (
            lambda to: to.iam(secret="another"),
            bad("The request signature we calculated does not match the signature"),
        ),
        "wrong issuer": (
            lambda to: to.iam("AKIAOTHER"),
            Refusal(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
                403,
            ),
        ),
        "denied": (
            lambda to: to.iam("AKIANONE"),
            unauthorized("Permission denied"),
        ),
    },
    "AMAZON_COGNITO_USER_POOLS": tokens(POOL),
    "OPENID_CONNECT": tokens(OPENID),
    "AWS_LAMBDA": {
        "valid": (header("custom-yes"), None),
        "malformed": (header("yes"), unauthorized(UNAUTHORIZED)),
        "denied": (header("custom-no"), unauthorized(UNAUTHORIZED)),
        "denied by an exception": (header("custom-raise"), unauthorized(UNAUTHORIZED)),
    },
}
CELLS = [(mode, case) for mode, cases in CASES.items() for case in cases]
MODES = list(CASES)


def authorizer(event: Any, _context: Any) -> Any:
    token = event["authorizationToken"]
    if token == "custom-raise":
        raise RuntimeError
    return {"isAuthorized": token == "custom-yes", "resolverContext": {"by": "me"}}


Api = Callable[[AuthType], Awaitable[Any]]


@pytest.fixture
async def api(start: Any, tmp_path: Any, issuers: Issuers) -> Api:
    """Serve an API whose default is a mode, and which has another one beside it."""
    jwks = tmp_path / "jwks.json"
    public = issuers.rsa.as_dict(private=False)
    jwks.write_text(json.dumps({"keys": [public]}))
    nothing = tmp_path / "nothing.json"
    nothing.write_text('{"policy": {"Statement": []}}')

    async def serve(mode: AuthType) -> Any:
        other: AuthType = "AWS_IAM" if mode == "API_KEY" else "API_KEY"
        directive = "@aws_iam" if mode == "API_KEY" else "@aws_api_key"
        schema = SCHEMA.replace("ALL", EVERYBODY).replace("OTHER", directive)
        more = {"AuthenticationType": other, **PROVIDERS[other]}
        declared = {
            "AuthenticationType": mode,
            **PROVIDERS[mode],
            "AdditionalAuthenticationProviders": [more],
        }
        resolvers = {
            "Query.who": WHO,
            "Query.whoVtl": WHO_VTL,
            "Query.shut": WHO,
            "Mutation.say": SAY,
        }
        content = template(
            schema, resolvers, api=declared, functions={"authorizer": CODE}
        )
        resources = content["Resources"]
        expired = {**resources["Key"]["Properties"], "Expires": 1_600_000_000}
        resources["Old"] = {**resources["Key"], "Properties": expired}
        server = await start(
            content,
            api_key=(KEY, EXPIRED_KEY),
            jwks=(f"{POOL}={jwks}", f"{OPENID}={jwks}"),
            iam_credential=(f"AKIANONE:secret:{nothing}", "AKIATEST:secret"),
        )
        server.emulator.lambdas.replace("authorizer", authorizer)
        return server

    return serve


async def post(
    server: Any, issuers: Issuers, make: Make | None, query: str = "{ who }"
) -> Any:
    body = json.dumps({"query": query}).encode()
    to = Target(server.url, issuers, body)
    headers = dict(make(to)) if make is not None else {}
    headers["content-type"] = "application/json"
    return await server.http.post(server.url, content=body, headers=headers)


def at_connect(server: Any, issuers: Issuers, make: Make) -> dict[str, str]:
    return dict(make(Target(server.url, issuers, b"{}", "/connect")))


async def begin(
    one: Client, server: Any, issuers: Issuers, make: Make | None, query: str
) -> Any:
    """Start a subscription as clients do: with credentials for its very text."""
    data = json.dumps({"query": query, "variables": {}})
    to = Target(server.url, issuers, data.encode())
    one.authorization = dict(make(to)) if make is not None else {"host": "localhost"}
    return await one.start(query)


def make_(mode: AuthType) -> Make:
    return CASES[mode]["valid"][0]


@pytest.mark.aws_doc(DOC)
@pytest.mark.parametrize(("mode", "case"), CELLS)
async def test_over_http(api: Api, issuers: Issuers, mode: AuthType, case: str) -> None:
    make, refusal = CASES[mode][case]
    server = await api(mode)
    answer = await post(server, issuers, make)
    if refusal is None:
        assert answer.json() == {"data": {"who": NAMES[mode]}}
        return
    assert answer.status_code == refusal.status
    assert answer.headers["x-amzn-errortype"] == refusal.error_type
    assert list(answer.json()) == ["errors"]
    (entry,) = answer.json()["errors"]
    refusal.check(entry)


@pytest.mark.aws_doc("developer guide, building a real-time WebSocket client")
@pytest.mark.parametrize("carrier", [by_query, by_protocol, by_headers])
@pytest.mark.parametrize(("mode", "case"), CELLS)
async def test_at_connect(
    api: Api, issuers: Issuers, mode: AuthType, case: str, carrier: Any
) -> None:
    make, refusal = CASES[mode][case]
    server = await api(mode)
    async with connected(server, carrier, at_connect(server, issuers, make)) as one:
        answer = await one.receive()
        if refusal is None:
            assert answer["type"] == "connection_ack"
            return
        assert answer["type"] == "connection_error"
        (entry,) = answer["payload"]["errors"]
        refusal.check(entry, refusal.status)


@pytest.mark.aws_doc("developer guide, building a real-time WebSocket client")
@pytest.mark.parametrize(("mode", "case"), CELLS)
async def test_at_start(api: Api, issuers: Issuers, mode: AuthType, case: str) -> None:
    make, refusal = CASES[mode][case]
    server = await api(mode)
    headers = at_connect(server, issuers, make_(mode))
    async with connected(server, by_protocol, headers) as one:
        assert (await one.receive())["type"] == "connection_ack"
        answer = await begin(one, server, issuers, make, "subscription { onSay }")
        if refusal is None:
            assert answer == {"id": "1", "type": "start_ack"}
            return
        assert (answer["id"], answer["type"]) == ("1", "error")
        (entry,) = answer["payload"]["errors"]
        refusal.check(entry)


@pytest.mark.ours("the words for missing credentials are known in part only")
@pytest.mark.parametrize("mode", MODES)
async def test_missing(api: Api, issuers: Issuers, mode: AuthType) -> None:
    server = await api(mode)
    answer = await post(server, issuers, None)
    assert answer.status_code == 401
    (entry,) = answer.json()["errors"]
    unauthorized("Missing authorization header").check(entry)
    async with connected(server, by_protocol, {}) as one:
        error = {"message": "Required headers are missing.", "errorCode": 400}
        await refused(one, error)
    headers = at_connect(server, issuers, make_(mode))
    async with connected(server, by_protocol, headers) as one:
        assert (await one.receive())["type"] == "connection_ack"
        answer = await begin(one, server, issuers, None, "subscription { onSay }")
        (entry,) = answer["payload"]["errors"]
        unauthorized(UNUSABLE).check(entry)


@pytest.mark.aws_observed("amplify-category-api #2422, amplify-js #12679")
@pytest.mark.parametrize("mode", MODES)
async def test_denied_fields(api: Api, issuers: Issuers, mode: AuthType) -> None:
    server = await api(mode)
    answer = await post(server, issuers, make_(mode), "{ who shut whoVtl }")
    assert answer.status_code == 200
    assert answer.json() == {
        "data": {"who": NAMES[mode], "shut": None, "whoVtl": NAMES[mode]},
        "errors": [
            {
                "path": ["shut"],
                "data": None,
                "errorType": "Unauthorized",
                "errorInfo": None,
                "locations": [{"line": 1, "column": 7, "sourceName": None}],
                "message": "Not Authorized to access shut on type Query",
            }
        ],
    }
    headers = at_connect(server, issuers, make_(mode))
    async with connected(server, by_protocol, headers) as one:
        assert (await one.receive())["type"] == "connection_ack"
        shut = "subscription { onShut }"
        answer = await begin(one, server, issuers, make_(mode), shut)
        message = "Not Authorized to access onShut on type Subscription"
        error = {"errorType": "Unauthorized", "message": message}
        assert answer == {"id": "1", "type": "error", "payload": {"errors": [error]}}


@pytest.mark.ours("logs are shown to people and kept")
@pytest.mark.parametrize(("mode", "case"), CELLS)
async def test_no_secret_is_logged(
    api: Api,
    issuers: Issuers,
    caplog: pytest.LogCaptureFixture,
    mode: AuthType,
    case: str,
) -> None:
    make, refusal = CASES[mode][case]
    server = await api(mode)
    headers = at_connect(server, issuers, make)
    data = json.dumps({"query": "subscription { onSay }", "variables": {}})
    started = make(Target(server.url, issuers, data.encode()))
    posted = json.dumps({"query": "{ who }"}).encode()
    sent = make(Target(server.url, issuers, posted))
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        await server.http.post(server.url, content=posted, headers=dict(sent))
        for carrier in (by_query, by_protocol, by_headers):
            async with connected(server, carrier, headers) as one:
                await one.receive()
        async with (
            subscriber(server)
            if mode == "API_KEY"
            else connected(
                server, by_protocol, at_connect(server, issuers, make_(mode))
            ) as one
        ):
            one.authorization = dict(started)
            await one.send(type="nothing")
            await one.start("subscription { onSay }")
    ours = [
        one for one in caplog.records if not one.name.startswith(LIBRARIES_OF_CLIENTS)
    ]
    text = "\n".join(one.getMessage() for one in ours)
    assert refusal is None or "a caller is refused" in text
    for secret in secrets({**headers, **started}, sent):
        assert secret not in text


LIBRARIES_OF_CLIENTS = ("websockets.", "httpx", "httpcore", "botocore")


def secrets(*all_headers: Mapping[str, str]) -> list[str]:
    """Give what no log may show: keys, tokens, signatures."""
    found = []
    for headers in all_headers:
        for name in ("x-api-key", "authorization", "x-amz-security-token"):
            value = headers.get(name, "")
            found += [
                value,
                value.removeprefix("Bearer "),
                value.split("Signature=")[-1],
            ]
            found += value.split(".")[1:] if value.count(".") == 2 else []
    return [one for one in found if len(one) > 4]
