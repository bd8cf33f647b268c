"""Queues, topics and event source mappings of a template."""

from typing import Any

import pytest

from appsync_emulator.model import TopicSubscription

pytestmark = pytest.mark.aws_doc("CloudFormation template reference, AWS::SQS::Queue")

FUNCTION = """
  Work:
    Type: AWS::Lambda::Function
    Properties:
      {Runtime: python3.12, Handler: index.handler, Code: {ZipFile: x}, Timeout: 10}
"""
MAPPING = "AWS::Lambda::EventSourceMapping"
ARN = "arn:aws:sqs:us-east-1:000000000000:"


def resources(text: str) -> str:
    return f"Resources:\n{text}"


def mapping(properties: str = "", queue: str = "Queue") -> str:
    return f"""
  Mapping:
    Type: {MAPPING}
    Properties:
      FunctionName: !GetAtt Work.Arn
      EventSourceArn: !GetAtt {queue}.Arn
      {properties}
"""


def test_a_queue_has_its_attributes_as_sqs_wants_them(folder: Any) -> None:
    text = """
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: jobs.fifo
      FifoQueue: true
      ContentBasedDeduplication: true
      VisibilityTimeout: "45"
      KmsMasterKeyId: !ImportValue not-needed
      Tags: [{Key: a, Value: b}]
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
  Dead: {Type: AWS::SQS::Queue, Properties: {QueueName: dead.fifo, FifoQueue: true}}
"""
    queues = folder.load(resources(text)).messaging.queues
    queue = queues[ARN + "jobs.fifo"]
    assert queue.fifo
    assert queue.visibility_timeout == 45
    assert queue.attributes == {
        "FifoQueue": "true",
        "ContentBasedDeduplication": "true",
        "VisibilityTimeout": "45",
        "RedrivePolicy": '{"deadLetterTargetArn": "%s", "maxReceiveCount": 3}'
        % (ARN + "dead.fifo"),
    }
    assert queue.url == "https://sqs.us-east-1.amazonaws.com/000000000000/jobs.fifo"


def test_queues_are_at_the_deployment_s_endpoint(folder: Any) -> None:
    text = resources("  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}\n")
    text += "Outputs: {Url: {Value: !Ref Queue}}\n"
    application = folder.load(text, endpoints={"sqs": "http://127.0.0.1:9324"})
    url = "http://127.0.0.1:9324/000000000000/q"
    assert application.outputs == {"Url": url}
    assert application.messaging.queues[ARN + "q"].url == url


@pytest.mark.aws_doc("Amazon SQS quotas: 80 characters")
def test_made_up_names_fit(folder: Any) -> None:
    long = "Q" * 100
    text = resources(
        f"  {long}: {{Type: AWS::SQS::Queue, Properties: {{FifoQueue: true}}}}\n"
        f"  P{long}: {{Type: AWS::SQS::Queue}}\n"
    )
    first, second = folder.load(text).messaging.queues.values()
    assert len(first.name) <= 80
    assert first.name.endswith(".fifo")
    assert len(second.name) <= 80


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("QueueName: a.b", "'a.b': Can only include alphanumeric characters"),
        ("QueueName: a.fifo", "'a.fifo': Can only include alphanumeric characters"),
        (
            "QueueName: a, FifoQueue: true",
            "'a': The name of a FIFO queue can only include alphanumeric characters",
        ),
        ("ContentBasedDeduplication: true", "only FIFO queues have it"),
        ("VisibilityTimeout: 43201", "VisibilityTimeout is 43201, more than 43200"),
        ("RedrivePolicy: {maxReceiveCount: 1}", "needs the property deadLetterTarget"),
        ("Visibility: 3", "Encountered unsupported property Visibility"),
    ],
)
def test_what_sqs_refuses_is_refused(
    properties: str, message: str, folder: Any
) -> None:
    text = resources(f"  Q: {{Type: AWS::SQS::Queue, Properties: {{{properties}}}}}\n")
    (error,) = folder.errors(text)
    assert message in error


@pytest.mark.ours("names are taken once")
@pytest.mark.parametrize(
    ("kind", "name"),
    [("AWS::SQS::Queue", "QueueName"), ("AWS::SNS::Topic", "TopicName")],
)
def test_a_name_is_taken_once(kind: str, name: str, folder: Any) -> None:
    one = f"{{Type: {kind}, Properties: {{{name}: same}}}}"
    (error,) = folder.errors(resources(f"  A: {one}\n  B: {one}\n"))
    assert "P135" in error
    assert "is there already" in error


