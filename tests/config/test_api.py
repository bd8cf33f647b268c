"""AppSync's resource types as they come out in the model."""

import re
from typing import Any

import pytest

from appsync_emulator.model import ApiKey, AuthProvider, Code
from appsync_emulator.types import Origin

pytestmark = pytest.mark.aws_doc("CloudFormation template reference, AWS::AppSync")


def test_an_api_has_the_properties_of_its_resource(folder: Any) -> None:
    text = """
    Resources:
      Api:
        Type: AWS::AppSync::GraphQLApi
        Properties:
          Name: !Sub '${AWS::StackName}-api'
          AuthenticationType: AMAZON_COGNITO_USER_POOLS
          UserPoolConfig:
            UserPoolId: !Ref Pool
            AwsRegion: !Ref AWS::Region
            DefaultAction: ALLOW
          AdditionalAuthenticationProviders:
            - AuthenticationType: AWS_LAMBDA
              LambdaAuthorizerConfig:
                AuthorizerUri: !GetAtt Check.Arn
                AuthorizerResultTtlInSeconds: '60'
            - {AuthenticationType: AWS_IAM}
            - AuthenticationType: OPENID_CONNECT
              OpenIDConnectConfig: {Issuer: https://id.example, AuthTTL: 1.5}
          EnvironmentVariables: {TABLE: !Ref Table, LEVEL: 3}
          IntrospectionConfig: DISABLED
          QueryDepthLimit: 5
          ResolverCountLimit: 50
          XrayEnabled: true
          Visibility: GLOBAL
          LogConfig: {FieldLogLevel: ALL, CloudWatchLogsRoleArn: !GetAtt Role.Arn}
          Tags: [{Key: a, Value: b}]
      Role: {Type: AWS::IAM::Role}
      Pool: {Type: AWS::Cognito::UserPool}
      Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: things}}
      Check:
        Type: AWS::Lambda::Function
        Properties:
          FunctionName: check
          Code: {ZipFile: x}
          Handler: index.handler
          Runtime: python3.12
    """
    (api,) = folder.load(text, region="eu-west-1").apis
    assert re.fullmatch("[a-z][a-z0-9]{25}", api.id)
    assert api.name == "shop-api"
    assert api.auth.type == "AMAZON_COGNITO_USER_POOLS"
    pool = api.auth.settings["UserPoolId"]
    assert re.fullmatch("eu-west-1_[a-z0-9]{9}", pool)
    assert api.auth.settings == {
        "UserPoolId": pool,
        "AwsRegion": "eu-west-1",
        "DefaultAction": "ALLOW",
    }
    path = str(folder.path / "template.yaml")
    assert api.additional_auth == (
        AuthProvider(
            "AWS_LAMBDA",
            Origin(path, 13, "Api"),
            {
                "AuthorizerUri": "arn:aws:lambda:eu-west-1:000000000000:function:check",
                "AuthorizerResultTtlInSeconds": 60,
            },
        ),
        AuthProvider("AWS_IAM", Origin(path, 17, "Api")),
        AuthProvider(
            "OPENID_CONNECT",
            Origin(path, 18, "Api"),
            {"Issuer": "https://id.example", "AuthTTL": 1.5},
        ),
    )
    assert api.environment == {"TABLE": "things", "LEVEL": "3"}
    assert not api.introspection
    assert (api.query_depth_limit, api.resolver_count_limit) == (5, 50)
    assert api.origin == Origin(path, 3, "Api")
    assert api.schema is None


def test_what_is_not_said_has_the_default_of_aws(folder: Any, api: str) -> None:
    (found,) = folder.load(api).apis
    assert found.auth == AuthProvider(
        "API_KEY", Origin(str(folder.path / "template.yaml"), 7, "Api")
    )
    assert found.introspection
    assert (found.query_depth_limit, found.resolver_count_limit) == (0, 0)
    assert found.environment == {}


