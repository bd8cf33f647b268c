"""A template with a user pool, and Cognito's client for it."""

import asyncio
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from support import Server, js, template

SCHEMA = "type Query { me: AWSJSON }"
ME = {"Query.me": js("{ return { payload: ctx.identity }; }")}
PASSWORD = "Secret-123"
FLOWS = ("ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")


def pool_template(
    pool: dict[str, Any] | None = None,
    client: dict[str, Any] | None = None,
    **others: Any,
) -> dict[str, Any]:
    """Give a template whose API lets in the users of a pool, besides an API key."""
    mode = {
        "AuthenticationType": "AMAZON_COGNITO_USER_POOLS",
        "UserPoolConfig": {"UserPoolId": {"Ref": "People"}, "DefaultAction": "ALLOW"},
    }
    key = {"AdditionalAuthenticationProviders": [{"AuthenticationType": "API_KEY"}]}
    content = template(SCHEMA, ME, api={**mode, **key})
    of_pool = {"UserPoolId": {"Ref": "People"}}
    about = {"ClientName": "web", "ExplicitAuthFlows": list(FLOWS), **(client or {})}
    content["Resources"] |= {
        "People": _resource("UserPool", {"UserPoolName": "people", **(pool or {})}),
        "Web": _resource("UserPoolClient", {**of_pool, **about}),
        "Admins": _resource(
            "UserPoolGroup",
            {**of_pool, "GroupName": "admins", "RoleArn": "arn:admin", "Precedence": 1},
        ),
        "Readers": _resource("UserPoolGroup", {**of_pool, "GroupName": "a-readers"}),
    }
    return {**content, **others}


def _resource(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"Type": f"AWS::Cognito::{kind}", "Properties": properties}


class Cognito:
    """AWS's own client, which blocks, at the URL that users put in their settings."""

    def __init__(self, server: Server, *, signed: bool = False) -> None:
        (self.pool,) = server.project.application.user_pools.values()
        self.client_id = self.pool.clients[0].id
        self.server = server
        self.url = f"http://127.0.0.1:{server.project.port}/_emulator/cognito-idp"
        config = Config(
            signature_version=None if signed else UNSIGNED, retries={"max_attempts": 0}
        )
        self.boto: Any = boto3.client(
            "cognito-idp",
            region_name="us-east-1",
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=config,
        )

    async def call(self, action: str, **given: Any) -> Any:
        """Call an action in a thread."""
        return await asyncio.to_thread(getattr(self.boto, action), **given)

    async def sign_up(self, name: str = "alice", **attributes: str) -> Any:
        """Sign a user up and confirm it."""
        listed = [{"Name": key, "Value": value} for key, value in attributes.items()]
        answer = await self.call(
            "sign_up",
            ClientId=self.client_id,
            Username=name,
            Password=PASSWORD,
            UserAttributes=listed,
        )
        await self.call(
            "confirm_sign_up",
            ClientId=self.client_id,
            Username=name,
            ConfirmationCode="123456",
        )
        return answer

    async def sign_in(self, name: str = "alice", password: str = PASSWORD) -> Any:
        """Sign in with a password; gives the tokens."""
        answer = await self.call(
            "initiate_auth",
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )
        return answer["AuthenticationResult"]
