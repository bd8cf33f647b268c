"""What a deployment adds to a template: where it goes and with which values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Deployment:
    """The circumstances under which templates are evaluated.

    Attributes:
        base_url: where the emulator is reached over HTTP, without a path.
        realtime_url: where it is reached over WebSocket, without a path.
        region: the value of `AWS::Region`.
        account_id: the value of `AWS::AccountId`.
        stack_name: the value of `AWS::StackName`; the name of the template's folder
            when empty.
        parameters: values for the templates' parameters, by name. The name of an export
            may stand here too; it is used when no template of the call exports it.
        endpoints: where AWS services are, by their names (`sqs`), without a slash at
            the end; at AWS when they are not here.
        api_keys: the i-th one replaces the i-th key of the application.
        layers: where layers from elsewhere are on this machine, by ARN or name.
    """

    base_url: str = "http://localhost:20002"
    realtime_url: str = "ws://localhost:20002"
    region: str = "us-east-1"
    account_id: str = "000000000000"
    stack_name: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    endpoints: Mapping[str, str] = field(default_factory=dict)
    api_keys: tuple[str, ...] = ()
    layers: Mapping[str, str] = field(default_factory=dict)
