import pytest
from graphql import parse_value

from appsync_emulator.schema.scalars import ScalarError
from appsync_emulator.schema.scalars.aws_timestamp import AWS_TIMESTAMP


@pytest.mark.aws_doc("devguide scalars: AWSTimestamp, range")
@pytest.mark.parametrize("value", [0, -1, 31556889864403199, -31557014167219200])
def test_seconds_of_the_documented_range_are_taken(value: int) -> None:
    assert AWS_TIMESTAMP.parse(value) == value
    assert AWS_TIMESTAMP.serialize(value) == value
    assert AWS_TIMESTAMP.parse_literal(parse_value(str(value))) == value


@pytest.mark.aws_doc("devguide scalars: AWSTimestamp, range")
@pytest.mark.parametrize("value", [31556889864403200, -31557014167219201, 1e30])
def test_seconds_out_of_range_are_refused(value: float) -> None:
    with pytest.raises(ScalarError):
        AWS_TIMESTAMP.parse(value)


@pytest.mark.ours("JavaScript and DynamoDB do not tell 5 from 5.0")
def test_whole_doubles_are_integers() -> None:
    assert repr(AWS_TIMESTAMP.serialize(1.7e9)) == "1700000000"


@pytest.mark.aws_observed("amplify-js #5963: a date in an AWSTimestamp field")
def test_the_message_is_appsyncs() -> None:
    with pytest.raises(ScalarError) as refused:
        AWS_TIMESTAMP.serialize("2020-01-01T00:00:00Z")
    expected = "Unable to serialize `2020-01-01T00:00:00Z` as a valid timestamp."
    assert str(refused.value) == expected


@pytest.mark.ours("the scalar is documented as an integer")
@pytest.mark.parametrize("value", ["5", True, 1.5, [1], {}])
def test_other_values_are_refused(value: object) -> None:
    with pytest.raises(ScalarError):
        AWS_TIMESTAMP.parse(value)
    with pytest.raises(ScalarError):
        AWS_TIMESTAMP.serialize(value)


@pytest.mark.ours("the scalar is documented as an integer")
@pytest.mark.parametrize("literal", ['"5"', "5.0", "true", "9" * 5000])
def test_other_literals_are_refused(literal: str) -> None:
    with pytest.raises(ScalarError):
        AWS_TIMESTAMP.parse_literal(parse_value(literal))