@pytest.mark.aws_doc("CloudFormation template reference, AWS::SNS::Subscription")
def test_topics_have_their_subscriptions(folder: Any) -> None:
    text = """
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: news
      Subscription:
        - {Protocol: sqs, Endpoint: !GetAtt Queue.Arn}
        - {Protocol: email, Endpoint: a@example.com}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  More:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref Topic
      Protocol: sqs
      Endpoint: !GetAtt Queue.Arn
      RawMessageDelivery: true
      FilterPolicyScope: MessageBody
      FilterPolicy: {kind: [a, {prefix: b}]}
"""
    application = folder.load(resources(text))
    topic = "arn:aws:sns:us-east-1:000000000000:news"
    assert application.messaging.topics.keys() == {topic}
    assert application.messaging.subscriptions == (
        TopicSubscription(topic, "sqs", ARN + "q"),
        TopicSubscription(
            topic,
            "sqs",
            ARN + "q",
            {
                "RawMessageDelivery": "true",
                "FilterPolicyScope": "MessageBody",
                "FilterPolicy": '{"kind": ["a", {"prefix": "b"}]}',
            },
        ),
    )
    (left_out,) = application.not_run
    assert left_out.type == "AWS::SNS::Subscription with Protocol email"


@pytest.mark.aws_doc("CloudFormation template reference, " + MAPPING)
def test_a_mapping_has_lambda_s_defaults(folder: Any) -> None:
    text = "  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}\n"
    application = folder.load(resources(text + FUNCTION + mapping()))
    (source,) = application.event_sources
    (function,) = application.functions
    assert (source.function, source.queue) == (function, ARN + "q")
    assert (source.batch_size, source.window, source.enabled) == (10, 0, True)
    assert (source.filters, source.partial, source.concurrency) == ((), False, None)


@pytest.mark.aws_doc("SAM developer guide, Function event source SQS")
def test_sam_s_events_are_mappings(folder: Any) -> None:
    text = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      InlineCode: x
      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Queue.Arn}
      EventInvokeConfig:
        MaximumRetryAttempts: 1
        MaximumEventAgeInSeconds: 90
        DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Queue.Arn}}
      Events:
        Jobs:
          Type: SQS
          Properties:
            Queue: !GetAtt Queue.Arn
            BatchSize: 50
            MaximumBatchingWindowInSeconds: 2
            Enabled: false
            FunctionResponseTypes: [ReportBatchItemFailures]
            ScalingConfig: {MaximumConcurrency: 2}
            FilterCriteria: {Filters: [{Pattern: '{"body": {"a": [1]}}'}]}
"""
    application = folder.load(text)
    (source,) = application.event_sources
    assert (source.queue, source.batch_size, source.window) == (ARN + "q", 50, 2)
    assert (source.enabled, source.partial, source.concurrency) == (False, True, 2)
    assert source.filters == ({"body": {"a": [1]}},)
    (function,) = application.functions.values()
    assert function.async_config == {
        "DeadLetterConfig": {"TargetArn": ARN + "q"},
        "MaximumRetryAttempts": 1,
        "MaximumEventAgeInSeconds": 90,
        "DestinationConfig": {"OnFailure": {"Destination": ARN + "q"}},
    }


@pytest.mark.aws_doc("Lambda API reference, CreateEventSourceMapping")
@pytest.mark.parametrize(
    ("queue", "properties", "message"),
    [
        ("", "BatchSize: 11", "Maximum batch window in seconds must be greater than 0"),
        ("FifoQueue: true", "BatchSize: 11", "a FIFO queue gives at most 10"),
        (
            "FifoQueue: true",
            "MaximumBatchingWindowInSeconds: 1",
            "Batching window is not supported for FIFO queues",
        ),
        (
            "VisibilityTimeout: 9",
            "",
            "Queue visibility timeout: 9 seconds is less than Function timeout: 10",
        ),
        (
            "",
            'FilterCriteria: {Filters: [{Pattern: \'{"body": "a"}\'}]}',
            "Invalid filter pattern definition",
        ),
        (
            "",
            "FilterCriteria: {Filters: [{Pattern: 'no'}]}",
            "Invalid filter pattern definition",
        ),
        (
            "",
            "ScalingConfig: {MaximumConcurrency: 1}",
            "MaximumConcurrency is 1, less than 2",
        ),
    ],
)
def test_what_lambda_refuses_is_refused(
    queue: str, properties: str, message: str, folder: Any
) -> None:
    text = f"  Queue: {{Type: AWS::SQS::Queue, Properties: {{{queue}}}}}\n"
    (error,) = folder.errors(resources(text + FUNCTION + mapping(properties)))
    assert message in error


@pytest.mark.ours("a source that is not read is named")
@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (
            "arn:aws:kinesis:us-east-1:000000000000:stream/s",
            f"{MAPPING} for kinesis",
        ),
        (ARN + "elsewhere", MAPPING),
    ],
)
def test_a_source_that_is_not_ours_is_not_run(
    arn: str, expected: str, folder: Any
) -> None:
    text = mapping().replace("!GetAtt Queue.Arn", arn)
    application = folder.load(resources(FUNCTION + text))
    assert application.event_sources == ()
    assert [one.type for one in application.not_run] == [expected]
