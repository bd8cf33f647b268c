"""The form of templates, references in them, conditions and outputs."""

from typing import Any

import pytest

pytestmark = pytest.mark.ours("codes, lines and nearest names of what AWS refuses too")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1]", "template.yaml:1: P103 A template is an object, and this is a list."),
        ("hello", "template.yaml:1: P103 A template is an object, and this is a str"),
        ("a: 1", "template.yaml:1: P103 This is no CloudFormation template: it has no"),
        ("resources: {}", "'resources' has to be written 'Resources'"),
        ("Resources: [a]", "template.yaml:1: P104 Resources must be an object, not a"),
        (
            "Resources: {}\nParametres: {}",
            (
                "template.yaml:2: P104 Invalid template property or properties "
                "[Parametres]. Did you mean 'Parameters'?"
            ),
        ),
        (
            "Resources: {}\nMappings: x",
            "template.yaml:2: P104 Mappings must be an obje",
        ),
        (
            "Resources:\n  A-b: {Type: AWS::SQS::Queue}",
            "template.yaml:2 (A-b): P104 Resource name A-b is non alphanumeric",
        ),
        (
            "Resources:\n  A: x",
            "template.yaml:2 (A): P104 A resource is an object, not",
        ),
        (
            "Resources:\n  A: {}",
            "template.yaml:2 (A): P104 Every resource must contain",
        ),
        (
            "Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Propertys: {}",
            (
                "template.yaml:4 (A): P104 Invalid template resource property "
                "'Propertys'. Did you mean 'Properties'?"
            ),
        ),
        (
            "Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Properties: [x]",
            "template.yaml:4 (A): P104 Properties must be an object, not a list.",
        ),
        (
            "Resources:\n  A: {Type: AWS::SQS::Queue, Condition: [x]}",
            "template.yaml:2 (A): P104 Condition must be the name of a condition.",
        ),
        (
            "Resources:\n  A: {Type: AWS::SQS::Queue, DependsOn: {x: y}}",
            "template.yaml:2 (A): P104 DependsOn must be a logical id or a list",
        ),
        (
            "Resources:\n  A: {Type: AWS::AppSync::Resolvr}",
            (
                "template.yaml:2 (A): P130 Unrecognized resource types: "
                "[AWS::AppSync::Resolvr]. Did you mean 'AWS::AppSync::Resolver'?"
            ),
        ),
        (
            "Resources:\n  A: {Type: Queue}",
            "P130 Unrecognized resource types: [Queue].",
        ),
        (
            "Resources:\n  A: {Type: AWS::Serverless::Function}",
            (
                "P130 Unrecognized resource types: [AWS::Serverless::Function]. Add "
                "`Transform: AWS::Serverless-2016-10-31`."
            ),
        ),
        (
            "Transform: MyMacro\nResources: {}",
            "template.yaml:1: P105 The macro 'MyMacro' runs in AWS only.",
        ),
        (
            "Transform: AWS::Serverless-2016-10-32\nResources: {}",
            "Did you mean 'AWS::Serverless-2016-10-31'?",
        ),
        ("Transform: [[a]]\nResources: {}", "P105 A transform is a name, or an object"),
        (
            "Resources: {}\nOutputs:\n  A: {Value: [1]}",
            "template.yaml:3: P104 The Value of output A must be a string, not a list.",
        ),
        (
            "Resources: {}\nOutputs:\n  A: {}",
            "template.yaml:3: P104 Output A must be an object with a Value.",
        ),
        (
            "Resources: {}\nOutputs:\n  A: {Value: !Ref Nothing}",
            (
                "template.yaml:3: P112 Unresolved resource dependencies [Nothing] in "
                "the Outputs block of the template."
            ),
        ),
        (
            "Resources: {}\nOutputs:\n  A: {Value: a, Condition: Nope}",
            "template.yaml:3: P115 Unresolved condition dependency Nope in the Outputs",
        ),
    ],
)
def test_a_wrong_form_is_refused_with_its_place(
    folder: Any, text: str, expected: str
) -> None:
    (error,) = folder.errors(text)
    assert expected in error


