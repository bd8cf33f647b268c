"""Requests of AWS's own protocols, without the sending.

SQS speaks AWS's JSON protocol 1.0, EventBridge 1.1, SNS the older one of forms and XML
(AWS API references). Stand-ins check no signature; what they read of one is the region
and the service.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from appsync_emulator.types import JSON

_JSON = {"sqs": ("AmazonSQS", "1.0"), "events": ("AWSEvents", "1.1")}
_SNS_VERSION = "2010-03-31"


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A POST to the root of a service's endpoint.

    Attributes:
        service: `sqs`, `sns` or `events`.
        action: such as `SendMessage`.
        body: text.
    """

    service: str
    action: str
    headers: Mapping[str, str]
    body: str

    def as_json(self) -> dict[str, JSON]:
        """Give it as JSON, for another process."""
        return {
            "service": self.service,
            "action": self.action,
            "headers": dict(self.headers),
            "body": self.body,
        }


def request(service: str, action: str, region: str, **given: Any) -> ServiceRequest:
    """Make a request.

    Args:
        service: `sqs`, `sns` or `events`.
        action: such as `SendMessage`.
        region: of the service.
        given: the action's parameters with AWS's names.
    """
    scope = f"emulator/20250101/{region}/{service}/aws4_request"
    signed = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    headers = {"Authorization": signed}
    if service in _JSON:
        target, version = _JSON[service]
        headers["Content-Type"] = f"application/x-amz-json-{version}"
        headers["X-Amz-Target"] = f"{target}.{action}"
        return ServiceRequest(service, action, headers, json.dumps(given))
    headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
    form = {"Action": action, "Version": _SNS_VERSION, **_flat(given)}
    return ServiceRequest(service, action, headers, urlencode(form))


def _flat(given: Mapping[str, Any]) -> dict[str, str]:
    """Write maps as forms do: `Attributes.entry.1.key`, or with Name and Value."""
    form: dict[str, str] = {}
    for name, value in given.items():
        if not isinstance(value, Mapping):
            form[name] = str(value)
            continue
        for number, (key, item) in enumerate(value.items(), start=1):
            entry = f"{name}.entry.{number}"
            if not isinstance(item, Mapping):
                form |= {f"{entry}.key": key, f"{entry}.value": str(item)}
                continue
            form[f"{entry}.Name"] = key
            form |= {f"{entry}.Value.{part}": str(text) for part, text in item.items()}
    return form
