"""User pools, app clients and groups of templates."""

import re

import pytest

from .conftest import Folder

pytestmark = pytest.mark.aws_doc("CloudFormation template reference, AWS::Cognito")

POOL = """
Resources:
  People:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: people
      Policies: {PasswordPolicy: {MinimumLength: 10}}
      UsernameAttributes: [email]
      MfaConfiguration: OPTIONAL
      EnabledMfas: [SOFTWARE_TOKEN_MFA]
      UserPoolTags: {a: b}
  Web:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref People, ClientName: web}
"""


def with_client(properties: str) -> str:
    return POOL.replace("ClientName: web", f"ClientName: web, {properties}")


def test_a_pool_has_its_id_its_issuer_and_what_cognito_is_told(folder: Folder) -> None:
    (pool,) = folder.load(POOL, region="eu-west-1").user_pools.values()
    assert re.fullmatch("eu-west-1_[a-z0-9]{9}", pool.id)
    assert pool.issuer == f"https://cognito-idp.eu-west-1.amazonaws.com/{pool.id}"
    place = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/"
    assert pool.arn == place + pool.id
    assert pool.name == "people"
    assert pool.settings == {
        "Policies": {"PasswordPolicy": {"MinimumLength": 10}},
        "UsernameAttributes": ["email"],
        "MfaConfiguration": "OPTIONAL",
        "EnabledMfas": ["SOFTWARE_TOKEN_MFA"],
    }


@pytest.mark.ours("made-up ids never change")
def test_ids_are_the_same_after_a_restart(folder: Folder) -> None:
    first, again = folder.load(POOL), folder.load(POOL)
    assert first.user_pools == again.user_pools
    assert folder.load(POOL, stack_name="other").user_pools.keys() != (
        first.user_pools.keys()
    )


def test_the_issuer_in_china_has_another_domain(folder: Folder) -> None:
    (pool,) = folder.load(POOL, region="cn-north-1").user_pools.values()
    assert pool.issuer == f"https://cognito-idp.cn-north-1.amazonaws.com.cn/{pool.id}"


def test_a_client_has_an_id_of_26_characters_and_cognitos_defaults(
    folder: Folder,
) -> None:
    (pool,) = folder.load(POOL).user_pools.values()
    (client,) = pool.clients
    assert re.fullmatch("[a-z][a-z0-9]{25}", client.id)
    assert (client.name, client.secret, client.flows) == ("web", None, ())
    assert (client.id_validity, client.access_validity) == (3_600, 3_600)
    assert (client.readable, client.hides_users) == (None, False)


def test_a_client_says_how_its_users_sign_in(folder: Folder) -> None:
    text = with_client(
        "GenerateSecret: true, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH], "
        "ReadAttributes: [email], PreventUserExistenceErrors: ENABLED, "
        "AccessTokenValidity: 10, IdTokenValidity: 2, "
        "TokenValidityUnits: {AccessToken: minutes}"
    )
    (pool,) = folder.load(text).user_pools.values()
    (client,) = pool.clients
    assert client.secret is not None
    assert client.flows == ("ALLOW_USER_SRP_AUTH",)
    assert client.readable == ("email",)
    assert (client.access_validity, client.id_validity) == (600, 7_200)
    assert client.hides_users is True


def test_groups_belong_to_their_pool(folder: Folder) -> None:
    text = POOL + (
        "  Admins: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: "
        "!Ref People, GroupName: admins, Precedence: '3', RoleArn: arn:r}}\n"
        "  Others: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: "
        "!GetAtt People.UserPoolId}}\n"
    )
    (pool,) = folder.load(text, stack_name="shop").user_pools.values()
    admins, others = pool.groups
    assert (admins.name, admins.role, admins.precedence) == ("admins", "arn:r", 3)
    assert others.name.startswith("shop-Others-")
    assert (others.role, others.precedence) == (None, None)