def test_references_are_checked_in_all_resources_also_those_not_run(
    folder: Any,
) -> None:
    text = """
    Parameters:
      Stage: {Type: String, Default: dev}
    Conditions:
      IsDev: !Equals [!Ref Stage, dev]
    Resources:
      Queue:
        Type: AWS::Kinesis::Stream
        DependsOn: Topik
        Properties:
          A: !Ref Stag
          B: !GetAtt Topc.Arn
          C: !Sub
            - ${Stage}/${Own}/${!Kept}/${Toopic.Arn}
            - Own: !Ref Ouch
          D: !If [IsDeff, 1, 2]
          E: {Fn::GetAtt: [Quue, Arn]}
      Topic:
        Type: AWS::S3::Bucket
        Condition: IsDevv
    """
    wrong = "P112 Unresolved resource dependencies"
    block = "in the Resources block of the template."
    assert folder.errors(text) == [
        f"template.yaml:9 (Queue): {wrong} [Topik] {block} Did you mean 'Topic'?",
        f"template.yaml:11 (Queue): {wrong} [Stag] {block} Did you mean 'Stage'?",
        f"template.yaml:12 (Queue): {wrong} [Topc] {block} Did you mean 'Topic'?",
        f"template.yaml:13 (Queue): {wrong} [Toopic] {block} Did you mean 'Topic'?",
        (
            f"template.yaml:15 (Queue): {wrong} [Ouch] {block} "
            "Allowed: Queue, Topic, Stage."
        ),
        (
            "template.yaml:16 (Queue): P115 Unresolved dependencies [IsDeff]: there is "
            "no such condition. Did you mean 'IsDev'?"
        ),
        f"template.yaml:17 (Queue): {wrong} [Quue] {block} Did you mean 'Queue'?",
        (
            "template.yaml:20 (Topic): P115 Unresolved condition dependency IsDevv "
            f"{block} Did you mean 'IsDev'?"
        ),
    ]


@pytest.mark.aws_doc("CloudFormation user guide, troubleshooting: circular dependency")
def test_resources_that_depend_on_each_other_in_a_circle_are_refused(
    folder: Any,
) -> None:
    text = """
    Conditions:
      No: !Equals [a, b]
    Resources:
      A: {Type: AWS::Kinesis::Stream, Properties: {X: !Ref B}}
      B: {Type: AWS::Kinesis::Stream, Properties: {X: !Sub '${C.Arn}'}}
      C: {Type: AWS::Kinesis::Stream, DependsOn: [A]}
      D: {Type: AWS::Kinesis::Stream, Properties: {X: !Ref A}}
    """
    (error,) = folder.errors(text.replace("No:", "Never:"))
    assert error == (
        "template.yaml:5 (A): P114 Circular dependency between resources: [A, B, C]."
    )


@pytest.mark.ours("a chain that Python cannot follow is an error like others")
def test_a_chain_that_is_too_long_is_refused(folder: Any) -> None:
    chain = "\n".join(
        f"  Q{index}: {{Type: AWS::SQS::Queue, "
        f"Properties: {{QueueName: !GetAtt Q{index + 1}.QueueName}}}}"
        for index in range(400)
    )
    text = (
        f"Resources:\n{chain}\n  Q400: {{Type: AWS::SQS::Queue}}\n"
        "Outputs: {A: {Value: !GetAtt Q0.QueueName}}\n"
    )
    (error,) = folder.errors(text)
    assert "P104 Parts of the templates depend on each other too deeply." in error


@pytest.mark.aws_doc("CloudFormation template reference, Fn::If and AWS::NoValue")
def test_only_the_taken_branch_of_an_if_makes_a_circle(folder: Any) -> None:
    text = """
    Conditions:
      Never: !Equals [a, b]
    Resources:
      A: {Type: AWS::Kinesis::Stream, Properties: {X: !If [Never, !Ref B, 1]}}
      B: {Type: AWS::Kinesis::Stream, Properties: {X: !Ref A}}
    """
    assert len(folder.load(text).not_run) == 2


