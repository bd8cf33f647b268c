"""Templates with the SAM transform."""

import subprocess
import sys
from typing import Any

import pytest

from appsync_emulator.types import Origin

pytestmark = pytest.mark.aws_doc("SAM developer guide, AWS::Serverless resources")

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
Globals:
  Function:
    Runtime: python3.12
    Timeout: 9
    Environment:
      Variables:
        STAGE: !Ref Stage
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Policies: [AWSLambdaBasicExecutionRole, AmazonS3ReadOnlyAccess]
      AutoPublishAlias: live
      EventInvokeConfig: {MaximumRetryAttempts: 1}
      Environment:
        Variables:
          KEY: !GetAtt ApiMain.ApiKey
  Inline:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: inline
      InlineCode: |
        def handler(e, c):
            return 1
      Handler: index.handler
      Events:
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}
        Http: {Type: Api, Properties: {Path: /a, Method: get}}
  Queue: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::Serverless::SimpleTable}
  Api:
    Type: AWS::Serverless::GraphQLApi
    Properties:
      SchemaUri: schema.graphql
      Auth: {Type: API_KEY}
      ApiKeys:
        Main: {ExpiresOn: 1893456000}
      DataSources:
        Lambda:
          Chat: {FunctionArn: !GetAtt Fn.Arn}
        DynamoDb:
          Things: {TableName: !Ref Table, TableArn: !GetAtt Table.Arn}
      Functions:
        ask:
          Runtime: {Name: APPSYNC_JS, Version: 1.0.0}
          DataSource: Chat
          CodeUri: resolvers/ask.js
        publish:
          Runtime: {Name: APPSYNC_JS, Version: 1.0.0}
          DataSource: NONE
          InlineCode: |
            export function request() { return {} }
            export function response() { return 1 }
      Resolvers:
        Mutation:
          ask: {Pipeline: [ask]}
          publish: {Pipeline: [publish]}
Outputs:
  Url: {Value: !GetAtt Api.GraphQLUrl}
"""


def line_of(text: str) -> int:
    return TEMPLATE[: TEMPLATE.index(text)].count("\n") + 1


def write(folder: Any) -> None:
    folder.write("src/app.py")
    folder.write("schema.graphql", "type Query { a: Int }\n")
    folder.write("resolvers/ask.js", "export const a = 1\n")


def test_serverless_resources_become_an_application(folder: Any) -> None:
    write(folder)
    application = folder.load(TEMPLATE)
    path = str(folder.path / "template.yaml")
    (api,) = application.apis
    assert (api.name, api.auth.type) == ("Api", "API_KEY")
    assert api.schema.path == folder.path / "schema.graphql"
    assert [key.expires for key in api.api_keys] == [1893456000]
    names = {name: source.type for name, source in api.data_sources.items()}
    assert names == {
        "Chat": "AWS_LAMBDA",
        "Things": "AMAZON_DYNAMODB",
        "ApiNoneDataSource": "NONE",
    }
    by_name = {step.name: step for step in api.functions.values()}
    assert by_name["ask"].code.code.path == folder.path / "resolvers/ask.js"
    assert by_name["publish"].data_source == "ApiNoneDataSource"
    fields = {resolver.field_name: resolver.functions[0] for resolver in api.resolvers}
    assert fields == {name: by_name[name].id for name in ("ask", "publish")}
    assert application.outputs == {"Url": "http://localhost:20002/graphql"}
    chat, inline = application.functions.values()
    assert chat.code == folder.path / "src"
    assert chat.timeout == 9
    assert chat.environment == {"STAGE": "dev", "KEY": api.api_keys[0].key}
    assert chat.async_config == {"MaximumRetryAttempts": 1}
    assert chat.arn == api.data_sources["Chat"].function
    assert inline.name == "inline"
    assert inline.inline.origin == Origin(path, line_of("def handler"), "Inline")


@pytest.mark.ours("lines of what the transform makes")
def test_what_is_made_has_the_line_of_what_it_is_made_from(folder: Any) -> None:
    write(folder)
    application = folder.load(TEMPLATE)
    (api,) = application.apis
    by_name = {step.name: step for step in api.functions.values()}
    assert api.origin.line == line_of("Api:\n    Type")
    assert by_name["ask"].origin.line == line_of("ask:\n")
    assert by_name["publish"].origin.line == line_of("publish:\n")
    assert by_name["publish"].code.code.origin.line == line_of("export function req")
    assert [resolver.origin.line for resolver in api.resolvers] == [
        line_of("ask: {Pipeline"),
        line_of("publish: {Pipeline"),
    ]
    assert api.data_sources["Chat"].origin.line == line_of("Chat: {")
    assert api.data_sources["Things"].origin.line == line_of("Things: {")
    assert api.data_sources["ApiNoneDataSource"].origin.line == api.origin.line
    assert api.api_keys[0].origin.line == line_of("Main: {")
    lines = {item.type: item.origin.line for item in application.not_run}
    (queue,) = application.messaging.queues.values()
    assert queue.origin.line == line_of("Queue: {Type")
    (source,) = application.event_sources
    assert source.origin.line == line_of("Inline:\n")
    assert lines["AWS::ApiGateway::RestApi"] is None


@pytest.mark.ours("codes and lines of what the transform refuses")
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "FunctionName: inline",
            "FunctionNam: inline",
            (
                "24 (Inline): P106 Resource with id [Inline] is invalid. property "
                "FunctionNam not defined"
            ),
        ),
        (
            "Auth: {Type: API_KEY}",
            "",
            "(Api): P106 Resource with id [Api] is invalid. Missing",
        ),
        (
            "CodeUri: src/",
            "CodeUri: sr",
            ":16 (Fn): P140 sr does not exist. Did you mean",
        ),
        (
            "CodeUri: src/",
            "CodeUri: s3://b/k",
            "(Fn): P141 s3://b/k is not a local path.",
        ),
        (
            "resolvers/ask.js",
            "resolvers/as.js",
            ":53 (Apiask): P140 resolvers/as.js does",
        ),
        (
            "Pipeline: [ask]",
            "Pipeline: [as]",
            "(Api): P106 Resource with id [ask] is invalid. Function 'as' does not",
        ),
        ("Timeout: 9", "Timeout: 9999", "P133 Timeout is 9999, more than 900."),
        ("!Ref Stage", "!Ref Stge", "P112 Unresolved resource dependencies [Stge]"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    folder: Any, old: str, new: str, message: str
) -> None:
    write(folder)
    errors = folder.errors(TEMPLATE.replace(old, new))
    assert any(message in error for error in errors), errors


@pytest.mark.ours("paths that are put together by functions")
def test_code_uri_may_be_a_function(folder: Any) -> None:
    write(folder)
    text = TEMPLATE.replace("CodeUri: src/", "CodeUri: !Sub '${Folder}'")
    text = text.replace("Parameters:", "Parameters:\n  Folder: {Type: String}")
    application = folder.load(text, parameters={"Folder": "src"})
    assert next(iter(application.functions.values())).code == folder.path / "src"


@pytest.mark.ours("applications of AWS's repository are named as not run")
def test_an_application_of_the_repository_is_not_fetched(folder: Any) -> None:
    text = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Remote:
        Type: AWS::Serverless::Application
        Properties:
          Location: {ApplicationId: 'arn:aws:x', SemanticVersion: 1.0.0}
    """
    application = folder.load(text)
    assert [item.type for item in application.not_run] == [
        "AWS::Serverless::Application"
    ]


