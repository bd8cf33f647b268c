"""Discovery documents, keys and Cognito at the emulator's own port."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from appsync_emulator.issuer.tokens import mint
from appsync_emulator.services import service
from support import Server, js, template

from .pools import Cognito, pool_template

pytestmark = pytest.mark.aws_doc(
    "Cognito developer guide, Verifying JSON web tokens; OpenID Connect Discovery 1.0"
)
OURS = pytest.mark.ours("where the emulator serves what is our own choice")
Start = Callable[..., Awaitable[Server]]
LOGIN = "https://login.example.com/shop"


def openid_template(issuer: str, **settings: Any) -> dict[str, Any]:
    mode = {
        "AuthenticationType": "OPENID_CONNECT",
        "OpenIDConnectConfig": {"Issuer": issuer, **settings},
    }
    me = {"Query.me": js("{ return { payload: ctx.identity.sub }; }")}
    return template("type Query { me: String }", me, api=mode)


def place(server: Server, name: str, document: str = "openid-configuration") -> str:
    base = f"http://127.0.0.1:{server.project.port}"
    return f"{base}/_emulator/issuer/{name}/.well-known/{document}"


async def me(server: Server, token: str) -> tuple[int, Any]:
    headers = {"authorization": token}
    answer = await server.http.post(
        server.url, json={"query": "{ me }"}, headers=headers
    )
    return answer.status_code, answer.json()


async def test_a_token_verifies_by_discovery(start: Start) -> None:
    server = await start(pool_template())
    (issuer,) = server.project.keys.issuers
    found = (await server.http.get(place(server, issuer.name))).json()
    assert found["issuer"] == issuer.url
    assert found["jwks_uri"] == place(server, issuer.name, "jwks.json")
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]
    keys = (await server.http.get(found["jwks_uri"])).json()
    token = mint(server.project.keys, issuer, "alice", client="web")
    claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"]).claims
    assert claims["iss"] == issuer.url


@OURS
async def test_browsers_may_read_both(start: Start) -> None:
    server = await start(pool_template())
    (issuer,) = server.project.keys.issuers
    for document in ("openid-configuration", "jwks.json"):
        answer = await server.http.get(place(server, issuer.name, document))
        assert answer.headers["access-control-allow-origin"] == "*"
        assert '"d"' not in answer.text


@OURS
@pytest.mark.parametrize("document", ["openid-configuration", "jwks.json"])
async def test_an_issuer_that_is_not_there_is_named(
    start: Start, document: str
) -> None:
    server = await start(pool_template())
    answer = await server.http.get(place(server, "nobody", document))
    assert answer.status_code == 404
    assert answer.json() == {"message": "There is no local issuer 'nobody'."}


@OURS
async def test_a_foreign_issuer_is_taken_the_place_of(start: Start) -> None:
    server = await start(openid_template(LOGIN), local_issuer=(LOGIN,))
    (issuer,) = server.project.keys.issuers
    token = mint(server.project.keys, issuer, "alice", client="any")
    assert await me(server, token) == (200, {"data": {"me": "alice"}})
    found = (await server.http.get(place(server, "login.example.com-shop"))).json()
    assert found["issuer"] == LOGIN


@OURS
async def test_a_token_of_another_issuer_of_this_machine_is_refused(
    start: Start,
) -> None:
    other = "https://other.example"
    server = await start(openid_template(LOGIN), local_issuer=(LOGIN, other))
    issuer = server.project.keys.find("other.example")
    assert issuer is not None
    token = mint(
        server.project.keys, issuer, "alice", client="any", claims={"iss": LOGIN}
    )
    assert (await me(server, token))[0] == 401


@OURS
async def test_an_expired_token_is_refused(start: Start) -> None:
    server = await start(pool_template())
    (issuer,) = server.project.keys.issuers
    token = mint(server.project.keys, issuer, "a", client="web", expires=-60)
    assert (await me(server, token))[0] == 401


@OURS
async def test_no_password_and_no_token_is_written_into_the_log(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "botocore", "boto3", "urllib3", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    cognito = Cognito(await start(pool_template()))
    await cognito.sign_up()
    tokens = await cognito.sign_in()
    await me(cognito.server, tokens["AccessToken"])
    await me(cognito.server, tokens["AccessToken"][:-4] + "AAAA")
    for secret in ("Secret-123", tokens["AccessToken"][-60:], tokens["RefreshToken"]):
        assert secret not in caplog.text


@OURS
async def test_without_a_user_pool_cognito_is_not_served(start: Start) -> None:
    server = await start(openid_template(LOGIN))
    answer = await server.http.post(
        f"http://127.0.0.1:{server.project.port}/_emulator/cognito-idp", content=b"{}"
    )
    assert answer.status_code == 501
    assert answer.json()["message"].endswith("No template has a user pool.")


@OURS
async def test_without_moto_only_sign_in_is_missing(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "missing", lambda: "moto is not installed")
    server = await start(pool_template())
    (issuer,) = server.project.keys.issuers
    token = mint(server.project.keys, issuer, "alice", client="web")
    assert (await me(server, token))[0] == 200
    answer = await server.http.post(
        f"http://127.0.0.1:{server.project.port}/_emulator/cognito-idp", content=b"{}"
    )
    assert answer.status_code == 501
    assert "moto is not installed" in answer.json()["message"]


@OURS
async def test_a_request_to_cognito_has_a_length_that_is_bearable(start: Start) -> None:
    cognito = Cognito(await start(pool_template()))
    answer = await cognito.server.http.post(cognito.url, content=b"x" * 200_000)
    assert answer.status_code == 413


@OURS
async def test_a_browser_may_sign_in_from_another_origin(start: Start) -> None:
    cognito = Cognito(await start(pool_template()))
    asked = {
        "origin": "http://localhost:5173",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-amz-target",
    }
    answer = await cognito.server.http.options(cognito.url, headers=asked)
    assert answer.status_code == 200
    assert "x-amz-target" in answer.headers["access-control-allow-headers"]
    answer = await cognito.server.http.post(
        cognito.url,
        content=b"{}",
        headers={"x-amz-target": "AWSCognitoIdentityProviderService.SignUp"},
    )
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.status_code in (400, 501)


@OURS
async def test_functions_find_cognito_by_the_variable_of_awss_sdks(
    start: Start,
) -> None:
    server = await start(pool_template())
    services = server.project.services
    assert services is not None
    variables = services.variables(server.project.application)
    name = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"
    assert variables == {name: services.endpoints["cognito-idp"]}


@OURS
async def test_somebody_else_can_serve_sign_in(
    start: Start, serve: Callable[..., str]
) -> None:
    heard: list[Any] = []

    async def elsewhere(request: Request) -> JSONResponse:
        heard.append((request.headers["x-amz-target"], await request.body()))
        return JSONResponse({"mine": True}, 418)

    url = serve(Starlette(routes=[Route("/", elsewhere, methods=["POST"])]))
    server = await start(pool_template(), aws_endpoint=(f"cognito-idp={url}",))
    answer = await server.http.post(
        f"http://127.0.0.1:{server.project.port}/_emulator/cognito-idp/",
        content=b'{"a":1}',
        headers={"x-amz-target": "AWSCognitoIdentityProviderService.SignUp"},
    )
    assert (answer.status_code, answer.json()) == (418, {"mine": True})
    assert heard == [("AWSCognitoIdentityProviderService.SignUp", b'{"a":1}')]


@OURS
async def test_who_serves_sign_in_may_be_gone(start: Start) -> None:
    gone = "http://127.0.0.1:1"
    server = await start(pool_template(), aws_endpoint=(f"cognito-idp={gone}",))
    answer = await server.http.post(
        f"http://127.0.0.1:{server.project.port}/_emulator/cognito-idp", content=b"{}"
    )
    assert answer.status_code == 503
    assert answer.headers["x-amzn-errortype"] == "ServiceUnavailableException"
