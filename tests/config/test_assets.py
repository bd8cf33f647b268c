"""Templates in the cdk.out of `cdk synth`."""

import json
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.config import Deployment, load
from appsync_emulator.errors import ProjectError

pytestmark = pytest.mark.aws_observed("output of `cdk synth`, aws-cdk-lib 2.276")

BUCKET = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"


def s3(key: str) -> Any:
    return {"Fn::Sub": f"s3://{BUCKET}/{key}"}


API_ID = {"Fn::GetAtt": ["Api", "ApiId"]}
STACK = {
    "Resources": {
        "Api": {
            "Type": "AWS::AppSync::GraphQLApi",
            "Properties": {"Name": "chat", "AuthenticationType": "AWS_IAM"},
        },
        "Schema": {
            "Type": "AWS::AppSync::GraphQLSchema",
            "Properties": {"ApiId": API_ID, "DefinitionS3Location": s3("aa.graphql")},
        },
        "Fn": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": {"Fn::Sub": BUCKET}, "S3Key": "bb.zip"},
                "Handler": "index.handler",
                "Runtime": "nodejs22.x",
            },
            "Metadata": {"aws:asset:path": "asset.bb", "aws:asset:property": "Code"},
        },
        "Inner": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {
                "TemplateURL": {
                    "Fn::Join": [
                        "",
                        [
                            "https://s3.us-east-1.",
                            {"Ref": "AWS::URLSuffix"},
                            "/",
                            {"Fn::Sub": BUCKET},
                            "/cc.json",
                        ],
                    ]
                },
                "Parameters": {"Api": API_ID},
            },
        },
        "CDKMetadata": {
            "Type": "AWS::CDK::Metadata",
            "Condition": "CDKMetadataAvailable",
        },
    },
    "Parameters": {
        "BootstrapVersion": {
            "Type": "AWS::SSM::Parameter::Value<String>",
            "Default": "/cdk-bootstrap/hnb659fds/version",
        }
    },
    "Conditions": {
        "CDKMetadataAvailable": {
            "Fn::Or": [
                {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
                {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
            ]
        }
    },
    "Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": []}}]}},
}
INNER = {
    "Parameters": {"Api": {"Type": "String"}},
    "Resources": {
        "Source": {
            "Type": "AWS::AppSync::DataSource",
            "Properties": {"ApiId": {"Ref": "Api"}, "Name": "None", "Type": "NONE"},
        },
        "Resolver": {
            "Type": "AWS::AppSync::Resolver",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "TypeName": "Query",
                "FieldName": "a",
                "Kind": "UNIT",
                "DataSourceName": "None",
                "Runtime": {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"},
                "CodeS3Location": s3("dd.js"),
            },
        },
    },
}


def entry(path: str, packaging: str, key: str) -> Any:
    return {
        "displayName": "x",
        "source": {"path": path, "packaging": packaging},
        "destinations": {"here": {"bucketName": BUCKET, "objectKey": key}},
    }


@pytest.fixture
def assembly(folder: Any) -> Path:
    files = {
        "aa": entry("asset.aa.graphql", "file", "aa.graphql"),
        "bb": entry("asset.bb", "zip", "bb.zip"),
        "cc": entry("ChatInner.nested.template.json", "file", "cc.json"),
        "dd": entry("asset.dd.js", "file", "dd.js"),
    }
    for name, value in {
        "Chat.template.json": STACK,
        "ChatInner.nested.template.json": INNER,
        "Chat.assets.json": {"version": "55.0.0", "files": files, "dockerImages": {}},
    }.items():
        folder.write(f"cdk.out/{name}", json.dumps(value, indent=1))
    folder.write("cdk.out/asset.aa.graphql", "type Query { a: Int }")
    folder.write("cdk.out/asset.bb/index.js")
    folder.write("cdk.out/asset.dd.js", "export const a = 1")
    path: Path = folder.path / "cdk.out"
    return path


def test_what_the_cdk_will_upload_is_read_from_the_assembly(assembly: Path) -> None:
    application = load([assembly], Deployment())
    (api,) = application.apis
    assert api.schema is not None
    assert api.schema.path == assembly / "asset.aa.graphql"
    (function,) = application.functions.values()
    assert function.code == assembly / "asset.bb"
    assert function.name.startswith("Chat-Fn-")
    code = api.resolvers[0].code.code
    assert code is not None
    assert code.path == assembly / "asset.dd.js"
    assert application.not_run == ()


@pytest.mark.ours("what the assembly does not have cannot be run")
@pytest.mark.parametrize(
    "manifest", [None, "[", '{"files": [1]}', '{"files": {"a": 1}}']
)
def test_without_its_manifest_the_assembly_has_no_files(
    assembly: Path, manifest: str | None
) -> None:
    path = assembly / "Chat.assets.json"
    path.unlink()
    if manifest is not None:
        path.write_text(manifest)
    with pytest.raises(ProjectError, match=r"P141 s3://cdk-.+ is not a local path"):
        load([assembly], Deployment())
