"""Clients with every kind of credentials."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.testing import Appsync, SubscriptionRefused
from appsync_emulator.testing.servers import Servers
from support import inline_python, js, template

pytestmark = pytest.mark.ours("the test client is our own")

SCHEMA = """
type Query { me: String }
type Mutation { tell(text: String): Told @aws_api_key @aws_iam @aws_cognito_user_pools }
type Told @aws_api_key @aws_iam @aws_cognito_user_pools { text: String }
type Subscription {
  told: Told @aws_subscribe(mutations: ["tell"]) @aws_iam @aws_cognito_user_pools
}
"""
ME = js(
    "{ const who = ctx.identity;"
    " return { payload: who.username || who.accountId || who.sub }; }"
)
AUTHORIZER = """
def handler(event, context):
    return {"isAuthorized": event["authorizationToken"] == "let-me-in"}
"""
MODES = [
    {
        "AuthenticationType": "AMAZON_COGNITO_USER_POOLS",
        "UserPoolConfig": {
            "UserPoolId": {"Ref": "Pool"},
            "AwsRegion": {"Ref": "AWS::Region"},
        },
    },
    {"AuthenticationType": "AWS_IAM"},
    {
        "AuthenticationType": "AWS_LAMBDA",
        "LambdaAuthorizerConfig": {
            "AuthorizerUri": {"Fn::GetAtt": ["GuardFunction", "Arn"]}
        },
    },
]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = template(
        SCHEMA,
        {"Query.me": ME, "Mutation.tell": js()},
        functions={"Guard": inline_python(AUTHORIZER)},
        api={"AdditionalAuthenticationProviders": MODES},
    )
    content["Resources"]["Pool"] = {"Type": "AWS::Cognito::UserPool", "Properties": {}}
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "template.json").write_text(json.dumps(content))
    return folder


@pytest.fixture
def appsync(guarded: Path, servers: Servers, data_dir: Path) -> Iterator[Appsync]:
    settings: dict[str, Any] = {"data_dir": str(data_dir)}
    with servers.lend(guarded, 5.0, settings) as appsync:
        yield appsync


def test_a_user_of_the_pool_is_let_in(appsync: Appsync) -> None:
    alice = appsync.client.as_user("alice", groups=["admins"])
    with alice.subscribe("subscription { told { text } }") as events:
        answer = alice.execute('mutation { tell(text: "hi") { text } }')
        assert answer.data == {"tell": {"text": "hi"}}
        assert next(events) == {"text": "hi"}


def test_a_token_is_over_when_the_clock_is_moved(appsync: Appsync) -> None:
    alice = appsync.client.as_user("alice", expires=60)
    mutation = 'mutation { tell(text: "hi") { text } }'
    assert alice.execute(mutation).status == 200
    appsync.clock.advance(3_600)
    assert alice.execute(mutation).status == 401


def test_an_access_key_signs_requests_and_subscriptions(appsync: Appsync) -> None:
    owner = appsync.client.signed()
    with owner.subscribe("subscription { told { text } }") as events:
        owner.execute('mutation { tell(text: "hi") { text } }')
        assert next(events) == {"text": "hi"}
    wrong = appsync.client.signed(secret="wrong")
    assert "signature" in wrong.execute("{ me }").errors[0]["message"]
    with pytest.raises(SubscriptionRefused):
        wrong.subscribe("subscription { told { text } }").__enter__()


def test_an_authorizer_sees_the_token_and_may_be_replaced(appsync: Appsync) -> None:
    client = appsync.client
    assert client.with_token("go-away").execute("{ me }").status == 401
    assert client.with_token("let-me-in").execute("{ me }").status == 200
    appsync.functions["Guard"] = lambda _event, _context: {"isAuthorized": True}
    assert client.with_token("anything").execute("{ me }").status == 200
    assert len(appsync.invocations.of("Guard")) == 3


def test_an_issuer_that_the_api_does_not_trust_is_told(appsync: Appsync) -> None:
    with pytest.raises(ValueError, match="other"):
        appsync.client.as_user("alice", issuer="other")


def test_what_an_authorizer_said_counts_in_its_own_test_only(
    appsync: Appsync,
) -> None:
    def guard(_event: object, _context: object) -> dict[str, object]:
        return {"isAuthorized": True, "ttlOverride": 300}

    client = appsync.client.with_token("go-away")
    appsync.functions["Guard"] = guard
    assert [client.execute("{ me }").status for _ in range(2)] == [200, 200]
    assert len(appsync.invocations.of("Guard")) == 1
    appsync.reset()
    assert client.execute("{ me }").status == 401
