"""`AWSIPAddress`: IPv4 or IPv6, alone or with a prefix length (`127.0.0.1/8`)."""

import ipaddress
import re

from appsync_emulator.schema.scalars.checked import checked_string

FORM = re.compile(r"[0-9A-Fa-f.:]+(?:/[0-9]{1,3})?")


def valid(text: str) -> bool:
    """Tell whether `text` is an address or a block in CIDR notation."""
    if FORM.fullmatch(text) is None:
        return False
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return True


def valid_address(text: str) -> bool:
    """Tell whether `text` is an address without a prefix length."""
    return "/" not in text and valid(text)


AWS_IP_ADDRESS = checked_string(
    "AWSIPAddress",
    "An IPv4 or IPv6 address, with or without a CIDR prefix length.",
    valid,
    "a valid IP address",
)
