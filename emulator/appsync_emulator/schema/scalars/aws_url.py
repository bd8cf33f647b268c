"""`AWSURL`: a URL with a scheme.

AWS documents that any scheme is allowed (with `mailto:` as an example), that a scheme
is required and that the path may not contain `//`; hosts such as `localhost` were seen
to pass. These are the rules of Apache's commons-validator with local URLs and all
schemes, so its grammar of authority and path is followed where AWS says nothing; its
list of top-level domains is not, because it ages.
"""

import re

from appsync_emulator.schema.scalars.aws_ip_address import valid_address
from appsync_emulator.schema.scalars.checked import checked_string

PARTS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):"
    r"(?://(?P<authority>[^/?#]*))?"
    r"(?P<path>[^?#]*)"
    r"(?:\?(?P<query>[^#]*))?"
    r"(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
USER = r"[A-Za-z0-9\-._~!$&'()*+,;=%]+"
AUTHORITY = re.compile(
    rf"(?:{USER}(?::[A-Za-z0-9\-._~!$&'()*+,;=%]*)?@)?"
    r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:@\[\]]+))"
    r"(?::(?P<port>[0-9]{1,5}))?"
)
PATH = re.compile(r"(?:/[-\w:@&?=+,.!/~*'%$_;()]*)?")
OPAQUE = re.compile(r"[-\w:@&=+,.!/~*'%$_;()]+")
LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
NUMERIC = re.compile(r"[0-9.]+")
HIGHEST_PORT = 65535


def valid(text: str) -> bool:
    """Tell whether `text` is a URL."""
    parts = PARTS.fullmatch(text)
    if parts is None or re.search(r"\s", parts["query"] or "") is not None:
        return False
    authority, path = parts["authority"], parts["path"]
    if authority is None:
        # mailto:, urn:, tel: and the like have no host.
        return OPAQUE.fullmatch(path) is not None and "//" not in path
    if parts["scheme"].lower() == "file" and not authority:
        return _valid_path(path)
    return _valid_authority(authority) and _valid_path(path)


def _valid_authority(authority: str) -> bool:
    match = AUTHORITY.fullmatch(authority)
    if match is None or int(match["port"] or 0) > HIGHEST_PORT:
        return False
    if match["ipv6"]:
        return ":" in match["ipv6"] and valid_address(match["ipv6"])
    host = match["host"].removesuffix(".")
    if NUMERIC.fullmatch(host):
        return valid_address(host)
    return all(LABEL.fullmatch(label) for label in host.split("."))


def _valid_path(path: str) -> bool:
    if PATH.fullmatch(path) is None or "//" in path:
        return False
    depth = 0
    for segment in path.split("/")[1:]:
        depth += {"..": -1, ".": 0, "": 0}.get(segment, 1)
        if depth < 0:
            return False
    return True


AWS_URL = checked_string(
    "AWSURL", "A URL with a scheme (RFC 1738).", valid, "a valid URL"
)