def test_what_belongs_to_a_pool_elsewhere_is_named_as_not_run(folder: Folder) -> None:
    text = POOL.replace("UserPoolId: !Ref People", "UserPoolId: us-east-1_elsewhere")
    loaded = folder.load(text)
    (pool,) = loaded.user_pools.values()
    assert pool.clients == ()
    assert [one.type for one in loaded.not_run] == ["AWS::Cognito::UserPoolClient"]


@pytest.mark.ours("what is not emulated is named")
def test_web_pages_triggers_and_identity_pools_are_named_as_not_run(
    folder: Folder,
) -> None:
    text = POOL.replace("UserPoolTags: {a: b}", "LambdaConfig: {PreSignUp: arn}") + (
        "  Pages: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: "
        "!Ref People, Domain: people}}\n"
        "  Ids: {Type: AWS::Cognito::IdentityPool, Properties: "
        "{AllowUnauthenticatedIdentities: false, CognitoIdentityProviders: "
        "[{ClientId: !Ref Web, ProviderName: !GetAtt People.ProviderName}]}}\n"
    )
    assert sorted(one.type for one in folder.load(text).not_run) == [
        "AWS::Cognito::IdentityPool",
        "AWS::Cognito::UserPool with LambdaConfig: its triggers",
        "AWS::Cognito::UserPoolDomain",
    ]


def test_outputs_tell_a_client_what_it_needs(folder: Folder) -> None:
    text = with_client("GenerateSecret: true") + (
        "Outputs:\n"
        "  PoolId: {Value: !Ref People}\n"
        "  ClientId: {Value: !Ref Web}\n"
        "  Secret: {Value: !GetAtt Web.ClientSecret}\n"
        "  Provider: {Value: !GetAtt People.ProviderURL}\n"
    )
    loaded = folder.load(text)
    (pool,) = loaded.user_pools.values()
    assert loaded.outputs == {
        "PoolId": pool.id,
        "ClientId": pool.clients[0].id,
        "Secret": pool.clients[0].secret,
        "Provider": pool.issuer,
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            with_client(
                "AccessTokenValidity: 2, TokenValidityUnits: {AccessToken: days}"
            ),
            "P133 AccessTokenValidity is 172800 seconds: from 5 minutes to 1 day",
        ),
        (
            with_client("ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH, USER_PASSWORD_AUTH]"),
            "P134 ExplicitAuthFlows: values that begin with ALLOW_ cannot stand beside",
        ),
        (
            with_client("ExplicitAuthFlows: [ALLOW_USER_SPR_AUTH]"),
            "Did you mean 'ALLOW_USER_SRP_AUTH'?",
        ),
        (POOL.replace("UserPoolTags", "UserPoolTag"), "Did you mean 'UserPoolTags'?"),
        (POOL.replace("UserPoolName: people", "UserPoolName: a/b"), "P133 'a/b' is no"),
        (POOL.replace("[email]", "[mail]"), "Did you mean 'email'?"),
        (
            POOL.replace("Cognito::UserPool\n", "Cognito::UserPol\n"),
            "P130 Unrecognized resource types: [AWS::Cognito::UserPol].",
        ),
        (
            POOL + "  G: &g {Type: AWS::Cognito::UserPoolGroup, Properties: "
            "{UserPoolId: !Ref People, GroupName: g}}\n  H: *g\n",
            "P135 A group with the name already exists",
        ),
        (
            POOL + "  D: {Type: AWS::Cognito::UserPoolDomain, Properties: "
            "{UserPoolId: !Ref People}}\n",
            "P132 AWS::Cognito::UserPoolDomain needs the property Domain",
        ),
    ],
)
def test_what_cognito_would_refuse_is_told_with_its_place(
    folder: Folder, text: str, words: str
) -> None:
    errors = folder.errors(text)
    assert words in errors[0], errors
    assert errors[0].startswith("template.yaml:")
