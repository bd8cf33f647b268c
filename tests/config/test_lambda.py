"""AWS::Lambda::Function and what configures it."""

import re
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.config.ids import function_name, physical_name
from appsync_emulator.types import Origin

pytestmark = pytest.mark.aws_doc("CloudFormation template reference, AWS::Lambda")


def function(properties: str, name: str = "Fn") -> str:
    return f"""
  {name}:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      {properties}
"""


def test_a_function_has_the_properties_of_its_resource(folder: Any, api: str) -> None:
    folder.write("src/app.py")
    text = (
        api
        + """
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: ask
      Handler: app.handler
      Runtime: python3.12
      Code: src
      Role: !ImportValue shared-role
      VpcConfig: {SubnetIds: !Split [',', !ImportValue subnets]}
      Timeout: '30'
      MemorySize: 256
      ReservedConcurrentExecutions: 2
      DeadLetterConfig: {TargetArn: arn:aws:sqs:us-east-1:1:q}
      Environment:
        Variables:
          URL: !GetAtt Api.GraphQLUrl
          REALTIME: !GetAtt Api.RealtimeUrl
          N: 3
          ON: true
          GONE: !Ref AWS::NoValue
"""
    )
    (found,) = folder.load(text).functions.values()
    assert found.name == "ask"
    assert found.arn == "arn:aws:lambda:us-east-1:000000000000:function:ask"
    assert (found.runtime, found.handler) == ("python3.12", "app.handler")
    assert found.code == folder.path / "src"
    assert found.inline is None
    assert (found.timeout, found.memory) == (30, 256)
    assert found.reserved_concurrency == 2
    assert found.environment == {
        "URL": "http://localhost:20002/graphql",
        "REALTIME": "ws://localhost:20002/graphql/realtime",
        "N": "3",
        "ON": "true",
    }
    assert found.async_config == {
        "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:1:q"}
    }
    assert found.origin == Origin(str(folder.path / "template.yaml"), 9, "Fn")


def test_what_is_not_said_has_the_default_of_aws(folder: Any) -> None:
    text = "Resources:" + function("Code: {ZipFile: x}")
    (found,) = folder.load(text).functions.values()
    assert (found.timeout, found.memory) == (3, 128)
    assert (found.reserved_concurrency, found.environment) == (None, {})
    assert re.fullmatch("shop-Fn-[A-Z0-9]{12}", found.name)


def test_inline_code_keeps_its_line(folder: Any) -> None:
    code = "Code:\n        ZipFile: |\n          def handler(e, c):\n            pass"
    text = "Resources:" + function(code)
    (found,) = folder.load(text).functions.values()
    assert found.code is None
    assert found.inline.text == "def handler(e, c):\n  pass\n"
    assert found.inline.origin.line == 9


@pytest.mark.aws_doc("AWS CLI reference, aws cloudformation package")
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("src", "src"),
        ("./src/", "src"),
        ("build/app.zip", "build/app.zip"),
        ("build/app.jar", "build/app.jar"),
        ("src/app.py", "src"),
        (".", "."),
    ],
)
def test_code_in_local_paths(folder: Any, code: str, expected: str) -> None:
    for name in ("src/app.py", "build/app.zip", "build/app.jar"):
        folder.write(name)
    (found,) = folder.load("Resources:" + function(f"Code: {code}")).functions.values()
    assert found.code == folder.path / expected


@pytest.mark.aws_doc("AWS CLI reference, aws cloudformation package")
def test_absolute_paths_and_file_uris(folder: Any, tmp_path: Path) -> None:
    (tmp_path / "other code").mkdir()
    for code in (f"{tmp_path}/other code", f"file://{tmp_path}/other%20code"):
        text = "Resources:" + function(f"Code: '{code}'")
        (found,) = folder.load(text).functions.values()
        assert found.code == tmp_path / "other code"


