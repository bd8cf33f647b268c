"""Resource types: which are run, which exist, which are not worth naming."""

from fnmatch import fnmatchcase

_APPSYNC = (
    *("Api", "ApiCache", "ApiKey", "ChannelNamespace", "DataSource", "DomainName"),
    *("DomainNameApiAssociation", "FunctionConfiguration", "GraphQLApi"),
    *("GraphQLSchema", "Resolver", "SourceApiAssociation", "Type"),
)
_COGNITO = (
    *("IdentityPool", "IdentityPoolPrincipalTag", "IdentityPoolRoleAttachment"),
    *("LogDeliveryConfiguration", "ManagedLoginBranding", "Terms", "UserPool"),
    *("UserPoolClient", "UserPoolDomain", "UserPoolGroup", "UserPoolIdentityProvider"),
    *("UserPoolResourceServer", "UserPoolRiskConfigurationAttachment"),
    *("UserPoolUICustomizationAttachment", "UserPoolUser"),
    "UserPoolUserToGroupAttachment",
)
_LAMBDA = (
    *("Alias", "CapacityProvider", "CodeSigningConfig", "EventInvokeConfig"),
    *("EventSourceMapping", "Function", "LayerVersion", "LayerVersionPermission"),
    *("Permission", "Url", "Version"),
)
_SERVERLESS = (
    *("Api", "Application", "CapacityProvider", "Connector", "Function", "GraphQLApi"),
    *("HttpApi", "LayerVersion", "SimpleTable", "StateMachine", "WebSocketApi"),
)

APPLICATION = "AWS::Serverless::Application"
SERVERLESS = "AWS::Serverless::"
"""What the types begin with that only the SAM transform knows."""

KNOWN = {
    "AWS::AppSync::": tuple(f"AWS::AppSync::{name}" for name in _APPSYNC),
    "AWS::Cognito::": tuple(f"AWS::Cognito::{name}" for name in _COGNITO),
    "AWS::Lambda::": tuple(f"AWS::Lambda::{name}" for name in _LAMBDA),
    "AWS::Serverless::": tuple(f"AWS::Serverless::{name}" for name in _SERVERLESS),
}
"""All types of the services whose types the emulator runs."""

RUN = (
    "AWS::AppSync::ApiKey",
    "AWS::AppSync::DataSource",
    "AWS::AppSync::FunctionConfiguration",
    "AWS::AppSync::GraphQLApi",
    "AWS::AppSync::GraphQLSchema",
    "AWS::AppSync::Resolver",
    "AWS::CloudFormation::Stack",
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolClient",
    "AWS::Cognito::UserPoolGroup",
    "AWS::Events::EventBus",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Version",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
)

_ADMINISTRATIVE = (
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::Stage",
    "AWS::AppSync::DomainName*",
    "AWS::ApplicationAutoScaling::*",
    "AWS::CDK::Metadata",
    "AWS::CertificateManager::*",
    "AWS::CloudFormation::WaitCondition*",
    "AWS::CloudWatch::*",
    "AWS::CodeDeploy::*",
    "AWS::EC2::*",
    "AWS::IAM::*",
    "AWS::KMS::*",
    "AWS::Lambda::CodeSigningConfig",
    "AWS::Lambda::LayerVersionPermission",
    "AWS::Lambda::Permission",
    "AWS::Logs::*",
    "AWS::Route53::*",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::WAFv2::*",
    "Custom::CDKBucketDeployment",
    "Custom::LogRetention",
    "Custom::S3AutoDeleteObjects",
)
"""What an application does without on one machine: rights, networks, logs, keys."""


def is_administrative(kind: str) -> bool:
    """Tell types that a user does not miss when they are not run."""
    return any(fnmatchcase(kind, pattern) for pattern in _ADMINISTRATIVE)


def is_known(kind: str) -> bool:
    """Tell whether a type may exist; only of a few services all types are known."""
    for prefix, types in KNOWN.items():
        if kind.startswith(prefix):
            return kind in types
    parts = kind.split("::")
    return len(parts) >= 3 or (len(parts) == 2 and parts[0] == "Custom")
