"""Layers of functions: from the template, from elsewhere, from nowhere."""

from typing import Any

import pytest

pytestmark = pytest.mark.aws_doc("CloudFormation template reference, LayerVersion")

PUBLIC = "arn:aws:lambda:us-east-1:017000801446:layer:Powertools:7"


def function(layers: str) -> str:
    return f"""
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: ask
      Handler: app.handler
      Runtime: python3.12
      Code: src
      Layers: {layers}
"""


def layer(name: str, content: str) -> str:
    return f"""
  {name}:
    Type: AWS::Lambda::LayerVersion
    Properties:
      Content: {content}
"""


def test_a_function_has_the_layers_of_its_template_in_order(
    folder: Any, api: str
) -> None:
    for name in ("src/app.py", "one/python/a.py", "two/python/b.py"):
        folder.write(name)
    text = api + function("[!Ref Two, !GetAtt One.LayerVersionArn]")
    application = folder.load(text + layer("One", "one") + layer("Two", "two"))
    found = application.functions["ask"]
    assert found.layers == (folder.path / "two", folder.path / "one")
    assert application.not_run == ()


def test_a_serverless_layer_is_one_too(folder: Any, api: str) -> None:
    for name in ("src/app.py", "shared/python/a.py"):
        folder.write(name)
    text = "Transform: AWS::Serverless-2016-10-31\n" + api
    text += """
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: ask
      Handler: app.handler
      Runtime: python3.12
      CodeUri: src
      Layers: [!Ref Shared]
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties:
      ContentUri: shared
"""
    found = folder.load(text).functions["ask"]
    assert found.layers == (folder.path / "shared",)


def test_a_layer_from_elsewhere_is_named_as_not_run(folder: Any, api: str) -> None:
    folder.write("src/app.py")
    application = folder.load(api + function(f"['{PUBLIC}']"))
    assert application.functions["ask"].layers == ()
    assert [one.type for one in application.not_run] == [f"The layer {PUBLIC}"]


@pytest.mark.ours("--layer")
@pytest.mark.parametrize("name", [PUBLIC, PUBLIC.removesuffix(":7"), "Powertools"])
def test_what_is_in_a_layer_from_elsewhere_can_be_told(
    name: str, folder: Any, api: str
) -> None:
    folder.write("src/app.py")
    content = folder.write("tools/python/a.py").parent.parent
    text = api + function(f"['{PUBLIC}']")
    application = folder.load(text, layers={name: str(content)})
    assert application.functions["ask"].layers == (content,)
    assert application.not_run == ()


@pytest.mark.ours("--layer")
def test_a_path_that_is_none_is_told(folder: Any, api: str) -> None:
    folder.write("src/app.py")
    text = api + function(f"['{PUBLIC}']")
    with pytest.raises(ValueError, match="--layer Powertools=lost: there is no such"):
        folder.load(text, layers={"Powertools": "lost"})


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("lost", "lost does not exist."),
        ("{S3Bucket: b, S3Key: k}", "s3://b/k is not a local path."),
        ("{S3Bucket: b}", "Content must be a local path, or an object with S3Bucket"),
    ],
)
def test_content_that_is_not_there_is_an_error(
    content: str, error: str, folder: Any, api: str
) -> None:
    (found,) = folder.errors(api + layer("One", content))
    assert error in found
