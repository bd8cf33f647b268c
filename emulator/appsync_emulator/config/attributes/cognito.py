"""Return values of AWS::Cognito types (CloudFormation template reference)."""

from appsync_emulator.config.attributes.kind import Kind
from appsync_emulator.config.ids import stable_uuid
from appsync_emulator.config.template.resource import Resource


def pool_id(resource: Resource) -> str:
    """Give the id of a user pool: the region, and nine letters and digits."""
    return f"{resource.pseudo.region}_{resource.id(length=9)}"


def provider_name(resource: Resource) -> str:
    """Give the issuer of a user pool's tokens, without `https://`."""
    pseudo = resource.pseudo
    return f"cognito-idp.{pseudo.region}.{pseudo.url_suffix}/{pool_id(resource)}"


def pool_arn(resource: Resource) -> str:
    """Give the ARN of a user pool."""
    return resource.pseudo.arn("cognito-idp", f"userpool/{pool_id(resource)}")


def client_secret(resource: Resource) -> str:
    """Give the secret of an app client that has one."""
    return resource.id(length=40)


def client_name(resource: Resource) -> str:
    """Give the name of an app client."""
    return resource.name("ClientName")


def group_name(resource: Resource) -> str:
    """Give the name of a group."""
    return resource.name("GroupName", limit=128)


def identity_pool_id(resource: Resource) -> str:
    """Give the id of an identity pool: the region, and a UUID."""
    unique = stable_uuid(resource.pseudo.stack_name, resource.logical_id)
    return f"{resource.pseudo.region}:{unique}"


def _domain(resource: Resource) -> str:
    return resource.text("Domain") or resource.name()


def _distribution(resource: Resource) -> str:
    return f"{resource.id(length=14)}.cloudfront.net"


KINDS = {
    "AWS::Cognito::UserPool": Kind(
        ref=pool_id,
        attributes={
            "Arn": pool_arn,
            "UserPoolId": pool_id,
            "ProviderName": provider_name,
            "ProviderURL": lambda resource: f"https://{provider_name(resource)}",
        },
        complete=True,
    ),
    "AWS::Cognito::UserPoolClient": Kind(
        ref=Resource.id,
        attributes={
            "ClientId": Resource.id,
            "ClientSecret": client_secret,
            "Name": client_name,
        },
        complete=True,
    ),
    "AWS::Cognito::UserPoolGroup": Kind(ref=group_name, complete=True),
    "AWS::Cognito::UserPoolDomain": Kind(
        ref=_domain,
        attributes={"CloudFrontDistribution": _distribution, "Id": _domain},
        complete=True,
    ),
    "AWS::Cognito::IdentityPool": Kind(
        ref=identity_pool_id,
        attributes={
            "Id": identity_pool_id,
            "Name": lambda resource: resource.name("IdentityPoolName"),
        },
        complete=True,
    ),
}
