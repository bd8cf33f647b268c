"""Ref and Fn::GetAtt of resources, as in "Return values" of each type's reference."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.errors import ProjectError

pytestmark = pytest.mark.aws_doc("CloudFormation template reference, Return values")
Evaluate = Callable[..., Any]

SECTIONS = """
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: a, AuthenticationType: API_KEY}
  Other:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: b, AuthenticationType: API_KEY}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties: {ApiId: api, Definition: x}
  Key: {Type: AWS::AppSync::ApiKey, Properties: {ApiId: api, ApiKeyId: da2-k}}
  Source:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: api, Name: src, Type: NONE}
  Resolver:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: api, TypeName: Query, FieldName: a, DataSourceName: src}
  Step:
    Type: AWS::AppSync::FunctionConfiguration
    Properties: {ApiId: api, Name: step, DataSourceName: !GetAtt Source.Name}
  Fn:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: fn}
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Fn}}
  Alias:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !GetAtt Fn.Arn, Name: live, FunctionVersion: '1'}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: things}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
  Fifo: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: files}}
  MyBucket: {Type: AWS::S3::Bucket}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: bus}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: r, Path: /svc/}}
  Pool: {Type: AWS::Cognito::UserPool}
  Client: {Type: AWS::Cognito::UserPoolClient}
  Identity: {Type: AWS::Cognito::IdentityPool}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: s}}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /a/b}}
  Setting: {Type: AWS::SSM::Parameter, Properties: {Name: /p, Type: String, Value: v}}
  Key2: {Type: AWS::KMS::Key}
  Machine: {Type: AWS::StepFunctions::StateMachine}
  Rest: {Type: AWS::ApiGateway::RestApi}
  Events: {Type: AWS::AppSync::Api, Properties: {Name: e}}
  Domain: {Type: AWS::AppSync::DomainName, Properties: {DomainName: a.example}}
  Layer: {Type: AWS::Lambda::LayerVersion, Properties: {LayerName: l}}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Fn}}
  Rights: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: p}}
  Search: {Type: AWS::OpenSearchService::Domain, Properties: {DomainName: d}}
  Db: {Type: AWS::RDS::DBCluster, Properties: {DBClusterIdentifier: c}}
  Thing: {Type: AWS::Some::Thing}