@pytest.mark.ours("what is not local cannot be run")
@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("Code: srcs", "P140 srcs does not exist. Did you mean 'src'?"),
        ("Code: lib/none", "P140 lib/none does not exist."),
        ("Code: s3://bucket/key.zip", "P141 s3://bucket/key.zip is not a local path."),
        (
            "Code: {S3Bucket: b, S3Key: k.zip}",
            "P141 s3://b/k.zip is not a local path. Use the template from before",
        ),
        ("Code: {}", "P133 Code must be a local path, or an object with ZipFile."),
        ("Code: [a]", "P133 Code must be a local path, or an object with ZipFile."),
        ("Code: {ZipFlie: x}", "Did you mean 'ZipFile'?"),
        ("Timeout: 1", "P132 AWS::Lambda::Function needs the property Code."),
        ("Code: !Ref AWS::NoValue", "P132 AWS::Lambda::Function needs the property Co"),
        ("{Code: src, Timeout: 901}", "P133 Timeout is 901, more than 900."),
        ("{Code: src, MemorySize: 64}", "P133 MemorySize is 64, less than 128."),
        ("{Code: src, MemorySize: big}", "must be a whole number, not 'big'."),
        ("{Code: src, TimeOut: 3}", "Did you mean 'Timeout'?"),
        ("{Code: src, FunctionName: a b}", "P133 'a b' is no function name"),
        (
            "{Code: src, Environment: {Variables: {A: [1]}}}",
            "Environment.Variables.A m",
        ),
        ("{Code: src, Environment: {A: b}}", "unsupported property A in Environment."),
    ],
)
def test_a_wrong_property_is_refused(
    folder: Any, properties: str, message: str
) -> None:
    folder.write("src/app.py")
    if properties.startswith("{"):
        properties = "\n      ".join(_split(properties[1:-1]))
    (error,) = folder.errors("Resources:" + function(properties))
    assert message in error


def _split(properties: str) -> list[str]:
    first, _, second = properties.partition(", ")
    return [first, second]


@pytest.mark.parametrize("name", ["Handler", "Runtime"])
def test_code_in_an_archive_needs_handler_and_runtime(folder: Any, name: str) -> None:
    lines = function("Code: {ZipFile: x}").splitlines()
    text = "Resources:" + "\n".join(line for line in lines if name not in line)
    (error,) = folder.errors(text)
    assert f"P132 AWS::Lambda::Function needs the property {name}." in error


@pytest.mark.ours("runtimes by family, so that new ones work at once")
@pytest.mark.parametrize(
    ("runtime", "right"),
    [
        ("python3.99", True),
        ("nodejs24.x", True),
        ("provided.al2023", True),
        ("java8.al2", True),
        ("dotnetcore3.1", True),
        ("python3", False),
        ("nodejs20", False),
        ("pyhton3.12", False),
    ],
)
def test_runtimes(folder: Any, runtime: str, right: bool) -> None:
    text = "Resources:" + function("Code: {ZipFile: x}")
    text = text.replace("python3.12", runtime)
    if right:
        assert next(iter(folder.load(text).functions.values())).runtime == runtime
    else:
        (error,) = folder.errors(text)
        assert f"6 (Fn): P133 Runtime cannot be {runtime!r}. Did you mean" in error


def test_two_functions_of_one_name_are_refused(folder: Any) -> None:
    one = "FunctionName: fn\n      Code: {ZipFile: x}"
    text = "Resources:" + function(one) + function(one, "Fn2")
    (error,) = folder.errors(text)
    assert "(Fn2): P135 The function 'fn' is there already" in error


@pytest.mark.ours("container images are named as not run")
def test_a_container_image_is_not_run(folder: Any) -> None:
    text = """
    Resources:
      Fn:
        Type: AWS::Lambda::Function
        Properties: {PackageType: Image, Code: {ImageUri: x}}
    """
    application = folder.load(text)
    assert application.functions == {}
    assert [item.type for item in application.not_run] == [
        "AWS::Lambda::Function with PackageType Image"
    ]