def test_a_local_application_is_a_nested_stack(folder: Any, api: str) -> None:
    folder.write("inner.yaml", api)
    text = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Inner:
        Type: AWS::Serverless::Application
        Properties: {Location: ./inner.yaml}
    """
    assert len(folder.load(text).apis) == 1


@pytest.mark.ours("container images are named as not run")
def test_a_function_of_an_image_is_not_run(folder: Any) -> None:
    text = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Fn:
        Type: AWS::Serverless::Function
        Metadata: {DockerContext: ., Dockerfile: Dockerfile}
        Properties: {PackageType: Image}
    """
    assert len(folder.load(text).not_run) == 1


@pytest.mark.ours("a template without serverless resources needs no translator")
def test_the_translator_is_loaded_only_when_it_is_needed(folder: Any) -> None:
    folder.write(
        "template.yaml",
        """
        Transform: AWS::Serverless-2016-10-31
        Resources: {Q: {Type: AWS::SQS::Queue}}
        """,
    )
    code = f"""
import sys
from pathlib import Path
from appsync_emulator.config import Deployment, load
load([Path({str(folder.path)!r})], Deployment())
assert "samtranslator" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


@pytest.mark.ours("the extra that brings the translator")
def test_without_the_translator_the_line_to_install_it_is_told(
    folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder)
    monkeypatch.setitem(sys.modules, "samtranslator.metrics.metrics", None)
    (error,) = folder.errors(TEMPLATE)
    assert error.startswith("template.yaml:2: P105 The template uses the SAM transform")
    assert error.endswith("pip install 'appsync-emulator[sam]'")


@pytest.mark.ours("the translator trusts its input; we do not")
def test_a_translator_that_breaks_is_an_error_of_the_template(folder: Any) -> None:
    text = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Fn:
        Type: AWS::Serverless::Function
        Properties:
          Handler: a.b
          Runtime: python3.12
          InlineCode: x
          Events: [a]
    """
    (error,) = folder.errors(text)
    assert "P106" in error


@pytest.mark.ours("it must work without an account, a region or a network")
def test_the_translator_asks_nobody(folder: Any) -> None:
    write(folder)
    folder.write("template.yaml", TEMPLATE)
    code = f"""
import socket
def refuse(*_): raise AssertionError("network")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from pathlib import Path
from appsync_emulator.config import Deployment, load
load([Path({str(folder.path)!r})], Deployment(region="eu-west-1"))
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        check=False,
        timeout=60,
        env={"HOME": str(folder.path), "AWS_EC2_METADATA_DISABLED": "true"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