@pytest.mark.ours("ids never change: clients keep them in their configuration")
def test_ids_and_keys_stay_the_same_when_the_template_changes(
    folder: Any, api: str
) -> None:
    key = """
  Key:
    Type: AWS::AppSync::ApiKey
    Properties: {ApiId: !GetAtt Api.ApiId}
"""
    before = folder.load(api + key).apis[0]
    more = "  Aa: {Type: AWS::SQS::Queue}\n"
    after = folder.load(api.replace("shop", "other") + more + key).apis[0]
    assert (before.id, before.api_keys[0].key) == (after.id, after.api_keys[0].key)
    other = folder.load(api + key, stack_name="other").apis[0]
    assert other.id != before.id
    assert re.fullmatch("da2-[a-z0-9]{26}", before.api_keys[0].key)


KEYS = """
  One:
    Type: AWS::AppSync::ApiKey
    Properties: {ApiId: !GetAtt Api.ApiId, Expires: 1893456000, Description: a}
  Two:
    Type: AWS::AppSync::ApiKey
    Properties: {ApiId: !GetAtt Api.ApiId, ApiKeyId: da2-mine}
Outputs:
  One: {Value: !GetAtt One.ApiKey}
  OneId: {Value: !GetAtt One.ApiKeyId}
  Two: {Value: !GetAtt Two.ApiKey}
"""


def test_keys_expire_when_the_template_says_so(folder: Any, api: str) -> None:
    application = folder.load(api + KEYS)
    one, two = application.apis[0].api_keys
    assert (one.expires, two.expires) == (1893456000, None)
    assert application.outputs["One"] == application.outputs["OneId"] == one.key


@pytest.mark.ours("a key in the template is used as it is")
def test_a_key_of_ones_own_is_kept(folder: Any, api: str) -> None:
    application = folder.load(api + KEYS)
    assert application.apis[0].api_keys[1].key == "da2-mine"
    assert application.outputs["Two"] == "da2-mine"


@pytest.mark.ours("the setting api_key replaces keys by their order")
def test_keys_of_the_deployment_replace_those_of_the_template(
    folder: Any, api: str
) -> None:
    one = folder.load(api + KEYS, api_keys=("a",))
    assert [key.key for key in one.apis[0].api_keys] == ["a", "da2-mine"]
    both = folder.load(api + KEYS, api_keys=("a", "b", "c"))
    assert [key.key for key in both.apis[0].api_keys] == ["a", "b"]
    assert both.outputs == {"One": "a", "OneId": "a", "Two": "b"}


@pytest.mark.ours("on AWS the API would refuse everybody until a key is made by hand")
def test_an_api_that_wants_a_key_and_has_none_gets_one(folder: Any, api: str) -> None:
    (key,) = folder.load(api).apis[0].api_keys
    assert re.fullmatch("da2-[a-z0-9]{26}", key.key)
    assert key.expires is None
    assert folder.load(api, api_keys=("mine",)).apis[0].api_keys[0].key == "mine"
    iam = folder.load(api.replace("API_KEY", "AWS_IAM")).apis[0]
    assert iam.api_keys == ()


def test_schema_inline_and_in_a_file(folder: Any, api: str) -> None:
    inline = (
        api
        + """
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: |
        type Query {
          a: Int
        }
"""
    )
    path = str(folder.path / "template.yaml")
    schema = folder.load(inline).apis[0].schema
    assert schema.text == "type Query {\n  a: Int\n}\n"
    assert schema.origin == Origin(path, 14, "Schema")
    assert schema.path is None
    file = folder.write("graphql/schema.graphql", "type Query { a: Int }\n")
    located = inline[: inline.index("Definition")]
    located += "DefinitionS3Location: graphql/schema.graphql\n"
    schema = folder.load(located).apis[0].schema
    assert schema.text == "type Query { a: Int }\n"
    assert schema.origin == Origin(str(file), 1, "Schema")
    assert schema.path == file


