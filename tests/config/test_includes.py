"""AWS::Include with local files."""

from typing import Any

import pytest

pytestmark = pytest.mark.aws_doc("CloudFormation user guide, AWS::Include transform")


def test_a_piece_is_included_in_a_section(folder: Any) -> None:
    folder.write("pieces/queue.yaml", "Queue:\n  Type: AWS::SQS::Queue\n")
    text = """
    Resources:
      Topic: {Type: AWS::SNS::Topic}
      Fn::Transform:
        Name: AWS::Include
        Parameters: {Location: pieces/queue.yaml}
    Outputs:
      Name: {Value: !GetAtt Queue.QueueName}
    """
    application = folder.load(text)
    (queue,) = application.messaging.queues.values()
    assert len(application.messaging.topics) == 1
    assert str(queue.origin).endswith("pieces/queue.yaml:1 (Queue)")
    assert folder.path / "pieces/queue.yaml" in application.files


def test_a_piece_is_included_at_the_top_level_and_in_properties(folder: Any) -> None:
    folder.write("top.json", '{"Mappings": {"M": {"a": {"b": "jobs"}}}}')
    folder.write("name.yaml", "QueueName: {Fn::FindInMap: [M, a, b]}\n")
    text = """
    Transform:
      Name: AWS::Include
      Parameters: {Location: ./top.json}
    Resources:
      Queue:
        Type: AWS::SQS::Queue
        Properties:
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: name.yaml}}
    Outputs:
      Name: {Value: !GetAtt Queue.QueueName}
    """
    assert folder.load(text).outputs == {"Name": "jobs"}


@pytest.mark.ours("codes and lines of what AWS refuses too")
@pytest.mark.parametrize(
    ("piece", "include", "message"),
    [
        (
            "a: 1",
            "{Location: pice.yaml}",
            "P140 pice.yaml does not exist. Did you mean",
        ),
        ("a: 1", "{Location: s3://b/k}", "P141 s3://b/k is not a local path."),
        ("a: 1", "{}", "P105 AWS::Include needs Parameters with a Location"),
        (
            "[a]",
            "{Location: piece.yaml}",
            "piece.yaml:1: P104 An included file must ho",
        ),
        ("a: b: c", "{Location: piece.yaml}", "piece.yaml:1:5: P102"),
        (
            "Fn::Transform: {Name: AWS::Include, Parameters: {Location: x}}",
            "{Location: piece.yaml}",
            "piece.yaml:1: P105 An included file cannot include another one.",
        ),
    ],
)
def test_a_wrong_include_is_refused(
    folder: Any, piece: str, include: str, message: str
) -> None:
    folder.write("piece.yaml", piece)
    text = f"""
    Resources:
      Fn::Transform: {{Name: AWS::Include, Parameters: {include}}}
    """
    (error,) = folder.errors(text)
    assert message in error
