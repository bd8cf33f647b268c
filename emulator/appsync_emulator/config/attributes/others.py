"""Return values of types that the emulator does not run.

They look like AWS's and never change. Sources: the Return values of each type in the
CloudFormation template reference.
"""

from collections.abc import Callable

from appsync_emulator.config.attributes.kind import Attribute, Kind
from appsync_emulator.config.ids import stable_uuid
from appsync_emulator.config.template.resource import Resource

_STREAM = "2024-01-01T00:00:00.000"


def _named(*properties: str, lower: bool = False) -> Attribute:
    """Make what gives the physical name.

    Args:
        properties: where the template may say the name.
        lower: whether names of the type are lower-case.
    """

    def name(resource: Resource) -> str:
        said = next(filter(None, map(resource.text, properties)), None)
        if said is not None:
            return said
        made_up = resource.name()
        return made_up.lower() if lower else made_up

    return name


def _arn(
    service: str, path: str, name: Attribute, *, local: bool = True, owned: bool = True
) -> Attribute:
    """Make what gives an ARN whose last part is `path` with the name in it."""

    def arn(resource: Resource) -> str:
        last = path.format(name(resource))
        return resource.pseudo.arn(service, last, region=local, account=owned)

    return arn


def _host(pattern: str) -> Callable[[Attribute], Attribute]:
    """Make a host name or URL: {0} is the name, {1} the region, {2} the domain."""

    def of(name: Attribute) -> Attribute:
        return lambda resource: pattern.format(
            name(resource), resource.pseudo.region, resource.pseudo.url_suffix
        )

    return of


def _uuid(resource: Resource) -> str:
    return stable_uuid(resource.pseudo.stack_name, resource.logical_id)


def _short_id(resource: Resource) -> str:
    return resource.id(length=10)


def _secret_arn(resource: Resource) -> str:
    last = f"secret:{_named('Name')(resource)}-{resource.id(length=6)}"
    return resource.pseudo.arn("secretsmanager", last)


def _role_arn(resource: Resource) -> str:
    path = resource.text("Path") or "/"
    last = f"role{path}{_named('RoleName')(resource)}"
    return resource.pseudo.arn("iam", last, region=False)


def _policy_arn(resource: Resource) -> str:
    path = resource.text("Path") or "/"
    last = f"policy{path}{_named('ManagedPolicyName')(resource)}"
    return resource.pseudo.arn("iam", last, region=False)


def _text(name: str) -> Attribute:
    return lambda resource: resource.text(name)


_TABLE = _named("TableName")
_BUCKET = _named("BucketName", lower=True)
_RULE = _named("Name")
_GROUP = _named("LogGroupName")
_STREAM_NAME = _named("Name")
_MACHINE = _named("StateMachineName")
_CLUSTER = _named("DBClusterIdentifier", lower=True)
_DOMAIN = _named("DomainName", lower=True)

_TABLE_KIND = Kind(
    ref=_TABLE,
    attributes={
        "Arn": _arn("dynamodb", "table/{}", _TABLE),
        "StreamArn": _arn("dynamodb", f"table/{{}}/stream/{_STREAM}", _TABLE),
        "TableId": _uuid,
    },
)
_DOMAIN_KIND = Kind(
    ref=_DOMAIN,
    attributes={
        "Arn": _arn("es", "domain/{}", _DOMAIN),
        "DomainArn": _arn("es", "domain/{}", _DOMAIN),
        "DomainEndpoint": _host("search-{0}.{1}.es.{2}")(_DOMAIN),
    },
)

KINDS = {
    "AWS::DynamoDB::Table": _TABLE_KIND,
    "AWS::DynamoDB::GlobalTable": _TABLE_KIND,
    "Custom::AmplifyDynamoDBTable": Kind(
        ref=_named("tableName"),
        attributes={
            "TableArn": _arn("dynamodb", "table/{}", _named("tableName")),
            "TableStreamArn": _arn(
                "dynamodb", f"table/{{}}/stream/{_STREAM}", _named("tableName")
            ),
        },
    ),
    "AWS::S3::Bucket": Kind(
        ref=_BUCKET,
        attributes={
            "Arn": _arn("s3", "{}", _BUCKET, local=False, owned=False),
            "DomainName": _host("{0}.s3.{2}")(_BUCKET),
            "RegionalDomainName": _host("{0}.s3.{1}.{2}")(_BUCKET),
            "DualStackDomainName": _host("{0}.s3.dualstack.{1}.{2}")(_BUCKET),
            "WebsiteURL": _host("http://{0}.s3-website-{1}.{2}")(_BUCKET),
        },
    ),
    "AWS::Events::Rule": Kind(
        ref=_RULE, attributes={"Arn": _arn("events", "rule/{}", _RULE)}
    ),
    "AWS::SecretsManager::Secret": Kind(
        ref=_secret_arn, attributes={"Id": _secret_arn}
    ),
    "AWS::SSM::Parameter": Kind(
        ref=_named("Name"), attributes={"Type": _text("Type"), "Value": _text("Value")}
    ),
    "AWS::Logs::LogGroup": Kind(
        ref=_GROUP, attributes={"Arn": _arn("logs", "log-group:{}:*", _GROUP)}
    ),
    "AWS::IAM::Role": Kind(
        ref=_named("RoleName"), attributes={"Arn": _role_arn, "RoleId": Resource.id}
    ),
    "AWS::IAM::ManagedPolicy": Kind(
        ref=_policy_arn, attributes={"PolicyArn": _policy_arn}
    ),
    "AWS::KMS::Key": Kind(
        ref=_uuid, attributes={"Arn": _arn("kms", "key/{}", _uuid), "KeyId": _uuid}
    ),
    "AWS::Kinesis::Stream": Kind(
        ref=_STREAM_NAME, attributes={"Arn": _arn("kinesis", "stream/{}", _STREAM_NAME)}
    ),
    "AWS::StepFunctions::StateMachine": Kind(
        ref=_arn("states", "stateMachine:{}", _MACHINE),
        attributes={
            "Arn": _arn("states", "stateMachine:{}", _MACHINE),
            "Name": _MACHINE,
        },
    ),
    "AWS::ApiGateway::RestApi": Kind(
        ref=_short_id,
        attributes={
            "RestApiId": _short_id,
            "RootResourceId": lambda resource: resource.id(length=9),
        },
    ),
    "AWS::ApiGatewayV2::Api": Kind(
        ref=_short_id,
        attributes={
            "ApiId": _short_id,
            "ApiEndpoint": _host("https://{0}.execute-api.{1}.{2}")(_short_id),
        },
    ),
    "AWS::OpenSearchService::Domain": _DOMAIN_KIND,
    "AWS::Elasticsearch::Domain": _DOMAIN_KIND,
    "AWS::RDS::DBCluster": Kind(
        ref=_CLUSTER,
        attributes={
            "DBClusterArn": _arn("rds", "cluster:{}", _CLUSTER),
            "Endpoint.Address": _host("{0}.cluster.{1}.rds.{2}")(_CLUSTER),
            "Endpoint.Port": lambda resource: resource.text("Port") or "3306",
        },
    ),
}
