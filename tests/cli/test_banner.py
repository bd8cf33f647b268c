"""What `start` prints about keys, modes and TLS."""

from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.banner import banner
from appsync_emulator.server.serving import Served
from support import KEY, Server, served, template

pytestmark = pytest.mark.ours("the text is our own")

SCHEMA = "type Query { hello: String }"
EXPIRED = {"Expires": 1_600_000_000}


def text(server: Server) -> str:
    return banner(Served(server.project, server.emulator, server.ca))


def good_keys(server: Server) -> Any:
    now = server.emulator.clock.now()
    return [one.as_json(now)["apiKeys"] for one in server.project.endpoints]


async def test_a_good_key_is_shown_and_pasted(start: Any) -> None:
    server = await start(template(SCHEMA))
    shown = text(server)
    assert f"API key       {KEY}\n" in shown
    assert shown.count(KEY) == 4
    assert good_keys(server) == [[KEY]]


async def test_an_expired_key_is_called_so_and_not_pasted(start: Any) -> None:
    server = await start(template(SCHEMA, key=EXPIRED))
    shown = text(server)
    assert f"{KEY} (expired: Expires is 1600000000)" in shown
    assert shown.count(KEY) == 1
    assert "Amplify" not in shown
    assert good_keys(server) == [[]]


async def test_another_key_is_pasted_instead(start: Any) -> None:
    content = template(SCHEMA, key=EXPIRED)
    content["Resources"]["Spare"] = {
        "Type": "AWS::AppSync::ApiKey",
        "Properties": {"ApiId": {"Fn::GetAtt": ["Api", "ApiId"]}},
    }
    server = await start(content, api_key=(KEY, "da2-spare"))
    assert "apiKey: 'da2-spare'" in text(server)
    assert good_keys(server) == [["da2-spare"]]


async def test_nothing_to_paste_for_modes_that_nobody_can_use(start: Any) -> None:
    server = await start(template(SCHEMA, api={"AuthenticationType": "AWS_IAM"}))
    shown = text(server)
    assert "Authorization  AWS_IAM\n" in shown
    assert f"{KEY} (of no use: API_KEY is no authorization mode of the API)" in shown
    assert "defaultAuthMode" not in shown
    assert "<token>" not in shown
    assert good_keys(server) == [[]]


async def test_the_first_api_with_a_key_is_pasted(start: Any) -> None:
    content = template(SCHEMA, api={"AuthenticationType": "AWS_IAM"})
    content["Resources"]["Second"] = {
        "Type": "AWS::AppSync::GraphQLApi",
        "Properties": {"Name": "second", "AuthenticationType": "API_KEY"},
    }
    server = await start(content)
    _, second = server.project.endpoints
    (_, (key,)) = good_keys(server)
    assert f"endpoint: '{second.graphql_url}'" in text(server)
    assert f"defaultAuthMode: 'apiKey', apiKey: '{key}'" in text(server)


async def test_an_additional_mode_is_as_good(start: Any) -> None:
    additional = [{"AuthenticationType": "API_KEY"}]
    modes = {
        "AuthenticationType": "AWS_IAM",
        "AdditionalAuthenticationProviders": additional,
    }
    server = await start(template(SCHEMA, api=modes))
    assert f"defaultAuthMode: 'apiKey', apiKey: '{KEY}'" in text(server)


async def test_user_pools_and_issuers_are_told(start: Any) -> None:
    login = "https://login.example.com"
    openid = {
        "AuthenticationType": "OPENID_CONNECT",
        "OpenIDConnectConfig": {"Issuer": login},
    }
    mode = {
        "AuthenticationType": "AMAZON_COGNITO_USER_POOLS",
        "UserPoolConfig": {"UserPoolId": {"Ref": "Pool"}, "DefaultAction": "ALLOW"},
        "AdditionalAuthenticationProviders": [openid],
    }
    content = template(SCHEMA, api=mode)
    about = {"UserPoolId": {"Ref": "Pool"}, "ClientName": "web"}
    content["Resources"] |= {
        "Pool": {
            "Type": "AWS::Cognito::UserPool",
            "Properties": {"UserPoolName": "people"},
        },
        "Web": {"Type": "AWS::Cognito::UserPoolClient", "Properties": about},
    }
    server = await start(content)
    shown = text(server)
    (pool,) = server.project.application.user_pools.values()
    assert f"AMAZON_COGNITO_USER_POOLS: {pool.issuer}, with keys of this mach" in shown
    assert f"OPENID_CONNECT: {login}, with keys of the issuer\n" in shown
    place = f"http://localhost:{server.project.port}/_emulator/cognito-idp"
    assert f"people: {pool.id}, userPoolEndpoint {place}\n" in shown
    assert f"web: {pool.clients[0].id}\n" in shown
    assert "appsync-emulator token --user NAME" in shown


async def test_an_issuer_that_is_not_verified_is_shown_in_red(start: Any) -> None:
    login = "https://login.example.com"
    mode = {
        "AuthenticationType": "OPENID_CONNECT",
        "OpenIDConnectConfig": {"Issuer": login + "/"},
    }
    server = await start(template(SCHEMA, api=mode), unverified_issuer=(login,))
    red = "\x1b[31m\x1b[1mSIGNATURES ARE NOT VERIFIED"
    assert f"OPENID_CONNECT: {login}/, {red}" in text(server)


async def test_without_tls_the_way_around_it_is_told(tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.touch()
    async with served(tmp_path, template(SCHEMA), no_folder) as server:
        shown = text(server)
    assert "none: TLS is off" in shown
    assert "NODE_EXTRA_CA_CERTS" not in shown
    assert f"'{server.endpoint.graphql_url.replace('http', 'HTTP')}'" in shown