SOURCES = """
  None:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: Nothing, Type: NONE}
  Fn:
    Type: AWS::AppSync::DataSource
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: Fn
      Type: AWS_LAMBDA
      LambdaConfig:
        LambdaFunctionArn: !Sub 'arn:aws:lambda:${AWS::Region}:1:function:f:live'
      ServiceRoleArn: !ImportValue some-role
  Http:
    Type: AWS::AppSync::DataSource
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: Http
      Type: HTTP
      HttpConfig:
        Endpoint: https://api.example
        AuthorizationConfig:
          AuthorizationType: AWS_IAM
          AwsIamConfig: {SigningRegion: us-east-1, SigningServiceName: states}
  Table:
    Type: AWS::AppSync::DataSource
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: Table
      Type: AMAZON_DYNAMODB
      DynamoDBConfig: {TableName: t, AwsRegion: us-east-1, Versioned: 'true'}
"""


def test_data_sources_by_name(folder: Any, api: str) -> None:
    text = (api + SOURCES).replace(":1:function", ":123456789012:function")
    sources = folder.load(text).apis[0].data_sources
    assert list(sources) == ["Nothing", "Fn", "Http", "Table"]
    assert sources["Nothing"].settings == {}
    assert sources["Fn"].function == (
        "arn:aws:lambda:us-east-1:123456789012:function:f:live"
    )
    assert sources["Http"].settings == {
        "Endpoint": "https://api.example",
        "AuthorizationConfig": {
            "AuthorizationType": "AWS_IAM",
            "AwsIamConfig": {
                "SigningRegion": "us-east-1",
                "SigningServiceName": "states",
            },
        },
    }
    assert sources["Table"].settings == {
        "TableName": "t",
        "AwsRegion": "us-east-1",
        "Versioned": True,
    }


RESOLVERS = """
  NoneSource:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: Nothing, Type: NONE}
  Step:
    Type: AWS::AppSync::FunctionConfiguration
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: step
      DataSourceName: !GetAtt NoneSource.Name
      FunctionVersion: 2018-05-29
      RequestMappingTemplate: '{}'
      ResponseMappingTemplateS3Location: response.vtl
      MaxBatchSize: 5
  Pipeline:
    Type: AWS::AppSync::Resolver
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: Query
      FieldName: many
      Kind: PIPELINE
      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      CodeS3Location: ./many.js
      PipelineConfig: {Functions: [!GetAtt Step.FunctionId]}
      CachingConfig: {Ttl: 60, CachingKeys: [$context.arguments.id]}
  Direct:
    Type: AWS::AppSync::Resolver
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: Query
      FieldName: one
      DataSourceName: Nothing
"""


def test_resolvers_and_functions(folder: Any, api: str) -> None:
    folder.write("response.vtl", "$util.toJson($ctx.result)")
    folder.write("many.js", "export const x = 1")
    application = folder.load(api + RESOLVERS)
    found = application.apis[0]
    (step,) = found.functions.values()
    assert re.fullmatch("[a-z][a-z0-9]{25}", step.id)
    assert (step.name, step.data_source, step.max_batch_size) == ("step", "Nothing", 5)
    assert step.code.runtime == "VTL"
    assert step.code.request.text == "{}"
    assert step.code.request.origin.line == 19
    assert step.code.response.text == "$util.toJson($ctx.result)"
    pipeline, direct = found.resolvers
    assert (pipeline.type_name, pipeline.field_name) == ("Query", "many")
    assert (pipeline.kind, pipeline.data_source) == ("PIPELINE", None)
    assert pipeline.functions == (step.id,)
    assert pipeline.code.runtime == "APPSYNC_JS"
    assert pipeline.code.code.path == folder.path / "many.js"
    assert pipeline.caching == {"Ttl": 60, "CachingKeys": ["$context.arguments.id"]}
    assert (direct.kind, direct.data_source) == ("UNIT", "Nothing")
    assert direct.code == Code("VTL")
    assert application.files == tuple(
        folder.path / name for name in ("template.yaml", "response.vtl", "many.js")
    )