@pytest.mark.aws_doc("CloudFormation template reference, Conditions")
def test_what_has_a_false_condition_vanishes(folder: Any) -> None:
    text = """
    Conditions:
      Never: !Equals [a, b]
    Resources:
      A: {Type: AWS::Kinesis::Stream, Condition: Never}
      B: {Type: AWS::S3::Bucket, DependsOn: A}
    Outputs:
      A: {Condition: Never, Value: !Ref A}
      B: {Value: !GetAtt B.Arn}
    """
    application = folder.load(text)
    assert [item.type for item in application.not_run] == ["AWS::S3::Bucket"]
    assert list(application.outputs) == ["B"]


@pytest.mark.aws_doc("CloudFormation template reference, Conditions")
def test_a_reference_to_what_vanished_is_refused(folder: Any) -> None:
    text = """
    Conditions:
      Never: !Equals [a, b]
    Resources:
      A: {Type: AWS::Kinesis::Stream, Condition: Never}
      B: {Type: AWS::S3::Bucket, Properties: {X: !Ref A}}
    Outputs:
      C: {Value: !Ref A}
    """
    first, second = folder.errors(text)
    assert first.startswith("template.yaml:6 (B): P112 Unresolved resource dependencie")
    assert first.endswith("The condition of A is false.")
    assert second.startswith("template.yaml:8: P112")


@pytest.mark.aws_doc("CloudFormation template reference, Conditions")
def test_conditions_that_need_each_other_are_refused(folder: Any) -> None:
    text = """
    Conditions:
      A: !Not [!Condition B]
      B: !Not [!Condition A]
    Resources: {}
    """
    errors = folder.errors(text)
    assert errors == [
        "template.yaml:3: P114 Circular dependencies between conditions: B -> A -> B.",
        "template.yaml:4: P114 Circular dependencies between conditions: A -> B -> A.",
    ]


def test_all_errors_come_at_once_in_the_order_of_lines(folder: Any, api: str) -> None:
    text = (
        api
        + """
  Second:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: a b, Type: NONE}
  First:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Api.ApiIdd, TypeName: Query, Feld: a}
Outputs:
  A: {Value: !Ref Apy}
"""
    )
    assert [error.split(" P")[0] for error in folder.errors(text)] == [
        "template.yaml:11 (Second):",
        "template.yaml:14 (First):",
        "template.yaml:14 (First):",
        "template.yaml:16:",
    ]


@pytest.mark.ours("one mistake is told once")
def test_what_belongs_to_a_wrong_api_is_not_wrong_because_of_it(folder: Any) -> None:
    text = """
Resources:
  Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: a}}
  Key: {Type: AWS::AppSync::ApiKey, Properties: {ApiId: !GetAtt Api.ApiId}}
  None:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: a, Type: NONE}
"""
    (error,) = folder.errors(text)
    assert error.startswith("template.yaml:3 (Api): ")
    assert "AuthenticationType" in error


@pytest.mark.ours("one mistake is told once")
def test_a_condition_that_cannot_be_told_is_wrong_once(folder: Any) -> None:
    text = """
Conditions:
  Live: !Equals [!Ref Stag, a]
Resources:
  Queue: {Type: AWS::SQS::Queue, Condition: Live}
  Other: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt Queue.QueueName}}
Outputs:
  A: {Value: !Ref Queue}
"""
    (error,) = folder.errors(text)
    assert "Stag" in error


def test_resources_that_matter_to_nobody_locally_are_not_named(folder: Any) -> None:
    kinds = [
        "AWS::IAM::Role",
        "AWS::IAM::Policy",
        "AWS::Lambda::Permission",
        "AWS::Logs::LogGroup",
        "AWS::CDK::Metadata",
        "AWS::DynamoDB::Table",
        "AWS::AppSync::ApiCache",
        "Custom::Thing",
    ]
    text = "Resources:\n" + "".join(
        f"  R{index}: {{Type: '{kind}'}}\n" for index, kind in enumerate(kinds)
    )
    not_run = folder.load(text).not_run
    assert [item.type for item in not_run] == kinds[5:]
    assert str(not_run[0].origin).endswith("template.yaml:7 (R5)")


def test_outputs_are_evaluated(folder: Any, api: str) -> None:
    text = (
        api
        + """
Outputs:
  Url: {Value: !GetAtt Api.GraphQLUrl, Description: where}
  Port: {Value: 8080}
"""
    )
    outputs = folder.load(text).outputs
    assert outputs == {"Url": "http://localhost:20002/graphql", "Port": 8080}
