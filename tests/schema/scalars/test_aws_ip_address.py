import pytest

from appsync_emulator.schema.scalars import ScalarError
from appsync_emulator.schema.scalars.aws_ip_address import AWS_IP_ADDRESS


@pytest.mark.aws_doc("devguide scalars: AWSIPAddress, IPv4, IPv6, CIDR")
@pytest.mark.parametrize(
    "text",
    [
        "123.12.34.56",
        "127.0.0.1/8",
        "1a2b:3c4b::1234:4567",
        "::1/128",
        "::ffff:1.2.3.4",
    ],
)
def test_addresses_and_blocks_are_taken(text: str) -> None:
    assert AWS_IP_ADDRESS.parse(text) == text
    assert AWS_IP_ADDRESS.serialize(text) == text


@pytest.mark.ours("RFC 4291 and RFC 4632; AWS documents IPv6 without brackets")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "256.0.0.1",
        "1.2.3",
        "127.0.0.1/33",
        "::1/129",
        "127.0.0.1/255.0.0.0",
        "[::1]",
        "fe80::1%eth0",
        "1.2.3.4 ",
        "localhost",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ScalarError):
        AWS_IP_ADDRESS.parse(text)