def resource(kind: str, properties: str) -> str:
    return f"""
  It:
    Type: AWS::AppSync::{kind}
    Properties:
      ApiId: !GetAtt Api.ApiId
      {properties}
"""


JS = "Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}"
UNIT = "{ApiId: !GetAtt Api.ApiId, TypeName: Query, FieldName: a, DataSourceName: d"
WRONG = [
    ("GraphQLSchema", "", "P132 AWS::AppSync::GraphQLSchema needs Definition or Defi"),
    ("GraphQLSchema", "Definition: {a: b}", "P133 Definition must be a string, not an"),
    ("GraphQLSchema", "Definition: null", "P132"),
    (
        "GraphQLSchema",
        "{Definition: a, DefinitionS3Location: b}",
        "P134 Definition and DefinitionS3Location exclude each other.",
    ),
    ("GraphQLSchema", "Definition: file://a", "P140 Definition holds the text itself"),
    ("ApiKey", "Expires: soon", "P133 Expires must be a whole number, not 'soon'."),
    ("ApiKey", "Expires: 1.5", "P133 Expires must be a whole number, not 1.5."),
    ("ApiKey", "Expries: 1", "P131 Encountered unsupported property Expries in AWS::A"),
    ("DataSource", "Name: a", "P132 AWS::AppSync::DataSource needs the property Type."),
    (
        "DataSource",
        "{Name: a, Type: AWS_LAMDA}",
        "P133 Type cannot be 'AWS_LAMDA'. Did you mean 'AWS_LAMBDA'?",
    ),
    ("DataSource", "{Name: a, Type: AWS_LAMBDA}", "P134 A data source of type AWS_LAM"),
    ("DataSource", "{Name: a-b, Type: NONE}", "P133 Name cannot be 'a-b': a letter"),
    (
        "DataSource",
        "{Name: a, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: fn}}",
        "P133 'fn' is no ARN of a Lambda function; !GetAtt Name.Arn gives",
    ),
    (
        "DataSource",
        "{Name: a, Type: HTTP, HttpConfig: {EndPoint: x}}",
        (
            "P131 Encountered unsupported property EndPoint in HttpConfig. Did you "
            "mean 'Endpoint'?"
        ),
    ),
    (
        "DataSource",
        "{Name: a, Type: HTTP, HttpConfig: x}",
        "must be an object, not a s",
    ),
    ("Resolver", "TypeName: Query", "P132 AWS::AppSync::Resolver needs the property F"),
    ("Resolver", "{TypeName: Q, FieldName: a}", "P132 A UNIT resolver needs DataSourc"),
    (
        "Resolver",
        "{TypeName: Q, FieldName: a, DataSourceName: d, Kind: pipeline}",
        "P133 Kind cannot be 'pipeline'. Did you mean 'PIPELINE'?",
    ),
    (
        "Resolver",
        "{TypeName: Q, FieldName: a, DataSourceName: d, Kind: PIPELINE}",
        "P134 A PIPELINE resolver has no DataSourceName",
    ),
    (
        "Resolver",
        "{TypeName: Q, FieldName: a, DataSourceName: d, PipelineConfig: {}}",
        "P134 A UNIT resolver has no PipelineConfig",
    ),
    (
        "Resolver",
        "{TypeName: Q, FieldName: a, Kind: PIPELINE, PipelineConfig: {Functions: x}}",
        "P133 PipelineConfig.Functions must be a list, not a string.",
    ),
    (
        "Resolver",
        "{TypeName: Q, FieldName: a, DataSourceName: d, Code: x}",
        "P134 Code needs a Runtime with the name APPSYNC_JS.",
    ),
    (
        "Resolver",
        f"{{TypeName: Q, FieldName: a, DataSourceName: d, {JS}}}",
        "P134 The runtime APPSYNC_JS needs Code or CodeS3Location.",
    ),
    (
        "Resolver",
        (
            f"{{TypeName: Q, FieldName: a, DataSourceName: d, {JS}, Code: x, "
            "RequestMappingTemplate: y}"
        ),
        "P134 The runtime APPSYNC_JS has no mapping templates.",
    ),
    (
        "Resolver",
        "{TypeName: Q, FieldName: a, DataSourceName: d, MaxBatchSize: 2001}",
        "P133 MaxBatchSize is 2001, more than 2000.",
    ),
    (
        "Resolver",
        "{TypeName: Q, FieldName: a, DataSourceName: d, MaxBatchSize: -1}",
        "P133 MaxBatchSize is -1, less than 0.",
    ),
    (
        "Resolver",
        "{TypeName: Q, FieldName: a, DataSourceName: d, CachingConfig: {}}",
        "P132 CachingConfig needs the property Ttl.",
    ),
    ("FunctionConfiguration", "Name: a", "needs the property DataSourceName."),
    (
        "FunctionConfiguration",
        "{Name: a, DataSourceName: b, RequestMappingTemplateS3Location: no.vtl}",
        "P140 no.vtl does not exist.",
    ),
]


