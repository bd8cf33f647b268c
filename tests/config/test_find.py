"""Which file is the template, and what other files are."""

from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.config import Deployment, find_template, load
from appsync_emulator.errors import ProjectError

pytestmark = pytest.mark.ours("how the template is found")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["template.yaml", "template.yml", "template.json"], "template.yaml"),
        (["template.yml", "template.json"], "template.yml"),
        (["template.json", "App.template.json"], "template.json"),
        (["App.template.json", "package.json", "other.yaml"], "App.template.json"),
        (["App.template.yaml"], "App.template.yaml"),
    ],
)
def test_the_template_of_a_folder(
    tmp_path: Path, names: list[str], expected: str
) -> None:
    for name in names:
        (tmp_path / name).touch()
    assert find_template(tmp_path) == tmp_path / expected


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "looked for template.yaml, template.yml, template.json, *.template.yaml"),
        (
            ["A.template.json", "B.template.yaml"],
            "several templates: B.template.yaml, A",
        ),
        (
            ["cdk.json"],
            "cdk.json is the configuration of the AWS CDK, which is not read",
        ),
        (["cdk.json"], "Run `cdk synth` and give a template of cdk.out."),
        (
            ["serverless.yml"],
            "Run `serverless package` and give the template it writes.",
        ),
        (["package.json"], "package.json is a Node package, which is not read."),
    ],
)
def test_no_template_is_told_with_what_was_looked_for(
    tmp_path: Path, names: list[str], message: str
) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(ProjectError) as caught:
        find_template(tmp_path)
    assert caught.value.code == "P100"
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("cdk.json", '{"app": "x"}', "This is the configuration of the AWS CDK"),
        ("serverless.yml", "service: x", "a configuration of the Serverless Framework"),
        (
            "package.json",
            "{}",
            "This is a Node package, which is not read.",
        ),
        ("main.tf", "", "This is a configuration of Terraform"),
        ("schema.graphql", "", "This is a GraphQL schema"),
        ("sls.yaml", "{service: x, provider: {}}", "the Serverless Framework"),
        ("manifest.json", '{"version": "36", "artifacts": {}}', "a CDK assembly"),
        ("x.assets.json", '{"files": {}, "dockerImages": {}}', "the asset list of a"),
        ("api.yaml", "openapi: 3.0.0", "This is an OpenAPI document"),
        ("k8s.yaml", "{apiVersion: v1, kind: Pod}", "This is a Kubernetes object"),
        ("compose.yaml", "services: {}", "Docker Compose"),
        ("other.yaml", "a: 1", "This is no CloudFormation template: it has no Resourc"),
    ],
)
def test_a_file_of_another_format_is_named_as_what_it_is(
    folder: Any, name: str, text: str, message: str
) -> None:
    path = folder.write(name, text)
    with pytest.raises(ProjectError) as caught:
        load([path], Deployment())
    assert caught.value.code == "P103"
    assert message in str(caught.value)


def test_a_file_that_does_not_exist_is_told_with_the_nearest(folder: Any) -> None:
    path = folder.write("template.yaml", "Resources: {}")
    with pytest.raises(ProjectError, match=r"P101 .*Did you mean 'template.yaml'\?"):
        load([path.with_name("templat.yaml")], Deployment())
    with pytest.raises(ProjectError, match="P101 The file does not exist"):
        load([folder.path / "no" / "template.yaml"], Deployment())


def test_a_folder_stands_for_its_template(folder: Any, api: str) -> None:
    folder.write("template.yaml", api)
    assert len(load([folder.path], Deployment()).apis) == 1


def test_paths_are_shown_as_the_user_wrote_them(
    folder: Any, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.path.parent)
    folder.write("schema.graphql", "type Query { a: Int }")
    text = (
        api
        + """
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties: {ApiId: !GetAtt Api.ApiId, DefinitionS3Location: ./schema.graphql}
"""
    )
    folder.write("template.yaml", text)
    schema = load([Path("shop")], Deployment()).apis[0].schema
    assert schema is not None
    assert str(schema.origin) == "shop/schema.graphql:1 (Schema)"
    assert schema.path == folder.path / "schema.graphql"
    folder.write("template.yaml", text.replace("schema.g", "schem.g"))
    with pytest.raises(ProjectError, match=r"^shop/template\.yaml:11 \(Schema\): P140"):
        load([Path("shop/template.yaml")], Deployment())


@pytest.mark.parametrize(
    ("location", "message"),
    [
        (".", "is a folder, and a file is needed"),
        ("x" * 300, "does not exist"),
        ('"a\\0b"', "is no local path"),
        ("''", "is no local path"),
        ("latin.graphql", "P101 The file is not UTF-8"),
    ],
)
def test_odd_locations_are_refused(
    folder: Any, api: str, location: str, message: str
) -> None:
    folder.path.joinpath("latin.graphql").write_bytes(b"\xe9")
    text = (
        api
        + f"""
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      DefinitionS3Location: {location}
"""
    )
    (error,) = folder.errors(text)
    assert message in error