@pytest.mark.parametrize(
    "reference",
    ["!Ref Fn", "!GetAtt Fn.Arn", "!Ref Alias", "!Ref Version", "fn", "!Sub '${Fn}'"],
)
def test_asynchronous_configuration_reaches_its_function(
    folder: Any, reference: str
) -> None:
    text = (
        "Resources:"
        + function("FunctionName: fn\n      Code: {ZipFile: x}")
        + f"""
  Version: {{Type: AWS::Lambda::Version, Properties: {{FunctionName: !Ref Fn}}}}
  Alias:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: !Ref Fn
      Name: live
      FunctionVersion: !GetAtt Version.Version
  Config:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: {reference}
      Qualifier: $LATEST
      MaximumRetryAttempts: 0
      MaximumEventAgeInSeconds: '60'
      DestinationConfig: {{OnFailure: {{Destination: arn:aws:sqs:us-east-1:1:q}}}}
"""
    )
    application = folder.load(text)
    assert application.functions["fn"].async_config == {
        "MaximumRetryAttempts": 0,
        "MaximumEventAgeInSeconds": 60,
        "DestinationConfig": {
            "OnFailure": {"Destination": "arn:aws:sqs:us-east-1:1:q"}
        },
    }
    assert application.not_run == ()


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("{FunctionName: fn, Qualifier: a, MaximumRetryAttempts: 3}", "more than 2."),
        (
            "{FunctionName: fn, Qualifier: a, MaximumEventAgeInSeconds: 5}",
            "less than 60.",
        ),
        ("{FunctionName: fn}", "needs the property Qualifier."),
        ("{FunctionName: a b, Qualifier: a}", "'a b' is no Lambda function."),
    ],
)
def test_a_wrong_asynchronous_configuration_is_refused(
    folder: Any, properties: str, message: str
) -> None:
    text = f"""
    Resources:
      C: {{Type: AWS::Lambda::EventInvokeConfig, Properties: {properties}}}
    """
    (error,) = folder.errors(text)
    assert message in error


@pytest.mark.ours("the function may be one that another stack made")
def test_configuration_of_a_function_elsewhere_is_named_as_not_run(
    folder: Any,
) -> None:
    text = """
    Resources:
      C:
        Type: AWS::Lambda::EventInvokeConfig
        Properties: {FunctionName: elsewhere, Qualifier: $LATEST}
    """
    assert len(folder.load(text).not_run) == 1


@pytest.mark.aws_doc("Lambda API reference, Invoke, parameter FunctionName")
@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("my-function", "my-function"),
        ("my-function:v1", "my-function"),
        ("my-function:$LATEST", "my-function"),
        ("arn:aws:lambda:us-west-2:123456789012:function:my-function", "my-function"),
        ("arn:aws:lambda:us-west-2:123456789012:function:my-function:7", "my-function"),
        ("arn:aws-cn:lambda:cn-north-1:123456789012:function:f:live", "f"),
        ("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f", "f"),
        ("123456789012:function:my-function", "my-function"),
        ("arn:aws:sqs:us-west-2:123456789012:queue", None),
        ("arn:aws:lambda:us-west-2:123456789012:layer:x:1", None),
        ("a b", None),
        ("", None),
    ],
)
def test_forms_of_a_functions_name(reference: str, name: str | None) -> None:
    assert function_name(reference) == name


@pytest.mark.ours("names are cut where Lambda allows 64 characters")
def test_made_up_names_fit() -> None:
    name = physical_name("s" * 100, "L" * 100, limit=64)
    assert len(name) == 64
    assert re.fullmatch("s{25}-L{25}-[A-Z0-9]{12}", name)
    assert len(physical_name("s", "L" * 100, limit=64)) <= 64
    assert physical_name("a", "B", limit=64).startswith("a-B-")