@pytest.mark.ours("codes, lines and nearest names of what AWS refuses too")
@pytest.mark.parametrize(("kind", "properties", "message"), WRONG)
def test_a_wrong_property_is_refused_with_its_place(
    folder: Any, api: str, kind: str, properties: str, message: str
) -> None:
    if properties.startswith("{"):
        body = f"{{ApiId: !GetAtt Api.ApiId, {properties[1:]}"
        text = (
            f"\n  It:\n    Type: AWS::AppSync::{kind}\n    Properties:\n      {body}\n"
        )
    else:
        text = resource(kind, properties)
    (error,) = folder.errors(api + text)
    assert message in error
    assert re.match(r"template\.yaml:(9|10|12|13|14) \(It\): ", error)


API_WRONG = [
    ("Name: a", "P132 AWS::AppSync::GraphQLApi needs the property AuthenticationType."),
    ("{Name: a, AuthenticationType: API_KEYS}", "Did you mean 'API_KEY'?"),
    ("{Name: a, AuthenticationType: AWS_LAMBDA}", "P134 The authorization mode AWS_LA"),
    ("{Name: a, AuthenticationType: API_KEY, ApiType: MERGED}", "P150 Merged APIs are"),
    ("{Name: a, AuthenticationType: API_KEY, QueryDepthLimit: 76}", "more than 75"),
    ("{Name: a, AuthenticationType: API_KEY, XRayEnabled: 1}", "mean 'XrayEnabled'?"),
    (
        "{Name: a, AuthenticationType: API_KEY, EnvironmentVariables: {1A: x}}",
        "P133 EnvironmentVariables has the name '1A'",
    ),
    (
        "{Name: a, AuthenticationType: API_KEY, EnvironmentVariables: {AB: %s}}"
        % ("x" * 513),
        "P133 EnvironmentVariables has a value of more than 512 characters for AB.",
    ),
    (
        "{{Name: a, AuthenticationType: API_KEY, EnvironmentVariables: {{{}}}}}".format(
            ", ".join(f"V{number}: x" for number in range(10, 61))
        ),
        "P133 EnvironmentVariables has more than 50 variables.",
    ),
    (
        (
            "{Name: a, AuthenticationType: API_KEY, AdditionalAuthenticationProviders: "
            "[{AuthenticationType: OPENID_CONNECT}]}"
        ),
        "P134 The authorization mode OPENID_CONNECT needs OpenIDConnectConfig.",
    ),
    (
        "{Name: a, AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {}}",
        "P132 LambdaAuthorizerConfig needs the property AuthorizerUri.",
    ),
    (
        "{Name: a, AuthenticationType: OPENID_CONNECT, OpenIDConnectConfig: {}}",
        "P132 OpenIDConnectConfig needs the property Issuer.",
    ),
    (
        "{Name: a, AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {}}",
        "P132 UserPoolConfig needs the property UserPoolId.",
    ),
    (
        (
            "{Name: a, AuthenticationType: AWS_IAM, AdditionalAuthenticationProviders: "
            "[{AuthenticationType: AWS_IAM}]}"
        ),
        "P134 The authorization mode AWS_IAM is there twice.",
    ),
    (
        (
            "{Name: a, AuthenticationType: API_KEY, AdditionalAuthenticationProviders: "
            "[{AuthenticationType: OPENID_CONNECT, OpenIDConnectConfig: {Issuer: x}}, "
            "{AuthenticationType: OPENID_CONNECT, OpenIDConnectConfig: {Issuer: x}}]}"
        ),
        "P134 The authorization mode OPENID_CONNECT of x is there twice.",
    ),
    (
        "{Name: a, AuthenticationType: API_KEY, LogConfig: {ExcludeVerboseContent: x}}",
        "P133 LogConfig.ExcludeVerboseContent must be a boolean, not 'x'.",
    ),
]