"""
ID = "[a-z][a-z0-9]{25}"
APPSYNC = "arn:aws:appsync:us-east-1:000000000000:"
LAMBDA = "arn:aws:lambda:us-east-1:000000000000:function:fn"
LOCAL = "us-east-1:000000000000"

VALUES = [
    ("!Ref Api", f"{APPSYNC}apis/{ID}"),
    ("!GetAtt Api.ApiId", ID),
    ("!GetAtt Api.Arn", f"{APPSYNC}apis/{ID}"),
    ("!GetAtt Api.GraphQLUrl", "http://localhost:20002/graphql"),
    ("!GetAtt Api.GraphQLDns", "localhost:20002"),
    ("!GetAtt Api.RealtimeUrl", "ws://localhost:20002/graphql/realtime"),
    ("!GetAtt Api.RealtimeDns", "localhost:20002"),
    ("!GetAtt Api.GraphQLEndpointArn", f"{APPSYNC}endpoints/graphql-api/{ID}"),
    ("!GetAtt Other.GraphQLUrl", f"http://localhost:20002/{ID}/graphql"),
    ("!GetAtt Other.RealtimeUrl", f"ws://localhost:20002/{ID}/graphql/realtime"),
    ("!Ref Schema", "apiGraphQLSchema"),
    ("!Ref Key", f"{APPSYNC}apis/api/apikeys/da2-k"),
    ("!GetAtt Key.ApiKey", "da2-k"),
    ("!GetAtt Key.ApiKeyId", "da2-k"),
    ("!GetAtt Key.Arn", f"{APPSYNC}apis/api/apikeys/da2-k"),
    ("!Ref Source", f"{APPSYNC}apis/api/datasources/src"),
    ("!GetAtt Source.DataSourceArn", f"{APPSYNC}apis/api/datasources/src"),
    ("!GetAtt Source.Name", "src"),
    ("!Ref Resolver", f"{APPSYNC}apis/api/types/Query/resolvers/a"),
    ("!GetAtt Resolver.ResolverArn", f"{APPSYNC}apis/api/types/Query/resolvers/a"),
    ("!GetAtt Resolver.TypeName", "Query"),
    ("!GetAtt Resolver.FieldName", "a"),
    ("!Ref Step", f"{APPSYNC}apis/api/functions/{ID}"),
    ("!GetAtt Step.FunctionArn", f"{APPSYNC}apis/api/functions/{ID}"),
    ("!GetAtt Step.FunctionId", ID),
    ("!GetAtt Step.Name", "step"),
    ("!GetAtt Step.DataSourceName", "src"),
    ("!Ref Fn", "fn"),
    ("!GetAtt Fn.Arn", LAMBDA),
    ("!Ref Version", f"{LAMBDA}:1"),
    ("!GetAtt Version.Version", "1"),
    ("!GetAtt Version.FunctionArn", f"{LAMBDA}:1"),
    ("!Ref Alias", f"{LAMBDA}:live"),
    ("!GetAtt Alias.AliasArn", f"{LAMBDA}:live"),
    ("!Ref Table", "things"),
    ("!GetAtt Table.Arn", f"arn:aws:dynamodb:{LOCAL}:table/things"),
    ("!GetAtt Table.StreamArn", f"arn:aws:dynamodb:{LOCAL}:table/things/stream/20.+"),
    ("!Ref Queue", "https://sqs.us-east-1.amazonaws.com/000000000000/jobs"),
    ("!GetAtt Queue.Arn", f"arn:aws:sqs:{LOCAL}:jobs"),
    ("!GetAtt Queue.QueueName", "jobs"),
    ("!GetAtt Fifo.QueueName", "shop-Fifo-[A-Z0-9]{12}.fifo"),
    ("!Ref Topic", f"arn:aws:sns:{LOCAL}:news"),
    ("!GetAtt Topic.TopicName", "news"),
    ("!Ref Bucket", "files"),
    ("!Ref MyBucket", "shop-mybucket-[a-z0-9]{12}"),
    ("!GetAtt Bucket.Arn", "arn:aws:s3:::files"),
    ("!GetAtt Bucket.DomainName", "files.s3.amazonaws.com"),
    ("!GetAtt Bucket.RegionalDomainName", "files.s3.us-east-1.amazonaws.com"),
    ("!Ref Bus", "bus"),
    ("!GetAtt Bus.Arn", f"arn:aws:events:{LOCAL}:event-bus/bus"),
    ("!Ref Role", "r"),
    ("!GetAtt Role.Arn", "arn:aws:iam::000000000000:role/svc/r"),
    ("!Ref Pool", "us-east-1_[a-z0-9]{9}"),
    ("!GetAtt Pool.Arn", f"arn:aws:cognito-idp:{LOCAL}:userpool/us-east-1_.{{9}}"),
    ("!GetAtt Pool.ProviderURL", "https://cognito-idp.us-east-1.amazonaws.com/us-.*"),
    ("!Ref Client", "[a-z0-9]{26}"),
    ("!Ref Identity", "us-east-1:[0-9a-f-]{36}"),
    ("!Ref Secret", f"arn:aws:secretsmanager:{LOCAL}:secret:s-[a-z0-9]{{6}}"),
    ("!Ref Group", "/a/b"),
    ("!GetAtt Group.Arn", f"arn:aws:logs:{LOCAL}:log-group:/a/b:[*]"),
    ("!Ref Setting", "/p"),
    ("!GetAtt Setting.Value", "v"),
    ("!GetAtt Key2.Arn", f"arn:aws:kms:{LOCAL}:key/[0-9a-f-]{{36}}"),
    (
        "!Ref Machine",
        f"arn:aws:states:{LOCAL}:stateMachine:shop-Machine-[A-Z0-9]{{12}}",
    ),
    ("!Ref Rest", "[a-z0-9]{10}"),
    ("!GetAtt Events.ApiArn", f"{APPSYNC}apis/{ID}"),
    ("!GetAtt Events.Dns.Http", f"{ID}.appsync-api.us-east-1.amazonaws.com"),
    ("!GetAtt Domain.AppSyncDomainName", "a.example"),
    ("!Ref Layer", f"arn:aws:lambda:{LOCAL}:layer:l:1"),
    ("!Ref Url", LAMBDA),
    ("!GetAtt Url.FunctionUrl", "https://[a-z0-9]{32}.lambda-url.us-east-1.on.aws/"),
    ("!Ref Rights", "arn:aws:iam::000000000000:policy/p"),
    ("!GetAtt Search.DomainEndpoint", "search-d.us-east-1.es.amazonaws.com"),
    ("!GetAtt Db.Endpoint.Port", "3306"),
]


@pytest.mark.parametrize(("value", "pattern"), VALUES, ids=[v for v, _ in VALUES])
def test_return_values(evaluate: Evaluate, value: str, pattern: str) -> None:
    found = evaluate(value, SECTIONS)
    assert re.fullmatch(pattern, found), found


@pytest.mark.ours("a made-up value is better than none where nothing is run")
def test_unknown_types_have_values_that_stay_the_same(evaluate: Evaluate) -> None:
    arn = evaluate("!GetAtt Thing.SomeArn", SECTIONS)
    name = evaluate("!Ref Thing", SECTIONS)
    assert re.fullmatch("shop-Thing-[A-Z0-9]{12}", name)
    assert arn == f"arn:aws:some:{LOCAL}:thing/{name}"
    assert evaluate("!GetAtt Thing.Whatever", SECTIONS) == f"{name}.Whatever"


@pytest.mark.ours("codes, lines and nearest names of what AWS refuses too")
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("!GetAtt Api.GraphQLURL", r"P113 .*Did you mean 'GraphQLUrl'\?"),
        (
            "!GetAtt Fn.Name",
            "P113 Requested attribute Name does not exist in schema for",
        ),
        ("!Sub '${Key.Key}'", r"P113 .*Did you mean 'ApiKey'\?"),
    ],
)
def test_an_unknown_attribute_is_refused(
    evaluate: Evaluate, value: str, message: str
) -> None:
    with pytest.raises(ProjectError, match=message):
        evaluate(value, SECTIONS)


@pytest.mark.ours("where further APIs are served")
def test_urls_follow_the_deployment(evaluate: Evaluate) -> None:
    urls = {"base_url": "https://box:9", "realtime_url": "wss://box:9"}
    assert evaluate("!GetAtt Api.GraphQLUrl", SECTIONS, **urls) == (
        "https://box:9/graphql"
    )
    assert evaluate("!GetAtt Api.RealtimeUrl", SECTIONS, **urls) == (
        "wss://box:9/graphql/realtime"
    )


@pytest.mark.ours("a property that needs its own resource cannot be evaluated")
def test_a_resource_that_needs_itself_is_refused(folder: Any) -> None:
    text = """
    Resources:
      A: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt A.QueueName}}
    Outputs:
      Name: {Value: !GetAtt A.QueueName}
    """
    first, second = folder.errors(text)
    assert "3 (A): P114 Circular dependency between resources: [A]." in first
    assert "3 (A): P114 A.QueueName depends on itself." in second
