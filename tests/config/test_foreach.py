"""Fn::ForEach of AWS::LanguageExtensions."""

from typing import Any

import pytest

pytestmark = pytest.mark.aws_doc("CloudFormation template reference, Fn::ForEach")

START = "Transform: AWS::LanguageExtensions\n"


def test_a_loop_makes_resources(folder: Any) -> None:
    text = (
        START
        + """
Parameters:
  Names: {Type: CommaDelimitedList, Default: "Success,Failure"}
Resources:
  Fn::ForEach::Topics:
    - TopicName
    - !Ref Names
    - SnsTopic${TopicName}:
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Join ['.', [!Ref TopicName, fifo]]
          FifoTopic: true
          DisplayName: !Sub 'It is ${TopicName} in ${AWS::Region}'
Outputs:
  Fn::ForEach::Outs:
    - TopicName
    - [Success, Failure]
    - Out${TopicName}: {Value: !GetAtt 'SnsTopic${TopicName}.TopicName'}
"""
    )
    application = folder.load(text)
    assert application.outputs == {
        "OutSuccess": "Success.fifo",
        "OutFailure": "Failure.fifo",
    }
    topics = list(application.messaging.topics.values())
    assert [topic.origin.resource for topic in topics] == [
        "SnsTopicSuccess",
        "SnsTopicFailure",
    ]
    assert topics[1].origin.line == 9


def test_an_ampersand_gives_the_item_without_what_logical_ids_may_not_have(
    folder: Any,
) -> None:
    text = (
        START
        + """
Resources:
  Fn::ForEach::Topics:
    - Name
    - [a-b.c, d]
    - Topic&{Name}:
        Type: AWS::SNS::Topic
        Properties: {TopicName: '${Name}'}
Outputs:
  A: {Value: !GetAtt Topicabc.TopicName}
"""
    )
    assert folder.load(text).outputs == {"A": "a-b.c"}


def test_loops_in_loops_conditions_and_properties(folder: Any) -> None:
    text = (
        START
        + """
Conditions:
  Fn::ForEach::Conditions:
    - Stage
    - [dev, prod]
    - Is${Stage}: !Equals [!Ref Stage, prod]
Resources:
  Fn::ForEach::Outer:
    - Stage
    - [dev, prod]
    - Fn::ForEach::Inner:
        - Kind
        - [A, B]
        - Queue${Stage}${Kind}:
            Type: AWS::SQS::Queue
            Condition: Is${Stage}
            Properties:
              Fn::ForEach::Properties:
                - Property
                - [QueueName]
                - ${Property}: ${Stage}-${Kind}
Outputs:
  Name: {Value: !GetAtt QueueprodB.QueueName}
"""
    )
    application = folder.load(text)
    assert application.outputs == {"Name": "prod-B"}
    assert len(application.messaging.queues) == 2


@pytest.mark.ours("codes and lines of what AWS refuses too")
@pytest.mark.parametrize(
    ("loop", "message"),
    [
        ("Fn::ForEach::L: [X, [a], {Q: {Type: AWS::S3::Bucket}}]", ""),
        (
            "Fn::ForEach::L: [X, [a, b], {Q: {Type: AWS::SQS::Queue}}]",
            "P135 Fn::ForEac",
        ),
        ("Fn::ForEach::L: [X, [a]]", "P110 Fn::ForEach::L needs a list of an ident"),
        ("Fn::ForEach::L: [X, a, {Q: {}}]", "P110 The collection of Fn::ForEach::L mu"),
        ("Fn::ForEach::L: [X, [[a]], {Q: {}}]", "must hold strings"),
        ("Fn::ForEach: [X, [a], {Q: {}}]", "P110 A loop is named Fn::ForEach::Name"),
        ("Fn::ForEach::L: [X, !Ref Nope, {Q: {}}]", "P112"),
    ],
)
def test_a_wrong_loop_is_refused(folder: Any, loop: str, message: str) -> None:
    text = START + f"Resources:\n  {loop}\n"
    if not message:
        assert len(folder.load(text).not_run) == 1
        return
    (error,) = folder.errors(text)
    assert message in error
    assert error.startswith("template.yaml:3: ")


@pytest.mark.ours("codes and lines of what AWS refuses too")
def test_a_loop_needs_the_transform(folder: Any) -> None:
    text = "Resources:\n  Fn::ForEach::L: [X, [a], {Q: {}}]\n"
    (error,) = folder.errors(text)
    assert "P105 Fn::ForEach::L needs the transform AWS::LanguageExtensions" in error


@pytest.mark.ours("loops that multiply end")
def test_loops_that_multiply_are_refused(folder: Any) -> None:
    items = "[" + ", ".join(f"a{index}" for index in range(30)) + "]"
    loop = "'Q${A}${B}${C}': {Type: AWS::SQS::Queue}"
    for name in "CBA":
        loop = f"Fn::ForEach::{name}: [{name}, {items}, {{ {loop} }}]"
    text = START + f"Resources:\n  {loop}\n"
    (error,) = folder.errors(text)
    assert "The loops make too many keys" in error