@pytest.mark.ours("codes, lines and nearest names of what AWS refuses too")
@pytest.mark.parametrize(("properties", "message"), API_WRONG)
def test_a_wrong_property_of_an_api_is_refused(
    folder: Any, properties: str, message: str
) -> None:
    text = f"""
    Resources:
      Api:
        Type: AWS::AppSync::GraphQLApi
        Properties: {properties if properties[0] == "{" else "{" + properties + "}"}
    """
    (error,) = folder.errors(text)
    assert message in error


def test_one_field_has_one_resolver(folder: Any, api: str) -> None:
    one = "{ApiId: !GetAtt Api.ApiId, TypeName: Q, FieldName: a, DataSourceName: d}"
    text = (
        api
        + f"""
  A: {{Type: AWS::AppSync::Resolver, Properties: {one}}}
  B: {{Type: AWS::AppSync::Resolver, Properties: {one}}}
"""
    )
    (error,) = folder.errors(text)
    assert "10 (B): P135 Only one resolver is allowed per field; Q.a has one" in error


def test_names_of_data_sources_and_the_schema_are_there_once(
    folder: Any, api: str
) -> None:
    source = "{ApiId: !GetAtt Api.ApiId, Name: a, Type: NONE}"
    schema = "{ApiId: !GetAtt Api.ApiId, Definition: a}"
    text = (
        api
        + f"""
  A: {{Type: AWS::AppSync::DataSource, Properties: {source}}}
  B: {{Type: AWS::AppSync::DataSource, Properties: {source}}}
  C: {{Type: AWS::AppSync::GraphQLSchema, Properties: {schema}}}
  D: {{Type: AWS::AppSync::GraphQLSchema, Properties: {schema}}}
"""
    )
    first, second = folder.errors(text)
    assert "10 (B): P135 Data source with name a already exists" in first
    assert "12 (D): P135 The API has a schema already" in second


@pytest.mark.ours("an id that is no API's is told with what gives one")
def test_an_api_id_must_be_of_an_api(folder: Any, api: str) -> None:
    text = api + "  K: {Type: AWS::AppSync::ApiKey, Properties: {ApiId: !Ref Api}}\n"
    (error,) = folder.errors(text)
    assert "8 (K): P112 ApiId 'arn:aws:appsync:" in error
    assert "!GetAtt Api.ApiId gives the id" in error


def test_keys_are_part_of_their_api_in_order(folder: Any, api: str) -> None:
    application = folder.load(api + KEYS)
    path = str(folder.path / "template.yaml")
    assert application.apis[0].api_keys[1] == ApiKey(
        "da2-mine", None, Origin(path, 12, "Two")
    )
