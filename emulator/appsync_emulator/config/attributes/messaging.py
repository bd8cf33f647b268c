"""Return values of AWS::SQS, AWS::SNS and AWS::Events types (template reference)."""

from collections.abc import Callable

from appsync_emulator.config.attributes.kind import Attribute, Kind
from appsync_emulator.config.ids import stable_uuid
from appsync_emulator.config.template.resource import Resource

_FIFO = ".fifo"


def _named(name: str, flag: str, limit: int) -> Callable[[Resource], str]:
    """Make what gives a name, with the ending that FIFO queues and topics have."""

    def named(resource: Resource) -> str:
        fifo = (resource.text(flag) or "").lower() == "true"
        said = resource.text(name)
        if said or not fifo:
            return said or resource.name(limit=limit)
        return resource.name(limit=limit - len(_FIFO)) + _FIFO

    return named


queue_name = _named("QueueName", "FifoQueue", 80)
topic_name = _named("TopicName", "FifoTopic", 256)


def bus_name(resource: Resource) -> str:
    """Give the name of an event bus."""
    return resource.name("Name")


def _arn(service: str, path: str, name: Callable[[Resource], str]) -> Attribute:
    return lambda resource: resource.pseudo.arn(service, path.format(name(resource)))


queue_arn = _arn("sqs", "{}", queue_name)
topic_arn = _arn("sns", "{}", topic_name)
_bus_arn = _arn("events", "event-bus/{}", bus_name)


def queue_url(resource: Resource) -> str:
    """Give the URL of a queue, at the emulator's own SQS when there is one."""
    pseudo = resource.pseudo
    base = resource.endpoints.service_url("sqs")
    if base is None:
        base = f"https://sqs.{pseudo.region}.{pseudo.url_suffix}"
    return f"{base}/{pseudo.account_id}/{queue_name(resource)}"


def _subscription_arn(resource: Resource) -> str:
    topic = resource.text("TopicArn") or ""
    unique = stable_uuid(resource.pseudo.stack_name, resource.logical_id)
    return f"{topic}:{unique}"


KINDS = {
    "AWS::SQS::Queue": Kind(
        ref=queue_url,
        attributes={
            "Arn": queue_arn,
            "QueueName": queue_name,
            "QueueUrl": queue_url,
        },
        complete=True,
    ),
    "AWS::SNS::Topic": Kind(
        ref=topic_arn,
        attributes={"TopicArn": topic_arn, "TopicName": topic_name},
        complete=True,
    ),
    "AWS::SNS::Subscription": Kind(
        ref=_subscription_arn, attributes={"Arn": _subscription_arn}, complete=True
    ),
    "AWS::Events::EventBus": Kind(
        ref=bus_name, attributes={"Arn": _bus_arn, "Name": bus_name}, complete=True
    ),
}
